"""Which dates are not final: 暂定日期（待国务院放假通知或校历公布后确认）."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Final

from responsibilities.calendars.clock import Clock, Roll, Unit
from responsibilities.civil import Period
from responsibilities.rhythm import PHASE_ENDS, Anchor, Cycle, Moment, Rhythm

Day = Callable[[Period], date]
"""The day a moment is counted from, for each period."""

HANDED_OUT: Final = "下达"
"""The opening of the task itself, as a name to count from."""
COUNTED: Final = frozenset({Unit.WORKING_DAY, Unit.WORKING_HOUR, Unit.TEACHING_DAY})
"""Units that depend on the working-day notices."""
_PUBLISHED: Final = frozenset({Cycle.WORKING_DAY, Cycle.TEACHING_DAY, Cycle.HOLIDAY})
_SCHOOL_CYCLES: Final = frozenset(
    {Cycle.TEACHING_DAY, Cycle.TEACHING_WEEK, Cycle.TERM, Cycle.ACADEMIC_YEAR}
)
_SCHOOL_UNITS: Final = frozenset({Unit.TEACHING_DAY, Unit.TEACHING_WEEK})
_NOT_SCHOOL: Final = frozenset({"节前", "节后", "施行", "印发", HANDED_OUT, *PHASE_ENDS})


def haziness(
    roll: Roll,
    moments: Sequence[Moment],
    bases: Sequence[Day],
    rhythm: Rhythm | None,
    clock: Clock,
) -> Callable[[Period, datetime, datetime], bool]:
    """Whether a window (opens at, due at) rests on a year that is not final.

    `bases` are the days from which working or teaching days were counted. A fixed date rests on
    the notice too, because it may be rolled; only 不变 makes it certain.
    """
    counted = any(m.unit in COUNTED for m in moments)
    published = rhythm is not None and rhythm.cycle in _PUBLISHED
    rests = roll is not Roll.NONE or counted or published
    years = _unpublished(clock)
    start = clock.at(date(min(years), 1, 1), time(0)) if years and rests else None
    drafts = _drafts(clock) if of_the_school(rhythm, moments) else []

    def hazy(period: Period, opens_at: datetime, due_at: datetime) -> bool:
        if start is not None:
            days = (clock.day(at) for at in (opens_at, due_at) if at >= start)
            if any(day.year in years for day in days):
                return True
            if any(base(period).year in years for base in bases):
                return True
        return any(first <= at <= last for first, last in drafts for at in (opens_at, due_at))

    return hazy


def _unpublished(clock: Clock) -> frozenset[int]:
    working = clock.working
    span = range(working.first.year, working.last.year + 1)
    return frozenset(year for year in span if working.is_provisional(date(year, 1, 1)))


def _drafts(clock: Clock) -> list[tuple[datetime, datetime]]:
    years = clock.school.academic_years() if clock.school else ()
    return [(clock.at(y.first, time(0)), clock.end_of_day(y.last)) for y in years if y.draft]


def of_the_school(rhythm: Rhythm | None, moments: Sequence[Moment]) -> bool:
    """Whether any of it is counted by the school calendar."""
    if rhythm is not None and (rhythm.season is not None or rhythm.cycle in _SCHOOL_CYCLES):
        return True
    return any(
        m.unit in _SCHOOL_UNITS
        or m.anchor is Anchor.TEACHING_WEEK
        or (m.anchor is Anchor.NAMED and m.name not in _NOT_SCHOOL)
        for m in moments
    )
