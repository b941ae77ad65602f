"""Time that was not the unit's own: while we were down, and while the reviewer had the matter.

“Late because we were down” is recorded as such and never held against a unit.
"""

from datetime import datetime, timedelta
from typing import Final

from responsibilities.calendars.clock import Clock
from responsibilities.climbing import Climbing
from responsibilities.tasks import Outage, State
from responsibilities.words import Refused

_DAY: Final = timedelta(days=1)


def given_back(task: Climbing, clock: Clock, outage: Outage) -> datetime | None:
    """The new due date that makes up for `outage`; None where nothing was lost, or it was done.

    From when we were up again the unit has at least the time it lost: to the minute for windows
    under a day, to the close of a working day for longer ones. Never past the lapse.
    """
    if task.state is not State.OPEN or task.due_at <= outage.since:
        return None
    if task.late_by_system and task.due_at >= outage.until:
        return None
    found = make_up(task.opens_at, task.due_at, outage, clock)
    if task.lapses_at is not None:
        found = min(found, task.lapses_at)
    return found if found > task.due_at else None


def make_up(opens_at: datetime, due_at: datetime, outage: Outage, clock: Clock) -> datetime:
    """`due_at`, or later where the outage took time out of [opens_at, due_at].

    A window of a day or more loses nothing while the office is closed anyway.
    """
    start, end = max(opens_at, outage.since), min(due_at, outage.until)
    long = due_at - opens_at >= _DAY
    if start >= end or (long and not _office_opens(start, end, clock)):
        return due_at
    found = outage.until + (end - start)
    if long and found > due_at:
        found = _close_of_business(found, clock)
    return max(found, due_at)


def _office_opens(start: datetime, end: datetime, clock: Clock) -> bool:
    """Whether any office hour of a working day lies between two instants; yes where unknown."""
    try:
        day = clock.working.on_or_after(clock.day(start))
        if clock.closing(day) <= start:
            day = clock.working.shift(day, 1)
    except Refused:
        return True
    return clock.opening(day) < end


def after_review(task: Climbing, clock: Clock, now: datetime) -> datetime:
    """The due date of a task returned at `now`: the time under review is given back."""
    if task.submitted_at is None:
        return task.due_at
    found = task.due_at + (now - task.submitted_at)
    if task.due_at - task.opens_at >= _DAY:
        found = _close_of_business(found, clock)
    return min(found, task.lapses_at) if task.lapses_at else found


def _close_of_business(instant: datetime, clock: Clock) -> datetime:
    """The first closing of a working day at or after `instant`; `instant` beyond the calendars."""
    try:
        day = clock.working.on_or_after(clock.day(instant))
        closing = clock.closing(day)
        return closing if closing >= instant else clock.closing(clock.working.shift(day, 1))
    except Refused:
        return instant
