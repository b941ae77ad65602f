"""The record: append-only rows, each with its canonical body and its leaf.

The database itself refuses to change or delete a fact (see `migrations`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from inspections.record import canonical, leaf, record
from inspections.sealing import commitments, holds_sealed, opened, sealed
from responsibilities.tasks import Fact, FactKind
from storage import bulk, vault
from storage.instants import instant, text
from storage.tables import facts

Parts = tuple[str, str, str, str, str, bytes, bytes]
"""task, key, kind, at, by, canonical body, leaf: a fact as rounds make it, still without a seq."""


def append(connection: Connection, new: Iterable[Fact]) -> None:
    """Write facts in the order given. A key that its task has already is an error.

    `Private` texts of the body, and who did it, go into the vault; the record holds commitments.
    """
    kept = vault.Vault(connection)
    append_parts(connection, [parts(sealed(fact, kept.keep)) for fact in new])
    kept.store()


def parts(fact: Fact) -> Parts:
    """What is stored of a fact that holds nothing private; its `seq` is given by `append`."""
    at, body = text(fact.at), canonical(fact.body)
    hashed = leaf(record(fact, at, body))
    return fact.task or "", fact.key, fact.kind.value, at, fact.by, body, hashed


def append_parts(connection: Connection, new: Sequence[Parts]) -> None:
    """As `append`, for many facts that share their bodies."""
    if not new:
        return
    first = last_seq(connection) + 1
    rows = [
        (seq, task, key, kind, at, by, body.decode(), hashed)
        for seq, (task, key, kind, at, by, body, hashed) in enumerate(new, first)
    ]
    bulk.insert_rows(connection, facts, rows)


def last_seq(connection: Connection) -> int:
    """The place of the newest fact in the record, counted from 1; 0 for an empty record."""
    [(last,)] = bulk.fetched(connection, "SELECT MAX(seq) FROM facts", ())
    return int(last or 0)


def leaf_of(connection: Connection, seq: int) -> bytes:
    """The leaf stored beside a fact; empty where there is none."""
    found = bulk.fetched(connection, "SELECT leaf FROM facts WHERE seq = ?", (seq,))
    return bytes(found[0][0]) if found else b""


def leaves_of(connection: Connection, seqs: Iterable[int]) -> dict[int, bytes]:
    """The leaves stored beside these facts."""
    found = bulk.chosen(connection, "SELECT seq, leaf FROM facts WHERE seq IN (?)", seqs)
    return {seq: bytes(leaf) for seq, leaf in found}


def has(connection: Connection, task: str | None, key: str) -> bool:
    """Whether this was recorded before."""
    query = select(facts.c.seq).where(facts.c.task == (task or ""), facts.c.key == key)
    return connection.scalar(query) is not None


def of_task(connection: Connection, task: str) -> tuple[Fact, ...]:
    """Everything about one task, oldest first."""
    query = select(facts).where(facts.c.task == task).order_by(facts.c.seq)
    return _opened(connection, connection.execute(query))


def of_tasks(connection: Connection, tasks: Iterable[str], kind: FactKind) -> dict[str, list[Fact]]:
    """The facts of one kind about each of `tasks`, oldest first."""
    found = bulk.chosen(
        connection,
        "SELECT seq, task, key, kind, at, by_, body, leaf FROM facts WHERE task IN (?)",
        tasks,
    )
    about: dict[str, list[Fact]] = {}
    for fact in _opened(connection, sorted(row for row in found if row[3] == kind.value)):
        assert fact.task is not None
        about.setdefault(fact.task, []).append(fact)
    return about


def without_task(connection: Connection, prefix: str) -> tuple[Fact, ...]:
    """Facts about no task whose key begins with `prefix`, oldest first."""
    query = (
        select(facts)
        .where(facts.c.task == "", facts.c.key >= prefix, facts.c.key < f"{prefix}\U0010ffff")
        .order_by(facts.c.seq)
    )
    return _opened(connection, connection.execute(query))


def last_without_task(connection: Connection, prefix: str) -> Fact | None:
    """The fact about no task whose key sorts last among those that begin with `prefix`."""
    query = (
        select(facts)
        .where(facts.c.task == "", facts.c.key >= prefix, facts.c.key < f"{prefix}\U0010ffff")
        .order_by(facts.c.key.desc())
        .limit(1)
    )
    return next(iter(_opened(connection, connection.execute(query))), None)


def since(connection: Connection, seq: int = 0, limit: int = 10_000) -> tuple[Fact, ...]:
    """Facts behind `seq` in the order of the record, at most `limit`."""
    query = select(facts).where(facts.c.seq > seq).order_by(facts.c.seq).limit(limit)
    return _opened(connection, connection.execute(query))


def as_held(connection: Connection, seq: int, limit: int) -> tuple[Fact, ...]:
    """As `since`, with the commitments that the record holds instead of what lies behind them."""
    query = select(facts).where(facts.c.seq > seq).order_by(facts.c.seq).limit(limit)
    return tuple(_read(tuple(row)) for row in connection.execute(query))


def stored_leaves(connection: Connection) -> tuple[tuple[Fact, bytes], ...]:
    """Every fact as the record holds it, with the leaf stored beside it (verification)."""
    query = select(facts).order_by(facts.c.seq)
    return tuple((_read(tuple(row)), bytes(row.leaf)) for row in connection.execute(query))


def _opened(connection: Connection, rows: Iterable[Any]) -> tuple[Fact, ...]:
    """The facts of these rows, their private values read from the vault."""
    listed = [tuple(row) for row in rows]
    found = [_read(row) for row in listed]
    held = [fact for fact, row in zip(found, listed, strict=True) if holds_sealed(row[5], row[6])]
    if not held:
        return tuple(found)
    known = vault.values(connection, (one for fact in held for one in commitments(fact)))
    plain = {fact.seq: opened(fact, known) for fact in held}
    return tuple(plain.get(fact.seq, fact) for fact in found)


def _read(row: bulk.Row) -> Fact:
    seq, task, key, kind, at, by, body, _ = row
    return Fact(task or None, key, FactKind(kind), instant(at), by, orjson.loads(body), seq)
