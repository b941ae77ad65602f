"""The heads of the record that were signed, and the record read through from its beginning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from inspections.checkpoint import Checkpoint, Signed
from inspections.notes import read_verifier
from inspections.record import framed
from storage import bulk
from storage.instants import instant, text
from storage.tables import checkpoints

PAGE = 10_000
"""Facts read at a time."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A signed head and when it was signed."""

    signed: Signed
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One fact as it stands: its place, its canonical bytes, and the leaf stored beside it."""

    seq: int
    record: bytes
    leaf: bytes


def add(connection: Connection, signed: Signed, now: datetime) -> None:
    """Keep a head; one of the same origin and size is there already only if somebody erred."""
    head = signed.checkpoint
    connection.execute(
        insert(checkpoints).values(
            origin=head.origin,
            size=head.size,
            root=head.root,
            key=str(signed.by),
            signature=signed.signature,
            at=text(now),
        )
    )


def last(connection: Connection) -> Kept | None:
    """The head that was signed last."""
    query = select(checkpoints).order_by(checkpoints.c.id.desc()).limit(1)
    found = connection.execute(query).first()
    return None if found is None else _read(tuple(found))


def sizes(connection: Connection) -> list[int]:
    """The sizes of all heads, the smallest first."""
    return list(connection.scalars(select(checkpoints.c.size).order_by(checkpoints.c.size)))


def last_within(connection: Connection, size: int) -> Kept | None:
    """The last head that covers no more than the first `size` facts."""
    query = select(checkpoints).where(checkpoints.c.size <= size)
    found = connection.execute(query.order_by(checkpoints.c.id.desc()).limit(1)).first()
    return None if found is None else _read(tuple(found))


def at_size(connection: Connection, size: int) -> list[Kept]:
    """The heads of this many facts: one for each epoch that came so far."""
    query = select(checkpoints).where(checkpoints.c.size == size).order_by(checkpoints.c.id)
    return [_read(tuple(row)) for row in connection.execute(query)]


def every(connection: Connection) -> Iterator[Kept]:
    """All heads, in the order in which they were signed."""
    for row in connection.execute(select(checkpoints).order_by(checkpoints.c.id)):
        yield _read(tuple(row))


def rows(connection: Connection) -> Iterator[Row]:
    """Every fact from the first on, a page at a time."""
    after = 0
    while True:
        found = bulk.fetched(
            connection,
            "SELECT seq, task, key, kind, at, by_, body, leaf FROM facts "
            f"WHERE seq > ? ORDER BY seq LIMIT {PAGE}",
            (after,),
        )
        for seq, task, key, kind, at, by, body, leaf in found:
            yield Row(seq, framed(key, kind, at, by, body.encode(), task), bytes(leaf))
        if len(found) < PAGE:
            return
        after = found[-1][0]


def record_at(connection: Connection, seq: int) -> Row | None:
    """The fact at one place of the record."""
    found = bulk.fetched(
        connection,
        "SELECT task, key, kind, at, by_, body, leaf FROM facts WHERE seq = ?",
        (seq,),
    )
    for task, key, kind, at, by, body, leaf in found:
        return Row(seq, framed(key, kind, at, by, body.encode(), task), bytes(leaf))
    return None


def _read(row: bulk.Row) -> Kept:
    _, origin, size, root, key, signature, at = row
    head = Checkpoint(origin, size, bytes(root))
    return Kept(Signed(head, read_verifier(key), bytes(signature)), instant(at))
