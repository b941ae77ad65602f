"""From text to plan: what a duty becomes, what survives a bad neighbour, that nothing raises."""

from dataclasses import replace
from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.clock import OfficeHours, Roll, Unit
from responsibilities.language.checks import assumptions, questions
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.plan import (
    EVENT_UNIT,
    Assumption,
    Base,
    Condition,
    Coverage,
    Disposition,
    Duty,
    EvidenceKind,
    Kind,
    Plan,
    Requirement,
    Role,
    Source,
    Stage,
)
from responsibilities.problem import Place, Severity
from responsibilities.rhythm import Anchor, Cycle, Moment, Rhythm, When
from tests.responsibilities.compiling import INSTITUTION, TEXT, compiled
from tests.responsibilities.school_year import nation

MONTHLY = """\
duties:
  - id: monthly-check
    title: 开展防火检查
    source: {clause: 二（一）, quote: 校内各单位每月至少进行一次防火检查}
    responsible: 二级学院
    with: [办公室]
    inform: [二级学院]
    leader: 分管安全校领导
    every: 每月
    about: 上一期
    opens: 1日
    due: 5日12:00前
    lapses: 次月5日
    roll: 提前
    no_workday: 免办
    evidence:
      - {file: 检查记录, kinds: [pdf, .DOCX], min: 2}
      - {number: 隐患数, min: 0}
      - {text: 整改情况, optional: true}
      - {date: 检查日期, id: checked-on}
    cover: 班级
    target: 95%
    zero_report: true
    review: 分管安全校领导
    ladder: 常规
    weight: 5
    assumed: {due: 方案未写日期}
    question: 假期是否照常？
    note: 与演练合并
"""


def sound(result: Compiled) -> Plan:
    """The plan, when nothing at all is wrong with it."""
    assert [(str(p.place), p.code, p.what.zh) for p in result.problems] == []
    assert result.plan is not None
    return result.plan


def only_duty(added: str) -> Duty:
    return sound(compiled(added)).duties[0]


def test_every_key_of_a_recurring_duty_finds_its_place() -> None:
    assert only_duty(MONTHLY) == Duty(
        id="monthly-check",
        title="开展防火检查",
        kind=Kind.RECURRING,
        department="guard",
        sources=(Source("", "二（一）", "校内各单位每月至少进行一次防火检查"),),
        responsible=("nursing", "pharmacy"),
        co_acting=("office",),
        inform=("nursing", "pharmacy"),
        leader="safety",
        rhythm=Rhythm(Cycle.MONTH, text="每月"),
        when=When(
            Moment(Anchor.MONTH_DAY, 1, text="1日"),
            Moment(Anchor.MONTH_DAY, 5, at=time(12), text="5日12:00前"),
            Moment(Anchor.MONTH_DAY, 5, periods=1, text="次月5日"),
            Roll.PREVIOUS,
            skip_empty=True,
        ),
        subject=-1,
        evidence=(
            Requirement("file-1", EvidenceKind.FILE, "检查记录", ("pdf", "docx"), 2),
            Requirement("number-1", EvidenceKind.NUMBER, "隐患数", minimum=0),
            Requirement("text-1", EvidenceKind.TEXT, "整改情况", optional=True),
            Requirement("checked-on", EvidenceKind.DATE, "检查日期"),
        ),
        coverage=Coverage("classes", 0.95),
        zero_report=True,
        review="safety",
        ladder="ordinary",
        weight=5,
        assumed=(Assumption("due", "方案未写日期"),),
        question="假期是否照常？",
        note="与演练合并",
        file="duties/guard.yaml",
        line=2,
    )


def test_units_of_a_group_stand_in_the_order_of_the_institution() -> None:
    plan = sound(compiled())
    groups = {group.name: group.units for group in plan.groups}
    assert groups == {
        "二级学院": ("nursing", "pharmacy"),
        "成员单位": ("guard", "nursing", "pharmacy"),
    }


def test_the_plan_itself_its_posts_and_its_leadership() -> None:
    plan = sound(compiled())
    assert (plan.id, plan.in_force, plan.zone) == ("fire", date(2026, 3, 1), "Asia/Shanghai")
    assert plan.hours == OfficeHours(((time(8), time(11, 30)), (time(13, 30), time(17))))
    assert (plan.office, plan.group_leader, plan.deputy_group_leader) == (
        "office", "leader", "deputy",
    )  # fmt: skip
    assert plan.text == TEXT
    assert plan.units[2].mailboxes == {
        Role.CONTACT: "nursing@school.example",
        Role.DEPUTY: "nursing-b@school.example",
    }


