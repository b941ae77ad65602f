"""Looking things up (台账): what the doors show. Frozen values; nothing here writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from office.lettering import co_acting_said, delegates_said, line, next_step, period_of
from office.matters import Matter, find, matter, number_of, title_of, unit_name
from office.progress import progress
from office.workplace import all_in_force
from responsibilities.standing import standing
from responsibilities.tasks import Fact, Standing, Task
from responsibilities.words import Language, Refused, Words
from storage import blobs, cursors, facts, heartbeats, inbox, notices, outbox, plans, tasks
from storage.blobs import Evidence
from storage.cursors import Cursor
from storage.engine import reading
from storage.inbox import Message
from storage.outbox import LetterState, StoredLetter
from storage.plans import StoredPlan


@dataclass(frozen=True, slots=True)
class Row:
    """One task in a list. Instants are in the plan's zone."""

    task: Task
    number: str
    title: str
    unit: str
    period: str
    standing: Standing
    due_at: datetime
    original_due_at: datetime


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything about one task: index, progress, evidence, the record, the mails."""

    row: Row
    duty: str
    basis: tuple[tuple[str, str], ...]
    """(section, verbatim quote) of the plan."""
    checklist: tuple[tuple[str, bool], ...]
    lines: tuple[tuple[str, str], ...]
    """(id, name) of each line of the checklist."""
    covered: tuple[int, int] | None
    uncovered: tuple[str, ...]
    reviewer: str
    co_acting: str
    """The units that help, by name."""
    delegates: str
    """Of a unit's task that is done in parts: who has handed in."""
    next_step: str
    assumed: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    facts: tuple[Fact, ...]
    letters: tuple[StoredLetter, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """How the machinery stands."""

    plans: Mapping[str, StoredPlan]
    heartbeats: Mapping[str, datetime]
    letters: Mapping[LetterState, int]
    next_opening: datetime | None
    next_letter: datetime | None
    stalled: tuple[Cursor, ...]
    """Duties whose next date is not known, with the reason."""


def list_tasks(
    db: Engine, now: datetime, language: Language = "zh", *, plan: str | None = None,
    unit: str | None = None, duty: str | None = None, open_only: bool = True,
    standings: frozenset[Standing] | None = None, before: int | None = None, limit: int = 1000,
) -> tuple[Row, ...]:  # fmt: skip
    """Tasks, the newest first; `before` is the number behind which a further page begins.

    `unit` and `duty` by id; `standings` keeps only those that stand so at `now`, and looks as far
    back as it takes to find `limit` of them.
    """
    rows: list[Row] = []
    with reading(db) as connection:
        places = all_in_force(connection)
        while len(rows) < limit:
            found = tasks.listed(
                connection, plan=plan, unit=unit, duty=duty, open_only=open_only, before=before,
                limit=limit,
            )  # fmt: skip
            shown = [row_of(matter(connection, task, places), now, language) for task in found]
            rows += [row for row in shown if standings is None or row.standing in standings]
            if len(found) < limit:
                break
            before = found[-1].id
    return tuple(rows[:limit])


def show_task(db: Engine, task: str | int, now: datetime, language: Language = "zh") -> Detail:
    """One task by key or number; Refused where there is none."""
    with reading(db) as connection:
        return detail(connection, find(connection, task), now, language)


def list_letters(
    db: Engine, *, before: int | None = None, plan: str | None = None, limit: int = 1000
) -> tuple[StoredLetter, ...]:
    """Mails, the newest first."""
    with reading(db) as connection:
        return outbox.listed(connection, before=before, plan=plan, limit=limit)


def letter_bytes(db: Engine, letter: int) -> bytes:
    """The exact bytes of a mail; Refused where there is none of this number."""
    with reading(db) as connection:
        body = outbox.body_of(connection, letter)
    if not body:
        raise Refused(Words(f"没有编号为 {letter} 的信函。", f"There is no letter {letter}."))
    return body


def list_facts(db: Engine, since: int = 0, limit: int = 10_000) -> tuple[Fact, ...]:
    """The record behind `since`, in order."""
    with reading(db) as connection:
        return facts.since(connection, since, limit)


def next_instant(db: Engine) -> datetime | None:
    """When a round next has something to do; None when it never has."""
    with reading(db) as connection:
        found = (
            cursors.first_next(connection),
            tasks.first_wake(connection),
            outbox.next_to_send(connection),
            notices.next_waiting(connection),
        )
    return min((at for at in found if at is not None), default=None)


def health(db: Engine) -> Health:
    """Plans, heartbeats, outbox and what is stalled."""
    with reading(db) as connection:
        known = list(plans.adopted(connection))
        current = {plan: plans.current(connection, plan) for plan in known}
        stalled = [c for plan in known for c in cursors.of_plan(connection, plan).values()]
        return Health(
            {plan: stored for plan, stored in current.items() if stored is not None},
            heartbeats.every(connection),
            outbox.counted(connection),
            cursors.first_next(connection),
            outbox.next_to_send(connection),
            tuple(cursor for cursor in stalled if cursor.stalled),
        )


def row_of(found: Matter, now: datetime, language: Language) -> Row:
    """The line of one task in a list."""
    task, clock = found.task, found.clock
    return Row(
        task=task,
        number=number_of(task, clock),
        title=title_of(task, found.promise, found.place),
        unit=unit_name(found.place, task.unit),
        period=period_of(found, language),
        standing=standing(task, now, clock, found.rhythm),
        due_at=clock.local(task.due_at),
        original_due_at=clock.local(task.original_due_at),
    )


def detail(connection: Connection, found: Matter, now: datetime, language: Language) -> Detail:
    """Everything about one task as of `now`."""
    promise, task = found.promise, found.task
    record = facts.of_task(connection, task.key)
    there = progress(found, record)
    return Detail(
        row=row_of(found, now, language),
        duty=promise.duty,
        basis=tuple((source.section, source.quote) for source in promise.sources),
        checklist=tuple((line(r, language), there.has(r)) for r in promise.evidence),
        lines=tuple((r.id, r.name) for r in promise.evidence),
        covered=there.counted,
        uncovered=there.uncovered,
        reviewer=unit_name(found.place, found.reviewer),
        co_acting=co_acting_said(found),
        delegates=delegates_said(found, record, language),
        next_step=next_step(found, now, language),
        assumed=promise.assumed,
        evidence=blobs.of_task(connection, task.id),
        facts=record,
        letters=outbox.of_task(connection, task.id),
    )


def list_mails(db: Engine, *, held_only: bool, limit: int) -> tuple[Message, ...]:
    """The mails that wait for a person, oldest first; or all, the newest first."""
    with reading(db) as connection:
        return inbox.held(connection)[:limit] if held_only else inbox.listed(connection, limit)


def find_mail(db: Engine, number: int) -> Message:
    """The mail that came in under that number; Refused where there is none."""
    with reading(db) as connection:
        found = inbox.by_id(connection, number)
    if found is None:
        raise Refused(Words(f"没有编号为 {number} 的来信。", f"There is no mail {number}."))
    return found
