"""P4: never told before its time, after closing, or twice per level and round, whatever happens.

A unit, a reviewer, an office that grants extensions, outages and a scheduler that knocks when it
likes act on one task in any order. 200 histories of 50 acts here, 1,000 under `make soak`.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from responsibilities.ladder import advance, first_wake, restart
from responsibilities.outages import after_review
from responsibilities.plan import Base, Role, Step
from responsibilities.tasks import Advance, Outage, State
from tests.responsibilities.small_plans import CLOCK, ORDINARY, at, step, task

URGENT = (
    step("下达时"),
    step("剩余50%（全时）"),
    step("逾期10分钟", Role.HEAD, urgent=True),
    step("逾期2小时", Role.GROUP_LEADER, urgent=True),
    step("报结后30分钟", Role.REVIEWER),
)
MIXED = (
    step("下达时"),
    step("截止前3个工作日"),
    step("剩余30%"),
    step("截止当日"),
    step("下达后10日"),
    step("逾期1个工作日"),
    step("逾期4日"),
    step("报结后3个工作日", Role.REVIEWER),
)
hours = st.integers(1, 24 * 30).map(lambda n: timedelta(hours=n))
moments = st.datetimes(datetime(2025, 9, 1), datetime(2026, 10, 1)).map(
    lambda naive: at(naive.isoformat(" ", "minutes"))
)


class AnyHistory(RuleBasedStateMachine):
    """One task and everybody who acts on it; every answer of the ladder is checked as it comes."""

    @initialize(
        steps=st.sampled_from([ORDINARY, URGENT, MIXED]),
        opens=moments,
        window=st.one_of(hours, st.just(timedelta(minutes=30))),
        lapse=st.one_of(st.none(), hours),
        late=st.one_of(st.just(timedelta(0)), hours),
    )
    def open(
        self,
        steps: tuple[Step, ...],
        opens: datetime,
        window: timedelta,
        lapse: timedelta | None,
        late: timedelta,
    ) -> None:
        due = opens + window
        self.now, self.steps = opens + late, steps
        self.told: set[tuple[int, int, str]] = set()
        lapses = due + lapse if lapse else None
        start = first_wake(steps, opens, due, lapses, CLOCK, self.now)
        self.task = replace(
            task("2026-01-01 08:00", "2026-01-02 08:00"),
            opens_at=opens, due_at=due, original_due_at=due, lapses_at=lapses,
            opened_at=self.now, step=start.step, wake_at=start.wake_at,
        )  # fmt: skip

    def look(self, outage: Outage | None = None) -> None:
        """A round, checked, and carried out."""
        found = advance(self.task, self.steps, CLOCK, self.now, outage)
        self.check(found)
        one = self.task
        if found.move_due_to is not None:
            one = replace(one, due_at=found.move_due_to, late_by_system=True)
        if found.lapse:
            one = replace(one, state=State.CLOSED, outcome="lapsed", closed_at=self.now)
        self.task = replace(
            one, step=found.step, review_step=found.review_step, wake_at=found.wake_at
        )
        again = advance(self.task, self.steps, CLOCK, self.now, outage)
        assert again.tells == ()
        assert again.move_due_to is None

    def check(self, found: Advance) -> None:
        assert not (found.tells and self.task.state is State.CLOSED), "told after closing"
        assert not (found.tells and found.lapse), "told after its lapse"
        due = found.move_due_to or self.task.due_at
        assert due >= self.task.due_at, "moved earlier"
        for tell in found.tells:
            review = tell.step.base is Base.SUBMITTED
            assert tell.at <= self.now, "told before its time"
            if tell.step.base is Base.DUE and tell.step.offset > 0:
                assert self.now > due, "escalated before it was due"
            assert review == (self.task.state is State.SUBMITTED), "told to the wrong side"
            level = (self.task.attempt if review else self.task.round, review, tell.step.id)
            assert level not in self.told, "told twice"
            self.told.add(level)
        assert [t.at for t in found.tells] == sorted(t.at for t in found.tells)
        if found.wake_at is not None:
            assert found.wake_at > self.now, "wakes in the past"

    @rule(passed=hours)
    def knock(self, passed: timedelta) -> None:
        self.now += passed
        self.look()

    @precondition(lambda self: self.task.wake_at is not None)
    @rule()
    def knock_on_time(self) -> None:
        self.now = max(self.now, self.task.wake_at or self.now)
        self.look()

    @rule(lasted=hours)
    def go_down(self, lasted: timedelta) -> None:
        since, self.now = self.now, self.now + lasted
        self.look(Outage(since, self.now))

    @precondition(lambda self: self.task.state is State.OPEN)
    @rule(passed=hours)
    def submit(self, passed: timedelta) -> None:
        self.now += passed
        self.look()
        if self.task.state is State.OPEN:
            self.task = replace(
                self.task, state=State.SUBMITTED, submitted_at=self.now,
                attempt=self.task.attempt + 1, review_step=0,
            )  # fmt: skip
            self.look()

    @precondition(lambda self: self.task.state is State.SUBMITTED)
    @rule(passed=hours)
    def hand_back(self, passed: timedelta) -> None:
        self.now += passed
        self.look()
        due = max(after_review(self.task, CLOCK, self.now), self.task.due_at)
        self.task = replace(self.task, state=State.OPEN, due_at=due)
        self.look()

    @precondition(lambda self: self.task.state is State.SUBMITTED)
    @rule()
    def accept(self) -> None:
        self.task = replace(self.task, state=State.CLOSED, outcome="accepted", closed_at=self.now)
        self.look()

    @precondition(lambda self: self.task.state is State.OPEN)
    @rule(more=hours)
    def extend(self, more: timedelta) -> None:
        one, due = self.task, max(self.task.due_at, self.now) + more
        place = restart(self.steps, one.opens_at, due, CLOCK, self.now, one.original_due_at)
        self.task = replace(one, round=one.round + 1, due_at=due, step=place)
        self.look()

    @precondition(lambda self: self.task.state is State.OPEN)
    @rule()
    def excuse(self) -> None:
        self.task = replace(self.task, state=State.CLOSED, outcome="waived", closed_at=self.now)
        self.look()


def test_p4_holds_in_any_history(full: bool) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        AnyHistory, settings=settings(max_examples=1000 if full else 200, stateful_step_count=50)
    )


class Impatient(AnyHistory):
    """The same with a ladder that repeats its last step after a restart: it must be caught."""

    def look(self, outage: Outage | None = None) -> None:
        self.task = replace(self.task, step=max(self.task.step - 1, 0))
        super().look(outage)


def test_a_ladder_that_repeats_itself_is_caught() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Impatient, settings=settings(max_examples=200, stateful_step_count=20)
        )
