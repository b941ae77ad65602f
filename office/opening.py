"""Opening tasks: the row, the fact and the notice of each, in one transaction for many.

What the units of one period share (dates as text, the fact's body, the ladder's first step) is
worked out once for all of them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import Connection

from inspections.record import canonical, head, leaf, tail
from office.matters import roster_turns
from office.telling import Bundles
from office.workplace import InForce
from responsibilities import promises
from responsibilities.delegation import is_part
from responsibilities.openings import Opening
from responsibilities.plan import Base, Duty, Kind, Role, Step
from responsibilities.rectification import finding_type
from responsibilities.tasks import SYSTEM, FactKind, Promise
from storage import bulk, facts, plans, tasks
from storage.instants import text, text_or_none


class Batch(NamedTuple):
    """Tasks of one duty to open, and the event they come from."""

    place: InForce
    duty: Duty
    openings: Sequence[Opening]
    event: str | None = None
    urgent: bool = False


class Opened(NamedTuple):
    """What was opened: the period of a duty, and for how many units."""

    plan: str
    duty: str
    period: str
    units: int
    lapsed: bool


def open_batches(
    connection: Connection, batches: Sequence[Batch], now: datetime, bundles: Bundles
) -> list[Opened]:
    """Open every task of `batches` that is not open yet, in the order in which they open."""
    keys = [o.occurrence.key for batch in batches for o in batch.openings]
    first = tasks.last_id(connection) + 1
    known = tasks.known_keys(connection, keys) if first > 1 else set()
    periods = [
        period for batch in batches for period in _periods(batch, known)
    ]  # each: the units of one period, not yet opened
    periods.sort(key=attrgetter("opens_at"))
    keep = {promise.digest: promise for promise in (p.promise for p in periods)}
    plans.keep_promises(connection, {d: promises.dump(p).decode() for d, p in keep.items()})
    rows: list[bulk.Row] = []
    record: list[facts.Parts] = []
    for period in periods:
        _open(period, first + len(rows), text(now), rows, record, bundles)
    tasks.insert(connection, rows)
    facts.append_parts(connection, record)
    return [
        Opened(
            p.batch.place.plan.id, p.batch.duty.id, p.first.occurrence.period, len(p.new), p.lapsed
        )
        for p in periods
    ]


class _Period(NamedTuple):
    """The openings of one period that share everything but the unit."""

    batch: Batch
    promise: Promise
    new: list[Opening]
    opens_at: datetime

    @property
    def first(self) -> Opening:
        return self.new[0]

    @property
    def lapsed(self) -> bool:
        return self.new[0].lapsed


def _periods(batch: Batch, known: set[str]) -> Iterator[_Period]:
    if batch.duty.delegate is None:
        yield from _runs(batch, batch.openings, batch.place.promise(batch.duty), known)
        return
    for part in (False, True):
        some = [one for one in batch.openings if is_part(one.occurrence.unit) is part]
        yield from _runs(batch, some, batch.place.promise(batch.duty, part=part), known)


def _runs(
    batch: Batch, openings: Sequence[Opening], promise: Promise, known: set[str]
) -> Iterator[_Period]:
    run: list[Opening] = []
    for opening in openings:
        if known and opening.occurrence.key in known:
            continue
        if run and not _alike(run[0], opening):
            yield _Period(batch, promise, run, run[0].occurrence.opens_at)
            run = []
        run.append(opening)
    if run:
        yield _Period(batch, promise, run, run[0].occurrence.opens_at)


def _alike(a: Opening, b: Opening) -> bool:
    """Whether two openings differ in nothing but the unit: `fan_out` shares the very objects."""
    one, other = a.occurrence, b.occurrence
    return (
        one.period is other.period
        and one.opens_at is other.opens_at
        and one.due_at is other.due_at
        and a.due_at is b.due_at
    )


def _open(
    period: _Period, number: int, at: str, rows: list[bulk.Row], record: list[facts.Parts],
    bundles: Bundles,
) -> None:  # fmt: skip
    """Append the rows and facts of one period; its first task gets `number`."""
    said = opening_steps(period.promise.steps)
    keys = [opening.occurrence.key for opening in period.new]
    rows += _rows(period, number, at)
    record += _facts(keys, FactKind.OPENED, at, _body(period, said))
    if period.lapsed:
        lapsed_at = text_or_none(period.first.occurrence.lapses_at) or at
        record += _facts(keys, FactKind.LAPSED, at, canonical({"at": lapsed_at}))
        return
    batch, due_at = period.batch, period.first.due_at
    for step in said:
        kind = kind_of(batch, step)
        bundles.tell_units(
            batch.place.plan.id, [opening.occurrence.unit for opening in period.new], number,
            step, kind, mark=FactKind.OPENED.value, due_at=due_at, urgent=batch.urgent,
        )  # fmt: skip


def _rows(period: _Period, number: int, at: str) -> list[bulk.Row]:
    """The task rows, in the order of the table's columns."""
    batch, first = period.batch, period.first
    one, plan, duty = first.occurrence, batch.place.plan.id, batch.duty.id
    state, closed, outcome = ("closed", at, "lapsed") if first.lapsed else ("open", None, "")
    subject, digest, event = one.subject, period.promise.digest, batch.event
    opens, due, original = text(one.opens_at), text(first.due_at), text(one.due_at)
    lapses, wake = text_or_none(one.lapses_at), text_or_none(_wake(batch, first))
    return [
        (
            id_, o.occurrence.key, plan, one.period, subject, duty, o.occurrence.unit, digest,
            event, opens, due, original, lapses, at, state, 0, None, 0, first.step, 0, wake,
            closed, outcome, one.provisional, first.late_by_system,
        )
        for id_, o in enumerate(period.new, number)
    ]  # fmt: skip


