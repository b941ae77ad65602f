"""An event is reported once; the chain of duties that hangs on it runs by itself."""

import pytest

from responsibilities.tasks import FactKind, Standing, State
from responsibilities.words import Refused
from tests.stories.town import Town


def test_a_case_opens_dissuasion_visits_trace_back_and_care_each_with_its_own_date(
    story: Town,
) -> None:
    story.begins("2026-11-11 07:00")
    story.pass_until("2026-11-12 09:30")
    before = len(list(story.letterbox))
    case = story.report(
        "电诈案件",
        "护理学院",
        known="2026-11-12 09:00",
        happened="2026-11-11 20:00",
        身份="学生",
        损失金额="68000",
        诈骗手法="刷单返利",
        被骗人内部编号="V-2026-031",
    )

    chain = {task.key.split("/")[2]: task for task in story.tasks() if task.event == case.id}
    assert {
        name: (story.name(task.unit), story.wall(task.due_at)) for name, task in chain.items()
    } == {
        "bwc-revisit.first": ("保卫处", "2026-11-19 17:00"),
        "bwc-revisit.second": ("保卫处", "2026-12-14 17:00"),  # +30 days is a Saturday
        "bwc-trace": ("保卫处", "2026-11-26 17:00"),  # ten working days
        "xsc-care.start": ("学生处", "2026-11-17 17:00"),
        "xsc-care.close": ("学生处", "2026-12-14 17:00"),
        "gbm-large-case": ("护理学院", "2026-11-12 11:00"),  # 68,000: two hours, night and day
    }
    assert "rsc-care" not in {task.duty for task in chain.values()}  # not a member of staff
    told = list(story.letterbox)[before:]
    assert {mail.at for mail in told} == {"2026-11-12 09:30"}
    assert all("V-2026-031" not in mail.subject + mail.text + mail.html for mail in told)
    [record] = story.record("anti-fraud/event/", FactKind.REPORTED)
    assert "V-2026-031" not in str(record.body)


def test_a_staff_case_is_cared_for_by_another_office(story: Town) -> None:
    """
    duties:
      - id: care-students
        title: 关心帮扶被骗学生
        source: {clause: 五, quote: 跟进做好被骗学生心理疏导和关心帮扶}
        responsible: 学生处
        on: 电诈案件
        when: 身份 = 学生
        due: 知悉后3个工作日内
        evidence: [{number: 帮扶次数}]
        ladder: 常规
      - id: care-staff
        title: 关心帮扶被骗教职工
        source: {clause: 五, quote: 跟进做好被骗教职工心理疏导和关心帮扶}
        responsible: 事发单位
        on: 电诈案件
        when: 身份 = 教职工 且 损失金额 >= 5000
        due: 知悉后3个工作日内
        evidence: [{number: 帮扶次数}]
        ladder: 常规
    """
    story.begins("2026-11-02 08:00")
    story.pass_until("2026-11-12 10:00")
    story.report("电诈案件", "护理学院", known="2026-11-12 09:00", 身份="学生", 损失金额="100")
    assert [task.duty for task in story.tasks()] == ["care-students"]
    story.report("电诈案件", "护理学院", known="2026-11-12 09:10", 身份="教职工", 损失金额="4999")
    assert [task.duty for task in story.tasks()] == ["care-students"]
    story.report("电诈案件", "护理学院", known="2026-11-12 09:20", 身份="教职工", 损失金额="5000")
    [_, staff] = story.tasks()
    assert (staff.duty, story.name(staff.unit)) == ("care-staff", "护理学院")


def test_the_same_report_twice_opens_one_chain(story: Town) -> None:
    """
    duties:
      - id: trace
        title: 倒查落实情况
        source: {clause: 五, quote: 倒查相关单位反诈工作落实情况}
        responsible: 学生处
        on: 电诈案件
        due: 知悉后10个工作日内
        evidence: [{file: 倒查报告}]
        ladder: 常规
    """
    story.begins("2026-11-02 08:00")
    story.pass_until("2026-11-12 10:00")
    first = story.report(
        "电诈案件", "护理学院", known="2026-11-12 09:00", 身份="学生", 损失金额="1"
    )
    story.pass_until("2026-11-12 10:05")
    again = story.report(
        "电诈案件", "护理学院", known="2026-11-12 09:00", 身份="学生", 损失金额="1"
    )

    assert again.id == first.id
    assert len(story.tasks()) == 1
    assert len(list(story.letterbox)) == 1


