"""S9: what one event of a simulated year costs, how memory grows with the years, the worked plan.

Limit: the bare expansion of the same plan's occurrences (as in S8), per occurrence. An event is
whatever happens to a task: opened, told, submitted, returned, accepted, extended, lapsed.
"""

import sys
import tracemalloc
from dataclasses import replace
from datetime import date, time

from benchmarks.measure import Timed, interleaved, once, report, table
from benchmarks.year import clock_of, plan_of, weekly
from responsibilities.calendars.clock import Clock
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.language.compile import compile_plan
from responsibilities.occurrences import occurrences
from responsibilities.plan import Plan
from responsibilities.simulation.simulate import Scenario, simulate, year_named
from storage.calendars import national
from storage.plan_folder import read_folder

UNITS, DUTIES = 50, 300
YEAR = Scenario(date(2026, 1, 1), date(2026, 12, 31))
PLAN = "responsibilities/plans/anti-fraud"


def fresh() -> tuple[Plan, Clock]:
    """The duties of S8, spread over fifty units, and a clock that no cache has seen before."""
    duties = [weekly(f"d{n}", n, (f"u{n % UNITS}",)) for n in range(DUTIES)]
    return plan_of(duties, UNITS), clock_of()


def expand(made: tuple[Plan, Clock]) -> int:
    """The occurrences alone."""
    plan, clock = made
    since, until = clock.at(YEAR.first, time(0)), clock.end_of_day(YEAR.last)
    return sum(1 for duty in plan.duties for _ in occurrences(plan, duty, clock, since, until))


def run(made: tuple[Plan, Clock]) -> int:
    """The whole life of every task."""
    return simulate(*made, YEAR).happenings


def worked() -> tuple[Plan, Clock]:
    """The worked plan, compiled."""
    days = WorkingDays(national()[0])
    plan = compile_plan(read_folder(PLAN), days).plan
    assert plan is not None
    return plan, Clock(plan.zone, plan.hours, days, plan.school)


def peak(years: int) -> int:
    """The most memory a run of so many years holds at once, in bytes."""
    plan, clock = fresh()
    plan = replace(plan, in_force=date(2019, 1, 1), duties=plan.duties[:100])
    tracemalloc.start()
    simulate(plan, clock, Scenario(date(2026 - years, 1, 1), date(2025, 12, 31)))
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def main() -> bool:
    """Print the ratios; True where all bars hold."""
    stats = interleaved({"expansion": Timed(fresh, expand), "simulation": Timed(fresh, run)})
    tasks, events = expand(fresh()), run(fresh())
    table(stats)
    an_event = stats["simulation"].cpu_median / events
    an_occurrence = stats["expansion"].cpu_median / tasks
    print(f"S9  {events} events, {an_event * 1e6:.1f} µs each")
    print(f"    {tasks} occurrences, {an_occurrence * 1e6:.2f} µs each")
    plan, clock = worked()
    _, cpu = once(lambda: simulate(plan, clock, Scenario(*year_named(plan))))
    peak(1)  # what is imported or kept once is not counted
    two, four = peak(2), peak(4)
    print(f"    memory {two / 1e6:.1f} MB for two years, {four / 1e6:.1f} MB for four")
    return all(
        (
            report("S9 an event against an occurrence expanded", an_event / an_occurrence, 12),
            report("S9 memory of four years against two", four / two, 1.5),
            report("S9 the worked plan's year, CPU seconds", cpu, 2),
        )
    )


if __name__ == "__main__":
    sys.exit(not main())
