"""Denser rhythms for seasons (汛期加倍): which periods each replaces, which it brings.

A period of the duty's own rhythm that lies wholly within a season is left out; a period of that
season's surge is asked for where its middle day lies in one that is left out. So no day is asked
for twice, none of a replaced period is forgotten, and every key belongs to one rhythm.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from responsibilities.civil import Period, day_of_year
from responsibilities.rhythm import Rhythm, YearPart

Find = Callable[[Rhythm, date, date], Iterator[Period]]
"""The periods of a rhythm with a day in a span, resting or not."""


def is_within(period: Period, part: YearPart) -> bool:
    """Whether every day of the period lies in the part of the year."""
    if part.days is not None:
        return _between(period, *part.days)
    months = part.months
    first = period.first.year * 12 + period.first.month - 1
    last = period.last.year * 12 + period.last.month - 1
    return all(number % 12 + 1 in months for number in range(first, last + 1))


def _between(period: Period, start: int, end: int) -> bool:
    year, mark = period.first.year, period.first.month * 100 + period.first.day
    if start > end and mark <= end:
        year -= 1  # it began last year
    closes = day_of_year(year + (end < start), end)
    return day_of_year(year, start) <= period.first and period.last <= closes


def fills(own: Rhythm, day: date, find: Find) -> bool:
    """Whether `day`, the middle of a surge's period, lies in a period of `own` that rests."""
    awake = replace(own, rests=())
    return any(is_within(period, part) for part in own.rests for period in find(awake, day, day))
