"""What a plan can have wrong with it. Each test's docstring is what somebody wrote."""

from responsibilities.problem import Severity
from tests.responsibilities.compiling import INSTITUTION, compiled, pointed_at, told

SOURCE = "source: {clause: 一, quote: 坚决防止火灾事故}"


def test_an_unknown_unit_is_named_with_its_nearest_neighbour() -> None:
    """
    duties:
      - id: check
        title: 检查
        responsible: [保卫处, 护理学员]
        every: 每月
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    test = test_an_unknown_unit_is_named_with_its_nearest_neighbour
    problem = told(test, "unknown-unit")
    assert pointed_at(problem, test) == "护理学员]"
    assert problem.what.zh == "没有名为“护理学员”的单位或单位组"
    assert problem.right is not None
    assert problem.right.zh == "您是否想写“护理学院”？"


def test_an_unknown_post_and_an_unknown_reviewer() -> None:
    """
    units:
      - {id: union, name: 工会, contact: union@school.example, leader: 分管工会校领导}
    """
    test = test_an_unknown_post_and_an_unknown_reviewer
    assert pointed_at(told(test, "unknown-post"), test) == "分管工会校领导}"
    result = compiled(
        "duties:\n  - {id: a, title: 甲, responsible: 保卫处, every: 每月, ladder: 常规, "
        "review: 纪委, source: {clause: 一, quote: 坚决防止火灾事故}}"
    )
    assert [p.code for p in result.problems] == ["unknown-reviewer"]


def test_an_office_and_a_leadership_that_are_not_declared() -> None:
    institution = INSTITUTION.replace("  office: 办公室", "  office: 秘书处").replace(
        "deputy_group_leader: 常务副组长", "deputy_group_leader: 执行副组长"
    )
    result = compiled(institution=institution)
    assert [p.code for p in result.problems] == ["unknown-unit", "unknown-post"]
    assert result.plan is None


def test_an_unknown_ladder_an_unknown_roster_an_unknown_event() -> None:
    for written, code in (
        ("every: 每月, ladder: 紧急", "unknown-ladder"),
        ("every: 每月, ladder: 常规, cover: 团支部", "unknown-roster"),
        ("on: 盗窃, due: 知悉后30分钟内, ladder: 常规", "unknown-event"),
    ):
        duty = f"{{id: a, title: 甲, responsible: 保卫处, {written}, {SOURCE}}}"
        assert [p.code for p in compiled(f"duties:\n  - {duty}").problems] == [code]


def test_a_group_that_holds_itself() -> None:
    """
    groups:
      - {id: one, name: 甲组, units: [保卫处, 乙组]}
      - {id: two, name: 乙组, units: [甲组]}
    """
    result = compiled(test_a_group_that_holds_itself.__doc__ or "")
    assert [p.code for p in result.problems] == ["group-cycle", "group-cycle"]


def test_a_group_without_units() -> None:
    """
    groups:
      - {id: one, name: 甲组, units: []}
    """
    told(test_a_group_without_units, "empty")


def test_a_unit_with_duties_and_no_mailbox() -> None:
    """
    units:
      - {id: union, name: 工会, phone: 0431-00000000}
    duties:
      - id: check
        title: 检查
        responsible: 工会
        every: 每月
        ladder: 常规
        leader: 分管安全校领导
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    test = test_a_unit_with_duties_and_no_mailbox
    problem = told(test, "no-mailbox")
    assert problem.what.zh == "工会有职责，但没有联络员或负责人的邮箱"
    result = compiled((test.__doc__ or "").replace("phone: 0431-00000000", "contact: 空缺"))
    vacant = [p for p in result.problems if p.code == "vacant"]
    assert [p.severity for p in vacant] == [Severity.WARNING]
    assert result.plan is not None
    assert [duty.id for duty in result.plan.duties] == ["check"]


