"""How units and reviewers behave in a simulation: prompt, late or silent, by seed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Clock, Unit
from responsibilities.plan import Plan
from responsibilities.same import Same
from responsibilities.simulation.chance import draw, draws
from responsibilities.words import Refused, Words

_DAY: Final = timedelta(days=1)
_CIVIL: Final = re.compile("[12][0-9]{3}")


class Temper(StrEnum):
    """What sort of unit."""

    PROMPT = "prompt"
    """Hands in within the window."""
    LATE = "late"
    """Hands in one to eight working days after the due date, or asks for more time."""
    SILENT = "silent"
    """Moves, if ever, when the ladder has reached its end."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A span of days and a mix of units; shares are of 1."""

    first: date
    last: date
    seed: str = "1"
    prompt: float = 0.7
    late: float = 0.2
    """The rest is silent."""
    returned: float = 0.08
    """Share of first submissions that the reviewer returns."""
    extended: float = 0.25
    """Share of a late unit's tasks for which it asks, and gets, five more working days."""
    incidents: float = 6
    """Events of each type in a year, where `rates` says nothing else."""
    rates: Mapping[str, float] = field(default_factory=dict)
    """Events in a year by event type."""
    tempers: Mapping[str, Temper] = field(default_factory=dict)
    """Units whose temper is given rather than drawn."""


class Conduct(NamedTuple):
    """What a unit will do about one task; None: nothing."""

    submits_at: datetime | None
    asks_at: datetime | None
    extended_to: datetime | None
    is_returned: bool
    slowness: float
    """0..1: how long the reviewer takes, and how soon a returned matter comes back."""


IDLE: Final = Conduct(None, None, None, False, 0.5)
"""Does nothing for the rest of the run."""


def year_named(plan: Plan, year: str = "") -> tuple[date, date]:
    """First and last day of a year: a declared academic one (`2026-27`), or a civil one (`2026`).

    By default the first academic year in force, or the civil year in which the plan takes force.
    """
    years = plan.school.academic_years() if plan.school else ()
    for one in years:
        if one.id == year or (not year and one.last >= plan.in_force):
            return one.first, one.last
    civil = year or ("" if years else str(plan.in_force.year))
    if _CIVIL.fullmatch(civil):
        return date(int(civil), 1, 1), date(int(civil), 12, 31)
    known = "、".join(one.id for one in years) or "—"
    raise Refused(
        Words(
            f"没有{year or '可模拟的'}学年的校历（已有：{known}）；公历年写四位数字，如 2026。",
            f"There is no school calendar for {year or 'any year in force'} (held: {known}); "
            "a civil year has four digits, e.g. 2026.",
        )
    )


def temper(scenario: Scenario, unit: str) -> Temper:
    """The temper of a unit for the whole run."""
    given = scenario.tempers.get(unit)
    if given is not None:
        return given
    luck = draw(scenario.seed, f"unit {unit}")
    if luck < scenario.prompt:
        return Temper.PROMPT
    return Temper.LATE if luck < scenario.prompt + scenario.late else Temper.SILENT


def conduct(
    scenario: Scenario, how: Temper, key: str, opens_at: datetime, due_at: datetime, clock: Clock
) -> Conduct:
    """What a unit of temper `how` does about the task `key`."""
    when, far, ask, back, slow, *_ = draws(scenario.seed, key)
    submits_at = asks_at = extended_to = None
    long = due_at - opens_at >= _DAY
    if how is Temper.PROMPT:
        submits_at = _within(opens_at, due_at, when, far, long, clock)
    elif how is Temper.SILENT:
        if far < 0.3:
            submits_at = _after(due_at, 12 + int(8 * far), when, long, clock)
    elif long and ask < scenario.extended:
        asks_at = _within(opens_at, due_at, 0.9, when, long, clock)
        extended_to = _close(due_at, 5, clock)
        submits_at = _within(due_at, extended_to, when, far, long, clock)
    else:
        submits_at = _after(due_at, 1 + int(8 * far), when, long, clock)
    return Conduct(submits_at, asks_at, extended_to, back < scenario.returned, slow)


def reviewed_at(submitted_at: datetime, slowness: float, long: bool, clock: Clock) -> datetime:
    """When the reviewer decides: next day to six working days later; urgent matters in hours."""
    days = 1 + int(2 * slowness) if slowness < 0.9 else 6
    return _after(submitted_at, days, slowness, long, clock)


def _within(
    start: datetime, end: datetime, day: float, hour: float, long: bool, clock: Clock
) -> datetime:
    """Some office hour of some working day of a window; any minute of a short one."""
    if long:
        first, days = _days(Same(clock), start, end)
        if days:
            chosen = clock.working.nth(first + int(day * days))
            return min(max(_office_hour(chosen, hour, clock), start), end)
    return start + timedelta(seconds=int((end - start).total_seconds() * day))


@lru_cache(maxsize=256)
def _days(clock: Same[Clock], start: datetime, end: datetime) -> tuple[int, int]:
    """Rank of the first working day of a window, and how many there are; shared by its units."""
    first, last, working = clock.value.day(start), clock.value.day(end), clock.value.working
    return working.rank(first), working.count(first, last)


def _after(instant: datetime, days: int, hour: float, long: bool, clock: Clock) -> datetime:
    """So many working days later at some office hour; for short windows so many quarter hours."""
    if not long:
        return instant + timedelta(minutes=15 * days, seconds=int(600 * hour))
    return _office_hour(clock.working.shift(clock.day(instant), days), hour, clock)


def _office_hour(day: date, hour: float, clock: Clock) -> datetime:
    opening, closing = clock.hours.opening, clock.hours.closing
    minutes = (closing.hour - opening.hour) * 60 + closing.minute - opening.minute
    return clock.at(day, opening) + timedelta(seconds=int(minutes * 60 * hour))


def _close(instant: datetime, days: int, clock: Clock) -> datetime:
    return clock.closing(clock.shift(clock.day(instant), days, Unit.WORKING_DAY))


def current_year(plan: Plan, today: date) -> str:
    """The academic year that `today` lies in, else the last one declared; the civil year without
    a school calendar.
    """
    years = plan.school.academic_years() if plan.school else ()
    current = [one.id for one in years if one.first <= today <= one.last]
    civil = str(max(today, plan.in_force).year)
    return (current or [one.id for one in years] or [civil])[-1]
