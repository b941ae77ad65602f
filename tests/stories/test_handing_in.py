"""What a unit hands in, and what the reviewer and the office make of it."""

import pytest

from responsibilities.tasks import FactKind, Standing, State
from responsibilities.words import Refused
from tests.stories.town import Town

ALL_BUT_TWO = [
    f"护理{year}{number:02}班" for year, classes in ((24, 8), (25, 8), (26, 9))
    for number in range(1, classes + 1)
    if (year, number) not in ((24, 3), (26, 9))
]  # fmt: skip


def test_a_class_meeting_held_in_23_of_25_classes_waits_for_the_other_two(story: Town) -> None:
    """
    duties:
      - id: meeting
        title: 召开反诈主题班会
        source: {clause: 五（二）学生处, quote: 每年组织学生班级开展一次“全覆盖”反诈主题班会}
        responsible: 护理学院
        every: 每学年
        due: 11月30日前
        cover: 班级
        evidence: [{file: 班会记录和签到表, kinds: [pdf, zip]}]
        review: 学生处
        ladder: 常规
    """
    story.begins("2026-11-02 08:00")
    task = story.task("meeting")
    story.pass_until("2026-11-20 10:00")
    receipt = story.hand_in(task, files=["班会记录.pdf"], covered=ALL_BUT_TWO)

    assert receipt.covered == (23, 25)
    assert receipt.uncovered == ("护理2403班", "护理2609班")
    assert receipt.state is State.OPEN
    assert story.mail_to("学生处（审核）") == []  # nothing to review yet
    with pytest.raises(Refused, match="尚未报结"):
        story.accept(task)

    story.pass_until("2026-11-25 12:00")
    reminder = story.reads("护理学院联络员", "2026-11-25 08:00", "临期提醒", "23/25")
    assert "护理2403班" in reminder.text
    assert "护理2609班" in reminder.text
    assert "护理2401班" not in reminder.text

    assert story.hand_in(task, covered=["护理2403班"]).state is State.OPEN
    complete = story.hand_in(task, covered=["护理2609班"])
    assert complete.covered == (25, 25)
    assert complete.state is State.SUBMITTED
    story.reads("学生处（审核）", "2026-11-25 12:00", "召开反诈主题班会", "25/25")
    story.accept(task)
    assert story.standing(task) is Standing.DONE


def test_the_two_missing_classes_can_be_waived_with_a_reason(story: Town) -> None:
    """
    duties:
      - id: meeting
        title: 召开反诈主题班会
        source: {clause: 五, quote: 全覆盖}
        responsible: 护理学院
        every: 每学年
        due: 11月30日前
        cover: 班级
        evidence: [{file: 班会记录}]
        review: 学生处
        ladder: 常规
    """
    story.begins("2026-11-02 08:00")
    task = story.task("meeting")
    story.hand_in(task, files=["班会记录.pdf"], covered=ALL_BUT_TWO)
    story.waive(task, "护理2403班、护理2609班在外实习，下学期补开")

    assert story.standing(task) is Standing.WAIVED
    story.pass_until("2026-11-03 09:00")  # the college has had its letter of the day
    letter = story.mail_to("护理学院联络员")[-1]
    assert letter.says("护理2403班、护理2609班在外实习，下学期补开", "免办")


def test_returned_work_goes_on_up_the_ladder_with_the_reviewers_time_given_back(
    story: Town,
) -> None:
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
    story.pass_until("2026-11-24 10:00")
    task = story.task("report")
    story.reads("护理学院联络员", "2026-11-16 08:00", "督办通知单")
    story.reads("护理学院联络员", "2026-11-24 08:00", "临期提醒")
    story.hand_in(task, text="本月无案")
    story.reads("学生处（审核）", "2026-11-24 10:00", "报送情况", "情况")

    story.pass_until("2026-12-01 10:00")  # the reviewer lets it lie beyond the due date
    assert story.standing(task) is Standing.UNDER_REVIEW
    story.reads("学生处（审核）", "2026-11-27 08:00", "待审核提醒")
    assert story.unread() == ""  # the unit is not chased meanwhile

    story.return_(task, "未附统计表，请补充")
    returned = story.reads("护理学院联络员", "2026-12-01 10:00", "未附统计表，请补充")
    back = story.task("report")
    assert story.wall(back.due_at) == "2026-12-04 17:00"  # a week under review, a week back
    assert story.wall(back.original_due_at) == "2026-11-27 17:00"
    assert returned.says("2026年12月4日", "2026年11月27日")
    assert story.standing(back) is not Standing.OVERDUE

    story.pass_until("2026-12-09 12:00")
    assert story.told(task) == [
        "2026-11-24 08:00 临期提醒",
        "2026-11-27 08:00 待审核提醒",
        "2026-12-04 08:00 今日截止提醒",
        "2026-12-07 08:00 黄色预警通知单",
        "2026-12-09 08:00 橙色预警督办单",
    ]
    assert story.standing(back) is Standing.OVERDUE or story.now > back.due_at


