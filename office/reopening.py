"""A closed task is to be done again (重新办理): accepted in error, or waived too soon."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine

from office.chains import go_on
from office.matters import Matter
from office.refusing import (
    REOPEN,
    given,
    refuse_beyond_lapse,
    refuse_own,
    refuse_part,
    refuse_past,
    refuse_unless,
)
from office.review import on_task, written
from responsibilities.holders import holder_of
from responsibilities.ladder import restart
from responsibilities.renewals import is_renewing, number_of
from responsibilities.tasks import FactKind, State, Task
from responsibilities.words import Refused, Words
from storage import tasks
from storage.instants import text, whole


def reopen(
    db: Engine | Connection, task: str | int, due_at: datetime, reason: str, *, by: str,
    now: datetime,
) -> Task:  # fmt: skip
    """The unit's turn again until `due_at`, for a reason; everything handed in stays.

    The ladder begins a new round; the original date is kept beside the new one. Refused: an open
    task, a lapsed one, a delegate's part, one whose successor counts from it, the reviewer's own.
    """
    now = whole(now)
    reason = given(reason, Words("重新办理应写明理由。", "To reopen needs a reason."))

    def act(connection: Connection, matter: Matter) -> Task:
        old = matter.task
        if old.state is State.OPEN and old.round and old.due_at == due_at:
            return old
        refuse_unless(matter, State.CLOSED)
        refuse_own(matter, by, REOPEN)
        refuse_part(matter)
        _refuse_lapsed(old)
        refuse_past(due_at, now)
        refuse_beyond_lapse(matter, due_at)
        _refuse_succeeded(connection, matter)
        return _reopened(connection, matter, due_at, reason, by, now)

    return on_task(db, task, act)


def _reopened(
    connection: Connection, matter: Matter, due_at: datetime, reason: str, by: str, now: datetime
) -> Task:
    old = matter.task
    step = restart(
        matter.promise.steps, old.opens_at, due_at, matter.clock, now, old.original_due_at
    )
    task = replace(
        old, state=State.OPEN, submitted_at=None, closed_at=None, outcome="", due_at=due_at,
        round=old.round + 1, step=step,
    )  # fmt: skip
    body = {"due": text(due_at), "from": text(old.due_at), "outcome": old.outcome, "reason": reason}
    key = f"reopened/{task.round}"
    go_on(connection, matter.place, task, now)
    return written(connection, matter, task, FactKind.REOPENED, key, body, by, now, reason)


def _refuse_lapsed(task: Task) -> None:
    if task.outcome == "lapsed":
        raise Refused(
            Words(
                "本事项已过补办期限，不能重新办理。",
                "The task has lapsed: it can no longer be made up for.",
            )
        )


def _refuse_succeeded(connection: Connection, matter: Matter) -> None:
    """The next validity counts from the end of this one, and is in hand already."""
    task, duty = matter.task, matter.place.duties.get(matter.task.duty)
    if duty is None or not is_renewing(duty):
        return
    number, holder = number_of(task.period), holder_of(task.key)
    for other in tasks.validities(connection, task.plan, task.duty):
        if holder_of(other.key) == holder and number_of(other.period) > number:
            raise Refused(
                Words(
                    "下一期已自本期完成之日起算并下达，不能重新办理本期。",
                    "The next period counts from this one and is open already.",
                )
            )
