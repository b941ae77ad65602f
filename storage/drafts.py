"""What a unit has uploaded and typed for a task before it hands it in (see `office.drafts`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, and_, delete, insert, select, update

from storage.instants import instant, text
from storage.tables import blobs, draft_files, drafts


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One uploaded file, durable among the blobs."""

    requirement: str
    """The id of its line of the checklist."""
    sha256: str
    name: str
    size: int
    media_type: str
    remarks: tuple[str, ...]
    """Keys of `office.screening.REMARKS`."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything of one draft."""

    task: int
    owner: str
    words: Mapping[str, str]
    """What was typed, by the names of the form's fields."""
    files: tuple[DraftFile, ...]
    touched_at: datetime


def find(connection: Connection, task: int, owner: str) -> Draft | None:
    """The draft; None where nothing was begun."""
    row = connection.execute(select(drafts).where(_is(task, owner))).one_or_none()
    if row is None:
        return None
    words: dict[str, str] = orjson.loads(row.words)
    return Draft(task, owner, words, _files(connection, task, owner), instant(row.touched_at))


def _files(connection: Connection, task: int, owner: str) -> tuple[DraftFile, ...]:
    query = (
        select(draft_files, blobs.c.size)
        .join(blobs, blobs.c.sha256 == draft_files.c.sha256)
        .where(draft_files.c.task == task, draft_files.c.owner == owner)
        .order_by(draft_files.c.at, draft_files.c.requirement, draft_files.c.sha256)
    )
    return tuple(
        DraftFile(
            r.requirement, r.sha256, r.name, r.size, r.media_type, tuple(orjson.loads(r.remarks)),
            instant(r.at),
        )
        for r in connection.execute(query)
    )  # fmt: skip


def touch(
    connection: Connection, task: int, owner: str, now: datetime,
    words: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Begin the draft or keep it on; `words`, where given, replace what was typed before."""
    given = {"touched_at": text(now)}
    if words is not None:
        given["words"] = orjson.dumps(dict(words)).decode()
    changed = connection.execute(update(drafts).where(_is(task, owner)).values(**given))
    if not changed.rowcount:
        row = {"task": task, "owner": owner, "words": "{}", **given}
        connection.execute(insert(drafts), [row])


def put(connection: Connection, task: int, owner: str, file: DraftFile) -> None:
    """Add `file`; the same bytes at the same line are the same file, by its newest name."""
    remove(connection, task, owner, file.requirement, file.sha256)
    row = {
        "task": task,
        "owner": owner,
        "requirement": file.requirement,
        "sha256": file.sha256,
        "name": file.name,
        "media_type": file.media_type,
        "remarks": orjson.dumps(file.remarks).decode(),
        "at": text(file.at),
    }
    connection.execute(insert(draft_files), [row])


def remove(connection: Connection, task: int, owner: str, requirement: str, sha256: str) -> None:
    """Take a file out of the draft; its bytes stay until they are swept."""
    connection.execute(
        delete(draft_files).where(
            draft_files.c.task == task,
            draft_files.c.owner == owner,
            draft_files.c.requirement == requirement,
            draft_files.c.sha256 == sha256,
        )
    )


def drop(connection: Connection, task: int, owner: str) -> None:
    """The draft with its files, once it is handed in."""
    connection.execute(
        delete(draft_files).where(draft_files.c.task == task, draft_files.c.owner == owner)
    )
    connection.execute(delete(drafts).where(_is(task, owner)))


def untouched_since(connection: Connection, then: datetime) -> list[tuple[int, str]]:
    """(task, owner) of every draft that nobody has touched since."""
    query = select(drafts.c.task, drafts.c.owner).where(drafts.c.touched_at < text(then))
    return [(row.task, row.owner) for row in connection.execute(query)]


def _is(task: int, owner: str):  # type: ignore[no-untyped-def]
    return and_(drafts.c.task == task, drafts.c.owner == owner)
