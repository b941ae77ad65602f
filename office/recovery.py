"""A letter that may have left: the journal is asked before it is sent again (P7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Engine

from notifications.bucket import ROBOT
from notifications.imap import Unreadable
from office.alarms import alarm
from office.carriers import Copies
from responsibilities.words import Words
from storage import holds
from storage.engine import reading, writing
from storage.holds import Hold
from storage.instants import text
from storage.outbox import LetterState, StoredLetter

GRACE = timedelta(minutes=15)
"""How long a letter waits that the relay may have taken; an urgent one hardly."""
_URGENT_GRACE = timedelta(minutes=1)
_ASK_AGAIN = timedelta(minutes=5)
"""After the journal could not be asked."""
_SILENT = timedelta(minutes=30)
"""From when the office is told that it cannot."""
_NAME = "journal"
_REMEDY = Words(
    "请检查设置 journal 各项和留底邮箱；恢复后自动核对。",
    "Check the settings under journal and the mailbox; once it answers, all goes on by itself.",
)


@dataclass(frozen=True, slots=True)
class Journal:
    """Where copies of what left are kept (nowhere: None), and how long one may take to come."""

    copies: Copies | None = None
    grace: timedelta = GRACE

    def grace_of(self, letter: StoredLetter) -> timedelta:
        """How long after an attempt of unknown outcome `letter` is tried again."""
        return _URGENT_GRACE if letter.urgent else self.grace


class Doubt(NamedTuple):
    """What is to be done about a letter that may have left: nothing more, or wait and see."""

    left: bool
    wait: timedelta = timedelta(0)
    why: str = ""


async def doubt(
    db: Engine, journal: Journal, letter: StoredLetter, lease: timedelta, now: datetime
) -> Doubt | None:
    """None where `letter` (as it stood before it was leased) may be sent.

    It may have left if it was `sending` and its lease ran out (somebody died), or `uncertain`.
    """
    if journal.copies is None or letter.state not in (LetterState.SENDING, LetterState.UNCERTAIN):
        return None
    if letter.recipient.startswith(ROBOT):  # what a robot says leaves no copy
        return None
    wait = timedelta(0)
    if letter.state is LetterState.SENDING:  # `next_at` was the end of the lease
        wait = (letter.next_at or now) - lease + journal.grace_of(letter) - now
    try:
        there = await journal.copies.holds(letter.message_id)
    except Unreadable as refused:
        if letter.urgent:
            return None  # twice is better than not at all
        _lost(db, refused.words, now)
        return Doubt(False, max(wait, _ASK_AGAIN), refused.words.zh)
    _found(db)
    if there:
        return Doubt(True)
    return Doubt(False, wait, "not in the journal yet") if wait > timedelta(0) else None


def _lost(db: Engine, why: Words, now: datetime) -> None:
    with writing(db) as connection:
        since = holds.find(connection, _NAME)
        if since is None:
            holds.put(connection, Hold(_NAME, now, {}))
        elif now - since.at >= _SILENT:
            what = Words(
                f"留底邮箱无法查询，可能已送出的信函暂不重发。{why.zh}",
                f"The journal cannot be asked; what may have left is not sent again. {why.en}",
            )
            alarm(connection, f"{_NAME}/{text(since.at)}", what, _REMEDY, now)


def _found(db: Engine) -> None:
    with reading(db) as connection:
        lost = holds.find(connection, _NAME)
    if lost is not None:
        with writing(db) as connection:
            holds.drop(connection, _NAME)
