"""The proof over the plan's text, and the matrix of who does what."""

from dataclasses import replace

from responsibilities.coverage import Outcome, UnitShare, coverage
from responsibilities.matrix import Mark, matrix
from responsibilities.plan import Kind, Plan
from responsibilities.quotes import nearest, normalise, spans
from responsibilities.sections import headings, label_of, parts
from tests.responsibilities.compiling import TEXT, compiled
from tests.responsibilities.test_snapshot import worked_plan

DUTIES = """\
clauses:
  - {id: F2, section: 二（一）, as: duty, quote: 学校每季度至少进行一次消防安全检查}
  - {id: F3, section: 二（二）, as: question, quote: 发生火灾事故}
  - {id: F4, section: 一, as: rhetoric, quote: 坚决防止火灾事故}
duties:
  - {id: quarterly, title: 检查, source: F2, responsible: 保卫处, with: [二级学院],
     inform: [办公室], every: 每季度, ladder: 常规, assumed: {with: 办公室核定}}
  - {id: monthly, title: 自查, source: F1, responsible: 成员单位, every: 每月, ladder: 常规}
  - {id: report, title: 报告, source: F3, responsible: 事发单位, leader: 分管安全校领导,
     on: 火警, due: 知悉后2小时内, ladder: 常规}
  - {id: care, title: 重视, source: F1, responsible: 护理学院, policy: 管总要求}
"""


def the_plan() -> Plan:
    plan = compiled(DUTIES).plan
    assert plan is not None
    return plan


def test_every_sentence_is_a_duty_a_policy_a_question_or_uncovered() -> None:
    found = coverage(the_plan(), ["一", "二"])
    assert [(s.section, s.text, s.outcome, s.line) for s in found.sentences] == [
        ("一", "坚决防止火灾事故。", Outcome.RHETORIC, 3),
        ("二（一）", "校内各单位每月至少进行一次防火检查；", Outcome.POLICY, 6),
        ("二（一）", "学校每季度至少进行一次消防安全检查。", Outcome.DUTY, 7),
        ("二（二）", "发生火灾事故应当在两小时内报告。", Outcome.UNCOVERED, 9),
    ]
    assert found.sentences[1].duties == ("monthly", "care")
    assert found.sentences[3].uncovered == ("应当在两小时内报告。",)
    assert not found.complete


def test_only_chapters_that_clauses_speak_of_are_looked_at_unless_asked() -> None:
    found = coverage(the_plan())
    assert {sentence.section for sentence in found.sentences} == {"二（一）", "二（二）"}


def test_units_without_a_duty_of_their_own_are_listed() -> None:
    found = coverage(the_plan())
    assert found.units[1] == UnitShare("guard", ("quarterly",), ("monthly",), ())
    assert found.units[2] == UnitShare("nursing", (), ("monthly",), ("care",))
    assert found.units_without_own_duty == ("office", "nursing", "pharmacy")


def test_a_clause_without_an_owner_is_listed() -> None:
    without = DUTIES.replace("source: F2, ", "").replace(
        "as: rhetoric", "as: duty, merged_into: F2"
    )
    plan = compiled(without).plan
    assert plan is not None
    assert coverage(plan).clauses_without_owner == ("F2", "F4")


def test_the_worked_plan_is_covered_to_the_last_sentence() -> None:
    found = coverage(worked_plan(), ["二", "三", "四", "五", "六"])
    assert found.uncovered == ()
    assert found.clauses_without_owner == ()
    assert len(found.sentences) > 30
    names = {unit.id: unit.name for unit in worked_plan().units}
    assert [names[unit] for unit in found.units_without_own_duty] == [
        "学校办公室", "思政部", "总务处",
    ]  # fmt: skip


def test_a_sentence_taken_out_of_the_clauses_is_found_missing() -> None:
    plan = worked_plan()
    for left_out in plan.clauses:
        if left_out.section[:1] not in "二三四五六":
            continue
        fewer = tuple(clause for clause in plan.clauses if clause is not left_out)
        holed = _with_clauses(plan, fewer)
        assert coverage(holed, ["二", "三", "四", "五", "六"]).uncovered, left_out.id


