"""How often somebody may try: a count for each name and window of time."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from storage.instants import instant, text
from storage.tables import throttles


def take(connection: Connection, name: str, limit: int, per: timedelta, now: datetime) -> bool:
    """Count one more try under `name`; False where `limit` of them in `per` are used up."""
    row = connection.execute(select(throttles).where(throttles.c.name == name)).first()
    if row is None or now - instant(row.since) >= per:
        connection.execute(delete(throttles).where(throttles.c.name == name))
        connection.execute(insert(throttles).values(name=name, since=text(now), tries=1))
        return True
    if row.tries >= limit:
        return False
    more = update(throttles).where(throttles.c.name == name).values(tries=row.tries + 1)
    connection.execute(more)
    return True


def counts(connection: Connection, prefix: str, since: datetime) -> dict[str, int]:
    """The tries of every name that begins so, in windows of time that began after then."""
    query = select(throttles.c.name, throttles.c.tries).where(
        throttles.c.name.startswith(prefix, autoescape=True), throttles.c.since > text(since)
    )
    return {row.name: row.tries for row in connection.execute(query)}


def forget(connection: Connection, before: datetime) -> None:
    """Drop counts that began before then."""
    connection.execute(delete(throttles).where(throttles.c.since < text(before)))
