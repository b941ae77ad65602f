"""The mails that say what is to be said. Mail leaves only from here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, func, select

from storage import bulk, links, notices
from storage.instants import instant, instant_or_none, text, text_or_none
from storage.links import NewLink
from storage.notices import Notice
from storage.tables import letter_bodies, letter_notices, letter_tasks, letters, reply_tokens


class LetterState(StrEnum):
    """Where a mail is on its way."""

    PENDING = "pending"
    SENDING = "sending"
    """Leased by a sender. After the lease runs out it is sent again: the same bytes."""
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    """The connection broke after the data went out; tried again with the same Message-ID."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A mail with its bytes fixed, before its first attempt."""

    message_id: str
    plan: str
    sender: str
    recipient: str
    to_name: str
    kind: str
    subject: str
    body: bytes
    urgent: bool
    useful_until: datetime
    created_at: datetime
    notices: tuple[int, ...]
    tasks: tuple[int, ...]
    token: str = ""
    """SHA-256 of what an answer to this letter must bring with it; empty where none can."""
    answer_until: datetime | None = None
    link: NewLink | None = None
    """What the address in it opens; None where it has none, or one that opens nothing by itself."""


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A mail as the outbox holds it, without its bytes (see `body_of`)."""

    id: int
    message_id: str
    plan: str
    sender: str
    recipient: str
    to_name: str
    kind: str
    subject: str
    state: LetterState
    attempts: int
    next_at: datetime | None
    lease_by: str | None
    urgent: bool
    useful_until: datetime
    created_at: datetime
    accepted_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Leased:
    """A letter that is ours to send, with its bytes."""

    letter: StoredLetter
    body: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, 64 hex digits."""
        return sha256(self.body).hexdigest()


def bind(connection: Connection, new: Sequence[NewLetter], bound: Iterable[int]) -> None:
    """Put letters into the outbox and mark the notices that they say."""
    first = (connection.scalar(select(func.max(letters.c.id))) or 0) + 1
    numbered = list(enumerate(new, first))
    bulk.insert_rows(connection, letters, [_letter_row(i, letter) for i, letter in numbered])
    bodies = [(i, letter.body) for i, letter in numbered]
    bulk.insert_rows(connection, letter_bodies, bodies)
    says = [(i, notice) for i, letter in numbered for notice in letter.notices]
    bulk.insert_rows(connection, letter_notices, says)
    about = [(task, i) for i, letter in numbered for task in dict.fromkeys(letter.tasks)]
    bulk.insert_rows(connection, letter_tasks, about)
    tokens = [(n.token, i, text(n.answer_until)) for i, n in numbered if n.answer_until is not None]
    bulk.insert_rows(connection, reply_tokens, tokens)
    links.add(connection, [(n.link, i) for i, n in numbered if n.link is not None])
    if new:
        at = text(new[0].created_at)
        marked = [(at, notice) for notice in bound]
        bulk.run(connection, "UPDATE notices SET bound_at = ? WHERE id = ?", marked)


def first_letters(connection: Connection, tasks: Iterable[int]) -> dict[int, str]:
    """Message-ID of the first letter about each of `tasks`."""
    found = bulk.chosen(
        connection,
        "SELECT t.task, l.message_id FROM (SELECT task, MIN(letter) AS letter FROM letter_tasks "
        "WHERE task IN (?) GROUP BY task) AS t JOIN letters AS l ON l.id = t.letter",
        tasks,
    )
    return {task: message_id for task, message_id in found}


def recipients(connection: Connection, notices: Iterable[int]) -> set[tuple[int, str]]:
    """Which mailboxes have a letter about each of `notices`."""
    found = bulk.chosen(
        connection,
        "SELECT x.notice, l.recipient FROM letter_notices AS x "
        "JOIN letters AS l ON l.id = x.letter WHERE x.notice IN (?)",
        notices,
    )
    return {(notice, recipient) for notice, recipient in found}


def first_sent(connection: Connection) -> datetime | None:
    """When the first letter of all was made."""
    return instant_or_none(connection.scalar(select(func.min(letters.c.created_at))))


