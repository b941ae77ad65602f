"""The ladder (催办、升级): what a task needs told now, and when to look at it again.

Rules, each with a test of its name in tests/responsibilities/test_ladder.py:

- A step counts from the opening, the due date or the submission. Minutes and hours are exact;
  days and longer land on the opening of the office: before the due date on the last working day
  before (remind early), after it on the next one (judge late). A fraction is of the window left.
- Steps are told in order of time, as the task's first window orders them; a step is never told
  before the ones ahead of it, before its own time, twice in a round, or after closing. One that
  reaches nobody holds up no other.
- The act that opens a task tells its opening steps; steps whose time is then past are folded in.
- A submitted task pauses the unit's steps and runs the reviewer's, once per attempt; returned, it
  goes on where it stood. Nothing else stops the ladder: to have seen a letter is not to have acted.
- An extension restarts the ladder at the first step that is still to come.
- Time lost because we were down is given back once, from when we were up again; what was
  missed is told now, marked late by the system.
- A task that lapses is closed and told nothing more. One under review does not lapse.
- Where a step lies beyond the calendars, the task wakes on their last day and then daily, with
  `unknown` set, until the office has imported the coming year.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Clock, Unit
from responsibilities.climbing import Climbing
from responsibilities.outages import given_back
from responsibilities.plan import Base, Step
from responsibilities.same import Same
from responsibilities.tasks import Advance, Outage, State, Tell
from responsibilities.words import Refused

_EXACT: Final = frozenset({Unit.MINUTE.value, Unit.HOUR.value, Unit.WORKING_HOUR.value})
_DAY: Final = timedelta(days=1)


class Rung(NamedTuple):
    """A step with its instant; None where the calendars do not reach."""

    at: datetime | None
    step: Step


class Start(NamedTuple):
    """Where the ladder of a newly opened task stands."""

    step: int
    wake_at: datetime | None
    unknown: bool


def advance(
    task: Climbing,
    steps: tuple[Step, ...],
    clock: Clock,
    now: datetime,
    outage: Outage | None = None,
) -> Advance:
    """What `task` needs at `now`; the same answer however often it is asked.

    `outage` is given in the first round after we were down, and only there.
    """
    if task.state is State.CLOSED:
        return Advance((), None, False, None, task.step, task.review_step)
    moved = given_back(task, clock, outage) if outage is not None else None
    if task.state is State.OPEN and task.lapses_at is not None and task.lapses_at <= now:
        return Advance((), moved, True, None, task.step, task.review_step)
    submitted = task.state is State.SUBMITTED
    if submitted:
        rungs, place = review_rungs(steps, task.submitted_at or now, clock), task.review_step
    else:
        rungs = unit_rungs(steps, task.opens_at, moved or task.due_at, clock, task.original_due_at)
        place = task.step
    passed = _passed(rungs, place, now)
    tells = tuple([_tell(rung, outage) for rung in rungs[place:passed]])
    wake_at, unknown = _wake(rungs, passed, None if submitted else task.lapses_at, clock, now)
    step, review_step = (task.step, passed) if submitted else (passed, task.review_step)
    return Advance(tells, moved, False, wake_at, step, review_step, unknown)


def first_wake(
    steps: tuple[Step, ...],
    opens_at: datetime,
    due_at: datetime,
    lapses_at: datetime | None,
    clock: Clock,
    opened_at: datetime,
    original_due_at: datetime | None = None,
) -> Start:
    """The ladder of a task opened at `opened_at`: its opening steps and what is past are behind."""
    rungs = unit_rungs(steps, opens_at, due_at, clock, original_due_at)
    place = 0
    while place < len(rungs) and _folded(rungs[place], opened_at, due_at):
        place += 1
    wake_at, unknown = _wake(rungs, place, lapses_at, clock, opened_at)
    return Start(place, wake_at, unknown)


def restart(
    steps: tuple[Step, ...],
    opens_at: datetime,
    due_at: datetime,
    clock: Clock,
    now: datetime,
    original_due_at: datetime | None = None,
) -> int:
    """`Task.step` for a new round with a new due date: the first step still to come after `now`."""
    return _passed(unit_rungs(steps, opens_at, due_at, clock, original_due_at), 0, now)


def preview(
    steps: tuple[Step, ...], opens_at: datetime, due_at: datetime, clock: Clock
) -> list[tuple[datetime, Step]]:
    """The unit's ladder as dated steps, if nothing is handed in; unknown instants are left out."""
    rungs = unit_rungs(steps, opens_at, due_at, clock)
    return [
        (rung.at, rung.step)
        for rung in rungs
        if rung.at is not None and (rung.at > opens_at or _opens(rung.step))
    ]


