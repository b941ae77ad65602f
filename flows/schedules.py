"""From a compiled plan to what Prefect shall know: one deployment per department, as values.

Schedules are hints: each knocks at the instants at which duties of the department open or are due,
so that tasks open and letters leave on the minute. What is due is decided by reconcile alone.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from responsibilities.calendars.clock import Clock
from responsibilities.occurrences import dated
from responsibilities.plan import Duty, Kind, Plan
from responsibilities.reach import life_of
from responsibilities.rhythm import Cycle, Rhythm
from responsibilities.windows import NEVER, Span
from responsibilities.words import Refused

POOL = "duban"
"""Name of the work pool: whoever polls it (`duban up`, or a Prefect worker) runs our flows."""
TAG = "duban"
"""Carried by every deployment of ours, so that stale ones are found."""
TAGGED = 3
"""As many units as stand in the tags; a department of more carries its own id."""
MAX_DATES = 400
"""Prefect refuses rules over 6,500 characters: 405 dates, less the DTSTART line it adds itself."""
PROOF = timedelta(days=360)
"""A rhythm is cron-like only if it was so for a year, in which every holiday had its chance."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """One schedule of a deployment: either `cron` or `rrule`, in local time of `timezone`.

    `slug` is the name by which Prefect knows it again; it depends on the rhythm alone.
    """

    slug: str
    timezone: str
    cron: str | None = None
    rrule: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeploymentSpec:
    """A flow with its parameters and schedules, as both `duban up` and prefect.yaml declare it."""

    name: str
    entrypoint: str
    description: str
    tags: tuple[str, ...]
    parameters: Mapping[str, str]
    schedules: tuple[ScheduleSpec, ...]


def deployments(plan: Plan, clock: Clock, as_of: datetime) -> tuple[DeploymentSpec, ...]:
    """One deployment per department (duty file) of the plan, in the order of the duties.

    Dates run from `as_of` to the end of the known calendars, never beyond them.
    """
    departments: dict[str, list[Duty]] = {}
    for duty in plan.duties:
        if duty.kind not in (Kind.POLICY, Kind.METRIC):
            departments.setdefault(duty.department, []).append(duty)
    return tuple(
        DeploymentSpec(
            name=f"{plan.id}.{department}",
            entrypoint="flows.department.department",
            description=_description(plan, duties),
            tags=_tags(plan, department, duties),
            parameters={"plan": plan.id, "department": department},
            schedules=tuple(_schedules(plan, duties, clock, as_of)),
        )
        for department, duties in departments.items()
    )


def heartbeats(plans: Sequence[Plan]) -> tuple[DeploymentSpec, ...]:
    """What must happen whatever the plans say: reconcile, the post, and Prefect's own house."""
    zone = plans[0].zone if plans else "Asia/Shanghai"
    return tuple(
        DeploymentSpec(
            name=name,
            entrypoint=f"flows.heartbeats.{name}",
            description=description,
            tags=(TAG, "heartbeat"),
            parameters={},
            schedules=(ScheduleSpec(slug=name, timezone=zone, cron=cron),),
        )
        for name, cron, description in (
            ("reconcile", "*/5 * * * *", "对账：补办一切到期事项，不论排程是否运行。"),
            ("mailroom", "2-59/5 * * * *", "收发：寄出待发信件。"),
            (
                "housekeeping",
                "30 3 * * *",
                "清理：删除 Prefect 中过期的运行记录（督办记录不受影响）。",
            ),
        )
    )


def slug_of(rhythm: Rhythm | None) -> str:
    """An ASCII name for a rhythm, the same for ever; `once` where there is none."""
    if rhythm is None:
        return "once"
    count = f"{rhythm.count}-" if rhythm.count > 1 else ""
    count = f"{rhythm.target}-to-{count}" if rhythm.target else count
    parts = [f"every-{count}{rhythm.cycle.value.replace('_', '-')}"]
    if rhythm.since is not None:
        parts.append(f"since-{rhythm.since}")
    if rhythm.times > 1:
        parts.append(f"{rhythm.times}-times")
    if rhythm.months:
        parts.append("in-" + "-".join(map(str, rhythm.months)))
    if rhythm.days:
        parts.append("from-{:04}-to-{:04}".format(*rhythm.days))
    if rhythm.season:
        parts.append(rhythm.season.value)
    if rhythm.holidays:
        # names are Chinese; a slug is not
        parts.append(hashlib.sha256("、".join(rhythm.holidays).encode()).hexdigest()[:6])
    return "-".join(parts)


def instants(
    plan: Plan, duty: Duty, clock: Clock, as_of: datetime
) -> tuple[set[datetime], set[datetime]]:
    """When tasks of the duty open, and when they are due: after `as_of`, as far as is known.

    Nobody knows when a run-time window (敏感时期) is open, so its duties knock as if it were. Days
    drawn by lot are nobody's to read in Prefect: the beat that always runs opens what they ask for.
    """
    opens: set[datetime] = set()
    due: set[datetime] = set()
    if duty.draw is not None:
        return opens, due
    end = clock.end_of_day(clock.working.last)
    life = life_of(duty.when, duty.rhythm)
    spans = {duty.window: (Span(as_of - life, None),)} if duty.window else NEVER
    # what is known comes first; then Refused, where the calendars end
    with suppress(Refused):
        for one in dated(plan, duty, clock, as_of - life, end, spans):
            if one.opens_at > as_of:
                opens.add(one.opens_at)
            if one.due_at > as_of:
                due.add(one.due_at)
    return opens, due


