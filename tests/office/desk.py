"""The office's desk in a test: a small plan, a database, and a clock that the test reads out."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from notifications.maildir import read
from office.adopt_plan import Adopted, adopt
from office.calendars import working_days
from office.ledger import Row, list_facts, list_tasks
from office.post import Mailing, mail_round
from office.reconcile import Round, reconcile
from office.settings import Mail
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.tasks import Fact, FactKind, Task
from storage import facts, notices, tasks
from storage.blobs import Blobs
from storage.engine import reading
from storage.notices import Notice

SCHOOL = """\
plan:
  id: fire
  title: 消防安全工作方案
  number: 校字〔2026〕1号
  issued: 2026-01-05
  in_force: 2026-01-05
  office: 办公室
  leadership: {group_leader: 组长, deputy_group_leader: 副组长}
posts:
  - {id: leader, name: 组长, mail: leader@school.example}
  - {id: deputy, name: 副组长, mail: deputy@school.example}
  - {id: safety, name: 分管校领导, mail: safety@school.example}
units:
  - {id: office, name: 办公室, contact: office@school.example, leader: 分管校领导, phone: 0000-100}
  - {id: guard, name: 保卫处, contact: guard@school.example, deputy: guard-b@school.example,
     head: guard-head@school.example, leader: 分管校领导}
  - {id: nursing, name: 护理学院, contact: nursing@school.example, deputy: nursing-b@school.example,
     head: nursing-head@school.example, leader: 分管校领导}
  - {id: pharmacy, name: 药学院, contact: pharmacy@school.example, deputy: ph-b@school.example,
     head: pharmacy-head@school.example, leader: 分管校领导}
groups:
  - {id: colleges, name: 二级学院, units: [护理学院, 药学院]}
rosters:
  - {id: classes, name: 班级, as_of: 2026-09-20,
     members: {护理学院: [护理1班, 护理2班, 护理3班], 药学院: [药学1班]}}
ladders:
  - id: ordinary
    name: 常规
    steps:
      - {when: 下达时, tell: 联络员, notice: 任务下达}
      - {when: 截止当日, tell: 联络员, notice: 今日截止提醒}
      - {when: 逾期1个工作日, tell: [联络员, 负责人], notice: 催办单, colour: 黄}
      - {when: 逾期3个工作日, tell: [分管领导, 组长], notice: 督办单, colour: 红}
      - {when: 报结后2个工作日, tell: 审核人, notice: 待审核提醒}
  - id: urgent
    name: 紧急
    steps:
      - {when: 下达时, tell: [联络员, 负责人], notice: 紧急通知, urgent: true}
      - {when: 逾期10分钟, tell: 负责人, notice: 紧急催办单, urgent: true}
events:
  - id: fire
    name: 火情
    urgent: true
    fields:
      - {id: size, name: 过火面积, kind: number}
      - {id: place, name: 地点, kind: text}
      - {id: witness, name: 发现人, kind: text, required: false, private: true}
"""
WEEKLY = """\
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, evidence: [{file: 检查记录, kinds: [pdf]}]}
"""
CHINA = ZoneInfo("Asia/Shanghai")


def at(wall: str) -> datetime:
    """`2026-11-23 08:00` on the wall of the school."""
    return datetime.fromisoformat(wall).replace(tzinfo=CHINA).astimezone(UTC)


def compiled(text: str, school: str = SCHOOL) -> Compiled:
    """The small school's plan with the duties of `text`; errors are the test's own business."""
    return compile_plan({"school.yaml": school, "duties.yaml": text}, working_days())


@dataclass
class Desk:
    """What a test needs of the office; `now` is always said by the test."""

    db: Engine
    folder: Path
    mail: Mail = field(init=False)
    blobs: Blobs = field(init=False)

    def __post_init__(self) -> None:
        self.mail = Mail(maildir=self.folder / "Maildir")
        self.blobs = Blobs(self.folder / "evidence")

    def adopt(self, text: str, wall: str, school: str = SCHOOL, **options: Any) -> Adopted:
        return adopt(self.db, compiled(text, school), at(wall), "办公室", **options)

    def reconcile(self, wall: str) -> Round:
        return reconcile(self.db, at(wall))

    def post(self, wall: str) -> Mailing:
        return asyncio.run(mail_round(self.db, lambda: at(wall), self.mail, "zh"))

    def tasks(self) -> tuple[Task, ...]:
        with reading(self.db) as connection:
            return tasks.every(connection)

    def task(self, key: str) -> Task:
        with reading(self.db) as connection:
            found = tasks.by_key(connection, key)
        assert found is not None, key
        return found

    def opened(self) -> list[str]:
        return [task.key for task in self.tasks()]

    def rows(self, wall: str) -> tuple[Row, ...]:
        return list_tasks(self.db, at(wall), open_only=False)

    def facts(self, key: str) -> tuple[Fact, ...]:
        with reading(self.db) as connection:
            return facts.of_task(connection, key)

    def record(self) -> list[tuple[str | None, str, Mapping[str, Any]]]:
        return [(fact.task, fact.key, fact.body) for fact in list_facts(self.db)]

    def kinds(self, key: str) -> list[FactKind]:
        return [fact.kind for fact in self.facts(key)]

    def waiting(self) -> tuple[Notice, ...]:
        with reading(self.db) as connection:
            return notices.waiting(connection)

    def letters(self) -> list[tuple[str, str]]:
        """(to, subject) of every letter in the Maildir, in order of time."""
        return [(mail.to, mail.subject) for mail in read(self.mail.maildir)]


def days(count: int) -> timedelta:
    return timedelta(days=count)
