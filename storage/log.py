"""The completion log (台账) asked of the database: conditions, counts, pages by keyset.

Works on the tasks as they are and as they were (see `past`): it reads `tasks` and `evidence`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from responsibilities.tasks import Task
from storage import bulk
from storage.tables import tasks
from storage.tasks import read


class Condition(NamedTuple):
    """A condition in SQL with `?` for each value, and the values."""

    sql: str
    values: tuple[Any, ...] = ()


class Cell(NamedTuple):
    """How many tasks agree in all of this."""

    plan: str
    duty: str
    unit: str
    promise: str
    standing: str
    late: bool
    late_by_system: bool
    tasks: int


_ALL = ", ".join(f"tasks.{column.name}" for column in tasks.columns)
_ENDED = "tasks.outcome IN ('waived', 'lapsed')"
_DONE_AT = (
    "COALESCE(CASE WHEN tasks.state <> 'open' THEN tasks.submitted_at END, tasks.closed_at, ?)"
)
_LATE = f"(NOT {_ENDED} AND {_DONE_AT} > tasks.due_at)"
"""As `responsibilities.standing.is_late`; the value is now."""
_STANDING = (
    f"CASE WHEN {_ENDED} THEN tasks.outcome "
    f"WHEN tasks.state = 'closed' AND {_LATE} THEN 'done_late' "
    "WHEN tasks.state = 'closed' THEN 'done' WHEN tasks.state = 'submitted' THEN 'under_review' "
    "WHEN tasks.due_at < ? THEN 'overdue' ELSE 'in_hand' END"
)
"""As `responsibilities.standing.standing`, as the log counts it; both values are now."""
_OTHER = (
    "EXISTS (SELECT 1 FROM evidence AS mine JOIN evidence AS other ON other.sha256 = mine.sha256 "
    "AND other.task <> mine.task WHERE mine.task = tasks.id "
    "AND mine.requirement <> 'mail' AND other.requirement <> 'mail')"
)


def one_of(column: str, values: Iterable[str]) -> Condition:
    """The column holds one of these values; none where there are no values."""
    listed = sorted(values)
    marks = ", ".join("?" * len(listed))
    return Condition(f"tasks.{column} IN ({marks})" if listed else "1 = 0", tuple(listed))


def numbered(tasks: Iterable[int]) -> Condition:
    """The tasks of these numbers."""
    listed = sorted(tasks)
    marks = ", ".join("?" * len(listed))
    return Condition(f"tasks.id IN ({marks})" if listed else "1 = 0", tuple(listed))


def of_units(units: Iterable[str]) -> Condition:
    """The tasks of these units and of their delegates (`unit~delegate`)."""
    parts = [Condition("tasks.unit >= ? AND tasks.unit < ?", (f"{u}~", f"{u}~\x7f")) for u in units]
    return any_of([one_of("unit", units), *parts])


def due(since: str | None, until: str | None) -> Iterator[Condition]:
    """Due from the instant `since` and before the instant `until`."""
    if since is not None:
        yield Condition("tasks.due_at >= ?", (since,))
    if until is not None:
        yield Condition("tasks.due_at < ?", (until,))


def stands(standings: Iterable[str], now: str) -> Condition:
    """Counted in the log under one of these standings at `now`."""
    listed = sorted(standings)
    return Condition(f"{_STANDING} IN ({', '.join('?' * len(listed))})", (now, now, *listed))


def is_late(late: bool, now: str) -> Condition:
    """Whether the unit missed the due date, as of `now`."""
    return Condition(_LATE if late else f"NOT {_LATE}", (now,))


def is_late_by_system(flag: bool) -> Condition:
    """Whether we were the reason that it was late."""
    return Condition("tasks.late_by_system" if flag else "NOT tasks.late_by_system")


def is_reused() -> Condition:
    """A file of it was handed in for another task too."""
    return Condition(_OTHER)


def names_file(connection: Connection, word: str) -> Condition:
    """The name of one of its files holds `word`, without regard to the case of ASCII letters."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    folded = connection.dialect.name == "postgresql"  # SQLite's LIKE folds ASCII by itself
    name = "LOWER(name)" if folded else "name"
    return Condition(
        f"tasks.id IN (SELECT task FROM evidence WHERE {name} LIKE ? ESCAPE '\\')",
        (f"%{escaped.lower() if folded else escaped}%",),
    )


def any_of(conditions: Sequence[Condition]) -> Condition:
    """At least one of these holds."""
    return Condition(
        "(" + " OR ".join(f"({one.sql})" for one in conditions) + ")",
        tuple(value for one in conditions for value in one.values),
    )


def cells(connection: Connection, where: Sequence[Condition], now: str) -> list[Cell]:
    """How many tasks meet all conditions, by everything that the facets count."""
    sql, values = _where(where)
    found = bulk.fetched(
        connection,
        f"SELECT plan, duty, unit, promise, {_STANDING}, {_LATE}, late_by_system, COUNT(*) "
        f"FROM tasks{sql} GROUP BY 1, 2, 3, 4, 5, 6, 7",
        (now, now, now, *values),
    )
    return [
        Cell(p, d, u, m, s, bool(late), bool(ours), n) for p, d, u, m, s, late, ours, n in found
    ]


def periods(connection: Connection, where: Sequence[Condition]) -> dict[str, int]:
    """How many tasks meet all conditions, by their period: as many values as there were weeks, so
    not a side of a cell."""
    sql, values = _where(where)
    statement = f"SELECT period, COUNT(*) FROM tasks{sql} GROUP BY period"
    return {period: count for period, count in bulk.fetched(connection, statement, values)}


def page(
    connection: Connection, where: Sequence[Condition], limit: int,
    after: int | None = None, before: int | None = None,
) -> list[Task]:  # fmt: skip
    """Up to `limit` tasks, the newest first: those next behind `after`, or next before `before`."""
    if before is not None:
        newer = _ordered(connection, [*where, Condition("tasks.id > ?", (before,))], "ASC", limit)
        return newer[::-1]
    older = [] if after is None else [Condition("tasks.id < ?", (after,))]
    return _ordered(connection, [*where, *older], "DESC", limit)


def _ordered(
    connection: Connection, where: Sequence[Condition], order: str, limit: int
) -> list[Task]:
    sql, values = _where(where)
    statement = f"SELECT {_ALL} FROM tasks{sql} ORDER BY tasks.id {order} LIMIT {limit}"
    return [read(row) for row in bulk.fetched(connection, statement, values)]


def _where(conditions: Sequence[Condition]) -> Condition:
    if not conditions:
        return Condition("")
    sql = " AND ".join(one.sql for one in conditions)
    return Condition(f" WHERE {sql}", tuple(v for one in conditions for v in one.values))
