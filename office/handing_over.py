"""From the unit's turn to the reviewer's: what a complete submission sets going."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection

from inspections.record import Private
from office.incident_chain import handed_in
from office.matters import Matter
from office.silence import hush
from office.telling import Bundles
from responsibilities.plan import Role
from responsibilities.tasks import SYSTEM, Fact, FactKind, State, Task
from storage import facts, notices, tasks


@dataclass(frozen=True, slots=True)
class Content:
    """What one submission holds, as the record keeps it."""

    covered: tuple[str, ...] = ()
    files: tuple[Mapping[str, Any], ...] = ()
    """Name, requirement, sha256, size of each."""
    heads: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    """By id of the line: the figure, or the SHA-256 of a text."""
    zero: bool = False
    taken_back: tuple[str, ...] = ()
    """Names of the roster and files (SHA-256) of earlier submissions that count no more."""


def submission(content: Content, attempt: int) -> dict[str, Any]:
    """The body of a SUBMITTED fact; `content` in it is SHA-256 over what was handed in.

    Private, as the hash of a text is: short texts can be guessed from it.
    """
    held: dict[str, Any] = {
        "covered": list(content.covered),
        "files": [dict(file) for file in content.files],
        "heads": content.heads,
        "values": dict(content.values),
        "zero": content.zero,
    }
    if content.taken_back:  # not in the many that take nothing back
        held["taken_back"] = list(content.taken_back)
    packed = orjson.dumps(held, option=orjson.OPT_SORT_KEYS)
    return {**held, "attempt": attempt, "content": Private(sha256(packed).hexdigest())}


def hand_over(
    connection: Connection, matter: Matter, after: Task, fact: Fact, now: datetime
) -> Task:
    """It is the reviewer's turn; a stage of an event starts what hangs on it."""
    bundles = Bundles(now)
    if after.state is State.OPEN:
        after = replace(after, state=State.SUBMITTED, submitted_at=now, review_step=0)
        after = matter.reindexed(after, now)
        if not matter.is_part:  # its unit is told when all of them are in
            bundles.tell_about(after, [Role.REVIEWER], "review", fact.key)
        handed_in(connection, matter, fact.by, now, bundles)
    notices.add(connection, bundles.notices())
    return after


def hand_in_by_system(
    connection: Connection, matter: Matter, content: Content, now: datetime, reason: str
) -> Task:
    """Hand over what is complete by now, in the record as a submission by the system itself."""
    task = matter.task
    body = {**submission(content, task.attempt + 1), "complete": True, "reason": reason}
    key = f"submitted/{body['attempt']}"
    fact = Fact(task.key, key, FactKind.SUBMITTED, now, SYSTEM, body)
    facts.append(connection, [fact])
    after = hand_over(connection, matter, replace(task, attempt=task.attempt + 1), fact, now)
    tasks.save(connection, [after])
    hush(connection, after, now)
    return after