def _wake(batch: Batch, first: Opening) -> datetime | None:
    """When the ladder wants a look, or the roster changes."""
    day = batch.place.clock.day(first.occurrence.opens_at)
    turns = roster_turns(batch.place, batch.duty.id, day, first.due_at)
    if turns is None or first.lapsed:
        return first.wake_at
    return min(turns, first.wake_at or turns)


def _facts(keys: Sequence[str], kind: FactKind, at: str, body: bytes) -> Iterator[facts.Parts]:
    """The same fact about each of these tasks; its key is the name of what happened."""
    name = kind.value
    start = head(name, name, at, SYSTEM, body)
    for key in keys:
        yield key, name, name, at, SYSTEM, body, leaf(start + tail(key))


def _body(period: _Period, said: Sequence[Step]) -> bytes:
    """Everything that the index of a task says at its opening, so that it can be rebuilt."""
    batch, opening = period.batch, period.first
    one = opening.occurrence
    told: list[Role] = [] if opening.lapsed else [role for step in said for role in step.to]
    found: dict[str, object] = {
        "due": text(opening.due_at),
        "duty": batch.duty.id,
        "late_by_system": opening.late_by_system,
        "opens": text(one.opens_at),
        "original_due": text(one.due_at),
        "promise": period.promise.digest,
        "provisional": one.provisional,
        "subject": one.subject,
        "told": [role.value for role in dict.fromkeys(told)],
        "version": batch.place.version,
    }
    if one.lapses_at is not None:
        found["lapses"] = text(one.lapses_at)
    if batch.event is not None:
        found["event"] = batch.event
    if one.late_by_entry:
        found["late_by_entry"] = True
    return canonical(found)


def opening_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that the opening itself tells (下达时)."""
    return tuple(
        step
        for step in steps
        if step.base is Base.OPENED and step.offset == 0 and step.fraction is None
    )


def kind_of(batch: Batch, step: Step) -> str:
    """The letter that opens a task: for a duty that an incident has called, the incident's."""
    found = finding_type(batch.place.plan)
    called = batch.duty.kind is Kind.EVENT and (found is None or batch.duty.event != found.id)
    return "incident" if called and step.letter == "opened" else step.letter