def schedule(
    slug: str, zone: str, rhythm: Rhythm | None, local: Sequence[datetime]
) -> ScheduleSpec:
    """The schedule that fires at the `local` instants (naive, sorted, without doubles).

    Exactly at them, as cron or as a list of dates; a rhythm with more dates than a list holds gets
    a cron that fires at all of them and more often.
    """
    parameters = {"schedule": slug}
    cron = _exact_cron(rhythm, local)
    if cron is None and len(local) > MAX_DATES:
        cron = _covering_cron(local)
    if cron is not None:
        return ScheduleSpec(slug, zone, cron=cron, parameters=parameters)
    # never with a Z: Prefect would take 08:00Z for 08:00 local time, eight hours off
    dates = ",".join(instant.strftime("%Y%m%dT%H%M%S") for instant in local)
    return ScheduleSpec(slug, zone, rrule=f"RDATE:{dates}", parameters=parameters)


def _schedules(
    plan: Plan, duties: Iterable[Duty], clock: Clock, as_of: datetime
) -> Iterable[ScheduleSpec]:
    timed = [duty for duty in duties if duty.when is not None and duty.kind is not Kind.EVENT]
    timed.sort(key=lambda duty: slug_of(duty.rhythm))
    for slug, group in groupby(timed, key=lambda duty: slug_of(duty.rhythm)):
        opens: set[datetime] = set()
        due: set[datetime] = set()
        rhythm = None
        for duty in group:
            rhythm = duty.rhythm
            its_opens, its_due = instants(plan, duty, clock, as_of)
            opens |= its_opens
            due |= its_due
        for phase, found in (("opens", opens), ("due", due - opens)):
            if found:
                local = sorted(clock.local(instant).replace(tzinfo=None) for instant in found)
                yield schedule(f"{slug}-{phase}", plan.zone, rhythm, local)


def _exact_cron(rhythm: Rhythm | None, local: Sequence[datetime]) -> str | None:
    """A cron that says the same as the dates and goes on likewise, if the rhythm has one."""
    if rhythm is None or rhythm.count * rhythm.times != 1 or rhythm.season or not local:
        return None
    first, last = local[0], local[-1]
    times = {instant.time() for instant in local}
    if last - first < PROOF or len(times) != 1 or first.second:
        return None
    days = (first.date() + ONE_DAY * n for n in range((last - first).days + 1))
    awake = [day for day in days if not rhythm.months or day.month in rhythm.months]
    months = ",".join(map(str, sorted(rhythm.months))) or "*"
    found = [instant.date() for instant in local]
    for day, weekday, fires in _patterns(rhythm.cycle, first.date()):
        if found == [one for one in awake if fires(one)]:
            return f"{first.minute} {first.hour} {day} {months} {weekday}"
    return None


def _patterns(cycle: Cycle, first: date) -> Iterable[tuple[str, str, Callable[[date], bool]]]:
    """Day and weekday of the crons that a rhythm could be, and on which days they fire."""
    if cycle is Cycle.DAY:
        yield "*", "*", lambda day: True
    elif cycle is Cycle.WEEK:
        weekday = first.isoweekday()
        yield "*", str(weekday % 7), lambda day: day.isoweekday() == weekday
    elif cycle is Cycle.MONTH:
        yield str(first.day), "*", lambda day: day.day == first.day
        yield "L", "*", lambda day: (day + ONE_DAY).day == 1


def _covering_cron(local: Iterable[datetime]) -> str:
    """A cron that fires at all the instants, and at others: the core decides what is due."""
    minutes = sorted({instant.minute for instant in local})
    hours = sorted({instant.hour for instant in local})
    weekdays = sorted({instant.isoweekday() % 7 for instant in local})
    days = "*" if len(weekdays) == 7 else ",".join(map(str, weekdays))
    return f"{','.join(map(str, minutes))} {','.join(map(str, hours))} * * {days}"


def _tags(plan: Plan, department: str, duties: Sequence[Duty]) -> tuple[str, ...]:
    """By which runs are filtered: the plan, and who it is about."""
    bearers = _bearers(plan, duties)
    return (TAG, plan.id, *(bearers if 0 < len(bearers) <= TAGGED else [department]))


def _bearers(plan: Plan, duties: Iterable[Duty]) -> list[str]:
    """The names of those who bear the duties, in the institution's order; a group by its own."""
    bearing = {unit for duty in duties for unit in duty.responsible}
    for group in plan.groups:
        if len(bearing) > 1 and bearing == set(group.units):
            return [group.name]
    return [unit.name for unit in plan.units if unit.id in bearing]


def _description(plan: Plan, duties: Sequence[Duty]) -> str:
    """What a reader of Prefect's UI sees: who bears which duties, in the plan's words."""
    lines = [f"**{'、'.join(_bearers(plan, duties)) or '事发单位'}**", ""]
    for duty in duties:
        rhythm = duty.rhythm.text if duty.rhythm else ("一次" if duty.event is None else "事发时")
        due = f"，{duty.when.due.text}" if duty.when and duty.when.due.text else ""
        lines.append(f"- {duty.title}：{rhythm}{due}")
    lines += ["", f"{plan.title}（{plan.number}）"]
    return "\n".join(lines)
