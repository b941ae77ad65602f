"""How far the holders of a duty have come that counts from the last time it was done."""

from datetime import datetime

from sqlalchemy import Connection

from office.workplace import InForce
from responsibilities.calendars.clock import Clock
from responsibilities.holders import holder_of
from responsibilities.plan import Duty
from responsibilities.renewals import Chain, Last, is_renewing, number_of
from responsibilities.tasks import State, Task
from storage import cursors, tasks


def chain_of(
    connection: Connection,
    place: InForce,
    duty: Duty,
    since: datetime,
    *,
    closed_only: bool = False,
) -> Chain | None:
    """The newest validity of each holder; None for a duty of the calendar.

    `since`: when the duty was taken up. `closed_only`: as if what is in hand were not yet opened.
    """
    if not is_renewing(duty):
        return None
    newest: dict[str, Last] = {}
    for task in tasks.validities(connection, place.plan.id, duty.id):
        number, holder = number_of(task.period), holder_of(task.key)
        passed_over = closed_only and task.state is not State.CLOSED
        if not passed_over and (holder not in newest or newest[holder].number < number):
            newest[holder] = _last(number, task, place.clock)
    return Chain(since, newest)


def taken_up(connection: Connection, place: InForce, duty: Duty) -> Chain | None:
    """As `chain_of`, counted from when the duty in force was taken up."""
    cursor = cursors.of_plan(connection, place.plan.id).get(duty.id)
    return chain_of(connection, place, duty, cursor.since) if cursor is not None else None


def _last(number: int, task: Task, clock: Clock) -> Last:
    if task.state is not State.CLOSED or task.closed_at is None:
        return Last(number, None, None)
    if task.outcome == "accepted" and task.submitted_at is not None:
        return Last(number, clock.day(task.submitted_at), task.closed_at)
    return Last(number, clock.day(max(task.original_due_at, task.closed_at)), task.closed_at)


def go_on(connection: Connection, place: InForce, task: Task, now: datetime) -> None:
    """Something was closed: where the next one counts from it, have the duty looked at."""
    duty = place.duties.get(task.duty)
    if duty is not None and is_renewing(duty):
        cursors.wake(connection, task.plan, task.duty, now)
