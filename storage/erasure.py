"""Destroying what stands of a person or a case outside the record: rows, letters, mails, files.

The record itself is never touched. What is overwritten is overwritten on the disk too (SQLite runs
with secure_delete; `scoured` rewrites the file and empties the write-ahead log).
"""

import email
import email.policy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Table, select, update

from inspections.sealing import ERASED
from storage import bulk, tables, vault
from storage.blobs import Blobs

ENCODINGS = ("utf-8", "gb18030", "utf-16-le")
"""How a name may stand in the bytes of a file."""
GONE = str(ERASED)
_PAGE = 5_000
PLAIN: Mapping[Table, Sequence[str]] = {
    tables.letters: ("recipient", "to_name", "subject", "outcome"),
    tables.notices: ("matters", "facts"),
    tables.messages: (
        "envelope", "verdict", "why", "sender", "subject", "message_id", "settled_by",
    ),
    tables.evidence: ("name",),
    tables.links: ("recipient", "to_name", "revoked_by"),
    tables.grants: ("address", "name", "granted_by"),
    tables.plan_drafts: ("authors", "changed_by", "proposed_by", "approved_by"),
    tables.plan_books: ("name", "by_"),
    tables.plans: ("adopted_by",),
    tables.api_tokens: ("made_by",),
    tables.holds: ("body",),
    tables.drafts: ("words",),
    tables.draft_files: ("name",),
}  # fmt: skip
"""Columns where a person may be named: such a text is overwritten, in JSON only that string."""
WHOLE: Mapping[Table, Sequence[str]] = {
    tables.sessions: ("address",),
    tables.sign_ins: ("address",),
    tables.throttles: ("name",),
}
"""Rows that go altogether when one of these columns names the person."""


@dataclass(frozen=True, slots=True)
class Person:
    """By what texts somebody is known: a name, an address, a number; case counts."""

    texts: tuple[str, ...]

    def in_text(self, text: str) -> bool:
        """Whether the text names the person."""
        return any(one in text for one in self.texts)

    def in_bytes(self, data: bytes) -> bool:
        """Whether the bytes do, in one of the usual encodings."""
        return any(one.encode(code, "ignore") in data for one in self.texts for code in ENCODINGS)


def commitments_of(connection: Connection, person: Person) -> list[str]:
    """The commitments of the vault whose values name the person."""
    found, after = list[str](), ""
    query = "SELECT commitment FROM vault WHERE commitment > ? ORDER BY commitment LIMIT ?"
    while page := [c for (c,) in bulk.fetched(connection, query, (after, _PAGE))]:
        after = page[-1]
        known = vault.openings(connection, page)
        found += [given for given, value in known.items() if person.in_text(value)]
    return sorted(found)


def strike_rows(connection: Connection, person: Person) -> int:
    """Overwrite every text of PLAIN that names the person, delete the rows of WHOLE; how many."""
    count = 0
    if not person.texts:
        return count
    for table, columns in PLAIN.items():
        for row in _naming(connection, table, columns, person):
            values = {c: _struck(getattr(row, c), person) for c in columns}
            connection.execute(update(table).where(*_same(table, row)).values(values))
            count += 1
    for table, columns in WHOLE.items():
        for row in _naming(connection, table, columns, person):
            connection.execute(table.delete().where(*_same(table, row)))
            count += 1
    return count


def letters_naming(connection: Connection, person: Person) -> list[int]:
    """The letters whose bytes name the person, once decoded."""
    query = "SELECT letter, body FROM letter_bodies WHERE letter > ? ORDER BY letter LIMIT 200"
    return list(_naming_mails(connection, query, person))


def letters_about(connection: Connection, task: Iterable[int]) -> list[int]:
    """The letters about these tasks."""
    found = bulk.chosen(connection, "SELECT letter FROM letter_tasks WHERE task IN (?)", task)
    return sorted({letter for (letter,) in found})


def strike_letters(connection: Connection, letters: Sequence[int]) -> int:
    """Empty letters that have left or never will; how many still have to leave first."""
    waits = bulk.chosen(
        connection, "SELECT id FROM letters WHERE next_at IS NOT NULL AND id IN (?)", letters
    )
    left = sorted(set(letters) - {letter for (letter,) in waits})
    for statement in (
        "UPDATE letter_bodies SET body = ? WHERE letter = ?",
        "UPDATE letters SET subject = ? WHERE id = ?",
    ):
        value: object = b"" if "body" in statement else GONE
        bulk.run(connection, statement, [(value, letter) for letter in left])
    return len(waits)


def strike_mails(connection: Connection, tasks: Iterable[int]) -> None:
    """From whom and about what mails came that answered for these tasks."""
    rows = [(GONE, GONE, GONE, '["",[]]', GONE, task) for task in tasks]
    bulk.run(
        connection,
        "UPDATE messages SET sender = ?, subject = ?, message_id = ?, envelope = ?, why = ? "
        "WHERE task = ? AND settled_at IS NOT NULL",
        rows,
    )


