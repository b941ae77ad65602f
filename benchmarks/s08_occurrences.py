"""S8: the occurrences of 1,000 duties over a year, with working-day shift and UTC instants.

Limit: plain date arithmetic (a date and an aware datetime for each occurrence, no calendar, no
key). Peer: dateutil.rrule, which knows no working days either. Ours gives two instants, the key,
the subject period and whether the dates are provisional.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from dateutil.rrule import MO, WEEKLY, rrule

from benchmarks.measure import Timed, interleaved, ratio, report, table
from benchmarks.year import clock_of, plan_of, weekly
from responsibilities.calendars.clock import Clock
from responsibilities.occurrences import occurrences
from responsibilities.plan import Duty, Plan

DUTIES = 1000
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def fresh() -> tuple[Plan, list[Duty], Clock]:
    """1,000 weekly duties with 28 kinds of window, and a clock that no cache has seen before."""
    duties = [weekly(f"d{number}", number) for number in range(DUTIES)]
    return plan_of(duties), duties, clock_of()


def ours(made: tuple[Plan, list[Duty], Clock]) -> int:
    """Everything `occurrences` gives."""
    plan, duties, clock = made
    since, until = clock.at(FIRST, time(0)), clock.end_of_day(LAST)
    return sum(1 for duty in duties for _ in occurrences(plan, duty, clock, since, until))


def plain() -> int:
    """The least anybody can do: step a week, make an instant."""
    return sum(1 for _ in range(DUTIES) for _ in _plain())


def _plain() -> Iterator[datetime]:
    day, step = date(2026, 1, 5), timedelta(days=7)
    while day <= LAST:
        yield datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC)
        day += step


def dateutil() -> int:
    """What most would take; naive local times, no working days."""
    start, end = datetime(2026, 1, 1, 17, 30), datetime(2026, 12, 31, 23, 59)
    return sum(
        1
        for _ in range(DUTIES)
        for _ in rrule(WEEKLY, dtstart=start, byweekday=MO).between(start, end, inc=True)
    )


def main() -> bool:
    """Print the ratios; True where both bars hold."""
    stats = interleaved(
        {"plain dates": plain, "dateutil.rrule": dateutil, "occurrences": Timed(fresh, ours)}
    )
    number = ours(fresh())
    each = stats["occurrences"].median / number * 1e6
    print(f"S8  {number} occurrences, {each:.1f} µs each")
    table(stats)
    found = stats["occurrences"]
    return all(
        (
            report("S8 against plain date arithmetic", ratio(found, stats["plain dates"]), 5),
            report("S8 faster than dateutil", 1 / ratio(found, stats["dateutil.rrule"]), 2, True),
        )
    )


if __name__ == "__main__":
    sys.exit(not main())
