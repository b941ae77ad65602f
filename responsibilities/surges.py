"""A denser rhythm for a season (汛期加倍): which periods it replaces, which it brings.

A period of the duty's own rhythm that lies wholly within the season is left out; a period of the
surge is asked for where its middle day lies in one that is left out. So no day is asked for twice,
none of a replaced period is forgotten, and every key belongs to one of the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from responsibilities.civil import Period
from responsibilities.rhythm import Rhythm

Find = Callable[[Rhythm, date, date], Iterator[Period]]
"""The periods of a rhythm with a day in a span, resting or not."""


def is_within(period: Period, months: tuple[int, ...]) -> bool:
    """Whether every day of the period lies in one of the months."""
    first = period.first.year * 12 + period.first.month - 1
    last = period.last.year * 12 + period.last.month - 1
    return all(number % 12 + 1 in months for number in range(first, last + 1))


def fills(own: Rhythm, day: date, find: Find) -> bool:
    """Whether `day`, the middle of a surge's period, lies in a period of `own` that rests."""
    awake = replace(own, rests=())
    return any(is_within(period, own.rests) for period in find(awake, day, day))
