"""What happens when nobody answers: reminders, warnings, and who above is told."""

from responsibilities.tasks import FactKind, Standing
from tests.stories.town import Town


def test_a_weekly_reminder_that_is_ignored_reaches_the_group_leader_in_five_working_days(
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
        evidence: [{text: 提醒内容和渠道}]
        review: 学生处
        ladder: 每周
    """
    story.begins("2026-11-22 20:00")
    story.pass_until("2026-11-29 20:00")

    opened = story.reads("护理学院联络员", "2026-11-23 08:00", "周提醒", "2026年11月27日", "17:00")
    assert "组织辅导员做好学生反诈“周提醒”" in opened.text  # the plan's own words
    assert "督办通知单" in opened.text
    assert story.reads("护理学院联络员", "2026-11-27 08:00", "今日截止提醒").colours == "蓝"
    assert story.unread() == ""

    story.pass_until("2026-12-04 12:00")
    late = story.task("weekly", "2026-27-1.W12")
    assert story.told(late) == [
        "2026-11-27 08:00 今日截止提醒",
        "2026-11-30 08:00 黄色预警通知单",
        "2026-12-01 08:00 橙色预警督办单",
        "2026-12-02 08:00 红色预警问责单",
        "2026-12-04 08:00 挂牌督办通知",
    ]
    assert story.standing(late) is Standing.OVERDUE
    # Week 13 opens on the Monday on which week 12 turns yellow: one letter says both.
    both = story.reads("护理学院联络员", "2026-11-30 08:00", "黄色预警通知单", "新下达1项")
    assert both.text.index("第12教学周") < both.text.index("第13教学周")  # the late one first
    assert story.reads("护理学院负责人", "2026-11-30 08:00", "黄色预警通知单").colours == "黄"
    for post in ("护理学院负责人", "分管学生工作校领导"):
        assert story.reads(post, "2026-12-01 08:00", "橙色预警督办单", "护理学院").colours == "橙"
    for post in ("分管学生工作校领导", "副组长", "领导小组办公室"):
        assert story.reads(post, "2026-12-02 08:00", "红色预警问责单", "护理学院").colours == "红"
    story.reads("组长", "2026-12-04 08:00", "挂牌督办通知", "护理学院", "周提醒")
    story.reads("护理学院联络员", "2026-12-04 08:00", "今日截止提醒")  # week 13's own last day
    assert story.unread() == ""


def test_a_leader_gets_one_letter_a_round_however_many_units_are_late(story: Town) -> None:
    """
    duties:
      - id: minutes
        title: 报送会议纪要
        source: {clause: 六, quote: 安排专人负责信息报送}
        responsible: [护理学院, 学生处]
        once: 2026-11-27前
        opens: 2026-11-23
        evidence: [{file: 会议纪要}]
        ladder: 常规
      - id: contacts
        title: 报送联络员名单
        source: {clause: 六, quote: 安排专人负责信息报送}
        responsible: [护理学院, 学生处]
        once: 2026-11-27前
        opens: 2026-11-23
        evidence: [{text: 名单}]
        ladder: 常规
    """
    story.begins("2026-11-22 20:00")
    story.pass_until("2026-12-02 12:00")

    letters = story.mail_to("分管学生工作校领导")
    assert [letter.at for letter in letters] == ["2026-12-02 08:00"]
    assert letters[0].says("护理学院", "学生处", "报送会议纪要", "报送联络员名单", "橙色预警督办单")
    assert "4" in letters[0].subject  # four matters, told in the subject
    told = [fact for task in story.tasks() for fact in story.facts(task, FactKind.TOLD)]
    assert len([fact for fact in told if fact.body["notice"] == "橙色预警督办单"]) == 4


def test_a_vacant_post_does_not_wait_the_step_goes_up_and_says_so(story: Town) -> None:
    """
    posts:
      - id: vacant-leader
        name: 分管宣传校领导
        mail: 空缺
    units:
      - id: press
        name: 宣传部
        contact: 空缺
        head: head.press@school.example
        leader: 分管宣传校领导
    duties:
      - id: film
        title: 播放反诈宣传教育短片
        source: {clause: 五（二）宣传部, quote: 定期播放反诈宣传教育短片}
        responsible: [宣传部, 护理学院]
        once: 2026-11-27前
        opens: 2026-11-23
        evidence: [{text: 播放记录}]
        ladder: 常规
    """
    story.begins("2026-11-22 20:00")
    story.pass_until("2026-12-02 12:00")

    opened = story.reads("宣传部负责人", "2026-11-23 08:00", "播放反诈宣传教育短片")
    assert "联络员岗位空缺" in opened.text
    orange = story.reads("领导小组办公室", "2026-12-02 08:00", "橙色预警督办单", "宣传部")
    assert "分管领导岗位空缺" in orange.text
    assert not [
        mail for mail in story.letterbox if "press" in mail.address and "contact" in mail.address
    ]
    assert [post for post in ("宣传部联络员", "分管宣传校领导") if story.mail_to(post)] == []
