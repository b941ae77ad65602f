"""`pack` and `verify`: evidence to take away, and the check that needs nobody's word."""

from datetime import date, datetime
from pathlib import Path

import click

from duban.commands.acts import WHEN
from duban.commands.ledger import unit_id
from duban.console import Exit, as_json, language, now_option, on_terminal, put_json, say
from duban.desk import desk
from flows.sealing import sealed
from inspections import verify as verifier
from office.dossier import About, make_dossier
from office.owed import check_owed
from office.pack import Scope, make_pack
from office.workplace import all_in_force
from storage.blobs import Blobs
from storage.engine import reading


@click.command(
    help=say(
        "证据包：签名至今，连同全部办理记录和范围内的材料写成一个 zip，可在任何电脑上核验。",
        "A pack of evidence: the signed record and the files in scope as one zip that any "
        "computer can verify.",
    )
)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="ZIP")
@click.option("--plan", help=say("只含此方案", "this plan only"))
@click.option("--unit", help=say("只含此单位", "this unit only"))
@click.option("--duty", help=say("只含此职责", "this duty only"))
@click.option("--since", type=WHEN, help=say("截止日期自", "due from"))
@click.option("--until", type=WHEN, help=say("截止日期至", "due until"))
@now_option
@as_json
@click.pass_obj
def pack(
    home: Path, target: Path, plan: str | None, unit: str | None, duty: str | None,
    since: date | None, until: date | None, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    with desk(home) as at:
        with reading(at.db) as connection:
            units = [u for place in all_in_force(connection).values() for u in place.plan.units]
        scope = Scope(plan, unit and unit_id(units, unit), duty, since, until)
        sealed(at.settings, at.db, now)
        blobs = Blobs(at.settings.blobs)
        holding = (at.settings.mail, at.settings.record.mailboxes)
        done = make_pack(at.db, blobs, scope, target.absolute(), _progress, holding=holding)
    if on_terminal():
        click.echo("\r", nl=False, err=True)
    if as_json:
        put_json(
            "pack",
            {
                "file": str(target),
                "tasks": done.tasks,
                "files": done.files,
                "facts": done.facts,
                "sha256": done.sha256,
            },
        )
        return
    click.echo(
        say(
            f"已写入 {target}：{done.tasks} 个事项、{done.files} 份材料、{done.facts} 条记录。\n"
            f"SHA-256 {done.sha256}",
            f"{target}: {done.tasks} tasks, {done.files} files, {done.facts} facts.\n"
            f"SHA-256 {done.sha256}",
        )
    )


@click.command(
    help=say(
        "倒查卷宗：一个事件、一个单位至某日应当办的、已通知的、已报送的和已审核的，写成一个 zip，"
        "与证据包一样核验；其后的一概不收。",
        "A dossier of an incident or a unit as of a day: required, told, handed in and decided, as "
        "a zip that verifies like a pack; nothing later is in it.",
    )
)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path), metavar="ZIP")
@click.option("--incident", metavar="E2026-0001", help=say("事件编号", "the incident"))
@click.option("--unit", help=say("单位", "the unit"))
@click.option("--as-of", type=WHEN, help=say("截至哪一日；缺省为现在", "the day; now without it"))
@now_option
@click.pass_obj
def dossier(
    home: Path, target: Path, incident: str | None, unit: str | None, as_of: date | None,
    now: datetime,
) -> None:  # fmt: skip
    if not incident and not unit:
        raise click.UsageError(say("请给出 --incident 或 --unit", "give --incident or --unit"))
    with desk(home) as at:
        with reading(at.db) as connection:
            units = [u for place in all_in_force(connection).values() for u in place.plan.units]
        sealed(at.settings, at.db, now)
        about = About(incident, unit and unit_id(units, unit), as_of)
        blobs = Blobs(at.settings.blobs)
        done = make_dossier(at.db, blobs, about, target.absolute(), now, seen=_progress)
    if on_terminal():
        click.echo("\r", nl=False, err=True)
    click.echo(
        say(
            f"已写入 {target}：{done.tasks} 个事项、{done.files} 份材料、{done.facts} 条记录。\n"
            f"SHA-256 {done.sha256}",
            f"{target}: {done.tasks} tasks, {done.files} files, {done.facts} facts.\n"
            f"SHA-256 {done.sha256}",
        )
    )


@click.command(
    help=say(
        "核验证据包：清单、办理记录与检查点、签名、材料；--mail 与存档信函中的校验码核对。",
        "Verify a pack: manifests, record and head, signature, files; --mail compares saved mails.",
    )
)
@click.argument("path", type=click.Path(exists=True, path_type=Path), metavar=say("证据包", "PACK"))
@click.option("--key", default="", help=say("方案附件所印的公钥", "the key as printed"))
@click.option(
    "--mail", "mails", multiple=True, type=click.Path(exists=True, dir_okay=False),
    help=say("存档的信函", "a saved mail"),
)  # fmt: skip
@click.option(
    "--print", "prints", multiple=True, metavar=say("短码", "PRINT"),
    help=say("纸上所印的检查点", "a checkpoint printed on paper"),
)  # fmt: skip
@click.option("--witness", default="", help=say("见证单位的公钥", "the witness's key"))
@as_json
def verify(
    path: Path, key: str, mails: tuple[str, ...], prints: tuple[str, ...], witness: str,
    as_json: bool,
) -> int:  # fmt: skip
    found = verifier.verify(str(path), key, mails, prints, witness)
    if all(one.good for one in found):  # what is to be recomputed from is what was signed
        found += check_owed(verifier.Pack(str(path)))
    if as_json:
        english = language() == "en"
        put_json(
            "findings",
            [{"good": f.good, "property": f.property, "said": f.words[english]} for f in found],
        )
    else:
        click.echo(verifier.report(found, language() == "en"))
    return Exit.OK if all(one.good for one in found) else Exit.FOUND


def _progress(written: int) -> None:
    """How much has been written, for a person who waits."""
    if on_terminal():
        click.echo(f"\r{written / 1e6:,.0f} MB", nl=False, err=True)
