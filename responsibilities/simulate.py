"""A whole school year in memory: the product's own `decide`, with units that behave by seed.

Driven by events, not by days: a heap of openings, wakings, acts and incidents, so the cost follows
what happens. A round is everything that falls on one instant; letters are bundled for each mailbox
and round as the product does, urgent ones go alone. Counted are the letters of the ladder (those of
review, extension and incident reports are not). Time is the plan's; nothing here reads a clock.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final, NamedTuple

from responsibilities.clock import Clock
from responsibilities.conduct import Conduct, Scenario, conduct, reviewed_at, school_year, temper
from responsibilities.decide import Advanced, Opening, Stuck, Woken, decide, ladder_of, open_event
from responsibilities.imagined import incidents
from responsibilities.ladder import restart
from responsibilities.occurrences import next_opening
from responsibilities.outages import after_review
from responsibilities.plan import Base, Duty, Kind, Plan, Step
from responsibilities.simulation import Happening, Simulation
from responsibilities.simulation_text import line, text
from responsibilities.tallies import Tallies
from responsibilities.tasks import Advance, Event, State, Task
from responsibilities.words import Refused

__all__ = ["Happening", "Scenario", "Simulation", "line", "school_year", "simulate", "text"]

Note = Callable[[Happening], None]
_INSTANT: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_CLOSING_DAYS: Final = 10
"""An incident is closed (结案) so many days after its report."""


class _Matter:
    """One task in the run: its index, its ladder, and what its unit is going to do."""

    __slots__ = ("conduct", "duty", "steps", "task")

    def __init__(self, task: Task, duty: Duty, steps: tuple[Step, ...], conduct: Conduct) -> None:
        self.task, self.duty, self.steps, self.conduct = task, duty, steps, conduct


class _Due(NamedTuple):
    """An entry of the agenda; acts come before the round of their instant."""

    at: datetime
    order: int
    number: int
    do: Callable[..., None]
    about: Any


def simulate(plan: Plan, clock: Clock, scenario: Scenario, note: Note | None = None) -> Simulation:
    """Run `plan` from the first to the last day of `scenario`; the same seed gives the same run.

    `note` hears of everything in order of time, e.g. `events.append`. Memory follows the tasks in
    hand, not the length of the run. Raises Refused where the span lies beyond the calendars.
    """
    run = _Run(plan, clock, scenario, note)
    run.begin()
    run.go()
    return run.tallies.result()


class _Run:
    """The agenda and the matters in hand."""

    def __init__(self, plan: Plan, clock: Clock, scenario: Scenario, note: Note | None) -> None:
        self.plan, self.clock, self.scenario, self.note = plan, clock, scenario, note
        self.tallies = Tallies(plan, clock, scenario)
        self.start = clock.at(scenario.first, time(0))
        self.end = clock.end_of_day(scenario.last)
        self.agenda: list[_Due] = []
        self.matters: dict[str, _Matter] = {}
        self.incidents: dict[str, tuple[Event, set[str]]] = {}
        self.tempers = {unit.id: temper(scenario, unit.id) for unit in plan.units}
        self.ladders = {duty.id: ladder_of(plan, duty) for duty in plan.duties}
        self.event_duties = [duty for duty in plan.duties if duty.kind is Kind.EVENT]
        self.numbers = count()
        self.cursors: dict[str, datetime] = {}
        self.woken: dict[str, Woken] = {}
        self.passed = scenario.first

    def begin(self) -> None:
        """Put the first opening of every duty and all incidents on the agenda."""
        self.clock.working.is_working(self.scenario.first)
        self.clock.working.is_working(self.scenario.last)
        for duty in self.plan.duties:
            self.await_opening(duty, self.start - _INSTANT)
        for kind in self.plan.event_types:
            for event in incidents(self.plan, kind, self.scenario, self.start):
                self.put(event.reported_at, 1, self.report, event)

    def go(self) -> None:
        """Work through the agenda, instant by instant."""
        while self.agenda:
            now = self.agenda[0].at
            while self.agenda and self.agenda[0].at == now:
                due = heappop(self.agenda)
                due.do(now, due.about)
            self.round(now)
        self.finish()

    def put(self, at: datetime, order: int, do: Callable[..., None], about: object) -> None:
        """On the agenda, unless it lies behind the end of the run."""
        if at < self.end:
            heappush(self.agenda, _Due(at, order, next(self.numbers), do, about))

    # ---- the round: what reconcile does ----

    def await_opening(self, duty: Duty, after: datetime) -> None:
        at = next_opening(self.plan, duty, self.clock, after)
        if at is not None:
            self.put(at, 2, self.due_opening, (duty, after))

    def due_opening(self, now: datetime, about: tuple[Duty, datetime]) -> None:
        duty, since = about
        self.cursors[duty.id] = since

    def due_waking(self, now: datetime, key: str) -> None:
        matter = self.matters.get(key)
        if matter is not None and matter.task.wake_at == now:
            self.woken[key] = Woken(matter.task, matter.steps)

    def round(self, now: datetime) -> None:
        cursors, woken = self.cursors, self.woken
        if cursors or woken:
            self.cursors, self.woken = {}, {}
            for decision in decide(self.plan, self.clock, cursors, woken.values(), now):
                self.carry_out(decision, now)
            for duty in self.plan.duties if cursors else ():
                if duty.id in cursors and duty.id not in self.tallies.stuck:
                    self.await_opening(duty, now)
        self.tallies.round_over(now)
        today = self.clock.day(now)
        if (today - self.passed).days > 7:
            self.passed = today
            self.tallies.passed(today)

    def carry_out(self, decision: Opening | Advanced | Stuck, now: datetime) -> None:
        if isinstance(decision, Opening):
            self.open(decision, now)
        elif isinstance(decision, Advanced):
            self.advance(decision.task.key, decision.advance, now)
        else:
            self.tallies.stuck[decision.duty] = decision.words

    def open(self, opening: Opening, now: datetime) -> None:
        one, duty = opening.occurrence, opening.duty
        plans = self._conduct(opening)
        event = one.period if duty.kind is Kind.EVENT else None
        task = Task(
            0, one.key, self.plan.id, one.period, one.subject, duty.id, one.unit, "", event,
            one.opens_at, opening.due_at, one.due_at, one.lapses_at, now, State.OPEN, 0, None, 0,
            opening.step, 0, opening.wake_at, None, "", one.provisional, False,
        )  # fmt: skip
        steps = self.ladders[duty.id]
        matter = self.matters[one.key] = _Matter(task, duty, steps, plans)
        self.say(now, "opened", one.key, self.wall(opening.due_at))
        self.tallies.opened(duty, one.unit, one.opens_at, opening.due_at, one.provisional)
        for step in steps:
            if step.base is Base.OPENED and step.offset == 0:
                self.tallies.told(duty, one.unit, step, now)
        self.await_waking(matter)
        if plans.asks_at is not None:
            self.put(max(plans.asks_at, now), 0, self.extend, one.key)
        if plans.submits_at is not None:
            self.put(max(plans.submits_at, now), 0, self.submit, one.key)
        self.forget_if_dead(matter)

    def advance(self, key: str, found: Advance, now: datetime) -> None:
        matter = self.matters[key]
        for tell in found.tells:
            self.say(now, "told", key, tell.step.notice)
            self.tallies.told(matter.duty, matter.task.unit, tell.step, now)
        if found.lapse:
            self.say(now, "lapsed", key, "")
            self.close(matter, "excused")
            return
        matter.task = replace(
            matter.task, step=found.step, review_step=found.review_step, wake_at=found.wake_at
        )
        self.await_waking(matter)
        self.forget_if_dead(matter)

    def await_waking(self, matter: _Matter) -> None:
        if matter.task.wake_at is not None:
            self.put(matter.task.wake_at, 2, self.due_waking, matter.task.key)

    def forget_if_dead(self, matter: _Matter) -> None:
        """A task that nobody will ever touch again need not be remembered."""
        task = matter.task
        if task.wake_at is None and task.state is State.OPEN and not matter.conduct.submits_at:
            self.close(matter, "unfinished")

    # ---- what units, reviewers and the office do ----

    def submit(self, now: datetime, key: str) -> None:
        matter = self.matters.get(key)
        if matter is None:
            return
        task = matter.task
        if task.attempt == 0:
            late = now > task.due_at
            self.tallies.by_unit["late" if late else "on_time"][task.unit] += 1
        matter.task = replace(
            task, state=State.SUBMITTED, attempt=task.attempt + 1, submitted_at=now, review_step=0,
            wake_at=now,
        )  # fmt: skip
        self.say(now, "submitted", key, "")
        self.put(now, 2, self.due_waking, key)
        long = task.due_at - task.opens_at >= _DAY
        self.put(self._review(now, matter, long), 0, self.review, key)
        if task.event is not None:
            self.stage_done(matter, now)

    def review(self, now: datetime, key: str) -> None:
        matter = self.matters[key]
        task = matter.task
        if not matter.conduct.is_returned or task.attempt > 1:
            self.say(now, "accepted", key, "")
            self.close(matter, "")
            return
        self.say(now, "returned", key, "")
        self.tallies.by_unit["returned"][task.unit] += 1
        due_at = after_review(task, self.clock, now)
        matter.task = replace(task, state=State.OPEN, due_at=due_at, wake_at=now)
        self.put(now, 2, self.due_waking, key)
        again = now + (due_at - now) / 2 if due_at > now else now + _DAY
        self.put(again, 0, self.submit, key)

    def extend(self, now: datetime, key: str) -> None:
        matter = self.matters.get(key)
        due_at = matter.conduct.extended_to if matter else None
        if matter is None or due_at is None or matter.task.state is not State.OPEN:
            return
        task = matter.task
        self.say(now, "extended", key, self.wall(due_at))
        self.tallies.by_unit["extended"][task.unit] += 1
        step = restart(matter.steps, task.opens_at, due_at, self.clock, now, task.original_due_at)
        matter.task = replace(task, round=task.round + 1, due_at=due_at, step=step, wake_at=now)
        self.put(now, 2, self.due_waking, key)

    def close(self, matter: _Matter, outcome: str) -> None:
        del self.matters[matter.task.key]
        if outcome:
            self.tallies.by_unit[outcome][matter.task.unit] += 1

    def finish(self) -> None:
        """What is in hand on the last day is unfinished, unless it lies with the reviewer."""
        for matter in self.matters.values():
            if matter.task.state is State.OPEN:
                self.tallies.by_unit["unfinished"][matter.task.unit] += 1
        self.matters.clear()

    def _conduct(self, opening: Opening) -> Conduct:
        one = opening.occurrence
        try:
            return conduct(
                self.scenario, self.tempers[one.unit], one.key, one.opens_at, opening.due_at,
                self.clock,
            )  # fmt: skip
        except Refused:  # would act beyond the calendars, so not within the run
            return Conduct(None, None, None, False, 0.5)

    def _review(self, now: datetime, matter: _Matter, long: bool) -> datetime:
        try:
            return reviewed_at(now, matter.conduct.slowness, long, self.clock)
        except Refused:
            return self.end

    # ---- incidents ----

    def report(self, now: datetime, event: Event) -> None:
        self.say(now, "reported", event.id, event.type)
        self.tallies.events += 1
        self.incidents[event.id] = (event, set())
        self.open_for(event.id, now)
        closed = event.reported_at + timedelta(days=_CLOSING_DAYS)
        self.put(closed, 1, self.close_incident, event.id)

    def close_incident(self, now: datetime, event_id: str) -> None:
        self.mark(event_id, "结案", now)
        del self.incidents[event_id]

    def stage_done(self, matter: _Matter, now: datetime) -> None:
        """A stage handed in (首报) starts the clock of the next."""
        name = matter.task.key.split("/")[2].removeprefix(f"{matter.duty.id}.")
        for stage in matter.duty.stages:
            if stage.id == name:
                self.mark(matter.task.period, stage.name, now)

    def mark(self, event_id: str, name: str, now: datetime) -> None:
        held = self.incidents.get(event_id)
        if held is not None and name not in held[0].marks:
            event = replace(held[0], marks={**held[0].marks, name: now})
            self.incidents[event_id] = (event, held[1])
            self.open_for(event_id, now)

    def open_for(self, event_id: str, now: datetime) -> None:
        event, opened = self.incidents[event_id]
        for duty in self.event_duties:
            for opening in open_event(self.plan, duty, event, self.clock, now):
                if opening.occurrence.key not in opened:
                    opened.add(opening.occurrence.key)
                    self.open(opening, now)

    def wall(self, instant: datetime) -> str:
        return f"{self.clock.local(instant):%Y-%m-%d %H:%M}" if self.note else ""

    def say(self, at: datetime, what: str, key: str, detail: str) -> None:
        self.tallies.happenings += 1
        if self.note is not None:
            self.note(Happening(at, what, key, detail))
