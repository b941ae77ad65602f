"""Working days, holidays, and the clock that knows neither."""

from responsibilities.tasks import Standing
from tests.stories.town import Town


def test_a_monthly_bulletin_due_on_a_holiday_is_reminded_early_and_judged_late(story: Town) -> None:
    """
    # 2026年4月5日是清明节，4日至6日放假。
    ladders:
      - id: bulletin
        name: 通报
        steps:
          - {when: 下达时, tell: 联络员, notice: 督办通知单}
          - {when: 截止前1个工作日, tell: 联络员, notice: 临期提醒, colour: 蓝}
          - {when: 截止当日, tell: 联络员, notice: 今日截止提醒, colour: 蓝}
          - {when: 逾期1个工作日, tell: [联络员, 负责人], notice: 黄色预警通知单, colour: 黄}
    duties:
      - id: bulletin
        title: 编发电信网络诈骗情况月通报
        source: {clause: 五（二）, quote: 每月向二级学院和相关职能部门通报师生遭受电信网络诈骗情况}
        responsible: 学生处
        every: 每月
        about: 上一期
        due: 5日前
        evidence: [{file: 通报正文, kinds: [pdf, docx]}]
        ladder: 通报
    """
    story.begins("2026-03-31 18:00")
    story.pass_until("2026-04-07 16:59")

    task = story.task("bulletin", "2026-04")
    assert task.subject == "2026-03"  # a bulletin due in April is about March
    assert story.wall(task.due_at) == "2026-04-07 17:00"  # the 5th is a holiday: judged late
    opened = story.reads("学生处联络员", "2026-04-01 08:00", "月通报", "2026年3月", "2026年4月7日")
    assert "2026年4月5日" not in opened.text
    story.reads("学生处联络员", "2026-04-03 08:00", "临期提醒", "2026年3月")  # before the holiday
    story.reads("学生处联络员", "2026-04-07 08:00", "今日截止提醒")
    assert story.standing(task) is Standing.DUE_SOON

    story.pass_until("2026-04-08 12:00")
    assert story.standing(task) is Standing.OVERDUE
    story.reads("学生处联络员", "2026-04-08 08:00", "黄色预警通知单")
    story.reads("学生处负责人", "2026-04-08 08:00", "黄色预警通知单", "学生处")
    assert story.unread() == ""


def test_a_saturday_on_which_everybody_works_counts_as_a_working_day(story: Town) -> None:
    """
    # 国庆节放假7天，10月10日（星期六）上班。
    duties:
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 学生处
        once: 2026-10-05前
        opens: 2026-09-21
        evidence: [{text: 情况}]
        ladder: 常规
    """
    story.begins("2026-09-20 20:00")
    story.pass_until("2026-10-14 12:00")

    assert story.told(story.task("report")) == [
        "2026-09-28 08:00 临期提醒",
        "2026-10-08 08:00 今日截止提醒",
        "2026-10-09 08:00 黄色预警通知单",
        "2026-10-12 08:00 橙色预警督办单",
        "2026-10-14 08:00 红色预警问责单",
    ]


def test_a_warning_at_ten_past_eleven_on_a_holiday_night_runs_by_the_minute(story: Town) -> None:
    """
    duties:
      - id: warning
        title: 处置电诈预警信息
        source: {clause: 五（二）, quote: 联合公安机关及时处置电诈预警信息}
        responsible: 学生处
        on: 电诈预警信息
        due: 知悉后30分钟内
        evidence: [{text: 处置结果}]
        ladder: 紧急
    """
    story.begins("2026-09-20 08:00")
    story.pass_until("2026-10-03 23:10")
    story.report(
        "电诈预警信息", "护理学院", known="2026-10-03 23:10", 来源="公安机关", 对象内部编号="D-17"
    )

    task = story.task("warning")
    assert story.wall(task.due_at) == "2026-10-03 23:40"
    for post in ("学生处联络员", "学生处副联络员", "学生处负责人"):
        letter = story.reads(post, "2026-10-03 23:10", "处置电诈预警信息", "23:40")
        assert letter.urgent
        assert "D-17" not in letter.subject + letter.text + letter.html  # private stays inside
    story.pass_until("2026-10-03 23:40")
    for post in ("学生处联络员", "学生处副联络员"):
        assert story.reads(post, "2026-10-03 23:30", "即将超时提醒").urgent
    assert story.standing(task) is Standing.DUE_SOON
    story.pass_until("2026-10-03 23:41")
    assert story.standing(task) is Standing.OVERDUE
    story.pass_until("2026-10-04 08:00")
    for post in ("学生处联络员", "学生处副联络员", "学生处负责人"):
        story.reads(post, "2026-10-03 23:50", "紧急催办单")
    for post in ("学生处负责人", "分管学生工作校领导"):
        story.reads(post, "2026-10-04 00:10", "紧急提级督办单")
    for post in ("副组长", "组长"):
        assert story.reads(post, "2026-10-04 00:40", "紧急提级督办单", "学生处").urgent
    assert story.unread() == ""


def test_urgent_letters_leave_alone_beside_the_days_other_post(story: Town) -> None:
    """
    duties:
      - id: warning
        title: 处置电诈预警信息
        source: {clause: 五（二）, quote: 联合公安机关及时处置电诈预警信息}
        responsible: 学生处
        on: 电诈预警信息
        due: 知悉后30分钟内
        evidence: [{text: 处置结果}]
        ladder: 紧急
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 学生处
        once: 2026-11-27前
        opens: 2026-11-23
        evidence: [{text: 情况}]
        ladder: 常规
      - id: minutes
        title: 报送会议纪要
        source: {clause: 六, quote: 如实报送}
        responsible: 学生处
        once: 2026-11-27前
        opens: 2026-11-23
        evidence: [{file: 纪要}]
        ladder: 常规
    """
    story.begins("2026-11-22 20:00")
    story.pass_until("2026-11-23 07:50")
    for unit, number in (("护理学院", "D-1"), ("学生处", "D-2")):
        story.report(
            "电诈预警信息", unit, known="2026-11-23 07:50", 来源="师生反映", 对象内部编号=number
        )
    story.pass_until("2026-11-23 08:00")

    letters = story.mail_to("学生处联络员")
    assert [(letter.at[-5:], letter.urgent) for letter in letters] == [
        ("07:50", True),
        ("07:50", True),
        ("08:00", False),
    ]
    assert letters[2].says("报送情况", "报送会议纪要")
