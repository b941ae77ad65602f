"""What the office knew and required at one moment: the record up to it, the plans then in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock

from sqlalchemy import Connection, Engine

from office.calendars import site_days
from office.replay import as_told
from office.window_spans import spans_of
from office.workplace import InForce, all_in_force, place_of
from responsibilities import snapshot
from responsibilities.calendars.clock import Clock
from storage import bulk, facts, past, plans, tasks
from storage.engine import reading
from storage.instants import text, whole
from storage.past import Past


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with what was in force and how long the record was."""

    at: datetime
    """Whole minutes while it is now: so that pages of one minute agree."""
    size: int
    """Facts on record."""
    leaf: bytes
    """The leaf of the last of them: with `size`, it names all that was known."""
    places: Mapping[str, InForce]
    """By plan."""
    is_past: bool


def moment(connection: Connection, day: date | None, now: datetime) -> Moment:
    """The end of `day` in the plans' zone; now where there is no day, or it is not over yet."""
    places = all_in_force(connection)
    clock = next((place.clock for place in places.values()), None)
    if day is None or clock is None or (ends := _end(clock, day)) >= now:
        at = whole(now).replace(second=0)
        size = facts.last_seq(connection)
        return Moment(at, size, facts.leaf_of(connection, size), places, False)
    return moment_at(connection, past.size_at(connection, text(ends)), ends)


def moment_at(connection: Connection, size: int, at: datetime) -> Moment:
    """What was in force and known at `at`, when the record had its first `size` facts."""
    places = all_in_force(connection)
    then = {plan: _place_at(connection, place, at) for plan, place in places.items()}
    return Moment(at, size, facts.leaf_of(connection, size), then, True)


def tasks_at(db: Engine, found: Moment) -> Engine:
    """The database whose tasks are those of the moment: `db` itself, or a copy as of then.

    A copy is made once for each length of the record: only the tasks that something happened to
    since are told again from their facts.
    """
    if not found.is_past:
        return db
    key = (found.size, found.leaf, found.at)
    with _making:
        if key not in _pasts:
            if len(_pasts) >= _KEPT:
                del _pasts[next(iter(_pasts))]
            with reading(db) as connection:
                _pasts[key] = past.past(
                    _rows_at(connection, found), past.handed_in_by(connection, text(found.at))
                )
        return _pasts[key].db


_KEPT = 4
_pasts: dict[tuple[int, bytes, datetime], Past] = {}
_making = Lock()


def end_of_day(found: Moment, day: date) -> datetime:
    """The last second of a day in the plans' zone; in UTC where there is no plan."""
    clock = next((place.clock for place in found.places.values()), None)
    return _end(clock, day) if clock else datetime.combine(day, time.max, UTC)


def _end(clock: Clock, day: date) -> datetime:
    return clock.end_of_day(day) - timedelta(seconds=1)


def _place_at(connection: Connection, now: InForce, at: datetime) -> InForce:
    """The version that was in force; the first one for a time before there was any."""
    versions = plans.versions(connection, now.plan.id)
    stored = next((v for v in reversed(versions) if v.adopted_at <= at), versions[0])
    if stored.version == now.version:
        return now
    loaded = snapshot.load(stored.snapshot)
    built = place_of(loaded, stored.version, stored.digest, site_days(connection))
    return replace(built, spans=spans_of(connection, loaded.id)) if loaded.windows else built


def _rows_at(connection: Connection, found: Moment) -> Iterator[bulk.Row]:
    for row, changed in past.opened_by(connection, text(found.at), found.size):
        if not changed:
            yield row
            continue
        known = (f for f in facts.of_task(connection, row[1]) if f.seq <= found.size)
        task = as_told(connection, known, row[0])
        if task is not None:
            yield tasks.row(task)
