"""Where a task stands (红黄绿): computed from its index and `now`, stored nowhere."""

from datetime import datetime
from typing import Final

from responsibilities.calendars.clock import Clock
from responsibilities.civil import last_day, number_of, start_of
from responsibilities.renewals import later
from responsibilities.rhythm import Rhythm
from responsibilities.tasks import Standing, State, Task
from responsibilities.words import Refused

_SOON_DAYS: Final = 3
"""Working days before the due date in which a task is due soon (临期)."""
_SOON_SHARE: Final = 0.3
"""Or the last part of the window: 商丘师范学院 turns yellow at 30 % (domain.md 7.1)."""
_CLOSED: Final = {"waived": Standing.WAIVED, "lapsed": Standing.LAPSED}


def standing(task: Task, now: datetime, clock: Clock, rhythm: Rhythm | None = None) -> Standing:
    """The standing at `now`.

    Judged on the current due date, which only a granted extension, a return, a revised calendar or
    our own outage can move: so nobody is late because we were down, and an excused (免办) task
    never is. A unit's part ends with its last submission, however long the review then takes.
    Behind the target of its duty's `rhythm` it is amber.
    """
    if task.state is State.CLOSED:
        return _CLOSED.get(task.outcome) or _done(task)
    if task.state is State.SUBMITTED:
        return Standing.UNDER_REVIEW
    if now > task.due_at:
        return Standing.OVERDUE
    wanted = target_of(task, rhythm, clock)
    soon = is_due_soon(task, now, clock) or (wanted is not None and now > wanted)
    return Standing.DUE_SOON if soon else Standing.ON_TRACK


def target_of(task: Task, rhythm: Rhythm | None, clock: Clock) -> datetime | None:
    """Until when `task` should be done where its rhythm has a target.

    Counted from the last time (see `renewals`), so much before the latest as that is later.
    """
    if rhythm is None or not rhythm.target or not rhythm.after_done:
        return target_at(rhythm, task.period, clock)
    latest = clock.day(task.original_due_at)
    return clock.end_of_day(later(rhythm, latest, rhythm.target - rhythm.count, clock))


def target_at(rhythm: Rhythm | None, period: str, clock: Clock) -> datetime | None:
    """Until when a task of `period` should be done where its rhythm has a target (每3至6个月).

    The end of the target's last day: it is a wish, so a rest day does not roll it.
    """
    if rhythm is None or not rhythm.target:
        return None
    try:
        first = number_of(rhythm.cycle, start_of(rhythm.cycle, period))
    except ValueError:  # opened under a version with another rhythm
        return None
    return clock.end_of_day(last_day(rhythm.cycle, first + rhythm.target))


def is_late(task: Task, now: datetime) -> bool:
    """Whether the unit missed the due date, now or for ever (逾期办结 stays visible)."""
    if task.state is State.CLOSED and task.outcome in _CLOSED:
        return False
    part_done = task.submitted_at if task.state is not State.OPEN else None
    return (part_done or task.closed_at or now) > task.due_at


def is_due_soon(task: Task, now: datetime, clock: Clock) -> bool:
    """Within three working days of the due date, or in the last 30 % of the window."""
    left = task.due_at - now
    if left <= (task.due_at - task.opens_at) * _SOON_SHARE:
        return True
    if left.days > 7 * _SOON_DAYS:  # spares the calendar the question; no rest is that long
        return False
    try:
        return clock.working.count(clock.day(now), clock.day(task.due_at)) <= _SOON_DAYS + 1
    except Refused:
        return left.days <= _SOON_DAYS


def _done(task: Task) -> Standing:
    late = is_late(task, task.closed_at or task.due_at)
    return Standing.DONE_LATE if late else Standing.DONE
