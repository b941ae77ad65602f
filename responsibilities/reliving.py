"""One recorded task lived again under a ladder and dates: what would have been told, and when.

What the unit and the office did stays as recorded (handed in, returned, more time, accepted,
waived, reopened); only the rules change. An act that came before the task would have opened counts
from its opening. A date that the record moves is moved the same way: to the recorded date where it
moved the same date, else by the rule (time under review given back) or by as much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from responsibilities.calendars.clock import Clock
from responsibilities.ladder import advance, first_wake, restart
from responsibilities.outages import after_review
from responsibilities.plan import Base, Role, Step
from responsibilities.tasks import FactKind, Outage, State


class Act(NamedTuple):
    """Something people (or our outage) did to a task; the dates where it moved the due date."""

    at: datetime
    what: FactKind
    moved_from: datetime | None = None
    moved_to: datetime | None = None


class Said(NamedTuple):
    """A step that was, or would have been, told; without a notice: the task lapsed."""

    at: datetime
    notice: str
    to: tuple[Role, ...]
    overdue: bool
    """Told after the due date: an escalation."""


class Dates(NamedTuple):
    """The window of a task, and when it was really opened."""

    opens_at: datetime
    original_due_at: datetime
    due_at: datetime
    """Later than the original where our outage took time at the opening."""
    lapses_at: datetime | None
    opened_at: datetime


def relive(
    dates: Dates, steps: tuple[Step, ...], acts: Sequence[Act], clock: Clock, until: datetime,
    outages: Sequence[Outage] = (),
) -> tuple[Said, ...]:  # fmt: skip
    """Everything told about the task up to `until`, the steps of its opening first."""
    life = _Life(dates, steps, clock)
    pending = list(acts)
    while life.state is not State.CLOSED or any(a.what is FactKind.REOPENED for a in pending):
        wake = _awake(life.wake_at, outages)
        if pending and (wake is None or pending[0].at <= wake) and pending[0].at <= until:
            life.act(pending.pop(0))
        elif wake is not None and wake <= until:
            life.climb(wake)
        else:
            break
    return tuple(life.said)


def _awake(at: datetime | None, outages: Sequence[Outage]) -> datetime | None:
    """While we were down nobody was told; then, the moment we were up again."""
    return next((o.until for o in outages if at and o.since < at <= o.until), at)


@dataclass(slots=True, init=False)
class _Life:
    """A task as its ladder sees it (`responsibilities.climbing`), changed in place."""

    steps: tuple[Step, ...]
    clock: Clock
    opens_at: datetime
    due_at: datetime
    original_due_at: datetime
    lapses_at: datetime | None
    opened_at: datetime
    wake_at: datetime | None
    step: int
    said: list[Said]
    state: State = State.OPEN
    submitted_at: datetime | None = None
    review_step: int = 0
    late_by_system: bool = False

    def __init__(self, dates: Dates, steps: tuple[Step, ...], clock: Clock) -> None:
        self.steps, self.clock, self.said = steps, clock, []
        self.opens_at, self.original_due_at, self.due_at, self.lapses_at, self.opened_at = dates
        self.state, self.submitted_at, self.review_step = State.OPEN, None, 0
        self.late_by_system = False
        self.step, self.wake_at = 0, None
        if self.lapses_at is not None and self.lapses_at <= self.opened_at:
            self._lapse()
            return
        start = first_wake(
            steps, self.opens_at, self.due_at, self.lapses_at, clock, self.opened_at,
            self.original_due_at,
        )  # fmt: skip
        self.step, self.wake_at = start.step, start.wake_at
        self.said += [
            Said(self.opens_at, step.notice, step.to, False)
            for step in steps
            if step.base is Base.OPENED and step.offset == 0 and step.fraction is None
        ]

    def climb(self, now: datetime) -> None:
        """What a round does with the task."""
        found = advance(self, self.steps, self.clock, now)
        for tell in found.tells:
            overdue = tell.step.base is Base.DUE and tell.step.offset > 0
            self.said.append(Said(tell.at, tell.step.notice, tell.step.to, overdue))
        self.step, self.review_step, self.wake_at = found.step, found.review_step, found.wake_at
        if found.lapse:
            self._lapse()

    def act(self, act: Act) -> None:
        """What an act does to the task, and when its ladder then wants attention."""
        now = max(act.at, self.opened_at)
        if act.what in (FactKind.ACCEPTED, FactKind.WAIVED):
            self.state, self.wake_at = State.CLOSED, None
        if self.state is State.CLOSED and act.what is not FactKind.REOPENED:
            return
        if act.what is FactKind.SUBMITTED and self.state is State.OPEN:
            self.state, self.submitted_at, self.review_step = State.SUBMITTED, now, 0
        elif act.what is FactKind.RETURNED and self.state is State.SUBMITTED:
            self.due_at = max(self._moved(act, after_review(self, self.clock, now)), self.due_at)
            self.state, self.submitted_at = State.OPEN, None
        elif act.what is FactKind.EXTENDED:
            self._extend(act, now)
        elif act.what is FactKind.REOPENED and act.moved_to:
            self.state, self.submitted_at = State.OPEN, None
            self._until(act.moved_to, now)
        elif act.what is FactKind.MOVED and act.moved_from and act.moved_to:
            self.due_at = self._moved(act, self.due_at + (act.moved_to - act.moved_from))
        found = advance(self, self.steps, self.clock, now)
        self.wake_at = now if found.tells or found.lapse else found.wake_at

    def _extend(self, act: Act, now: datetime) -> None:
        """The day that was granted stands, where it is later than the day there is."""
        if act.moved_to is None or act.moved_to <= self.due_at:
            return
        self._until(act.moved_to, now)

    def _until(self, due_at: datetime, now: datetime) -> None:
        """A new due date, and a new round of the ladder."""
        self.due_at = due_at
        self.step = restart(
            self.steps, self.opens_at, due_at, self.clock, now, self.original_due_at
        )

    def _moved(self, act: Act, otherwise: datetime) -> datetime:
        same = act.moved_from == self.due_at and act.moved_to is not None
        return act.moved_to if same and act.moved_to else otherwise

    def _lapse(self) -> None:
        assert self.lapses_at is not None
        self.said.append(Said(self.lapses_at, "", (), False))
        self.state, self.wake_at = State.CLOSED, None
