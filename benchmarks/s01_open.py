"""S1: a round opens 10,000 and 100,000 tasks, each with its fact and leaf, notices bundled.

Limit: raw executemany of the task rows alone, ready made, in one transaction of the same SQLite
with the same pragmas and indexes. Growth: the same round with 1,000,000 tasks remembered.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from benchmarks import town
from benchmarks.measure import Timed, interleaved, ratio, report, table
from office.reconcile import reconcile
from responsibilities.tasks import FactKind
from storage import tasks
from storage.engine import reading

REMEMBERED = 1_000_000


def ours(db: Engine) -> None:
    """The round."""
    reconcile(db, town.MONDAY)


def raw_rows(path: Path, expected: int) -> list[tuple[Any, ...]]:
    """The task rows that the round makes, as the limit inserts them."""
    db = town.opened_copy(path)
    done = reconcile(db, town.MONDAY)
    assert done.total(FactKind.OPENED) == expected
    with reading(db) as connection:
        rows = [tasks.row(task) for task in tasks.every(connection)][-expected:]
        promises = [
            tuple(row) for row in connection.exec_driver_sql("SELECT digest, body FROM promises")
        ]
    town.discard(db)
    connection2 = town.connect(path)  # the rows point at promises; that they are there is not timed
    connection2.executemany("INSERT OR IGNORE INTO promises VALUES (?, ?)", promises)
    connection2.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection2.close()
    town.sync(path)
    return rows


def timed(path: Path, rounds: list[Engine]) -> Timed:
    """Our round, each time on a fresh copy."""

    def prepare() -> Engine:
        while rounds:
            town.discard(rounds.pop())
        rounds.append(town.opened_copy(path))
        return rounds[-1]

    return Timed(prepare, ours)


def limit(path: Path, rows: list[tuple[Any, ...]]) -> Timed:
    """Raw executemany, each time on a fresh copy."""
    return Timed(
        lambda: town.connect(town.copy(path)), lambda connection: town.insert(connection, rows)
    )


def measure(duties: int, folder: Path) -> bool:
    """One size; True where the bar holds."""
    path = town.adopted(folder, duties)
    count = duties * town.UNITS
    rows = raw_rows(path, count)
    stats = interleaved(
        {"raw executemany, task rows only": limit(path, rows), "reconcile": timed(path, [])}
    )
    print(f"S1  {count:,} tasks opened, each with fact and leaf")
    table(stats)
    found = ratio(stats["reconcile"], stats["raw executemany, task rows only"])
    return report(f"S1 {count:,} against raw rows", found, 4)


def growth(folder: Path) -> bool:
    """10,000 tasks with 1,000,000 remembered, against none."""
    none = town.adopted(folder, 200)
    many = folder / "many.sqlite"
    many.write_bytes(none.read_bytes())
    town.remember(many, REMEMBERED)
    stats = interleaved(
        {"none remembered": timed(none, []), "1,000,000 remembered": timed(many, [])}
    )
    print("S1  10,000 tasks opened, against what is remembered")
    table(stats)
    found = ratio(stats["1,000,000 remembered"], stats["none remembered"])
    return report("S1 growth with 1,000,000 remembered", found, 1.5)


def main() -> bool:
    """Print the ratios; True where all bars hold."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as name:
        folder = Path(name)
        return all([measure(200, folder), measure(2000, folder), growth(folder)])


if __name__ == "__main__":
    sys.exit(not main())
