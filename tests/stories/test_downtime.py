"""When we were down, when the plan changes, when a neighbour is broken."""

from responsibilities.tasks import FactKind, Standing
from tests.stories.town import Town


def test_ten_days_of_downtime_are_made_up_once_in_order_and_never_held_against_a_unit(
    story: Town,
) -> None:
    """
    duties:
      - id: weekly
        title: 落实学生反诈“周提醒”
        source: {clause: 五（二）学生处, quote: 组织辅导员做好学生反诈“周提醒”}
        responsible: 护理学院
        every: 每教学周
        due: 周五前
        evidence: [{text: 提醒内容}]
        review: 学生处
        ladder: 每周
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        once: 2026-12-04前
        opens: 2026-11-16
        evidence: [{text: 情况}]
        ladder: 常规
    """
    story.begins("2026-11-22 20:00")
    story.pass_until("2026-11-25 18:00")
    before = len(list(story.letterbox))
    story.is_down_until("2026-12-05 18:00")

    w12, report, w13 = (
        story.task("weekly", "2026-27-1.W12"),
        story.task("report"),
        story.task("weekly", "2026-27-1.W13"),
    )
    # The week that opened and ended while we were down was opened late, by us.
    assert w13.late_by_system
    assert (story.wall(w13.opens_at), story.wall(w13.original_due_at)) == (
        "2026-11-30 08:00",
        "2026-12-04 17:00",
    )
    # Nobody is late for it: what we took is given back, from when we are up again.
    for task in (w12, report, w13):
        assert task.due_at > story.now
        assert story.standing(task) not in (Standing.OVERDUE, Standing.DONE_LATE)
    assert [story.told(task) for task in (w12, w13)] == [[], []]  # nobody was warned for our fault
    # The unit reads it in one letter, the office learns of the gap in another.
    after = list(story.letterbox)[before:]
    assert sorted(mail.to for mail in after) == ["护理学院联络员", "领导小组办公室"]
    to_unit = story.mail_to("护理学院联络员")[-1]
    assert to_unit.says("第12教学周", "第13教学周", "报送情况", "系统")
    gap = story.mail_to("领导小组办公室")[-1]
    assert gap.says("2026年11月25日", "2026年12月5日", "18:00")
    [outage] = story.record("outage/", FactKind.OUTAGE)
    assert outage.by == "system"

    # Everything happens once: the days after bring no second copy of what was made up.
    story.pass_until("2026-12-07 12:00")
    assert len(story.record("outage/", FactKind.OUTAGE)) == 1
    assert [task.period for task in story.tasks("weekly")] == [
        "2026-27-1.W12",
        "2026-27-1.W13",
        "2026-27-1.W14",
    ]
    opened = [fact.kind for fact in story.facts(w13)]
    assert opened.count(FactKind.OPENED) == 1


def test_a_step_that_came_due_while_we_were_down_is_told_late_by_the_system(story: Town) -> None:
    """
    duties:
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        once: 2026-11-20前
        opens: 2026-11-09
        evidence: [{text: 情况}]
        ladder: 常规
    """
    story.begins("2026-11-09 07:00")
    story.pass_until("2026-11-21 10:00")  # overdue since Friday, by its own fault
    story.is_down_until("2026-11-25 10:00")

    told = story.facts(story.task("report"), FactKind.TOLD)
    late = [(f.body["notice"], f.body["late_by_system"]) for f in told if f.body["late_by_system"]]
    assert late == [("黄色预警通知单", True), ("橙色预警督办单", True)]
    assert story.standing(story.task("report")) is Standing.OVERDUE
    letters = [m for m in story.mail_to("护理学院负责人") if m.at == "2026-11-25 10:00"]
    assert len(letters) == 1  # two steps missed, one letter
    assert letters[0].says("橙色预警督办单")
    story.pass_until("2026-11-27 12:00")
    assert story.told(story.task("report"))[-1] == "2026-11-27 08:00 红色预警问责单"


def test_an_open_task_keeps_the_plan_it_opened_under(story: Town) -> None:
    """
    duties:
      - id: weekly
        title: 报送周提醒情况
        source: {clause: 五（二）学生处, quote: 周提醒}
        responsible: 护理学院
        every: 每教学周
        due: 周五前
        evidence: [{text: 提醒内容}]
        review: 学生处
        ladder: 常规
    """
    story.begins("2026-11-22 20:00")
    story.pass_until("2026-11-25 10:00")
    old = story.task("weekly")
    adopted = story.adopts(
        """
    duties:
      - id: weekly
        title: 报送周提醒情况和截图
        source: {clause: 五（二）学生处, quote: 周提醒}
        responsible: 护理学院
        every: 每教学周
        due: 周四前
        evidence: [{text: 提醒内容}, {file: 截图}]
        review: 领导小组办公室
        ladder: 每周
    """
    )
    assert (adopted.version, adopted.difference.moves) == (2, ("weekly",))
    assert adopted.difference.open_tasks == 1

    story.pass_until("2026-11-30 12:00")
    assert story.wall(old.due_at) == "2026-11-27 17:00"  # Friday, as it was told
    assert story.told(story.task("weekly", "2026-27-1.W12")) == [
        "2026-11-24 08:00 临期提醒",
        "2026-11-27 08:00 今日截止提醒",
        "2026-11-30 08:00 黄色预警通知单",
    ]
    receipt = story.hand_in(old, text="班级群提醒")  # no picture was asked for then
    assert [name for name, _ in receipt.checklist] == ["提醒内容"]
    assert story.mail_to("学生处（审核）")[-1].says("报送周提醒情况")
    new = story.task("weekly", "2026-27-1.W13")
    assert story.wall(new.due_at) == "2026-12-03 17:00"
    opening = next(m for m in story.mail_to("护理学院联络员") if m.says("第13教学周"))
    assert opening.says("报送周提醒情况和截图", "截图")


def test_a_duty_with_a_broken_neighbour_still_runs(story: Town) -> None:
    """
    duties:
      - id: good
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        once: 2026-11-27前
        opens: 2026-11-23
        evidence: [{text: 情况}]
        ladder: 常规
      - id: bad
        title: 报送名单
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学苑
        every: 定期
        evidence: [{text: 名单}]
        ladder: 常规
    """
    story.begins("2026-11-22 20:00")
    story.pass_until("2026-11-30 12:00")

    said = "\n".join(problem.what.zh + str(problem.right) for problem in story.compiled.errors)
    assert "护理学苑" in said
    assert "护理学院" in said  # 您是否想写 …
    assert "定期" in said
    assert [task.duty for task in story.tasks()] == ["good"]
    story.reads("护理学院负责人", "2026-11-30 08:00", "黄色预警通知单", "报送情况")
