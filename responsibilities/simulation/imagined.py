"""Incidents for a simulation: how many, when, where and what, by seed. Nobody real is in them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from responsibilities.calendars.clock import Clock, Unit
from responsibilities.draws import draw as draw_lots
from responsibilities.draws import label_of, periods_in, population, with_draws
from responsibilities.incidents import ACTIVITY
from responsibilities.plan import Drawn, EventType, FieldKind, Plan
from responsibilities.simulation.chance import draw, draws
from responsibilities.simulation.conduct import Scenario
from responsibilities.tasks import Event
from responsibilities.windows import Span, Spans
from responsibilities.words import Refused


def incidents(plan: Plan, kind: EventType, scenario: Scenario, start: datetime) -> Iterator[Event]:
    """The events of one type in the span that begins at `start`; not in order of time."""
    days = (scenario.last - scenario.first).days + 1
    rate = scenario.rates.get(kind.id, scenario.incidents)
    whole, rest = divmod(rate * days / 365, 1)
    number = int(whole) + (draw(scenario.seed, f"rate {kind.id}") < rest)
    for place in range(1, number + 1):
        event_id = f"E-{kind.id}-{place:03d}"
        luck = draws(scenario.seed, event_id)
        known = start + timedelta(minutes=int(luck[0] * days * 1440))
        reported = known + timedelta(minutes=5 + int(luck[1] * 20))
        places = kind.units or tuple(unit.id for unit in plan.units)
        unit = places[int(luck[2] * len(places))]
        marks = {"发生": known - timedelta(hours=1), "知悉": known, "报告": reported}
        if kind.ahead:
            marks[ACTIVITY] = known + timedelta(days=_AHEAD * luck[3])
        yield Event(event_id, plan.id, kind.id, unit, _fields(kind, unit, luck), marks, reported)


_CLOSING: Final = timedelta(days=10)
_REPEATS: Final = 6


def closed_at(plan: Plan, kind: str, reported_at: datetime, clock: Clock) -> datetime:
    """When an incident of type `kind` is closed (结案): ten days after its report.

    Where reports repeat until then, after six: nobody reports every four hours for ten days.
    """
    stages = (stage for duty in plan.duties if duty.event == kind for stage in duty.stages)
    repeats = [stage.repeat for stage in stages if stage.repeat is not None]
    ends = [clock.add(reported_at, _REPEATS * one.number, Unit(one.unit)) for one in repeats]
    return min(ends, default=reported_at + _CLOSING)


_AHEAD: Final = 40
"""Days: as long before it takes place is an activity (活动) entered in a run, at most."""
_EVERY: Final = 180
_LASTS: Final = 10
"""Days: how often a run-time window (敏感时期) is imagined, and how long it lasts."""


def windows(plan: Plan, scenario: Scenario, start: datetime) -> Spans:
    """When the plan's run-time windows are open in the run: by chance, twice a year."""
    parts = -(-((scenario.last - scenario.first).days + 1) // _EVERY)
    found: dict[str, list[Span]] = {}
    for window in plan.windows:
        for part in range(parts):
            luck = draw(scenario.seed, f"window {window.id} {part}")
            opens_at = start + timedelta(days=part * _EVERY + int(luck * (_EVERY - _LASTS)))
            found.setdefault(window.id, []).append(Span(opens_at, opens_at + timedelta(_LASTS)))
    return found


def drawn(plan: Plan, clock: Clock, scenario: Scenario) -> Plan:
    """`plan` with its days drawn for the run, by the run's own seed: nobody's real draw."""
    found: dict[str, list[Drawn]] = {}
    for duty in plan.duties:
        if duty.draw is None:
            continue
        first = max(scenario.first, plan.in_force)
        with suppress(Refused):  # a period that reaches beyond the calendars is not drawn
            for period in periods_in(plan, duty, clock, first, scenario.last):
                label = label_of(plan.id, duty.id, period.id)
                given = population(plan, duty, clock, period, first)
                found.setdefault(duty.id, []).append(draw_lots(label, scenario.seed, given))
    return with_draws(plan, found) if found else plan


def _fields(kind: EventType, unit: str, luck: tuple[float, ...]) -> dict[str, Any]:
    """Something plausible in every field."""
    found: dict[str, Any] = {}
    for place, field in enumerate(kind.fields):
        chance = luck[3 + place % 5]
        if field.kind is FieldKind.NUMBER:
            least = field.minimum or 0
            most = field.maximum if field.maximum is not None else least + 99_999
            found[field.id] = least + int(chance * (most - least + 1))
        elif field.kind is FieldKind.CHOICE:
            found[field.id] = field.choices[int(chance * len(field.choices))]
        elif field.kind is FieldKind.YES_NO:
            found[field.id] = chance < 0.5
        else:
            found[field.id] = unit if field.kind is FieldKind.UNIT else "（模拟）"
    return found
