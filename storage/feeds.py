"""Whose calendar a secret address shows."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.instants import text
from storage.tables import feeds


def whose(connection: Connection, hashed: str) -> tuple[str, str] | None:
    """Plan and unit of the address with this hash."""
    row = connection.execute(select(feeds).where(feeds.c.hash == hashed)).first()
    return None if row is None else (row.plan, row.unit)


def has(connection: Connection, plan: str, unit: str) -> bool:
    """Whether the unit has an address."""
    query = select(feeds.c.hash).where(feeds.c.plan == plan, feeds.c.unit == unit)
    return connection.scalar(query) is not None


def put(connection: Connection, plan: str, unit: str, hashed: str, now: datetime) -> None:
    """The address of a unit from now on; the one before is void."""
    connection.execute(delete(feeds).where(feeds.c.plan == plan, feeds.c.unit == unit))
    values = {"plan": plan, "unit": unit, "hash": hashed, "at": text(now)}
    connection.execute(insert(feeds).values(values))
