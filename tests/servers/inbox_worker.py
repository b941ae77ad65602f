"""The process that takes mail in, to be killed at any moment; and a broken one for the control."""

import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from notifications.imap import Account, open_mailbox
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

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'duban.sqlite'}"


def honest(office: Office) -> None:
    """What `duban up` does in each round."""
    db, blobs = open_engine(office.url), Blobs(office.folder / "evidence")
    inbox.fetch(db, blobs, office.account, NOW)
    inbox.settle(db, blobs, NOW, Mail(maildir=office.folder / "Maildir"), Inbox(authserv_id=OURS))
    db.dispose()


SLOW_DISK = 0.02
"""Seconds that the broken door takes between the mark and the disk: a kill must find it there."""


def marks_first(office: Office) -> None:
    """The broken one: it tells the server before the mail is on the disk, as many do."""
    db, blobs = open_engine(office.url), Blobs(office.folder / "evidence")
    with open_mailbox(office.account) as box:
        for uid in sorted(box.unseen()):
            box.mark_seen(uid)
            found = box.fetch(uid)
            assert found is not None
            time.sleep(SLOW_DISK)
            inbox.take_in(db, blobs, found[0], now=NOW)
    inbox.settle(db, blobs, NOW, Mail(maildir=office.folder / "Maildir"), Inbox(authserv_id=OURS))
    db.dispose()


def work(office: Office, taking: Taking, ready: Connection) -> None:
    """Say that it begins, and take in what there is."""
    ready.send(True)
    taking(office)
