"""One mail that came in, all that is known of it, which task it is about, and what came of it."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from inspections.record import Private
from notifications.authentication import Alignment
from notifications.dates import say_instant
from notifications.incoming.values import Incoming
from office.addressed import Trace
from office.matters import Matter, matter
from office.replies import Row
from office.workplace import InForce
from responsibilities.tasks import Fact, FactKind, State
from responsibilities.words import Words
from storage import facts, tasks
from storage.inbox import Message, MessageState
from storage.notices import Notice

A_DAY = timedelta(days=1)
MOST_A_DAY = 10
"""Mails of one sender about one task that are answered in a day: more are a loop, or an attack."""
_NUMBER = re.compile(r"督办〔\d{4}〕(\d{1,9})号|^\W*(\d{1,9})号(?!\w)", re.MULTILINE)
"""The whole number anywhere, the short one where a line begins with it: not 11月30号, 2号楼."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """What came of one mail."""

    state: MessageState
    verdict: str
    why: Words
    task: int | None = None
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Received:
    """One mail, all that is known of it, and when it is."""

    message: Message
    incoming: Incoming
    now: datetime
    sender: str
    """The one address in From, lower case; empty where there is none or more than one."""
    aligned: Alignment


def numbers_named(answer: str) -> set[int]:
    """The tasks whose numbers stand in an answer."""
    return {int(whole or short) for whole, short in _NUMBER.findall(answer)}


def which_task(connection: Connection, incoming: Incoming, signs: Trace) -> Matter | None:
    """The one task: the signs', the one whose number the answer names, or the one still open."""
    found = [task for task in tasks.by_ids(connection, signs.tasks).values()]
    if len(found) > 1:
        named = numbers_named(incoming.answer)
        found = [task for task in found if task.id in named] or [
            task for task in found if task.state is not State.CLOSED
        ]
    return matter(connection, found[0]) if len(found) == 1 else None


def record(connection: Connection, mail: Received, about: Matter, verdict: str, by: str) -> None:
    """That the mail came, and which bytes it was, stands in the record of the task."""
    key = f"mail/{mail.message.id}/{verdict}"
    if facts.has(connection, about.task.key, key):
        return
    body = {
        "from": Private(mail.sender),
        "message": Private(mail.incoming.message_id[:500]),
        "sha256": mail.message.sha256,
        "verdict": verdict,
    }
    facts.append(connection, [Fact(about.task.key, key, FactKind.ANSWERED, mail.now, by, body)])


def came(place: InForce, mail: Received) -> Row:
    at = say_instant(place.clock.local(mail.message.arrived_at))
    return Words("来信时间", "Received"), at
