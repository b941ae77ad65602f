"""Incidents as reported, with the moments that are known of each."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from inspections.sealing import opened_values, sealed_values, sealed_within
from responsibilities.tasks import Event
from storage import vault
from storage.instants import instant, instant_or_none, text
from storage.tables import events


def add(connection: Connection, event: Event) -> None:
    """A newly reported event; its `Private` fields go into the vault, as the case of the event."""
    connection.execute(
        insert(events).values(
            id=event.id,
            plan=event.plan,
            type=event.type,
            unit=event.unit,
            fields=_fields(connection, event),
            marks=_marks(event.marks),
            reported_at=text(event.reported_at),
            closed_at=None,
        )
    )


def by_id(connection: Connection, id_: str) -> Event | None:
    """The event of this id."""
    found = connection.execute(select(events).where(events.c.id == id_)).first()
    return None if found is None else _opened(connection, [found])[0]


def of_plan(connection: Connection, plan: str) -> tuple[Event, ...]:
    """The events of a plan, in the order they were reported."""
    query = select(events).where(events.c.plan == plan).order_by(events.c.reported_at, events.c.id)
    return _opened(connection, connection.execute(query))


def since(connection: Connection, plan: str, at: datetime) -> tuple[Event, ...]:
    """The events of a plan that were reported at or after `at`."""
    query = select(events).where(events.c.plan == plan, events.c.reported_at >= text(at))
    return _opened(connection, connection.execute(query))


def closed_before(connection: Connection, at: str) -> tuple[str, ...]:
    """The ids of events that were closed before the instant `at` (ISO text)."""
    query = select(events.c.id).where(events.c.closed_at < at).order_by(events.c.id)
    return tuple(connection.scalars(query))


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
    held = connection.scalar(select(events.c.fields).where(events.c.id == event.id))
    before = list(sealed_within(orjson.loads(held or "{}")))
    connection.execute(
        update(events)
        .where(events.c.id == event.id)
        .values(fields=_fields(connection, event), marks=_marks(event.marks))
    )
    vault.forget(connection, before)


_FORMER = "@former"
"""Where the corrected values stand among the fields: no field id begins so."""


def _fields(connection: Connection, event: Event) -> str:
    held = {**event.fields, _FORMER: dict(event.former)} if event.former else dict(event.fields)
    kept = vault.Vault(connection)
    sealed = sealed_values(held, event.id, kept.keep)
    kept.store()
    return orjson.dumps(sealed, option=orjson.OPT_SORT_KEYS).decode()


def _marks(marks: Mapping[str, datetime]) -> str:
    return orjson.dumps({name: text(at) for name, at in marks.items()}).decode()


def _opened(connection: Connection, rows: "Iterable[Row[Any]]") -> tuple[Event, ...]:
    listed = list(rows)
    held = [orjson.loads(row.fields) for row in listed]
    known = vault.values(connection, (one for fields in held for one in sealed_within(fields)))
    return tuple(
        _read(row, opened_values(fields, known)) for row, fields in zip(listed, held, strict=True)
    )


def _read(row: "Row[Any]", fields: dict[str, Any]) -> Event:
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
