"""After a new working-day calendar: every open task whose dates rest on it is confirmed or moved.

A due date that a unit has been told moves later by itself. Earlier it moves only where the office
has confirmed it: otherwise the unit keeps the date it was told, and the record says what the
calendar would have given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from office.calendars import site_days
from office.chains import chain_of
from office.matters import matter
from office.telling import Bundles
from office.workplace import InForce, in_force
from responsibilities.occurrences import event_occurrences, occurrences
from responsibilities.plan import Duty, Kind, Role
from responsibilities.renewals import Chain
from responsibilities.tasks import SYSTEM, Fact, FactKind, Occurrence, State, Task
from responsibilities.words import Refused
from storage import cursors, events, facts, notices, tasks
from storage.engine import reading, writing
from storage.instants import text

FARTHEST = timedelta(days=60)
"""No revision of a calendar moves an opening farther: the longest rest, made up for and back."""
_WHY = "国务院办公厅放假通知已公布，办理时限据此确定。"


def follow_calendar(db: Engine, now: datetime, *, earlier: bool = False) -> list[tuple[str, str]]:
    """Bring the plans up to the calendar now held; (plan, duty) of each task whose date moved.

    One transaction a plan. Costs one look where no calendar has changed. `earlier`: dates already
    told may move earlier, the office has confirmed it.
    """
    with reading(db) as connection:
        behind = cursors.behind(connection, site_days(connection).revision)
    moved: list[tuple[str, str]] = []
    for plan in behind:
        with writing(db) as connection:
            moved += _follow(connection, in_force(connection, plan), now, earlier=earlier)
    return moved


def _follow(
    connection: Connection, place: InForce, now: datetime, *, earlier: bool
) -> list[tuple[str, str]]:
    """Move what has to move, and have the round look again at every open task and every duty."""
    plan = place.plan.id
    bundles = Bundles(now)
    moved: list[tuple[str, str]] = []
    for task, anew in touched(connection, place):
        if _redate(connection, place, task, anew, now, bundles, earlier=earlier):
            moved.append((plan, task.duty))
    notices.add(connection, bundles.notices())
    tasks.wake_all(connection, plan, now)
    cursors.wake_all(connection, plan, now, FARTHEST, place.calendar)
    return moved


def touched(connection: Connection, place: InForce) -> Iterator[tuple[Task, Occurrence]]:
    """Every open task that the calendar of `place` confirms or moves, with its new dates.

    What was provisional, and what an amended notice changes of tasks opened under this version.
    """
    waiting = [
        task
        for task in tasks.in_hand(connection, place.plan.id)
        if task.provisional or (follows(task) and _of_this_version(place, task))
    ]
    found = {one.key: one for one in _anew(connection, place, waiting)}
    for task in waiting:
        anew = found.get(task.key)
        if anew is not None and (task.provisional or anew.due_at != task.due_at):
            yield task, anew


def follows(task: Task) -> bool:
    """Whether the calendar still decides its date: nobody has given it another."""
    return task.round == 0 and not task.late_by_system


def _of_this_version(place: InForce, task: Task) -> bool:
    duty = place.duties.get(task.duty)
    given = task.due_at != task.original_due_at  # by a review, or moved before
    return duty is not None and not given and place.promise(duty).digest == task.promise


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
    bundles: Bundles, *, earlier: bool,
) -> bool:  # fmt: skip
    """Confirm or move one task; whether its due date moved."""
    key = f"moved/calendar/{place.calendar}"
    if facts.has(connection, task.key, key):
        return False
    due_at = task.due_at
    if follows(task):
        due_at = anew.due_at if earlier else max(anew.due_at, task.due_at)
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
