"""`python -m tests.stories.approve`: write the worked plan's year as it is now, to be read.

The test compares; whoever runs this reads the difference in git before committing it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from office.workplace import clock_of
from responsibilities.calendars.clock import Clock
from responsibilities.plan import Plan
from responsibilities.simulation.simulate import (
    Happening,
    Scenario,
    Simulation,
    line,
    school_year,
    simulate,
    text,
)
from tests.stories.town import plan_told

YEAR = "2026-27"
APPROVED = Path(__file__).parents[1] / "approved" / "anti-fraud-2026-27.txt"


def simulated(plan: Plan, clock: Clock) -> tuple[Scenario, Simulation, list[Happening]]:
    """The year as `duban simulate` has it, seed 1, with everything that happens in it."""
    scenario = Scenario(*school_year(plan, YEAR))
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


if __name__ == "__main__":
    compiled = plan_told(None).plan
    assert compiled is not None
    _, year, happened = simulated(compiled, clock_of(compiled))
    APPROVED.write_text(as_read(year, happened, compiled, clock_of(compiled)), "utf-8")
