"""Counts over whole tables, each by one grouped query (monitoring)."""

from datetime import datetime

from sqlalchemy import Connection, case, func, select

from storage.instants import instant_or_none
from storage.tables import blobs, letters, messages, tasks


def closed_tasks(connection: Connection) -> dict[tuple[str, str, bool], int]:
    """How many closed tasks there are by plan, outcome, and whether the unit's part was late."""
    done_at = func.coalesce(tasks.c.submitted_at, tasks.c.closed_at)
    late = case((done_at > tasks.c.due_at, 1), else_=0)
    query = (
        select(tasks.c.plan, tasks.c.outcome, late, func.count())
        .where(tasks.c.closed_at.is_not(None))
        .group_by(tasks.c.plan, tasks.c.outcome, late)
    )
    found = connection.execute(query)
    return {(plan, outcome, bool(was_late)): number for plan, outcome, was_late, number in found}


def oldest_unsent(connection: Connection) -> datetime | None:
    """When the letter was made that has waited longest to leave."""
    query = select(func.min(letters.c.created_at)).where(letters.c.next_at.is_not(None))
    return instant_or_none(connection.scalar(query))


def held_mails(connection: Connection) -> int:
    """How many mails wait for a person."""
    query = select(func.count()).where(messages.c.state == "held")
    return connection.scalar(query) or 0


def blob_bytes(connection: Connection) -> int:
    """What evidence and raw mails take, each file once."""
    return int(connection.scalar(select(func.sum(blobs.c.size))) or 0)
