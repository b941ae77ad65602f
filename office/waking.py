"""Advancing the tasks that have woken: reminders, escalations, dates given back, lapses.

The units of one period climb the same ladder at the same instants, so what is to be done is worked
out once for all of them (`_Fate`), and only the rows are made task by task.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from inspections.record import canonical, head, leaf, tail
from office.matters import matter, roster_turns
from office.review import lapse_parts
from office.rosters import follow
from office.telling import Bundles, useful_until
from office.workplace import InForce, promise
from responsibilities.ladder import advance
from responsibilities.plan import Base, Role, Step
from responsibilities.tasks import SYSTEM, Advance, FactKind, Outage, State, Task, Tell
from storage import bulk, facts, notices, tasks
from storage.instants import instant, instant_or_none, text, text_or_none
from storage.notices import Matter
from storage.tasks import Shape

Happened = tuple[FactKind, str, str, str]
"""What happened to a task: kind, plan, duty, and the step told."""


def advance_rows(
    connection: Connection,
    woken: Iterable[bulk.Row],
    places: Mapping[str, InForce],
    now: datetime,
    outage: Outage | None,
) -> list[Happened]:
    """Do what the ladder of each of these tasks (see `tasks.woken`) asks for at `now`."""
    round_ = _Round(connection, places, now, outage)
    for row in woken:
        round_.take(row[0], row[1], row[2], row[3:])
    tasks.advance(connection, round_.advanced)
    round_.change()
    facts.append_parts(connection, round_.record)
    round_.follow()
    notices.add(connection, round_.bundles.notices())
    return round_.happened


@dataclass(frozen=True, slots=True)
class _Climber:
    """A task as its ladder sees it (`responsibilities.climbing`)."""

    state: State
    opens_at: datetime
    due_at: datetime
    original_due_at: datetime
    lapses_at: datetime | None
    submitted_at: datetime | None
    wake_at: datetime | None
    step: int
    review_step: int
    late_by_system: bool


class _Said(NamedTuple):
    """A fact that many tasks share, and the letter it makes."""

    kind: str
    key: str
    body: bytes
    start: bytes
    """The record of the fact up to the task's own key."""
    to: tuple[Role, ...]
    letter: str
    step: str
    until: datetime
    urgent: bool


@dataclass(frozen=True, slots=True)
class _Fate:
    """What happens to every task of one shape."""

    advance: Advance
    wake_at: str | None
    said: tuple[_Said, ...]
    happened: tuple[Happened, ...]
    follows: bool = False
    """Whether there is a roster that may have changed."""

    @property
    def changes(self) -> bool:
        """Whether more than the place on the ladder changes."""
        return self.advance.lapse or self.advance.move_due_to is not None