def test_a_mailbox_that_is_no_address() -> None:
    """
    posts:
      - {id: extra, name: 分管后勤校领导, mail: 张老师}
    """
    told(test_a_mailbox_that_is_no_address, "bad-mailbox")


def test_a_ladder_that_ends_at_a_vacant_post() -> None:
    """
    posts:
      - {id: empty, name: 分管基建校领导, mail: 空缺}
    ladders:
      - id: short
        name: 简短
        steps:
          - {when: 下达时, tell: 联络员, notice: 任务下达}
          - {when: 逾期3个工作日, tell: [分管领导, 负责人], notice: 催办单}
          - {when: 逾期5个工作日, tell: 分管领导, notice: 催办单}
    duties:
      - id: check
        title: 检查
        responsible: 保卫处
        leader: 分管基建校领导
        every: 每月
        ladder: 简短
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    result = compiled(test_a_ladder_that_ends_at_a_vacant_post.__doc__ or "")
    codes = {p.code for p in result.problems}
    assert codes == {"ladder-ends-vacant", "vacant-everywhere"}
    assert all(p.severity is Severity.WARNING for p in result.problems)


def test_a_step_to_a_post_that_nobody_has() -> None:
    """
    ladders:
      - id: short
        name: 简短
        steps:
          - {when: 逾期1个工作日, tell: 副联络员, notice: 催办单}
          - {when: 逾期3个工作日, tell: 分管领导, notice: 催办单}
    duties:
      - id: check
        title: 检查
        responsible: 保卫处
        every: 每月
        ladder: 简短
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    test = test_a_step_to_a_post_that_nobody_has
    assert pointed_at(told(test, "vacant-everywhere"), test).startswith("副联络员")


def test_a_ladder_without_steps() -> None:
    """
    ladders:
      - {id: none, name: 空, steps: []}
    """
    told(test_a_ladder_without_steps, "empty")


def test_a_step_that_stands_after_a_later_one() -> None:
    """
    ladders:
      - id: wild
        name: 错乱
        steps:
          - {when: 逾期3个工作日, tell: 联络员, notice: 催办单}
          - {when: 逾期1个工作日, tell: 分管领导, notice: 催办单}
    """
    test = test_a_step_that_stands_after_a_later_one
    assert pointed_at(told(test, "backwards-step"), test).startswith("逾期1个工作日")


def test_a_step_with_an_unreadable_time_or_an_unknown_role() -> None:
    """
    ladders:
      - id: wild
        name: 错乱
        steps:
          - {when: 尽快, tell: 联络员, notice: 催办单}
    """
    told(test_a_step_with_an_unreadable_time_or_an_unknown_role, "bad-step-time")
    result = compiled(
        "ladders:\n  - {id: w, name: 错乱, steps: [{when: 截止当日, tell: 联系员, notice: 提醒}]}"
    )
    assert [p.code for p in result.problems] == ["unknown-role"]
    assert result.problems[0].right is not None
    assert result.problems[0].right.zh == "您是否想写“联络员”？"


def test_a_duty_that_counts_and_never_leaves_its_unit() -> None:
    """
    ladders:
      - id: short
        name: 简短
        steps:
          - {when: 下达时, tell: [联络员, 分管领导], notice: 任务下达}
          - {when: 逾期1个工作日, tell: [联络员, 负责人], notice: 催办单}
    duties:
      - id: check
        title: 检查
        responsible: 保卫处
        every: 每月
        ladder: 简短
        weight: 5
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_a_duty_that_counts_and_never_leaves_its_unit, "never-escalates")
    assert problem.severity is Severity.WARNING


def test_a_step_after_the_lapse_is_never_reached() -> None:
    """
    duties:
      - id: check
        title: 检查
        responsible: 保卫处
        every: 每月
        due: 5日前
        lapses: 8日
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_a_step_after_the_lapse_is_never_reached, "unreachable-step")
    assert "失效之后" in problem.what.zh


