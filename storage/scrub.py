"""Reading all evidence again: what is missing, what has changed, what belongs to nothing."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import file_digest

from sqlalchemy import Connection, select

from storage import tables
from storage.blobs import NEW, Blobs

YOUNG = timedelta(hours=1)
"""A file so new may still get its row."""


class Fault(StrEnum):
    """What is wrong with a file among the evidence."""

    MISSING = "missing"
    CHANGED = "changed"
    """Its bytes are no longer those that came."""
    UNREADABLE = "unreadable"
    ORPHANED = "orphaned"
    """No row knows it: an act that did not come to its end. Nothing is lost."""
    LEFTOVER = "leftover"
    """An upload that broke off. Nothing is lost."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault; `name` is the SHA-256, or the file's own name where it has none."""

    fault: Fault
    name: str

    @property
    def loses(self) -> bool:
        """Whether evidence is gone."""
        return self.fault in (Fault.MISSING, Fault.CHANGED, Fault.UNREADABLE)


def scrub(connection: Connection, blobs: Blobs, now: datetime) -> Iterator[Finding]:
    """Every file read once, in flat memory."""
    known = set(connection.scalars(select(tables.blobs.c.sha256)))
    for digest in sorted(known):
        fault = _fault(blobs, digest)
        if fault is not None:
            yield Finding(fault, digest)
    for folder, _folders, names in os.walk(blobs.folder):
        for name in sorted(names):
            if name not in known and _old(os.path.join(folder, name), now):
                yield Finding(Fault.LEFTOVER if name.startswith(NEW) else Fault.ORPHANED, name)


def _fault(blobs: Blobs, digest: str) -> Fault | None:
    try:
        with open(blobs.path(digest), "rb") as file:
            return None if file_digest(file, "sha256").hexdigest() == digest else Fault.CHANGED
    except FileNotFoundError:
        return Fault.MISSING
    except OSError:
        return Fault.UNREADABLE


def _old(path: str, now: datetime) -> bool:
    try:
        return os.stat(path).st_mtime < (now - YOUNG).timestamp()
    except FileNotFoundError:
        return False
