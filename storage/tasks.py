"""The index over the facts: one row a task, kept in the transaction that writes its facts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, select, tuple_

from responsibilities.tasks import Outage, State, Task
from storage import bulk
from storage.instants import instant, instant_or_none, text, text_or_none
from storage.tables import facts, tasks

_STATES = {state.value: state for state in State}
_ALL = ", ".join(column.name for column in tasks.columns)


def read(row: Sequence[Any]) -> Task:
    """The task that a row, in the order of the table's columns, stands for."""
    (id_, key, plan, period, subject, duty, unit, promise, event, opens, due, original, lapses,
     opened, state, attempt, submitted, round_, step, review_step, wake, closed, outcome,
     provisional, late) = row  # fmt: skip
    return Task(
        id_, key, plan, period, subject, duty, unit, promise, event,
        instant(opens), instant(due), instant(original), instant_or_none(lapses),
        instant(opened), _STATES[state], attempt, instant_or_none(submitted),
        round_, step, review_step, instant_or_none(wake), instant_or_none(closed), outcome,
        bool(provisional), bool(late),
    )  # fmt: skip


def row(task: Task) -> bulk.Row:
    """The row that stands for `task`."""
    return (
        task.id, task.key, task.plan, task.period, task.subject, task.duty, task.unit,
        task.promise, task.event, text(task.opens_at), text(task.due_at),
        text(task.original_due_at), text_or_none(task.lapses_at), text(task.opened_at),
        task.state.value, task.attempt, text_or_none(task.submitted_at), task.round, task.step,
        task.review_step, text_or_none(task.wake_at), text_or_none(task.closed_at), task.outcome,
        task.provisional, task.late_by_system,
    )  # fmt: skip


def last_id(connection: Connection) -> int:
    """The highest number given so far; 0 for none."""
    return connection.scalar(select(func.max(tasks.c.id))) or 0


def insert(connection: Connection, rows: Sequence[bulk.Row]) -> None:
    """New tasks, each a complete row in the order of the columns."""
    bulk.insert_rows(connection, tasks, rows)


