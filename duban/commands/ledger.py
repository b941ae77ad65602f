"""`tasks` and `show`: the ledger, one task's whole story, one duty's next dates."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from duban.commands.letters import STATES
from duban.console import as_json, in_words, language, now_option, put_json, say, table
from duban.desk import desk
from duban.record import say_fact
from office import ledger
from office.chains import taken_up
from office.duty_sheet import duty_sheet
from office.ledger import Detail, Row
from office.workplace import all_in_force
from responsibilities.calendars.clock import Clock
from responsibilities.glossary import GLOSSARY
from responsibilities.plan import Unit
from responsibilities.problem import did_you_mean
from responsibilities.tasks import Standing
from responsibilities.words import Refused, Words
from storage.engine import reading

LIGHTS = {
    Standing.ON_TRACK: "绿",
    Standing.DUE_SOON: "黄",
    Standing.OVERDUE: "红",
}
"""The colour as a sign beside the word, never alone."""


def standing_words(standing: Standing) -> str:
    """The standing as the glossary has it."""
    return in_words(GLOSSARY[standing.value.replace("_", "-")])


@click.command(
    help=say(
        "督办事项台账：默认列出未办结的事项，最新的在前。",
        "List tasks: those that are open, the newest first.",
    )
)
@click.option("--unit", help=say("单位名称", "of one unit"))
@click.option("--duty", help=say("职责编号", "of one duty"))
@click.option(
    "--standing", "standings", multiple=True, type=click.Choice([s.value for s in Standing]),
    help=say("状态", "by standing"),
)  # fmt: skip
@click.option("--all", "everything", is_flag=True, help=say("含已办结", "closed ones too"))
@click.option("--limit", default=200, show_default=True, help=say("最多条数", "at most"))
@click.option("--before", type=int, help=say("从此编号往前（翻页）", "older than this number"))
@now_option
@as_json
@click.pass_obj
def tasks(
    home: Path, unit: str | None, duty: str | None, standings: tuple[str, ...], everything: bool,
    limit: int, before: int | None, now: datetime, as_json: bool,
) -> None:  # fmt: skip
    wanted = frozenset(map(Standing, standings)) or None
    with desk(home) as at:
        with reading(at.db) as connection:
            units = [u for place in all_in_force(connection).values() for u in place.plan.units]
        rows = ledger.list_tasks(
            at.db, now, language(), unit=unit and unit_id(units, unit), duty=duty,
            open_only=not (everything or (wanted and wanted & _CLOSED)), standings=wanted,
            before=before, limit=limit,
        )  # fmt: skip
    if as_json:
        put_json("tasks", [_row_json(row) for row in rows])
    else:
        click.echo(_list(rows, now, limit))


_CLOSED = {Standing.DONE, Standing.DONE_LATE, Standing.WAIVED, Standing.LAPSED}


def unit_id(units: list[Unit], wanted: str) -> str:
    """The id of the unit that a person names; Refused with the nearest name."""
    for unit in units:
        if wanted in (unit.id, unit.name):
            return unit.id
    near = did_you_mean(wanted, [unit.name for unit in units])
    raise Refused(
        Words(
            f"没有单位“{wanted}”。{near.zh if near else ''}",
            f"There is no unit “{wanted}”. {near.en if near else ''}".strip(),
        )
    )


def _row_json(row: Row) -> dict[str, object]:
    return {
        "number": row.number,
        "key": row.task.key,
        "title": row.title,
        "unit": row.unit,
        "period": row.period,
        "standing": row.standing.value,
        "due_at": row.due_at.isoformat(),
        "original_due_at": row.original_due_at.isoformat(),
        "provisional": row.task.provisional,
        "late_by_system": row.task.late_by_system,
    }


def _list(rows: tuple[Row, ...], now: datetime, limit: int) -> str:
    if not rows:
        return say("没有符合条件的督办事项。", "No such tasks.")
    names = ("responsible-unit", "task", "period", "due")
    head = [say("编号", "number"), *(in_words(GLOSSARY[name]) for name in names)]
    head.append(say("状态", "standing"))
    lines = [
        (row.number, row.unit, row.title, row.period, _due(row, now), _light(row)) for row in rows
    ]
    late = sum(row.standing is Standing.OVERDUE for row in rows)
    count = say(f"共 {len(rows)} 项，逾期 {late} 项", f"{len(rows)} tasks, {late} overdue")
    if len(rows) >= limit:
        last = rows[-1].task.id
        count = say(
            f"列出最新的 {len(rows)} 项，其中逾期 {late} 项；更早的请加 --before {last}",
            f"the newest {len(rows)} tasks, {late} of them overdue; older ones: --before {last}",
        )
    return f"{table(head, lines)}\n\n{count}"


def _due(row: Row, now: datetime) -> str:
    """The year is said where it is not this one."""
    year = "" if row.due_at.year == now.astimezone(row.due_at.tzinfo).year else "%Y-"
    return row.due_at.strftime(f"{year}%m-%d %H:%M")


def _light(row: Row) -> str:
    light = LIGHTS.get(row.standing, "") if language() == "zh" else ""
    return f"{light + '·' if light else ''}{standing_words(row.standing)}"


@click.command(
    help=say(
        "WHAT 为事项编号：全部办理记录、材料和信函；或为职责编号：含义、阶梯和最近日期。",
        "WHAT is a task's number: its whole record; or a duty's id: its meaning and next dates.",
    )
)
@click.argument("what", metavar="WHAT")
@now_option
@as_json
@click.pass_obj
def show(home: Path, what: str, now: datetime, as_json: bool) -> None:
    with desk(home) as at:
        with reading(at.db) as connection:
            places = all_in_force(connection)
            chains = {
                plan: taken_up(connection, place, place.duties[what])
                for plan, place in places.items()
                if what in place.duties
            }
        for place in places.values():
            if what in place.duties:
                chain = chains[place.plan.id]
                sheet = duty_sheet(place, place.duties[what], now, language(), chain)
                if as_json:
                    put_json("duty", sheet)
                else:
                    click.echo(_duty(sheet))
                return
        detail = ledger.show_task(at.db, what, now, language())
        clock = places[detail.row.task.plan].clock
    if as_json:
        put_json("task", asdict(detail))
    else:
        click.echo("\n".join(_task(detail, clock)))


def _duty(sheet: dict[str, object]) -> str:
    lines = []
    for label, value in sheet.items():
        if isinstance(value, list):
            lines.append(f"{label}：")
            lines += [f"  {one}" for one in value]
        elif value:
            lines.append(f"{label}：{value}")
    return "\n".join(lines)


def _task(detail: Detail, clock: Clock) -> Iterator[str]:
    row = detail.row
    yield f"{row.number}　{row.title}"
    yield f"{row.unit}　{row.period}　{_light(row)}"
    yield say("办理时限", "due") + f"　{row.due_at:%Y-%m-%d %H:%M}" + _original(row)
    for section, quote in detail.basis:
        yield say("依据", "basis") + f"　{section}　“{quote}”"
    for line, there in detail.checklist:
        yield f"  {'✓' if there else '·'} {line}"
    if detail.covered:
        done, of = detail.covered
        missing = "、".join(detail.uncovered)
        yield say("覆盖", "covered") + f"　{done}/{of}" + (f"　{missing}" if missing else "")
    others = (
        (say("配合单位", "helped by"), detail.co_acting),
        (say("受托岗位", "delegates"), detail.delegates),
    )
    yield from (f"{label}　{said}" for label, said in others if said)
    if detail.next_step:
        yield say("下一步", "next") + f"　{detail.next_step}"
    yield ""
    yield say("办理记录", "record")
    for fact in detail.facts:
        yield f"  {clock.local(fact.at):%Y-%m-%d %H:%M}  {say_fact(fact, clock)}"
    yield ""
    yield say("信函", "letters")
    for letter in detail.letters:
        at = clock.local(letter.accepted_at or letter.created_at)
        state = in_words(STATES[letter.state])
        yield f"  {at:%Y-%m-%d %H:%M}  {state}  {letter.to_name}  {letter.subject}"


def _original(row: Row) -> str:
    if row.due_at == row.original_due_at:
        return ""
    before: date = row.original_due_at
    return say(f"（原定 {before:%Y-%m-%d %H:%M}）", f" (originally {before:%F %R})")
