"""A unit's calendar to subscribe to (webcal): its tasks and dates, under a secret address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection, Engine

from notifications.calendar_part import calendar_feed
from notifications.letters import Item
from office.lettering import Said, item
from office.matters import matter, unit_name
from office.workplace import in_force, only_plan
from responsibilities.problem import did_you_mean
from responsibilities.tasks import FactKind, State, Task
from responsibilities.words import Language, Refused, Words
from storage import facts, feeds, tasks
from storage.engine import reading, writing

REMEMBERED = timedelta(days=90)
"""How long a closed task stays in the calendar, so that programs take it out."""
_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar program gets; `etag` with its quotation marks (RFC 9110)."""

    body: bytes
    etag: str


def subscribe(db: Engine, plan: str | None, unit: str, now: datetime, *, new: bool = False) -> str:
    """The path of a unit's calendar, named by id or name; told once, only its hash is kept.

    Refused where the unit has one already, unless a `new` one is to take its place.
    """
    token = token_urlsafe(24)
    with writing(db) as connection:
        place = only_plan(connection, plan)
        found = next((u for u in place.plan.units if unit in (u.id, u.name)), None)
        if found is None:
            near = did_you_mean(unit, [u.name for u in place.plan.units])
            zh, en = (near.zh, f" {near.en}") if near else ("", "")
            raise Refused(Words(f"没有单位“{unit}”。{zh}", f"There is no unit “{unit}”.{en}"))
        if feeds.has(connection, place.plan.id, found.id) and not new:
            raise Refused(
                Words(
                    f"{found.name}已有订阅地址，地址只显示一次；换发请加 --new，原地址随即失效。",
                    f"{found.name} has an address, which is shown once; --new makes another, and "
                    "the old one is void.",
                )
            )
        feeds.put(connection, place.plan.id, found.id, _hashed(token), now)
    return f"/calendar/{token}.ics"


def feed(
    db: Engine, token: str, organizer: str, now: datetime, language: Language = "zh"
) -> Feed | None:
    """The calendar at the address with this token; None where there is none (say 404)."""
    with reading(db) as connection:
        whose = feeds.whose(connection, _hashed(token))
        if whose is None:
            return None
        place = in_force(connection, whose[0])
        there = tasks.listed(
            connection, plan=whose[0], unit=whose[1], open_only=False, limit=_LIMIT
        )
        chosen = [t for t in there if t.closed_at is None or now - t.closed_at < REMEMBERED]
        items = [_item(connection, task, language) for task in reversed(chosen)]
        stamps = {task.key: _changed(connection, task) for task in chosen}
    unit = unit_name(place, whose[1])
    name = Words(f"督办：{unit}", f"Duban: {unit}").in_(language)
    body = calendar_feed(items, stamps, name, organizer, language)
    return Feed(body, f'"{sha256(body).hexdigest()[:32]}"')


def _item(connection: Connection, task: Task, language: Language) -> Item:
    moved = facts.of_tasks(connection, [task.key], FactKind.MOVED).get(task.key, ())
    kind = "accepted" if task.state is State.CLOSED else "opened"
    said = Said(kind, "", "")
    return item(matter(connection, task), said, list(moved), None, task.opened_at, language)


def _changed(connection: Connection, task: Task) -> datetime:
    """When the last thing happened to it; being told of changes nothing in a calendar."""
    known = [fact.at for fact in facts.of_task(connection, task.key) if fact.kind not in _SILENT]
    return max(known, default=task.opened_at)


_SILENT = (FactKind.TOLD, FactKind.NUDGED, FactKind.WATCHED, FactKind.DELIVERED)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
