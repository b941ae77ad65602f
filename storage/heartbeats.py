"""When each loop was last seen alive."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.instants import instant, instant_or_none, text
from storage.tables import heartbeats


def last(connection: Connection, name: str) -> datetime | None:
    """When `name` last beat."""
    query = select(heartbeats.c.at).where(heartbeats.c.name == name)
    return instant_or_none(connection.scalar(query))


def every(connection: Connection) -> dict[str, datetime]:
    """All heartbeats by name."""
    found = connection.execute(select(heartbeats.c.name, heartbeats.c.at))
    return {name: instant(at) for name, at in found}


def beat(connection: Connection, name: str, now: datetime) -> None:
    """`name` is alive at `now`."""
    known = update(heartbeats).where(heartbeats.c.name == name).values(at=text(now))
    if connection.execute(known).rowcount == 0:
        connection.execute(insert(heartbeats).values(name=name, at=text(now)))
