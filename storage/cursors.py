"""How far each duty has been opened, and when it next needs a look: one small row a duty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import replace as _replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from storage import bulk
from storage.instants import instant, instant_or_none, text, text_or_none
from storage.tables import cursors


@dataclass(frozen=True, slots=True)
class Cursor:
    """Everything of `duty` that opens up to `through` has been opened."""

    plan: str
    duty: str
    version: int
    since: datetime
    """What was due up to here was past when the duty took force, and is never opened."""
    through: datetime
    next_at: datetime | None
    """When the duty next opens something; None when it never will again."""
    stalled: str = ""
    """Why the next opening is not known (a calendar that ends); it is looked at again daily."""
    calendar: str = ""
    """`WorkingDays.revision` by which `next_at` was worked out."""


def due(connection: Connection, now: datetime) -> tuple[Cursor, ...]:
    """The duties that want a look at `now`, the longest overdue first."""
    statement = bulk.placed(
        connection,
        "SELECT plan, duty, version, since, through, next_at, stalled, calendar FROM cursors "
        "WHERE next_at <= ? ORDER BY next_at, plan, duty",
    )
    found = connection.exec_driver_sql(statement, (text(now),))
    return tuple(map(_read, found))


def of_plan(connection: Connection, plan: str) -> dict[str, Cursor]:
    """All cursors of a plan, by duty."""
    query = select(cursors).where(cursors.c.plan == plan).order_by(cursors.c.duty)
    return {row[1]: _read(row) for row in connection.execute(query)}


def behind(connection: Connection, calendar: str) -> tuple[str, ...]:
    """Plans with a duty whose dates were worked out by another calendar than `calendar`."""
    found = bulk.fetched(
        connection, "SELECT DISTINCT plan FROM cursors WHERE calendar <> ?", (calendar,)
    )
    return tuple(sorted(plan for (plan,) in found))


def first_next(connection: Connection) -> datetime | None:
    """The next instant at which any duty opens something."""
    query = select(cursors.c.next_at).where(cursors.c.next_at.is_not(None))
    return instant_or_none(connection.scalar(query.order_by(cursors.c.next_at).limit(1)))


def save(connection: Connection, moved: Sequence[Cursor]) -> None:
    """Write cursors that are there already."""
    bulk.run(
        connection,
        "UPDATE cursors SET version = ?, since = ?, through = ?, next_at = ?, stalled = ?, "
        "calendar = ? WHERE plan = ? AND duty = ?",
        [
            (
                c.version,
                text(c.since),
                text(c.through),
                text_or_none(c.next_at),
                c.stalled,
                c.calendar,
                c.plan,
                c.duty,
            )
            for c in moved
        ],
    )


def wake(connection: Connection, plan: str, duty: str, now: datetime) -> None:
    """Have one duty looked at in the next round."""
    statement = "UPDATE cursors SET next_at = ? WHERE plan = ? AND duty = ?"
    bulk.run(connection, statement, [(text(now), plan, duty)])


def wake_all(
    connection: Connection, plan: str, now: datetime, back: timedelta, calendar: str
) -> None:
    """Have every duty of a plan looked at now, and from so far back as a date can have moved."""
    moved = [
        _replace(c, through=max(c.since, c.through - back), next_at=now, calendar=calendar)
        for c in of_plan(connection, plan).values()
    ]
    save(connection, moved)


def replace(connection: Connection, plan: str, new: Iterable[Cursor]) -> None:
    """Set the cursors of a plan as adopted: those of retired duties go."""
    connection.execute(delete(cursors).where(cursors.c.plan == plan))
    rows = [
        (
            c.plan,
            c.duty,
            c.version,
            text(c.since),
            text(c.through),
            text_or_none(c.next_at),
            c.stalled,
            c.calendar,
        )
        for c in new
    ]
    bulk.insert_rows(connection, cursors, rows)


def _read(row: Sequence[str | int | None]) -> Cursor:
    plan, duty, version, since, through, next_at, stalled, calendar = row
    return Cursor(
        str(plan), str(duty), int(version or 0), instant(str(since)), instant(str(through)),
        None if next_at is None else instant(str(next_at)), str(stalled), str(calendar),
    )  # fmt: skip
