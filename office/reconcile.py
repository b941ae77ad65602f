"""Making the records what the plans require up to `now`: the act that schedules only hint at.

It costs what is due: one look at two indexes when nothing is. Running it twice, late, or in two
processes at once changes nothing: each batch looks again inside its own transaction.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from office import outages, redating
from office.alone import together_or_alone
from office.chains import chain_of
from office.opening import Batch, Opened, open_batches
from office.telling import Bundles
from office.waking import Happened, advance_rows
from office.watching import escalate_short
from office.workplace import InForce, all_in_force
from responsibilities.occurrences import beyond, next_opening
from responsibilities.openings import Opening, open_tasks
from responsibilities.renewals import Chain, is_renewing
from responsibilities.tasks import FactKind, Outage
from responsibilities.words import Refused, Words
from storage import bulk, cursors, notices, tasks
from storage.cursors import Cursor
from storage.engine import reading, writing
from storage.instants import whole

OUTAGE_AFTER = timedelta(minutes=30)
ROWS = 20_000
"""Tasks opened in one transaction, at most (a duty is never split)."""
WOKEN = 10_000
"""Tasks advanced in one transaction."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What a round did, and why: `why` is the period opened, or the step told, in plan words."""

    what: FactKind
    plan: str
    duty: str
    why: str
    count: int


class Stalled(NamedTuple):
    """A duty whose next date is not known: what is missing."""

    plan: str
    duty: str
    words: Words


@dataclass(frozen=True, slots=True)
class Round:
    """Everything one reconcile did."""

    at: datetime
    outage: Outage | None
    lines: tuple[Line, ...]
    stalled: tuple[Stalled, ...] = ()

    def total(self, what: FactKind) -> int:
        """How many tasks were opened, told, moved or lapsed."""
        return sum(line.count for line in self.lines if line.what is what)


class RoundFailed(ExceptionGroup[Exception]):
    """Some duties or tasks failed, each alone; `round` is what the others came to."""

    round: Round

    def derive(self, excs: Sequence[Exception]) -> "RoundFailed":  # type: ignore[override]
        """A group of some of the failures (`except*`)."""
        found = RoundFailed(self.message, excs)
        found.round = self.round
        return found


def reconcile(db: Engine, now: datetime, outage_after: timedelta = OUTAGE_AFTER) -> Round:
    """Open, remind, escalate and lapse everything up to `now`.

    After a gap in the heartbeat longer than `outage_after` the lateness is the system's own.
    Raises RoundFailed, after everything else is done, for duties or tasks that failed.
    """
    now = whole(now)
    moved = redating.follow_calendar(db, now)
    outage = outages.detect(db, now, outage_after)
    with reading(db) as connection:
        due = cursors.due(connection, now)
        woken = outage is not None or tasks.anyone_woken(connection, now)
        places = all_in_force(connection) if due or woken else {}
    failures: list[Exception] = []
    opened, stalled = open_due(db, due, places, now, outage, failures)
    happened: Counter[Happened] = Counter()
    if woken:
        happened = advance_woken(db, places, now, outage, failures)
    happened.update((FactKind.MOVED, plan, duty, "calendar") for plan, duty in moved)
    done = Round(now, outage, (*opened_lines(opened), *_lines(happened)), tuple(stalled))
    if failures:
        raise _failed(done, failures)
    return done


def reconcile_plan(db: Engine, plan: str, now: datetime) -> None:
    """Open what the version of `plan` in force still owes at `now` (before a new one replaces it).

    Raises RoundFailed as `reconcile` does.
    """
    with reading(db) as connection:
        due = [cursor for cursor in cursors.due(connection, now) if cursor.plan == plan]
        places = all_in_force(connection) if due else {}
    failures: list[Exception] = []
    if due:
        outage = outages.detect(db, now, OUTAGE_AFTER)
        opened, stalled = open_due(db, due, places, now, outage, failures)
        if failures:
            raise _failed(Round(now, outage, tuple(opened_lines(opened)), tuple(stalled)), failures)


def _failed(done: Round, failures: list[Exception]) -> RoundFailed:
    failed = RoundFailed(f"{len(failures)} duties or tasks failed", failures)
    failed.round = done
    return failed


class Decided(NamedTuple):
    """What is due of one duty: its openings and where its cursor goes."""

    before: Cursor
    batch: Batch
    after: Cursor
    stalled: Words | None
    chain: Chain | None = None
    """How far its holders had come, where it counts from the last time."""


def open_due(
    db: Engine, due: Iterable[Cursor], places: dict[str, InForce], now: datetime,
    outage: Outage | None, failures: list[Exception],
) -> tuple[list[Opened], list[Stalled]]:  # fmt: skip
    """Open what these duties ask for up to `now` and move their cursors."""
    opened: list[Opened] = []
    stalled: list[Stalled] = []
    due = tuple(due)
    chains = _chains(db, due, places)
    for chunk in _chunks(_decide(due, chains, places, now, outage, failures)):
        stalled += [
            Stalled(one.before.plan, one.before.duty, one.stalled) for one in chunk if one.stalled
        ]
        opened += together_or_alone(
            db, chunk, lambda c, items: _open(c, items, now),
            lambda one: f"{one.before.plan}/{one.before.duty}", failures,
        )  # fmt: skip
    return opened, stalled


