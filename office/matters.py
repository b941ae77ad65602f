"""Finding a task as people name it, and what every act on one needs at hand."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from office.workplace import InForce, in_force, promise
from responsibilities import incidents
from responsibilities.calendars.clock import Clock
from responsibilities.delegation import delegate_of, is_part
from responsibilities.holders import member_named
from responsibilities.ladder import advance
from responsibilities.plan import Role
from responsibilities.reviewing import reviewer_of
from responsibilities.rhythm import Rhythm
from responsibilities.tasks import Promise, State, Task
from responsibilities.words import Refused, Words
from storage import tasks

_NUMBER = re.compile(r"(?:督办〔(\d{4})〕)?(\d{1,9})号?")


@dataclass(frozen=True, slots=True)
class Matter:
    """A task with its promise and the plan in force."""

    task: Task
    promise: Promise
    place: InForce

    @property
    def clock(self) -> Clock:
        """The clock the task runs by."""
        return self.place.clock

    @property
    def is_part(self) -> bool:
        """Whether this is a delegate's part of its unit's task."""
        return is_part(self.task.unit)

    @property
    def is_delegated(self) -> bool:
        """Whether this is a unit's task that delegates do parts of."""
        duty = self.place.duties.get(self.task.duty)
        return duty is not None and duty.delegate is not None and not self.is_part

    @property
    def rhythm(self) -> Rhythm | None:
        """How often the duty in force is asked for."""
        duty = self.place.duties.get(self.task.duty)
        return duty.rhythm if duty is not None else None

    @property
    def reviewer(self) -> str:
        """Unit or post that reviews what the unit hands in."""
        return reviewer_of(self.promise, self.task.unit)

    @property
    def grants(self) -> Role:
        """Who is asked for more time: the office, or whoever reviews instead of it."""
        return Role.REVIEWER if self.task.unit in self.promise.reviewers else Role.OFFICE

    def reindexed(self, task: Task, now: datetime) -> Task:
        """`task` after an act, with the instant at which its ladder next wants attention."""
        found = advance(task, self.promise.steps, self.clock, now)
        turns = roster_turns(self.place, task.duty, self.clock.day(now), task.due_at)
        wakes = [at for at in (found.wake_at, turns) if at is not None]
        waiting = task.state is State.OPEN and turns is not None
        wake_at = min(wakes) if waiting else found.wake_at
        return replace(task, wake_at=now if found.tells or found.lapse else wake_at)


def roster_turns(place: InForce, duty: str, after: date, due_at: datetime) -> datetime | None:
    """When the office opens on the next day, up to the due date, on which a roster changes."""
    days = place.turning_days(duty)
    if not days:
        return None
    day = next((day for day in days if day > after), None)
    if day is None or day > place.clock.day(due_at):
        return None
    return place.clock.opening(day)


def find(connection: Connection, name: str | int) -> Matter:
    """The task named by key, number (12) or 督办〔2026〕12号; Refused where there is none."""
    task = _by_name(connection, str(name).strip())
    if task is None:
        raise Refused(
            Words(
                f"没有督办事项“{name}”，应写作编号（如 12 或 督办〔2026〕12号）或完整键名。",
                f"There is no task “{name}”; give its number (12, 督办〔2026〕12号) or its key.",
            )
        )
    return matter(connection, task)


def matter(
    connection: Connection, task: Task, places: Mapping[str, InForce] | None = None
) -> Matter:
    """`task` with what belongs to it; `places` spares the question which version is in force."""
    place = places[task.plan] if places else in_force(connection, task.plan)
    return Matter(task, promise(connection, task.promise), place)


def number_of(task: Task, clock: Clock) -> str:
    """The number that people see: 督办〔2026〕12号."""
    return f"督办〔{clock.local(task.opened_at).year}〕{task.id}号"


def stage_of(task: Task, place: InForce) -> str:
    """The report of an event duty that this task is (首报, 续报2, 终报); empty where it is none."""
    duty = place.duties.get(task.duty)
    found = incidents.stage_of(duty, task.key) if duty is not None else None
    return incidents.numbered(found[0].name, found[1]) if found is not None else ""


def title_of(task: Task, promise: Promise, place: InForce) -> str:
    """What the task is called, with its stage, or the member it is about."""
    part = stage_of(task, place) or member_named(place.plan, task.key)
    return f"{promise.title}（{part}）" if part else promise.title


def unit_name(place: InForce, unit: str) -> str:
    """What a unit or post is called; its id where the plan no longer knows it."""
    known = [u.name for u in place.plan.units if u.id == unit]
    known += [post.name for post in place.plan.posts if post.id == unit]
    delegate = delegate_of(place.plan, unit)
    known += [delegate.name] if delegate else []
    return known[0] if known else unit


def _by_name(connection: Connection, name: str) -> Task | None:
    if "/" in name:
        return tasks.by_key(connection, name)
    number = numbered(name)
    return tasks.by_id(connection, number) if number is not None else None


def numbered(name: str) -> int | None:
    """The number in 12 or 督办〔2026〕12号; None where it is neither."""
    found = _NUMBER.fullmatch(name)
    return int(found[2]) if found else None
