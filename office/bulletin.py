"""The figures of a month's bulletin, counted from the record as of now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from sqlalchemy import Connection, Engine

from inspections.bulletin import Cases, MonthFigures, Overdue, Sum, UnitFigures, bulletin
from inspections.document import Document
from office.matters import number_of, unit_name
from office.report_incident import KNOWN
from office.workplace import InForce, only_plan, promise
from responsibilities.plan import EventType, FieldKind
from responsibilities.standing import is_late
from responsibilities.tasks import Event, FactKind, Task
from responsibilities.words import Refused, Words
from storage import events, facts, tasks
from storage.engine import reading

FEWER_THAN = 5
"""Counts of cases below this are withheld unless the office says otherwise."""
_COUNTED = (
    FactKind.OPENED, FactKind.SUBMITTED, FactKind.RETURNED, FactKind.ACCEPTED, FactKind.EXTENDED,
    FactKind.WAIVED, FactKind.LAPSED,
)  # fmt: skip
_LISTED = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What bulletin is wanted."""

    month: str = ""
    """2026-11; empty for the month before this one."""
    sums: frozenset[str] = frozenset()
    """Fields to add up, as in `summable`: a plan's numbers are not all amounts."""
    fewer_than: int = FEWER_THAN


def draft_bulletin(db: Engine, plan: str | None, asked: Asked, now: datetime) -> Document:
    """The draft for the month; Refused for what is no month, or has not begun."""
    with reading(db) as connection:
        place = only_plan(connection, plan)
        return bulletin(_figures(connection, place, asked, now), asked.fewer_than)


def month_asked(place: InForce, month: str, now: datetime) -> date:
    """The first day of the month; Refused where it is none or lies ahead."""
    today = place.clock.day(now)
    before = today.year * 12 + today.month - 2
    wanted = month or f"{before // 12:04d}-{before % 12 + 1:02d}"
    try:
        first = date.fromisoformat(f"{wanted}-01")
    except ValueError:
        first = date.max
    if first > today:
        raise Refused(
            Words(
                f"“{month}”不是已开始的月份，应写作 2026-11。",
                f"“{month}” is no month that has begun; write 2026-11.",
            )
        )
    return first


def summable(db: Engine, plan: str | None) -> Mapping[str, str]:
    """The number fields of incidents: `fire.size` -> 火情：过火面积."""
    with reading(db) as connection:
        place = only_plan(connection, plan)
    return {
        f"{kind.id}.{field.id}": f"{kind.name}：{field.name}"
        for kind in _kinds(place)
        for field in kind.fields
        if field.kind is FieldKind.NUMBER
    }


def _kinds(place: InForce) -> list[EventType]:
    """Incidents only: no activities, and nothing that an inspection found."""
    return [kind for kind in place.plan.event_types if not kind.ahead and not kind.finding]


def _figures(connection: Connection, place: InForce, asked: Asked, now: datetime) -> MonthFigures:
    first = month_asked(place, asked.month, now)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    since, until = (place.clock.at(day, time()) for day in (first, after))
    of_month = tasks.due_within(connection, place.plan.id, since, until)
    late = tasks.late(connection, place.plan.id, now, _LISTED)
    seqs, returns = _facts(connection, of_month)
    late_seqs, _ = _facts(connection, late)
    seen = [
        event for event in events.of_plan(connection, place.plan.id)
        if KNOWN in event.marks and since <= event.marks[KNOWN] < until
    ]  # fmt: skip
    reported = {
        fact.key.split("/")[-2]: fact.seq
        for fact in facts.without_task(connection, f"{place.plan.id}/event/")
        if fact.kind is FactKind.REPORTED
    }
    return MonthFigures(
        place.plan.title, unit_name(place, place.plan.office), first, place.clock.day(now),
        tuple(_cases(place, kind, seen, reported, asked.sums) for kind in _kinds(place)),
        tuple(_units(place, of_month, returns, now)), seqs,
        tuple(_overdue(connection, place, task, now) for task in late), late_seqs,
    )  # fmt: skip


def _facts(
    connection: Connection, about: Iterable[Task]
) -> tuple[tuple[int, ...], Mapping[str, int]]:
    """The facts that the tasks' figures come from, and how often each task was returned."""
    keys = [task.key for task in about]
    found = {kind: facts.of_tasks(connection, keys, kind) for kind in _COUNTED}
    seqs = [one.seq for of in found.values() for many in of.values() for one in many]
    returns = {key: len(many) for key, many in found[FactKind.RETURNED].items()}
    return tuple(sorted(seqs)), returns


def _cases(
    place: InForce, kind: EventType, seen: Collection[Event], reported: Mapping[str, int],
    sums: Collection[str],
) -> Cases:  # fmt: skip
    of_kind = [event for event in seen if event.type == kind.id]
    by_unit = {unit.name: 0 for unit in place.plan.units}
    for event in of_kind:
        name = unit_name(place, event.unit)
        by_unit[name] = by_unit.get(name, 0) + 1
    totals = tuple(
        _sum(field.name, [event.fields.get(field.id) for event in of_kind])
        for field in kind.fields
        if f"{kind.id}.{field.id}" in sums and field.kind is FieldKind.NUMBER
    )
    seqs = sorted(reported[event.id] for event in of_kind if event.id in reported)
    return Cases(kind.name, by_unit, totals, tuple(seqs))


def _sum(name: str, values: Sequence[object]) -> Sum:
    """What is missing or was erased is counted beside the sum, never guessed."""
    known = []
    for value in values:
        try:
            known.append(Decimal(str(value)))
        except InvalidOperation:
            continue
    return Sum(name, sum(known, Decimal(0)), len(values) - len(known))


def _units(
    place: InForce, about: Iterable[Task], returns: Mapping[str, int], now: datetime
) -> Iterable[UnitFigures]:
    """In the plan's order; a unit that had nothing due is left out."""
    by_unit: dict[str, list[Task]] = {unit.id: [] for unit in place.plan.units}
    for task in about:
        by_unit.setdefault(task.unit, []).append(task)
    for unit, own in by_unit.items():
        if own:
            yield UnitFigures(
                unit_name(place, unit),
                sum(task.outcome != "waived" for task in own),
                sum(task.outcome == "accepted" for task in own),
                sum(is_late(task, now) or task.outcome == "lapsed" for task in own),
                sum(returns.get(task.key, 0) for task in own),
                sum(task.outcome == "waived" for task in own),
            )


def _overdue(connection: Connection, place: InForce, task: Task, now: datetime) -> Overdue:
    due = place.clock.day(task.due_at)
    return Overdue(
        number_of(task, place.clock),
        promise(connection, task.promise).title,
        unit_name(place, task.unit),
        due,
        (place.clock.day(now) - due).days,
    )
