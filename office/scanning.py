"""What a virus scanner says of evidence: when it comes, or later while the scanner is away.

Evidence in which something is found is kept, as it came, and shown to nobody; what was not scanned
yet is kept and not shown yet. Without a scanner (`screening.clamd`) nothing waits for one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from sqlalchemy import Engine

from notifications.clamd import Unscanned, scan
from office.screening import infected
from responsibilities.words import Refused, Words
from storage import scans
from storage.blobs import Blobs
from storage.engine import reading, writing
from storage.instants import whole

A_ROUND = 200
"""Files that one round scans at most."""


def scanned(clamd: str, name: str, file: IO[bytes]) -> bool:
    """Whether the scanner has looked and found nothing; False while it is away.

    Refused where something is found.
    """
    try:
        found = scan(clamd, file) if clamd else None
    except Unscanned:
        return False
    if found:
        raise Refused(infected(name))
    return found is not None


def scan_waiting(db: Engine, blobs: Blobs, clamd: str, now: datetime) -> int:
    """Have the evidence scanned that was not; gives how many. Ends where the scanner is away."""
    if not clamd:
        return 0
    with reading(db) as connection:
        waiting = scans.waiting(connection, A_ROUND)
    done = 0
    for digest in waiting:
        try:
            with open(blobs.path(digest), "rb") as file:
                found = scan(clamd, file)
        except (Unscanned, FileNotFoundError):
            continue
        with writing(db) as connection:
            scans.note(connection, digest, found, whole(now))
        done += 1
    return done


def unshown(db: Engine, files: Iterable[str], clamd: str) -> dict[str, Words]:
    """Why each of these (by SHA-256) that was found infected, or waits for the scanner, is not
    shown."""
    with reading(db) as connection:
        found = {sha256: scans.signature_of(connection, sha256) for sha256 in set(files)}
    return {
        sha256: _INFECTED if signature else _WAITING
        for sha256, signature in found.items()
        if signature or (signature is None and clamd)
    }


_INFECTED = Words(
    "该文件含有病毒，已隔离保存，不提供下载。",
    "The file contains a virus; it is kept apart and cannot be downloaded.",
)
_WAITING = Words(
    "该文件尚待病毒扫描，请稍后再试。", "The file waits for the virus scanner; try again later."
)


def refuse_unscanned(db: Engine, sha256: str, clamd: str) -> None:
    """Refused where a file was found infected, or waits for the scanner."""
    for why in unshown(db, [sha256], clamd).values():
        raise Refused(why)
