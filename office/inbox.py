"""Taking in mail: durable first, understood later. Both doors, IMAP and LMTP, call `take_in`.

A crash between the two loses nothing: what is stored and not settled is settled in the next round,
once, whoever does it.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from inspections.notes import Verifier
from notifications.imap import Account, Unreadable, open_mailbox
from notifications.incoming.reading import read_mail
from notifications.incoming.values import Incoming
from office.acting import taken_by_a_person
from office.dealing import deal
from office.received import Dealt
from office.screening import screen
from office.settings import Inbox, Mail, Settings
from office.witnesses import took_cosignature
from responsibilities.words import Refused, Words
from storage import blobs as evidence
from storage import inbox, notices, outbox
from storage.blobs import Blobs
from storage.engine import reading, writing
from storage.inbox import Envelope, Message, MessageState, Place
from storage.instants import whole

__all__ = [
    "Envelope",
    "Place",
    "accept",
    "account",
    "collect",
    "decline",
    "fetch",
    "settle",
    "take_in",
]

NOBODY = Envelope(None)


def take_in(
    db: Engine, blobs: Blobs, raw: bytes, *, now: datetime, place: Place | None = None,
    envelope: Envelope = NOBODY,
) -> int:  # fmt: skip
    """Make one mail durable, whatever its bytes are; gives its number.

    The same bytes are the same mail, and a place in a mailbox is taken once.
    """
    now = whole(now)
    digest = blobs.put(raw)  # before the row that points at it
    with writing(db) as connection:
        evidence.note(connection, digest, len(raw), now)
        return inbox.store(connection, digest, len(raw), envelope, now, place)


def account(chosen: Inbox) -> Account:
    """The mailbox that the settings name."""
    return Account(
        chosen.host, chosen.imap_port, chosen.tls, chosen.login, chosen.password, chosen.folder
    )


def fetch(db: Engine, blobs: Blobs, mailbox: Account, now: datetime) -> int:
    """Take in what is new in the mailbox; gives how many mails that were.

    A mail counts from when the server got it. Only what was taken is marked as seen. Mail from
    before our first letter is not looked at. Raises notifications.imap.Unreadable.
    """
    with reading(db) as connection:
        first = outbox.first_sent(connection)
    taken = 0
    with open_mailbox(mailbox) as box:
        with reading(db) as connection:
            known = inbox.seen_uids(connection, mailbox.name, box.uidvalidity)
        unseen = box.unseen()
        for uid in box.uids((first or now).date() - _ZONES):
            if uid not in known:
                found = box.fetch(uid)
                if found is None:
                    continue
                raw, came = found
                place = Place(mailbox.name, box.uidvalidity, uid)
                take_in(db, blobs, raw, now=min(came, now), place=place)
                taken += 1
            if uid in unseen:
                box.mark_seen(uid)
    return taken


_ZONES = timedelta(days=1)
"""The server's day may have begun before ours."""


def collect(db: Engine, blobs: Blobs, now: datetime, settings: Settings) -> int:
    """Fetch by IMAP where that is configured, then settle; gives how many mails were looked into.

    What was taken in before is settled even where the mailbox is Unreadable, which is raised then.
    """
    unreadable: Unreadable | None = None
    try:
        if settings.inbox.host:
            fetch(db, blobs, account(settings.inbox), now)
    except Unreadable as refused:
        unreadable = refused
    witnesses = settings.record.cosigners
    done = settle(db, blobs, now, settings.mail, settings.inbox, witnesses)
    if unreadable is not None:
        raise unreadable
    return done


def settle(
    db: Engine, blobs: Blobs, now: datetime, mail: Mail, chosen: Inbox,
    witnesses: Sequence[Verifier] = (),
) -> int:  # fmt: skip
    """Do what the mails that were taken in ask for; gives how many were looked into.

    Each is one transaction. One that cannot be understood waits for a person and holds up no other;
    an ExceptionGroup says so after the others are done.
    """
    now = whole(now)
    failures: list[Exception] = []
    with reading(db) as connection:
        waiting = inbox.waiting(connection)
    for message in waiting:
        try:
            _settle(db, blobs, message, now, mail, chosen, witnesses)
        except OperationalError:  # no mail's fault: it is looked into when the database is back
            raise
        except Exception as error:  # a fault of ours; the mail is kept
            error.add_note(f"mail {message.id}, SHA-256 {message.sha256}")
            failures.append(error)
            _hold(db, message, now)
    if failures:
        raise ExceptionGroup(f"{len(failures)} mails could not be understood", failures)
    return len(waiting)


