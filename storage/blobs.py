"""Evidence files by their SHA-256: once a receipt is shown, the bytes are on the disk.

The order is temp file on the same disk, all bytes, fsync, rename, fsync of the directory (and
of a directory just made), then the row: a row never points at bytes that are not there.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile, _TemporaryFileWrapper

from sqlalchemy import Connection, insert, select

from storage import bulk
from storage.instants import instant, text
from storage.log import Condition
from storage.tables import blobs, evidence, tasks

NEW = ".new-"
"""How a file is called that has not come to its end."""


class Blobs:
    """A folder of content-addressed files: `ab/ab12…`."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def put(self, data: bytes) -> str:
        """Make `data` durable and give its SHA-256 as 64 hex digits."""
        digest = sha256(data).hexdigest()
        path = self.path(digest)
        if path.is_file() and sha256(path.read_bytes()).hexdigest() == digest:
            _sync(path.parent)  # whoever put it here may not have come to that yet
            return digest
        with self.arriving() as new:
            new.write(data)
            return new.keep()

    @contextmanager
    def arriving(self) -> Iterator["Arriving"]:
        """A file that comes piece by piece; gone again unless it was kept."""
        self._make(self.folder)
        with NamedTemporaryFile(dir=self.folder, prefix=NEW, delete=False) as file:
            try:
                yield Arriving(self, file)
            finally:
                with suppress(FileNotFoundError):
                    os.unlink(file.name)

    def get(self, digest: str) -> bytes:
        """The bytes; ValueError when they are no longer what the digest says."""
        data = self.path(digest).read_bytes()
        if sha256(data).hexdigest() != digest:
            raise ValueError(f"blob {digest} has changed on the disk")
        return data

    def path(self, digest: str) -> Path:
        """Where the file stands."""
        return self.folder / digest[:2] / digest

    def _make(self, folder: Path) -> None:
        missing = [p for p in (folder, *folder.parents) if not p.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for made in missing:
            _sync(made.parent)


class Arriving:
    """A file on its way in: on the disk already, not yet among the blobs."""

    def __init__(self, blobs: Blobs, file: "_TemporaryFileWrapper[bytes]") -> None:
        self.size = 0
        self.file = file
        self._blobs = blobs
        self._digest = sha256()

    def write(self, data: bytes) -> None:
        """Add `data` at its end."""
        self.file.write(data)
        self._digest.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        """Of all that has come so far."""
        return self._digest.hexdigest()

    def keep(self) -> str:
        """Make it durable under its SHA-256, which is given."""
        self.file.flush()
        os.fsync(self.file.fileno())
        path = self._blobs.path(self.sha256)
        self._blobs._make(path.parent)
        os.rename(self.file.name, path)
        _sync(path.parent)
        return self.sha256


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence of one submission; text evidence is a blob too."""

    task: int
    attempt: int
    requirement: str
    sha256: str
    name: str
    size: int
    media_type: str
    at: datetime


def add(connection: Connection, pieces: list[Evidence]) -> None:
    """The rows for blobs that `Blobs.put` has made durable before."""
    known = set(
        connection.scalars(
            select(blobs.c.sha256).where(blobs.c.sha256.in_([p.sha256 for p in pieces]))
        )
    )
    new = {p.sha256: p for p in pieces if p.sha256 not in known}
    if new:
        rows = [{"sha256": d, "size": p.size, "at": text(p.at)} for d, p in new.items()]
        connection.execute(insert(blobs), rows)
    if pieces:
        connection.execute(
            insert(evidence),
            [
                {
                    "task": p.task,
                    "attempt": p.attempt,
                    "requirement": p.requirement,
                    "sha256": p.sha256,
                    "name": p.name,
                    "size": p.size,
                    "media_type": p.media_type,
                    "at": text(p.at),
                }
                for p in pieces
            ],
        )


def note(connection: Connection, sha256: str, size: int, now: datetime) -> None:
    """The row for one blob that `Blobs.put` has made durable before."""
    if connection.scalar(select(blobs.c.size).where(blobs.c.sha256 == sha256)) is None:
        connection.execute(insert(blobs).values(sha256=sha256, size=size, at=text(now)))


def of_task(connection: Connection, task: int) -> tuple[Evidence, ...]:
    """What was handed in for a task, in order."""
    query = (
        select(evidence)
        .where(evidence.c.task == task)
        .order_by(evidence.c.attempt, evidence.c.requirement, evidence.c.name)
    )
    return tuple(
        Evidence(
            r.task, r.attempt, r.requirement, r.sha256, r.name, r.size, r.media_type, instant(r.at)
        )
        for r in connection.execute(query)
    )


def of_unit(connection: Connection, plan: str, unit: str, most: int) -> tuple[Evidence, ...]:
    """The files a unit has handed in, each once, the newest first; texts and mails are no files."""
    query = (
        select(evidence)
        .join(tasks, tasks.c.id == evidence.c.task)
        .where(tasks.c.plan == plan, tasks.c.unit == unit)
        .where(evidence.c.name != "", evidence.c.requirement != "mail")
        .order_by(evidence.c.task.desc(), evidence.c.attempt.desc(), evidence.c.name)
        .limit(most)
    )
    return tuple(
        Evidence(
            r.task, r.attempt, r.requirement, r.sha256, r.name, r.size, r.media_type, instant(r.at)
        )
        for r in connection.execute(query)
    )


def used_by(connection: Connection, digests: Iterable[str]) -> dict[str, set[int]]:
    """The tasks that were given each of these files, by SHA-256; the mails themselves aside."""
    statement = "SELECT sha256, task FROM evidence WHERE requirement <> 'mail' AND sha256 IN (?)"
    listed = list(digests)
    found: dict[str, set[int]] = {digest: set() for digest in listed}
    for digest, task in bulk.chosen(connection, statement, listed):
        found[digest].add(task)
    return found


@dataclass(frozen=True, slots=True)
class Used:
    """One piece of evidence with the task that it was handed in for."""

    task: int
    unit: str
    opened_at: datetime
    sha256: str
    name: str
    """Empty for a text."""
    at: datetime


def shared(connection: Connection, allowed: Sequence[Condition]) -> list[Used]:
    """What was handed in for more than one of the allowed tasks: the same bytes."""
    sql = " AND ".join(one.sql for one in (*allowed, Condition("evidence.requirement <> 'mail'")))
    values = tuple(value for one in allowed for value in one.values)
    base = f"FROM evidence JOIN tasks ON tasks.id = evidence.task WHERE {sql}"
    twice = f"SELECT evidence.sha256 {base} GROUP BY 1 HAVING COUNT(DISTINCT evidence.task) > 1"
    return _used(connection, f"{base} AND evidence.sha256 IN ({twice})", (*values, *values))


def handed_in(
    connection: Connection, allowed: Sequence[Condition], since: datetime, until: datetime
) -> list[Used]:
    """What was handed in for the allowed tasks between two instants, both included."""
    days = Condition("evidence.at >= ? AND evidence.at <= ?", (text(since), text(until)))
    sql = " AND ".join(one.sql for one in (*allowed, days))
    values = tuple(value for one in (*allowed, days) for value in one.values)
    base = f"FROM evidence JOIN tasks ON tasks.id = evidence.task WHERE {sql}"
    return _used(connection, f"{base} AND evidence.requirement <> 'mail'", values)


def _used(connection: Connection, from_: str, values: bulk.Row) -> list[Used]:
    columns = "tasks.id, tasks.unit, tasks.opened_at, evidence.sha256, evidence.name, evidence.at"
    found = bulk.fetched(connection, f"SELECT {columns} {from_} ORDER BY evidence.at, 1", values)
    return [Used(t, u, instant(o), d, name, instant(at)) for t, u, o, d, name, at in found]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
