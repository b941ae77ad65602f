"""Not saying what no longer needs saying: a task that is done is not chased by a waiting letter."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from responsibilities.tasks import State, Task
from storage import notices, outbox, tasks

_PERTINENT: Mapping[str, State] = {
    "opened": State.OPEN,
    "incident": State.OPEN,
    "reminder": State.OPEN,
    "overdue": State.OPEN,
    "escalated": State.OPEN,
    "extension_asked": State.OPEN,
    "review": State.SUBMITTED,
}
"""Kinds that ask somebody to act, and the state in which there is still something to do."""


def pertinent(kind: str, task: Task) -> bool:
    """Whether a letter of this kind still makes sense about `task`. News always does."""
    return _PERTINENT.get(kind, task.state) is task.state


def hush(connection: Connection, task: Task, now: datetime) -> None:
    """Withdraw what waits to be said about `task` and no longer makes sense."""
    for notice in notices.waiting(connection):
        if not any(m.task == task.id for m in notice.matters) or pertinent(notice.kind, task):
            continue
        rest = [matter for matter in notice.matters if matter.task != task.id]
        if rest:
            notices.replace_matters(connection, notice.id, rest)
        else:
            notices.cancel(connection, [notice.id], now)
    for letter, said in outbox.unsent_about(connection, task.id).items():
        there = tasks.by_ids(connection, [number for _, number in said])
        if not any(pertinent(kind, there[number]) for kind, number in said if number in there):
            outbox.cancel_letter(connection, letter, "done")