def _settle(
    db: Engine, blobs: Blobs, message: Message, now: datetime, mail: Mail, chosen: Inbox,
    witnesses: Sequence[Verifier],
) -> None:  # fmt: skip
    incoming = _read(blobs, message, mail)
    _put_files(blobs, incoming)

    def read(other: Message) -> Incoming:
        return _read(blobs, other, mail)

    def act(connection: Connection) -> Dealt:
        if witnesses and took_cosignature(connection, incoming, witnesses):
            return Dealt(MessageState.SETTLED, "done", Words("副署已收存", "cosignature kept"))
        return deal(connection, blobs, message, incoming, now, chosen.authserv_id, read)

    _carry_out(db, message, incoming, now, act, "")


def _carry_out(
    db: Engine, message: Message, incoming: Incoming, now: datetime,
    act: Callable[[Connection], Dealt], by: str,
) -> Dealt:  # fmt: skip
    """What comes of the mail, its state and the letters about it, in one transaction."""
    with writing(db) as connection:
        there = inbox.by_id(connection, message.id)
        if there is None or there.state is not message.state:
            return Dealt(MessageState.SETTLED, "done", Words("已处理", "dealt with already"))
        dealt = act(connection)
        inbox.settle(
            connection, message, dealt.state, dealt.verdict, dealt.why.zh, by=by, now=now,
            task=dealt.task, sender=incoming.from_[0].address if incoming.from_ else "",
            subject=incoming.subject[:500], message_id=incoming.message_id[:500],
        )  # fmt: skip
        notices.add(connection, dealt.notices)
        return dealt


def accept(
    db: Engine, blobs: Blobs, number: int, mail: Mail, *, by: str, now: datetime,
    task: str | None = None,
) -> Dealt:  # fmt: skip
    """A person says that a mail that waits is what it says it is; then it counts as any other.

    `task` names the task where the mail does not. Refused where it does not wait, or does not say
    what it is about.
    """
    now = whole(now)
    message = _held(db, number)
    incoming = _read(blobs, message, mail)
    _put_files(blobs, incoming)

    def act(connection: Connection) -> Dealt:
        return taken_by_a_person(connection, blobs, message, incoming, now, task, by)

    return _carry_out(db, message, incoming, now, act, by)


def decline(db: Engine, number: int, *, by: str, now: datetime) -> None:
    """A person says that a mail that waits does not count; it is kept."""
    message = _held(db, number)
    why = Words("经人工核对，不予计入", "looked at and declined")
    with writing(db) as connection:
        inbox.settle(
            connection, message, MessageState.DECLINED, "declined", why.zh, by=by, now=whole(now),
            task=message.task,
        )  # fmt: skip


def _held(db: Engine, number: int) -> Message:
    with reading(db) as connection:
        message = inbox.by_id(connection, number)
    if message is None or message.state is not MessageState.HELD:
        raise Refused(
            Words(
                f"没有待处理的来信 {number}；请用 duban inbox 查看。",
                f"There is no mail {number} to be decided; see duban inbox.",
            )
        )
    return message


def _read(blobs: Blobs, message: Message, mail: Mail) -> Incoming:
    own = {address.lower() for address in (mail.sender, mail.reply_to) if address}
    return read_mail(blobs.get(message.sha256), own)


def _put_files(blobs: Blobs, incoming: Incoming) -> None:
    """Screened and durable before the transaction, so that nobody waits there for it."""
    for file in incoming.files:
        if not file.decoration:
            with suppress(Refused):  # said in the receipt, where it is found again
                screen(file.name, file.data)
                blobs.put(file.data)


def _hold(db: Engine, message: Message, now: datetime) -> None:
    why = Words("系统未能读懂此信，请人工查看", "this mail could not be understood")
    with writing(db) as connection:
        inbox.settle(connection, message, MessageState.HELD, "failed", why.zh, by="", now=now)
