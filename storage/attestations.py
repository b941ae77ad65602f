"""What others have said of the heads of the record: that they saw it, and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select

from storage.instants import instant, text
from storage.tables import attestations

Kind = Literal["witness", "stamp"]


@dataclass(frozen=True, slots=True)
class Attestation:
    """One statement about the head of `size` facts."""

    origin: str
    size: int
    kind: Kind
    by: str
    """The public key of the witness, or the address of the time stamp authority."""
    body: bytes
    """Of a witness: its cosignature, 72 bytes; of an authority: its answer (RFC 3161)."""
    at: datetime
    """When it says that it saw the head."""


def add(connection: Connection, made: Attestation) -> bool:
    """Keep a statement; False where it was kept before."""
    there = select(attestations.c.id).where(
        attestations.c.origin == made.origin, attestations.c.size == made.size,
        attestations.c.kind == made.kind, attestations.c.by_ == made.by,
    )  # fmt: skip
    if connection.execute(there).first() is not None:
        return False
    row = {
        "origin": made.origin, "size": made.size, "kind": made.kind, "by_": made.by,
        "body": made.body, "at": text(made.at),
    }  # fmt: skip
    connection.execute(insert(attestations), row)
    return True


def newest(
    connection: Connection, kind: Kind, origin: str, within: int | None = None
) -> tuple[Attestation, ...]:
    """The newest statement of each who made one, about heads of at most `within` facts; the one
    that reaches farthest first."""
    query = select(attestations).where(attestations.c.kind == kind, attestations.c.origin == origin)
    if within is not None:
        query = query.where(attestations.c.size <= within)
    found: dict[str, Attestation] = {}
    for row in connection.execute(query.order_by(attestations.c.size)):
        _, origin, size, _, by, body, at = tuple(row)
        found[by] = Attestation(origin, size, kind, by, bytes(body), instant(at))
    return tuple(sorted(found.values(), key=lambda one: (-one.size, one.by)))
