"""What monitoring shows, counted from the records: numbers only, of no unit and no person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError

from office.mailboxes import Trouble, troubled
from office.matters import matter
from office.sign_in_failures import Way, failures
from office.workplace import InForce, all_in_force
from responsibilities.standing import standing
from responsibilities.tasks import Standing
from storage import heartbeats, outbox, tallies, tasks
from storage.engine import reading
from storage.outbox import LetterState


@dataclass(frozen=True, slots=True)
class Gauges:
    """The figures as of one instant."""

    tasks: Mapping[tuple[str, Standing], int]
    """By plan and standing; every standing of every plan, 0 included."""
    letters: Mapping[LetterState, int]
    """Every state, 0 included."""
    oldest_letter: timedelta
    """How long the oldest letter has waited to leave; zero where none waits."""
    held_mails: int
    rounds: Mapping[str, timedelta]
    """How long ago each loop was last alive, to within five minutes."""
    sign_in_failures: Mapping[str, int]
    """By the way tried, within a day; every way, 0 included."""
    undeliverable: int
    """Mailboxes that take no letters."""
    evidence_bytes: int


def gauges(db: Engine, now: datetime) -> Gauges:
    """Count everything; the open tasks are looked at one by one, the rest is grouped queries."""
    with reading(db) as connection:
        places = all_in_force(connection)
        waiting = tallies.oldest_unsent(connection)
        counted = outbox.counted(connection)
        trouble = [one for plan in places for one in troubled(connection, plan, now).values()]
        return Gauges(
            tasks=_standings(connection, places, now),
            letters={state: counted.get(state, 0) for state in LetterState},
            oldest_letter=now - waiting if waiting else timedelta(0),
            held_mails=tallies.held_mails(connection),
            rounds={name: now - at for name, at in heartbeats.every(connection).items()},
            sign_in_failures=dict.fromkeys(get_args(Way), 0) | dict(failures(connection, now)),
            undeliverable=trouble.count(Trouble.FAILED),
            evidence_bytes=tallies.blob_bytes(connection),
        )


def gauges_if_up(db: Engine, now: datetime) -> Gauges | None:
    """None where the database cannot be used."""
    try:
        return gauges(db, now)
    except DatabaseError:
        return None


_CLOSED = {
    ("accepted", False): Standing.DONE,
    ("accepted", True): Standing.DONE_LATE,
    ("waived", False): Standing.WAIVED,
    ("waived", True): Standing.WAIVED,
    ("lapsed", False): Standing.LAPSED,
    ("lapsed", True): Standing.LAPSED,
}


def _standings(
    connection: Connection, places: Mapping[str, InForce], now: datetime
) -> Mapping[tuple[str, Standing], int]:
    found = Counter({(plan, one): 0 for plan in places for one in Standing})
    for (plan, outcome, late), number in tallies.closed_tasks(connection).items():
        found[plan, _CLOSED[outcome, late]] += number
    for plan in places:
        for task in tasks.in_hand(connection, plan):
            one = matter(connection, task, places)
            found[plan, standing(task, now, one.clock, one.rhythm)] += 1
    return found
