"""The gap between several times of one period: a time handed in too soon is not a time."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection

from office.matters import Matter, number_of
from responsibilities.holders import holder_of
from responsibilities.occurrences import Dated, dated
from responsibilities.plan import Duty
from responsibilities.rhythm import Rhythm
from responsibilities.spread import days_of, too_soon
from responsibilities.tasks import State
from responsibilities.words import Refused, Words
from storage import tasks

_COUNTED = ("", "accepted")
"""Outcomes of a task that stands for a time done, or under review."""


def refuse_too_soon(connection: Connection, matter: Matter, now: datetime) -> None:
    """Refused, with the day from which it may be handed in, where the last time is too near."""
    duty = matter.place.duties.get(matter.task.duty)
    gap = duty.rhythm.gap if duty is not None and duty.rhythm is not None else 0
    if duty is None or not gap or matter.task.state is not State.OPEN:
        return
    done = [
        task.submitted_at
        for key in _others(matter, duty)
        if (task := tasks.by_key(connection, key)) is not None
        and task.submitted_at is not None
        and task.outcome in _COUNTED
    ]
    free = too_soon(done, now, gap, matter.clock)
    if free is not None:
        raise Refused(_sentence(matter, duty.rhythm, free))


def _others(matter: Matter, duty: Duty) -> list[str]:
    """Keys of the times that may lie nearer than the gap: of this period and the one before."""
    task, times = matter.task, duty.rhythm.times if duty.rhythm else 1
    span = timedelta(days=800)
    since, until = task.opens_at - span, task.opens_at + span
    known: list[Dated] = []
    with suppress(Refused):  # where the calendars end, what is known is enough
        known.extend(dated(matter.place.plan, duty, matter.clock, since, until))
    ids = [one.period for one in known]
    place = ids.index(task.period) if task.period in ids else 0
    near = ids[max(place - times, 0) : place + times + 1]
    return [
        f"{task.plan}/{period}/{task.duty}/{holder_of(task.key)}"
        for period in near
        if period != task.period
    ]


def _sentence(matter: Matter, rhythm: Rhythm | None, free: datetime) -> Words:
    gap = rhythm.gap if rhythm else 0
    days = days_of(gap)
    zh, en = (f"{gap}小时", f"{gap} hours") if gap % 24 else (f"{days}日", f"{days} days")
    local, number = matter.clock.local(free), number_of(matter.task, matter.clock)
    day = f"{local.year}年{local.month}月{local.day}日"
    day += f"{local:%H:%M}" if gap % 24 else ""
    return Words(
        f"{number}距上一次报结不足{zh}，请于{day}以后办理并报结。",
        f"{number}: the last time is less than {en} ago; hand this in from {local:%Y-%m-%d %H:%M}.",
    )
