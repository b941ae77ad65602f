"""Several times a period with a minimum gap (每年至少4次，间隔不少于10日): the shares of a period.

Each time is a task of its own: the n-th has the n-th share of the period as its window and keeps
its number for ever (`2026.T2`), whatever the calendars become. Shares are equal to a day, earlier
ones the shorter; where the gap is longer than a share, each closes early enough that all those
after it can still be done (docs/decisions/0006-times-within-a-period.md).
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from responsibilities.calendars.clock import Clock
from responsibilities.civil import Period

_HOURS: Final = 24


def shares(period: Period, times: int, gap: int) -> Iterator[Period]:
    """The `times` parts of `period`, numbered from 1; `gap` is in hours.

    A period with fewer days than times gives its last days to several.
    """
    start, days = period.first.toordinal(), (period.last - period.first).days + 1
    apart = days_of(gap)
    for place in range(times):
        first = min(place * days // times, days - 1)
        last = max((place + 1) * days // times - 1, first)
        last = max(min(last, days - 1 - apart * (times - 1 - place)), 0)
        yield Period(
            f"{period.id}.T{place + 1}",
            date.fromordinal(start + min(first, last)),
            date.fromordinal(start + last),
        )


def fits(days: int, times: int, gap: int) -> bool:
    """Whether so many times, so far apart, can be done in so many days, one a day at most."""
    return (times - 1) * max(days_of(gap), 1) < days


def days_of(gap: int) -> int:
    """A gap of so many hours in days, rounded up."""
    return -(-gap // _HOURS)


def too_soon(done: Iterable[datetime], now: datetime, gap: int, clock: Clock) -> datetime | None:
    """From when on a time may be handed in, where `now` is too near to another; None: it may.

    Whole days are counted as days (the start day excluded), other gaps by the hour.
    """
    ends = [end for one in done if one <= now < (end := _apart(one, gap, clock))]
    return max(ends, default=None)


def _apart(done: datetime, gap: int, clock: Clock) -> datetime:
    if gap % _HOURS:
        return done + timedelta(hours=gap)
    return clock.at(clock.day(done) + timedelta(days=gap // _HOURS), time(0))