def _chains(
    db: Engine, due: Iterable[Cursor], places: dict[str, InForce]
) -> dict[tuple[str, str], Chain | None]:
    """Of the duties that count from the last time, as they stand before anything is opened."""
    wanted = [
        cursor
        for cursor in due
        if (duty := places[cursor.plan].duties.get(cursor.duty)) and is_renewing(duty)
    ]
    if not wanted:
        return {}
    with reading(db) as connection:
        return {(c.plan, c.duty): _chain(connection, places[c.plan], c) for c in wanted}


def _chain(connection: Connection, place: InForce, cursor: Cursor) -> Chain | None:
    return chain_of(connection, place, place.duties[cursor.duty], cursor.since)


def _decide(
    due: Iterable[Cursor], chains: Mapping[tuple[str, str], Chain | None],
    places: dict[str, InForce], now: datetime, outage: Outage | None, failures: list[Exception],
) -> Iterator[Decided]:  # fmt: skip
    for cursor in due:
        try:
            chain = chains.get((cursor.plan, cursor.duty))
            yield decide_duty(cursor, places[cursor.plan], now, outage, chain)
        except Exception as error:  # one bad duty holds up no other
            error.add_note(f"{cursor.plan}/{cursor.duty}")
            failures.append(error)


def decide_duty(
    cursor: Cursor, place: InForce, now: datetime, outage: Outage | None,
    chain: Chain | None = None,
) -> Decided:  # fmt: skip
    """The openings of one duty since its cursor. Where calendars end, the cursor waits a day."""
    duty = place.duties[cursor.duty]
    found: list[Opening] = []
    stalled: Words | None = None
    next_at: datetime | None = None
    through = now
    try:
        for opening in open_tasks(
            place.plan, duty, place.clock, cursor.through, now, outage, place.spans, chain
        ):
            if chain is not None or opening.occurrence.due_at > cursor.since:
                found.append(opening)
    except Refused as refused:
        stalled, through = refused.words, cursor.through
    if stalled is None:
        next_at = next_opening(place.plan, duty, place.clock, now, place.spans, chain)
    if next_at is None:
        stalled = stalled or beyond(place.plan, duty, place.clock, now, place.spans)
        next_at = now + _DAY if stalled else None
    after = replace(
        cursor,
        through=through,
        next_at=next_at,
        stalled=stalled.zh if stalled else "",
        calendar=place.calendar,
    )
    return Decided(cursor, Batch(place, duty, found), after, stalled, chain)


def _chunks(decided: Iterable[Decided]) -> Iterator[list[Decided]]:
    chunk: list[Decided] = []
    rows = 0
    for one in decided:
        chunk.append(one)
        rows += len(one.batch.openings)
        if rows >= ROWS:
            yield chunk
            chunk, rows = [], 0
    if chunk:
        yield chunk


def _open(connection: Connection, decided: Sequence[Decided], now: datetime) -> list[Opened]:
    """One transaction; duties that somebody else has moved meanwhile are left to the next round."""
    there = {(c.plan, c.duty): c for c in cursors.due(connection, now)}
    mine = [
        one
        for one in decided
        if there.get((one.before.plan, one.before.duty)) == one.before
        and (one.chain is None or one.chain == _chain(connection, one.batch.place, one.before))
    ]
    bundles = Bundles(now)
    opened = open_batches(connection, [one.batch for one in mine], now, bundles)
    escalate_short(connection, [one.batch for one in mine], now, bundles)
    notices.add(connection, bundles.notices())
    cursors.save(connection, [one.after for one in mine])
    return opened


def advance_woken(
    db: Engine, places: Mapping[str, InForce], now: datetime, outage: Outage | None,
    failures: list[Exception],
) -> Counter[Happened]:  # fmt: skip
    """Advance every task whose time has come; after an outage, also those it took time from."""
    counted: Counter[Happened] = Counter()
    if outage is not None:
        with reading(db) as connection:
            deprived = tasks.deprived(connection, outage)
        counted.update(_each(db, deprived, places, now, outage, failures))
    chunk: list[bulk.Row]
    place: tuple[str, int] | None = ("", 0)
    while place is not None:
        chunk = []
        try:
            with writing(db) as connection:
                chunk = tasks.woken(connection, now, place, WOKEN)
                counted.update(advance_rows(connection, chunk, places, now, outage))
        except OperationalError:
            raise
        except Exception:  # somebody in this chunk fails: find out who, and go on with the others
            if not chunk:
                raise
            counted.update(_each(db, [row[0] for row in chunk], places, now, outage, failures))
        place = (chunk[-1][-1], chunk[-1][0]) if len(chunk) == WOKEN else None
    return counted


def _each(
    db: Engine, numbers: Sequence[int], places: Mapping[str, InForce], now: datetime,
    outage: Outage | None, failures: list[Exception],
) -> list[Happened]:  # fmt: skip
    def act(connection: Connection, some: Sequence[int]) -> list[Happened]:
        return advance_rows(connection, tasks.shaped(connection, some), places, now, outage)

    return together_or_alone(db, numbers, act, lambda number: f"task {number}", failures)


def opened_lines(opened: Iterable[Opened]) -> Iterator[Line]:
    for plan, duty, period, number, lapsed in opened:
        yield Line(FactKind.OPENED, plan, duty, period, number)
        if lapsed:
            yield Line(FactKind.LAPSED, plan, duty, period, number)


def _lines(counted: Counter[Happened]) -> Iterator[Line]:
    for (what, plan, duty, why), number in counted.items():
        yield Line(what, plan, duty, why, number)
