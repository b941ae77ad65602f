"""The record is enough: the index of tasks can be rebuilt from the facts, whatever happened."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from inspections.record import canonical, leaf, record
from office import heartbeat, review
from office.adopt_plan import adopt
from office.nudging import nudge
from office.receive import File, submit
from office.reconcile import reconcile
from office.reopening import reopen
from office.replay import replayed
from responsibilities.tasks import State, Task
from responsibilities.words import Refused
from storage import facts, tasks
from storage.blobs import Blobs
from storage.engine import open_engine, reading
from storage.instants import text
from storage.migrations import upgrade
from tests.office.desk import Desk, at, compiled

PLAN = """\
duties:
  - {id: check, title: 检查, responsible: 二级学院, every: 每周, due: 周三前, lapses: 次周五,
     review: 办公室, ladder: 常规, evidence: [{file: 记录}, {number: 隐患数}]}
  - {id: report, title: 报送, responsible: 保卫处, every: 每月, due: 5日前, zero_report: true,
     review: 办公室, ladder: 常规, evidence: [{text: 情况}]}
"""


def test_a_term_of_neglect_is_rebuilt_from_the_record(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-09-27 09:00")
    for week in range(8):
        desk.reconcile(text(at("2026-09-28 08:00") + timedelta(days=7 * week))[:10] + " 12:00")
    with reading(desk.db) as connection:
        assert replayed(connection) == tasks.every(connection)


def test_every_leaf_is_the_hash_of_its_fact(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-09-27 09:00")
    desk.reconcile("2026-10-30 09:00")
    with reading(desk.db) as connection:
        stored = facts.stored_leaves(connection)
    assert len(stored) > 10
    for fact, hashed in stored:
        assert leaf(record(fact, text(fact.at), canonical(fact.body))) == hashed
    assert [fact.seq for fact, _ in stored] == list(range(1, len(stored) + 1))


class Office(RuleBasedStateMachine):
    """Weeks pass and things happen to tasks in any order, with outages between."""

    folder: Path

    @initialize()
    def open_the_office(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="duban-replay-"))
        self.db = open_engine(f"sqlite:///{self.folder}/duban.sqlite")
        self.blobs = Blobs(self.folder / "evidence")
        upgrade(self.db)
        self.now: datetime = at("2026-09-27 09:00")
        adopt(self.db, compiled(PLAN), self.now, "办公室")

    @rule(hours=st.integers(1, 100), down=st.booleans())
    def time_passes(self, hours: int, down: bool) -> None:
        if down:
            heartbeat.beat(self.db, "reconcile", self.now)
        self.now += timedelta(hours=hours)
        reconcile(self.db, self.now)
        heartbeat.beat(self.db, "reconcile", self.now)

    @rule(
        pick=st.integers(0, 50), whole=st.booleans(), data=st.text("甲乙丙", min_size=1, max_size=3)
    )
    def somebody_hands_in(self, pick: int, whole: bool, data: str) -> None:
        def act(task: Task) -> None:
            if task.duty == "report":
                submit(self.db, self.blobs, task.key, by="单位", now=self.now, zero=True)
                return
            figures = {"隐患数": "1"} if whole else {}
            file = File("记录.txt", data.encode())
            submit(
                self.db,
                self.blobs,
                task.key,
                by="单位",
                now=self.now,
                files=[file],
                figures=figures,
            )

        self._on(pick, act)

    @rule(pick=st.integers(0, 50), how=st.sampled_from(["accept", "return", "waive", "decline"]))
    def the_office_acts(self, pick: int, how: str) -> None:
        acts: dict[str, Callable[[Task], object]] = {
            "accept": lambda t: review.accept(self.db, t.key, by="办", now=self.now),
            "return": lambda t: review.return_(self.db, t.key, "不全", by="办", now=self.now),
            "waive": lambda t: review.waive(self.db, t.key, "停课", by="办", now=self.now),
            "decline": lambda t: review.decline(self.db, t.key, "不准", by="办", now=self.now),
        }
        self._on(pick, acts[how])

    @rule(pick=st.integers(0, 50), days=st.integers(1, 5), ask=st.booleans())
    def more_time(self, pick: int, days: int, ask: bool) -> None:
        def act(task: Task) -> None:
            due = task.due_at + timedelta(days=days)
            if ask:
                review.ask_extension(self.db, task.key, due, "忙", by="单位", now=self.now)
            review.extend(self.db, task.key, due, by="办", now=self.now)

        self._on(pick, act)

    @rule(pick=st.integers(0, 50), days=st.integers(1, 9))
    def it_is_reopened(self, pick: int, days: int) -> None:
        def act(task: Task) -> None:
            due = self.now + timedelta(days=days)
            reopen(self.db, task.key, due, "抽查不符", by="办", now=self.now)

        self._on(pick, act)

    @rule(pick=st.integers(0, 50))
    def somebody_is_nudged(self, pick: int) -> None:
        self._on(pick, lambda task: nudge(self.db, task.key, by="办", now=self.now))

    @invariant()
    def the_index_is_what_the_facts_say(self) -> None:
        if not hasattr(self, "db"):
            return
        with reading(self.db) as connection:
            assert replayed(connection) == tasks.every(connection)

    @invariant()
    def nothing_is_told_before_its_time_or_after_the_end(self) -> None:
        if not hasattr(self, "db"):
            return
        with reading(self.db) as connection:
            for task in tasks.every(connection):
                known = facts.of_task(connection, task.key)
                keys = [fact.key for fact in known]
                assert len(keys) == len(set(keys))
                if task.state is State.CLOSED:
                    assert known[-1].key.split("/")[0] == task.outcome

    def _on(self, pick: int, act: Callable[[Task], object]) -> None:
        with reading(self.db) as connection:
            there = tasks.every(connection)
        if there:
            try:
                act(there[pick % len(there)])
            except Refused:
                return

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.dispose()
            shutil.rmtree(self.folder)


def test_whatever_happens_the_record_tells_it(full: bool) -> None:
    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=300 if full else 12,
            stateful_step_count=50 if full else 25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