class _Round:
    """The rows of one transaction, gathered task by task."""

    def __init__(
        self, connection: Connection, places: Mapping[str, InForce], now: datetime,
        outage: Outage | None,
    ) -> None:  # fmt: skip
        self.now = now
        self.at = text(now)
        self.bundles = Bundles(now)
        self.advanced: list[tuple[int, int, str | None, int]] = []
        self.record: list[facts.Parts] = []
        self.happened: list[Happened] = []
        self._changed: dict[int, Advance] = {}
        self._following: list[int] = []
        self._connection = connection
        self._places = places
        self._outage = outage
        self._fates: dict[bulk.Row, _Fate] = {}

    def take(self, number: int, key: str, unit: str, shape: bulk.Row) -> None:
        """Add what one task needs."""
        fate = self._fates.get(shape)
        if fate is None:
            fate = self._fates[shape] = self._fate(Shape(*shape))
        plan, rest = shape[0], tail(key)
        for said in fate.said:
            kind, name, body, start, to, letter, step, until, urgent = said
            hashed = leaf(start + rest)
            self.record.append((key, name, kind, self.at, SYSTEM, body, hashed))
            matter = Matter(number, step)
            self.bundles.tell(plan, unit, to, letter, matter, mark=name, until=until, urgent=urgent)
        self.happened += fate.happened
        if fate.follows:
            self._following.append(number)
        if fate.changes:
            self._changed[number] = fate.advance
        else:
            found = fate.advance
            self.advanced.append((found.step, found.review_step, fate.wake_at, number))

    def change(self) -> None:
        """Write back the tasks of which more than the place on the ladder changed."""
        there = tasks.by_ids(self._connection, self._changed) if self._changed else {}
        changed = [self._index(task, self._changed[number]) for number, task in there.items()]
        tasks.save(self._connection, changed)
        for task in there.values():
            duty = self._places[task.plan].duties.get(task.duty)
            if self._changed[task.id].lapse and duty is not None and duty.delegate is not None:
                lapse_parts(
                    self._connection, matter(self._connection, task, self._places), self.now
                )

    def follow(self) -> None:
        """Bring what is still to be covered up to the rosters in force."""
        if not self._following:
            return
        for task in tasks.by_ids(self._connection, self._following).values():
            found = matter(self._connection, task, self._places)
            if follow(self._connection, found, self.now, self.bundles):
                self.happened.append((FactKind.ROSTER, task.plan, task.duty, ""))

    def _index(self, task: Task, found: Advance) -> Task:
        after = replace(task, step=found.step, review_step=found.review_step, wake_at=found.wake_at)
        if found.move_due_to is not None:
            after = replace(after, due_at=found.move_due_to, late_by_system=True)
        if found.lapse:
            after = replace(
                after, state=State.CLOSED, closed_at=self.now, outcome="lapsed", wake_at=None
            )
        return after

    def _fate(self, shape: Shape) -> _Fate:
        steps = promise(self._connection, shape.promise).steps
        clock = self._places[shape.plan].clock
        found = advance(_climber(shape), steps, clock, self.now, self._outage)
        if found.wake_at is not None and found.wake_at <= self.now:
            raise RuntimeError(f"{shape} would wake at {found.wake_at}, not after {self.now}")
        due_at = found.move_due_to or instant(shape.due_at)
        said: list[_Said] = []
        happened: list[Happened] = []
        if found.move_due_to is not None:
            said.append(self._moved(shape, found.move_due_to))
            happened.append((FactKind.MOVED, shape.plan, shape.duty, ""))
        for tell in found.tells:
            said.append(self._told(shape, tell, due_at))
            why = tell.step.text or tell.step.notice
            happened.append((FactKind.TOLD, shape.plan, shape.duty, why))
        if found.lapse:
            said.append(self._lapsed(shape, due_at))
            happened.append((FactKind.LAPSED, shape.plan, shape.duty, ""))
        follows = shape.state == State.OPEN.value and bool(
            promise(self._connection, shape.promise).coverage_roster
        )
        if follows:
            found = found._replace(wake_at=self._wake(shape, found, due_at))
        return _Fate(found, text_or_none(found.wake_at), tuple(said), tuple(happened), follows)

    def _wake(self, shape: Shape, found: Advance, due_at: datetime) -> datetime | None:
        """The next step of the ladder, or the next day on which the roster changes."""
        place = self._places[shape.plan]
        turns = roster_turns(place, shape.duty, place.clock.day(self.now), due_at)
        return min((at for at in (found.wake_at, turns) if at is not None), default=None)

    def _told(self, shape: Shape, tell: Tell, due_at: datetime) -> _Said:
        step = tell.step
        turn = shape.attempt if step.base is Base.SUBMITTED else shape.round
        body = {
            "at": text(tell.at),
            "late_by_system": tell.late_by_system,
            "notice": step.notice,
            "step": step.id,
            "told": [role.value for role in tell.to],
        }
        key = told_key(step, turn)
        letter = (tell.to, step.letter, step.id, due_at, step.urgent)
        return self._said(FactKind.TOLD, key, body, *letter)

    def _moved(self, shape: Shape, due_at: datetime) -> _Said:
        body = {"due": text(due_at), "from": shape.due_at, "why": "outage"}
        letter = ((Role.CONTACT,), "moved", "", due_at, False)
        return self._said(FactKind.MOVED, f"moved/{self.at}", body, *letter)

    def _lapsed(self, shape: Shape, due_at: datetime) -> _Said:
        body = {"at": shape.lapses_at or self.at}
        letter = ((Role.CONTACT, Role.OFFICE), "lapsed", "", due_at, False)
        return self._said(FactKind.LAPSED, "lapsed", body, *letter)

    def _said(
        self, kind: FactKind, key: str, body: Mapping[str, object], to: tuple[Role, ...],
        letter: str, step: str, due_at: datetime, urgent: bool,
    ) -> _Said:  # fmt: skip
        packed = canonical(body)
        start = head(key, kind.value, self.at, SYSTEM, packed)
        until = useful_until(letter, due_at, self.now)
        return _Said(kind.value, key, packed, start, to, letter, step, until, urgent)


def _climber(shape: Shape) -> _Climber:
    return _Climber(
        State(shape.state),
        instant(shape.opens_at),
        instant(shape.due_at),
        instant(shape.original_due_at),
        instant_or_none(shape.lapses_at),
        instant_or_none(shape.submitted_at),
        instant_or_none(shape.wake_at),
        shape.step,
        shape.review_step,
        bool(shape.late_by_system),
    )


def told_key(step: Step, turn: int) -> str:
    """The key of the fact that a step was told: once a round, or once an attempt for a reviewer."""
    who = "review" if step.base is Base.SUBMITTED else "unit"
    return f"told/{who}/{turn}/{step.id}"
