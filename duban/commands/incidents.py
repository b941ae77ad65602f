"""Incidents by hand: report one, mark a later moment, put right what was wrong, see where it is."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy import Engine

from duban.commands.acts import WHEN, instant_of, pairs
from duban.console import as_json, by_option, in_words, now_option, put_json, say, table
from duban.desk import desk
from inspections.fact_words import KINDS
from inspections.lateness import VERDICT_WORDS, Judged, say_delay
from office import correct_incident, report_incident
from office.correct_incident import TIMES
from office.incident_file import IncidentFile, incident
from office.matters import matter, number_of, title_of, unit_name
from office.report_incident import LateEntry
from office.workplace import InForce, only_plan
from responsibilities.calendars.clock import Clock
from responsibilities.tasks import Event, Task
from storage import events
from storage.engine import reading


@click.command(
    help=say(
        "报告事件：WHAT 为事件类型，随即开启应办事项；或为事件编号：不带选项列出各时点和各次报告"
        "是否按时，--mark 登记结案等时间，--correct 更正（原值保留）。"
        "补录须写 --reason 和 --second-signer。",
        "Report an incident: WHAT is its type. With the number of a known one: show its clocks and "
        "whether each report was in time; --mark a moment; --correct a value (both are kept).",
    )
)
@click.argument("what", metavar="WHAT")
@click.option("--unit", help=say("事发单位", "the unit it happened at"))
@click.option("--field", "fields", multiple=True, help=say("字段=值", "field=value"))
@click.option("--happened", type=WHEN, help=say("发生时间", "when it happened"))
@click.option("--known", type=WHEN, help=say("知悉时间（默认现在）", "when it was known"))
@click.option("--phoned", type=WHEN, help=say("首报已于此时电话报告", "when it was phoned first"))
@click.option("--mark", "marked", help=say("登记时间点，如 结案", "a later moment, by its name"))
@click.option("--at", "at_", type=WHEN, help=say("该时间点的时间", "the time of that moment"))
@click.option(
    "--correct", multiple=True, help=say("更正 字段=值（发生、知悉写时间）", "field=right value")
)
@click.option("--reason", default="", help=say("补录或更正的理由", "why so late, or corrected"))
@click.option("--second-signer", default="", help=say("第二签字人", "who signs beside"))
@click.option("--plan", help=say("方案编号（有多个方案时）", "the plan, where there are several"))
@by_option
@now_option
@as_json
@click.pass_obj
def report(
    home: Path, what: str, unit: str | None, fields: Sequence[str], happened: date | None,
    known: date | None, phoned: date | None, marked: str | None, at_: date | None,
    correct: Sequence[str], reason: str, second_signer: str, plan: str | None, by: str,
    now: datetime, as_json: bool,
) -> None:  # fmt: skip
    with desk(home) as at:
        place = _place(at.db, what, plan)
        clock = place.clock
        if correct:
            given = _corrections(correct, clock)
            right = correct_incident.correct(at.db, what, given, reason, by=by, now=now)
            _opened(at.db, right.event, right.tasks, len(right.new), as_json)
            _no_longer(right.untouched, clock, as_json)
        elif marked:
            moment = instant_of(clock, at_) or now
            done = report_incident.mark(at.db, what, marked, moment, by, now)
            _opened(at.db, done.event, done.tasks, len(done.new), as_json)
        elif unit is not None:
            late = LateEntry(reason, second_signer, instant_of(clock, phoned))
            done = report_incident.report(
                at.db, place.plan.id, what, unit, pairs(fields, "--field"),
                instant_of(clock, happened), instant_of(clock, known) or now, now, by,
                late if phoned or reason or second_signer else None,
            )  # fmt: skip
            _opened(at.db, done.event, done.tasks, len(done.new), as_json)
        elif any(what in (kind.id, kind.name) for kind in place.plan.event_types):
            raise click.UsageError(say("请用 --unit 写明事发单位", "name the unit with --unit"))
        else:
            _show(incident(at.db, what, now), place, as_json)


def _place(db: Engine, what: str, plan: str | None) -> InForce:
    """The plan of a known event; else the one that is named, or the only one."""
    with reading(db) as connection:
        known = events.by_id(connection, what)
        return only_plan(connection, known.plan if known else plan)


def _corrections(given: Sequence[str], clock: Clock) -> dict[str, str | datetime]:
    found: dict[str, str | datetime] = {}
    for name, value in pairs(given, "--correct").items():
        if name not in TIMES:
            found[name] = value
            continue
        at = instant_of(clock, WHEN.convert(value, None, None))
        assert at is not None
        found[name] = at
    return found


def _opened(db: Engine, event: Event, tasks: Sequence[Task], new: int, as_json: bool) -> None:
    if as_json:
        keys = [task.key for task in tasks]
        put_json("event", {"id": event.id, "type": event.type, "unit": event.unit, "tasks": keys})
        return
    click.echo(say(f"事件 {event.id}：开启 {new} 个事项。", f"{event.id}: {new} tasks opened."))
    with reading(db) as connection:
        for about in (matter(connection, task) for task in tasks):
            task, clock = about.task, about.clock
            number, unit = number_of(task, clock), unit_name(about.place, task.unit)
            title = title_of(task, about.promise, about.place)
            until = say("截止", "due") + f" {clock.local(task.due_at):%F %R}"
            click.echo(f"  {number}　{title}　{unit}　{until}")


def _no_longer(untouched: Sequence[Task], clock: Clock, as_json: bool) -> None:
    if untouched and not as_json:
        numbers = "、".join(number_of(task, clock) for task in untouched)
        click.echo(
            say(
                f"更正后触发条件已不成立，仍予保留，无须办理的请免办：{numbers}",
                f"No longer called for, but kept; waive them if so decided: {numbers}",
            )
        )


def _show(found: IncidentFile, place: InForce, as_json: bool) -> None:
    if as_json:
        put_json("incident", _as_data(found))
        return
    local = place.clock.local
    click.echo(f"{found.event.id}　{found.type_name}　{found.unit_name}")
    for name, at in found.clocks.items():
        click.echo(f"  {name}　{at:%F %R}")
    head = (say("报告", "Report"), say("单位", "Unit"), say("时限", "Due"), say("报告时间", "Made"),
            say("结论", "Verdict"))  # fmt: skip
    rows = [
        (
            one.asked.name, one.asked.unit, f"{local(one.asked.due_at):%F %R}",
            _made(one, place), _verdict(one),
        )
        for one in found.reports
    ]  # fmt: skip
    click.echo(table(head, rows))
    for fact in found.facts:
        click.echo(
            f"  {local(fact.at):%F %R}　{in_words(KINDS[fact.kind])}　{fact.by}{_told(fact.body)}"
        )


def _made(one: Judged, place: InForce) -> str:
    if one.reported_at is None:
        return ""
    phone = say("（电话）", " (phone)") if one.by_phone else ""
    return f"{place.clock.local(one.reported_at):%F %R}{phone}"


def _verdict(one: Judged) -> str:
    word = in_words(VERDICT_WORDS[one.verdict])
    return f"{word} {in_words(say_delay(one.late_by))}" if one.late_by else word


def _told(body: object) -> str:
    """What a correction changed, and why something was entered late."""
    assert isinstance(body, dict)
    parts = [
        say(f"{c['field']} 已更正（不公开）", f"{c['field']} corrected (withheld)")
        if "withheld" in c
        else f"{c['field']}：{c['from']} → {c['to']}"
        for c in body.get("changes", ())
    ]
    if body.get("reason"):
        parts.append(say(f"理由：{body['reason']}", f"reason: {body['reason']}"))
    if body.get("second_signer"):
        parts.append(
            say(f"第二签字人：{body['second_signer']}", f"second signer: {body['second_signer']}")
        )
    return "".join(f"　{part}" for part in parts)


def _as_data(found: IncidentFile) -> dict[str, object]:
    return {
        "id": found.event.id,
        "type": found.event.type,
        "unit": found.event.unit,
        "clocks": {name: at.isoformat() for name, at in found.clocks.items()},
        "entered_after_minutes": int(found.entered_after.total_seconds() // 60),
        "reports": [
            {
                "task": one.asked.task,
                "name": one.asked.name,
                "due_at": one.asked.due_at.isoformat(),
                "reported_at": one.reported_at.isoformat() if one.reported_at else None,
                "by_phone": one.by_phone,
                "late_minutes": int(one.late_by.total_seconds() // 60),
                "verdict": one.verdict.value,
            }
            for one in found.reports
        ],
    }