def test_first_follow_up_and_final_report_each_start_when_their_hour_comes(story: Town) -> None:
    """
    duties:
      - id: emergency
        title: 报告重大紧急情况
        source: {clause: 六（三）, quote: 如发现重大、紧急情况要第一时间上报}
        responsible: 事发单位
        on: 电诈案件
        stages:
          - {id: first, name: 首报, due: 知悉后30分钟内}
          - {id: follow, name: 续报, due: 首报后24小时内}
          - {id: final, name: 终报, due: 结案后5个工作日内}
        evidence: [{text: 情况}]
        ladder: 紧急
    """
    story.begins("2026-11-02 08:00")
    story.pass_until("2026-11-13 21:05")
    case = story.report("电诈案件", "护理学院", known="2026-11-13 21:00", 身份="学生", 损失金额="1")
    [first] = story.tasks()
    assert story.wall(first.due_at) == "2026-11-13 21:30"
    assert story.mail_to("护理学院联络员")[0].says("报告重大紧急情况（首报）", "21:30")

    story.pass_until("2026-11-13 21:20")
    story.hand_in(first, text="接警，已止付")
    assert story.standing(first) is Standing.UNDER_REVIEW
    [_, follow] = story.tasks()
    assert follow.key.endswith("/emergency.follow/nursing")
    assert story.wall(follow.due_at) == "2026-11-14 21:20"  # a Saturday: the clock runs on

    story.pass_until("2026-11-14 20:00")
    story.hand_in(follow, text="追回部分资金")
    assert len(story.tasks()) == 2  # the final report waits for the case to be closed
    story.pass_until("2026-11-20 15:00")
    story.mark(case, "结案", "2026-11-20 14:00")
    final = story.tasks()[2]
    assert story.wall(final.due_at) == "2026-11-27 17:00"
    assert final.state is State.OPEN
    story.mark(case, "结案", "2026-11-20 14:00")  # said again: nothing more
    assert len(story.tasks()) == 3


def test_an_incident_reported_late_is_late_from_the_time_it_was_known(story: Town) -> None:
    """
    duties:
      - id: emergency
        title: 报告重大紧急情况
        source: {clause: 六（三）, quote: 如发现重大、紧急情况要第一时间上报}
        responsible: 事发单位
        on: 电诈案件
        due: 知悉后2小时内
        evidence: [{text: 情况}]
        ladder: 紧急
    """
    story.begins("2026-11-02 08:00")
    story.pass_until("2026-11-13 13:10")
    story.report("电诈案件", "护理学院", known="2026-11-13 09:00", 身份="学生", 损失金额="1")
    [task] = story.tasks()
    story.hand_in(task, text="已报公安机关")
    story.accept(task, by="领导小组办公室")

    assert story.wall(task.due_at) == "2026-11-13 11:00"
    assert not task.late_by_system
    assert story.standing(task) is Standing.DONE_LATE  # 迟报 stays visible


def test_an_event_is_taken_only_where_it_can_happen_and_within_its_numbers(story: Town) -> None:
    """
    events:
      - id: flood
        name: 宿舍进水
        units: [护理学院]
        fields:
          - {id: rooms, name: 进水房间数, kind: number, min: 1, max: 400}
    duties:
      - id: pump
        title: 排水
        source: {clause: 三, quote: 宿舍进水的立即排水}
        responsible: 事发单位
        on: 宿舍进水
        due: 知悉后2小时内
        evidence: [{text: 排水情况}]
        ladder: 常规
    """
    story.begins("2026-11-12 08:00")
    story.pass_until("2026-11-12 10:00")
    known = "2026-11-12 09:50"
    with pytest.raises(Refused, match=r"“宿舍进水”的发生单位应为：.*护理学院"):
        story.report("宿舍进水", "学生处", known=known, 进水房间数="3")
    for wrong in ("0", "401"):
        with pytest.raises(Refused, match="1至400的数字"):
            story.report("宿舍进水", "护理学院", known=known, 进水房间数=wrong)
    story.report("宿舍进水", "护理学院", known=known, 进水房间数="400")
    assert story.name(story.task("pump").unit) == "护理学院"
