"""Databases of any size for the benchmarks: 50 units, weekly duties, any number of tasks behind."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from benchmarks.year import clock_of, plan_of, weekly
from office.adopt_plan import adopt
from responsibilities.language.compile import Compiled
from responsibilities.plan import Plan
from storage.engine import PRAGMAS, open_engine
from storage.instants import text
from storage.migrations import upgrade
from storage.tables import tasks

UNITS = 50
CLOCK = clock_of()
SUNDAY = datetime.fromisoformat("2026-11-22T16:00:00+08:00")
MONDAY = datetime.fromisoformat("2026-11-23T08:00:00+08:00")
"""When the week's tasks open; the week before is past, and none of the new ones wakes yet."""
WEDNESDAY, THURSDAY, FRIDAY = 2, 3, 4
"""Numbers of `year.weekly` that open on Monday and are due on that day."""
COLUMNS = [column.name for column in tasks.columns]
INSERT = f"INSERT INTO tasks ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


def plan(duties: int, due: Sequence[int] = (WEDNESDAY, THURSDAY, FRIDAY)) -> Plan:
    """Weekly duties that all 50 units hold; `due` are the days on which they fall due in turn."""
    units = tuple(f"u{number}" for number in range(UNITS))
    made = [weekly(f"d{n:04}", due[n % len(due)], units) for n in range(duties)]
    return plan_of(made, UNITS)


def adopted(folder: Path, duties: int, made: Plan | None = None) -> Path:
    """A database in which the plan was adopted on Sunday: all its tasks open on Monday."""
    path = folder / f"adopted-{duties}.sqlite"
    db = open_engine(f"sqlite:///{path}")
    upgrade(db)
    adopt(db, Compiled(made or plan(duties), (), {}), SUNDAY, "bench")
    shut(db, path)
    return path


def remember(path: Path, count: int, *, open_: bool = False) -> None:
    """Give a database `count` tasks of years gone by, closed, or open and asleep for long."""
    connection = connect(path)
    promise = _some_promise(connection)
    first = connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM tasks").fetchone()[0]
    with_ids = ((first + n, *_old(n, promise, open_)) for n in range(count))
    connection.execute("BEGIN")
    connection.executemany(INSERT, with_ids)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    sync(path)


def _old(number: int, promise: str, open_: bool) -> tuple[Any, ...]:
    day = SUNDAY - timedelta(days=7 + number // 1000)
    period, duty, unit = f"{day:%G-W%V}", f"o{number // UNITS % 20:04}", f"u{number % UNITS}"
    at, due = text(day), text(day + timedelta(days=4))
    state, closed, outcome = ("open", None, "") if open_ else ("closed", due, "accepted")
    wake = text(SUNDAY + timedelta(days=90)) if open_ else None
    return (
        f"p/{period}.{number // 1000}/{duty}/{unit}", "p", period, period, duty, unit, promise,
        None, at, due, due, None, at, state, 1, None, 0, 3, 0, wake, closed, outcome, 0, 0,
    )  # fmt: skip


def _some_promise(connection: sqlite3.Connection) -> str:
    connection.execute("INSERT OR IGNORE INTO promises VALUES ('old', '{}')")
    return "old"


def connect(path: Path) -> sqlite3.Connection:
    """The bare driver with the product's own pragmas."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def copy(path: Path) -> Path:
    """A fresh copy, on the disk before anybody is measured on it (performance.md, trap 5)."""
    target = Path(tempfile.mkdtemp(dir=path.parent)) / path.name
    shutil.copy(path, target)
    sync(target)
    return target


def opened_copy(path: Path) -> Engine:
    """A fresh copy, connected, so that nobody is measured on connecting."""
    db = open_engine(f"sqlite:///{copy(path)}")
    with db.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM plans").fetchall()
    return db


def discard(db: Engine) -> None:
    """Close and delete a copy."""
    db.dispose()
    assert db.url.database
    shutil.rmtree(Path(db.url.database).parent)


def shut(db: Engine, path: Path) -> None:
    """Close a database and put it on the disk as one file."""
    db.dispose()
    connection = connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    sync(path)


def sync(path: Path) -> None:
    """fsync a file."""
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def insert(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """The limit: raw executemany of ready rows in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(INSERT, rows)
    connection.execute("COMMIT")
