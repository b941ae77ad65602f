"""Looking up an incident: its clocks, its corrections, and the verdict on each of its reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from inspections.lateness import Asked, Judged, judge
from office.incident_chain import PHONED
from office.matters import Matter, matter, stage_of, title_of, unit_name
from office.report_incident import HAPPENED, KNOWN, REPORTED
from office.workplace import InForce, in_force
from responsibilities.incidents import event_occurrences
from responsibilities.tasks import Event, Fact, Task
from responsibilities.words import Refused, Words
from storage import events, facts, tasks
from storage.engine import reading


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """Everything about one incident that may be shown to its office."""

    event: Event
    type_name: str
    unit_name: str
    clocks: Mapping[str, datetime]
    """发生, 知悉, 电话报告, 报告, … in the plan's zone, in order of time."""
    unknown_for: timedelta
    """From 发生 to 知悉."""
    entered_after: timedelta
    """From 知悉 to 报告 (or the phone call)."""
    reports: tuple[Judged, ...]
    facts: tuple[Fact, ...]
    """What is recorded about the event itself: report, marks, corrections."""


def incident(db: Engine, event: str, now: datetime) -> IncidentFile:
    """One incident as of `now`; Refused where there is none of that number."""
    with reading(db) as connection:
        found = events.by_id(connection, event)
        if found is None:
            raise Refused(Words(f"没有事件“{event}”。", f"There is no event “{event}”."))
        return file_of(connection, in_force(connection, found.plan), found, now)


def file_of(connection: Connection, place: InForce, event: Event, now: datetime) -> IncidentFile:
    """As `incident`, within a transaction."""
    marks, clock = event.marks, place.clock
    kind = next(t for t in place.plan.event_types if t.id == event.type)
    in_order = sorted(marks.items(), key=lambda pair: pair[1])
    return IncidentFile(
        event=event,
        type_name=kind.name,
        unit_name=unit_name(place, event.unit),
        clocks={name: clock.local(at) for name, at in in_order},
        unknown_for=marks[KNOWN] - marks[HAPPENED],
        entered_after=marks.get(PHONED, marks[REPORTED]) - marks[KNOWN],
        reports=reports_of(connection, place, event, now),
        facts=facts.without_task(connection, f"{event.plan}/event/{event.id}/"),
    )


def reports_of(
    connection: Connection, place: InForce, event: Event, now: datetime
) -> tuple[Judged, ...]:
    """The reports of an event, judged by the clocks as they are known now (知悉 corrected)."""
    due = {
        one.key: one.due_at
        for duty in place.plan.duties
        for one in event_occurrences(place.plan, duty, event, place.clock)
    }
    there = [matter(connection, task) for task in tasks.of_event(connection, event.id)]
    return tuple(
        judge(
            _asked(one, event, due.get(one.task.key, one.task.original_due_at)),
            facts.of_task(connection, one.task.key),
            now,
        )
        for one in there
    )


def _asked(found: Matter, event: Event, due_at: datetime) -> Asked:
    task: Task = found.task
    duty = found.place.duties.get(task.duty)
    first = duty is not None and bool(duty.stages)
    first = first and duty is not None and stage_of(task, found.place) == duty.stages[0].name
    return Asked(
        task.key,
        title_of(task, found.promise, found.place),
        unit_name(found.place, task.unit),
        max(due_at, task.due_at) if task.late_by_system else due_at,
        event.marks.get(PHONED) if first else None,
    )
