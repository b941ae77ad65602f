"""How long what is personal is kept: what is past its term is destroyed once a day.

Nothing goes of an incident while it, or a task of its chain, is open, and no incident, letter or
mail while an inspection is running. The record stays; that values
were destroyed for their term is a fact like any other erasure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from office.erase import Found, Places, destroy, finish, of_event
from office.inspection_file import files_in
from office.settings import Retention
from office.workplace import all_in_force
from responsibilities.tasks import SYSTEM, State
from storage import erasure, events, heartbeats, tasks
from storage.engine import reading, writing
from storage.instants import text, whole

BEAT = "retention"
DAILY = timedelta(hours=20)
"""How long after a pass the next one may come; with rounds every hour no day goes without one."""
GRACE = timedelta(hours=24)
_WHY = "保存期满"


@dataclass(frozen=True, slots=True)
class Past:
    """What is past its term."""

    incidents: tuple[str, ...]
    letters: tuple[int, ...]
    mails: tuple[str, ...]
    """By SHA-256."""
    reads: tuple[str, ...]
    """Commitments of who signed in and who read what."""
    links: tuple[int, ...]

    @property
    def count(self) -> int:
        """Of everything."""
        return sum(map(len, (self.incidents, self.letters, self.mails, self.reads, self.links)))


def past_term(connection: Connection, terms: Retention, now: datetime) -> Past:
    """What should have been destroyed by `now`."""
    held = _inspected(connection, now)
    return Past(
        () if held else tuple(_incidents(connection, terms, now)),
        () if held else tuple(erasure.old_letters(connection, _before(terms.letters, now))),
        () if held else tuple(erasure.old_mails(connection, _before(terms.mails, now))),
        tuple(erasure.old_reads(connection, _before(terms.reads, now))),
        tuple(erasure.old_links(connection, _before(terms.links, now))),
    )


def overdue(db: Engine, terms: Retention, now: datetime) -> Past:
    """What is past its term for more than a day: the daily pass has not done its work."""
    with reading(db) as connection:
        return past_term(connection, terms, now - GRACE)


def keep_terms(db: Engine, places: Places, terms: Retention, now: datetime) -> Past | None:
    """Destroy what is past its term; None where this was done within the last `DAILY`."""
    now = whole(now)
    with reading(db) as connection:
        last = heartbeats.last(connection, BEAT)
    if last is not None and timedelta(0) <= now - last < DAILY:
        return None
    with writing(db) as connection:
        past = past_term(connection, terms, now)
        found = _found(connection, past)
        if found != _NOTHING:
            ids = erasure.message_ids(connection, found.letters)
            erasure.unlink_mails(places.maildir, erasure.Person(()), ids)
            destroy(connection, found, _WHY, "term", SYSTEM, now)
        erasure.drop_links(connection, past.links)
        heartbeats.beat(connection, BEAT, now)
    finish(db, places)
    return past


_NOTHING = Found((), (), ())


def _found(connection: Connection, past: Past) -> Found:
    cases = [of_event(connection, event, files=True) for event in past.incidents]
    return Found(
        (*past.reads, *(one for case in cases for one in case.commitments)),
        (*past.letters, *(one for case in cases for one in case.letters)),
        (*past.mails, *(one for case in cases for one in case.files)),
        tuple(one for case in cases for one in case.tasks),
        tuple(one for case in cases for one in case.cases),
    )


def _inspected(connection: Connection, now: datetime) -> bool:
    """Whether an inspection under any plan is running, or ended within the day."""
    return any(
        file.opened_at <= now < file.terms.until + GRACE
        for place in all_in_force(connection).values()
        for file in files_in(connection, place)
    )


def _incidents(connection: Connection, terms: Retention, now: datetime) -> Iterator[str]:
    before = _before(terms.incidents, now)
    for event in events.closed_before(connection, before) if before else ():
        chain = tasks.of_event(connection, event)
        found = of_event(connection, event, files=True)
        if (found.commitments or found.files) and all(t.state is State.CLOSED for t in chain):
            yield event


def _before(days: int, now: datetime) -> str:
    """What lies before this instant is past its term; empty where there is none."""
    return text(now - timedelta(days=days)) if days else ""
