"""A letter alone is enough to act on: what is asked for, until when, and what comes next."""

from tests.stories.town import Town


def test_whoever_decides_on_more_time_reads_until_when_it_is_asked_for(story: Town) -> None:
    """
    duties:
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        once: 2026-11-27前
        opens: 2026-11-16
        evidence: [{text: 情况}]
        review: 学生处
        ladder: 常规
    """
    story.begins("2026-11-16 07:00")
    story.pass_until("2026-11-20 10:00")
    story.ask_extension(story.task("report"), "2026-12-01 17:00", "承办人外出培训")
    asked = story.mail_to("领导小组办公室")[-1]
    assert asked.says("延期申请", "申请延至：2026年12月1日（星期二）17:00", "承办人外出培训")
    story.ask_extension(story.task("report"), "2026-12-03 17:00", "培训延长")
    story.pass_until("2026-11-21 09:00")  # the office has had its letter of the day
    again = story.mail_to("领导小组办公室")[-1]
    assert again.says("申请延至：2026年12月3日（星期四）17:00", "培训延长")
    assert "12月1日" not in again.text


def test_a_step_counted_in_minutes_is_announced_to_the_minute(story: Town) -> None:
    """
    duties:
      - id: emergency
        title: 报告重大紧急情况
        source: {clause: 六（三）, quote: 如发现重大、紧急情况要第一时间上报}
        responsible: 事发单位
        on: 电诈案件
        due: 知悉后30分钟内
        evidence: [{text: 情况}]
        ladder: 紧急
    """
    story.begins("2026-11-02 08:00")
    story.pass_until("2026-11-13 21:05")
    story.report("电诈案件", "护理学院", known="2026-11-13 21:00", 身份="学生", 损失金额="1")
    first = story.mail_to("护理学院联络员")[-1]
    assert first.says("逾期未报结的，将于2026年11月13日（星期五）21:40向")
    story.pass_until("2026-11-13 21:45")
    late = story.mail_to("护理学院联络员")[-1]
    assert late.says("仍未报结的，将于2026年11月13日（星期五）22:00向")


def test_a_reminder_on_the_last_day_says_so_once(story: Town) -> None:
    """
    duties:
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        once: 2026-11-27前
        opens: 2026-11-16
        evidence: [{text: 情况}]
        ladder: 常规
    """
    story.begins("2026-11-16 07:00")
    story.pass_until("2026-11-27 09:00")
    assert story.mail_to("护理学院联络员")[-1].subject.startswith("【今日截止提醒】报送情况（")


def test_only_the_letter_that_was_late_says_that_the_system_was_down(story: Town) -> None:
    """
    duties:
      - id: report
        title: 报送情况
        source: {clause: 六, quote: 如实报送}
        responsible: 护理学院
        every: 每月
        due: 25日前
        evidence: [{text: 情况}]
        ladder: 常规
    """
    story.begins("2026-10-28 08:00")
    story.is_down_until("2026-11-03 09:00")
    late = next(m for m in story.mail_to("护理学院联络员") if m.at == "2026-11-03 09:00")
    assert "停运" in late.text
    story.pass_until("2026-11-27 09:00")
    after = [mail for mail in story.mail_to("护理学院联络员") if mail.at > "2026-11-04"]
    assert after
    assert not [mail.subject for mail in after if "停运" in mail.text]


def test_whoever_is_called_to_an_incident_reads_whose_it_is_and_what_is_known(
    story: Town,
) -> None:
    story.begins("2026-11-02 08:00")
    story.pass_until("2026-11-12 09:30")
    story.report(
        "电诈案件", "护理学院", known="2026-11-12 09:00", 身份="学生", 损失金额="68000",
        被骗人内部编号="V-2026-7",
    )  # fmt: skip
    letter = next(mail for mail in story.mail_to("学生处联络员") if "68000" in mail.text)
    assert letter.says("事发单位：护理学院", "知悉时间：2026年11月12日（星期四）09:00")
    assert letter.says("身份：学生", "损失金额：68000")
    assert "护理学院" in letter.html
    assert "V-2026-7" not in letter.text + letter.html  # private fields never leave the office
