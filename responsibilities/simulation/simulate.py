"""A whole school year in memory: the product's own `decide`, with units that behave by seed.

Driven by events, not by days: a heap of openings, wakings, acts and incidents, so the cost follows
what happens. A round is everything that falls on one instant; letters are bundled for each mailbox
and round as the product does, urgent ones go alone. Counted are the letters of the ladder (those of
review, extension and incident reports are not). Time is the plan's; nothing here reads a clock.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, Final

from responsibilities.calendars.clock import Clock, Unit
from responsibilities.decide import Advanced, Opening, Stuck, Woken, decide, ladder_of, open_event
from responsibilities.delegation import is_part, part_steps, parts, whole_of
from responsibilities.holders import holder_of
from responsibilities.incidents import numbered, stage_of
from responsibilities.ladder import advance
from responsibilities.occurrences import next_opening
from responsibilities.plan import Base, Duty, Kind, Plan, Step, Watch
from responsibilities.renewals import Chain, Last, is_renewing, number_of
from responsibilities.simulation.conduct import (
    IDLE,
    Conduct,
    Scenario,
    conduct,
    reviewed_at,
    temper,
    year_named,
)
from responsibilities.simulation.imagined import closed_at, drawn, incidents, windows
from responsibilities.simulation.matter import Matter, matter_of, measured
from responsibilities.simulation.outcome import Happening, Simulation
from responsibilities.simulation.tallies import Tallies
from responsibilities.simulation.telling import line, text
from responsibilities.spread import too_soon
from responsibilities.tasks import Advance, Event, State
from responsibilities.watching import NOTICE, falls_short, judged, say_short
from responsibilities.words import Refused

__all__ = ["Happening", "Scenario", "Simulation", "line", "simulate", "text", "year_named"]

Note = Callable[[Happening], None]
_ACT, _INCIDENT, _ROUND = range(3)
"""What comes first where several things fall on one instant."""
_MORE: Final = 3
"""How many periods beyond those judged are remembered: some are not due yet."""
_INSTANT: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)


def simulate(plan: Plan, clock: Clock, scenario: Scenario, note: Note | None = None) -> Simulation:
    """Run `plan` from the first to the last day of `scenario`; the same seed gives the same run.

    `note` hears of everything in order of time, e.g. `events.append`. Memory follows the tasks in
    hand, not the length of the run. Raises Refused where the span lies beyond the calendars.
    """
    clock.working.is_working(scenario.first)
    clock.working.is_working(scenario.last)
    run = _Run(plan, clock, scenario, note)
    run.begin()
    run.go()
    return run.tallies.result()


class _Run:
    """The agenda and the matters in hand."""

    def __init__(self, plan: Plan, clock: Clock, scenario: Scenario, note: Note | None) -> None:
        plan = drawn(plan, clock, scenario)
        self.plan, self.clock, self.scenario, self.note = plan, clock, scenario, note
        self.tallies = Tallies(plan, clock, scenario)
        self.now, self.end = clock.at(scenario.first, time(0)), clock.end_of_day(scenario.last)
        self.agenda: list[tuple[datetime, int, int, Callable[..., None], Any]] = []
        self.numbers = count()
        self.matters: dict[str, Matter] = {}
        self.incidents: dict[str, tuple[Event, set[str]]] = {}
        self.tempers = {unit.id: temper(scenario, unit.id) for unit in plan.units}
        self.ladders = {duty.id: ladder_of(plan, duty) for duty in plan.duties}
        self.ladders |= {
            f"{duty.id}~": part_steps(self.ladders[duty.id])
            for duty in plan.duties
            if duty.delegate is not None
        }
        self.event_duties = [duty for duty in plan.duties if duty.kind is Kind.EVENT]
        self.spans = windows(plan, scenario, clock.at(scenario.first, time(0)))
        self.cursors: dict[str, datetime] = {}
        self.woken: dict[str, Woken] = {}
        self.done: dict[tuple[str, str], datetime] = {}
        self.past: dict[tuple[str, str], deque[Matter]] = {}
        self.to_judge: list[tuple[Watch, Matter]] = []
        start = clock.at(scenario.first, time(0))
        self.chains = {d.id: Chain(start, {}) for d in plan.duties if is_renewing(d)}

    def begin(self) -> None:
        """Put the first opening of every duty and all incidents on the agenda."""
        start = self.clock.at(self.scenario.first, time(0))
        self.await_openings(self.plan.duties, start - _INSTANT)
        for id_ in self.chains:  # what ran out before the first day is asked for at once
            self.put(start, _ROUND, self.due_opening, (id_, start))
        for kind in self.plan.event_types:
            for event in incidents(self.plan, kind, self.scenario, start):
                self.put(event.reported_at, _INCIDENT, self.report, event)

    def go(self) -> None:
        """Work through the agenda, instant by instant."""
        agenda = self.agenda
        while agenda:
            now = self.now = agenda[0][0]
            self.tallies.at(now)
            while agenda and agenda[0][0] == now:
                _, _, _, do, about = heappop(agenda)
                do(now, about)
            self.round(now)
        self.finish()

    def put(self, at: datetime, order: int, do: Callable[..., None], about: object) -> None:
        """On the agenda, unless it lies behind the end of the run."""
        if at < self.end:
            heappush(self.agenda, (at, order, next(self.numbers), do, about))

    def say(self, at: datetime, what: str, key: str, detail: str = "") -> None:
        self.tallies.happenings += 1
        if self.note is not None:
            self.note(Happening(at, what, key, detail))

    def wall(self, instant: datetime) -> str:
        return f"{self.clock.local(instant):%Y-%m-%d %H:%M}" if self.note else ""

    # ---- the round: what reconcile does ----

    def await_openings(self, duties: Iterable[Duty], after: datetime) -> None:
        for duty in duties:
            chain = self.chains.get(duty.id)
            at = next_opening(self.plan, duty, self.clock, after, self.spans, chain)
            if at is not None:
                self.put(at, _ROUND, self.due_opening, (duty.id, after))

    def due_opening(self, now: datetime, about: tuple[str, datetime]) -> None:
        duty, since = about
        self.cursors[duty] = since

    def due_waking(self, now: datetime, about: tuple[Matter, datetime]) -> None:
        matter, wake_at = about
        if matter.wake_at == wake_at and matter.state is not State.CLOSED:
            self.woken[matter.key] = Woken(matter, matter.steps)

    def round(self, now: datetime) -> None:
        cursors, woken = self.cursors, self.woken
        if cursors or woken:
            self.cursors, self.woken = {}, {}
            for decision in decide(
                self.plan, self.clock, cursors, woken.values(), now, None, self.spans, self.chains
            ):
                self.carry_out(decision, now)
            for watch, matter in self.to_judge:
                self.judge(watch, matter, now)
            self.to_judge.clear()
            if cursors:
                due = (d for d in self.plan.duties if d.id in cursors)
                self.await_openings((d for d in due if d.id not in self.tallies.stuck), now)
        self.tallies.round_over(now)

    def carry_out(self, decision: Opening | Advanced | Stuck, now: datetime) -> None:
        if isinstance(decision, Opening):
            self.open(decision, now)
        elif isinstance(decision, Stuck):
            self.tallies.stuck[decision.duty] = decision.words
        else:
            assert isinstance(decision.task, Matter)
            self.climb(decision.task, decision.advance, now)

    def open(self, opening: Opening, now: datetime) -> None:
        one, duty = opening.occurrence, opening.duty
        part = duty.delegate is not None and is_part(one.unit)
        ladder = self.ladders[f"{duty.id}~" if part else duty.id]
        matter = matter_of(opening, ladder, self.conduct_of(opening))
        self.matters[one.key] = matter
        if part and (whole := self.matters.get(whole_of(one.key))) is not None:
            whole.waits_for += 1
        self.held_up(matter, None)
        self.say(now, "opened", one.key, self.wall(opening.due_at))
        self.tallies.opened(duty, one.unit, opening.due_at, one.provisional)
        for step in matter.steps:
            if step.base is Base.OPENED and step.offset == 0:
                self.tallies.told(duty, one.unit, step)
        if duty.watch is not None:
            self.to_judge.append((duty.watch, matter))
        self.await_waking(matter)
        if matter.conduct.asks_at is not None:
            self.put(max(matter.conduct.asks_at, now), _ACT, self.extend, matter)
        if matter.conduct.submits_at is not None:
            self.put(max(matter.conduct.submits_at, now), _ACT, self.submit, matter)

    def judge(self, watch: Watch, matter: Matter, now: datetime) -> None:
        """What fell short period after period is escalated with the task that opens now."""
        own = self.past.setdefault(
            (matter.duty.id, matter.unit), deque(maxlen=watch.periods + _MORE)
        )
        found = [measured(one, watch) for one in judged(watch, own, now)]
        own.append(matter)
        if falls_short(watch, found):
            self.say(now, "watched", matter.key, f"：{say_short(watch, found).zh}")
            step = Step(
                "watched", Base.DUE, 1, Unit.DAY.value, None, False, watch.to, NOTICE, "escalated"
            )
            self.tallies.told(matter.duty, matter.unit, step)

    def climb(self, matter: Matter, found: Advance, now: datetime) -> None:
        for tell in found.tells:
            self.say(now, "told", matter.key, tell.step.notice)
            self.tallies.told(matter.duty, matter.unit, tell.step)
        matter.carry_out(found)
        if found.lapse:
            self.say(now, "lapsed", matter.key)
            self.close(matter, "excused")
        else:
            self.await_waking(matter)

    def await_waking(self, matter: Matter) -> None:
        """A task that nobody will ever touch again need not be remembered."""
        if matter.wake_at is not None:  # in the past where an event is reported after its due date
            at = max(matter.wake_at, self.now)
            self.put(at, _ROUND, self.due_waking, (matter, matter.wake_at))
        elif matter.state is State.OPEN and matter.conduct.submits_at is None:
            if matter.waits_for:
                return
            self.close(matter, "unfinished")

    def wake(self, matter: Matter, now: datetime) -> None:
        """After an act the ladder is asked anew, as the product's acts do."""
        self.climb(matter, advance(matter, matter.steps, self.clock, now), now)

    def held_up(
        self, matter: Matter, done_at: datetime | None, now: datetime | None = None
    ) -> None:
        """What counts from the last time waits while it is in hand, and goes on when it is done."""
        chain = self.chains.get(matter.duty.id)
        if chain is not None:
            number = number_of(matter.period)
            done_on = self.clock.day(done_at) if done_at else None
            chain.last[holder_of(matter.key)] = Last(number, done_on, now)
            if now is not None:
                self.put(now, _ROUND, self.due_opening, (matter.duty.id, now))

    def close(self, matter: Matter, outcome: str) -> None:
        matter.state = State.CLOSED
        del self.matters[matter.key]
        if outcome:
            self.tallies.counted(outcome, matter.duty.id, matter.unit)

    def finish(self) -> None:
        """What is in hand on the last day is unfinished, unless it lies with the reviewer."""
        for matter in list(self.matters.values()):
            self.close(matter, "unfinished" if matter.state is State.OPEN else "")

    # ---- what units, reviewers and the office do ----

    def conduct_of(self, opening: Opening) -> Conduct:
        one = opening.occurrence
        how = self.tempers.get(one.unit) or temper(self.scenario, one.unit)
        try:
            will = conduct(self.scenario, how, one.key, one.opens_at, opening.due_at, self.clock)
        except Refused:  # would act beyond the calendars, so not within the run
            return IDLE
        if opening.duty.delegate is None:
            return will
        if is_part(one.unit):
            return will._replace(asks_at=None)  # its time is that of the whole
        waits = bool(parts(self.plan, opening.duty, one.unit))
        return will._replace(submits_at=None, asks_at=None) if waits else will

    def submit(self, now: datetime, matter: Matter) -> None:
        if matter.state is not State.OPEN:
            return
        if matter.attempt == 0:
            free = self.gap_ends(matter, now)
            if free is not None:
                self.put(free, _ACT, self.submit, matter)
                return
            late = now > matter.due_at
            self.tallies.counted("late" if late else "on_time", matter.duty.id, matter.unit)
        matter.submit(now)
        self.say(now, "submitted", matter.key)
        if matter.duty.delegate is not None and is_part(matter.unit):
            self.part_done(now, matter)
            return
        self.wake(matter, now)
        self.put(self.review_at(now, matter), _ACT, self.review, matter)
        if matter.duty.stages:
            self.stage_done(matter, now)

    def part_done(self, now: datetime, matter: Matter) -> None:
        """A delegate has handed in; with the last of them the unit's task is."""
        self.close(matter, "")
        whole = self.matters.get(whole_of(matter.key))
        if whole is not None:
            whole.waits_for -= 1
            if not whole.waits_for:
                self.submit(now, whole)

    def gap_ends(self, matter: Matter, now: datetime) -> datetime | None:
        """From when a time may be handed in that is too near to the last, as the act refuses it."""
        rhythm = matter.duty.rhythm
        if rhythm is None or not rhythm.gap:
            return None
        whose = (matter.duty.id, matter.unit)
        last = [self.done[whose]] if whose in self.done else []
        free = too_soon(last, now, rhythm.gap, self.clock)
        if free is None:
            self.done[whose] = now
        return free

    def review_at(self, now: datetime, matter: Matter) -> datetime:
        try:
            long = matter.due_at - matter.opens_at >= _DAY
            return reviewed_at(now, matter.conduct.slowness, long, self.clock)
        except Refused:
            return self.end

    def review(self, now: datetime, matter: Matter) -> None:
        if matter.state is not State.SUBMITTED:
            return
        if not matter.conduct.is_returned or matter.attempt > 1:
            self.say(now, "accepted", matter.key)
            matter.outcome = "accepted"
            self.held_up(matter, matter.submitted_at, now)
            self.close(matter, "")
            return
        self.say(now, "returned", matter.key)
        self.tallies.counted("returned", matter.duty.id, matter.unit)
        matter.hand_back(now, self.clock)
        self.wake(matter, now)
        again = now + (matter.due_at - now) / 2 if matter.due_at > now else now + _DAY
        self.put(again, _ACT, self.submit, matter)

    def extend(self, now: datetime, matter: Matter) -> None:
        due_at = matter.conduct.extended_to
        if due_at is None or matter.state is not State.OPEN:
            return
        if matter.lapses_at is not None and due_at > matter.lapses_at:  # as the act refuses it
            return
        self.say(now, "extended", matter.key, self.wall(due_at))
        self.tallies.counted("extended", matter.duty.id, matter.unit)
        matter.extend(due_at, now, self.clock)
        self.wake(matter, now)

    # ---- incidents ----

    def report(self, now: datetime, event: Event) -> None:
        self.say(now, "reported", event.id, event.type)
        self.tallies.events += 1
        self.incidents[event.id] = (event, set())
        self.open_for(event.id, now)
        closed = closed_at(self.plan, event.type, now, self.clock)
        self.put(closed, _INCIDENT, self.close_incident, event.id)

    def close_incident(self, now: datetime, event_id: str) -> None:
        """No further report is asked for: a repeated one that was not due yet is waived."""
        self.mark(event_id, "结案", now)
        del self.incidents[event_id]
        for matter in [one for one in self.matters.values() if one.period == event_id]:
            found = stage_of(matter.duty, matter.key)
            if found is not None and found[0].repeat is not None and matter.due_at > now:
                self.say(now, "waived", matter.key)
                self.close(matter, "excused")

    def stage_done(self, matter: Matter, now: datetime) -> None:
        """A stage handed in (首报) starts the clock of the next."""
        found = stage_of(matter.duty, matter.key)
        if found is not None:
            self.mark(matter.period, numbered(found[0].name, found[1]), now)

    def mark(self, event_id: str, name: str, now: datetime) -> None:
        held = self.incidents.get(event_id)
        if held is not None and name not in held[0].marks:
            closed = now if name == "结案" else held[0].closed_at
            event = replace(held[0], marks={**held[0].marks, name: now}, closed_at=closed)
            self.incidents[event_id] = (event, held[1])
            self.open_for(event_id, now)

    def open_for(self, event_id: str, now: datetime) -> None:
        event, opened = self.incidents[event_id]
        for duty in self.event_duties:
            for opening in open_event(self.plan, duty, event, self.clock, now):
                if opening.occurrence.key not in opened:
                    opened.add(opening.occurrence.key)
                    self.open(opening, now)