def strike_reasons(connection: Connection, tasks: Iterable[int]) -> None:
    """What was said in notices about these tasks, once it has been said."""
    wanted = set(tasks)
    query = select(tables.notices.c.id, tables.notices.c.matters).where(
        tables.notices.c.bound_at.is_not(None) | tables.notices.c.cancelled_at.is_not(None)
    )
    rows = []
    for id_, matters in connection.execute(query):
        said = orjson.loads(matters)
        if any(task in wanted and reason for task, _, reason in said):
            kept = [[t, step, "" if t in wanted else reason] for t, step, reason in said]
            rows.append((orjson.dumps(kept).decode(), id_))
    bulk.run(connection, "UPDATE notices SET matters = ? WHERE id = ?", rows)


def drop_drafts(connection: Connection, tasks: Iterable[int]) -> None:
    """What was typed for these tasks and never handed in."""
    rows = [(task,) for task in tasks]
    bulk.run(connection, "DELETE FROM draft_files WHERE task = ?", rows)
    bulk.run(connection, "DELETE FROM drafts WHERE task = ?", rows)


def files_of(connection: Connection, tasks: Iterable[int]) -> list[str]:
    """The SHA-256 of files handed in for these tasks and for no other."""
    wanted = set(tasks)
    found = bulk.chosen(connection, "SELECT sha256 FROM evidence WHERE task IN (?)", wanted)
    files = {sha256 for (sha256,) in found}
    users = bulk.chosen(connection, "SELECT sha256, task FROM evidence WHERE sha256 IN (?)", files)
    return sorted(files - {sha256 for sha256, task in users if task not in wanted})


def files_naming(connection: Connection, blobs: Blobs, person: Person) -> list[str]:
    """The files whose own name, or whose bytes, name the person; mails are decoded."""
    found = set[str]()
    for table in (tables.evidence, tables.draft_files):
        for sha256, name in connection.execute(select(table.c.sha256, table.c.name)):
            if person.in_text(name):
                found.add(sha256)
    mails = set(connection.scalars(select(tables.messages.c.sha256)))
    known = set(connection.scalars(select(tables.blobs.c.sha256))) | mails
    for sha256 in known - found:
        try:
            data = blobs.path(sha256).read_bytes()
        except OSError:
            continue
        if person.in_bytes(data) or (sha256 in mails and _mail_names(data, person)):
            found.add(sha256)
    return sorted(found)


def mails_open(connection: Connection, files: Iterable[str]) -> set[str]:
    """Which of these files are mails that nobody has dealt with yet."""
    query = "SELECT sha256 FROM messages WHERE settled_at IS NULL AND sha256 IN (?)"
    return {sha256 for (sha256,) in bulk.chosen(connection, query, files)}


def drop_files(connection: Connection, files: Sequence[str]) -> None:
    """Every row about these files; the bytes go by `unlink`, when this is committed."""
    rows = [(sha256,) for sha256 in files]
    mails = "UPDATE messages SET sender = ?, subject = ?, message_id = ?, envelope = ?, why = ? "
    held = [(GONE, GONE, GONE, '["",[]]', GONE, *row) for row in rows]
    bulk.run(connection, f"{mails} WHERE sha256 = ?", held)
    for table in ("draft_files", "evidence", "scans", "blobs"):
        bulk.run(connection, f"DELETE FROM {table} WHERE sha256 = ?", rows)


def unlink_mails(maildir: Path, person: Person, letters: Iterable[str]) -> None:
    """Delete from a Maildir (where letters lie without a relay) those that name the person, or
    have one of these Message-IDs."""
    wanted = [message_id.encode() for message_id in letters]
    for file in maildir.glob("*/*") if person.texts or wanted else ():
        data = file.read_bytes() if file.is_file() else b""
        if any(one in data for one in wanted) or _mail_names(data, person):
            file.unlink()


def message_ids(connection: Connection, letters: Iterable[int]) -> list[str]:
    """The Message-IDs of letters that have left."""
    query = "SELECT message_id FROM letters WHERE next_at IS NULL AND id IN (?)"
    return [one for (one,) in bulk.chosen(connection, query, letters)]


def unlink(connection: Connection, blobs: Blobs, previews: Path, files: Iterable[str]) -> int:
    """Delete the bytes of files that no row knows any more, and their previews; how many."""
    wanted = set(files)
    known = bulk.chosen(connection, "SELECT sha256 FROM blobs WHERE sha256 IN (?)", wanted)
    count = 0
    for sha256 in wanted - {sha256 for (sha256,) in known}:
        (previews / sha256[:2] / f"{sha256}.jpg").unlink(missing_ok=True)
        if blobs.path(sha256).is_file():
            blobs.path(sha256).unlink()
            count += 1
    return count


