"""The process that is killed: rounds of reconcile and post over simulated time, for ever on.

Time is kept in a file of its own, as a real clock runs on while a process is dead. Every third task
is handed in a day after it opens and accepted a day later, so that acts are in the loop as well.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4
from zlib import crc32

from sqlalchemy import Engine

from office import heartbeat, post, review
from office.ledger import next_instant
from office.reconcile import reconcile
from office.settings import Journal, Mail
from office.workplace import only_plan
from responsibilities.tasks import State, Task
from storage import outbox, tasks
from storage.blobs import Blobs
from storage.engine import open_engine, reading, writing
from storage.instants import instant, text
from storage.outbox import LetterState
from tests.stories.papers import hand_in_everything

A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)
Mailroom = Callable[[Engine, datetime, Mail], Awaitable[object]]


class World(NamedTuple):
    """A folder with a database, its clock and its evidence; the relay's port; when time ends."""

    folder: Path
    port: int
    until: datetime

    @property
    def url(self) -> str:
        """The database."""
        return f"sqlite:///{self.folder / 'duban.sqlite'}"

    @property
    def clock(self) -> Path:
        """The file that says what time it is."""
        return self.folder / "clock"

    def now(self) -> datetime:
        """What time it is."""
        return instant(self.clock.read_text())

    def set(self, now: datetime) -> None:
        """Time has gone on."""
        new = self.clock.with_suffix(f".{os.getpid()}")
        new.write_text(text(now))
        os.replace(new, self.clock)


async def honest(db: Engine, now: datetime, mail: Mail) -> None:
    """The product's mailroom."""
    await post.mail_round(db, lambda: now, mail, "zh")


async def journalled(journal: Journal, db: Engine, now: datetime, mail: Mail) -> None:
    """The product's mailroom, with a journal."""
    await post.mail_round(db, lambda: now, mail, "zh", journal=journal)


async def mark_before_send(db: Engine, now: datetime, mail: Mail) -> None:
    """The broken mailroom of the control: others do it so (reliability.md, 0.1)."""
    post.bind(db, now, mail, "zh")
    by = uuid4().hex
    async with post.open_carrier(mail) as carrier:
        while True:
            with writing(db) as connection:
                batch = outbox.lease(connection, now, by, timedelta(minutes=5), 4)
                for one in batch:
                    outbox.settle(connection, one.letter.id, by, LetterState.ACCEPTED, now)
            if not batch:
                return
            for one in batch:
                letter = one.letter
                await carrier.send(letter.sender, letter.recipient, letter.message_id, one.body)


def live(world: World, mailroom: Mailroom, ready: Connection) -> None:
    """Go on from where the clock stands until time ends; says on `ready` when it begins."""
    db = open_engine(world.url)
    with reading(db) as connection:
        only_plan(connection)
    ready.send(True)
    blobs = Blobs(world.folder / "evidence")
    mail = _mail(world)
    now: datetime | None = world.now()
    while now is not None and now <= world.until:
        world.set(now)
        heartbeat.beat(db, "reconcile", now - A_MINUTE)  # the minute before, nothing was due
        reconcile(db, now)
        _act(db, blobs, now)
        asyncio.run(all_of(mailroom, db, now, mail))
        now = _next(db, now)
    db.dispose()


def keep_step(world: World, instants: Sequence[datetime], others: Barrier) -> None:
    """The rounds of these instants, each begun together with the other processes."""
    db = open_engine(world.url)
    mail = _mail(world)
    for now in instants:
        others.wait()
        heartbeat.beat(db, "reconcile", now - A_MINUTE)
        others.wait()
        reconcile(db, now)
        asyncio.run(all_of(honest, db, now, mail))
    db.dispose()


def _mail(world: World) -> Mail:
    return Mail(host="127.0.0.1", port=world.port, tls="none", sender="duban@school.example")


async def all_of(mailroom: Mailroom, db: Engine, now: datetime, mail: Mail) -> None:
    """`asyncio.run` wants a coroutine; a mailroom may be any awaitable."""
    await mailroom(db, now, mail)


def _act(db: Engine, blobs: Blobs, now: datetime) -> None:
    """The prompt units hand in, the reviewer accepts."""
    for task in _open(db):
        if task.state is State.OPEN and task.opened_at + A_DAY <= now:
            hand_in_everything(db, blobs, task.key, now)
        elif task.submitted_at is not None and task.submitted_at + A_DAY <= now:
            review.accept(db, task.key, by="审核人", now=now)


def _open(db: Engine) -> list[Task]:
    """The open tasks of the units that are prompt, in the order in which they opened."""
    with reading(db) as connection:
        found = tasks.listed(connection, open_only=True)
    return [task for task in reversed(found) if crc32(task.key.encode()) % 3 == 0]


def _next(db: Engine, now: datetime) -> datetime | None:
    """When something can happen next; a minute on at the least."""
    found = [next_instant(db)]
    found += [(task.submitted_at or task.opened_at) + A_DAY for task in _open(db)]
    first = min((one for one in found if one is not None), default=None)
    return None if first is None else max(first, now + A_MINUTE)
