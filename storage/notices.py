"""What is to be said, and to which post of which unit, before it is a mail (see `outbox`)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, func, select

from storage import bulk
from storage.instants import instant, instant_or_none, text, text_or_none
from storage.tables import notices


class Matter(NamedTuple):
    """One task in a notice: its number, the step of its ladder that speaks, and why."""

    task: int
    step: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to be said to one post of one unit. `key` makes it once and for all."""

    key: str
    plan: str
    kind: str
    unit: str
    role: str
    matters: tuple[Matter, ...]
    urgent: bool
    created_at: datetime
    useful_until: datetime
    facts: Mapping[str, str | Sequence[str]]
    """For kinds without tasks (undelivered, outage, alarm): label -> value, or (zh, en)."""
    id: int = 0
    wait_until: datetime | None = None
    """When the daily letter takes it along at the latest; None: it has not been looked at."""


def add(connection: Connection, new: Sequence[Notice]) -> None:
    """Queue notices; those whose key is known are left as they are."""
    known = {
        key
        for (key,) in bulk.chosen(
            connection, "SELECT key FROM notices WHERE key IN (?)", [n.key for n in new]
        )
    }
    first = (connection.scalar(select(func.max(notices.c.id))) or 0) + 1
    fresh = [n for n in {n.key: n for n in new}.values() if n.key not in known]
    rows = [_notice_row(id_, notice) for id_, notice in enumerate(fresh, first)]
    bulk.insert_rows(connection, notices, rows)


def waiting(connection: Connection) -> tuple[Notice, ...]:
    """Notices that no letter says yet, oldest first."""
    query = (
        select(notices)
        .where(notices.c.bound_at.is_(None), notices.c.cancelled_at.is_(None))
        .order_by(notices.c.id)
    )
    return tuple(map(_notice, connection.execute(query)))


def by_ids(connection: Connection, ids: Iterable[int]) -> tuple[Notice, ...]:
    """Those notices, oldest first."""
    query = select(notices).where(notices.c.id.in_(list(ids))).order_by(notices.c.id)
    return tuple(map(_notice, connection.execute(query)))


def anything_waiting(connection: Connection, now: datetime) -> bool:
    """Whether anything waits that the daily letter of tomorrow is not to take along."""
    query = select(notices.c.id).where(
        notices.c.bound_at.is_(None),
        notices.c.cancelled_at.is_(None),
        notices.c.wait_until.is_(None) | (notices.c.wait_until <= text(now)),
    )
    return connection.scalar(query.limit(1)) is not None


def next_waiting(connection: Connection) -> datetime | None:
    """When the first of those that wait for a daily letter has waited long enough."""
    query = select(func.min(notices.c.wait_until)).where(
        notices.c.bound_at.is_(None), notices.c.cancelled_at.is_(None)
    )
    return instant_or_none(connection.scalar(query))


def put_off(connection: Connection, until: Mapping[int, datetime]) -> None:
    """These wait for a daily letter, until then at the latest."""
    rows = [(text(at), id_) for id_, at in until.items()]
    bulk.run(connection, "UPDATE notices SET wait_until = ? WHERE id = ?", rows)


def cancel(connection: Connection, ids: Iterable[int], now: datetime) -> None:
    """These need not be said any more."""
    at = text(now)
    bulk.run(connection, "UPDATE notices SET cancelled_at = ? WHERE id = ?", [(at, i) for i in ids])


def replace_matters(connection: Connection, notice: int, matters: Sequence[Matter]) -> None:
    """Say less: some of the tasks of a waiting notice are done."""
    bulk.run(
        connection,
        "UPDATE notices SET matters = ? WHERE id = ?",
        [(_dumped(matters), notice)],
    )


def _notice_row(id_: int, n: Notice) -> bulk.Row:
    return (
        id_, n.key, n.plan, n.kind, n.unit, n.role, _dumped(n.matters),
        orjson.dumps(dict(n.facts)).decode(), n.urgent, text(n.created_at), text(n.useful_until),
        None, None, text_or_none(n.wait_until),
    )  # fmt: skip


def _notice(row: Any) -> Notice:
    return Notice(
        key=row.key,
        plan=row.plan,
        kind=row.kind,
        unit=row.unit,
        role=row.role,
        matters=tuple(Matter(*matter) for matter in orjson.loads(row.matters)),
        urgent=bool(row.urgent),
        created_at=instant(row.created_at),
        useful_until=instant(row.useful_until),
        facts=orjson.loads(row.facts),
        id=row.id,
        wait_until=instant_or_none(row.wait_until),
    )


def _dumped(matters: Sequence[Matter]) -> str:
    return orjson.dumps([list(matter) for matter in matters]).decode()
