"""After a new working-day calendar: what was provisional is confirmed or moved, all else looked at.

A due date that a unit has been told moves later by itself. Earlier it does not move: the unit
keeps the date it was told, and the record says what the calendar would have given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from office.calendars import site_days
from office.chains import chain_of
from office.matters import matter
from office.opening import SYSTEM
from office.telling import Bundles
from office.workplace import InForce, in_force
from responsibilities.occurrences import event_occurrences, occurrences
from responsibilities.plan import Duty, Kind, Role
from responsibilities.renewals import Chain
from responsibilities.tasks import Fact, FactKind, Occurrence, State, Task
from responsibilities.words import Refused
from storage import cursors, events, facts, notices, tasks
from storage.engine import reading, writing
from storage.instants import text

FARTHEST = timedelta(days=60)
"""No revision of a calendar moves an opening farther: the longest rest, made up for and back."""
_WHY = "国务院办公厅放假通知已公布，办理时限据此确定。"


def follow_calendar(db: Engine, now: datetime) -> list[tuple[str, str]]:
    """Bring the plans up to the calendar now held; (plan, duty) of each task whose date moved.

    One transaction a plan. Costs one look where no calendar has changed.
    """
    with reading(db) as connection:
        behind = cursors.behind(connection, site_days(connection).revision)
    moved: list[tuple[str, str]] = []
    for plan in behind:
        with writing(db) as connection:
            moved += _follow(connection, in_force(connection, plan), now)
    return moved


def _follow(connection: Connection, place: InForce, now: datetime) -> list[tuple[str, str]]:
    """Move what has to move, and have the round look again at every open task and every duty."""
    plan = place.plan.id
    bundles = Bundles(now)
    moved: list[tuple[str, str]] = []
    waiting = tasks.provisional(connection, plan)
    found = {one.key: one for one in _anew(connection, place, waiting)}
    for task in waiting:
        anew = found.get(task.key)
        if anew is not None and _redate(connection, place, task, anew, now, bundles):
            moved.append((plan, task.duty))
    notices.add(connection, bundles.notices())
    tasks.wake_all(connection, plan, now)
    cursors.wake_all(connection, plan, now, FARTHEST, place.calendar)
    return moved


def _anew(connection: Connection, place: InForce, waiting: Iterable[Task]) -> Iterator[Occurrence]:
    """The occurrences that `waiting` stand for, by the calendar now held."""
    spans: dict[str, tuple[datetime, datetime]] = {}
    for task in waiting:
        first, last = spans.get(task.duty, (task.opens_at, task.opens_at))
        spans[task.duty] = min(first, task.opens_at), max(last, task.opens_at)
        duty = place.duties.get(task.duty)
        event = events.by_id(connection, task.event) if task.event else None
        if duty is not None and event is not None:
            yield from event_occurrences(place.plan, duty, event, place.clock)
    taken_up = cursors.of_plan(connection, place.plan.id)
    for name, (first, last) in spans.items():
        duty = place.duties.get(name)
        if duty is not None and duty.kind is not Kind.EVENT:
            chain = chain_of(connection, place, duty, taken_up[name].since, closed_only=True)
            yield from _known(place, duty, first - FARTHEST, last + FARTHEST, chain)


def _known(
    place: InForce, duty: Duty, since: datetime, until: datetime, chain: Chain | None
) -> Iterator[Occurrence]:
    try:
        yield from occurrences(place.plan, duty, place.clock, since, until, chain)
    except Refused:  # the calendars end within the window; what is known has come
        return


def _redate(
    connection: Connection, place: InForce, task: Task, anew: Occurrence, now: datetime,
    bundles: Bundles,
) -> bool:  # fmt: skip
    """Confirm or move one task; whether its due date moved."""
    key = f"moved/calendar/{place.calendar}"
    if facts.has(connection, task.key, key):
        return False
    due_at = task.due_at
    if task.round == 0 and not task.late_by_system:  # else somebody has given it another date
        due_at = max(anew.due_at, task.due_at)
    lapses_at = max(filter(None, (anew.lapses_at, task.lapses_at)), default=None)
    after = replace(task, due_at=due_at, lapses_at=lapses_at, provisional=anew.provisional)
    body = _body(task, after, anew)
    facts.append(connection, [Fact(task.key, key, FactKind.MOVED, now, SYSTEM, body)])
    tasks.save(connection, [matter(connection, after).reindexed(after, now)])
    if due_at == task.due_at:
        return False
    if after.state is State.OPEN:
        bundles.tell_about(after, [Role.CONTACT], "moved", key, _WHY)
    return True


def _body(task: Task, after: Task, anew: Occurrence) -> dict[str, Any]:
    found: dict[str, Any] = {
        "calendar_due": text(anew.due_at),
        "due": text(after.due_at),
        "from": text(task.due_at),
        "provisional": after.provisional,
        "why": "calendar",
    }
    if after.lapses_at is not None:
        found["lapses"] = text(after.lapses_at)
    return found
