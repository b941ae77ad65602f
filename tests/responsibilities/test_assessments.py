"""The annual assessment as a clerk declares it, and what is wrong with one."""

import pytest

from responsibilities import snapshot
from responsibilities.assessments import FULL, Assessment, Source
from responsibilities.difference import difference
from responsibilities.plan import Plan
from tests.responsibilities.compiling import compiled, pointed_at, told

DUTY = """\
duties:
  - {id: check, title: 防火检查, responsible: 保卫处, every: 每月, ladder: 常规, weight: 5,
     source: {clause: 一, quote: 坚决防止火灾事故}}
"""
YEAR = """\
assessments:
  - id: yearly
    name: 消防安全年度考核
    of: 成员单位
    period: 学年
    raters: {办公室: 70, 分管安全校领导: 30}
    not_applicable: 满分
    indicators:
      - id: work
        name: 履职
        weight: 62.5
        cap: 50
        indicators:
          - {id: done, name: 完成, weight: 40, from: 完成, duties: check}
          - {id: back, name: 退回, weight: 22.5, from: 退回, deduct: 0.75, cap: 10}
      - id: quality
        name: 质量
        weight: 37.5
        indicators:
          - {id: self, name: 自查, weight: 37.5, from: 评分, evidence: 自查报告}
          - {id: new, name: 创新, weight: 3, from: 评分, bonus: true}
          - {id: fires, name: 火警, weight: 0, from: 事件, event: 火警}
    grades: [{name: 好, least: 85, top: 30}, {name: 一般}]
    vetoes:
      - {id: undone, name: 三项以上未办结, from: 完成, count: 3, excludes: 好}
"""


def assessed(text: str = YEAR) -> tuple[Plan, Assessment]:
    result = compiled(DUTY + text)
    assert [p.what.zh for p in result.problems] == []
    assert result.plan is not None
    return result.plan, result.plan.assessments[0]


def test_the_indicators_weights_raters_and_grades_are_read_to_the_hundredth() -> None:
    plan, one = assessed()
    assert one.units == ("guard", "nursing", "pharmacy")
    assert (one.academic, one.reweighted, one.appeal_days) == (True, False, 7)
    assert one.raters == (("office", 70), ("safety", 30))
    assert sum(group.weight for group in one.groups) == FULL
    done, back, own, new, fires = one.indicators()
    assert (done.source, done.duties, done.cap) == (Source.COMPLETION, ("check",), 4000)
    assert (back.deduct, back.cap) == (75, 1000)
    assert (own.evidence, new.bonus, fires.event) == (("自查报告",), True, "alarm")
    assert snapshot.load(snapshot.dump(plan)) == plan


def test_a_new_version_says_which_points_change() -> None:
    old, _ = assessed()
    new, _ = assessed(YEAR.replace("deduct: 0.75", "deduct: 1"))
    (change,) = difference(old, new).institution
    assert change.name.zh == "年度考核"
    assert "−1 " in change.after[0].zh


SPOILED = [
    ("weight: 62.5", "weight: 60", {"weights-do-not-add-up"}),
    ("weight: 40,", "weight: 39,", {"weights-do-not-add-up"}),
    ("分管安全校领导: 30", "分管安全校领导: 20", {"bad-raters"}),
    ("分管安全校领导: 30", "分管校长: 30", {"unknown-unit"}),
    ("of: 成员单位", "of: 成员单未", {"unknown-unit"}),
    ("deduct: 0.75", "deduct: 0.755", {"bad-points"}),
    ("cap: 10}", "cap: 30}", {"bad-points"}),
    (", deduct: 0.75", "", {"bad-indicator"}),
    ("id: back", "id: done", {"bad-indicator"}),
    (", event: 火警", "", {"bad-indicator"}),
    ("event: 火警", "event: 水警", {"unknown-event", "bad-indicator"}),
    ("duties: check", "duties: chek", {"unknown-duty", "bad-indicator"}),
    ("from: 完成, count: 3", "from: 检查问题, severity: 重大", {"unknown-severity"}),
    ("count: 3", "count: 0", {"bad-indicator"}),
    ("excludes: 好", "excludes: 一般", {"bad-grades"}),
    ("{name: 一般}", "{name: 一般, least: 60}", {"bad-grades"}),
    ("least: 85, top: 30", "least: 85, top: 0", {"bad-grades"}),
    ("from: 退回", "from: 印象", {"bad-choice"}),
    ("name: 火警, weight: 0,", "name: 火警, weight: 0, odd: 1,", {"unknown-key"}),
]  # fmt: skip


@pytest.mark.parametrize(("sound", "spoiled", "codes"), SPOILED)
def test_what_is_wrong_is_told_and_the_assessment_left_out(
    sound: str, spoiled: str, codes: set[str]
) -> None:
    assert YEAR.count(sound) == 1, sound
    result = compiled(DUTY + YEAR.replace(sound, spoiled))
    assert {p.code for p in result.problems} == codes
    assert result.plan is not None
    assert result.plan.assessments == ()
    assert [duty.id for duty in result.plan.duties] == ["check"]


def test_scoring_how_many_incidents_there_were_is_questioned_and_possible() -> None:
    text = YEAR.replace("weight: 37.5, from", "weight: 30, from")
    text = text.replace("weight: 0, from: 事件,", "weight: 7.5, from: 事件, deduct: 1,")
    result = compiled(DUTY + text)
    assert [p.code for p in result.problems] == ["counts-scored"]
    assert result.plan is not None
    assert len(result.plan.assessments) == 1


def test_duties_without_a_weight_leave_nothing_to_score() -> None:
    """
    duties:
      - {id: check, title: 防火检查, responsible: 保卫处, every: 每月, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    assessments:
      - id: yearly
        name: 年度考核
        of: 二级学院
        raters: {办公室: 100}
        indicators:
          - id: work
            name: 履职
            weight: 100
            indicators:
              - {id: done, name: 完成, weight: 100, from: 完成}
        grades: [{name: 合格}]
    """
    test = test_duties_without_a_weight_leave_nothing_to_score
    problem = told(test, "bad-indicator")
    assert "weight" in problem.what.zh
    assert pointed_at(problem, test).startswith("{id: done")