def known_keys(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Those of `keys` that have their task already."""
    found = bulk.chosen(connection, "SELECT key FROM tasks WHERE key IN (?)", keys)
    return {key for (key,) in found}


def by_key(connection: Connection, key: str) -> Task | None:
    """The task named `key`."""
    return _one(connection, tasks.c.key == key)


def by_id(connection: Connection, number: int) -> Task | None:
    """The task with this number."""
    return _one(connection, tasks.c.id == number)


def by_ids(connection: Connection, numbers: Iterable[int]) -> dict[int, Task]:
    """The tasks with these numbers."""
    found = bulk.chosen(connection, f"SELECT {_ALL} FROM tasks WHERE id IN (?)", numbers)
    return {row[0]: read(row) for row in found}


def beneath(connection: Connection, key: str) -> tuple[Task, ...]:
    """The parts of the task `key`, by key: those of its delegates."""
    within = and_(tasks.c.key > f"{key}~", tasks.c.key < f"{key}~\x7f")
    return tuple(map(read, connection.execute(select(tasks).where(within).order_by(tasks.c.key))))


def of_event(connection: Connection, event: str) -> tuple[Task, ...]:
    """The chain of tasks that an event opened, in the order they opened."""
    found = connection.execute(select(tasks).where(tasks.c.event == event).order_by(tasks.c.id))
    return tuple(map(read, found))


def validities(connection: Connection, plan: str, duty: str) -> tuple[Task, ...]:
    """The tasks of a duty that counts from the last time it was done (period `V1`, `V2`, …)."""
    head = f"{plan}/V"
    found = connection.execute(
        select(tasks).where(
            tasks.c.key >= head, tasks.c.key < f"{head}\U0010ffff", tasks.c.duty == duty
        )
    )
    return tuple(map(read, found))


def anyone_woken(connection: Connection, now: datetime) -> bool:
    """Whether a task wants attention at `now`; one look at the index."""
    statement = bulk.placed(connection, "SELECT 1 FROM tasks WHERE wake_at <= ? LIMIT 1")
    return connection.exec_driver_sql(statement, (text(now),)).first() is not None


def first_wake(connection: Connection) -> datetime | None:
    """The earliest instant at which a task wants attention."""
    return instant_or_none(connection.scalar(select(func.min(tasks.c.wake_at))))


class Shape(NamedTuple):
    """All that the ladder asks of a task, as stored; the units of one period share it."""

    plan: str
    duty: str
    promise: str
    opens_at: str
    due_at: str
    original_due_at: str
    lapses_at: str | None
    state: str
    attempt: int
    submitted_at: str | None
    round: int
    step: int
    review_step: int
    late_by_system: bool
    wake_at: str | None


_SHAPE = ", ".join(("id", "key", "unit", *Shape._fields))


def woken(
    connection: Connection, now: datetime, after: tuple[str, int], limit: int
) -> list[bulk.Row]:
    """Up to `limit` tasks that want attention at `now`, behind the place (wake_at, id) `after`.

    Rows of id, key, unit and the values of `Shape`, the longest awake first.
    """
    return bulk.fetched(
        connection,
        f"SELECT {_SHAPE} FROM tasks WHERE wake_at <= ? AND (wake_at, id) > (?, ?) "
        "ORDER BY wake_at, id LIMIT ?",
        (text(now), *after, limit),
    )


def deprived(connection: Connection, outage: Outage) -> list[int]:
    """Numbers of the open tasks whose due date lies so near the outage that time is given back.

    From `outage.until` on a unit has at least the time it lost; a later due date has it anyway.
    """
    reach = outage.until + (outage.until - outage.since)
    found = bulk.fetched(
        connection,
        "SELECT id FROM tasks WHERE closed_at IS NULL AND due_at > ? AND due_at < ? "
        "ORDER BY due_at, id",
        (text(outage.since), text(reach)),
    )
    return [id_ for (id_,) in found]


def shaped(connection: Connection, numbers: Iterable[int]) -> list[bulk.Row]:
    """These tasks, as `woken` gives them."""
    statement = f"SELECT {_SHAPE} FROM tasks WHERE id IN (?) ORDER BY id"
    return [tuple(row) for row in bulk.chosen(connection, statement, numbers)]


def advance(connection: Connection, rows: Sequence[tuple[int, int, str | None, int]]) -> None:
    """Move tasks along their ladder: (step, review_step, wake_at, id) each."""
    bulk.run(
        connection, "UPDATE tasks SET step = ?, review_step = ?, wake_at = ? WHERE id = ?", rows
    )


def save(connection: Connection, changed: Sequence[Task]) -> None:
    """Write back everything about these tasks that an act can change."""
    bulk.run(
        connection,
        "UPDATE tasks SET due_at = ?, lapses_at = ?, state = ?, attempt = ?, submitted_at = ?, "
        "round = ?, step = ?, review_step = ?, wake_at = ?, closed_at = ?, outcome = ?, "
        "late_by_system = ?, provisional = ? WHERE id = ?",
        [
            (
                text(t.due_at), text_or_none(t.lapses_at), t.state.value, t.attempt,
                text_or_none(t.submitted_at), t.round, t.step, t.review_step,
                text_or_none(t.wake_at), text_or_none(t.closed_at), t.outcome,
                t.late_by_system, t.provisional, t.id,
            )
            for t in changed
        ],
    )  # fmt: skip


def in_hand(connection: Connection, plan: str) -> tuple[Task, ...]:
    """The open tasks of a plan."""
    found = connection.execute(
        select(tasks).where(tasks.c.plan == plan, tasks.c.closed_at.is_(None)).order_by(tasks.c.id)
    )
    return tuple(map(read, found))


def wake_all(connection: Connection, plan: str, now: datetime) -> None:
    """Have every open task of a plan that waits for a step looked at now."""
    statement = (
        "UPDATE tasks SET wake_at = ? WHERE plan = ? AND wake_at IS NOT NULL AND wake_at > ?"
    )
    bulk.run(connection, statement, [(text(now), plan, text(now))])


def wake_duties(connection: Connection, plan: str, duties: Iterable[str], now: datetime) -> None:
    """Have the tasks of these duties that are with their units looked at now."""
    statement = "UPDATE tasks SET wake_at = ? WHERE plan = ? AND duty = ? AND state = ?"
    at, state = text(now), State.OPEN.value
    bulk.run(connection, statement, [(at, plan, duty, state) for duty in duties])


def count_open(connection: Connection, plan: str) -> dict[str, int]:
    """How many tasks of `plan` are open, by duty."""
    found = connection.execute(
        select(tasks.c.duty, func.count())
        .where(tasks.c.closed_at.is_(None), tasks.c.plan == plan)
        .group_by(tasks.c.duty)
    )
    return {duty: number for duty, number in found}


def listed(
    connection: Connection,
    *,
    plan: str | None = None,
    unit: str | None = None,
    duty: str | None = None,
    period: str | None = None,
    open_only: bool = False,
    before: int | None = None,
    limit: int = 1000,
) -> tuple[Task, ...]:
    """The newest tasks first, `limit` of them behind number `before` (keyset paging)."""
    wanted: list[ColumnElement[bool]] = []
    if plan is not None:
        wanted.append(tasks.c.plan == plan)
    if unit is not None:
        wanted.append(tasks.c.unit == unit)
    if duty is not None:
        wanted.append(tasks.c.duty == duty)
    if period is not None:
        wanted.append(tasks.c.period == period)
    if open_only:
        wanted.append(tasks.c.closed_at.is_(None))
    if before is not None:
        wanted.append(tasks.c.id < before)
    query = select(tasks).where(*wanted).order_by(tasks.c.id.desc()).limit(limit)
    return tuple(map(read, connection.execute(query)))


class Closed(NamedTuple):
    """What became of the tasks of one duty at one unit that are closed."""

    duty: str
    unit: str
    done: int
    """Accepted, in time or late."""
    late: int
    """Of those, handed in after their due date."""
    waived: int
    lapsed: int
    last: int
    """The number of the newest."""


Due = tuple[datetime | None, datetime | None]
"""Due at or after the first and before the second, where given."""


def closed_by_cell(connection: Connection, plan: str, due: Due) -> list[Closed]:
    """The closed tasks of `plan` counted by duty and unit: one line a cell, however many there are.

    Delegates' parts are left out: the unit's own task stands for them.
    """
    late = and_(tasks.c.outcome == "accepted", tasks.c.submitted_at > tasks.c.due_at)
    query = (
        select(
            tasks.c.duty, tasks.c.unit, _count(tasks.c.outcome == "accepted"), _count(late),
            _count(tasks.c.outcome == "waived"), _count(tasks.c.outcome == "lapsed"),
            func.max(tasks.c.id),
        )
        .where(tasks.c.plan == plan, tasks.c.closed_at.is_not(None), *_within(due))
        .where(tasks.c.unit.not_like("%~%"))
        .group_by(tasks.c.duty, tasks.c.unit)
    )  # fmt: skip
    return [Closed(*row) for row in connection.execute(query)]


def open_of_plan(connection: Connection, plan: str, due: Due) -> tuple[Task, ...]:
    """The open tasks of `plan`, the first due first; delegates' parts are left out."""
    query = (
        select(tasks)
        .where(tasks.c.plan == plan, tasks.c.closed_at.is_(None), *_within(due))
        .where(tasks.c.unit.not_like("%~%"))
        .order_by(tasks.c.due_at, tasks.c.id)
    )
    return tuple(map(read, connection.execute(query)))


def due_within(
    connection: Connection, plan: str, since: datetime, until: datetime
) -> tuple[Task, ...]:
    """The tasks of `plan`, open and closed, due from `since` and before `until`, by number;
    delegates' parts are left out.
    """
    query = (
        select(tasks)
        .where(tasks.c.plan == plan, *_within((since, until)))
        .where(tasks.c.unit.not_like("%~%"))
        .order_by(tasks.c.id)
    )
    return tuple(map(read, connection.execute(query)))


def _within(due: Due) -> list[ColumnElement[bool]]:
    since, until = due
    wanted = [tasks.c.due_at >= text(since)] if since is not None else []
    return wanted + ([tasks.c.due_at < text(until)] if until is not None else [])


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))


