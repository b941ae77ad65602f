"""A transaction that fails leaves no task, no fact, no notice and no mail (P8, P27)."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from duban.specimen_files import file_of
from office import adopt_plan, post, receive, report_incident, review
from office.reconcile import reconcile
from office.telling import Bundles
from responsibilities.plan import Role
from responsibilities.tasks import Fact, FactKind, State
from storage import facts, notices, tasks
from storage.engine import writing
from tests.faults.aborts import insist, sound
from tests.stories.town import OFFICE, Town, plan_told

PLAN = """
duties:
  - id: report
    title: 报送情况
    source: {clause: 六, quote: 如实报送}
    responsible: [护理学院, 学生处]
    once: 2026-11-27前
    opens: 2026-11-16
    evidence: [{text: 情况}, {file: 明细表}]
    review: 学生处
    ladder: 常规
  - id: weekly
    title: 落实周提醒
    source: {clause: 五, quote: 周提醒}
    responsible: [护理学院, 学生处]
    every: 每教学周
    due: 周五前
    evidence: [{text: 提醒内容}]
    ladder: 每周
  - id: case
    title: 报告案件
    source: {clause: 六, quote: 第一时间上报}
    responsible: 事发单位
    on: 电诈案件
    stages:
      - {id: first, name: 首报, due: 知悉后30分钟内}
      - {id: final, name: 终报, due: 结案后5个工作日内}
    evidence: [{text: 情况}]
    ladder: 紧急
"""


class Clumsy:
    """A town in which every act fails at each of its steps before it gets through."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.failures = 0

    def adopt(self, wall: str) -> None:
        town = self.town
        town.now = town.at(wall)
        self._insist(lambda: adopt_plan.adopt(town.db, town.compiled, town.now, OFFICE))

    def rounds(self, wall: str) -> None:
        """What the round does, and the mail of it, at that time."""
        town = self.town
        town.now = town.at(wall)
        self._insist(lambda: reconcile(town.db, town.now), whole=False)
        self._insist(lambda: self._post(), whole=False)

    def _post(self) -> None:
        town = self.town
        asyncio.run(post.mail_round(town.db, lambda: town.now, town.mail, "zh"))

    def hand_in(self, duty: str, unit: str) -> None:
        town, task = self.town, self.town.task(duty, unit=unit)
        files = [receive.File("明细.pdf", file_of("pdf", "1"))] if duty == "report" else []
        line = "情况" if duty != "weekly" else "提醒内容"
        self._insist(
            lambda: receive.submit(
                town.db, town.blobs, task.key, by="联络员", now=town.now, files=files,
                text={line: "已办"},
            )
        )  # fmt: skip

    def review(self, duty: str, unit: str, act: str, *said: object) -> None:
        town, task = self.town, self.town.task(duty, unit=unit)
        done = getattr(review, act)
        self._insist(lambda: done(town.db, task.key, *said, by="审核人", now=town.now))

    def report(self) -> None:
        town = self.town
        fields = {"身份": "学生", "损失金额": "1"}
        self._insist(
            lambda: report_incident.report(
                town.db, "fanzha", "电诈案件", "护理学院", fields, None, town.now, town.now, "值班"
            )
        )

    def close(self) -> None:
        town = self.town
        self._insist(
            lambda: report_incident.mark(town.db, "E2026-0001", "结案", town.now, "值班", town.now)
        )

    def _insist(self, act: Callable[[], object], *, whole: bool = True) -> None:
        self.failures += insist(self.town.db, act, whole=whole)
        in_outbox = {letter.message_id for letter in self.town.letters()}
        assert {mail.message_id for mail in self.town.letterbox} <= in_outbox


def history(clumsy: Clumsy) -> None:
    """A little of everything that an office does."""
    clumsy.adopt("2026-11-16 07:00")
    clumsy.rounds("2026-11-16 08:00")
    clumsy.rounds("2026-11-20 08:00")
    clumsy.hand_in("report", "护理学院")
    clumsy.rounds("2026-11-20 09:00")
    clumsy.review("report", "护理学院", "return_", "请补充")
    clumsy.report()
    clumsy.rounds("2026-11-20 09:01")
    clumsy.hand_in("case", "护理学院")
    clumsy.close()
    until = clumsy.town.at("2026-12-11 17:00")
    clumsy.review("report", "学生处", "ask_extension", until, "口径未明")
    clumsy.review("report", "学生处", "extend", until)
    clumsy.rounds("2026-12-01 08:00")
    clumsy.hand_in("report", "护理学院")
    clumsy.review("report", "护理学院", "accept")
    clumsy.review("report", "学生处", "waive", "合并报送")
    clumsy.rounds("2026-12-01 08:01")


def test_an_act_that_fails_at_any_statement_leaves_nothing(
    memory: Path, sqlite_template: Path, full: bool
) -> None:
    failures = 0
    for number in range(24 if full else 3):
        folder = memory / str(number)
        folder.mkdir()
        shutil.copy(sqlite_template, folder / "duban.sqlite")
        clumsy = Clumsy(Town(folder, plan_told(PLAN)))
        history(clumsy)
        failures += clumsy.failures
    print({"aborts": failures})
    assert failures > (10_000 if full else 1_000)


def test_the_same_faults_see_an_act_in_two_transactions_leave_half_of_itself(
    memory: Path, sqlite_template: Path
) -> None:
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    town = Town(memory, plan_told(PLAN))
    Clumsy(town).adopt("2026-11-16 09:00")
    task = town.task("report", unit="护理学院")

    def row_first() -> None:
        with writing(town.db) as connection:
            tasks.save(connection, [replace(task, state=State.CLOSED, outcome="waived")])
        with writing(town.db) as connection:
            fact = Fact(task.key, "waived", FactKind.WAIVED, town.now, "办公室", {"reason": "无"})
            facts.append(connection, [fact])

    with pytest.raises(AssertionError):
        insist(town.db, row_first)


def test_a_notice_without_its_fact_would_be_noticed(memory: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    town = Town(memory, plan_told(PLAN))
    Clumsy(town).adopt("2026-11-16 09:00")
    task = town.task("report", unit="护理学院")
    sound(town.db)
    bundles = Bundles(town.now)
    bundles.tell_about(task, [Role.CONTACT], "waived", "waived")
    with writing(town.db) as connection:
        notices.add(connection, bundles.notices())

    with pytest.raises(AssertionError):
        sound(town.db)
