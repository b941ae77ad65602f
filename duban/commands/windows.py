"""`window`: the office opens, extends and closes a time that no plan can know (敏感时期)."""

from datetime import UTC, date, datetime
from pathlib import Path

import click

from duban.commands.acts import WHEN, instant_of
from duban.console import as_json, by_option, now_option, put_json, say, table
from duban.desk import desk
from office.windows import close_window, extend_window, is_open, open_window, windows_of
from office.workplace import only_plan
from responsibilities.calendars.clock import Clock
from responsibilities.windows import Span
from storage.engine import reading
from storage.instants import text


@click.command(
    help=say(
        "时期（如敏感时期）：不带名称列出各时期；--open 开始，--until 写明或改变结束时间，"
        "--close 结束。",
        "Run-time windows: list them; --open one, --until for its end, or --close it.",
    )
)
@click.argument("name", required=False, metavar=say("[时期]", "[NAME]"))
@click.option("--open", "opening", is_flag=True, help=say("自现在开始", "open it now"))
@click.option("--until", type=WHEN, help=say("至何时结束（未写则至宣布结束）", "until when"))
@click.option("--close", "closing", is_flag=True, help=say("现在结束", "close it now"))
@click.option("--reason", default="", help=say("理由", "the reason"))
@click.option("--plan", help=say("方案编号（有多个方案时）", "the plan, where there are several"))
@by_option
@now_option
@as_json
@click.pass_obj
def window(
    home: Path, name: str | None, opening: bool, until: date | None, closing: bool, reason: str,
    plan: str | None, by: str, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    if opening and closing:
        raise click.UsageError(say("--open 与 --close 只写一个", "either --open or --close"))
    with desk(home) as at:
        with reading(at.db) as connection:
            clock = only_plan(connection, plan).clock
        end = instant_of(clock, until)
        if name is not None and closing:
            close_window(at.db, plan, name, by=by, now=now, reason=reason)
        elif name is not None and opening:
            open_window(at.db, plan, name, by=by, now=now, until=end, reason=reason)
        elif name is not None and end is not None:
            extend_window(at.db, plan, name, end, by=by, now=now, reason=reason)
        known = windows_of(at.db, plan)
    rows = [(w.id, w.name, span) for w, spans in known for span in spans[-1:] or (None,)]
    if as_json:
        put_json("windows", [_data(id_, title, span, now) for id_, title, span in rows])
        return
    head = [say("时期", "window"), say("状态", "state"), say("自", "from"), say("至", "until")]
    click.echo(table(head, [_line(title, span, clock, now) for _, title, span in rows]))


def _data(id_: str, name: str, span: Span | None, now: datetime) -> dict[str, object]:
    return {
        "id": id_,
        "name": name,
        "open": span is not None and is_open(span, now.astimezone(UTC)),
        "opens": text(span.opens_at) if span else None,
        "closes": text(span.closes_at) if span and span.closes_at else None,
    }


def _line(name: str, span: Span | None, clock: Clock, now: datetime) -> list[str]:
    if span is None:
        return [name, say("从未开始", "never opened"), "", ""]
    state = say("进行中", "open") if is_open(span, now) else say("已结束", "closed")
    ends = clock.local(span.closes_at) if span.closes_at else None
    until = f"{ends:%Y-%m-%d %H:%M}" if ends else say("待宣布", "not said")
    return [name, state, f"{clock.local(span.opens_at):%Y-%m-%d %H:%M}", until]