def test_a_quote_that_the_text_does_not_say() -> None:
    """
    clauses:
      - {id: F2, section: 二（一）, as: policy, quote: 学校每季度至少开展一次消防安全检查}
    """
    problem = told(test_a_quote_that_the_text_does_not_say, "quote-not-verbatim")
    assert problem.right is not None
    assert problem.right.zh == "最接近的原文：“学校每季度至少进行一次消防安全检查”"


def test_a_quote_may_leave_out_line_breaks_and_markdown() -> None:
    result = compiled(
        "clauses:\n  - {id: F2, section: 一, as: policy, quote: 坚决防止火灾事故。}\n"
        "  - {id: F3, section: 二（一）, as: policy, quote: 进行一次 防火检查}"
    )
    assert result.problems == ()


def test_a_clause_that_is_not_there() -> None:
    """
    duties:
      - id: check
        title: 检查
        source: [F1x]
        responsible: 保卫处
        policy: 管总
    """
    told(test_a_clause_that_is_not_there, "unknown-clause")


def test_a_clause_of_a_section_that_the_text_does_not_have() -> None:
    """
    clauses:
      - {id: F2, section: 七（一）, as: policy, quote: 防止火灾事故}
    """
    told(test_a_clause_of_a_section_that_the_text_does_not_have, "unknown-section")


def test_a_clause_marked_as_duty_that_no_duty_answers() -> None:
    """
    clauses:
      - {id: F2, section: 二（一）, as: duty, quote: 每季度至少进行一次消防安全检查}
      - {id: F3, section: 一, as: duty, quote: 防止火灾事故, merged_into: F2}
    """
    problem = told(test_a_clause_marked_as_duty_that_no_duty_answers, "clause-without-duty")
    assert "F2" in problem.what.zh


def test_a_clause_that_is_merged_into_itself() -> None:
    """
    clauses:
      - {id: F2, section: 一, as: policy, quote: 防止火灾事故, merged_into: F3}
      - {id: F3, section: 一, as: policy, quote: 防止火灾, merged_into: F2}
    """
    result = compiled(test_a_clause_that_is_merged_into_itself.__doc__ or "")
    assert [p.code for p in result.problems] == ["merged-astray", "merged-astray"]


def test_a_task_that_rests_on_a_policy() -> None:
    """
    duties:
      - {id: check, title: 检查, source: F1, responsible: 保卫处, every: 每月, ladder: 常规}
    """
    problem = told(test_a_task_that_rests_on_a_policy, "cites-no-duty")
    assert problem.severity is Severity.WARNING


def test_a_duty_without_a_source() -> None:
    """
    duties:
      - {id: check, title: 检查, responsible: 保卫处, every: 每月, ladder: 常规}
    """
    told(test_a_duty_without_a_source, "no-source")


def test_a_text_that_is_not_in_the_folder() -> None:
    result = compiled(institution=INSTITUTION.replace("text: text.md", "text: 原文.md"))
    assert [p.code for p in result.problems] == ["text-missing"]


def test_a_duty_of_two_kinds_and_a_duty_of_none() -> None:
    head = "title: 甲, responsible: 保卫处, ladder: 常规"
    two = f"{{id: a, {head}, every: 每月, once: 5日前, {SOURCE}}}"
    none = f"{{id: b, title: 乙, responsible: 保卫处, due: 5日前, {SOURCE}}}"
    codes = [p.code for p in compiled(f"duties:\n  - {two}\n  - {none}").problems]
    assert codes == ["kind-twice", "no-kind"]


def test_a_standing_duty_without_a_checkpoint() -> None:
    """
    duties:
      - id: watch
        title: 巡查
        responsible: 保卫处
        standing: 常态化
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_a_standing_duty_without_a_checkpoint, "no-checkpoint")
    assert problem.right is not None
    assert "checkpoint: 每月" in problem.right.zh


def test_a_word_without_a_number_is_no_rhythm() -> None:
    """
    duties:
      - id: watch
        title: 巡查
        responsible: 保卫处
        every: 定期
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_word_without_a_number_is_no_rhythm, "bad-rhythm")


