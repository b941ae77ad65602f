"""What holds the post up, and since when: a brake that was pulled, a clock that has jumped."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, delete, insert, select

from storage.instants import instant, text
from storage.tables import holds


class Hold(NamedTuple):
    """One of them by its name; `body` holds numbers and text only."""

    name: str
    at: datetime
    body: Mapping[str, Any]


def find(connection: Connection, name: str) -> Hold | None:
    """The hold of this name."""
    row = connection.execute(select(holds).where(holds.c.name == name)).first()
    return None if row is None else Hold(row.name, instant(row.at), orjson.loads(row.body))


def named(connection: Connection, prefix: str) -> tuple[Hold, ...]:
    """Those whose names begin so."""
    rows = connection.execute(
        select(holds).where(holds.c.name.startswith(prefix, autoescape=True)).order_by(holds.c.name)
    )
    return tuple(Hold(row.name, instant(row.at), orjson.loads(row.body)) for row in rows)


def put(connection: Connection, hold: Hold) -> None:
    """Remember `hold` in the place of what has its name."""
    drop(connection, hold.name)
    body = orjson.dumps(dict(hold.body)).decode()
    connection.execute(insert(holds).values(name=hold.name, at=text(hold.at), body=body))


def drop(connection: Connection, name: str) -> bool:
    """Forget it; whether it was there."""
    return connection.execute(delete(holds).where(holds.c.name == name)).rowcount > 0