def _with_clauses(plan: Plan, clauses: tuple[object, ...]) -> Plan:
    from dataclasses import replace

    return replace(plan, clauses=clauses)  # type: ignore[arg-type]


def test_the_matrix_says_who_leads_helps_is_in_charge_and_is_told() -> None:
    made = matrix(the_plan())
    assert [column.name for column in made.columns] == [
        "办公室", "保卫处", "护理学院", "药学院", "事发单位", "分管安全校领导",
    ]  # fmt: skip
    assert made.columns[-1].post
    lead, helps, told = (Mark.LEAD,), (Mark.CO_ACTING,), (Mark.INFORMED,)
    charge = (Mark.IN_CHARGE,)
    assert made.cells == (
        ((), lead, lead, lead, (), charge),
        ((), (), lead, (), (), ()),
        (told, lead, helps, helps, (), charge),
        ((), (), (), (), lead, charge),
    )


def test_a_row_of_the_matrix_says_what_how_often_and_where_from() -> None:
    rows = matrix(the_plan()).rows
    assert [(r.title, r.kind, r.rhythm, r.section, r.assumed) for r in rows] == [
        ("自查", Kind.RECURRING, "每月", "二（一）", False),
        ("重视", Kind.POLICY, "管总要求", "二（一）", False),
        ("检查", Kind.RECURRING, "每季度", "二（一）", False),
        ("报告", Kind.EVENT, "火警", "二（二）", False),
    ]


def test_sections_are_known_by_their_chinese_headings() -> None:
    assert [heading.label for heading in headings(TEXT)] == ["一", "二", "二（一）", "二（二）"]
    assert [part.label for part in parts(TEXT)] == ["", "一", "二（一）", "二（二）"]
    assert [label_of(s) for s in ("五（二）保卫处", "六", "第三章", "印发通知")] == [
        "五（二）", "六", "三", "",
    ]  # fmt: skip


LAW = """\
## 第一章　总则

第一条　为加强管理，制定本办法。

**第二条** 各科室每月自查一次。第三条所称自查，见附件。

## 第十一章 附则

第二十一条　本办法由院感科负责解释。
"""


def test_the_articles_of_a_law_are_sections_though_their_text_stands_in_the_line() -> None:
    found = [(part.label, LAW[part.start : part.end].split()[0]) for part in parts(LAW)]
    assert found == [
        ("第一条", "为加强管理，制定本办法。"),
        ("第二条", "各科室每月自查一次。第三条所称自查，见附件。"),
        ("第二十一条", "本办法由院感科负责解释。"),
    ]
    assert [h.label for h in headings(LAW)] == ["一", "第一条", "第二条", "十一", "第二十一条"]
    assert [label_of(s) for s in ("第五条", "第二十一条（三）", "第二章")] == [
        "第五条", "第二十一条", "二",
    ]  # fmt: skip


def test_a_quote_is_found_through_line_breaks_and_markdown() -> None:
    text = normalise("甲**乙**\n丙　丁，乙丙。")
    assert text.text == "甲乙丙丁，乙丙。"
    assert spans(text.text, "乙 丙") == [(1, 3), (5, 7)]
    assert text.original(1, 3) == (3, 8)
    assert nearest(text.text, "乙丙丁戊") == "乙丙丁"
    assert nearest(text.text, "完全无关的话") == ""


def test_what_a_duty_quotes_itself_is_proved_as_a_clause_would_be() -> None:
    quoting = """\
duties:
  - {id: monthly, title: 自查, responsible: 成员单位, every: 每月, ladder: 常规,
     source: {clause: 二（一）, quote: 校内各单位每月至少进行一次防火检查}}
"""
    without_clauses = compiled(quoting).plan
    assert without_clauses is not None
    bare = replace(without_clauses, clauses=())
    found = coverage(bare)
    assert [(s.text, s.outcome, s.duties) for s in found.sentences][:2] == [
        ("校内各单位每月至少进行一次防火检查；", Outcome.DUTY, ("monthly",)),
        ("学校每季度至少进行一次消防安全检查。", Outcome.UNCOVERED, ()),
    ]
    nothing = replace(bare, duties=())
    assert len(coverage(nothing).uncovered) == len(coverage(nothing).sentences) > 3
    assert not coverage(replace(nothing, text="")).complete
