"""Nominal periods of the civil calendar: days, ISO weeks, 旬, 半月, months, …, years.

Each cycle numbers its periods without a break, so that “every second week” never changes its
phase at the ISO year's end, and the period before or after is one less or one more.
"""

from calendar import isleap
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from responsibilities.rhythm import Cycle


class Period(NamedTuple):
    """A nominal period: its id (no slash in it) and its first and last day, both included."""

    id: str
    first: date
    last: date


CIVIL: Final = frozenset(
    {
        Cycle.DAY,
        Cycle.WEEK,
        Cycle.XUN,
        Cycle.HALF_MONTH,
        Cycle.MONTH,
        Cycle.QUARTER,
        Cycle.HALF_YEAR,
        Cycle.YEAR,
    }
)
_MONTHS: Final = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF_YEAR: 6, Cycle.YEAR: 12}
_STARTS: Final = {Cycle.XUN: (1, 11, 21), Cycle.HALF_MONTH: (1, 16)}
"""The days of the month on which its parts begin."""
_MARK: Final = {Cycle.XUN: ".X", Cycle.HALF_MONTH: ".B"}


def number_of(cycle: Cycle, day: date) -> int:
    """The running number of the civil period `day` lies in."""
    if cycle is Cycle.DAY:
        return day.toordinal()
    if cycle is Cycle.WEEK:
        return (day.toordinal() - 1) // 7
    months = day.year * 12 + day.month - 1
    if starts := _STARTS.get(cycle):
        return months * len(starts) + sum(start <= day.day for start in starts) - 1
    return months // _MONTHS[cycle]


def numbered(cycle: Cycle, number: int, count: int = 1) -> Period:
    """The civil period with that running number, `count` cycles long; its id is the first's."""
    first = _single(cycle, number)
    return first if count == 1 else Period(first.id, first.first, last_day(cycle, number + count))


def start_of(cycle: Cycle, period_id: str) -> date:
    """The first day of the civil period with this id; ValueError where there is none."""
    if cycle is Cycle.DAY:
        return date.fromisoformat(period_id)
    year, _, rest = period_id.partition("-")
    if cycle is Cycle.WEEK:
        return date.fromisocalendar(int(year), int(rest.removeprefix("W")), 1)
    if starts := _STARTS.get(cycle):
        month, _, part = rest.partition(_MARK[cycle])
        return date(int(year), int(month), starts[int(part) - 1])
    place = int(rest.lstrip("QH") or 1)
    return date(int(year), (place - 1) * _MONTHS[cycle] + 1, 1)


def last_day(cycle: Cycle, following: int) -> date:
    """The day before the period numbered `following` begins."""
    return date.fromordinal(_first_day(cycle, following).toordinal() - 1)


def day_of_year(year: int, day: int) -> date:
    """Month x 100 + day in a year; 29 February is the 28th where there is none."""
    month, number = divmod(day, 100)
    if (month, number) == (2, 29) and not isleap(year):
        number = 28
    return date(year, month, number)


@lru_cache(maxsize=1024)
def _single(cycle: Cycle, number: int) -> Period:
    first = _first_day(cycle, number)
    return Period(_id(cycle, first), first, last_day(cycle, number + 1))


def _first_day(cycle: Cycle, number: int) -> date:
    if cycle is Cycle.DAY:
        return date.fromordinal(number)
    if cycle is Cycle.WEEK:
        return date.fromordinal(number * 7 + 1)
    if starts := _STARTS.get(cycle):
        months, part = divmod(number, len(starts))
        return date(months // 12, months % 12 + 1, starts[part])
    months = number * _MONTHS[cycle]
    return date(months // 12, months % 12 + 1, 1)


def _id(cycle: Cycle, first: date) -> str:
    if cycle is Cycle.DAY:
        return first.isoformat()
    if cycle is Cycle.WEEK:
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02d}"
    if cycle is Cycle.QUARTER:
        return f"{first.year}-Q{(first.month + 2) // 3}"
    if cycle is Cycle.HALF_YEAR:
        return f"{first.year}-H{(first.month + 5) // 6}"
    if cycle is Cycle.YEAR:
        return str(first.year)
    month = f"{first.year}-{first.month:02d}"
    if cycle is Cycle.MONTH:
        return month
    return f"{month}{_MARK[cycle]}{_STARTS[cycle].index(first.day) + 1}"
