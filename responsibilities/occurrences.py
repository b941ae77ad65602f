"""Which tasks a duty asks for, and when: one for each nominal period and responsible unit.

The key is `plan/period/duty/unit` for ever. Dates are computed once per period and shared by all
units; a revised calendar moves them and never makes or unmakes a key (holidays apart).
"""

from collections.abc import Iterator
from datetime import datetime

from responsibilities.calendars.clock import Clock
from responsibilities.delegation import parts
from responsibilities.draws import dated_days, next_look
from responsibilities.incidents import event_occurrences
from responsibilities.phases import days_of
from responsibilities.plan import Duty, Kind, Plan
from responsibilities.renewals import Chain, is_renewing, next_renewal, renewing
from responsibilities.series import Dated, series_of
from responsibilities.tasks import Occurrence
from responsibilities.windows import NEVER, Spans, first_inside, inside
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


def occurrences(
    plan: Plan,
    duty: Duty,
    clock: Clock,
    since: datetime,
    until: datetime,
    chain: Chain | None = None,
) -> Iterator[Occurrence]:
    """The tasks with since < opens_at <= until, in order of opening, units as the duty lists them.

    Nothing opens before the plan is in force or after it ends. Kinds without a schedule (event,
    policy, metric) have none. What is known comes first; then `Refused` where the calendars end.
    """
    for one in dated(plan, duty, clock, since, until, chain=chain):
        yield from fan_out(plan, duty, one)


def fan_out(plan: Plan, duty: Duty, one: Dated) -> Iterator[Occurrence]:
    """One occurrence for each responsible unit, or for each holder who is asked.

    Behind all units come the parts of their delegates.
    """
    period, subject, opens_at, due_at, lapses_at, provisional, asked = one
    head = f"{plan.id}/{period}/{duty.id}/"
    if asked is None:
        for unit in duty.responsible if duty.delegate is None else _holders(plan, duty):
            yield Occurrence(
                head + unit, period, subject, unit, opens_at, due_at, lapses_at, provisional
            )
        return
    for name, unit, _ in asked:
        yield Occurrence(
            head + name, period, subject, unit, opens_at, due_at, lapses_at, provisional
        )


def _holders(plan: Plan, duty: Duty) -> tuple[str, ...]:
    units = duty.responsible
    return (*units, *(part for unit in units for part in parts(plan, duty, unit)))


def dated(
    plan: Plan,
    duty: Duty,
    clock: Clock,
    since: datetime,
    until: datetime,
    spans: Spans = NEVER,
    chain: Chain | None = None,
) -> Iterator[Dated]:
    """The periods of `duty` with since < opens_at <= until, in order; errors as `occurrences`.

    `spans`: when the plan's run-time windows were open; a duty of a window is asked for only then.
    `chain`: for a duty that counts from the last time it was done, how far each holder has come
    (by default nobody has done anything yet); whatever of it is not open by `until` is asked for.
    """
    if duty.draw is not None:
        return iter(dated_days(plan, duty, clock, since, until))
    if is_renewing(duty):
        return renewing(plan, duty, clock, until, chain or Chain(since, {}))
    series = series_of(plan, duty, clock)
    if series is None:
        return iter(())
    if duty.window is not None:
        return inside(series, spans.get(duty.window, ()), since, until)
    return series.between(since, until)


def next_opening(
    plan: Plan,
    duty: Duty,
    clock: Clock,
    after: datetime,
    spans: Spans = NEVER,
    chain: Chain | None = None,
) -> datetime | None:
    """When the next period after `after` opens; for drawn days, when to look again.

    None: never again, or not within the calendars' data: ask `beyond` which of the two it is.
    """
    if duty.draw is not None:
        return next_look(plan, clock, after)
    if is_renewing(duty):
        return next_renewal(plan, duty, clock, after, chain or Chain(after, {}))
    series = series_of(plan, duty, clock)
    if series is not None and duty.window is not None:
        try:
            found = first_inside(series, spans.get(duty.window, ()), after)
        except Refused:
            return None
    else:
        found = series.after(after) if series else None
    return found.opens_at if found else None


def beyond(
    plan: Plan, duty: Duty, clock: Clock, after: datetime, spans: Spans = NEVER
) -> Words | None:
    """Why nothing is known to open after `after`: what is missing; None where a series is over."""
    series = series_of(plan, duty, clock)
    if duty.draw is not None and next_look(plan, clock, after) is None and not plan.until:
        return clock.working.beyond(clock.day(after)).words
    if series is None or (plan.until and clock.day(after) > plan.until):
        return None
    if duty.window is not None and all(
        span.closes_at is not None and span.closes_at <= after
        for span in spans.get(duty.window, ())
    ):
        return None  # closed: it opens when the office says so
    end = clock.end_of_day(clock.working.last)
    try:
        if next(series.between(after, max(after, end)), None) is not None:
            return None
    except Refused as refused:
        return refused.words
    phase = days_of(plan, duty)
    if phase is not None and phase.last <= clock.working.last:
        return None
    return None if duty.kind is Kind.ONCE else clock.working.beyond(clock.day(end)).words
