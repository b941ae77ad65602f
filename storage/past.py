"""The tasks as they were: a database of its own, in a temporary file that goes with it."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, event

from storage import bulk
from storage.engine import open_engine, writing
from storage.tables import evidence, tasks

PAGE = 2_000
_ALL = ", ".join(f"tasks.{column.name}" for column in tasks.columns)


@dataclass(frozen=True, slots=True)
class Past:
    """Tasks and evidence as of one moment; the file is gone when nobody holds this any more."""

    db: Engine
    folder: "TemporaryDirectory[str]"


def past(rows: Iterable[bulk.Row], pieces: Iterable[bulk.Row]) -> Past:
    """A database of these rows of `tasks` and of `evidence`, to be asked by `log`."""
    folder = TemporaryDirectory(prefix="duban-past-")
    db = open_engine(f"sqlite:///{folder.name}/past.sqlite")
    event.listen(db, "connect", _small)
    with writing(db, repeatable=True) as connection:
        for table in (tasks, evidence):
            names = [column.name for column in table.columns]
            first = "id INTEGER PRIMARY KEY" if names[0] == "id" else names[0]
            connection.exec_driver_sql(
                f"CREATE TABLE {table.name} ({', '.join([first, *names[1:]])})"
            )
        for table, given in ((tasks, rows), (evidence, pieces)):
            for chunk in _chunks(given):
                bulk.insert_rows(connection, table, chunk)
        connection.exec_driver_sql("CREATE INDEX evidence_task ON evidence (task)")
        connection.exec_driver_sql("CREATE INDEX evidence_sha256 ON evidence (sha256)")
    return Past(db, folder)


def _small(connection: sqlite3.Connection, _record: object) -> None:
    """Several pasts are held at once: their pages are the file system's to keep, not ours."""
    connection.execute("PRAGMA cache_size = -4096")


def size_at(connection: Connection, moment: str) -> int:
    """How many facts the record held at an instant, whatever times were written later.

    Facts are written in the order of time; one that was dated back afterwards counts from where it
    stands. The last checkpoint before the instant spares the reading of all that it covers.
    """
    last = "SELECT COALESCE(MAX(size), 0) FROM checkpoints WHERE at <= ?"
    [(covered,)] = bulk.fetched(connection, last, (moment,))
    found = bulk.fetched(
        connection,
        "SELECT seq FROM facts WHERE seq > ? AND at > ? ORDER BY seq LIMIT 1",
        (covered, moment),
    )
    if found:
        return int(found[0][0]) - 1
    [(size,)] = bulk.fetched(connection, "SELECT COALESCE(MAX(seq), 0) FROM facts", ())
    return int(size)


def opened_by(connection: Connection, moment: str, size: int) -> Iterator[tuple[bulk.Row, bool]]:
    """Every task opened up to `moment`, with whether a fact about it came behind `size`."""
    after = 0
    while True:
        found = bulk.fetched(
            connection,
            f"SELECT {_ALL}, EXISTS (SELECT 1 FROM facts WHERE facts.task = tasks.key "
            "AND facts.seq > ?) FROM tasks WHERE tasks.id > ? AND tasks.opened_at <= ? "
            f"ORDER BY tasks.id LIMIT {PAGE}",
            (size, after, moment),
        )
        for row in found:
            yield row[:-1], bool(row[-1])
        if len(found) < PAGE:
            return
        after = found[-1][0]


def handed_in_by(connection: Connection, moment: str) -> Iterator[bulk.Row]:
    """Every piece of evidence up to an instant, in the order of its key."""
    names = ", ".join(column.name for column in evidence.columns)
    key = ", ".join(column.name for column in evidence.primary_key)
    after: tuple[Any, ...] = (0, 0, "", "")
    while True:
        found = bulk.fetched(
            connection,
            f"SELECT {names} FROM evidence WHERE ({key}) > (?, ?, ?, ?) AND at <= ? "
            f"ORDER BY {key} LIMIT {PAGE}",
            (*after, moment),
        )
        yield from found
        if len(found) < PAGE:
            return
        after = tuple(found[-1][:4])


def _chunks(rows: Iterable[bulk.Row]) -> Iterator[list[bulk.Row]]:
    chunk: list[bulk.Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == PAGE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
