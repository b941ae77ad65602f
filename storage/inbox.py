"""Mails that came in: each once by its bytes, wherever and however often it was found.

First the raw mail is a blob and a row in state STORED; only then is the server told that it has
been taken. What comes of it is another transaction, which moves it on from STORED for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, func, insert, select, update

from storage import bulk
from storage.instants import instant, instant_or_none, text, text_or_none
from storage.tables import arrivals, letters, messages, reply_tokens


class MessageState(StrEnum):
    """Whose turn it is with a mail."""

    STORED = "stored"
    """Durable; nobody has looked into it yet."""
    HELD = "held"
    """Waits for a person: the office, or the unit that is asked whether it is its own."""
    SETTLED = "settled"
    """Everything that it asks for was done; it may have been nothing."""
    DECLINED = "declined"
    """A person has said that it does not count."""


class Place(NamedTuple):
    """Where a mail was found: `uid` in a mailbox whose numbering is `uidvalidity` (RFC 3501)."""

    mailbox: str
    uidvalidity: int
    uid: int


class Envelope(NamedTuple):
    """What SMTP said of a mail, where it came by LMTP."""

    sender: str | None
    """Empty for the null sender; None where nobody said."""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One mail that came in, without its bytes (`Blobs.get(sha256)`)."""

    id: int
    sha256: str
    size: int
    arrived_at: datetime
    envelope: Envelope
    state: MessageState
    verdict: str
    """A word for what came of it; empty while STORED."""
    why: str
    """The sentence that a person reads about it."""
    sender: str
    """The address in From, lower case; a claim."""
    subject: str
    message_id: str
    task: int | None
    settled_at: datetime | None
    settled_by: str


class Held(NamedTuple):
    """What a token gives the right to answer."""

    letter: int
    expires_at: datetime


def store(
    connection: Connection, sha256: str, size: int, envelope: Envelope, now: datetime,
    place: Place | None,
) -> int:  # fmt: skip
    """The number of the mail with these bytes, which are durable; new ones are STORED."""
    known = connection.scalar(select(messages.c.id).where(messages.c.sha256 == sha256))
    id_: int = known or (connection.scalar(select(func.max(messages.c.id))) or 0) + 1
    if known is None:
        packed = orjson.dumps([envelope.sender, list(envelope.recipients)]).decode()
        row = (id_, sha256, size, text(now), packed, MessageState.STORED.value, "", "", "", "", "",
               None, None, "")  # fmt: skip
        bulk.insert_rows(connection, messages, [row])
    if place is not None and not _found(connection, place):
        connection.execute(insert(arrivals).values(**place._asdict(), message=id_))
    return id_


def _found(connection: Connection, place: Place) -> bool:
    query = select(arrivals.c.message).where(
        arrivals.c.mailbox == place.mailbox,
        arrivals.c.uidvalidity == place.uidvalidity,
        arrivals.c.uid == place.uid,
    )
    return connection.scalar(query) is not None


def seen_uids(connection: Connection, mailbox: str, uidvalidity: int) -> set[int]:
    """What was taken in from a mailbox under this numbering."""
    query = select(arrivals.c.uid).where(
        arrivals.c.mailbox == mailbox, arrivals.c.uidvalidity == uidvalidity
    )
    return set(connection.scalars(query))


def waiting(connection: Connection, limit: int = 100) -> tuple[Message, ...]:
    """Mails nobody has looked into, oldest first."""
    query = select(messages).where(messages.c.state == MessageState.STORED.value)
    found = connection.execute(query.order_by(messages.c.id).limit(limit))
    return tuple(map(_message, found))


def held(connection: Connection) -> tuple[Message, ...]:
    """Mails that wait for a person, oldest first."""
    query = select(messages).where(messages.c.state == MessageState.HELD.value)
    return tuple(map(_message, connection.execute(query.order_by(messages.c.id))))


def by_id(connection: Connection, id_: int) -> Message | None:
    """The mail with that number."""
    row = connection.execute(select(messages).where(messages.c.id == id_)).first()
    return None if row is None else _message(row)


def listed(connection: Connection, limit: int) -> tuple[Message, ...]:
    """The newest mails first."""
    found = connection.execute(select(messages).order_by(messages.c.id.desc()).limit(limit))
    return tuple(map(_message, found))


def settle(
    connection: Connection, message: Message, state: MessageState, verdict: str, why: str, *,
    by: str, now: datetime, task: int | None = None, sender: str = "", subject: str = "",
    message_id: str = "",
) -> bool:  # fmt: skip
    """Say what came of a mail. False: somebody else has said so meanwhile, nothing was changed."""
    moved = (
        update(messages)
        .where(messages.c.id == message.id, messages.c.state == message.state.value)
        .values(
            state=state.value, verdict=verdict, why=why, task=task,
            sender=sender or message.sender, subject=subject or message.subject,
            message_id=message_id or message.message_id,
            settled_at=text_or_none(now if state is not MessageState.HELD else None),
            settled_by=by,
        )
    )  # fmt: skip
    return connection.execute(moved).rowcount == 1


def counted_from(
    connection: Connection, sender: str, since: datetime, task: int | None,
    states: Iterable[MessageState] = tuple(MessageState),
) -> int:  # fmt: skip
    """How many mails of `sender` about `task` (or about none) came since then and are so now."""
    query = select(func.count()).where(
        messages.c.sender == sender,
        messages.c.arrived_at >= text(since),
        messages.c.state.in_([state.value for state in states]),
        messages.c.task == task if task is not None else messages.c.task.is_(None),
    )
    return connection.scalar(query) or 0


def tokens(connection: Connection, hashes: Iterable[str]) -> dict[str, Held]:
    """The letters that tokens with these hashes belong to, by hash."""
    query = select(reply_tokens).where(reply_tokens.c.hash.in_(list(hashes)))
    return {
        row.hash: Held(row.letter, instant(row.expires_at)) for row in connection.execute(query)
    }


def letters_named(connection: Connection, message_ids: Iterable[str]) -> dict[str, int]:
    """Our letters with these Message-IDs."""
    query = select(letters.c.message_id, letters.c.id).where(
        letters.c.message_id.in_(list(message_ids))
    )
    return {message_id: id_ for message_id, id_ in connection.execute(query)}


def _message(row: Any) -> Message:
    sender, recipients = orjson.loads(row.envelope)
    return Message(
        id=row.id,
        sha256=row.sha256,
        size=row.size,
        arrived_at=instant(row.arrived_at),
        envelope=Envelope(sender, tuple(recipients)),
        state=MessageState(row.state),
        verdict=row.verdict,
        why=row.why,
        sender=row.sender,
        subject=row.subject,
        message_id=row.message_id,
        task=row.task,
        settled_at=instant_or_none(row.settled_at),
        settled_by=row.settled_by,
    )