def test_a_standing_duty_keeps_the_plans_word_and_its_checkpoint() -> None:
    duty = only_duty(
        "duties:\n  - {id: a, title: 巡查, responsible: 保卫处, standing: 常态化, "
        "checkpoint: 每学期, ladder: 常规, source: F2}\n"
        "clauses:\n  - {id: F2, section: 二（一）, as: duty, quote: 每季度至少进行一次消防安全检查}"
    )
    assert (duty.kind, duty.said) == (Kind.STANDING, "常态化")
    assert duty.rhythm == Rhythm(Cycle.TERM, text="每学期")
    assert duty.when == When(Moment(Anchor.PERIOD_START), Moment(Anchor.PERIOD_END))
    assert duty.sources == (Source("F2", "二（一）", "每季度至少进行一次消防安全检查"),)
    assert duty.review == "office"


def test_a_staged_event_duty_of_the_unit_where_it_happened() -> None:
    duty = only_duty(
        """\
clauses:
  - {id: F3, section: 二（二）, quote: 发生火灾事故应当在两小时内报告, as: duty}
duties:
  - id: report-fire
    title: 报告火灾
    source: F3
    responsible: 事发单位
    on: 火警
    when: 损失金额 >= 5000 且 地点 = 宿舍
    stages:
      - {id: first, name: 首报, due: 发生后2小时内}
      - {id: final, name: 终报, due: 首报后5个工作日内}
    ladder: 常规
"""
    )
    assert (duty.kind, duty.event, duty.responsible) == (Kind.EVENT, "alarm", (EVENT_UNIT,))
    assert duty.conditions == (Condition("loss", ">=", "5000"), Condition("where", "=", "宿舍"))
    first = Moment(Anchor.NAMED, name="发生", offset=2, unit=Unit.HOUR, text="发生后2小时内")
    final = replace(first, name="首报", offset=5, unit=Unit.WORKING_DAY, text="首报后5个工作日内")
    assert duty.stages == (Stage("first", "首报", first), Stage("final", "终报", final))
    assert duty.when == When(Moment(Anchor.NAMED, name="知悉", unit=Unit.MINUTE), first)


def test_a_condition_finds_its_field_and_choice_as_they_are_written_there() -> None:
    duty = only_duty(
        """\
events:
  - {id: leak, name: 泄漏, fields: [{id: kg, name: 数量（公斤）, kind: number},
     {id: what, name: 种类, kind: choice, choices: [易燃（甲类）]}]}
duties:
  - {id: a, title: 处置, responsible: 保卫处, on: 泄漏, due: 知悉后30分钟内, ladder: 常规,
     when: 数量(公斤) >= 5 且 种类 = 易燃（甲类）, source: {clause: 一, quote: 坚决防止火灾事故}}
"""
    )
    assert duty.conditions == (Condition("kg", ">=", "5"), Condition("what", "=", "易燃（甲类）"))


def test_a_one_off_opens_when_the_plan_takes_force() -> None:
    duty = only_duty(
        "duties:\n  - {id: a, title: 建队, responsible: 保卫处, once: 2026-06-30前, ladder: 常规, "
        "source: {clause: 一, quote: 坚决防止火灾事故}}"
    )
    assert duty.kind is Kind.ONCE
    assert duty.when == When(
        Moment(Anchor.NAMED, name="施行"),
        Moment(Anchor.DATE, date=date(2026, 6, 30), text="2026-06-30前"),
    )


def test_steps_are_numbered_and_know_which_letter_they_send() -> None:
    steps = sound(compiled()).ladders[0].steps
    assert [(s.id, s.base, s.offset, s.unit, s.letter) for s in steps] == [
        ("1", Base.OPENED, 0, "minute", "opened"),
        ("2", Base.DUE, -3, "working_day", "reminder"),
        ("3", Base.DUE, 1, "working_day", "overdue"),
        ("4", Base.DUE, 3, "working_day", "escalated"),
        ("5", Base.DUE, 5, "working_day", "escalated"),
        ("6", Base.SUBMITTED, 3, "working_day", "review"),
    ]
    assert steps[2].to == (Role.CONTACT, Role.HEAD)


def test_a_clause_knows_where_its_quote_stands_in_the_text() -> None:
    plan = sound(compiled())
    clause = plan.clauses[0]
    assert clause.disposition is Disposition.POLICY
    normal = "".join(TEXT.replace("#", "").replace("*", "").split())
    assert normal[slice(*clause.span)] == "校内各单位每月至少进行一次防火检查"


