"""S3: 10,000 escalations among 1,000,000 open tasks: the task, its fact and leaf, the notices.

Limit: raw select of the due rows and executemany of the very same updates, facts and notices, ready
made, in one transaction.

Peer: Healthchecks' `sendalerts.handle_going_down`, the loop that turns overdue checks into flips. A
whole Django project cannot be shipped with us, so it was measured beside this script (commit
29b5ec2, Django 6.1, Python 3.13, SQLite WAL/NORMAL, 2,000 and 3,000 checks, four runs, 2026-11-23):
1.34 ms of CPU a check at the least, and 118 to 231 checks a second by the clock, where one inserted
row with a commit of its own took 12.5 microseconds of CPU. Here that commit is measured again, and
the peer is taken to cost 107 of them: a bar that favours it, as waiting for the disk is left out.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from sqlalchemy import Engine

from benchmarks import town
from benchmarks.measure import Timed, interleaved, ratio, report, table
from office.reconcile import reconcile
from responsibilities.tasks import FactKind
from storage.engine import open_engine
from storage.instants import text as stamp

DUTIES = 200
OPEN = 1_000_000
PEER = 107
"""CPU of Healthchecks for one check, in single commits (1.34 ms / 12.5 µs)."""


def on(day: int) -> datetime:
    """08:00 of the `day`th day after Monday."""
    return town.MONDAY + timedelta(days=day)


class Rows(NamedTuple):
    """What the escalation writes, ready made."""

    tasks: list[tuple[Any, ...]]
    facts: list[tuple[Any, ...]]
    notices: list[tuple[Any, ...]]


def thursday(folder: Path) -> Path:
    """10,000 tasks due on Wednesday and not handed in, among 1,000,000 that sleep."""
    path = town.adopted(folder, DUTIES, town.plan(DUTIES, (town.WEDNESDAY,)))
    db = open_engine(f"sqlite:///{path}")
    for day in range(3):
        reconcile(db, on(day))
    town.shut(db, path)
    town.remember(path, OPEN, open_=True)
    return path


def ready(path: Path) -> Rows:
    """The rows our own round writes on Thursday."""
    db = town.opened_copy(path)
    assert db.url.database
    before = [count(Path(db.url.database), table) for table in ("facts", "notices")]
    assert reconcile(db, on(3)).total(FactKind.TOLD) == DUTIES * town.UNITS
    connection = town.connect(Path(db.url.database))
    told = "SELECT t.step, t.review_step, t.wake_at, t.id FROM facts AS f JOIN tasks AS t "
    told += "ON t.key = f.task WHERE f.seq > ?"
    rows = Rows(
        connection.execute(told, (before[0],)).fetchall(),
        connection.execute("SELECT * FROM facts WHERE seq > ?", (before[0],)).fetchall(),
        connection.execute("SELECT * FROM notices WHERE id > ?", (before[1],)).fetchall(),
    )
    connection.close()
    town.discard(db)
    return rows


def count(path: Path, table_name: str) -> int:
    """How many rows a table has."""
    connection = town.connect(path)
    found: int = connection.execute(f"SELECT count(*) FROM {table_name}").fetchone()[0]
    connection.close()
    return found


def raw(connection: sqlite3.Connection, rows: Rows) -> None:
    """The limit: one select, three executemany, one commit."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("SELECT * FROM tasks WHERE wake_at <= ?", (stamp(on(3)),)).fetchall()
    update = "UPDATE tasks SET step = ?, review_step = ?, wake_at = ? WHERE id = ?"
    connection.executemany(update, rows.tasks)
    connection.executemany(f"INSERT INTO facts VALUES ({marks(rows.facts)})", rows.facts)
    connection.executemany(f"INSERT INTO notices VALUES ({marks(rows.notices)})", rows.notices)
    connection.execute("COMMIT")


def marks(rows: Sequence[tuple[Any, ...]]) -> str:
    """A question mark for each column."""
    return ", ".join("?" * len(rows[0]))


def commit_cpu(folder: Path) -> float:
    """CPU seconds of what the peer is measured in: one row and one commit at a time."""
    connection = sqlite3.connect(folder / "commits.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, key TEXT UNIQUE, at TEXT)")
    number = 10_000
    start = process_time()
    for n in range(number):
        connection.execute("INSERT INTO t VALUES (?, ?, ?)", (n, f"task/{n}", "2026-11-23"))
    return (process_time() - start) / number


def main() -> bool:
    """Print the ratios; True where both bars hold."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as name:
        folder = Path(name)
        path = thursday(folder)
        rows = ready(path)
        copies: list[Engine] = []

        def prepare() -> Engine:
            while copies:
                town.discard(copies.pop())
            copies.append(town.opened_copy(path))
            return copies[-1]

        stats = interleaved(
            {
                "raw select + executemany": Timed(
                    lambda: town.connect(town.copy(path)), lambda c: raw(c, rows)
                ),
                "reconcile": Timed(prepare, lambda db: reconcile(db, on(3))),
            }
        )
        peer = PEER * commit_cpu(folder)
    print(f"S3  {len(rows.tasks):,} escalations among {OPEN:,} open tasks")
    table(stats)
    limit, ours = stats.values()
    each, rate = ours.cpu_median / len(rows.tasks), len(rows.tasks) / ours.median
    print(
        f"  {rate:,.0f} a second; CPU {each * 1e6:.1f} µs each, Healthchecks {peer * 1e6:,.0f} µs"
    )
    return all(
        (
            report("S3 against raw select + executemany", ratio(ours, limit), 2.2),
            report("S3 faster than Healthchecks' loop", peer / each, 20, at_least=True),
        )
    )


if __name__ == "__main__":
    sys.exit(not main())
