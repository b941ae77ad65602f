"""`mail`: the letters that left, and each as its reader sees it."""

from datetime import datetime
from pathlib import Path

import click

from duban.console import as_json, by_option, language, now_option, put_json, say, table
from duban.desk import desk
from office import brake, clockguard, ledger
from responsibilities.words import Refused, Words
from storage.engine import writing
from storage.outbox import LetterState, StoredLetter

STATES = {
    LetterState.PENDING: Words("待发", "waiting"),
    LetterState.SENDING: Words("发送中", "being sent"),
    LetterState.ACCEPTED: Words("已送出", "accepted"),
    LetterState.DEFERRED: Words("待重发", "deferred"),
    LetterState.REFUSED: Words("被拒", "refused"),
    LetterState.UNCERTAIN: Words("待查", "uncertain"),
    LetterState.CANCELLED: Words("已取消", "cancelled"),
}


@click.command(
    help=say(
        "已发信函：不带编号时列出，带编号时显示一封；--specimen 显示各类信函的样张；"
        "--release 恢复被暂停的发送。",
        "The letters: a list, or one by its number; --specimen shows a specimen of a kind; "
        "--release lets go on what was held back.",
    )
)
@click.argument("number", required=False, type=int, metavar=say("[编号]", "[NUMBER]"))
@click.option(
    "--html", type=click.Path(path_type=Path), help=say("网页版写入文件", "write the HTML")
)
@click.option("--raw", is_flag=True, help=say("原始邮件", "the exact bytes"))
@click.option("--limit", default=40, show_default=True, help=say("最多条数", "at most"))
@click.option("--before", type=int, help=say("从此编号往前（翻页）", "older than this number"))
@click.option("--to", help=say("收信岗位或地址包含", "to a post or address containing"))
@click.option(
    "--release",
    is_flag=True,
    help=say("确认无误，恢复发送", "all is in order: let the letters leave"),
)
@by_option
@now_option
@click.option("--specimen", help=say("信函类别，如 overdue", "a kind of letter, e.g. overdue"))
@as_json
@click.pass_obj
def mail(
    home: Path, number: int | None, html: Path | None, raw: bool, limit: int, before: int | None,
    to: str | None, specimen: str | None, release: bool, by: str, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    if release:
        _release(home, by, now)
        return
    if specimen is not None:
        _show(_specimen(specimen), html, raw)
        return
    with desk(home) as at:
        if number is not None:
            _show(ledger.letter_bytes(at.db, number), html, raw)
            return
        letters = ledger.list_letters(at.db, before=before, limit=limit if to is None else 100_000)
    chosen = [one for one in letters if to is None or to in one.to_name or to in one.recipient]
    if as_json:
        put_json("letters", [_json(one) for one in chosen[:limit]])
    elif chosen:
        click.echo(table(_HEAD, [_row(one) for one in chosen[:limit]]))
    else:
        click.echo(say("没有信函。", "No letters."))


def _release(home: Path, by: str, now: datetime) -> None:
    """The office's word that what was held back may go on."""
    from flows.installation import machine_ticks

    with desk(home) as at, writing(at.db) as connection:
        plans = brake.release(connection, by, now)
        clock = clockguard.release(connection, by, clockguard.Reading(now, *machine_ticks()))
    for plan in plans:
        click.echo(say(f"方案 {plan} 恢复发送。", f"The letters of {plan} may leave."))
    if clock:
        click.echo(say("时钟已确认，恢复办理。", "The clock is believed; all goes on."))
    if not (plans or clock):
        click.echo(say("没有被暂停的发送。", "Nothing was held back."))


_HEAD = [
    say(*pair)
    for pair in (
        ("编号", "no."),
        ("时间", "at"),
        ("状态", "state"),
        ("收信岗位", "to"),
        ("主题", "subject"),
    )
]


def _row(one: StoredLetter) -> tuple[str, ...]:
    from duban.console import HOME_ZONE

    at = (one.accepted_at or one.created_at).astimezone(HOME_ZONE)
    state = STATES[one.state].in_(language())
    return (str(one.id), f"{at:%Y-%m-%d %H:%M}", state, one.to_name, one.subject)


def _json(one: StoredLetter) -> dict[str, object]:
    return {
        "number": one.id,
        "message_id": one.message_id,
        "to": one.recipient,
        "post": one.to_name,
        "kind": one.kind,
        "subject": one.subject,
        "state": one.state.value,
        "attempts": one.attempts,
        "created_at": one.created_at.isoformat(),
        "accepted_at": one.accepted_at and one.accepted_at.isoformat(),
        "outcome": one.outcome,
    }


def _specimen(kind: str) -> bytes:
    from notifications.compose import compose
    from notifications.letters import KINDS
    from notifications.specimen import specimen

    if kind not in KINDS:
        listed = "、".join(KINDS)
        raise Refused(
            Words(
                f"没有这类信函“{kind}”，应为：{listed}。", f"Kinds of letters: {', '.join(KINDS)}."
            )
        )
    return compose(specimen(kind, language()))


def _show(message: bytes, html: Path | None, raw: bool) -> None:
    from email import message_from_bytes, policy

    if raw:
        click.echo(message, nl=False)
        return
    letter = message_from_bytes(message, policy=policy.default)
    if html is not None:
        page = letter.get_body(("html",))
        html.write_text(page.get_content() if page else "", encoding="utf-8")
    for header in ("Date", "From", "To", "Subject", "Message-ID"):
        click.echo(f"{header}: {letter[header]}")
    text = letter.get_body(("plain",))
    click.echo("\n" + (text.get_content() if text else ""))
