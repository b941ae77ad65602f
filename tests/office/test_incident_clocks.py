"""Happened, known, reported: the clocks of an incident, its verdicts, corrections, late entries."""

import pytest

from inspections.lateness import Verdict
from office.correct_incident import Corrected, correct
from office.incident_file import incident
from office.receive import submit
from office.report_incident import LateEntry, Reported, mark, report
from responsibilities.tasks import FactKind, State
from responsibilities.words import Refused
from storage import events
from storage.engine import reading
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - id: alarm
    title: 处置火情
    responsible: 事发单位
    on: 火情
    stages:
      - {id: first, name: 首报, due: 知悉后30分钟内}
      - {id: follow, name: 续报, due: 首报后4小时内, repeat: 每4小时续报一次，直至结案}
      - {id: final, name: 终报, due: 结案后5个工作日内}
    ladder: 紧急
    evidence: [{text: 情况}]
  - {id: grave, title: 上报重大火情, responsible: 保卫处, on: 火情, when: 过火面积 >= 100,
     due: 知悉后2小时内, ladder: 紧急}
"""
KEY = "fire/E2026-0001/alarm."


@pytest.fixture
def watch(desk: Desk) -> Desk:
    """The plan is in force."""
    desk.adopt(PLAN, "2026-09-01 09:00")
    return desk


def tell(
    desk: Desk, known: str, now: str, late: LateEntry | None = None, size: str = "12"
) -> Reported:
    fields = {"过火面积": size, "地点": "三号楼", "发现人": "张某某"}
    return report(
        desk.db, "fire", "火情", "护理学院", fields, at("2026-10-02 08:40"), at(known), at(now),
        "值班员", late,
    )  # fmt: skip


def hand_in(desk: Desk, report_: str, now: str, text: str) -> None:
    submit(desk.db, desk.blobs, f"{KEY}{report_}/nursing", text=text, by="护理学院", now=at(now))


def verdicts(desk: Desk, now: str) -> list[tuple[str, Verdict, int]]:
    return [
        (one.asked.name, one.verdict, int(one.late_by.total_seconds() // 60))
        for one in incident(desk.db, "E2026-0001", at(now)).reports
    ]


def test_known_at_nine_reported_at_ten_past_one_is_late_by_three_hours_forty(watch: Desk) -> None:
    tell(watch, "2026-10-02 09:00", "2026-10-02 09:05")
    assert verdicts(watch, "2026-10-02 09:10") == [("处置火情（首报）", Verdict.AWAITED, 0)]
    assert verdicts(watch, "2026-10-02 10:00") == [("处置火情（首报）", Verdict.OVERDUE, 30)]
    hand_in(watch, "first", "2026-10-02 13:10", "已扑灭")
    assert verdicts(watch, "2026-10-03 08:00")[0] == ("处置火情（首报）", Verdict.LATE, 220)
    clocks = incident(watch.db, "E2026-0001", at("2026-10-03 08:00")).clocks
    assert [f"{name} {when:%H:%M}" for name, when in clocks.items()] == [
        "发生 08:40", "知悉 09:00", "报告 09:05", "首报 13:10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "late",
    [
        None,
        LateEntry("", "值班长"),
        LateEntry("值守无网络", ""),
        LateEntry("值守无网络", "值班员"),
        LateEntry("", "", at("2026-10-02 09:05")),
    ],
)
def test_what_is_entered_long_after_needs_a_reason_and_somebody_else_who_signs(
    watch: Desk, late: LateEntry | None
) -> None:
    with pytest.raises(Refused, match="第二签字人"):
        tell(watch, "2026-10-02 09:00", "2026-10-02 13:10", late)
    assert watch.tasks() == ()
    assert [key for _, key, _ in watch.record()] == ["fire/adopted/1"]


def test_a_report_phoned_at_once_and_entered_later_was_in_time(watch: Desk) -> None:
    late = LateEntry("值守无网络", "值班长", at("2026-10-02 09:20"))
    tell(watch, "2026-10-02 09:00", "2026-10-02 13:10", late)
    assert verdicts(watch, "2026-10-02 13:10") == [("处置火情（首报）", Verdict.ON_TIME, 0)]
    body = next(body for _, key, body in watch.record() if key.endswith("/reported"))
    assert (body["reason"], body["second_signer"]) == ("值守无网络", "值班长")
    assert body["marks"]["电话报告"] == "2026-10-02T01:20:00Z"
    hand_in(watch, "first", "2026-10-02 13:20", "补书面首报")
    follow = watch.task(f"{KEY}follow.1/nursing")
    assert follow.due_at == at("2026-10-02 13:20")  # four hours after the call, not the paper


def test_a_phone_call_before_it_was_known_is_refused(watch: Desk) -> None:
    late = LateEntry("值守无网络", "值班长", at("2026-10-02 08:50"))
    with pytest.raises(Refused, match="电话报告的时间"):
        tell(watch, "2026-10-02 09:00", "2026-10-02 13:10", late)


def test_the_reports_repeat_until_the_case_is_closed(watch: Desk) -> None:
    tell(watch, "2026-10-02 09:00", "2026-10-02 09:05")
    hand_in(watch, "first", "2026-10-02 09:20", "一")
    hand_in(watch, "follow.1", "2026-10-02 13:00", "二")
    hand_in(watch, "follow.2", "2026-10-02 18:00", "三")
    titles = [row.title for row in watch.rows("2026-10-02 18:00")]
    assert titles[0] == "处置火情（续报3）"
    assert verdicts(watch, "2026-10-02 18:00")[2] == ("处置火情（续报2）", Verdict.LATE, 40)

    closing = "2026-10-02 20:00"
    mark(watch.db, "E2026-0001", "结案", at(closing), "保卫处", at(closing))
    spared = watch.task(f"{KEY}follow.3/nursing")
    assert (spared.state, spared.outcome) == (State.CLOSED, "waived")
    assert watch.task(f"{KEY}final/nursing").state is State.OPEN
    before = watch.record()
    mark(watch.db, "E2026-0001", "结案", at(closing), "保卫处", at(closing))
    assert watch.record() == before


def put_right(desk: Desk, now: str = "2026-10-02 10:00", **values: str) -> Corrected:
    return correct(desk.db, "E2026-0001", values, "现场复核", by="保卫处", now=at(now))


def test_a_correction_keeps_both_values_and_opens_what_now_applies(watch: Desk) -> None:
    tell(watch, "2026-10-02 09:00", "2026-10-02 09:05")
    done = put_right(watch, 过火面积="120")
    assert [(one.duty, one.units) for one in done.new] == [("grave", 1)]
    assert watch.task("fire/E2026-0001/grave/guard").due_at == at("2026-10-02 11:00")
    [fact] = [f for f in incident(watch.db, "E2026-0001", at("2026-10-02 10:00")).facts
              if f.kind is FactKind.EVENT_CORRECTED]  # fmt: skip
    assert fact.body["changes"] == [{"field": "size", "from": "12", "to": "120"}]
    assert fact.body["reason"] == "现场复核"
    assert put_right(watch, 过火面积="120").new == ()  # said again: nothing more
    back = put_right(watch, 过火面积="10")
    assert [task.duty for task in back.untouched] == ["grave"]  # kept until it is waived
    with reading(watch.db) as connection:
        held = events.by_id(connection, "E2026-0001")
    assert held is not None
    assert held.former == {"size": ("12", "120")}


def test_a_corrected_private_field_never_reaches_the_record(watch: Desk) -> None:
    tell(watch, "2026-10-02 09:00", "2026-10-02 09:05")
    put_right(watch, 发现人="李某某")
    assert "某某" not in str(watch.record())
    with reading(watch.db) as connection:
        held = events.by_id(connection, "E2026-0001")
    assert held is not None
    assert (held.fields["witness"], held.former["witness"]) == ("李某某", ("张某某",))


def test_a_corrected_time_of_knowing_changes_the_verdict_and_not_the_date_that_was_told(
    watch: Desk,
) -> None:
    tell(watch, "2026-10-02 09:00", "2026-10-02 09:05")
    hand_in(watch, "first", "2026-10-02 09:20", "一")
    put_right(watch, 知悉="2026-10-02T00:45:00Z")
    assert watch.task(f"{KEY}first/nursing").due_at == at("2026-10-02 09:30")
    assert verdicts(watch, "2026-10-02 10:00")[0] == ("处置火情（首报）", Verdict.LATE, 5)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"面积": "1"}, "没有事件字段"),
        ({"过火面积": "很大"}, "应为：数字"),
        ({"知悉": "2026-10-02T01:30:00Z"}, "时间不对"),
        ({"发生": "2026-10-02T01:01:00Z"}, "不应晚于知悉"),
    ],
)
def test_an_impossible_correction_changes_nothing(
    watch: Desk, values: dict[str, str], sentence: str
) -> None:
    tell(watch, "2026-10-02 09:00", "2026-10-02 09:05")
    before = watch.record()
    with pytest.raises(Refused, match=sentence):
        put_right(watch, **values)
    with pytest.raises(Refused, match="理由"):
        correct(watch.db, "E2026-0001", {"过火面积": "1"}, " ", by="x", now=at("2026-10-02 10:00"))
    assert watch.record() == before
