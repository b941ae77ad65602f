"""What was read off each file for the signals: how it looks, and when it says it was made.

A file of which nothing can be read has a row with empty columns, so that it is read once only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from storage import bulk
from storage.instants import instant
from storage.log import Condition
from storage.sandbox import Imprint
from storage.tables import imprints


@dataclass(frozen=True, slots=True)
class Imprinted:
    """One file handed in for one task, with its imprint."""

    task: int
    unit: str
    opened_at: datetime
    sha256: str
    name: str
    at: datetime
    imprint: Imprint


def waiting(connection: Connection, most: int) -> list[tuple[str, str]]:
    """(SHA-256, a name) of files handed in that nobody has read yet."""
    query = (
        "SELECT sha256, MIN(name) FROM evidence WHERE name <> '' AND requirement <> 'mail' "
        "AND sha256 NOT IN (SELECT sha256 FROM imprints) GROUP BY sha256 ORDER BY sha256 LIMIT ?"
    )
    return [(sha256, name) for sha256, name in bulk.fetched(connection, query, (most,))]


def note(connection: Connection, sha256: str, found: Imprint) -> None:
    """What was read off the file; what was read first stands."""
    known = select(imprints.c.sha256).where(imprints.c.sha256 == sha256)
    if connection.scalar(known) is None:
        first, last = (day.isoformat() for day in found.days) if found.days else ("", "")
        row = {
            "sha256": sha256, "likeness": found.likeness, "first_day": first, "last_day": last,
        }  # fmt: skip
        connection.execute(insert(imprints), [row])


def handed_in(connection: Connection, allowed: Sequence[Condition]) -> list[Imprinted]:
    """The files of the allowed tasks of which something could be read, the oldest first."""
    sql = " AND ".join((*(one.sql for one in allowed), "evidence.requirement <> 'mail'"))
    values = tuple(value for one in allowed for value in one.values)
    query = (
        "SELECT tasks.id, tasks.unit, tasks.opened_at, evidence.sha256, evidence.name, "
        "evidence.at, imprints.likeness, imprints.first_day, imprints.last_day FROM evidence "
        "JOIN tasks ON tasks.id = evidence.task JOIN imprints ON imprints.sha256 = evidence.sha256 "
        f"WHERE {sql} AND (imprints.likeness <> '' OR imprints.first_day <> '') "
        "ORDER BY evidence.at, 1"
    )
    return [
        Imprinted(t, u, instant(o), sha, name, instant(at), Imprint(like, _days(first, last)))
        for t, u, o, sha, name, at, like, first, last in bulk.fetched(connection, query, values)
    ]


def _days(first: str, last: str) -> tuple[date, date] | None:
    return (date.fromisoformat(first), date.fromisoformat(last)) if first else None
