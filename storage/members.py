"""Grants, one-time sign-ins and sessions. Tokens and codes come in as hashes only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, select, update

from storage.instants import instant, instant_or_none, text
from storage.tables import grants, sessions, sign_ins


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody without a post may sign in, from then until then; empty scopes mean everything."""

    plan: str
    address: str
    name: str
    role: str
    units: tuple[str, ...]
    duties: tuple[str, ...]
    since: datetime
    until: datetime
    granted_by: str
    granted_at: datetime
    ended_at: datetime | None = None
    id: int = 0

    def holds(self, now: datetime) -> bool:
        """Whether it is good at `now`."""
        return self.ended_at is None and self.since <= now < self.until


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in; `hash` names the session and is no secret."""

    hash: str
    address: str
    plan: str
    how: str
    at: datetime
    seen_at: datetime
    ended_at: datetime | None


def add_grant(connection: Connection, new: Grant) -> int:
    """Store a grant; its number."""
    number = (connection.scalar(select(func.max(grants.c.id))) or 0) + 1
    values = {
        "id": number, "plan": new.plan, "address": new.address, "name": new.name,
        "role": new.role, "units": _list(new.units), "duties": _list(new.duties),
        "since": text(new.since), "until": text(new.until), "granted_by": new.granted_by,
        "granted_at": text(new.granted_at),
    }  # fmt: skip
    connection.execute(insert(grants).values(values))
    return number


def end_grant(connection: Connection, number: int, now: datetime) -> bool:
    """End a grant before its time; False where it had ended."""
    chosen = (grants.c.id == number) & grants.c.ended_at.is_(None)
    return connection.execute(update(grants).where(chosen).values(ended_at=text(now))).rowcount > 0


def grants_of(connection: Connection, address: str) -> tuple[Grant, ...]:
    """Every grant to this address."""
    query = select(grants).where(grants.c.address == address).order_by(grants.c.id)
    return tuple(map(_grant, connection.execute(query)))


def grants_in(connection: Connection, plan: str) -> tuple[Grant, ...]:
    """Every grant in a plan, newest first."""
    query = select(grants).where(grants.c.plan == plan).order_by(grants.c.id.desc())
    return tuple(map(_grant, connection.execute(query)))


def offer(
    connection: Connection, hashed: str, code: str, address: str, now: datetime, until: datetime
) -> None:
    """A way in that works once."""
    values = {
        "hash": hashed, "code": code, "address": address, "at": text(now),
        "expires_at": text(until),
    }  # fmt: skip
    connection.execute(insert(sign_ins).values(values))


def is_offered(connection: Connection, hashed: str, now: datetime) -> bool:
    """Whether this way in is good now."""
    query = select(sign_ins.c.hash).where(sign_ins.c.hash == hashed, *_good(now))
    return connection.scalar(query) is not None


def take_token(connection: Connection, hashed: str, now: datetime) -> str | None:
    """Use a way in by its token: the address; None where it is used, expired or unknown."""
    query = select(sign_ins.c.address).where(sign_ins.c.hash == hashed, *_good(now))
    return _taken(connection, connection.execute(query.add_columns(sign_ins.c.hash)).first(), now)


def take_code(connection: Connection, address: str, code: str, now: datetime) -> str | None:
    """Use a way in by its code, which is good together with the address only."""
    query = select(sign_ins.c.address, sign_ins.c.hash).where(
        sign_ins.c.address == address, sign_ins.c.code == code, *_good(now)
    )
    return _taken(connection, connection.execute(query).first(), now)


def _good(now: datetime) -> Iterable[Any]:
    return (sign_ins.c.used_at.is_(None), sign_ins.c.expires_at > text(now))


def _taken(connection: Connection, row: Any, now: datetime) -> str | None:
    if row is None:
        return None
    used = update(sign_ins).where(sign_ins.c.hash == row.hash).values(used_at=text(now))
    connection.execute(used)
    address: str = row.address
    return address


def begin(connection: Connection, new: Session) -> None:
    """Somebody has signed in."""
    values = {
        "hash": new.hash, "address": new.address, "plan": new.plan, "how": new.how,
        "at": text(new.at), "seen_at": text(new.seen_at),
    }  # fmt: skip
    connection.execute(insert(sessions).values(values))


def session(connection: Connection, hashed: str) -> Session | None:
    """The session of the cookie with this hash, however it stands."""
    row = connection.execute(select(sessions).where(sessions.c.hash == hashed)).first()
    return None if row is None else _session(row)


def sessions_of(connection: Connection, address: str, since: datetime) -> tuple[Session, ...]:
    """The sessions of an address that were begun since then and have not been ended."""
    query = select(sessions).where(
        sessions.c.address == address, sessions.c.ended_at.is_(None), sessions.c.at > text(since)
    )
    return tuple(map(_session, connection.execute(query.order_by(sessions.c.at.desc()))))


def seen(connection: Connection, hashed: str, now: datetime) -> None:
    """A page was asked for."""
    connection.execute(update(sessions).where(sessions.c.hash == hashed).values(seen_at=text(now)))


def turn_to(connection: Connection, hashed: str, plan: str) -> None:
    """From now on this session is about another plan."""
    connection.execute(update(sessions).where(sessions.c.hash == hashed).values(plan=plan))


def end(connection: Connection, now: datetime, *, hashed: str = "", address: str = "") -> int:
    """End one session, or all of an address; how many."""
    whose = sessions.c.hash == hashed if hashed else sessions.c.address == address
    still = whose & sessions.c.ended_at.is_(None)
    return connection.execute(update(sessions).where(still).values(ended_at=text(now))).rowcount


def any_session(connection: Connection) -> bool:
    """Whether anybody has ever signed in."""
    return connection.scalar(select(sessions.c.hash).limit(1)) is not None


def forget(connection: Connection, before: datetime) -> None:
    """Drop ways in and sessions that are older than that: nobody comes in by them any more."""
    connection.execute(delete(sign_ins).where(sign_ins.c.expires_at < text(before)))
    connection.execute(delete(sessions).where(sessions.c.at < text(before)))


def _list(values: tuple[str, ...]) -> str:
    return orjson.dumps(list(values)).decode()


def _grant(row: Any) -> Grant:
    return Grant(
        row.plan, row.address, row.name, row.role, tuple(orjson.loads(row.units)),
        tuple(orjson.loads(row.duties)), instant(row.since), instant(row.until), row.granted_by,
        instant(row.granted_at), instant_or_none(row.ended_at), row.id,
    )  # fmt: skip


def _session(row: Any) -> Session:
    return Session(
        row.hash,
        row.address,
        row.plan,
        row.how,
        instant(row.at),
        instant(row.seen_at),
        instant_or_none(row.ended_at),
    )
