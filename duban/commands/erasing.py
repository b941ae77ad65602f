"""`erase`: destroy what stands of a person or a case; the record keeps its proofs."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from duban.console import as_json, now_option, put_json, say
from duban.desk import Desk, desk
from office import erase as erasing
from office.erase import Erased, Found, Wanted, places_of
from responsibilities.words import Refused, Words
from storage.blobs import Blobs


@click.command(
    "erase",
    help=say(
        "删除一个人或一案的个人信息和文字：先显示将删除什么，加 --yes 才删除。"
        "记录一个字节不变，证明照常成立。",
        "Erase a person or a case: shows what would go, and does it with --yes. Not a byte of the "
        "record changes and every proof still holds.",
    ),
)
@click.argument("case", required=False, metavar=say("事件号或事项号", "INCIDENT-OR-TASK"))
@click.option(
    "--person", multiple=True,
    help=say("姓名、邮箱或号码，可写多个", "a name, address or number; may be repeated"),
)  # fmt: skip
@click.option("--files", is_flag=True, help=say("连同佐证材料", "with the evidence"))
@click.option("--reason", default="", help=say("理由，不写姓名", "why, without the name"))
@click.option("--by", default="办公室", help=say("经办", "who does it"))
@click.option("--yes", is_flag=True, help=say("确认删除", "do it"))
@now_option
@as_json
@click.pass_obj
def erase(
    home: Path, case: str | None, person: tuple[str, ...], files: bool, reason: str, by: str,
    yes: bool, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    if bool(case) == bool(person):
        raise Refused(
            Words("请写一个事件号或事项号，或用 --person 写人。", "Name a case, or a --person.")
        )
    wanted = Wanted(person, case or "", files)
    with desk(home) as at:
        if not yes:
            _preview(erasing.look_for(at.db, Blobs(at.settings.blobs), wanted), as_json)
            return
        done = _erased(at, wanted, reason, by, now)
    if as_json:
        put_json("erased", asdict(done))
        return
    click.echo(
        say(
            f"已删除 {done.values} 项内容，清空 {done.letters} 封信函，删除 {done.files} 个文件。",
            f"Erased {done.values} values, emptied {done.letters} letters, deleted "
            f"{done.files} files.",
        )
    )
    if done.waiting:
        click.echo(
            say(
                f"还有 {done.waiting} 封信函或来信未发出、未处理，办完后请再运行一次。",
                f"{done.waiting} letters or mails still wait: run it again once they are done.",
            )
        )


def _erased(at: Desk, wanted: Wanted, reason: str, by: str, now: datetime) -> Erased:
    return erasing.erase(at.db, places_of(at.settings), wanted, reason, by=by, now=now)


def _preview(found: Found, as_json: bool) -> None:
    values, letters, files = len(found.commitments), len(found.letters), len(found.files)
    if as_json:
        put_json("would_erase", {"values": values, "letters": letters, "files": list(found.files)})
        return
    click.echo(
        say(
            f"将删除 {values} 项内容，清空 {letters} 封信函，删除 {files} 个文件；确认请加 --yes。",
            f"{values} values, {letters} letters and {files} files would go; add --yes.",
        )
    )
