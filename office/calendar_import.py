"""A new notice, looked at before it is imported: every task it would move, and whether earlier."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from office import calendars, redating
from office.workplace import InForce, all_in_force, place_of
from storage.engine import reading


@dataclass(frozen=True, slots=True)
class Move:
    """One open task whose date a new calendar changes."""

    key: str
    title: str
    unit: str
    before: datetime
    after: datetime

    @property
    def earlier(self) -> bool:
        """Whether the unit would have less time than it was told."""
        return self.after < self.before


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do."""

    years: tuple[int, ...]
    """New, or of a higher revision; empty where everything is known."""
    moves: tuple[Move, ...]


def preview(db: Engine, texts: Mapping[str, str]) -> Preview:
    """What importing these files would move; nothing is written. Refused as `import_years`."""
    with reading(db) as connection:
        new = calendars.news(connection, texts)
        days = calendars.days_with(connection, new)
        places = all_in_force(connection).values()
        moves = [
            move
            for place in places
            for move in _moves(
                connection, place, place_of(place.plan, place.version, place.digest, days)
            )
        ]
    ordered = sorted(moves, key=lambda move: (not move.earlier, move.before, move.key))
    return Preview(tuple(year.year for year, _ in new), tuple(ordered))


def _moves(connection: Connection, place: InForce, fresh: InForce) -> Iterator[Move]:
    names = {unit.id: unit.name for unit in place.plan.units}
    for task, anew in redating.touched(connection, fresh):
        if redating.follows(task) and anew.due_at != task.due_at:
            title = fresh.duties[task.duty].title
            yield Move(task.key, title, names.get(task.unit, task.unit), task.due_at, anew.due_at)


def import_notice(
    db: Engine, texts: Mapping[str, str], now: datetime, by: str, *, earlier: bool
) -> tuple[int, ...]:
    """Import the files and move every open task at once; the years that are new.

    `earlier`: the office has confirmed that dates already told move earlier; else those stay.
    """
    years = calendars.import_years(db, texts, now, by)
    redating.follow_calendar(db, now, earlier=earlier)
    return years
