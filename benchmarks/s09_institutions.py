"""S9 at size: 1,000 institutions' academic year, each the worked plan with units of its own.

Every institution has its own unit ids and names and keeps its own share of the colleges; each year
has its own seed. One process, one after the other, nothing kept but the sums: memory must not grow
with their number. `python -m benchmarks.s09_institutions [NUMBER]`, 1,000 by default.
"""

import sys
import time
from collections.abc import Iterable
from dataclasses import replace

from benchmarks.measure import peak_memory, report
from benchmarks.s09_simulate import worked
from responsibilities.calendars.clock import Clock
from responsibilities.plan import Plan
from responsibilities.simulation.chance import draw
from responsibilities.simulation.simulate import Scenario, Simulation, simulate, year_named

WARM = 100
"""Institutions after which the bounded caches are full: what grows from there grows for ever."""


def institution(plan: Plan, number: int) -> Plan:
    """The worked plan for another institution: renamed units, fewer or more of those that repeat.

    A unit that answers alone for some duty stays; each of the others is kept with a chance of 0.7.
    """
    alone = {d.responsible[0] for d in plan.duties if len(d.responsible) == 1}
    needed = {plan.office, *alone, *(d.review for d in plan.duties)}
    kept = {
        unit.id
        for unit in plan.units
        if unit.id in needed or draw(f"institution {number}", unit.id) < 0.7
    }

    def own(units: Iterable[str]) -> tuple[str, ...]:
        return tuple(_named(u, number) if u in kept else u for u in units if u in kept or "@" in u)

    known = {unit.id for unit in plan.units}
    return replace(
        plan,
        id=f"{plan.id}-{number}",
        office=_named(plan.office, number),
        units=tuple(
            replace(u, id=_named(u.id, number), name=f"{u.name}{number}")
            for u in plan.units
            if u.id in kept
        ),
        groups=tuple(replace(group, units=own(group.units)) for group in plan.groups),
        rosters=tuple(
            replace(r, members={_named(u, number): m for u, m in r.members.items() if u in kept})
            for r in plan.rosters
        ),
        duties=tuple(
            replace(
                duty,
                responsible=own(duty.responsible),
                co_acting=own(duty.co_acting),
                inform=own(duty.inform),
                review=_named(duty.review, number) if duty.review in known else duty.review,
            )
            for duty in plan.duties
        ),
    )


def _named(unit: str, number: int) -> str:
    return f"{unit}.{number}"


def year(plan: Plan, clock: Clock, number: int) -> Simulation:
    """One institution's year."""
    mine = institution(plan, number)
    own_clock = Clock(mine.zone, mine.hours, clock.working, mine.school)
    return simulate(mine, own_clock, Scenario(*year_named(mine), seed=str(number)))


def main(number: int = 1000) -> bool:
    """Print the sums, the cost of a year and the growth of memory; True where the bars hold."""
    plan, clock = worked()
    tasks = letters = units = events = 0
    cpu = 0.0
    warm = peak_memory()
    for place in range(1, number + 1):
        started = time.process_time()
        found = year(plan, clock, place)
        cpu += time.process_time() - started
        tasks, letters = tasks + found.tasks, letters + found.letters
        units, events = units + len(found.units), events + found.happenings
        if place == WARM:
            warm = peak_memory()
        if place % max(number // 10, 1) == 0:
            print(
                f"    {place} institutions, {cpu:.0f} s CPU, {peak_memory() / 1e6:.0f} MB",
                flush=True,
            )
    print(f"S9  {number} institutions, {units} units, {tasks} tasks, {letters} letters")
    print(f"    {events} events, {cpu / events * 1e6:.0f} µs each, {cpu / number:.2f} s a year")
    return all(
        (
            report(
                f"S9 memory after {number} institutions against {WARM}", peak_memory() / warm, 1.1
            ),
            report("S9 one institution's year of many, CPU seconds", cpu / number, 2),
        )
    )


if __name__ == "__main__":
    sys.exit(not main(*map(int, sys.argv[1:2])))
