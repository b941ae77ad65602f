"""Advancing the tasks that have woken: reminders, escalations, dates given back, lapses."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from inspections.record import canonical, head, leaf, tail
from office.opening import SYSTEM
from office.telling import Bundles
from office.workplace import InForce, promise
from responsibilities.ladder import advance
from responsibilities.plan import Base, Role, Step
from responsibilities.tasks import Advance, FactKind, Outage, State, Task, Tell
from storage import facts, notices, tasks
from storage.instants import text, text_or_none
from storage.notices import Matter


class Happened(NamedTuple):
    """One thing that happened to one task, and why."""

    kind: FactKind
    task: Task
    why: str


def advance_all(
    connection: Connection,
    woken: Iterable[Task],
    places: dict[str, InForce],
    now: datetime,
    outage: Outage | None,
) -> list[Happened]:
    """Do what the ladder of each of these tasks asks for at `now`."""
    round_ = _Round(now, outage)
    for task in woken:
        steps = promise(connection, task.promise).steps
        round_.take(task, advance(task, steps, places[task.plan].clock, now, outage))
    tasks.advance(connection, round_.advanced)
    tasks.save(connection, round_.changed)
    facts.append_parts(connection, round_.record)
    notices.add(connection, round_.bundles.notices())
    return round_.happened


class _Round:
    """The rows of one transaction, gathered task by task."""

    def __init__(self, now: datetime, outage: Outage | None) -> None:
        self.now = now
        self.at = text(now)
        self.outage = outage
        self.bundles = Bundles(now)
        self.advanced: list[tuple[int, int, str | None, int]] = []
        self.changed: list[Task] = []
        self.record: list[facts.Parts] = []
        self.happened: list[Happened] = []
        self._shared: dict[tuple[object, ...], tuple[str, bytes, bytes]] = {}

    def take(self, task: Task, found: Advance) -> None:
        if found.wake_at is not None and found.wake_at <= self.now:
            raise RuntimeError(f"{task.key} would wake at {found.wake_at}, not after {self.now}")
        if found.move_due_to is not None:
            self._move(task, found.move_due_to)
        for tell in found.tells:
            self._tell(task, tell)
        if found.lapse:
            self._lapse(task)
        if found.move_due_to is None and not found.lapse:
            wake = text_or_none(found.wake_at)
            self.advanced.append((found.step, found.review_step, wake, task.id))
            return
        self.changed.append(self._index(task, found))

    def _index(self, task: Task, found: Advance) -> Task:
        after = replace(task, step=found.step, review_step=found.review_step, wake_at=found.wake_at)
        if found.move_due_to is not None:
            after = replace(after, due_at=found.move_due_to, late_by_system=True)
        if found.lapse:
            after = replace(
                after, state=State.CLOSED, closed_at=self.now, outcome="lapsed", wake_at=None
            )
        return after

    def _tell(self, task: Task, tell: Tell) -> None:
        step = tell.step
        turn = task.attempt if step.base is Base.SUBMITTED else task.round
        shared = (id(step), turn, tell.at, tell.to, tell.late_by_system)
        known = self._shared.get(shared)
        if known is None:
            known = self._shared[shared] = self._told(step, turn, tell)
        key, body, start = known
        self.record.append(
            (task.key, key, "told", self.at, SYSTEM, body, leaf(start + tail(task.key)))
        )
        self.bundles.tell(
            task.plan, task.unit, tell.to, step.letter, Matter(task.id, step.id),
            mark=key, due_at=task.due_at, urgent=step.urgent,
        )  # fmt: skip
        self.happened.append(Happened(FactKind.TOLD, task, step.text or step.notice))

    def _told(self, step: Step, turn: int, tell: Tell) -> tuple[str, bytes, bytes]:
        key = told_key(step, turn)
        body = canonical(
            {
                "at": text(tell.at),
                "late_by_system": tell.late_by_system,
                "notice": step.notice,
                "step": step.id,
                "told": [role.value for role in tell.to],
            }
        )
        return key, body, head(key, "told", self.at, SYSTEM, body)

    def _move(self, task: Task, due_at: datetime) -> None:
        key = f"moved/{self.at}"
        body = {"due": text(due_at), "from": text(task.due_at), "why": "outage"}
        self._fact(task, key, FactKind.MOVED, body)
        self.bundles.tell_about(replace(task, due_at=due_at), [Role.CONTACT], "moved", key)

    def _lapse(self, task: Task) -> None:
        self._fact(task, "lapsed", FactKind.LAPSED, {"at": text(task.lapses_at or self.now)})
        self.bundles.tell_about(task, [Role.CONTACT, Role.OFFICE], "lapsed", "lapsed")

    def _fact(self, task: Task, key: str, kind: FactKind, body: dict[str, str]) -> None:
        packed = canonical(body)
        hashed = leaf(head(key, kind.value, self.at, SYSTEM, packed) + tail(task.key))
        self.record.append((task.key, key, kind.value, self.at, SYSTEM, packed, hashed))
        self.happened.append(Happened(kind, task, ""))


def told_key(step: Step, turn: int) -> str:
    """The key of the fact that a step was told: once a round, or once an attempt for a reviewer."""
    who = "review" if step.base is Base.SUBMITTED else "unit"
    return f"told/{who}/{turn}/{step.id}"
