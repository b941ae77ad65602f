"""Small plans for the tests of the language: a sound institution, and what a test adds to it."""

import inspect
from collections.abc import Callable
from typing import Any

from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.problem import Problem
from tests.responsibilities.school_year import nation

INSTITUTION = """\
plan:
  id: fire
  title: 消防安全工作方案
  number: 校字〔2026〕1号
  issued: 2026-01-05
  in_force: 2026-03-01
  text: text.md
  office_hours: [08:00-11:30, 13:30-17:00]
  office: 办公室
  leadership: {group_leader: 组长, deputy_group_leader: 常务副组长}
posts:
  - {id: leader, name: 组长, mail: leader@school.example}
  - {id: deputy, name: 常务副组长, mail: deputy@school.example}
  - {id: safety, name: 分管安全校领导, mail: safety@school.example}
units:
  - {id: office, name: 办公室, contact: office@school.example, head: office-head@school.example}
  - {id: guard, name: 保卫处, contact: guard@school.example, head: guard-head@school.example,
     leader: 分管安全校领导}
  - {id: nursing, name: 护理学院, contact: nursing@school.example, deputy: nursing-b@school.example}
  - {id: pharmacy, name: 药学院, contact: pharmacy@school.example, head: ph@school.example}
groups:
  - {id: colleges, name: 二级学院, units: [药学院, 护理学院]}
  - {id: all, name: 成员单位, units: [保卫处, 二级学院]}
rosters:
  - {id: classes, name: 班级, as_of: 2026-09-20,
     members: {护理学院: [护理1班, 护理2班], 药学院: [药学1班]}}
calendar:
  school:
    "2025-2026":
      terms:
        - staff_return: 2026-02-27
          teaching: {week1: 2026-03-02, weeks: 18}
          students_leave: 2026-07-11
      anchors: {演练日: 2026-05-12}
ladders:
  - id: ordinary
    name: 常规
    steps:
      - {when: 下达时, tell: 联络员, notice: 任务下达}
      - {when: 截止前3个工作日, tell: 联络员, notice: 临期提醒, colour: 蓝}
      - {when: 逾期1个工作日, tell: [联络员, 负责人], notice: 催办单, colour: 黄}
      - {when: 逾期3个工作日, tell: 分管领导, notice: 黄色预警通知单, colour: 橙}
      - {when: 逾期5个工作日, tell: 组长, notice: 红色预警问责单, colour: 红}
      - {when: 报结后3个工作日, tell: 审核人, notice: 待审核提醒}
events:
  - id: alarm
    name: 火警
    fields:
      - {id: loss, name: 损失金额, kind: number}
      - {id: where, name: 地点, kind: choice, choices: [教室, 宿舍]}
      - {id: hurt, name: 有伤亡, kind: yes_no}
clauses:
  - {id: F1, section: 二（一）, quote: 校内各单位每月至少进行一次防火检查, as: policy}
"""

TEXT = """\
# 消防安全工作方案
## 一、目标
**坚决**防止火灾事故。
## 二、任务
### （一）检查
校内各单位每月至少进行一次
防火检查；学校每季度至少进行一次消防安全检查。
### （二）报告
发生火灾事故应当在两小时内报告。
"""


def compiled(added: str = "", institution: str = INSTITUTION, text: str = TEXT) -> Compiled:
    """The institution with one more file, as the office would hand them in."""
    files = {"plan.yaml": institution, "text.md": text, "duties/guard.yaml": added}
    return compile_plan(files, nation())


def told(test: Callable[..., Any], code: str) -> Problem:
    """The one problem with this code in the plan that a test's docstring adds to the institution.

    Nothing else may be wrong with it, apart from duties that rest on what is wrong.
    """
    added = inspect.cleandoc(test.__doc__ or "")
    problems = [p for p in compiled(added).problems if p.code != "broken-reference"]
    assert [p.code for p in problems] == [code], [(str(p.place), p.what.zh) for p in problems]
    return problems[0]


def pointed_at(problem: Problem, test: Callable[..., Any]) -> str:
    """The rest of the line that a problem points at, in the test's docstring."""
    lines = inspect.cleandoc(test.__doc__ or "").splitlines()
    return lines[problem.place.line - 1][problem.place.column - 1 :]
