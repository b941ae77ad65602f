"""一键催办: whoever has something open hears of it once more, and nobody who has done it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from office.matters import find, unit_name
from office.telling import Bundles
from office.workplace import InForce, all_in_force
from responsibilities.digest_days import next_digest
from responsibilities.plan import Role
from responsibilities.tasks import Fact, FactKind, State, Task
from responsibilities.words import Refused, Words
from storage import facts, notices, tasks
from storage.engine import writing
from storage.instants import whole
from storage.notices import Matter


@dataclass(frozen=True, slots=True)
class Nudged:
    """Who was reminded, by name in the plan's order, and who not."""

    told: tuple[str, ...]
    before: tuple[str, ...]
    """Still missing, but nudged earlier today."""
    done: int
    """Tasks asked about that are with the reviewer or closed."""


def nudge_missing(
    db: Engine, plan: str, duty: str, period: str, *, by: str, now: datetime, remark: str = ""
) -> Nudged:
    """One letter to each unit that has a task of this duty and period open, late or not."""
    with writing(db) as connection:
        found = tasks.listed(connection, plan=plan, duty=duty, period=period, limit=_MANY)
        if not found:
            raise Refused(
                Words("本期没有下达这项事项。", "There are no tasks of this duty in that period.")
            )
        return _nudge(connection, found, by, now, remark)


def nudge(
    db: Engine, task: str | int, *, by: str, now: datetime, remark: str = ""
) -> Nudged:  # fmt: skip
    """The same for one task; Refused where it is not with its unit."""
    with writing(db) as connection:
        found = find(connection, task).task
        if found.state is not State.OPEN:
            raise Refused(
                Words(
                    "本事项不在承办单位办理中，无须催办。",
                    "The task is not with its unit: there is nobody to remind.",
                )
            )
        return _nudge(connection, [found], by, now, remark)


_MANY = 100_000


def _nudge(
    connection: Connection, found: Iterable[Task], by: str, now: datetime, remark: str
) -> Nudged:
    now = whole(now)
    places = all_in_force(connection)
    asked = sorted(found, key=lambda task: task.id)
    open_ = [task for task in asked if task.state is State.OPEN]
    known = facts.of_tasks(connection, [task.key for task in open_], FactKind.NUDGED)
    told, before = list[Task](), list[Task]()
    for task in open_:
        key = _key(places[task.plan], now)
        again = any(fact.key == key for fact in known.get(task.key, ()))
        (before if again else told).append(task)
    facts.append(connection, [_fact(places[task.plan], task, by, now, remark) for task in told])
    _tell(connection, places, told, now, remark)
    return Nudged(_names(places, told), _names(places, before), len(asked) - len(open_))


def _key(place: InForce, now: datetime) -> str:
    """A day's nudge is one fact, however often the button is pressed."""
    return f"nudged/{place.clock.day(now)}"


def _fact(place: InForce, task: Task, by: str, now: datetime, remark: str) -> Fact:
    body = {"late": now > task.due_at, "remark": remark.strip(), "told": [Role.CONTACT.value]}
    return Fact(task.key, _key(place, now), FactKind.NUDGED, now, by, body)


def _tell(
    connection: Connection, places: dict[str, InForce], told: Iterable[Task], now: datetime,
    remark: str,
) -> None:  # fmt: skip
    """The letter leaves at once: it is of use until tomorrow's daily letter says it anyway."""
    bundles = Bundles(now)
    for task in told:
        place = places[task.plan]
        kind = "overdue" if now > task.due_at else "reminder"
        bundles.tell(
            task.plan, task.unit, [Role.CONTACT], kind, Matter(task.id, "", remark.strip()),
            mark=_key(place, now), until=next_digest(place.clock, now),
        )  # fmt: skip
    notices.add(connection, bundles.notices())


def _names(places: dict[str, InForce], found: Iterable[Task]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit_name(places[task.plan], task.unit) for task in found))
