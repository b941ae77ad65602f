"""The completion log (台账) as an inspector reads it: filtered, counted, paged, as of any day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from inspections.checkpoint import Signed
from inspections.log_query import EVERYTHING, LogQuery, Remit, changed
from office import log_conditions
from office.facets import Facet, facets
from office.ledger import Row, row_of
from office.matters import Matter
from office.moments import Moment, moment, tasks_at
from office.workplace import promise
from responsibilities.tasks import Promise, Task
from responsibilities.words import Language
from storage import checkpoints, log
from storage.engine import reading
from storage.instants import text
from storage.log import Cell, Condition

PAGE = 50
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log, the newest tasks first."""

    query: LogQuery
    at: datetime
    """The instant that the page is as of; every standing on it is judged by it."""
    is_past: bool
    size: int
    """Facts on record then."""
    head: Signed | None
    """The last signed head of the record that was not longer."""
    rows: tuple[Row, ...]
    total: int
    """Tasks that the query finds, on all pages."""
    facets: tuple[Facet, ...]
    older: LogQuery | None
    newer: LogQuery | None


def log_page(
    db: Engine, query: LogQuery, now: datetime, remit: Remit = EVERYTHING,
    language: Language = "zh", limit: int = PAGE,
) -> LogPage:  # fmt: skip
    """What `query` finds within `remit`. Instants of rows are in their plan's zone."""
    with reading(db) as connection:
        found = moment(connection, query.as_of, now)
        with reading(tasks_at(db, found)) as then:
            tally = _tally(connection, then, query, found, remit)
            where = [*tally.where, *log_conditions.chosen(query, found, tally.promises)]
            listed = log.page(then, where, limit + 1, query.after, query.before)
        upwards = query.before is not None
        more = len(listed) > limit
        shown = (listed[-limit:] if upwards else listed[:limit]) if more else listed
        rows = tuple(shown_row(connection, task, found, language) for task in shown)
        head = checkpoints.last_within(connection, found.size)
    older, newer = _neighbours(query, shown, more)
    return LogPage(
        query, found.at, found.is_past, found.size, head.signed if head else None, rows,
        tally.total, tally.facets, older, newer,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stream:
    """All that a query finds, page by page: for exports and traces."""

    at: datetime
    size: int
    head: Signed | None
    total: int
    rows: Iterator[tuple[Row, Promise, str]]
    """Each with what was promised and the post in charge (分管领导), by name or empty."""


def all_rows(
    connection: Connection, query: LogQuery, now: datetime, remit: Remit, language: Language
) -> Stream:
    """Everything that `query` finds within `remit`, the newest first; memory does not grow."""
    found = moment(connection, query.as_of, now)
    total, tasks = _found(connection, query, found, remit)
    head = checkpoints.last_within(connection, found.size)
    rows = (_with_leader(connection, task, found, language) for task in tasks)
    return Stream(found.at, found.size, head.signed if head else None, total, rows)


def drawn_from(
    connection: Connection, query: LogQuery, now: datetime, remit: Remit
) -> Iterator[Task]:
    """The tasks themselves that `query` finds within `remit`, the newest first."""
    return _found(connection, query, moment(connection, query.as_of, now), remit)[1]


def shown_row(connection: Connection, task: Task, found: Moment, language: Language) -> Row:
    """A task as it stood at a moment."""
    place = found.places[task.plan]
    return row_of(Matter(task, promise(connection, task.promise), place), found.at, language)


def _found(
    connection: Connection, query: LogQuery, found: Moment, remit: Remit
) -> tuple[int, Iterator[Task]]:
    """How many tasks a query finds, and the tasks as they are asked for."""
    then = tasks_at(connection.engine, found)
    with reading(then) as past:
        tally = _tally(connection, past, query, found, remit)
    where = [*tally.where, *log_conditions.chosen(query, found, tally.promises)]
    return tally.total, _paged(then, where)


def _paged(then: Engine, where: Sequence[Condition]) -> Iterator[Task]:
    after = None
    with reading(then) as past:
        while listed := log.page(past, where, _AT_ONCE, after):
            yield from listed
            after = listed[-1].id


def _with_leader(
    connection: Connection, task: Task, found: Moment, language: Language
) -> tuple[Row, Promise, str]:
    place, promised = found.places[task.plan], promise(connection, task.promise)
    leader = log_conditions.leader_of(place, promised, task.unit)
    named = next((post.name for post in place.plan.posts if post.id == leader), leader)
    return shown_row(connection, task, found, language), promised, named


def _neighbours(
    query: LogQuery, shown: Sequence[Task], more: bool
) -> tuple[LogQuery | None, LogQuery | None]:
    """The pages on both sides of the one that shows these tasks."""
    if not shown:
        return None, None
    upwards, first = query.before is not None, query.before is None and query.after is None
    older = changed(query, after=shown[-1].id) if upwards or more else None
    newer = changed(query, before=shown[0].id) if (more if upwards else not first) else None
    return older, newer


@dataclass(frozen=True, slots=True)
class _Tally:
    """What all pages of a query share."""

    where: tuple[Condition, ...]
    promises: dict[str, Promise]
    facets: tuple[Facet, ...]
    total: int


def _tally(
    connection: Connection, then: Connection, query: LogQuery, found: Moment, remit: Remit
) -> _Tally:
    """The counts, from memory where nothing has been recorded since and the minute is the same."""
    at = (connection.engine.url, found.size, found.leaf, found.at, found.is_past, remit)
    whole = replace(query, after=None, before=None, as_of=None)
    bare = LogQuery(since=query.since, until=query.until, words=query.words, reused=query.reused)
    key = (*at, whole, query.as_of)
    made = _tallies.get(key)
    if made is None:
        where = (
            *log_conditions.allowed(remit, found),
            *log_conditions.sought(connection, then, query, found),
        )
        counted = _counted(then, (*at, bare), where, found)
        promises = {cell.promise: promise(connection, cell.promise) for cell in counted}
        asked = replace(query, after=None, before=None)
        beside = log_conditions.chosen(replace(asked, period=()), found, promises)
        periods = log.periods(then, [*where, *beside])
        if query.period:
            within = (*where, log.one_of("period", query.period))
            counted = _counted(then, (*at, bare, query.period), within, found)
        made = _Tally(where, promises, *facets(counted, periods, asked, found, promises))
        _keep(_tallies, key, made)
    return made


def _counted(
    then: Connection, key: tuple[Any, ...], where: Sequence[Condition], found: Moment
) -> list[Cell]:
    counted = _cells.get(key)
    return (
        _keep(_cells, key, log.cells(then, where, text(found.at))) if counted is None else counted
    )


_KEPT = 64
_cells: dict[Any, list[Cell]] = {}
_tallies: dict[Any, _Tally] = {}
"""By the length of the record, so never stale: what is counted changes only with a fact or `at`."""


def _keep(held: dict[Any, Any], key: Any, value: Any) -> Any:
    if len(held) >= _KEPT:
        held.pop(next(iter(held)), None)
    held[key] = value
    return value
