"""The chain of tasks that hangs on an incident: opened as its moments become known."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from office.matters import Matter, stage_of
from office.opening import Batch, Opened, open_batches
from office.telling import Bundles
from office.workplace import InForce
from responsibilities.openings import open_event
from responsibilities.plan import Kind
from responsibilities.rectification import CLOSED
from responsibilities.tasks import Event, Fact, FactKind
from responsibilities.words import Refused, Words
from storage import events, facts
from storage.instants import text

PHONED = "电话报告"
"""The mark of a first report made by phone: the written one is entered later."""


def handed_in(
    connection: Connection, matter: Matter, by: str, now: datetime, bundles: Bundles
) -> None:
    """A stage of an event (首报) was handed in: its mark is set, what counts from it opens."""
    name = stage_of(matter.task, matter.place)
    if not name or matter.task.event is None:
        return
    event = events.by_id(connection, matter.task.event)
    if event is not None and name not in event.marks:
        first = matter.place.duties[matter.task.duty].stages[0].name == name
        at = event.marks.get(PHONED, now) if first else now
        mark_event(connection, matter.place, event, name, at, by, now, bundles)


def mark_event(
    connection: Connection, place: InForce, event: Event, name: str, at: datetime, by: str,
    now: datetime, bundles: Bundles,
) -> tuple[Event, list[Opened]]:  # fmt: skip
    """Set a mark of an event and open what counts from it; the same again changes nothing."""
    known = event.marks.get(name)
    if known == at:
        return event, []
    if known is not None:
        raise Refused(
            Words(
                f"“{name}”已登记为另一时间，不能更改。",
                f"“{name}” is already recorded with another time.",
            )
        )
    closed = at if name == CLOSED else event.closed_at
    after = replace(event, marks={**event.marks, name: at}, closed_at=closed)
    events.mark(connection, event.id, after.marks, closed)
    key = f"{event.plan}/event/{event.id}/mark/{name}"
    body = {"at": text(at), "event": event.id, "mark": name}
    facts.append(connection, [Fact(None, key, FactKind.EVENT_MARKED, now, by, body)])
    return after, open_chain(connection, place, after, now, bundles)


def open_chain(
    connection: Connection, place: InForce, event: Event, now: datetime, bundles: Bundles
) -> list[Opened]:
    """Open what hangs on `event` as it is known now and is not open yet."""
    kind = next(t for t in place.plan.event_types if t.id == event.type)
    batches = [
        Batch(place, duty, openings, event.id, kind.urgent)
        for duty in place.plan.duties
        if duty.kind is Kind.EVENT
        and (openings := list(open_event(place.plan, duty, event, place.clock, now)))
    ]
    return open_batches(connection, batches, now, bundles)
