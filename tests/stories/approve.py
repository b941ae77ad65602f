"""`python -m tests.stories.approve [PLAN…]`: write the worked plans' years as they are now.

The test compares; whoever runs this reads the difference in git before committing it.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path

from office.calendars import working_days
from office.workplace import clock_of
from responsibilities.calendars.clock import Clock
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.plan import Plan
from responsibilities.simulation.simulate import (
    Happening,
    Scenario,
    Simulation,
    line,
    simulate,
    text,
    year_named,
)
from storage.plan_folder import read_folder

PLANS = Path(__file__).parents[2] / "responsibilities" / "plans"
YEARS = {
    "anti-fraud": "2026-27",
    "flood-duty": "2026",
    "infection-control": "2026",
    "work-safety": "2026",
}
"""The year of each plan that is read and approved: an academic year, or a civil one."""
LIVED = {"flood-duty": 150, "work-safety": 31}
"""Days of the year that a plan with daily duties is lived through (two weeks of the flood season);
the whole of it in a soak."""


def approved(name: str) -> Path:
    """The file that holds the plan's year as a person has read it."""
    return Path(__file__).parents[1] / "approved" / f"{name}-{YEARS[name]}.txt"


def written(name: str) -> Compiled:
    """A plan of `responsibilities/plans`, compiled."""
    return compile_plan(read_folder(PLANS / name), working_days())


def simulated(
    plan: Plan, clock: Clock, days: int | None = None
) -> tuple[Scenario, Simulation, list[Happening]]:
    """The year (or its first days) as `duban simulate` has it, seed 1, with all that happens."""
    first, last = year_named(plan, YEARS[plan.id])
    scenario = Scenario(first, first + timedelta(days - 1) if days else last)
    happenings: list[Happening] = []
    return scenario, simulate(plan, clock, scenario, happenings.append), happenings


def as_read(found: Simulation, happenings: Sequence[Happening], plan: Plan, clock: Clock) -> str:
    """The report, and then a line for everything that happens, units of one moment together."""
    return "\n".join([text(found), *_lines(happenings, plan, clock), ""])


def _lines(happenings: Sequence[Happening], plan: Plan, clock: Clock) -> Iterator[str]:
    names = {unit.id: unit.name for unit in plan.units}
    split = [_split(one, names, line(one, plan, clock)) for one in happenings]
    for (before, after), group in groupby(split, key=lambda parts: (parts[0], parts[2])):
        yield before + "、".join(unit for _, unit, _ in group) + after


def _split(one: Happening, names: dict[str, str], whole: str) -> tuple[str, str, str]:
    unit = names.get(one.key.rpartition("/")[2], "")
    before, found, after = whole.partition(f"{unit}《")
    return (before, unit, f"《{after}") if unit and found else (whole, "", "")


def main(names: Sequence[str]) -> None:
    """Write the years of the plans named; of all where none is."""
    for name in names or YEARS:
        plan = written(name).plan
        assert plan is not None, f"{name} does not compile: duban check {PLANS / name}"
        clock = clock_of(plan)
        _, year, happened = simulated(plan, clock)
        approved(name).write_text(as_read(year, happened, plan, clock), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
