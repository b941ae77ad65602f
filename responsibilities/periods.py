"""The nominal periods of a rhythm: what a task is named after, whatever its dates become.

    day, working day, teaching day  2026-11-23        month            2026-11
    ISO week                        2026-W48          quarter, half    2026-Q4, 2026-H2
    teaching week                   2026-27-1.W08     year             2026
    旬, half-month                  2026-11.X1, .B2   term             2026-27-1
    holiday                         2027.spring-festival
    academic year                   2026-27           one-off          once
    the second of n times in it     2026.T2

Several cycles together (每2周) are one period, named after its first cycle. The phase is counted
from `Rhythm.since`, before which there is none, else from 0001-01-01 for civil periods, teaching
week 1 of each term, the first declared year of the school; it never restarts at a year's end.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from typing import Final

from responsibilities.calendars.clock import Clock
from responsibilities.calendars.school import BeyondSchoolCalendar, SchoolCalendar
from responsibilities.changing import joined
from responsibilities.civil import CIVIL, Period, day_of_year, number_of, numbered
from responsibilities.rhythm import Cycle, Rhythm, Season
from responsibilities.same import Same
from responsibilities.spread import shares
from responsibilities.surges import fills, is_within
from responsibilities.words import Refused, Words

__all__ = ["ONCE", "Period", "middle", "neighbour", "periods"]

ONCE: Final = "once"
"""The id of a one-off duty's only period."""
_YEARS: Final = 100
"""A `Rhythm.since` below this is the number of a teaching week."""
_SHORT: Final = frozenset({Cycle.DAY, Cycle.WEEK, Cycle.TEACHING_WEEK})


def periods(rhythm: Rhythm, first: date, last: date, clock: Clock) -> Iterator[Period]:
    """The periods of `rhythm` with at least one day in [first, last], in order.

    What the calendars know comes first; then, where `last` lies beyond them, `Refused` is raised.
    Days before the calendars' first are passed over: nothing can be due there any more.
    """
    if rhythm.changes:
        yield from joined(rhythm, first, last, lambda own, a, b: periods(own, a, b, clock))
        return
    found = _civil if rhythm.cycle in CIVIL else _declared
    for whole in found(rhythm, first, last, clock):
        period = _clipped(rhythm, whole)
        if _awake(rhythm, whole, clock) and period.last >= first and period.first <= last:
            if rhythm.times == 1:
                yield period
            else:
                yield from shares(period, rhythm.times, rhythm.gap)


def _whole(clock: Clock, rhythm: Rhythm, first: date, last: date) -> Iterator[Period]:
    """The periods of `rhythm` that are awake, not cut into several times."""
    return periods(replace(rhythm, times=1), first, last, clock)


def neighbour(rhythm: Rhythm, period: Period, n: int, clock: Clock) -> Period:
    """The period `n` places after `period` (n < 0: before), asleep or not.

    Raises Refused where the school calendar or the working days do not reach.
    """
    if n == 0:
        return period
    count = rhythm.count
    if rhythm.cycle in CIVIL:
        number = number_of(rhythm.cycle, period.first) + n * count
        if number < _earliest(rhythm, clock):
            raise _none_before(rhythm)
        return _windowed(rhythm, numbered(rhythm.cycle, number, count))
    if rhythm.cycle in (Cycle.WORKING_DAY, Cycle.TEACHING_DAY):
        table = clock.working if rhythm.cycle is Cycle.WORKING_DAY else clock.teaching
        day = table.shift(period.first, n * count)
        return Period(day.isoformat(), day, day)
    known = _known(rhythm, Same(clock))
    place = [one.id for one in known].index(period.id) + n
    if 0 <= place < len(known):
        return known[place]
    raise _beyond(rhythm, clock, period.last if n > 0 else period.first)


def declared_until(rhythm: Rhythm, clock: Clock) -> date | None:
    """The last day for which the periods of `rhythm` have been published; None: for ever."""
    if rhythm.changes:
        ends = [declared_until(own, clock) for _, own in rhythm.changes if own is not None]
        return min((end for end in ends if end is not None), default=None)
    if rhythm.cycle in CIVIL and rhythm.season is None:
        return None
    if rhythm.cycle in (Cycle.WORKING_DAY, Cycle.HOLIDAY):
        return clock.working.last
    last = _school(clock).last
    return min(last, clock.working.last) if rhythm.cycle is Cycle.TEACHING_DAY else last


