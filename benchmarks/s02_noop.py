"""S2: a round that finds nothing to do, and one that looks at 10,000 tasks which are all there.

Limit: raw executemany of those 10,000 task rows. A round with nothing due looks at two indexes and
writes nothing. Where the cursors were lost it looks at every key again: the second bar.
"""

import sys
import tempfile
from pathlib import Path

from sqlalchemy import Engine, text

from benchmarks import town
from benchmarks.measure import Timed, interleaved, ratio, report, table
from benchmarks.s01_open import limit, raw_rows
from office.reconcile import reconcile
from storage.engine import open_engine, writing
from storage.instants import text as stamp

ROUNDS = 100
"""Rounds with nothing to do in one measurement: a single one is too short to time."""


def nothing_due(db: Engine) -> None:
    """Rounds after which the database is what it was before."""
    for _ in range(ROUNDS):
        assert reconcile(db, town.MONDAY).lines == ()


def written(db: Engine) -> int:
    """Bytes that stand in the write-ahead log."""
    wal = Path(f"{db.url.database}-wal")
    return wal.stat().st_size if wal.exists() else 0


def lose_cursors(db: Engine) -> Engine:
    """As after a restore: every duty has to be looked at from Sunday on."""
    with writing(db) as connection:
        at = stamp(town.SUNDAY)
        connection.execute(text(f"UPDATE cursors SET through = '{at}', next_at = '{at}'"))
    return db


def settled(path: Path, remembered: int) -> Path:
    """The same database after Monday's round, with so many more open tasks that sleep."""
    target = path.with_name(f"settled-{remembered}.sqlite")
    target.write_bytes(path.read_bytes())
    db = open_engine(f"sqlite:///{target}")
    reconcile(db, town.MONDAY)
    town.shut(db, target)
    town.remember(target, remembered, open_=True)
    return target


def main() -> bool:
    """Print the ratios; True where all bars hold."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as name:
        path = town.adopted(Path(name), 200)
        rows = raw_rows(path, 10_000)
        few, many = (town.opened_copy(settled(path, n)) for n in (1_000, 1_000_000))
        before = written(few), written(many)
        stats = interleaved(
            {
                "raw executemany of 10,000 rows": limit(path, rows),
                f"{ROUNDS} rounds, nothing due, 1,000 asleep": lambda: nothing_due(few),
                f"{ROUNDS} rounds, nothing due, 1,000,000 asleep": lambda: nothing_due(many),
                "cursors lost, 10,000 keys looked at": Timed(
                    lambda: lose_cursors(few), lambda db: reconcile(db, town.MONDAY)
                ),
            }
        )
        print("S2  a round with nothing to do")
        table(stats)
        raw, small, large, look = stats.values()
        idle = town.opened_copy(settled(path, 0))
        nothing_due(idle)
        grown = written(idle)
        print(f"  bytes written by {ROUNDS} rounds: {grown} (before: {before})")
        return all(
            (
                report("S2 nothing due, against raw rows", ratio(small, raw) / ROUNDS, 0.7),
                report("S2 10,000 keys looked at, against raw rows", ratio(look, raw), 0.7),
                report("S2 nothing due among 1,000,000", ratio(large, small), 1.5),
                report("S2 bytes written", grown, 0),
            )
        )


if __name__ == "__main__":
    sys.exit(not main())