def test_a_key_that_means_nothing_here() -> None:
    """
    duties:
      - id: team
        title: 建队
        responsible: 保卫处
        once: 2026-06-30前
        due: 5日前
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_key_that_means_nothing_here, "stray-key")


def test_a_target_without_a_roster() -> None:
    """
    duties:
      - id: team
        title: 培训
        responsible: 保卫处
        every: 每年
        target: 95%
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_target_without_a_roster, "stray-key")


def test_an_event_duty_without_a_due_or_with_two() -> None:
    head = "id: a, title: 甲, responsible: 保卫处, on: 火警, ladder: 常规"
    none = f"duties:\n  - {{{head}, {SOURCE}}}"
    assert [p.code for p in compiled(none).problems] == ["no-due"]
    stages = "stages: [{id: s, name: 首报, due: 知悉后2小时内}]"
    both = f"duties:\n  - {{{head}, due: 知悉后1小时内, {stages}, {SOURCE}}}"
    assert [p.code for p in compiled(both).problems] == ["due-and-stages"]


def test_only_an_event_has_a_unit_where_it_happened() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 事发单位
        every: 每月
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_only_an_event_has_a_unit_where_it_happened, "no-event")


def test_a_mark_that_no_event_has() -> None:
    """
    duties:
      - id: a
        title: 报告
        responsible: 事发单位
        on: 火警
        due: 知道后2小时内
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_a_mark_that_no_event_has, "unknown-mark")
    assert problem.right is not None
    assert "知悉" in problem.right.zh


def test_a_stage_that_counts_from_a_later_one() -> None:
    """
    duties:
      - id: a
        title: 报告
        responsible: 事发单位
        on: 火警
        stages:
          - {id: first, name: 首报, due: 终报后2小时内}
          - {id: final, name: 终报, due: 结案后5个工作日内}
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_stage_that_counts_from_a_later_one, "stage-order")


def test_two_stages_of_one_name() -> None:
    """
    duties:
      - id: a
        title: 报告
        responsible: 事发单位
        on: 火警
        stages:
          - {id: first, name: 首报, due: 知悉后2小时内}
          - {id: second, name: 首报, due: 知悉后5小时内}
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_two_stages_of_one_name, "duplicate-id")


def test_a_condition_on_a_field_that_the_event_does_not_have() -> None:
    """
    duties:
      - id: a
        title: 报告
        responsible: 事发单位
        on: 火警
        when: 损失数额 >= 5000
        due: 知悉后2小时内
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_a_condition_on_a_field_that_the_event_does_not_have, "unknown-field")
    assert problem.right is not None
    assert problem.right.zh == "您是否想写“损失金额”？"


def test_a_condition_that_can_never_hold() -> None:
    head = "id: a, title: 甲, responsible: 保卫处, on: 火警, due: 知悉后2小时内, ladder: 常规"
    for when in ("损失金额 >= 很多", "地点 > 宿舍", "地点 = 操场", "有伤亡 = 可能", "损失金额"):
        result = compiled(f"duties:\n  - {{{head}, when: {when}, {SOURCE}}}")
        assert [p.code for p in result.problems] == ["bad-condition"]


def test_a_kind_of_file_that_nobody_knows() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每月
        ladder: 常规
        evidence: [{file: 记录, kinds: [pdf, dokx]}]
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    test = test_a_kind_of_file_that_nobody_knows
    assert pointed_at(told(test, "unknown-file-kind"), test) == "dokx]}]"


def test_evidence_that_is_neither_file_nor_number_nor_text_nor_date() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每月
        ladder: 常规
        evidence: [{photo: 照片}]
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_evidence_that_is_neither_file_nor_number_nor_text_nor_date, "bad-evidence")


