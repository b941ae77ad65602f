"""A rhythm that another replaces on a day (实验室等级): how their periods join.

Each rhythm holds from its day until the next: a period that a change cuts keeps its days on its own
side, so no day is asked for twice and none is missed. Names stay nominal: a period of several
cycles that has lost its first ones is named after the first it has left, and one whose name is
taken already (two rhythms in one month) leaves its days to the one before it.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Final, NamedTuple

from responsibilities.civil import CIVIL, Period, number_of, numbered
from responsibilities.rhythm import Rhythm
from responsibilities.words import Refused

_DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=400)
"""No period of a rhythm that changes is longer: an academic year."""
Find = Callable[[Rhythm, date, date], Iterator[Period]]
"""The periods of a rhythm with a day in a span."""


class _Stretch(NamedTuple):
    """A rhythm from day to day, both included."""

    rhythm: Rhythm
    first: date
    last: date


def joined(rhythm: Rhythm, first: date, last: date, find: Find) -> Iterator[Period]:
    """The periods of a changing rhythm with a day in [first, last]; Refused as `find` raises it."""
    pieces: dict[str, Period] = {}
    newest = ""
    for stretch in _stretches(rhythm, first - LONGEST, last + LONGEST):
        for piece in _pieces(stretch, first - LONGEST, last + LONGEST, find):
            if piece.id in pieces:
                pieces[newest] = pieces[newest]._replace(last=piece.last)
            else:
                pieces[piece.id], newest = piece, piece.id
    yield from (one for one in pieces.values() if one.first <= last and one.last >= first)
    for known, start, end in _stretches(rhythm, first, last):
        for _ in find(known, start, end):  # Refused, where a day that was asked for is not known
            pass


def _stretches(rhythm: Rhythm, first: date, last: date) -> Iterator[_Stretch]:
    """The rhythms that hold between two days, each with its days there."""
    changes = rhythm.changes
    ends = [*(change.day for change in changes[1:]), date.max]
    for (day, own), end in zip(changes, ends, strict=True):
        low = max(day, first)
        if own is not None and low < end and low <= last:
            yield _Stretch(own, low, min(end - _DAY, last))


def _pieces(stretch: _Stretch, first: date, last: date, find: Find) -> Iterator[Period]:
    """The periods of one stretch, each cut to the days inside."""
    own, start, end = stretch
    with suppress(Refused):
        for period in find(own, start, end):
            low = period.first if start == first else max(period.first, start)
            high = period.last if end == last else min(period.last, end)
            name = period.id
            if low > period.first and own.count > 1 and own.cycle in CIVIL:
                name = numbered(own.cycle, number_of(own.cycle, low)).id
            yield Period(name, low, high)