def test_what_the_office_chose_and_what_it_is_asked() -> None:
    plan = sound(compiled(MONTHLY))
    assert assumptions(plan) == [("monthly-check", "due", "方案未写日期")]
    assert questions(plan) == [("monthly-check", "假期是否照常？")]


def test_good_duties_survive_bad_neighbours_and_everything_is_said_at_once() -> None:
    result = compiled(
        MONTHLY
        + """\
  - {id: bad-1, title: 甲, responsible: 保卫出, every: 定期, ladder: 常归, source: F1, weight: -1}
  - {id: bad-2, title: 乙, responsable: 保卫处, every: 每月}
  - {id: bad-3, title: 丙, responsible: 保卫处, every: 每月, due: 2月30日前, ladder: 常规}
"""
    )
    assert result.plan is not None
    assert [duty.id for duty in result.plan.duties] == ["monthly-check"]
    assert [(p.place.line, p.code) for p in result.problems] == [
        (30, "unknown-unit"),
        (30, "bad-rhythm"),
        (30, "unknown-ladder"),
        (30, "cites-no-duty"),
        (30, "bad-weight"),
        (31, "missing"),
        (31, "unknown-key"),
        (32, "no-source"),
        (32, "bad-moment"),
    ]
    assert result.places["duties/bad-2"] == Place("duties/guard.yaml", 31, 5)


def test_the_right_word_is_proposed_for_a_wrong_one() -> None:
    result = compiled(
        "duties:\n  - {id: a, title: 甲, responsible: 保卫出, evry: 每月, every: 每月, "
        "about: 上一其}"
    )
    rights = {p.code: p.right.zh for p in result.problems if p.right}
    assert rights["unknown-unit"] == "您是否想写“保卫处”？"
    assert rights["unknown-key"] == "您是否想写“every”？"
    assert rights["bad-choice"] == "您是否想写“上一期”？可用：本期、上一期"


def test_a_duty_on_a_broken_unit_is_left_out_and_says_why() -> None:
    broken = INSTITUTION.replace("contact: pharmacy@school.example", "contact: 药学院联络员")
    result = compiled(MONTHLY, institution=broken)
    assert result.plan is not None
    assert result.plan.duties == ()
    assert [unit.id for unit in result.plan.units] == ["office", "guard", "nursing"]
    assert [p.code for p in result.problems] == ["broken-reference", "bad-mailbox"]


def test_without_a_plan_section_there_is_no_plan() -> None:
    result = compile_plan({"a.yaml": "units: []"}, nation())
    assert result.plan is None
    assert [p.code for p in result.problems] == ["no-plan"]


def test_one_bad_key_of_the_plan_section_does_not_hide_the_other_problems() -> None:
    result = compiled(
        "duties:\n  - {id: a, title: 甲, responsible: 保卫出, every: 每月, ladder: 常规, "
        "source: F9}",
        institution=INSTITUTION.replace("issued: 2026-01-05", "issued: 一月五日"),
    )
    assert result.plan is None
    codes = [p.code for p in result.problems]
    assert codes == ["unknown-unit", "unknown-clause", "bad-date"]


def test_the_same_text_gives_the_same_plan_whatever_the_order_of_the_files() -> None:
    files = {"plan.yaml": INSTITUTION, "text.md": TEXT, "duties/guard.yaml": MONTHLY}
    backwards = dict(reversed(files.items()))
    assert compile_plan(files, nation()) == compile_plan(backwards, nation())


WHOLE = INSTITUTION + MONTHLY
TOKENS = [
    "",
    "~",
    "[]",
    "{}",
    "-1",
    "每月",
    "定期",
    "空缺",
    "2026-02-30",
    "*x",
    "&x ",
    "- ",
    "\t",
    "'",
]


@given(st.data())
def test_no_mutation_of_a_plan_makes_compiling_fail(data: st.DataObject) -> None:
    lines = WHOLE.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        line = lines[place]
        cut = data.draw(st.integers(0, len(line)))
        token = data.draw(st.sampled_from(TOKENS) | st.text(max_size=5))
        lines[place] = data.draw(
            st.sampled_from([line[:cut] + token, line[:cut] + token + line[cut:], line[cut:], ""])
        )
    result = compile_plan({"plan.yaml": "\n".join(lines), "text.md": TEXT}, nation())
    broken = [p for p in result.problems if p.severity is Severity.ERROR]
    assert result.plan is not None or broken
    assert all(p.place.file == "plan.yaml" and p.place.line >= 1 for p in result.problems)
