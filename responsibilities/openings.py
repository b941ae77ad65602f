"""The tasks to open now, each with the due date, ladder place and waking time of its index."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from responsibilities.calendars.clock import Clock
from responsibilities.delegation import is_part, part_steps
from responsibilities.ladder import first_wake
from responsibilities.occurrences import Dated, dated, event_occurrences, fan_out
from responsibilities.outages import make_up
from responsibilities.plan import Base, Duty, Plan, Role, Step
from responsibilities.renewals import Chain, interval
from responsibilities.rhythm import Rhythm
from responsibilities.same import Same
from responsibilities.tasks import Event, Occurrence, Outage
from responsibilities.windows import NEVER, Spans


class Opening(NamedTuple):
    """A task to open, with everything its index needs."""

    occurrence: Occurrence
    duty: Duty
    due_at: datetime
    """After time lost to our outage was given back; the occurrence keeps the original."""
    late_by_system: bool
    lapsed: bool
    """Its lapse has passed already: open it and lapse it, telling nothing."""
    step: int
    wake_at: datetime | None


def open_tasks(
    plan: Plan,
    duty: Duty,
    clock: Clock,
    since: datetime,
    now: datetime,
    outage: Outage | None = None,
    spans: Spans = NEVER,
    chain: Chain | None = None,
) -> Iterator[Opening]:
    """The tasks of one duty with since < opens_at <= now; then Refused where calendars end."""
    for one in dated(plan, duty, clock, since, now, spans, chain):
        yield from fan_open(plan, duty, one, clock, now, outage)


def open_event(
    plan: Plan, duty: Duty, event: Event, clock: Clock, now: datetime
) -> Iterator[Opening]:
    """The tasks an event asks of `duty` so far; an event reported late gives no time back."""
    for one in event_occurrences(plan, duty, event, clock):
        dates = Dated(
            one.period, one.subject, one.opens_at, one.due_at, one.lapses_at, one.provisional
        )
        start = _start(plan, duty, dates, clock, now, None)
        yield Opening(one, duty, *start)


def fan_open(
    plan: Plan, duty: Duty, one: Dated, clock: Clock, now: datetime, outage: Outage | None
) -> Iterator[Opening]:
    """The openings of one period, one for each unit; `now` is when they are opened."""
    start = part_start = _start(plan, duty, one, clock, now, outage)
    if duty.delegate is not None:
        part_start = _start(plan, duty, one, clock, now, outage, part_steps(ladder_of(plan, duty)))
    for occurrence in fan_out(plan, duty, one):
        part = duty.delegate is not None and is_part(occurrence.unit)
        yield Opening(occurrence, duty, *(part_start if part else start))


def _start(
    plan: Plan,
    duty: Duty,
    one: Dated,
    clock: Clock,
    now: datetime,
    outage: Outage | None,
    steps: tuple[Step, ...] | None = None,
) -> tuple[datetime, bool, bool, int, datetime | None]:
    """What all units of a period share: due date, late by the system, lapsed, step, wake."""
    due_at, lapses_at = one.due_at, one.lapses_at
    late = outage is not None and outage.since < one.opens_at <= outage.until
    if outage is not None and late:
        due_at = make_up(one.opens_at, due_at, outage, clock)
        due_at = min(due_at, lapses_at) if lapses_at else due_at
    if lapses_at is not None and lapses_at <= now:
        return due_at, late, True, 0, None
    steps = ladder_of(plan, duty) if steps is None else steps
    first = first_wake(steps, one.opens_at, due_at, lapses_at, clock, now, one.due_at)
    return due_at, late, False, first.step, first.wake_at


def ladder_of(plan: Plan, duty: Duty) -> tuple[Step, ...]:
    """The steps of the ladder a duty names; none where it names none.

    Its target day, where the ladder speaks of one, is put as so much before the due date. Whoever
    helps (配合单位) hears of the opening as the unit does.
    """
    steps = next((ladder.steps for ladder in plan.ladders if ladder.id == duty.ladder), ())
    found = _aimed(Same(steps), duty.rhythm)
    return _with_help(Same(found)) if duty.co_acting else found


@lru_cache(maxsize=1024)
def _with_help(steps: Same[tuple[Step, ...]]) -> tuple[Step, ...]:
    return tuple(
        replace(step, to=(*step.to, Role.CO_ACTING))
        if step.base is Base.OPENED
        and step.offset == 0
        and Role.CONTACT in step.to
        and Role.CO_ACTING not in step.to
        else step
        for step in steps.value
    )


@lru_cache(maxsize=1024)
def _aimed(steps: Same[tuple[Step, ...]], rhythm: Rhythm | None) -> tuple[Step, ...]:
    if all(step.base is not Base.TARGET for step in steps.value):
        return steps.value
    found = []
    for step in steps.value:
        if step.base is not Base.TARGET:
            found.append(step)
        elif rhythm is not None and rhythm.target:
            ahead, unit = interval(rhythm, rhythm.target - rhythm.count)
            found.append(replace(step, base=Base.DUE, offset=ahead, unit=unit.value))
    return tuple(found)