def unit_rungs(
    steps: tuple[Step, ...],
    opens_at: datetime,
    due_at: datetime,
    clock: Clock,
    original_due_at: datetime | None = None,
) -> tuple[Rung, ...]:
    """The steps that speak to the unit, in the order that `Task.step` counts.

    The order is that of the first window, so that a date that moves never reorders what was told.
    """
    return _unit_rungs(Same(steps), Same(clock), opens_at, due_at, original_due_at or due_at)


def review_rungs(steps: tuple[Step, ...], submitted_at: datetime, clock: Clock) -> tuple[Rung, ...]:
    """The steps that speak to the reviewer, in ladder order, as `Task.review_step` counts."""
    own = _reviewing(Same(steps))
    if own and all(step.unit not in _EXACT and step.offset for step in own):
        submitted_at = clock.closing(clock.day(submitted_at))  # the same for the whole day
    return _review_rungs(Same(own), Same(clock), submitted_at)


@lru_cache(maxsize=1024)
def _reviewing(steps: Same[tuple[Step, ...]]) -> tuple[Step, ...]:
    return tuple(step for step in steps.value if step.base is Base.SUBMITTED)


@lru_cache(maxsize=256)
def _review_rungs(
    own: Same[tuple[Step, ...]], clock: Same[Clock], submitted_at: datetime
) -> tuple[Rung, ...]:
    at = submitted_at
    times = [_instant(step, at, at, at, clock.value) for step in own.value]
    return _in_order(own.value, times)


@lru_cache(maxsize=512)
def _unit_rungs(
    same_steps: Same[tuple[Step, ...]],
    same_clock: Same[Clock],
    opens_at: datetime,
    due_at: datetime,
    first_due: datetime,
) -> tuple[Rung, ...]:
    """All units of a period share their instants, so 50 tasks are worked out once."""
    steps, clock = same_steps.value, same_clock.value
    own = [step for step in steps if step.base is not Base.SUBMITTED]
    first = [_instant(step, opens_at, first_due, opens_at, clock) for step in own]
    order = sorted(range(len(own)), key=lambda i: (first[i] is None, first[i] or opens_at))
    times = first
    if due_at != first_due:
        times = [_instant(step, opens_at, due_at, opens_at, clock) for step in own]
    return _in_order([own[i] for i in order], [times[i] for i in order])


def _in_order(steps: Sequence[Step], times: Sequence[datetime | None]) -> tuple[Rung, ...]:
    """No step before the ones ahead of it; behind an unknown one all are unknown."""

    def later(a: datetime | None, b: datetime | None) -> datetime | None:
        return None if a is None or b is None else max(a, b)

    return tuple(map(Rung, accumulate(times, later), steps))


def _instant(
    step: Step, opens_at: datetime, due_at: datetime, submitted_at: datetime, clock: Clock
) -> datetime | None:
    try:
        if step.fraction is not None:
            return clock.between(opens_at, due_at, step.fraction, step.working)
        if _opens(step):
            return opens_at
        base = {Base.OPENED: opens_at, Base.DUE: due_at, Base.SUBMITTED: submitted_at}[step.base]
        return _counted(base, step.offset, Unit(step.unit), clock)
    except Refused:
        return None


def _counted(base: datetime, offset: int, unit: Unit, clock: Clock) -> datetime:
    if unit in _EXACT:
        return clock.add(base, offset, unit)
    if offset == 0:
        return min(clock.opening(clock.day(base)), base)
    day = clock.shift(clock.day(base), offset, unit)
    rolled = clock.working.on_or_before(day) if offset < 0 else clock.working.on_or_after(day)
    return clock.opening(rolled)


def _opens(step: Step) -> bool:
    return step.base is Base.OPENED and step.offset == 0 and step.fraction is None


def _folded(rung: Rung, opened_at: datetime, due_at: datetime) -> bool:
    """Told by the opening itself: it is the opening, or its time before the due date is past."""
    return rung.at is not None and rung.at <= opened_at and (rung.at <= due_at or _opens(rung.step))


def _passed(rungs: Sequence[Rung], place: int, now: datetime) -> int:
    """The index behind the last step whose time has come."""
    while place < len(rungs):
        at = rungs[place].at
        if at is None or at > now:
            break
        place += 1
    return place


def _tell(rung: Rung, outage: Outage | None) -> Tell:
    at = rung.at
    assert at is not None
    late = outage is not None and outage.since < at <= outage.until
    return Tell(rung.step, at, rung.step.to, late)


def _wake(
    rungs: Sequence[Rung], place: int, lapses_at: datetime | None, clock: Clock, now: datetime
) -> tuple[datetime | None, bool]:
    """The next instant anything can happen, and whether it is only a guess."""
    if place >= len(rungs):
        return lapses_at, False
    at = rungs[place].at
    unknown = at is None
    if at is None:
        at = max(clock.opening(clock.working.last), now + _DAY)
    return min(at, lapses_at) if lapses_at else at, unknown
