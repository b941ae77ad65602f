"""The incidents as the office watches them: three clocks running, and what is still to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from inspections.lateness import Judged, Verdict
from office.incident_file import IncidentFile, file_of, reports_of
from office.matters import number_of, unit_name
from office.report_incident import KNOWN
from office.workplace import InForce, in_force, only_plan
from responsibilities.calendars.clock import Clock
from responsibilities.plan import EventField, EventType, FieldKind
from responsibilities.rectification import CLOSED
from responsibilities.tasks import Event, Task
from responsibilities.words import Refused, Words
from storage import events, tasks
from storage.engine import reading

SHOWN = 30
_RUNNING = (Verdict.AWAITED, Verdict.OVERDUE)


@dataclass(frozen=True, slots=True)
class Line:
    """One incident in the list."""

    event: Event
    type_name: str
    unit: str
    known_at: datetime
    """In the plan's zone."""
    next: Judged | None
    """The report that is due first, or longest overdue; None where nothing is awaited."""
    next_due: datetime | None
    """Of that report, in the plan's zone."""
    late: int
    """Reports that are or were late."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report of the chain: its task, its clock, and the time that is left of it."""

    task: Task
    number: str
    judged: Judged
    due_at: datetime
    reported_at: datetime | None
    left: timedelta | None
    """None where it is made; negative where it is overdue."""


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One incident with everything that may be done about it."""

    file: IncidentFile
    kind: EventType
    reports: tuple[Report, ...]
    marks: tuple[str, ...]
    """Moments that may still be marked: 结案, and stages of the chain."""
    shown: Mapping[str, str]
    """What is known of it by the name of the field; private fields too: the office's own page."""
    clock: Clock


def list_incidents(db: Engine, plan: str | None, now: datetime) -> tuple[Line, ...]:
    """The newest incidents of `plan` (the only one by default)."""
    with reading(db) as connection:
        place = only_plan(connection, plan)
        known = sorted(
            events.of_plan(connection, place.plan.id), key=lambda e: (e.reported_at, e.id)
        )
        return tuple(_line(connection, place, event, now) for event in known[: -SHOWN - 1 : -1])


def show_incident(db: Engine, event: str, now: datetime, plan: str | None = None) -> IncidentView:
    """One incident (of `plan`) as of `now`; Refused where there is none of that number."""
    with reading(db) as connection:
        found = events.by_id(connection, event)
        if found is None or plan not in (None, found.plan):
            raise Refused(Words(f"没有事件“{event}”。", f"There is no event “{event}”."))
        place = in_force(connection, found.plan)
        kind = _kind(place, found)
        file = file_of(connection, place, found, now)
        by_key = {task.key: task for task in tasks.of_event(connection, event)}
        reports = [_report(place, by_key[one.asked.task], one, now) for one in file.reports]
        return IncidentView(
            file, kind, tuple(reports), _marks(found), _shown(place, kind, found),
            place.clock,
        )  # fmt: skip


def event_types(db: Engine, plan: str | None) -> tuple[InForce, tuple[EventType, ...]]:
    """What can be reported under `plan` (the only one by default)."""
    with reading(db) as connection:
        place = only_plan(connection, plan)
        return place, tuple(kind for kind in place.plan.event_types if not kind.finding)


def _line(connection: Connection, place: InForce, event: Event, now: datetime) -> Line:
    found = reports_of(connection, place, event, now)
    running = [one for one in found if one.verdict in _RUNNING]
    first = min(running, key=lambda one: one.asked.due_at, default=None)
    local = place.clock.local
    return Line(
        event,
        _kind(place, event).name,
        unit_name(place, event.unit),
        local(event.marks[KNOWN]),
        first,
        local(first.asked.due_at) if first else None,
        sum(bool(one.late_by) for one in found),
    )


def _report(place: InForce, task: Task, judged: Judged, now: datetime) -> Report:
    local = place.clock.local
    running = judged.verdict in _RUNNING
    return Report(
        task,
        number_of(task, place.clock),
        judged,
        local(judged.asked.due_at),
        local(judged.reported_at) if judged.reported_at else None,
        judged.asked.due_at - now if running else None,
    )


def _kind(place: InForce, event: Event) -> EventType:
    return next(kind for kind in place.plan.event_types if kind.id == event.type)


def _marks(event: Event) -> tuple[str, ...]:
    return () if CLOSED in event.marks else (CLOSED,)


def _shown(place: InForce, kind: EventType, event: Event) -> Mapping[str, str]:
    return {
        field.name: _said(place, field, event.fields[field.id])
        for field in kind.fields
        if field.id in event.fields
    }


def _said(place: InForce, field: EventField, value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return unit_name(place, str(value)) if field.kind is FieldKind.UNIT else str(value)
