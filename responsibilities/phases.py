"""Phases of a plan (动员部署、集中整治、总结提升): which periods of a duty belong to one.

A period belongs to the phase that its middle day lies in, as a week belongs to the month of its
Thursday: two phases that follow each other share no task and lose none. Of a period that reaches
out of the phase only the days inside are meant. The key stays the whole period's.
"""

from collections.abc import Iterable, Iterator

from responsibilities.calendars.dates import Span
from responsibilities.civil import Period
from responsibilities.periods import middle
from responsibilities.plan import Duty, Phase, Plan
from responsibilities.words import Words


def phase_of(plan: Plan, duty: Duty) -> Phase | None:
    """The phase that limits `duty`; None where it runs as long as the plan."""
    if duty.phase is None:
        return None
    return next((phase for phase in plan.phases if phase.id == duty.phase), None)


def days_of(plan: Plan, duty: Duty) -> Span | None:
    """The days of the phase that limits `duty`."""
    phase = phase_of(plan, duty)
    return phase.days if phase else None


def parts_in(days: Span, periods: Iterable[Period]) -> Iterator[Period]:
    """The periods whose middle day lies in `days`, each cut to the days inside."""
    for period in periods:
        if middle(period) in days:
            first, last = max(period.first, days.first), min(period.last, days.last)
            yield Period(period.id, first, last)


def say_phase(phase: Phase) -> Words:
    """集中整治阶段（2026-04-21至2026-06-10）."""
    first, last = phase.days
    return Words(f"{phase.name}（{first}至{last}）", f"{phase.name} ({first} to {last})")
