"""Which tasks a duty asks for, and when: one for each nominal period and responsible unit.

The key is `plan/period/duty/unit` for ever. Dates are computed once per period and shared by all
units; a revised calendar moves them and never makes or unmakes a key (holidays apart).
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from operator import attrgetter
from typing import Final, NamedTuple

from responsibilities.civil import Period
from responsibilities.clock import Clock
from responsibilities.incidents import event_occurrences
from responsibilities.moments import Resolver, Scope, resolver
from responsibilities.periods import ONCE, declared_until, neighbour, periods
from responsibilities.plan import Duty, Kind, Plan
from responsibilities.reach import early, reach_of
from responsibilities.rhythm import Cycle, Rhythm, When
from responsibilities.tasks import Occurrence
from responsibilities.words import Refused, Words

__all__ = [
    "Dated",
    "beyond",
    "dated",
    "event_occurrences",
    "fan_out",
    "next_opening",
    "occurrences",
]

_SCHEDULED: Final = frozenset({Kind.RECURRING, Kind.STANDING, Kind.ONCE})
_INSTANT: Final = timedelta(microseconds=1)
_HORIZONS: Final = (40, 400, 4000, 40000)
"""How many days ahead the next opening is looked for, one try after the other."""


class Dated(NamedTuple):
    """One period of a duty with its dates: what all responsible units share."""

    period: str
    subject: str
    """The period it is about; the period itself where the one before was never declared."""
    opens_at: datetime
    due_at: datetime
    lapses_at: datetime | None
    provisional: bool


def occurrences(
    plan: Plan, duty: Duty, clock: Clock, since: datetime, until: datetime
) -> Iterator[Occurrence]:
    """The tasks with since < opens_at <= until, in order of opening, units as the duty lists them.

    Nothing opens before the plan is in force or after it ends. Kinds without a schedule (event,
    policy, metric) have none. What is known comes first; then `Refused` where the calendars end.
    """
    for one in dated(plan, duty, clock, since, until):
        yield from fan_out(plan, duty, one)


def fan_out(plan: Plan, duty: Duty, one: Dated) -> Iterator[Occurrence]:
    """One occurrence for each responsible unit."""
    period, subject, opens_at, due_at, lapses_at, provisional = one
    head = f"{plan.id}/{period}/{duty.id}/"
    for unit in duty.responsible:
        yield Occurrence(
            head + unit, period, subject, unit, opens_at, due_at, lapses_at, provisional
        )


def dated(
    plan: Plan, duty: Duty, clock: Clock, since: datetime, until: datetime
) -> Iterator[Dated]:
    """The periods of `duty` with since < opens_at <= until, in order; errors as `occurrences`."""
    if duty.when is None or duty.kind not in _SCHEDULED:
        return
    since = max(since, clock.at(plan.in_force, time(0)) - _INSTANT)
    if plan.until is not None:
        until = min(until, clock.end_of_day(plan.until) - _INSTANT)
    found: list[Dated] = []
    beyond: Refused | None = None
    if since < until:
        try:
            for one in _unsorted(plan, duty, duty.when, clock, since, until):
                found.append(one)
        except Refused as refused:
            beyond = refused
    found.sort(key=attrgetter("opens_at"))
    yield from found
    if beyond is not None:
        raise beyond


def next_opening(plan: Plan, duty: Duty, clock: Clock, after: datetime) -> datetime | None:
    """When the next period after `after` opens.

    None: never again, or not within the calendars' data: ask `beyond` which of the two it is.
    """
    end = clock.end_of_day(clock.working.last)
    for days in _HORIZONS:
        until = min(after + timedelta(days=days), end)
        try:
            first = next(dated(plan, duty, clock, after, until), None)
        except Refused:
            return None
        if first is not None or until == end:
            return first.opens_at if first else None
    return None


def beyond(plan: Plan, duty: Duty, clock: Clock, after: datetime) -> Words | None:
    """Why nothing is known to open after `after`: what is missing; None where a series is over."""
    if duty.kind not in _SCHEDULED or (plan.until and clock.day(after) > plan.until):
        return None
    end = clock.end_of_day(clock.working.last)
    try:
        for _ in dated(plan, duty, clock, after, max(after, end)):
            return None
    except Refused as refused:
        return refused.words
    return None if duty.kind is Kind.ONCE else clock.working.beyond(clock.day(end)).words


def _unsorted(
    plan: Plan, duty: Duty, when: When, clock: Clock, since: datetime, until: datetime
) -> Iterator[Dated]:
    rhythm = duty.rhythm
    read = resolver(when, Scope(plan, clock, rhythm))
    if duty.kind is Kind.ONCE or rhythm is None:
        candidates: Iterator[Period] = iter(
            [Period(ONCE, plan.in_force, plan.until or clock.working.last)]
        )
        skips = subject = None
    else:
        candidates = _candidates(when, rhythm, clock, clock.day(since), clock.day(until))
        skips = clock if when.skip_empty and rhythm.cycle is not Cycle.HOLIDAY else None
        subject = partial(_about, rhythm, duty.subject, clock) if duty.subject else None
    for period in _in_reach(candidates, read, when, clock, clock.day(until)):
        if skips and not skips.working.count(period.first, period.last):
            continue
        window = read.window(period)
        if since < window.opens_at <= until:
            yield Dated(period.id, subject(period) if subject else period.id, *window)


def _candidates(
    when: When, rhythm: Rhythm, clock: Clock, since: date, until: date
) -> Iterator[Period]:
    """All periods that may open in (since, until]; then Refused where one is not declared yet."""
    reach = reach_of(when, rhythm)
    first, last = since - timedelta(days=reach.lag), until + timedelta(days=reach.lead)
    declared = declared_until(rhythm, clock)
    if declared is not None and until + timedelta(days=reach.sure) <= declared:
        last = min(last, declared)  # what comes after cannot open yet, so it need not be known
    return periods(rhythm, first, last, clock)


def _in_reach(
    candidates: Iterator[Period], read: Resolver, when: When, clock: Clock, until: date
) -> Iterator[Period]:
    """Stop at the first period that cannot open by `until`: what lies after it may be unknown."""
    last = until + timedelta(days=early(when))
    for period in candidates:
        opens_on = read.opens_on(period)
        if opens_on > last:
            return
        if opens_on >= clock.working.first:
            yield period


def _about(rhythm: Rhythm, n: int, clock: Clock, period: Period) -> str:
    try:
        return neighbour(rhythm, period, n, clock).id
    except Refused:
        return period.id
