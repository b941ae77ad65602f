"""Two versions of a plan side by side: what changes in words, in the next dates, in a year's load.

The year is simulated under both versions with the same seed, so that a unit behaves alike and only
the rules differ. Both are taken as in force from the earlier of their two days, without an end: a
version that begins in the middle of the year is compared by its rules, not by its half year.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from responsibilities.calendars.clock import Clock
from responsibilities.difference import Difference, difference
from responsibilities.occurrences import Dated
from responsibilities.plan import Duty, Plan
from responsibilities.series import series_of
from responsibilities.simulation.conduct import Scenario
from responsibilities.simulation.outcome import UnitYear
from responsibilities.simulation.simulate import simulate

SHOWN = 3
"""How many dates of a duty are compared."""


class Version(NamedTuple):
    """A plan with the clock it runs by."""

    plan: Plan
    clock: Clock


class DutyDates(NamedTuple):
    """The next windows of a duty (opens at, due at) under the old and under the new version."""

    duty: str
    title: str
    before: tuple[Dated, ...]
    after: tuple[Dated, ...]


class Load(NamedTuple):
    """What a year comes to for one unit."""

    tasks: int = 0
    letters: int = 0
    escalations: int = 0
    minutes: int = 0
    """Of filling in, an estimate by the rule of `burden`."""


class UnitLoad(NamedTuple):
    """One unit's year under both versions; nothing where a version does not know the unit."""

    unit: str
    name: str
    before: Load
    after: Load


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything a leader is shown before a version is adopted."""

    title: str
    difference: Difference
    titles: Mapping[str, str]
    """Of every duty of either version."""
    dates: tuple[DutyDates, ...]
    """Duties whose next dates differ, also by a new calendar alone."""
    load: tuple[UnitLoad, ...] = ()
    """Every unit of either version; empty where no year was simulated."""


def compare(
    old: Version | None,
    new: Version,
    now: datetime,
    left_alone: Mapping[str, int] | None = None,
    scenario: Scenario | None = None,
) -> Comparison:
    """`new` against `old` as of `now`; with a `scenario`, also that year's load under both."""
    held = old.plan.duties if old else ()
    return Comparison(
        new.plan.title,
        difference(old.plan if old else None, new.plan, left_alone),
        {duty.id: duty.title for duty in (*held, *new.plan.duties)},
        tuple(_dates(old, new, now)) if old else (),
        tuple(_loads(old, new, scenario)) if old and scenario else (),
    )


def _dates(old: Version, new: Version, now: datetime) -> Iterator[DutyDates]:
    held = {duty.id: duty for duty in old.plan.duties}
    coming = {duty.id: duty for duty in new.plan.duties}
    for id_, duty in {**held, **coming}.items():
        before = tuple(_next(old, held[id_], now)) if id_ in held else ()
        after = tuple(_next(new, coming[id_], now)) if id_ in coming else ()
        if [(d.opens_at, d.due_at) for d in before] != [(d.opens_at, d.due_at) for d in after]:
            yield DutyDates(id_, duty.title, before, after)


def _next(version: Version, duty: Duty, after: datetime) -> Iterator[Dated]:
    series = series_of(version.plan, duty, version.clock)
    for _ in range(SHOWN if series else 0):
        assert series is not None
        found = series.after(after)
        if found is None:
            return
        yield found
        after = found.opens_at


def _loads(old: Version, new: Version, scenario: Scenario) -> Iterator[UnitLoad]:
    start = min(old.plan.in_force, new.plan.in_force)
    before, after = (
        {unit.unit: unit for unit in _year(version, start, scenario)} for version in (old, new)
    )
    for unit in {**before, **after}.values():
        yield UnitLoad(
            unit.unit, unit.name, _load(before.get(unit.unit)), _load(after.get(unit.unit))
        )


def _year(version: Version, start: date, scenario: Scenario) -> tuple[UnitYear, ...]:
    plan = replace(version.plan, in_force=start, until=None)
    return simulate(plan, version.clock, scenario).units


def _load(unit: UnitYear | None) -> Load:
    if unit is None:
        return Load()
    return Load(unit.tasks, unit.letters, unit.escalations, unit.burden.minutes)
