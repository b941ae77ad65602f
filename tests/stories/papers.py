"""Everything that a task asks for, as a unit that has done its work hands it in."""

from datetime import datetime

from sqlalchemy import Engine

from office import receive
from office.workplace import promise
from responsibilities.plan import EvidenceKind, Requirement
from responsibilities.promises import heads_to_cover
from storage import tasks
from storage.blobs import Blobs
from storage.engine import reading


def hand_in_everything(
    db: Engine, blobs: Blobs, key: str, now: datetime, mark: str = ""
) -> receive.Receipt:
    """Report the task `key` done, complete; `mark` makes one submission unlike another."""
    with reading(db) as connection:
        task = tasks.by_key(connection, key)
        assert task is not None, key
        wanted = promise(connection, task.promise)
    lines = wanted.evidence
    return receive.submit(
        db, blobs, key, by="联络员", now=now,
        files=[file for line in lines for file in _files(line, mark)],
        figures={line.id: _figure(line) for line in lines if line.kind in _FIGURES},
        text={line.id: f"已办理{mark}" for line in lines if line.kind is EvidenceKind.TEXT},
        covered=["全部"] if wanted.coverage else (),
        heads=heads_to_cover(wanted, task.unit) if wanted.counts else 0,
    )  # fmt: skip


_FIGURES = (EvidenceKind.NUMBER, EvidenceKind.DATE)


def _files(line: Requirement, mark: str) -> list[receive.File]:
    if line.kind is not EvidenceKind.FILE:
        return []
    ending = (line.kinds or ("pdf",))[0]
    return [
        receive.File(f"{line.id}-{number}.{ending}", f"{number}{mark}".encode(), line.id)
        for number in range(line.minimum)
    ]


def _figure(line: Requirement) -> str:
    return str(max(line.minimum, 1)) if line.kind is EvidenceKind.NUMBER else "2026-11-30"