def test_an_extension_keeps_both_dates_and_starts_the_ladder_anew(story: Town) -> None:
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
    story.pass_until("2026-11-26 10:00")
    task = story.task("report")
    story.ask_extension(task, "2026-12-11 17:00", "统计口径待上级明确")
    story.reads("领导小组办公室", "2026-11-26 10:00", "统计口径待上级明确", "2026年12月11日")
    assert story.wall(story.task("report").due_at) == "2026-11-27 17:00"  # asking moves nothing

    story.extend(task, "2026-12-11 17:00")
    granted = story.reads("护理学院联络员", "2026-11-26 10:00", "2026年12月11日", "2026年11月27日")
    assert "延期" in granted.subject + granted.text
    moved = story.task("report")
    assert story.wall(moved.due_at) == "2026-12-11 17:00"
    assert story.wall(moved.original_due_at) == "2026-11-27 17:00"

    story.pass_until("2026-12-14 12:00")
    assert story.told(task) == [
        "2026-11-24 08:00 临期提醒",
        "2026-12-08 08:00 临期提醒",
        "2026-12-11 08:00 今日截止提醒",
        "2026-12-14 08:00 黄色预警通知单",
    ]


def test_a_declined_extension_says_why_and_moves_nothing(story: Town) -> None:
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
    story.pass_until("2026-11-26 10:00")
    task = story.task("report")
    story.ask_extension(task, "2026-12-11 17:00", "统计口径待上级明确")
    story.decline(task, "上级口径已于11月20日印发")

    declined = [m for m in story.mail_to("护理学院联络员") if m.at == "2026-11-26 10:00"]
    assert len(declined) == 1
    assert declined[0].says("上级口径已于11月20日印发", "2026年11月27日")
    assert story.wall(story.task("report").due_at) == "2026-11-27 17:00"
    story.pass_until("2026-11-30 12:00")
    story.reads("护理学院负责人", "2026-11-30 08:00", "黄色预警通知单")


def test_a_waived_task_is_never_spoken_of_again(story: Town) -> None:
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
    story.pass_until("2026-11-18 10:00")
    task = story.task("report")
    story.waive(task, "本年度改由学生处统一报送")
    story.pass_until("2027-03-01 10:00")

    assert [mail.at for mail in story.letterbox] == ["2026-11-16 08:00", "2026-11-18 10:00"]
    assert story.told(task) == []
    assert story.standing(task) is Standing.WAIVED


def test_nothing_to_report_must_be_said_and_saying_it_is_enough(story: Town) -> None:
    """
    duties:
      - id: cases
        title: 报送发案情况
        source: {clause: 六, quote: 如实报送}
        responsible: [护理学院, 学生处]
        once: 2026-11-27前
        opens: 2026-11-16
        evidence: [{number: 发案数}, {file: 明细表}]
        zero_report: true
        ladder: 常规
      - id: minutes
        title: 报送会议纪要
        source: {clause: 六, quote: 安排专人负责信息报送}
        responsible: 护理学院
        once: 2026-11-27前
        opens: 2026-11-16
        evidence: [{file: 会议纪要}]
        ladder: 常规
    """
    story.begins("2026-11-16 08:00")
    said = story.task("cases", unit="护理学院")
    silent = story.task("cases", unit="学生处")
    with pytest.raises(Refused, match="不接受零报告"):
        story.hand_in(story.task("minutes"), zero=True)
    receipt = story.hand_in(said, zero=True)

    assert receipt.zero
    assert receipt.state is State.SUBMITTED
    [fact] = story.facts(said, FactKind.SUBMITTED)
    assert (fact.by, fact.body["zero"]) == ("护理学院联络员", True)
    story.accept(said, by="领导小组办公室")
    story.pass_until("2026-11-30 09:00")
    assert story.standing(said) is Standing.DONE
    assert story.standing(silent) is Standing.OVERDUE  # silence is no report


def test_letters_about_a_finished_task_never_leave(story: Town) -> None:
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
    story.begins("2026-11-16 08:00")
    story.pass_until("2026-11-23 18:00")
    task = story.task("report")
    with story.post_is_closed():
        story.pass_until("2026-11-24 09:00")  # 临期提醒 is written, and cannot leave
        story.hand_in(task, text="本月无案")  # nor can the reviewer's letter
        story.accept(task)
        assert [letter.state.value for letter in story.letters()] == [
            "accepted",
            "cancelled",
            "cancelled",
            "deferred",
        ]
    story.pass_until("2026-12-24 12:00")

    assert story.told(task) == ["2026-11-24 08:00 临期提醒"]  # it was due to be told
    assert [mail.subject[1:3] for mail in story.letterbox] == ["下达", "已办"]