def old_letters(connection: Connection, before: str) -> list[int]:
    """Letters made before the instant that have left and are not empty yet."""
    query = (
        "SELECT letters.id FROM letters JOIN letter_bodies ON letter_bodies.letter = letters.id "
        "WHERE letters.next_at IS NULL AND letters.created_at < ? "
        "AND LENGTH(letter_bodies.body) > 0 ORDER BY letters.id"
    )
    return [letter for (letter,) in bulk.fetched(connection, query, (before,))]


def old_mails(connection: Connection, before: str) -> list[str]:
    """The bytes (SHA-256) of mails settled before the instant that are no evidence of a task."""
    query = (
        "SELECT sha256 FROM messages WHERE settled_at < ? "
        "AND EXISTS (SELECT 1 FROM blobs WHERE blobs.sha256 = messages.sha256) "
        "AND NOT EXISTS (SELECT 1 FROM evidence WHERE evidence.sha256 = messages.sha256) "
        "ORDER BY sha256"
    )
    return [sha256 for (sha256,) in bulk.fetched(connection, query, (before,))]


def old_reads(connection: Connection, before: str) -> list[str]:
    """The commitments in facts of signing in and reading from before the instant."""
    query = (
        "SELECT vault.commitment FROM facts JOIN vault ON vault.case_ = facts.key "
        "WHERE facts.task = '' AND facts.kind IN ('read', 'signed_in') AND facts.at < ? "
        "ORDER BY facts.seq, vault.commitment"
    )
    return [given for (given,) in bulk.fetched(connection, query, (before,))]


def old_links(connection: Connection, before: str) -> list[int]:
    """The links that ran out before the instant."""
    query = "SELECT id FROM links WHERE expires_at < ? ORDER BY id"
    return [link for (link,) in bulk.fetched(connection, query, (before,))]


def drop_links(connection: Connection, links: Iterable[int]) -> None:
    """These links with whom they were for."""
    bulk.run(connection, "DELETE FROM links WHERE id = ?", [(link,) for link in links])


def scoured(db: Engine) -> bool:
    """Leave nothing of what was overwritten in the database's files; False: somebody was reading.

    SQLite: the file is written anew and the log emptied. PostgreSQL: the tables are written anew;
    its write-ahead log goes on holding pages until the server recycles them.
    """
    with db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw: Any = connection.connection.driver_connection
        if db.dialect.name == "postgresql":
            for table in {*PLAIN, *WHOLE, tables.vault, tables.vault_keys, tables.letter_bodies}:
                raw.execute(f"VACUUM FULL {table.name}")
            return True
        if raw.in_transaction:
            raw.execute("COMMIT")
        raw.execute("VACUUM")
        (busy, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy


def _naming(
    connection: Connection, table: Table, columns: Sequence[str], person: Person
) -> Sequence[Any]:
    where = [table.c[c].contains(one, autoescape=True) for c in columns for one in person.texts]
    condition = where[0]
    for one in where[1:]:
        condition = condition | one
    return connection.execute(select(table).where(condition)).all()


def _same(table: Table, row: Any) -> Iterator[Any]:
    for column in table.primary_key.columns:
        yield column == getattr(row, column.name)


def _struck(text: str, person: Person) -> str:
    if not person.in_text(text):
        return text
    try:
        held = orjson.loads(text)
    except orjson.JSONDecodeError:
        return GONE
    return orjson.dumps(_mapped(held, person)).decode()


def _mapped(value: Any, person: Person) -> Any:
    if isinstance(value, str):
        return GONE if person.in_text(value) else value
    if isinstance(value, list):
        return [_mapped(item, person) for item in value]
    if isinstance(value, dict):
        return {_mapped(name, person): _mapped(item, person) for name, item in value.items()}
    return value


def _naming_mails(connection: Connection, query: str, person: Person) -> Iterator[int]:
    after = 0
    while page := bulk.fetched(connection, query, (after,)):
        for after, body in page:
            if _mail_names(bytes(body), person):
                yield after


def _mail_names(data: bytes, person: Person) -> bool:
    """Whether a mail names the person in a header or in a part of it, once decoded."""
    mail: Message = email.message_from_bytes(data, policy=email.policy.compat32)
    texts = _decoded(mail)
    return any(person.in_text(text) for text in texts) or any(
        person.in_bytes(part) for part in _parts(mail)
    )


def _decoded(mail: Message) -> Iterator[str]:
    from email.header import decode_header, make_header

    for value in mail.values():
        try:
            yield str(make_header(decode_header(str(value))))
        except (LookupError, UnicodeError, ValueError):
            yield str(value)


def _parts(mail: Message) -> Iterator[bytes]:
    for part in mail.walk():
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            yield data
