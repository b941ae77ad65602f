"""The links in letters: what each opens, and until when. Tokens come in as hashes only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.sql.selectable import Select

from storage import bulk
from storage.instants import instant, instant_or_none, text
from storage.tables import letters, links, tasks


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to be stored."""

    hash: str
    code: str | None
    plan: str
    unit: str
    task: int | None
    recipient: str
    role: str
    to_name: str
    acts: bool
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StoredLink:
    """A link as it stands."""

    id: int
    plan: str
    unit: str
    task: int | None
    recipient: str
    role: str
    to_name: str
    acts: bool
    letter: int | None
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str
    closed_at: datetime | None
    """When its task was closed."""


def add(connection: Connection, new: Sequence[tuple[NewLink, int | None]]) -> None:
    """Store links, each with the number of the letter that carries it."""
    first = (connection.scalar(select(func.max(links.c.id))) or 0) + 1
    rows = [_row(id_, link, letter) for id_, (link, letter) in enumerate(new, first)]
    bulk.insert_rows(connection, links, rows)


def by_hash(connection: Connection, hashed: str) -> StoredLink | None:
    """The link of the token with this hash."""
    return _first(connection, links.c.hash == hashed)


def by_code(connection: Connection, code: str) -> StoredLink | None:
    """The link of the short code with this hash; the newest, should two have one code."""
    return _first(connection, links.c.code == code)


def newer_acts_since(connection: Connection, link: StoredLink) -> datetime | None:
    """When the first newer link for the same thing and mailbox arrived; None while none has."""
    same = links.c.task == link.task if link.task is not None else links.c.task.is_(None)
    query = (
        select(func.min(letters.c.accepted_at))
        .join(links, links.c.letter == letters.c.id)
        .where(
            links.c.plan == link.plan,
            links.c.recipient == link.recipient,
            links.c.unit == link.unit,
            same,
            links.c.acts,
            links.c.letter > (link.letter or 0),
        )
    )
    return instant_or_none(connection.scalar(query))


def listed(
    connection: Connection, plan: str, now: datetime, *, unit: str | None = None,
    recipient: str | None = None,
) -> tuple[StoredLink, ...]:  # fmt: skip
    """Links that have neither expired nor been revoked, newest first, at most 500."""
    query = _all().where(
        links.c.plan == plan, links.c.revoked_at.is_(None), links.c.expires_at > text(now)
    )
    if unit is not None:
        query = query.where(links.c.unit == unit)
    if recipient is not None:
        query = query.where(links.c.recipient == recipient)
    found = connection.execute(query.order_by(links.c.id.desc()).limit(500))
    return tuple(map(_link, found))


def revoke(connection: Connection, ids: Iterable[int], by: str, now: datetime) -> int:
    """These open nothing any more; how many did until now."""
    chosen = links.c.id.in_(list(ids)) & links.c.revoked_at.is_(None)
    values = {"revoked_at": text(now), "revoked_by": by}
    return connection.execute(update(links).where(chosen).values(values)).rowcount


def _all() -> "Select[Any]":
    return select(links, tasks.c.closed_at).outerjoin(tasks, tasks.c.id == links.c.task)


def _first(connection: Connection, chosen: "ColumnElement[bool]") -> StoredLink | None:
    row = connection.execute(_all().where(chosen).order_by(links.c.id.desc()).limit(1)).first()
    return None if row is None else _link(row)


def _row(id_: int, n: NewLink, letter: int | None) -> bulk.Row:
    return (
        id_, n.hash, n.code, n.plan, n.unit, n.task, n.recipient, n.role, n.to_name, n.acts,
        letter, text(n.issued_at), text(n.expires_at), None, "",
    )  # fmt: skip


def _link(row: Any) -> StoredLink:
    return StoredLink(
        id=row.id,
        plan=row.plan,
        unit=row.unit,
        task=row.task,
        recipient=row.recipient,
        role=row.role,
        to_name=row.to_name,
        acts=bool(row.acts),
        letter=row.letter,
        issued_at=instant(row.issued_at),
        expires_at=instant(row.expires_at),
        revoked_at=instant_or_none(row.revoked_at),
        revoked_by=row.revoked_by,
        closed_at=instant_or_none(row.closed_at),
    )
