"""Incidents as reported, with the moments that are known of each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from responsibilities.tasks import Event
from storage.instants import instant, instant_or_none, text
from storage.tables import events


def add(connection: Connection, event: Event) -> None:
    """A newly reported event."""
    connection.execute(
        insert(events).values(
            id=event.id,
            plan=event.plan,
            type=event.type,
            unit=event.unit,
            fields=_fields(event),
            marks=_marks(event.marks),
            reported_at=text(event.reported_at),
            closed_at=None,
        )
    )


def by_id(connection: Connection, id_: str) -> Event | None:
    """The event of this id."""
    found = connection.execute(select(events).where(events.c.id == id_)).first()
    return None if found is None else _read(found)


def of_plan(connection: Connection, plan: str) -> tuple[Event, ...]:
    """The events of a plan, in the order they were reported."""
    query = select(events).where(events.c.plan == plan).order_by(events.c.reported_at, events.c.id)
    return tuple(map(_read, connection.execute(query)))


def since(connection: Connection, plan: str, at: datetime) -> tuple[Event, ...]:
    """The events of a plan that were reported at or after `at`."""
    query = select(events).where(events.c.plan == plan, events.c.reported_at >= text(at))
    return tuple(map(_read, connection.execute(query)))


def count_like(connection: Connection, prefix: str) -> int:
    """How many events have an id that begins so."""
    where = (events.c.id >= prefix) & (events.c.id < f"{prefix}\U0010ffff")
    return connection.scalar(select(func.count()).where(where)) or 0


def mark(
    connection: Connection, id_: str, marks: Mapping[str, datetime], closed_at: datetime | None
) -> None:
    """Replace the known moments of an event."""
    closed = None if closed_at is None else text(closed_at)
    connection.execute(
        update(events).where(events.c.id == id_).values(marks=_marks(marks), closed_at=closed)
    )


def correct(connection: Connection, event: Event) -> None:
    """Write back an event whose fields or moments were put right."""
    connection.execute(
        update(events)
        .where(events.c.id == event.id)
        .values(fields=_fields(event), marks=_marks(event.marks))
    )


_FORMER = "@former"
"""Where the corrected values stand among the fields: no field id begins so."""


def _fields(event: Event) -> str:
    held = {**event.fields, _FORMER: dict(event.former)} if event.former else dict(event.fields)
    return orjson.dumps(held, option=orjson.OPT_SORT_KEYS).decode()


def _marks(marks: Mapping[str, datetime]) -> str:
    return orjson.dumps({name: text(at) for name, at in marks.items()}).decode()


def _read(row: "Row[Any]") -> Event:
    fields = orjson.loads(row.fields)
    former = {name: tuple(values) for name, values in fields.pop(_FORMER, {}).items()}
    return Event(
        row.id,
        row.plan,
        row.type,
        row.unit,
        fields,
        {name: instant(at) for name, at in orjson.loads(row.marks).items()},
        instant(row.reported_at),
        instant_or_none(row.closed_at),
        former,
    )
