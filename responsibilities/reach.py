"""How far from its period a task can open: which periods must be looked at for a span of time.

Too wide costs a little time; too narrow would lose a task. Only `sure` must not be too wide: it
decides how long before the end of the calendars a duty is refused.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Roll, Unit
from responsibilities.calendars.terms import ANCHORS, anchor_word
from responsibilities.rhythm import PHASE_ENDS, Anchor, Cycle, Moment, Rhythm, When

_SLACK: Final = 16
"""Days a roll can move a date: the longest rest in the data has nine days."""
_DAYS: Final = {
    Unit.MINUTE: 0.01,
    Unit.HOUR: 1 / 24,
    Unit.WORKING_HOUR: 1,
    Unit.DAY: 1,
    Unit.WORKING_DAY: 3,
    Unit.TEACHING_DAY: 14,
    Unit.WEEK: 7,
    Unit.TEACHING_WEEK: 21,
    Unit.MONTH: 31,
    Unit.YEAR: 366,
}
"""No unit of an offset is longer than this on average, vacations and holidays included."""
_VACATION: Final = 150
"""Days from the last lessons before the summer to the first after it, exams included."""
LENGTHS: Final = {
    Cycle.TERM: 250,
    Cycle.ACADEMIC_YEAR: 420,
    Cycle.YEAR: 366,
    Cycle.HALF_YEAR: 184,
    Cycle.QUARTER: 92,
    Cycle.HOLIDAY: 180,
}
"""Days that a period has at the most; all others have 31 or fewer."""
_OF_YEAR: Final = 100
"""Days by which a free anchor of a school year (录取通知书寄发) may lie before it begins."""
_FLOATING: Final = 400
"""Days from a period to the next date of an anchor that it does not hold itself."""
_TERM: Final = 180


_ONCE: Final = timedelta(days=800)
"""What is asked for once has been asked for within two academic years."""


class Reach(NamedTuple):
    """In days: how long before its period's first day a task may open, how long after its last."""

    lead: int
    lag: int
    sure: int
    """As `lead`, for periods that nobody has declared yet."""


def life_of(when: When | None, rhythm: Rhythm | None) -> timedelta:
    """How long before its due date a task can have been opened, at the most."""
    if when is None or rhythm is None:
        return _ONCE
    due, length = when.due, LENGTHS.get(rhythm.cycle, 31) * rhythm.count
    edge = due.anchor in (Anchor.PERIOD_START, Anchor.PERIOD_END, Anchor.WEEKDAY)
    after = max(due.offset, 0) * _DAYS[due.unit] + due.periods * max(length, 31)
    days = reach_of(when, rhythm).lead + length + int(after) + _VACATION
    return timedelta(days=days if edge else days + _FLOATING)


def early(when: When) -> int:
    """By how many days a task can open before the nominal day of its opening."""
    exact = when.opens.offset * _DAYS[when.opens.unit] if when.opens.offset < 0 else 0
    hours = when.opens.unit in (Unit.MINUTE, Unit.HOUR, Unit.WORKING_HOUR)
    if exact and when.opens.unit is Unit.WORKING_HOUR:
        exact -= _SLACK  # a holiday may lie between
    return (_SLACK if when.roll is Roll.PREVIOUS else 0) + (int(-exact) + 1 if hours else 0)


def reach_of(when: When, rhythm: Rhythm) -> Reach:
    """The reach of the openings of `rhythm`."""
    opens = when.opens
    before, after = _anchored(opens, rhythm)
    offset = int(opens.offset * _DAYS[opens.unit])
    counted = _SLACK if opens.offset and opens.unit not in (Unit.DAY, Unit.WEEK) else 0
    if opens.unit in (Unit.TEACHING_DAY, Unit.TEACHING_WEEK):
        counted = _VACATION
    shift = opens.periods * max(LENGTHS.get(rhythm.cycle, 31) * rhythm.count, 31)
    if opens.anchor is Anchor.MONTH_DAY and opens.month is not None:
        shift = 366 * opens.periods
    lead = early(when) + before + max(-offset, 0) + counted * (offset < 0) + max(-shift, 0)
    lag = _SLACK + after + max(offset, 0) + counted + max(shift, 0)
    return Reach(lead + 1, lag, lead)


def _anchored(opens: Moment, rhythm: Rhythm) -> tuple[int, int]:
    """How far the anchor itself may lie before and after the period."""
    if opens.name in PHASE_ENDS:
        return _FLOATING, _FLOATING
    if opens.anchor is Anchor.NAMED and opens.name not in ("节前", "节后"):
        year = rhythm.cycle is Cycle.ACADEMIC_YEAR and anchor_word(opens.name) not in ANCHORS
        return (_OF_YEAR if year else 0), _FLOATING
    if opens.anchor is Anchor.DATE:
        return _FLOATING, _FLOATING
    if opens.anchor is Anchor.TEACHING_WEEK:
        return (0 if rhythm.cycle is Cycle.TERM else _TERM), _TERM
    if opens.anchor is Anchor.WEEKDAY:
        return (0 if rhythm.cycle in (Cycle.WEEK, Cycle.TEACHING_WEEK) else 6), 7
    if opens.anchor is Anchor.MONTH_DAY:
        whole = (Cycle.MONTH, Cycle.QUARTER, Cycle.HALF_YEAR, Cycle.YEAR)
        return (0 if rhythm.cycle in whole else 31), 366 if opens.month else 31
    return 0, 0
