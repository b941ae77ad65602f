"""What the virus scanner said of each file (see `office.scanning`)."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from storage.instants import text
from storage.tables import blobs, evidence, scans


def signature_of(connection: Connection, sha256: str) -> str | None:
    """The signature found in the file, empty for a clean one; None while it was not scanned."""
    found: str | None = connection.scalar(select(scans.c.signature).where(scans.c.sha256 == sha256))
    return found


def note(connection: Connection, sha256: str, signature: str, now: datetime) -> None:
    """The scanner has looked at the file; what it said first stands."""
    if signature_of(connection, sha256) is None:
        row = {"sha256": sha256, "signature": signature, "at": text(now)}
        connection.execute(insert(scans), [row])


def waiting(connection: Connection, most: int) -> list[str]:
    """SHA-256 of evidence that no scanner has looked at, the oldest first."""
    query = (
        select(blobs.c.sha256)
        .where(blobs.c.sha256.in_(select(evidence.c.sha256)))
        .where(blobs.c.sha256.not_in(select(scans.c.sha256)))
        .order_by(blobs.c.at, blobs.c.sha256)
        .limit(most)
    )
    return list(connection.scalars(query))