def middle(period: Period) -> date:
    """The middle day: a week belongs to the month and season of its Thursday, as in ISO 8601."""
    return date.fromordinal((period.first.toordinal() + period.last.toordinal()) // 2)


def _civil(rhythm: Rhythm, first: date, last: date, clock: Clock) -> Iterator[Period]:
    cycle, count = rhythm.cycle, rhythm.count
    number = number_of(cycle, first)
    if count > 1:
        number -= (number - _phase(rhythm, clock)) % count
    if (rhythm.months or rhythm.days) and cycle is Cycle.YEAR:
        number -= 1  # a season that began last year and reaches into this one
    number = max(number, _earliest(rhythm, clock))
    last_number = number_of(cycle, last)
    while number <= last_number:
        period = _windowed(rhythm, numbered(cycle, number, count))
        if period.last >= first and period.first <= last:
            yield period
        number += count


def _earliest(rhythm: Rhythm, clock: Clock) -> int:
    """The number of the first period there is: 每2年（自2027年起） asks for nothing in 2026."""
    dated = rhythm.since is not None and rhythm.since >= _YEARS
    return _phase(rhythm, clock) if dated else number_of(rhythm.cycle, date.min)


def _phase(rhythm: Rhythm, clock: Clock) -> int:
    """The number of a period from which every `count`-th begins a new one."""
    since = rhythm.since
    if since is None:
        return number_of(rhythm.cycle, date.min)
    if rhythm.cycle is not Cycle.WEEK:
        return number_of(rhythm.cycle, date(since, 1, 1))
    if since < _YEARS and clock.school is not None:  # from teaching week `since` of the first term
        return number_of(Cycle.WEEK, clock.school.terms[0].monday(since))
    year, week = (since, 1) if since >= _YEARS else (1, since)
    return number_of(Cycle.WEEK, date.fromisocalendar(year, week, 1))


def _windowed(rhythm: Rhythm, period: Period) -> Period:
    """“每年9月” is the year's September; “每年11月至次年3月” crosses the year's end."""
    if rhythm.cycle is not Cycle.YEAR or not (rhythm.months or rhythm.days):
        return period
    if rhythm.days is not None:
        start, end = rhythm.days
        opened = day_of_year(period.first.year, start)
        return Period(period.id, opened, day_of_year(opened.year + (end < start), end))
    start, end = rhythm.months[0], rhythm.months[-1]
    first = date(period.first.year, start, 1)
    close = number_of(Cycle.MONTH, date(first.year + (end < start), end, 1))
    return Period(period.id, first, numbered(Cycle.MONTH, close).last)


def _awake(rhythm: Rhythm, period: Period, clock: Clock) -> bool:
    if rhythm.rests and any(is_within(period, part) for part in rhythm.rests):
        return False
    instead_of = rhythm.instead_of
    if instead_of and not fills(instead_of, middle(period), partial(_whole, clock)):
        return False
    if rhythm.months and rhythm.cycle is not Cycle.YEAR:
        short = rhythm.cycle in _SHORT
        last = number_of(Cycle.MONTH, middle(period) if short else period.last)
        first = last if short else number_of(Cycle.MONTH, period.first)
        if not any(number % 12 + 1 in rhythm.months for number in range(first, last + 1)):
            return False
    if rhythm.days is not None and not _within_days(rhythm, period):
        return False
    if rhythm.season is None:
        return True
    school, day = _school(clock), middle(period)
    return day >= school.first and school.is_vacation(day) is (rhythm.season is Season.VACATION)


def _within_days(rhythm: Rhythm, period: Period) -> bool:
    """A day or week by its middle, a longer period by any of its days (then `_clipped` to them);
    a year is those days.
    """
    if rhythm.days is None or rhythm.cycle is Cycle.YEAR:
        return True
    start, end = rhythm.days
    day = middle(period)
    asked = [day.toordinal()] if rhythm.cycle in _SHORT else _ordinals(period)
    marks = (one.month * 100 + one.day for one in map(date.fromordinal, asked))
    if start <= end:
        return any(start <= mark <= end for mark in marks)
    return any(mark >= start or mark <= end for mark in marks)


def _clipped(rhythm: Rhythm, period: Period) -> Period:
    """May of a season from 15 May is 15 to 31 May: what is asked for lies in the season."""
    if rhythm.days is None or rhythm.cycle is Cycle.YEAR or rhythm.cycle in _SHORT:
        return period
    one_day = replace(rhythm, cycle=Cycle.DAY)
    days = (Period("", day, day) for day in map(date.fromordinal, _ordinals(period)))
    kept = [day.first for day in days if _within_days(one_day, day)]
    return Period(period.id, kept[0], kept[-1]) if kept else period


def _ordinals(period: Period) -> range:
    return range(period.first.toordinal(), period.last.toordinal() + 1)


def _declared(rhythm: Rhythm, first: date, last: date, clock: Clock) -> Iterator[Period]:
    """Periods that somebody had to publish: the State Council or the school."""
    if rhythm.cycle in (Cycle.WORKING_DAY, Cycle.TEACHING_DAY):
        yield from _days(rhythm, first, last, clock)
        return
    for period in _known(rhythm, Same(clock)):
        if period.first <= last and period.last >= first:
            yield period
    if rhythm.cycle is Cycle.HOLIDAY:
        if last > clock.working.last:
            raise clock.working.beyond(last)
    elif last > _school(clock).last:
        raise _school(clock).beyond(last)


def _days(rhythm: Rhythm, first: date, last: date, clock: Clock) -> Iterator[Period]:
    table = clock.working if rhythm.cycle is Cycle.WORKING_DAY else clock.teaching
    first = max(first, table.first)
    if first <= min(last, table.last):
        since = date(rhythm.since, 1, 1) if rhythm.since else table.first
        start = table.rank(max(since, table.first))
        first = max(first, since)
        known = table.count(first, min(last, table.last))
        for rank in range(table.rank(first), table.rank(first) + known):
            if (rank - start) % rhythm.count == 0:
                day = table.nth(rank)
                yield Period(day.isoformat(), day, day)
    if last > table.last:
        raise table.beyond(last)


def _teaching_weeks(rhythm: Rhythm, clock: Clock) -> Sequence[Period]:
    school, step = _school(clock), rhythm.count
    weeks = school.teaching_weeks(school.first, school.last)
    if step == 1:
        return [Period(week.id, week.first, week.last) for week in weeks]
    found: list[Period] = []
    for term in school.terms:
        own = list(term.teaching_weeks())
        starts = range((rhythm.since or 1) - 1, len(own), step)
        found += [
            Period(own[i].id, own[i].first, own[min(i + step, len(own)) - 1].last) for i in starts
        ]
    return found


def _terms(rhythm: Rhythm, clock: Clock) -> Sequence[Period]:
    terms = _school(clock).terms
    starts = range(0, len(terms), rhythm.count)
    groups = [terms[i : i + rhythm.count] for i in starts]
    return [Period(group[0].id, group[0].first, group[-1].last) for group in groups]


def _academic_years(rhythm: Rhythm, clock: Clock) -> Sequence[Period]:
    years = _school(clock).academic_years()
    since = rhythm.since or years[0].first.year
    found: list[Period] = []
    for place, year in enumerate(years):
        after = int(year.id[:4]) - since
        if after >= 0 and after % rhythm.count == 0:
            last = years[min(place + rhythm.count, len(years)) - 1].last
            found.append(Period(year.id, year.first, last))
    return found


def _holidays(rhythm: Rhythm, clock: Clock) -> Sequence[Period]:
    days = clock.working
    return [
        Period(f"{holiday.year}.{holiday.id}", holiday.first, holiday.last)
        for holiday in days.holidays(days.first, days.last)
        if not rhythm.holidays or holiday.name in rhythm.holidays
    ]


_KNOWN: Final[Mapping[Cycle, Callable[[Rhythm, Clock], Sequence[Period]]]] = {
    Cycle.TEACHING_WEEK: _teaching_weeks,
    Cycle.TERM: _terms,
    Cycle.ACADEMIC_YEAR: _academic_years,
    Cycle.HOLIDAY: _holidays,
}


@lru_cache(maxsize=512)
def _known(rhythm: Rhythm, same_clock: Same[Clock]) -> Sequence[Period]:
    """Every declared period of a rhythm; duties with the same rhythm share the list."""
    return _KNOWN[rhythm.cycle](rhythm, same_clock.value)


def _none_before(rhythm: Rhythm) -> Refused:
    return Refused(
        Words(f"“{rhythm.text}”此前没有一期。", f"There is no period before {rhythm.since}.")
    )


def _school(clock: Clock) -> SchoolCalendar:
    if clock.school is None:
        raise BeyondSchoolCalendar(clock.working.last, None)
    return clock.school


def _beyond(rhythm: Rhythm, clock: Clock, day: date) -> Refused:
    if rhythm.cycle is Cycle.HOLIDAY:
        return clock.working.beyond(day)
    return _school(clock).beyond(day)
