"""Erasing a person or a case: everything but the record, which goes on proving that it was there.

An incident takes its tasks with it. Letters that have not left yet stay until they have; what has
left the house (mails in other mailboxes, packs, prints) cannot be erased, nor can old backups.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from office.matters import find
from office.settings import Settings
from office.workplace import all_in_force
from responsibilities.tasks import Fact, FactKind, State, Task
from responsibilities.words import Refused, Words
from storage import erasure, events, facts, holds, tasks, vault
from storage.blobs import Blobs
from storage.engine import reading, writing
from storage.erasure import Person
from storage.holds import Hold
from storage.instants import whole

PREFIX = "record/erased/"
_SHORTEST = 2
_UNSCOURED = "erased/scour"
"""Held while the database's files may still have what was overwritten."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom or what to erase: texts that name a person, or an incident, or a task."""

    person: tuple[str, ...] = ()
    case: str = ""
    """The number of an incident, or of a task."""
    files: bool = False
    """With the files that were handed in."""
    plan: str = ""
    """Only what is this plan's; empty: of every plan."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where files lie: evidence, previews of it, and letters where there is no relay."""

    blobs: Blobs
    previews: Path
    maildir: Path


def places_of(settings: Settings) -> Places:
    """Those of an installation."""
    return Places(Blobs(settings.blobs), settings.data / "previews", settings.mail.maildir)


@dataclass(frozen=True, slots=True)
class Found:
    """What would be destroyed."""

    commitments: tuple[str, ...]
    """Values of the vault, by their commitments in the record."""
    letters: tuple[int, ...]
    files: tuple[str, ...]
    """By SHA-256."""
    tasks: tuple[int, ...] = ()
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What was destroyed, and what has to wait."""

    values: int
    letters: int
    files: int
    waiting: int
    """Letters and mails that are still to be sent or dealt with: erase again afterwards."""
    scoured: bool
    """Whether nothing of it is left in the database's files; else the next pass sees to it."""


def look_for(db: Engine, blobs: Blobs, wanted: Wanted) -> Found:
    """What erasing would destroy. Refused where nobody is named, or the case is still open."""
    with reading(db) as connection:
        return _found(connection, blobs, wanted)


def erase(
    db: Engine, places: Places, wanted: Wanted, reason: str, *, by: str, now: datetime
) -> Erased:
    """Destroy it, and say so in the record, without a name.

    Refused as `look_for`, without a reason, and where the reason itself names the person.
    """
    reason = _unnamed(reason, wanted)
    with writing(db) as connection:
        found = _found(connection, places.blobs, wanted)
        person = Person(wanted.person)
        letters = erasure.message_ids(connection, found.letters)
        erasure.unlink_mails(places.maildir, person, letters)
        done = destroy(connection, found, reason, "person" if wanted.person else "case", by, now)
        erasure.strike_rows(connection, person)
    return replace(done, scoured=finish(db, places))


def destroy(
    connection: Connection, found: Found, reason: str, what: str, by: str, now: datetime
) -> Erased:
    """As part of another act's transaction: all but the bytes of files (see `finish`)."""
    open_ = erasure.mails_open(connection, found.files)
    files = sorted(set(found.files) - open_)
    place = facts.last_seq(connection) + 1
    body = {
        "cases": list(found.cases), "commitments": list(found.commitments), "files": files,
        "letters": len(found.letters), "reason": reason, "what": what,
    }  # fmt: skip
    fact = Fact(None, f"{PREFIX}{place:09}", FactKind.ERASED, whole(now), by, body)
    vault.forget(connection, found.commitments, found.cases)
    waits = erasure.strike_letters(connection, found.letters)
    erasure.strike_mails(connection, found.tasks)
    erasure.strike_reasons(connection, found.tasks)
    erasure.drop_drafts(connection, found.tasks)
    erasure.drop_files(connection, files)
    facts.append(connection, [fact])
    holds.put(connection, Hold(_UNSCOURED, whole(now), {}))
    return Erased(
        len(found.commitments), len(found.letters) - waits, len(files), waits + len(open_), False
    )


