"""Acts that fail at a chosen step of their transaction, and whether they left anything behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, event, select

from responsibilities.tasks import FactKind
from storage import facts, tables, tasks
from storage.engine import reading


class Broken(Exception):
    """What goes wrong in the middle of an act."""


def insist(db: Engine, act: Callable[[], object], *, whole: bool = True) -> int:
    """Run `act`, broken at its first step, at its second, and so on, until it gets through.

    After each failure the record is sound; where the act is `whole` (one transaction), nothing at
    all has changed. Gives how often it failed.
    """
    failures = 0
    for at in count(1):
        for when in ("before", "after"):
            there = everything(db) if whole else None
            with broken(db, at, when) as failed:
                if gets_through(act):
                    assert not failed
                    sound(db)
                    return failures
            assert failed
            failures += 1
            assert there is None or everything(db) == there
            sound(db)
    raise AssertionError("unreachable")


def gets_through(act: Callable[[], object]) -> bool:
    """Whether `act` was done; what it fails of must be what was broken, and nothing else."""
    try:
        act()
    except Broken:
        return False
    except ExceptionGroup as group:
        _, others = group.split(Broken)
        assert others is None
        return False
    return True


@contextmanager
def broken(db: Engine, at: int, when: str) -> Iterator[list[str]]:
    """From the `at`-th step of writing on, every statement fails before or after it has run.

    A commit is a step too, and never runs then. Gives the steps that failed.
    """
    failed: list[str] = []
    steps = count(1)

    def step(connection: Connection, what: str) -> None:
        writes = connection.get_execution_options().get("duban_writing")
        if writes and not what.startswith("BEGIN") and next(steps) >= at:
            failed.append(what)
            raise Broken(what)

    def statement(connection: Connection, _cursor: Any, said: str, *_: Any) -> None:
        step(connection, said)

    def commit(connection: Connection) -> None:
        step(connection, "COMMIT")

    event.listen(db, f"{when}_cursor_execute", statement)
    event.listen(db, "commit", commit)
    try:
        yield failed
    finally:
        event.remove(db, f"{when}_cursor_execute", statement)
        event.remove(db, "commit", commit)


def everything(db: Engine) -> list[list[Any]]:
    """All rows of all tables."""
    with reading(db) as connection:
        return [
            sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in tables.metadata.sorted_tables
        ]


def sound(db: Engine) -> None:
    """Every task has its opening; a step on the record has its notice, and a notice its record."""
    with reading(db) as connection:
        there = {task.id: task.key for task in tasks.every(connection)}
        known = facts.since(connection, 0, 1_000_000)
        said = list(connection.execute(select(tables.notices.c.kind, tables.notices.c.matters)))
    recorded = {(fact.task, fact.key.split("/")[0]) for fact in known if fact.task}
    assert {key for key, kind in recorded if kind == "opened"} == set(there.values())
    told = {(f.task, f.body["step"]) for f in known if f.kind is FactKind.TOLD}
    noticed = {
        (kind, there[number], step)
        for kind, matters in said
        for number, step, _reason in orjson.loads(matters)
    }
    assert told <= {(key, step) for _, key, step in noticed}
    for kind, key, step in noticed:
        opening = kind in ("opened", "incident") and (key, "opened") in recorded
        submission = kind == "review" and (key, "submitted") in recorded
        assert opening or submission or (key, step) in told or (key, kind) in recorded
