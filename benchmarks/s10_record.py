"""S10: the record: a fact appended in its act's transaction; 1,000,000 facts verified; a proof.

Limits: the same rows inserted by the bare driver into the same table, ready made; the same rows
only read; and a proof out of 1,000,000 facts against one out of 10,000 (O(log n)).
"""

import sqlite3
import sys
import tempfile
from pathlib import Path

from sqlalchemy import Engine

from benchmarks import town
from benchmarks.measure import Timed, interleaved, ratio, report, table
from inspections.notes import Signer
from office.seal import check_record, prove, seal
from responsibilities.tasks import SYSTEM, Fact, FactKind
from storage import checkpoints, facts
from storage.engine import open_engine, reading, writing
from storage.migrations import upgrade

FACTS, BATCH, SMALL = 1_000_000, 10_000, 10_000
KEY = Signer("bench.example/duban", bytes(range(32)))
COLUMNS = "(task, key, kind, at, by_, body, leaf, seq)"


def batch(first: int, count: int) -> list[Fact]:
    """Facts as a round writes them."""
    body = {"at": "2026-11-23T00:00:00Z", "due": "2026-11-27T09:00:00Z", "notice": "任务下达"}
    return [
        Fact(f"p/2026-W48/d{n % 400:04}/u{n}", "told/1", FactKind.TOLD, town.MONDAY, SYSTEM, body)
        for n in range(first, first + count)
    ]


def empty(folder: Path, name: str) -> Engine:
    """A new database."""
    db = open_engine(f"sqlite:///{folder / name}")
    upgrade(db)
    return db


def filled(folder: Path, count: int) -> Engine:
    """A record of so many facts, signed at its end."""
    db = empty(folder, f"record-{count}.sqlite")
    for first in range(0, count, 50_000):
        with writing(db) as connection:
            facts.append(connection, batch(first, min(50_000, count - first)))
    seal(db, KEY, town.MONDAY)
    return db


def raw_insert(folder: Path) -> Timed:
    """The bare driver, with rows that are ready."""
    rows = [
        (*(part.decode() if i == 5 and isinstance(part, bytes) else part
           for i, part in enumerate(facts.parts(fact))), seq)
        for seq, fact in enumerate(batch(0, BATCH), 1)
    ]  # fmt: skip
    path = folder / "empty.sqlite"
    town.shut(empty(folder, path.name), path)

    def insert(connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO facts {COLUMNS} VALUES (?,?,?,?,?,?,?,?)", rows)
        connection.execute("COMMIT")

    return Timed(lambda: town.connect(town.copy(path)), insert)


def ours(folder: Path) -> Timed:
    """`facts.append`: canonical bytes, leaf, number, row."""
    path, made = folder / "empty.sqlite", batch(0, BATCH)

    def append(db: Engine) -> None:
        with writing(db) as connection:
            facts.append(connection, made)

    return Timed(lambda: town.opened_copy(path), append)


def read(db: Engine) -> None:
    """Every fact, only read."""
    with reading(db) as connection:
        cursor = connection.connection.cursor()
        cursor.execute("SELECT seq, task, key, kind, at, by_, body, leaf FROM facts ORDER BY seq")
        while cursor.fetchmany(checkpoints.PAGE):
            pass


def proofs(db: Engine, size: int) -> None:
    """Fifty proofs from all over the record, each from scratch."""
    for number in range(50):
        prove(db, 1 + number * (size - 1) // 50)


def main() -> bool:
    """Print the ratios; True where all bars hold."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as name:
        folder = Path(name)
        print(f"S10 {BATCH:,} facts appended in one transaction")
        added = interleaved({"raw insert": raw_insert(folder), "append": ours(folder)})
        table(added)
        whole, small = filled(folder, FACTS), filled(folder, SMALL)
        print(f"S10 {FACTS:,} facts verified")
        checked = interleaved(
            {"rows read": lambda: read(whole), "verified": lambda: check_record(whole)}, 3
        )
        table(checked)
        print("S10 fifty proofs")
        shown = interleaved(
            {f"of {SMALL:,}": lambda: proofs(small, SMALL),
             f"of {FACTS:,}": lambda: proofs(whole, FACTS)}
        )  # fmt: skip
        table(shown)
        few, many = shown.values()
        return all((
            report("S10 append, against the insert alone",
                   ratio(added["append"], added["raw insert"]), 3.5),
            report("S10 verify, against reading the rows",
                   ratio(checked["verified"], checked["rows read"]), 4),
            report("S10 a proof of 100 times the facts, against log2: 20/13.3",
                   ratio(many, few), 2),
        ))  # fmt: skip


if __name__ == "__main__":
    sys.exit(not main())
