"""A task's whole history (办理过程); what had been required, told, handed in, accepted by a day.

Every entry says within which checkpoint it was first signed, so that a reader can have it proved.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from inspections.log_query import EVERYTHING, LogQuery, Remit
from office.completion_log import log_page, shown_row
from office.fact_lines import done_by, fact_line
from office.ledger import Detail, Row, detail
from office.lettering import line
from office.log_conditions import allowed
from office.matters import Matter
from office.moments import Moment, moment, tasks_at
from office.workplace import promise
from responsibilities.tasks import Fact, FactKind, Task
from responsibilities.words import Language
from storage import blobs, checkpoints, facts, log, outbox, plans
from storage.blobs import Evidence
from storage.engine import reading
from storage.log import Condition
from storage.outbox import LetterState, StoredLetter
from storage.plans import StoredPlan


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact in words; `within` is the size of the first signed head that covers it."""

    seq: int
    at: datetime
    """In the plan's zone, as all instants here."""
    says: str
    by: str
    leaf: str
    within: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail and what became of it."""

    number: int
    made_at: datetime
    to: str
    subject: str
    state: LetterState
    attempts: int
    accepted_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Version:
    """One file of one submission."""

    attempt: int
    at: datetime
    line: str
    name: str
    sha256: str
    size: int
    also: tuple[int, ...]
    """Other tasks, by id, that were given the same bytes."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything about one task."""

    detail: Detail
    entries: tuple[Entry, ...]
    letters: tuple[Letter, ...]
    versions: tuple[Version, ...]
    plan: StoredPlan | None
    """The version of the plan that it was opened under."""


@dataclass(frozen=True, slots=True)
class Case:
    """One task as of a day: required (the row), told, handed in, decided."""

    row: Row
    required: tuple[str, ...]
    """The lines of its checklist."""
    told: tuple[Letter, ...]
    handed_in: tuple[Entry, ...]
    decided: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """倒查卷宗: the cases of a unit or of an incident as of a day, the newest first."""

    at: datetime
    size: int
    entries: tuple[Entry, ...]
    """What is recorded of the incident itself; empty for a unit."""
    cases: tuple[Case, ...]
    total: int
    older: LogQuery | None
    newer: LogQuery | None


_CHUNK = 500
_HANDED_IN = (FactKind.SUBMITTED, FactKind.GATHERED)
_DECIDED = (
    FactKind.ACCEPTED, FactKind.RETURNED, FactKind.WAIVED, FactKind.LAPSED, FactKind.EXTENDED,
    FactKind.EXTENSION_DECLINED, FactKind.REOPENED,
)  # fmt: skip


def timeline(
    db: Engine, number: int, now: datetime, remit: Remit = EVERYTHING, language: Language = "zh"
) -> Timeline | None:
    """The history of a task; None where there is none of this number in the remit."""
    with reading(db) as connection:
        found = moment(connection, None, now)
        where = [*allowed(remit, found), Condition("tasks.id = ?", (number,))]
        listed = log.page(connection, where, 1)
        if not listed:
            return None
        about = Matter(
            listed[0], promise(connection, listed[0].promise), found.places[listed[0].plan]
        )
        shown = detail(connection, about, now, language)
        opened = (v for v in plans.versions(connection, about.task.plan))
        return Timeline(
            shown,
            _entries(connection, about, shown.facts, language),
            tuple(_letter(letter, about) for letter in shown.letters),
            tuple(_versions(connection, about, shown.evidence, remit, found, language)),
            next((v for v in opened if v.version == about.promise.version), None),
        )


def unit_trace(
    db: Engine, query: LogQuery, now: datetime, remit: Remit = EVERYTHING, language: Language = "zh"
) -> Trace:
    """What had been required of the unit of `query`, and what came of it, at `query.as_of`."""
    page = log_page(db, query, now, remit, language)
    with reading(db) as connection:
        found = moment(connection, query.as_of, now)
        cases = tuple(_case(connection, row, found, language) for row in page.rows)
    return Trace(page.at, page.size, (), cases, page.total, page.older, page.newer)


