"""A unit prepares what it will hand in: files one by one, words as they are typed.

Everything is durable before the answer, and survives an error, another phone and an expired link:
a draft belongs to the task and to the post (`owner`) that works on it, not to a session.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from mimetypes import guess_type

from sqlalchemy import Connection, Engine

from office.handed_in import File, Kept, Papers, match_files
from office.matters import Matter, find, matter, number_of
from office.progress import progress
from office.receive import Receipt, submit_within
from office.scanning import scanned
from office.screening import LARGEST, refuse_too_many, screen_file, too_large
from responsibilities.tasks import State
from responsibilities.words import Refused, Words
from storage import blobs as evidence
from storage import drafts, facts, scans, tasks
from storage.blobs import Arriving, Blobs, Evidence
from storage.drafts import Draft, DraftFile
from storage.engine import reading, writing
from storage.instants import whole

KEPT_FOR = timedelta(days=30)
"""A draft that nobody has touched for so long is dropped."""


class Upload:
    """A file that is coming in; refuses to grow beyond what one file may be."""

    def __init__(self, name: str, arriving: Arriving) -> None:
        self.name = name
        self.arriving = arriving

    def write(self, data: bytes) -> None:
        """The next bytes. Refused as soon as there are too many."""
        if self.arriving.size + len(data) > LARGEST:
            raise Refused(too_large(self.name))
        self.arriving.write(data)


@contextmanager
def uploading(blobs: Blobs, name: str, announced: int = 0) -> Iterator[Upload]:
    """Somewhere to write a file to; Refused at once where `announced` bytes are too many."""
    if announced > LARGEST:
        raise Refused(too_large(name))
    with blobs.arriving() as arriving:
        yield Upload(name, arriving)


def draft_of(db: Engine, task: str | int, owner: str) -> Draft | None:
    """What `owner` has prepared for the task; None where nothing was begun."""
    with reading(db) as connection:
        return drafts.find(connection, find(connection, task).task.id, owner)


def add_file(
    db: Engine, upload: Upload, task: str | int, owner: str, *, now: datetime,
    requirement: str | None = None, clamd: str = "",
) -> DraftFile:  # fmt: skip
    """Screen what came, keep it, and put it into the draft; the same again changes nothing.

    Refused: a closed task, a file that cannot be evidence or that no line of the checklist wants.
    """
    now, arriving = whole(now), upload.arriving
    with reading(db) as connection:
        about = find(connection, task)
        _refuse_closed(about)
        before = drafts.find(connection, about.task.id, owner)
        line = _line(connection, about, before, upload, requirement)
    arriving.file.flush()
    remarks = screen_file(upload.name, arriving.file.file)
    clean = scanned(clamd, upload.name, arriving.file.file)
    sizes = [file.size for file in before.files] if before is not None else []
    refuse_too_many([*sizes, arriving.size])
    digest = arriving.keep()  # durable before the row that points at it
    kind = guess_type(upload.name)[0] or "application/octet-stream"
    file = DraftFile(line, digest, upload.name, arriving.size, kind, remarks, now)
    _put(db, about.task.id, owner, file, now, clean=clean)
    return file


def reusable(db: Engine, task: str | int) -> tuple[tuple[str, Evidence], ...]:
    """(number, file) of what the unit has handed in for other tasks, the newest first."""
    with reading(db) as connection:
        about = find(connection, task)
        found = evidence.of_unit(connection, about.task.plan, about.task.unit, _SHOWN)
        others = [one for one in found if one.task != about.task.id]
        known = tasks.by_ids(connection, {one.task for one in others})
        return tuple((number_of(known[one.task], about.clock), one) for one in others)


_SHOWN = 60


def reuse(
    db: Engine, task: str | int, owner: str, sha256: str, *, now: datetime,
    requirement: str | None = None,
) -> DraftFile:  # fmt: skip
    """Put a file that the unit has handed in before into the draft, without sending it again."""
    now = whole(now)
    known = {one.sha256: one for _number, one in reusable(db, task)}
    if sha256 not in known:
        raise Refused(
            Words("本单位没有交过这份材料。", "The unit has not handed in that file before.")
        )
    one = known[sha256]
    with reading(db) as connection:
        about = find(connection, task)
        _refuse_closed(about)
        [(line, _)] = match_files(
            [File(one.name, Kept(sha256, one.size), requirement)], about.promise.evidence, {}
        )
    file = DraftFile(line.id, sha256, one.name, one.size, one.media_type, (), now)
    _put(db, about.task.id, owner, file, now)
    return file


def remove_file(
    db: Engine, task: str | int, owner: str, requirement: str, sha256: str, *, now: datetime
) -> None:
    """Take a file out of the draft again."""
    with writing(db) as connection:
        number = find(connection, task).task.id
        drafts.remove(connection, number, owner, requirement, sha256)
        drafts.touch(connection, number, owner, whole(now))


def keep_words(
    db: Engine, task: str | int, owner: str, words: Mapping[str, str], *, now: datetime,
    attempt: int | None = None,
) -> None:  # fmt: skip
    """Keep what was typed, by the names of the form's fields, whatever becomes of the hand-in.

    `attempt`: as many hand-ins as the form knew of; nothing is kept where another has come since.
    """
    with writing(db) as connection:
        about = find(connection, task).task
        if attempt in (None, about.attempt):
            drafts.touch(connection, about.id, owner, whole(now), words)


def hand_in(
    db: Engine, blobs: Blobs, task: str | int, owner: str, papers: Papers, *, by: str,
    now: datetime, also: Callable[[Connection, Receipt], None] | None = None,
) -> Receipt:  # fmt: skip
    """Hand in the draft's files with `papers`, drop the draft and do `also`: one transaction.

    Refused as `receive.submit` refuses; the draft is kept then.
    """
    now = whole(now)
    with writing(db) as connection:
        number = find(connection, task).task.id
        draft = drafts.find(connection, number, owner)
        files = [_as_file(file) for file in draft.files] if draft is not None else []
        whole_papers = replace(papers, files=[*papers.files, *files])
        receipt = submit_within(connection, blobs, number, whole_papers, by=by, now=now)
        drafts.drop(connection, number, owner)
        if also is not None:
            also(connection, receipt)
        return receipt


def drop_old(db: Engine, now: datetime) -> int:
    """Drop the drafts that nobody has touched for KEPT_FOR; gives how many."""
    with writing(db) as connection:
        old = drafts.untouched_since(connection, whole(now) - KEPT_FOR)
        for number, owner in old:
            drafts.drop(connection, number, owner)
    return len(old)


def _as_file(file: DraftFile) -> File:
    return File(file.name, Kept(file.sha256, file.size), file.requirement, file.media_type)


def _line(
    connection: Connection, about: Matter, before: Draft | None, upload: Upload,
    requirement: str | None,
) -> str:  # fmt: skip
    """The line of the checklist that the file is for, by its name alone."""
    there = progress(about, facts.of_task(connection, about.task.key))
    counts = {line: len(files) for line, files in there.files.items()}
    for file in before.files if before is not None else ():
        counts[file.requirement] = counts.get(file.requirement, 0) + 1
    named = File(upload.name, Kept("", upload.arriving.size), requirement)
    [(line, _)] = match_files([named], about.promise.evidence, counts)
    return line.id


def _put(
    db: Engine, task: int, owner: str, file: DraftFile, now: datetime, *, clean: bool = False
) -> None:
    with writing(db) as connection:
        _refuse_closed(matter(connection, tasks.by_ids(connection, [task])[task]))
        evidence.note(connection, file.sha256, file.size, now)
        if clean:
            scans.note(connection, file.sha256, "", now)
        drafts.touch(connection, task, owner, now)
        drafts.put(connection, task, owner, file)


def _refuse_closed(about: Matter) -> None:
    if about.task.state is State.CLOSED:
        number = number_of(about.task, about.clock)
        raise Refused(
            Words(
                f"{number}已经办结或终止，不能再上传材料。",
                f"{number} is closed; nothing more can be uploaded.",
            )
        )