def finish(db: Engine, places: Places) -> bool:
    """Delete the bytes of files that were erased, and what the database's files still hold.

    Safe to repeat: what a crash or an old backup brought back goes now. False: somebody was
    reading, try again.
    """
    with writing(db) as connection:
        erased = facts.without_task(connection, PREFIX)
        files = {sha256 for fact in erased for sha256 in fact.body["files"]}
        vault.forget_again(connection, (one for fact in erased for one in fact.body["commitments"]))
        erasure.unlink(connection, places.blobs, places.previews, files)
        unscoured = holds.find(connection, _UNSCOURED) is not None
    if not unscoured or not erasure.scoured(db):
        return not unscoured
    with writing(db) as connection:
        holds.drop(connection, _UNSCOURED)
    return True


def of_tasks(connection: Connection, found: Iterable[Task], *, files: bool) -> Found:
    """What stands of these tasks: values, letters about them, and the files where asked."""
    listed = list(found)
    numbers, keys = tuple(task.id for task in listed), tuple(task.key for task in listed)
    return Found(
        tuple(one for key in keys for one in vault.commitments_in(connection, key)),
        tuple(erasure.letters_about(connection, numbers)),
        tuple(erasure.files_of(connection, numbers)) if files else (),
        numbers,
        keys,
    )


def of_event(connection: Connection, event: str, *, files: bool) -> Found:
    """What stands of an incident and of the tasks of its chain."""
    chain = of_tasks(connection, tasks.of_event(connection, event), files=files)
    own = tuple(vault.commitments_in(connection, event))
    return Found(
        (*own, *chain.commitments), chain.letters, chain.files, chain.tasks, (event, *chain.cases)
    )


def _found(connection: Connection, blobs: Blobs, wanted: Wanted) -> Found:
    if wanted.person:
        if wanted.plan and set(all_in_force(connection)) - {wanted.plan}:
            raise _elsewhere()
        return _of_person(connection, blobs, wanted)
    event = events.by_id(connection, wanted.case)
    if event is not None and wanted.plan in ("", event.plan):
        if event.closed_at is None:
            raise _open(wanted.case)
        return of_event(connection, event.id, files=wanted.files)
    task = find(connection, wanted.case).task
    if wanted.plan not in ("", task.plan):
        raise _elsewhere()
    if task.state is not State.CLOSED:
        raise _open(wanted.case)
    return of_tasks(connection, [task], files=wanted.files)


def _of_person(connection: Connection, blobs: Blobs, wanted: Wanted) -> Found:
    texts = tuple(dict.fromkeys(text.strip() for text in wanted.person))
    if any(len(text) < _SHORTEST for text in texts):
        raise Refused(
            Words(
                "请写全姓名、邮箱或号码，至少两个字：太短的文字会连累别的内容。",
                "Give the whole name, address or number, two characters at least.",
            )
        )
    person = Person(texts)
    return Found(
        tuple(erasure.commitments_of(connection, person)),
        tuple(erasure.letters_naming(connection, person)),
        tuple(erasure.files_naming(connection, blobs, person)) if wanted.files else (),
    )


def _unnamed(reason: str, wanted: Wanted) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused(Words("删除应写明理由。", "Erasing needs a reason."))
    if wanted.person and Person(wanted.person).in_text(reason):
        raise Refused(
            Words(
                "理由留在记录里，请不要写出被删除的姓名或号码，例如“本人申请，见办公室收文12号”。",
                "The reason stays on record: do not name whom you erase in it.",
            )
        )
    return reason


def _elsewhere() -> Refused:
    return Refused(
        Words(
            "这也涉及其他方案，请由系统管理员用 duban erase 删除。",
            "This is about other plans too: have the administrator run duban erase.",
        )
    )


def _open(case: str) -> Refused:
    return Refused(
        Words(
            f"“{case}”尚未办结，不能删除；请在结案之后再删除。",
            f"“{case}” is still open; erase it once it is closed.",
        )
    )
