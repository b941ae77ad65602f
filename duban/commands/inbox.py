"""`inbox`: the mails that came in, what came of each, and those that wait for a person."""

from datetime import datetime
from pathlib import Path

import click

from duban.console import (
    HOME_ZONE,
    as_json,
    by_option,
    in_words,
    language,
    now_option,
    put_json,
    say,
    table,
)
from duban.desk import Desk, desk
from notifications.incoming.reading import read_mail
from office import inbox as receiving
from office import mailboxes
from office.ledger import find_mail, list_mails
from responsibilities.words import Words
from storage.blobs import Blobs
from storage.inbox import Message, MessageState

STATES = {
    MessageState.STORED: Words("待处理", "waiting"),
    MessageState.HELD: Words("待确认", "held"),
    MessageState.SETTLED: Words("已处理", "settled"),
    MessageState.DECLINED: Words("不予计入", "declined"),
}


@click.command(
    help=say(
        "来信：不带编号时列出待确认的，--all 列出全部；带编号时显示一封，可接收或不接收。",
        "Mails that came in: a list of those that wait, or one by its number, to take or decline.",
    )
)
@click.argument("number", required=False, type=int, metavar=say("[编号]", "[NUMBER]"))
@click.option("--all", "every", is_flag=True, help=say("全部来信", "not only those that wait"))
@click.option("--limit", default=40, show_default=True, help=say("最多条数", "at most"))
@click.option("--raw", is_flag=True, help=say("原始邮件", "the exact bytes"))
@click.option("--accept", is_flag=True, help=say("接收：按所答事项办理", "it counts"))
@click.option("--decline", is_flag=True, help=say("不接收：不予计入，原信保留", "it does not"))
@click.option("--task", help=say("接收为此督办事项的回复", "the task it answers"))
@click.option("--restore", metavar="MAILBOX", help=say("邮箱已恢复，信函照送", "it works again"))
@by_option
@now_option
@as_json
@click.pass_obj
def inbox(
    home: Path, number: int | None, every: bool, limit: int, raw: bool, accept: bool,
    decline: bool, task: str | None, restore: str | None, by: str, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    if (number is None and (raw or accept or decline)) or (accept and decline):
        raise click.UsageError(
            say("请指明一封来信的编号和一项操作", "name one mail by its number, and one act")
        )
    with desk(home) as at:
        if restore is not None:
            mailboxes.restore(at.db, restore, by=by, now=now)
            click.echo(say(f"信函照常送 {restore}。", f"Letters go to {restore} again."))
        elif number is None:
            _list(list_mails(at.db, held_only=not every, limit=limit), as_json)
        elif accept:
            blobs = Blobs(at.settings.blobs)
            dealt = receiving.accept(
                at.db, blobs, number, at.settings.mail, by=by, now=now, task=task
            )
            click.echo(in_words(dealt.why))
        elif decline:
            receiving.decline(at.db, number, by=by, now=now)
            click.echo(say(f"来信 {number} 不予计入，原信保留。", f"Mail {number} is declined."))
        else:
            _show(at, find_mail(at.db, number), raw, as_json)


_HEAD = [
    say(*pair)
    for pair in (
        ("编号", "no."),
        ("时间", "at"),
        ("状态", "state"),
        ("发件人", "from"),
        ("主题", "subject"),
        ("结果", "outcome"),
    )
]


def _list(found: tuple[Message, ...], as_json: bool) -> None:
    if as_json:
        put_json("mails", [_json(one) for one in found])
    elif found:
        click.echo(table(_HEAD, [_row(one) for one in found]))
    else:
        click.echo(say("没有待确认的来信。", "No mail waits."))


def _row(one: Message) -> tuple[str, ...]:
    at = one.arrived_at.astimezone(HOME_ZONE)
    state = STATES[one.state].in_(language())
    return (str(one.id), f"{at:%Y-%m-%d %H:%M}", state, one.sender, one.subject, one.why)


def _json(one: Message) -> dict[str, object]:
    return {
        "number": one.id,
        "at": one.arrived_at.isoformat(),
        "state": one.state.value,
        "verdict": one.verdict,
        "why": one.why,
        "from": one.sender,
        "subject": one.subject,
        "task": one.task,
        "sha256": one.sha256,
        "size": one.size,
    }


def _show(at: Desk, one: Message, raw: bool, as_json: bool) -> None:
    """What it is, and the answer in it without what it quotes."""
    data = Blobs(at.settings.blobs).get(one.sha256)
    if raw:
        click.echo(data, nl=False)
        return
    incoming = read_mail(data)
    if as_json:
        put_json("mail", {**_json(one), "answer": incoming.answer, "trimmed": incoming.trimmed_by})
        return
    for label, value in zip(_HEAD, _row(one), strict=True):
        click.echo(f"{label}: {value}")
    click.echo(f"SHA-256: {one.sha256}")
    for file in incoming.files:
        click.echo(say("附件", "attached") + f": {file.name} ({len(file.data):,} B)")
    click.echo(f"\n{incoming.answer}")
