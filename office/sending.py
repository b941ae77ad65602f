"""Sending what the outbox holds: lease, hand over, mark with a commit of its own.

A letter is marked after the relay took it, never before: a crash in between sends the same bytes
with the same Message-ID again, and loses nothing. A lease is longer than an SMTP exchange can last.
Where there is a journal, it is asked first whether a letter that may have left is there.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Engine

from notifications.bucket import Limits
from notifications.smtp import Undelivered
from office import mailboxes, undelivered
from office.alarms import KIND as ALARM
from office.bounce_tags import bounce_address
from office.brake import Brake, held
from office.carriers import Carrier
from office.recovery import Journal, doubt
from office.workplace import InForce, in_force
from responsibilities.tasks import SYSTEM, Fact, FactKind
from responsibilities.words import Refused, Words
from storage import facts, outbox
from storage.engine import reading, writing
from storage.outbox import Held, Leased, LetterState

LEASE = timedelta(minutes=5)
BATCH = 64
"""Letters leased at a time."""
WAITS = (1, 2, 5, 15, 30, 60)
"""Minutes before the next attempt, after each that failed for the time being; then the last."""
_NO_JOURNAL = Journal()
_EXPIRED = Words("超过送达时限仍未送出", "it could not be sent while it was of any use")


@dataclass(slots=True)
class Sent:
    """What one run of `send` came to."""

    accepted: int = 0
    recovered: int = 0
    """Of these, how many the journal showed to have left before."""
    deferred: int = 0
    refused: int = 0
    stopped: Words | None = None
    """Why nothing leaves any more (login or certificate refused): for the administrator."""
    failures: list[Exception] = field(default_factory=list)


async def send(
    db: Engine, clock: Callable[[], datetime], carrier: Carrier, *,
    limits: Limits | None = None, connections: int = 4, limit: int | None = None,
    journal: Journal = _NO_JOURNAL, frozen: bool = False, bounce_delimiter: str = "",
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> Sent:  # fmt: skip
    """Send everything whose time has come (at most `limit`), `connections` letters at a time.

    `clock` is the door's. While `frozen`, only alarms leave. With a `bounce_delimiter`, envelope
    senders are tagged (see bounce_tags). Raises an ExceptionGroup, after all others, for letters
    whose sending failed for a reason that is nobody's refusal.
    """
    run = _Run(db, clock, carrier, limits, sleep, limit, journal, frozen, bounce_delimiter)
    await asyncio.gather(*(run.work() for _ in range(min(connections, run.fill()))))
    if run.sent.failures:
        message = f"{len(run.sent.failures)} letters failed"
        raise ExceptionGroup(message, run.sent.failures)
    return run.sent


class _Run:
    """One run: its leases, and what it learned about the relay on the way."""

    def __init__(
        self, db: Engine, clock: Callable[[], datetime], carrier: Carrier,
        limits: Limits | None, sleep: Callable[[float], Awaitable[None]], limit: int | None,
        journal: Journal, frozen: bool, bounce_delimiter: str,
    ) -> None:  # fmt: skip
        self._db = db
        self._clock = clock
        self._carrier = carrier
        self._limits = limits
        self._sleep = sleep
        self._left = limit
        self._journal = journal
        self._frozen = frozen
        self._bounce_delimiter = bounce_delimiter
        self._brake = Brake(db)
        self._by = uuid4().hex
        self._queue: list[Leased] = []
        self._held: Counter[str] = Counter()
        self.sent = Sent()

    def fill(self) -> int:
        """Lease what comes next into the queue; how many letters that is."""
        size = BATCH if self._left is None else min(BATCH, self._left)
        if self.sent.stopped is not None or size == 0:
            return 0
        now = self._clock()
        with reading(self._db) as connection:
            kept_back = Held(ALARM, held(connection), self._frozen)
            if not outbox.anything_to_send(connection, now, kept_back):
                return 0
        with writing(self._db) as connection:
            batch = outbox.lease(connection, now, self._by, LEASE, size, kept_back)
        self._left = None if self._left is None else self._left - len(batch)
        self._queue = list(reversed(batch))
        return len(batch)

    async def work(self) -> None:
        """Send letters until there are none: each connection takes the next one there is."""
        while self._queue or self.fill():
            leased = self._queue.pop()
            try:
                await self._one(leased)
            except Exception as error:  # one failing letter holds up no other
                error.add_note(leased.letter.message_id)
                self.sent.failures.append(error)

    async def _one(self, leased: Leased) -> None:
        letter = leased.letter
        now = self._clock()
        if await self._left_before(leased, now):
            return
        if letter.useful_until < now:
            self._give_up(leased, _EXPIRED, now)
            return
        if self.sent.stopped is not None or self._held[_domain(letter.recipient)]:
            self._put_back(leased, now, timedelta(hours=1), "held")
            return
        if not await self._token(leased):
            return
        if not self._brake.allows(letter.plan, letter.kind, now):
            self._put_back(leased, now, timedelta(0), "storm")
            return
        await self._hand_over(leased)

    async def _hand_over(self, leased: Leased) -> None:
        letter, body = leased.letter, leased.body
        sender = bounce_address(letter.sender, self._bounce_delimiter, letter.id, body)
        try:
            answer = await self._carrier.send(sender, letter.recipient, letter.message_id, body)
        except Undelivered as refusal:
            self._refused(leased, refusal, self._clock())
        except Refused as refusal:
            self._give_up(leased, refusal.words, self._clock())
        else:
            self._accepted(leased, answer, self._clock())

    async def _left_before(self, leased: Leased, now: datetime) -> bool:
        """Whether a letter that the relay may have taken is settled, or still in doubt."""
        found = await doubt(self._db, self._journal, leased.letter, LEASE, now)
        if found is None:
            return False
        if found.left:
            self._accepted(leased, "found in the journal", now)
            self.sent.recovered += 1
        else:
            self._put_back(leased, now, found.wait, found.why, LetterState.UNCERTAIN)
        return True

    async def _token(self, leased: Leased) -> bool:
        """Wait until the relay may be fed; False: the letter was put back for later.

        What only its own domain waits for is put back, so that the others go on.
        """
        if self._limits is None:
            return True
        domain = _domain(leased.letter.recipient)
        while wait := self._limits.take(domain, self._clock()):
            alone = self._limits.wait_of(domain, self._clock())
            if alone or timedelta(seconds=wait) > LEASE / 2:
                self._put_back(leased, self._clock(), timedelta(seconds=wait), "rate")
                return False
            await self._sleep(wait)
        return True

    def _accepted(self, leased: Leased, answer: str, now: datetime) -> None:
        letter = leased.letter
        with writing(self._db, repeatable=True) as connection:
            if outbox.settle(
                connection, letter.id, self._by, LetterState.ACCEPTED, now, outcome=answer[:200]
            ):
                facts.append(connection, [_delivered(leased, answer, now)])
        self.sent.accepted += 1

    def _refused(self, leased: Leased, refusal: Undelivered, now: datetime) -> None:
        letter = leased.letter
        if refusal.stop:
            self.sent.stopped = refusal.words
            self._put_back(leased, now, timedelta(minutes=15), refusal.words.zh)
        elif refusal.permanent:
            if refusal.hold:
                self._held[_domain(letter.recipient)] += 1
            self._give_up(leased, refusal.words, now, refusal)
        elif refusal.uncertain:
            grace = self._journal.grace_of(letter)
            self._put_back(leased, now, grace, refusal.words.zh, LetterState.UNCERTAIN)
        else:
            minutes = WAITS[min(letter.attempts, len(WAITS)) - 1]
            self._put_back(leased, now, timedelta(minutes=minutes), refusal.words.zh)

    def _put_back(
        self, leased: Leased, now: datetime, wait: timedelta, why: str,
        state: LetterState = LetterState.DEFERRED,
    ) -> None:  # fmt: skip
        """Try again later, if it is then still of use."""
        letter = leased.letter
        if now + wait > letter.useful_until:
            self._give_up(leased, _EXPIRED, now)
            return
        with writing(self._db) as connection:
            outbox.settle(
                connection, letter.id, self._by, state, now, outcome=why[:500], next_at=now + wait
            )
        self.sent.deferred += 1

    def _give_up(
        self, leased: Leased, why: Words, now: datetime, refusal: Undelivered | None = None
    ) -> None:
        """No more attempts: on the record, and told to the office; the next post up where the
        relay refused the mailbox itself.
        """
        letter = leased.letter
        with writing(self._db) as connection:
            if outbox.settle(
                connection, letter.id, self._by, LetterState.REFUSED, now, outcome=why.zh[:500]
            ):
                place = in_force(connection, letter.plan)
                if refusal is not None and refusal.stage == "rcpt":
                    mailboxes.refused(connection, place, letter.id, refusal, now)
                else:
                    _tell_office(connection, place, leased, why, now)
        self.sent.refused += 1


def _tell_office(
    connection: Connection, place: InForce, leased: Leased, why: Words, now: datetime
) -> None:
    letter = leased.letter
    undelivered.record(
        connection, place, letter.message_id, letter.kind, letter.to_name, why, now,
        to=letter.recipient, subject=letter.subject,
        matters=outbox.matters_of(connection, letter.id),
    )  # fmt: skip


def _delivered(leased: Leased, answer: str, now: datetime) -> Fact:
    letter = leased.letter
    body = {
        "answer": answer[:200],
        "letter": letter.message_id,
        "sha256": leased.digest,
        "to": letter.recipient,
    }
    key = f"{letter.plan}/delivered/{letter.message_id}"
    return Fact(None, key, FactKind.DELIVERED, now, SYSTEM, body)


def _domain(mailbox: str) -> str:
    return mailbox.rpartition("@")[2].lower()
