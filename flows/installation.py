"""What the flows of this process work on: one installation's settings, database and last rounds.

`duban up` opens it once for all its threads. A flow in a process of its own (Prefect's worker)
opens it itself, from the folder that DUBAN_FOLDER names, or the present one.
"""

import logging
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from flows.sealing import sealing
from notifications.bucket import Limits
from notifications.imap import Unreadable
from office import heartbeat, inbox
from office.clockguard import Reading, trusted
from office.drafts import drop_old
from office.draws import tend_draws
from office.erase import places_of
from office.imprinting import imprint_waiting
from office.post import Mailing, limits, mail_round
from office.reconcile import Round, RoundFailed, reconcile
from office.retention import keep_terms
from office.scanning import scan_waiting
from office.settings import Settings, load
from office.workplace import InForce, all_in_force
from storage.blobs import Blobs
from storage.engine import open_engine, reading

logger = logging.getLogger("duban.flows")

FOLDER = "DUBAN_FOLDER"
REMEMBERED = 200
"""Rounds kept in memory for the artifacts: more than fall into one minute."""


def utc_now() -> datetime:
    """The clock of the doors."""
    return datetime.now(UTC)


def machine_ticks() -> tuple[float, str]:
    """Seconds since the machine was switched on, which nobody can set, and which run that is."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    boot = Path("/proc/sys/kernel/random/boot_id")
    return time.clock_gettime(clock), boot.read_text().strip() if boot.exists() else ""


@dataclass(slots=True)
class Installation:
    """Settings and database, and what the rounds of this process came to, newest last."""

    settings: Settings
    db: Engine
    clock: Callable[[], datetime] = utc_now
    ticks: Callable[[], tuple[float, str]] = machine_ticks
    rounds: deque[Round] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    turn: threading.Lock = field(default_factory=threading.Lock)
    """One round at a time in this process: the others would only wait for the database."""
    letters: threading.Event = field(default_factory=threading.Event)
    """Set when a round may have left letters to send."""
    came: threading.Event = field(default_factory=threading.Event)
    """Set when a mail has come in by LMTP."""
    limiter: Limits = field(init=False)
    """One for all rounds of the mailroom: a relay counts over hours."""

    def __post_init__(self) -> None:
        self.limiter = limits(self.settings.mail)

    def reading(self) -> Reading:
        """What the machine's clocks show."""
        return Reading(self.clock(), *self.ticks())

    def reconcile(self, now: datetime) -> Round:
        """One round and its heartbeat; raises RoundFailed, after all that could be done is done.

        Nothing is done while the clock cannot be believed.
        """
        if not trusted(self.db, self.reading()):
            logger.error("the clock has jumped: nothing is done until it is right or released")
            self.letters.set()
            return Round(now, None, ())
        with self.turn:
            try:
                tend_draws(self.db, now, lambda: secrets.token_hex(32))
                done = reconcile(self.db, now, self.settings.outage)
            except RoundFailed as failed:
                logger.error("a round has failures", exc_info=failed)
                self._remember(failed.round)
                raise
            self._remember(done)
        return done

    async def post(self) -> Mailing:
        """One round of the mailroom: letters are made, and leave as fast as the relay allows."""
        mail = self.settings.mail
        language = self.settings.language
        frozen = not trusted(self.db, self.reading())
        done = await mail_round(
            self.db, self.clock, mail, language, limiter=self.limiter,
            journal=self.settings.journal, robots=self.settings.robots, frozen=frozen,
            portal=self.settings.portal,
            seal=sealing(self.settings, self.db),
            holders=self.settings.record.mailboxes,
            witnesses=self.settings.record.cosigners,
        )  # fmt: skip
        if not frozen:
            heartbeat.beat(self.db, "mailroom", self.clock())
        if done.sent.stopped is not None:
            logger.error("no letter leaves; `duban doctor` says why")  # in the relay's own words
        return done

    def take_in(self, raw: bytes, sender: str, recipients: tuple[str, ...]) -> None:
        """The LMTP door: the mail is durable when this returns."""
        envelope = inbox.Envelope(sender, recipients)
        inbox.take_in(self.db, self.blobs, raw, now=self.clock(), envelope=envelope)
        self.came.set()

    def collect(self) -> int:
        """Fetch what the mailbox has, and do what the mails that came in ask for."""
        try:
            done = inbox.collect(self.db, self.blobs, self.clock(), self.settings)
        except Unreadable as refused:
            kind = type(refused.__cause__ or refused).__name__
            logger.error("the mailbox cannot be read (%s); `duban doctor` says why", kind)
            return 0
        heartbeat.beat(self.db, "inbox", self.clock())
        if done:
            self.letters.set()
        return done

    def tidy(self) -> None:
        """Have the virus scanner look at what it has not seen, read what the signals compare, drop
        drafts long forgotten, destroy what is past its term."""
        clamd, now = self.settings.screening.clamd, self.clock()
        scan_waiting(self.db, self.blobs, clamd, now)
        imprint_waiting(self.db, self.blobs)
        drop_old(self.db, now)
        keep_terms(self.db, places_of(self.settings), self.settings.retention, now)

    @property
    def blobs(self) -> Blobs:
        """Evidence and raw mails."""
        return Blobs(self.settings.blobs)

    def plans(self) -> Mapping[str, InForce]:
        """The plans in force, by id."""
        with reading(self.db) as connection:
            return all_in_force(connection)

    def _remember(self, done: Round) -> None:
        heartbeat.beat(self.db, "reconcile", done.at)
        if done.lines:
            self.rounds.append(done)
            self.letters.set()


_current: Installation | None = None
_opening = threading.Lock()


def current() -> Installation:
    """The installation of this process, opened on the first call if nobody has."""
    global _current
    with _opening:
        if _current is None:
            folder = Path(os.environ.get(FOLDER, "."))
            settings = load(folder, os.environ)
            _current = Installation(settings, open_engine(settings.url, settings.record.vault_key))
        return _current


@contextmanager
def working_on(installation: Installation) -> Iterator[Installation]:
    """Let the flows of this process work on `installation`."""
    global _current
    before, _current = _current, installation
    try:
        yield installation
    finally:
        _current = before
