"""Putting right what an incident was reported with: both values stay, and new duties open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from office.incident_chain import open_chain
from office.incident_form import unknown, value_of
from office.opening import Opened
from office.report_incident import HAPPENED, KNOWN, shown_fields
from office.telling import Bundles
from office.workplace import InForce, in_force
from responsibilities.incidents import concerns
from responsibilities.plan import EventField, EventType
from responsibilities.tasks import Event, Fact, FactKind, State, Task
from responsibilities.words import Refused, Words
from storage import events, facts, notices, tasks
from storage.engine import writing
from storage.instants import instant, text, whole

TIMES = (HAPPENED, KNOWN)
"""The moments that can be put right; 报告 is ours, the others are marked when they come."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The event as it is known now, its tasks, and what the correction changed."""

    event: Event
    tasks: tuple[Task, ...]
    new: tuple[Opened, ...]
    untouched: tuple[Task, ...]
    """Open tasks whose conditions no longer hold: they stay until somebody waives them."""


def correct(
    db: Engine, event: str, given: Mapping[str, str | datetime], reason: str, *, by: str,
    now: datetime,
) -> Corrected:  # fmt: skip
    """Correct fields (by id or name, as text) and times (发生, 知悉) of an event, for a reason.

    A task that is open keeps its dates and is never deleted; a duty whose conditions hold now
    opens. What is already so changes nothing. Refused: an unknown event or field, an impossible
    value, no reason.
    """
    now = whole(now)
    if not reason.strip():
        raise Refused(Words("更正应写明理由。", "A correction needs a reason."))
    with writing(db) as connection:
        found = events.by_id(connection, event)
        if found is None:
            raise Refused(Words(f"没有事件“{event}”。", f"There is no event “{event}”."))
        place = in_force(connection, found.plan)
        kind = next(t for t in place.plan.event_types if t.id == found.type)
        after, changes = _corrected(found, kind, given, now)
        new: list[Opened] = []
        if changes:
            events.correct(connection, after)
            facts.append(connection, [_fact(connection, after, changes, reason, by, now)])
            bundles = Bundles(now)
            new = open_chain(connection, place, after, now, bundles)
            notices.add(connection, bundles.notices())
        there = tasks.of_event(connection, event)
        return Corrected(after, there, tuple(new), _no_longer(place, after, there))


_Change = dict[str, Any]


def _corrected(
    event: Event, kind: EventType, given: Mapping[str, str | datetime], now: datetime
) -> tuple[Event, list[_Change]]:
    shown = shown_fields(kind)
    after, changes = event, list[_Change]()
    for name, value in given.items():
        if name in TIMES:
            after, change = _time(after, name, value, now)
        else:
            after, change = _field(after, _named(kind, name), value, shown)
        if change:
            changes.append(change)
    if after.marks[HAPPENED] > after.marks[KNOWN]:
        raise Refused(
            Words("发生时间不应晚于知悉时间。", "It cannot have been known before it happened.")
        )
    return after, changes


def _time(
    event: Event, name: str, value: str | datetime, now: datetime
) -> tuple[Event, _Change | None]:
    at = whole(value if isinstance(value, datetime) else instant(value))
    if at > now or (name == KNOWN and at > event.reported_at):
        raise Refused(
            Words(f"“{name}”的时间不对。", f"The time given for “{name}” cannot be right.")
        )
    before = event.marks[name]
    if before == at:
        return event, None
    change = {"field": name, "from": text(before), "to": text(at)}
    return replace(event, marks={**event.marks, name: at}), change


def _field(
    event: Event, field: EventField, value: object, shown: frozenset[str]
) -> tuple[Event, _Change | None]:
    now_so, before = value_of(field, value), event.fields.get(field.id)
    if now_so == before:
        return event, None
    former = {**event.former, field.id: (*event.former.get(field.id, ()), before)}
    after = replace(event, fields={**event.fields, field.id: now_so}, former=former)
    if field.id not in shown:
        return after, {"field": field.id, "withheld": True}
    return after, {"field": field.id, "from": "" if before is None else before, "to": now_so}


def _named(kind: EventType, name: str) -> EventField:
    for field in kind.fields:
        if name in (field.id, field.name):
            return field
    raise unknown(Words("事件字段", "field"), name, [*(f.name for f in kind.fields), *TIMES])


def _fact(
    connection: Connection, event: Event, changes: list[_Change], reason: str, by: str,
    now: datetime,
) -> Fact:  # fmt: skip
    prefix = f"{event.plan}/event/{event.id}/corrected/"
    number = len(facts.without_task(connection, prefix)) + 1
    body = {"changes": changes, "event": event.id, "reason": reason.strip()}
    return Fact(None, f"{prefix}{number}", FactKind.EVENT_CORRECTED, now, by, body)


def _no_longer(place: InForce, event: Event, there: tuple[Task, ...]) -> tuple[Task, ...]:
    duties = place.duties
    return tuple(
        task
        for task in there
        if task.state is not State.CLOSED
        and task.duty in duties
        and not concerns(place.plan, duties[task.duty], event)
    )