def count_late(connection: Connection, plan: str, now: datetime) -> int:
    """How many tasks are with their units beyond their due date."""
    return connection.scalar(select(func.count()).where(*_late(plan, now))) or 0


def late(connection: Connection, plan: str, now: datetime, limit: int) -> tuple[Task, ...]:
    """Tasks that are with their units beyond their due date, the latest first."""
    query = select(tasks).where(*_late(plan, now)).order_by(tasks.c.due_at, tasks.c.id).limit(limit)
    return tuple(map(read, connection.execute(query)))


def _late(plan: str, now: datetime) -> list[ColumnElement[bool]]:
    open_ = tasks.c.state == State.OPEN.value
    late_ = tasks.c.due_at < text(now)
    return [tasks.c.plan == plan, tasks.c.closed_at.is_(None), open_, late_]


def awaiting_more_time(connection: Connection, plan: str) -> tuple[Task, ...]:
    """Tasks with their units for which more time was ever asked, the first due first."""
    asked = (
        select(facts.c.task)
        .where(facts.c.task == tasks.c.key, facts.c.key.like("extension_asked/%"))
        .exists()
    )
    query = select(tasks).where(tasks.c.plan == plan, tasks.c.closed_at.is_(None), asked)
    return tuple(map(read, connection.execute(query.order_by(tasks.c.due_at, tasks.c.id))))


def count_submitted(connection: Connection, plan: str) -> int:
    """How many tasks wait for their reviewers."""
    return connection.scalar(select(func.count()).where(tasks.c.plan == plan, *_SUBMITTED)) or 0


def submitted(
    connection: Connection, plan: str, limit: int, after: tuple[datetime, int] | None = None
) -> tuple[Task, ...]:
    """Tasks that wait for their reviewers, the longest first, behind (submitted_at, id)."""
    query = (
        select(tasks)
        .where(tasks.c.plan == plan, *_SUBMITTED)
        .order_by(tasks.c.submitted_at, tasks.c.id)
    )
    if after is not None:
        behind = tuple_(tasks.c.submitted_at, tasks.c.id) > (text(after[0]), after[1])
        query = query.where(behind)
    return tuple(map(read, connection.execute(query.limit(limit))))


_SUBMITTED = (
    tasks.c.closed_at.is_(None),
    tasks.c.state == State.SUBMITTED.value,
    tasks.c.unit.not_like("%~%"),
)


def every(connection: Connection) -> tuple[Task, ...]:
    """All tasks in the order of their numbers (tests and replay)."""
    return tuple(map(read, connection.execute(select(tasks).order_by(tasks.c.id))))


def _one(connection: Connection, where: ColumnElement[bool]) -> Task | None:
    found = connection.execute(select(tasks).where(where)).first()
    return None if found is None else read(found)
