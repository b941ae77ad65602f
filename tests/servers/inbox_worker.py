"""The process that takes mail in, to be killed at any moment; and a broken one for the control."""

import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import NamedTuple

from sqlalchemy import Engine

from notifications.imap import Account, open_mailbox
from notifications.lmtp import listening
from office import inbox
from office.settings import Inbox, Mail
from storage.blobs import Blobs
from storage.engine import open_engine
from tests.office.desk import at
from tests.stories.correspondent import OURS

NOW = at("2026-12-01 08:00")
Taking = Callable[["Office"], object]


class Office(NamedTuple):
    """Where the records are, and the mailbox."""

    folder: Path
    account: Account
    url: str
    """Of the database."""
    door: int = 0
    """The port of its LMTP door."""

    def opened(self) -> tuple[Engine, Blobs]:
        """The database, and the files of evidence."""
        return open_engine(self.url, self.folder / "vault.key"), Blobs(self.folder / "evidence")


def honest(office: Office) -> None:
    """What `duban up` does in each round."""
    db, blobs = office.opened()
    inbox.fetch(db, blobs, office.account, NOW)
    inbox.settle(db, blobs, NOW, Mail(maildir=office.folder / "Maildir"), Inbox(authserv_id=OURS))
    db.dispose()


SLOW_DISK = 0.02
"""Seconds that the broken door takes between the mark and the disk: a kill must find it there."""


def marks_first(office: Office) -> None:
    """The broken one: it tells the server before the mail is on the disk, as many do."""
    db, blobs = office.opened()
    with open_mailbox(office.account) as box:
        for uid in sorted(box.unseen()):
            box.mark_seen(uid)
            found = box.fetch(uid)
            assert found is not None
            time.sleep(SLOW_DISK)
            inbox.take_in(db, blobs, found[0], now=NOW)
    inbox.settle(db, blobs, NOW, Mail(maildir=office.folder / "Maildir"), Inbox(authserv_id=OURS))
    db.dispose()


def serves(office: Office) -> None:
    """What `duban up` does with its LMTP door open, until it is killed."""
    db, blobs = office.opened()

    def take(raw: bytes, sender: str, recipients: tuple[str, ...]) -> None:
        inbox.take_in(db, blobs, raw, now=NOW, envelope=inbox.Envelope(sender, recipients))

    with listening(f"127.0.0.1:{office.door}", take):
        _settle_for_ever(office)


def answers_first(office: Office) -> None:
    """The broken one: it answers 250 to what it only means to store."""
    db, blobs = office.opened()
    promised: SimpleQueue[bytes] = SimpleQueue()

    def take(raw: bytes, _sender: str, _recipients: tuple[str, ...]) -> None:
        promised.put(raw)

    def store() -> None:
        while True:
            raw = promised.get()
            time.sleep(SLOW_DISK)
            inbox.take_in(db, blobs, raw, now=NOW)

    Thread(target=store, daemon=True).start()
    with listening(f"127.0.0.1:{office.door}", take):
        _settle_for_ever(office)


def settled(office: Office) -> None:
    """Whatever is stored is looked into."""
    db, blobs = office.opened()
    inbox.settle(db, blobs, NOW, Mail(maildir=office.folder / "Maildir"), Inbox(authserv_id=OURS))
    db.dispose()


def _settle_for_ever(office: Office) -> None:
    while True:
        settled(office)
        time.sleep(SLOW_DISK)


def work(office: Office, taking: Taking, ready: Connection) -> None:
    """Say that it begins, and take in what there is."""
    ready.send(True)
    taking(office)