def test_a_negative_weight() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每月
        ladder: 常规
        weight: -3
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_negative_weight, "bad-weight")


def test_an_assumption_about_a_key_that_does_not_exist() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每月
        ladder: 常规
        assumed: {evry: 办公室核定}
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_an_assumption_about_a_key_that_does_not_exist, "unknown-assumed")


def test_an_assumption_without_a_reason() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每月
        ladder: 常规
        assumed: {every: ""}
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_an_assumption_without_a_reason, "no-reason")


def test_a_task_without_a_ladder() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每月
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_task_without_a_ladder, "no-ladder")


def test_a_unit_that_reviews_itself() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        review: 保卫处
        every: 每月
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_unit_that_reviews_itself, "reviews-itself")


def test_a_school_word_without_a_school_calendar() -> None:
    before, _, after = INSTITUTION.partition("calendar:")
    institution = before + "ladders:" + after.partition("ladders:")[2]
    for written in ("every: 每学期", "every: 每周，学期内", "every: 每月, opens: 开课当日"):
        duty = f"{{id: a, title: 甲, responsible: 保卫处, {written}, ladder: 常规, {SOURCE}}}"
        result = compiled(f"duties:\n  - {duty}", institution)
        assert [p.code for p in result.problems] == ["no-school-calendar"], written


def test_a_ladder_in_teaching_days_without_a_school_calendar() -> None:
    before, _, after = INSTITUTION.partition("calendar:")
    institution = before + "ladders:" + after.partition("ladders:")[2]
    institution = institution.replace("截止前3个工作日", "截止前3个教学日")
    assert [p.code for p in compiled("", institution).problems] == ["no-school-calendar"]


def test_the_other_names_of_an_anchor_are_known_too() -> None:
    for name in ("正式上课", "学生放假", "注册"):
        duty = f"{{id: a, title: 甲, responsible: 保卫处, every: 每学期, due: {name}后1个月内}}"
        result = compiled(f"duties:\n  - {duty}")
        assert "unknown-anchor" not in [p.code for p in result.problems]


def test_an_anchor_that_nobody_has_declared() -> None:
    """
    duties:
      - id: a
        title: 演练
        responsible: 保卫处
        every: 每年
        due: 演习日前
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_an_anchor_that_nobody_has_declared, "unknown-anchor")
    assert problem.right is not None
    assert problem.right.zh == "您是否想写“演练日”？"


def test_节前_belongs_to_holidays_and_知悉_to_events() -> None:
    for due, right in (("节前3个工作日", "每个节假日"), ("知悉后30分钟内", "on:")):
        duty = f"{{id: a, title: 甲, responsible: 保卫处, every: 每月, due: {due}, ladder: 常规, "
        result = compiled(f"duties:\n  - {duty}{SOURCE}}}")
        assert [p.code for p in result.problems] == ["unknown-anchor"]
        assert result.problems[0].right is not None
        assert right in result.problems[0].right.zh


def test_an_anchor_that_is_known_but_has_no_date() -> None:
    """
    duties:
      - id: a
        title: 入学教育
        responsible: 保卫处
        every: 每学期
        due: 新生报到后两周内
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_an_anchor_that_is_known_but_has_no_date, "missing-anchor")
    assert "新生报到" in problem.what.zh


def test_the_thirtieth_of_february() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每年
        due: 2月30日前
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    test = test_the_thirtieth_of_february
    assert pointed_at(told(test, "bad-moment"), test) == "2月30日前"


def test_a_task_that_is_due_before_it_opens() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每月
        opens: 10日
        due: 5日前
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    test = test_a_task_that_is_due_before_it_opens
    assert pointed_at(told(test, "due-before-opens"), test) == "10日"


def test_a_task_that_lapses_before_it_is_due() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每月
        due: 15日前
        lapses: 10日
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_task_that_lapses_before_it_is_due, "lapses-before-due")