def incident_trace(
    db: Engine, event: str, day: date | None, now: datetime, remit: Remit = EVERYTHING,
    language: Language = "zh",
) -> Trace | None:  # fmt: skip
    """The chain of an incident as of a day; None where the remit holds nothing of it."""
    with reading(db) as connection:
        found = moment(connection, day, now)
    return trace_at(db, found, event, None, remit, language)


def trace_at(
    db: Engine, found: Moment, event: str | None, unit: str | None, remit: Remit = EVERYTHING,
    language: Language = "zh",
) -> Trace | None:  # fmt: skip
    """All cases of an incident, of a unit or of a unit in an incident, at one moment; None where
    the remit holds nothing of it."""
    where = list(allowed(remit, found))
    where += [Condition("tasks.event = ?", (event,))] if event else []
    where += [log.of_units([unit])] if unit else []
    with reading(db) as connection:
        with reading(tasks_at(db, found)) as then:
            chain = list(_every(then, where))
        if not chain:
            return None
        rows = (shown_row(connection, task, found, language) for task in chain)
        cases = tuple(_case(connection, row, found, language) for row in rows)
        entries = tuple[Entry, ...]()
        if event:
            about = _matter(connection, chain[0], found)
            known = facts.without_task(connection, f"{chain[0].plan}/event/{event}/")
            known = tuple(fact for fact in known if fact.seq <= found.size)
            entries = _entries(connection, about, known, language)
        return Trace(found.at, found.size, entries, cases, len(cases), None, None)


def _every(then: Connection, where: Sequence[Condition]) -> Iterator[Task]:
    """Every task that fits, the newest first."""
    after = None
    while chunk := log.page(then, where, _CHUNK, after):
        yield from chunk
        after = chunk[-1].id


def _case(connection: Connection, row: Row, found: Moment, language: Language) -> Case:
    about = _matter(connection, row.task, found)
    known = [f for f in facts.of_task(connection, row.task.key) if f.seq <= found.size]
    entries = dict(
        zip((f.seq for f in known), _entries(connection, about, known, language), strict=True)
    )
    letters = (letter for letter in outbox.of_task(connection, row.task.id))
    return Case(
        row,
        tuple(line(one, language) for one in about.promise.evidence),
        tuple(_letter(one, about) for one in letters if one.created_at <= found.at),
        tuple(entries[f.seq] for f in known if f.kind in _HANDED_IN),
        tuple(entries[f.seq] for f in known if f.kind in _DECIDED),
    )


def _matter(connection: Connection, task: Task, found: Moment) -> Matter:
    return Matter(task, promise(connection, task.promise), found.places[task.plan])


def _entries(
    connection: Connection, about: Matter, known: Sequence[Fact], language: Language
) -> tuple[Entry, ...]:
    signed = checkpoints.sizes(connection)
    leaves = facts.leaves_of(connection, [fact.seq for fact in known])
    return tuple(
        Entry(
            fact.seq,
            about.clock.local(fact.at),
            fact_line(fact, about.clock).in_(language),
            done_by(fact).in_(language),
            leaves[fact.seq].hex(),
            signed[place] if (place := bisect_left(signed, fact.seq)) < len(signed) else None,
        )
        for fact in known
    )


def _letter(letter: StoredLetter, about: Matter) -> Letter:
    local = about.clock.local
    return Letter(
        letter.id, local(letter.created_at), letter.to_name, letter.subject, letter.state,
        letter.attempts, letter.accepted_at and local(letter.accepted_at), letter.outcome,
    )  # fmt: skip


def _versions(
    connection: Connection, about: Matter, pieces: Sequence[Evidence], remit: Remit, found: Moment,
    language: Language,
) -> Iterator[Version]:  # fmt: skip
    lines = {one.id: line(one, language) for one in about.promise.evidence}
    also = blobs.used_by(connection, {piece.sha256 for piece in pieces})
    others = {task for tasks in also.values() for task in tasks}
    within = [*allowed(remit, found), log.numbered(others)]
    known = {task.id for task in log.page(connection, within, len(others) + 1)}
    for piece in pieces:
        mine = sorted(t for t in also[piece.sha256] if t in known and t != about.task.id)
        yield Version(
            piece.attempt, about.clock.local(piece.at),
            lines.get(piece.requirement, piece.requirement), piece.name, piece.sha256, piece.size,
            tuple(mine),
        )  # fmt: skip
