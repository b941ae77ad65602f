"""Taking in mail: durable first, understood later. Both doors, IMAP and LMTP, call `take_in`.

A crash between the two loses nothing: what is stored and not settled is settled in the next round,
once, whoever does it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from notifications.imap import Account, open_mailbox
from office.settings import Inbox
from storage import blobs as evidence
from storage import inbox, outbox
from storage.blobs import Blobs
from storage.engine import reading, writing
from storage.inbox import Envelope, Place
from storage.instants import whole

__all__ = ["Envelope", "Place", "account", "fetch", "take_in"]

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

    Only what was taken is marked as seen. Mail from before our first letter is not looked at.
    Raises notifications.imap.Unreadable.
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
                raw = box.fetch(uid)
                if raw is None:
                    continue
                place = Place(mailbox.name, box.uidvalidity, uid)
                take_in(db, blobs, raw, now=now, place=place)
                taken += 1
            if uid in unseen:
                box.mark_seen(uid)
    return taken


_ZONES = timedelta(days=1)
"""The server's day may have begun before ours."""