def test_a_date_beyond_the_calendar() -> None:
    """
    duties:
      - id: a
        title: 建队
        responsible: 保卫处
        once: 2031-06-30前
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_a_date_beyond_the_calendar, "beyond-calendar")
    assert "2031年" in problem.what.zh


def test_a_rhythm_that_never_comes_within_the_calendars() -> None:
    """
    duties:
      - id: a
        title: 检查
        responsible: 保卫处
        every: 每学年
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    institution = INSTITUTION.replace("in_force: 2026-03-01", "in_force: 2027-03-01")
    added = test_a_rhythm_that_never_comes_within_the_calendars.__doc__ or ""
    assert [p.code for p in compiled(added, institution).problems] == ["never-due"]


def test_a_plan_in_force_before_it_was_issued_or_after_it_ends() -> None:
    early = INSTITUTION.replace("in_force: 2026-03-01", "in_force: 2025-12-31")
    assert [p.code for p in compiled("", early).problems] == ["in-force-early"]
    ended = INSTITUTION.replace("in_force: 2026-03-01", "in_force: 2026-03-01\n  until: 2026-02-01")
    assert [p.code for p in compiled("", ended).problems] == ["ends-early"]
    far = INSTITUTION.replace("in_force: 2026-03-01", "in_force: 2036-03-01")
    assert [p.code for p in compiled("", far).problems] == ["beyond-calendar"]


def test_a_time_zone_and_office_hours_that_do_not_exist() -> None:
    zone = INSTITUTION.replace("  office: 办公室", "  zone: Asia/Changchun\n  office: 办公室")
    assert [p.code for p in compiled("", zone).problems] == ["unknown-zone"]
    for hours in ("[8点到12点]", "[13:30-17:00, 08:00-11:30]"):
        wrong = INSTITUTION.replace("[08:00-11:30, 13:30-17:00]", hours)
        assert [p.code for p in compiled("", wrong).problems] == ["bad-hours"]


def test_a_roster_that_is_empty() -> None:
    """
    rosters:
      - {id: teams, name: 班组, as_of: 2026-09-20}
    duties:
      - id: a
        title: 培训
        responsible: 保卫处
        every: 每年
        cover: 班组
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    told(test_a_roster_that_is_empty, "empty-roster")


def test_a_class_that_leaves_before_it_comes() -> None:
    """
    rosters:
      - id: teams
        name: 班组
        as_of: 2026-09-20
        members:
          保卫处: [一组, {name: 二组, from: 2026-10-12, until: 2026-10-01}]
    """
    problem = told(test_a_class_that_leaves_before_it_comes, "bad-member")
    assert pointed_at(problem, test_a_class_that_leaves_before_it_comes) == "2026-10-01}]"


def test_a_roster_that_forgets_a_responsible_unit() -> None:
    """
    duties:
      - id: a
        title: 培训
        responsible: 成员单位
        every: 每年
        cover: 班级
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    problem = told(test_a_roster_that_forgets_a_responsible_unit, "roster-without-unit")
    assert "保卫处" in problem.what.zh


def test_an_id_and_a_name_that_are_used_twice() -> None:
    """
    units:
      - {id: union, name: 保卫处, contact: union@school.example}
    """
    problem = told(test_an_id_and_a_name_that_are_used_twice, "duplicate-id")
    assert str(problem.place) == "plan.yaml:17:23"
    assert problem.what.zh == "“保卫处”已在 duties/guard.yaml:2:5 使用"
    result = compiled("units:\n  - {id: guard, name: 工会, contact: union@school.example}")
    assert [p.code for p in result.problems] == ["duplicate-id"]


def test_a_section_that_does_not_exist() -> None:
    result = compiled("dutys:\n  - {id: a}")
    assert [(p.code, p.right.zh if p.right else "") for p in result.problems] == [
        ("unknown-key", "您是否想写“duties”？")
    ]
