"""Years of working days that an office has imported since the package was made, as their text."""

from typing import NamedTuple

from sqlalchemy import Connection, insert

from storage import bulk
from storage.tables import calendars


class HeldYear(NamedTuple):
    """One imported file; `body` is its YAML."""

    year: int
    revision: int
    body: str


def held(connection: Connection, country: str) -> tuple[HeldYear, ...]:
    """Every imported revision, in order."""
    found = bulk.fetched(
        connection,
        "SELECT year, revision, body FROM calendars WHERE country = ? ORDER BY year, revision",
        (country,),
    )
    return tuple(HeldYear(*row) for row in found)


def hold(connection: Connection, country: str, year: HeldYear) -> None:
    """Keep a further revision."""
    connection.execute(
        insert(calendars).values(
            country=country, year=year.year, revision=year.revision, body=year.body
        )
    )