def last_daily(connection: Connection, mailboxes: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """By plan and mailbox: when it was last written a letter, neither urgent nor about a mail."""
    found = bulk.chosen(
        connection,
        "SELECT plan, recipient, MAX(created_at) FROM letters "
        "WHERE recipient IN (?) AND NOT urgent AND state <> 'cancelled' "
        "AND kind NOT IN ('receipt', 'confirm', 'inbox') GROUP BY plan, recipient",
        mailboxes,
    )
    return {(plan, recipient): instant(at) for plan, recipient, at in found}


def unsent(connection: Connection, kind: str) -> set[tuple[str, str]]:
    """Plan and mailbox of the letters of this kind that have still to leave."""
    query = select(letters.c.plan, letters.c.recipient).where(
        letters.c.next_at.is_not(None), letters.c.kind == kind
    )
    return {(plan, recipient) for plan, recipient in connection.execute(query)}


def last_of_kind(
    connection: Connection, kind: str, mailboxes: Iterable[str]
) -> dict[str, datetime]:
    """By mailbox: when it was last written a letter of this kind."""
    found = bulk.chosen(
        connection,
        "SELECT recipient, MAX(created_at) FROM letters "
        f"WHERE recipient IN (?) AND kind = '{kind}' GROUP BY recipient",
        mailboxes,
    )
    return {recipient: instant(at) for recipient, at in found}


def newest_accepted(connection: Connection, until: datetime | None) -> list[tuple[int, str]]:
    """The newest letter with a head that each mailbox has accepted (by `until`): its number, and
    the mailbox. Receipts and ways in carry no head; group robots are no mailboxes."""
    query = (
        select(func.max(letters.c.id), letters.c.recipient)
        .where(
            letters.c.accepted_at.is_not(None),
            letters.c.kind.not_in(("sign_in", "receipt", "confirm")),
            letters.c.recipient.like("%@%"),
        )
        .group_by(letters.c.recipient)
        .order_by(letters.c.recipient)
    )
    if until is not None:
        query = query.where(letters.c.accepted_at <= text(until))
    return [(number, recipient) for number, recipient in connection.execute(query)]


def matters_of(connection: Connection, letter: int) -> list[int]:
    """The tasks that a letter is about, by number."""
    statement = bulk.placed(
        connection,
        "SELECT n.matters FROM letter_notices AS x JOIN notices AS n ON n.id = x.notice "
        "WHERE x.letter = ? ORDER BY n.id",
    )
    found = connection.exec_driver_sql(statement, (letter,))
    return list(dict.fromkeys(m[0] for (matters,) in found for m in orjson.loads(matters)))


def accepted_since(connection: Connection, plan: str, at: datetime, but: Iterable[str] = ()) -> int:
    """How many letters of `plan` have left since then, of all kinds `but` these."""
    query = select(func.count()).where(
        letters.c.accepted_at >= text(at), letters.c.plan == plan, letters.c.kind.not_in(but)
    )
    return connection.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Held:
    """What may not leave: every letter, or those of some plans; but those of one kind may."""

    passes: str = ""
    plans: frozenset[str] = frozenset()
    everything: bool = False


_NOTHING = Held()


def anything_to_send(connection: Connection, now: datetime, held: Held = _NOTHING) -> bool:
    """Whether `lease` would find something."""
    query = select(letters.c.id).where(letters.c.next_at <= text(now), *_free(held))
    return connection.scalar(query.limit(1)) is not None


def _free(held: Held) -> list[ColumnElement[bool]]:
    if held.everything:
        return [letters.c.kind == held.passes]
    if held.plans:
        return [letters.c.plan.not_in(held.plans) | (letters.c.kind == held.passes)]
    return []


def next_to_send(connection: Connection) -> datetime | None:
    """When the next letter wants an attempt."""
    query = select(letters.c.next_at).where(letters.c.next_at.is_not(None))
    return instant_or_none(connection.scalar(query.order_by(letters.c.next_at).limit(1)))


def lease(
    connection: Connection, now: datetime, by: str, length: timedelta, limit: int,
    held: Held = _NOTHING,
) -> tuple[Leased, ...]:  # fmt: skip
    """Take up to `limit` letters whose time has come; urgent and old ones first.

    Nobody else gets them until the lease ends. `sending` with a lease that ended is taken again.
    Each says how it stood before: `state`, and `next_at` with the end of the lease that ran out.
    """
    query = (
        select(letters, letter_bodies.c.body)
        .join(letter_bodies, letter_bodies.c.letter == letters.c.id)
        .where(letters.c.next_at <= text(now), *_free(held))
        .order_by(letters.c.urgent.desc(), letters.c.next_at, letters.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    until = text(now + length)
    bulk.run(
        connection,
        "UPDATE letters SET state = 'sending', attempts = attempts + 1, next_at = ?, "
        "lease_until = ?, lease_by = ? WHERE id = ?",
        [(until, until, by, row.id) for row in rows],
    )
    return tuple(
        Leased(replace(_letter(row), attempts=row.attempts + 1), bytes(row.body)) for row in rows
    )


def body_of(connection: Connection, letter: int) -> bytes:
    """The exact bytes of a letter."""
    query = select(letter_bodies.c.body).where(letter_bodies.c.letter == letter)
    found = connection.scalar(query)
    return bytes(found or b"")


def settle(
    connection: Connection,
    letter: int,
    by: str,
    state: LetterState,
    now: datetime,
    *,
    outcome: str = "",
    next_at: datetime | None = None,
) -> bool:
    """Say what came of an attempt. False: the lease had been lost, nothing was changed."""
    accepted = text(now) if state is LetterState.ACCEPTED else None
    statement = bulk.placed(
        connection,
        "UPDATE letters SET state = ?, next_at = ?, lease_until = NULL, lease_by = NULL, "
        "accepted_at = ?, outcome = ? WHERE id = ? AND lease_by = ?",
    )
    values = (state.value, text_or_none(next_at), accepted, outcome, letter, by)
    return connection.exec_driver_sql(statement, values).rowcount == 1


def listed(
    connection: Connection, *, before: int | None = None, plan: str | None = None,
    limit: int = 1000,
) -> tuple[StoredLetter, ...]:  # fmt: skip
    """The newest letters first (keyset paging)."""
    query = select(letters).order_by(letters.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(letters.c.id < before)
    if plan is not None:
        query = query.where(letters.c.plan == plan)
    return tuple(map(_letter, connection.execute(query)))


def of_task(connection: Connection, task: int) -> tuple[StoredLetter, ...]:
    """The letters about a task, oldest first."""
    query = (
        select(letters)
        .join(letter_tasks, letter_tasks.c.letter == letters.c.id)
        .where(letter_tasks.c.task == task)
        .order_by(letters.c.id)
    )
    return tuple(map(_letter, connection.execute(query)))


def tasks_of(connection: Connection, found: Iterable[int]) -> tuple[int, ...]:
    """The tasks that these letters are about."""
    query = select(letter_tasks.c.task).where(letter_tasks.c.letter.in_(list(found))).distinct()
    return tuple(connection.scalars(query))


def with_notices(connection: Connection, letter: int) -> tuple[StoredLetter, tuple[Notice, ...]]:
    """A letter and what it says."""
    row = connection.execute(select(letters).where(letters.c.id == letter)).one()
    query = select(letter_notices.c.notice).where(letter_notices.c.letter == letter)
    return _letter(row), notices.by_ids(connection, connection.scalars(query))


def unsent_about(connection: Connection, task: int) -> dict[int, list[tuple[str, int]]]:
    """Letters about `task` that have not left, each with all it says: (kind, task) pairs."""
    statement = bulk.placed(
        connection,
        "SELECT l.id, n.kind, n.matters FROM letter_tasks AS t "
        "JOIN letters AS l ON l.id = t.letter "
        "JOIN letter_notices AS x ON x.letter = l.id JOIN notices AS n ON n.id = x.notice "
        "WHERE t.task = ? AND l.next_at IS NOT NULL AND l.state <> 'sending'",
    )
    said: dict[int, list[tuple[str, int]]] = {}
    for letter, kind, matters in connection.exec_driver_sql(statement, (task,)):
        said.setdefault(letter, []).extend((kind, m[0]) for m in orjson.loads(matters))
    return said


def cancel_letter(connection: Connection, letter: int, outcome: str) -> None:
    """A letter that has not left need not leave any more."""
    bulk.run(
        connection,
        "UPDATE letters SET state = 'cancelled', next_at = NULL, outcome = ? "
        "WHERE id = ? AND state <> 'sending' AND next_at IS NOT NULL",
        [(outcome, letter)],
    )


def refused(
    connection: Connection, plan: str, since: datetime, limit: int
) -> tuple[StoredLetter, ...]:
    """Letters of a plan made since then that reached nobody, the newest first."""
    query = (
        select(letters)
        .where(letters.c.plan == plan, letters.c.created_at >= text(since))
        .where(letters.c.state == LetterState.REFUSED.value)
        .order_by(letters.c.id.desc())
        .limit(limit)
    )
    return tuple(map(_letter, connection.execute(query)))


def counted(connection: Connection) -> dict[LetterState, int]:
    """How many letters are in each state."""
    query = select(letters.c.state, func.count()).group_by(letters.c.state)
    return {LetterState(state): number for state, number in connection.execute(query)}


def _letter_row(id_: int, n: NewLetter) -> bulk.Row:
    created = text(n.created_at)
    return (
        id_, n.message_id, n.plan, n.sender, n.recipient, n.to_name, n.kind, n.subject,
        LetterState.PENDING.value, 0, created, None, None, n.urgent, text(n.useful_until),
        created, None, "",
    )  # fmt: skip


def _letter(row: Any) -> StoredLetter:
    return StoredLetter(
        id=row.id,
        message_id=row.message_id,
        plan=row.plan,
        sender=row.sender,
        recipient=row.recipient,
        to_name=row.to_name,
        kind=row.kind,
        subject=row.subject,
        state=LetterState(row.state),
        attempts=row.attempts,
        next_at=instant_or_none(row.next_at),
        lease_by=row.lease_by,
        urgent=bool(row.urgent),
        useful_until=instant(row.useful_until),
        created_at=instant(row.created_at),
        accepted_at=instant_or_none(row.accepted_at),
        outcome=row.outcome,
    )
