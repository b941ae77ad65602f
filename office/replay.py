"""The index of the tasks, rebuilt from the facts alone: what must equal the table at any time."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from office.matters import Matter
from office.workplace import in_force, promise
from responsibilities.holders import unit_of
from responsibilities.ladder import first_wake, restart, unit_rungs
from responsibilities.plan import Base
from responsibilities.tasks import Fact, FactKind, State, Task
from storage import facts
from storage.instants import instant, instant_or_none

_CHUNK = 10_000


def replayed(connection: Connection) -> tuple[Task, ...]:
    """Every task as the facts tell it, in the order of their numbers.

    Numbers are given in the order of the OPENED facts. `wake_at` is worked out anew by the ladder
    as of the last fact about the task.
    """
    found: dict[str, Task] = {}
    seq = 0
    while chunk := facts.since(connection, seq, _CHUNK):
        for fact in chunk:
            if fact.task is not None:
                found[fact.task] = _after(connection, found, fact)
        seq = chunk[-1].seq
    return tuple(sorted(found.values(), key=lambda task: task.id))


def as_told(connection: Connection, known: Iterable[Fact], number: int) -> Task | None:
    """One task as these facts about it tell it; None where it was not opened yet.

    Without its place on the ladder: `step` and `wake_at` are those of the opening.
    """
    task = None
    for fact in known:
        if fact.kind is FactKind.OPENED:
            task = _opened(connection, fact, number)
        elif task is not None and fact.kind is not FactKind.TOLD:
            task = _applied(connection, task, fact)
    return task


def _after(connection: Connection, found: dict[str, Task], fact: Fact) -> Task:
    assert fact.task is not None
    if fact.kind is FactKind.OPENED:
        return _opened(connection, fact, len(found) + 1)
    return _woken(connection, _applied(connection, found[fact.task], fact), fact.at)


def _opened(connection: Connection, fact: Fact, number: int) -> Task:
    assert fact.task is not None
    plan, period, _, holder = fact.task.split("/")
    body = fact.body
    steps, clock = promise(connection, body["promise"]).steps, in_force(connection, plan).clock
    opens, due = instant(body["opens"]), instant(body["due"])
    original, lapses = instant(body["original_due"]), instant_or_none(body.get("lapses"))
    start = first_wake(steps, opens, due, lapses, clock, fact.at, original)
    over = lapses is not None and lapses <= fact.at
    return Task(
        number, fact.task, plan, period, body["subject"], body["duty"], unit_of(holder),
        body["promise"], body.get("event"), opens, due, original, lapses, fact.at,
        State.OPEN, 0, None, 0,
        0 if over else start.step, 0, None if over else start.wake_at, None, "",
        body["provisional"], body["late_by_system"],
    )  # fmt: skip


def _applied(connection: Connection, task: Task, fact: Fact) -> Task:
    body = fact.body
    match fact.kind:
        case FactKind.TOLD:
            return _told(connection, task, body)
        case FactKind.SUBMITTED:
            return _submitted(task, fact)
        case FactKind.RETURNED:
            due = instant(body["due"])
            return replace(task, state=State.OPEN, submitted_at=None, due_at=due)
        case FactKind.EXTENDED:
            return _extended(connection, task, instant(body["due"]), fact.at)
        case FactKind.REOPENED:
            after = _extended(connection, task, instant(body["due"]), fact.at)
            return replace(after, state=State.OPEN, submitted_at=None, closed_at=None, outcome="")
        case FactKind.MOVED:
            return _moved(task, body)
        case FactKind.ACCEPTED | FactKind.WAIVED | FactKind.LAPSED:
            outcome = fact.kind.value
            return replace(task, state=State.CLOSED, closed_at=fact.at, outcome=outcome)
        case _:
            return task


def _moved(task: Task, body: Any) -> Task:
    after = replace(task, due_at=instant(body["due"]))
    if body["why"] == "outage":
        return replace(after, late_by_system=True)
    lapses = instant_or_none(body.get("lapses"))
    return replace(after, lapses_at=lapses, provisional=body["provisional"])


def _told(connection: Connection, task: Task, body: Any) -> Task:
    """The place on the ladder is behind the step that was told."""
    steps = promise(connection, task.promise).steps
    step = next(step for step in steps if step.id == body["step"])
    if step.base is Base.SUBMITTED:
        own = [s.id for s in steps if s.base is Base.SUBMITTED]
        return replace(task, review_step=own.index(step.id) + 1)
    clock = in_force(connection, task.plan).clock
    rungs = unit_rungs(steps, task.opens_at, task.due_at, clock, task.original_due_at)
    return replace(task, step=[rung.step.id for rung in rungs].index(step.id) + 1)


def _submitted(task: Task, fact: Fact) -> Task:
    after = replace(task, attempt=fact.body["attempt"])
    if fact.body["complete"] and task.state is State.OPEN:
        return replace(after, state=State.SUBMITTED, submitted_at=fact.at, review_step=0)
    return after


def _extended(connection: Connection, task: Task, due_at: datetime, now: datetime) -> Task:
    steps = promise(connection, task.promise).steps
    clock = in_force(connection, task.plan).clock
    step = restart(steps, task.opens_at, due_at, clock, now, task.original_due_at)
    return replace(task, due_at=due_at, round=task.round + 1, step=step)


def _woken(connection: Connection, task: Task, now: datetime) -> Task:
    if task.state is State.CLOSED:
        return replace(task, wake_at=None)
    place = in_force(connection, task.plan)
    return Matter(task, promise(connection, task.promise), place).reindexed(task, now)
