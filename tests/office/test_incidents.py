"""An incident opens its chain at once; the clock runs from the time known."""

from email import message_from_bytes
from email.policy import default

import pytest

from office.receive import submit
from office.report_incident import Reported, mark, report
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - id: alarm
    title: 处置火情
    responsible: 事发单位
    on: 火情
    stages:
      - {id: first, name: 首报, due: 知悉后30分钟内}
      - {id: follow, name: 续报, due: 首报后24小时内}
      - {id: final, name: 终报, due: 结案后5个工作日内}
    ladder: 紧急
    evidence: [{text: 情况}]
  - {id: grave, title: 上报重大火情, responsible: 保卫处, on: 火情, when: 过火面积 >= 100,
     due: 知悉后2小时内, ladder: 紧急}
"""


@pytest.fixture
def watch(desk: Desk) -> Desk:
    """The plan is in force."""
    desk.adopt(PLAN, "2026-09-01 09:00")
    return desk


def tell(desk: Desk, **changed: object) -> Reported:
    given = {
        "type_": "火情", "unit": "护理学院", "fields": {"过火面积": "12", "地点": "三号楼"},
        "happened_at": at("2026-10-02 23:00"), "known_at": at("2026-10-02 23:10"),
        "now": at("2026-10-02 23:20"), "by": "值班室",
    } | changed  # fmt: skip
    return report(desk.db, "fire", **given)  # type: ignore[arg-type]


def test_at_23_10_on_a_holiday_the_clock_runs_all_the_same(watch: Desk) -> None:
    reported = tell(watch)
    assert reported.event.id == "E2026-0001"
    [task] = reported.tasks
    assert task.key == "fire/E2026-0001/alarm.first/nursing"
    assert task.due_at == at("2026-10-02 23:40")
    watch.post("2026-10-02 23:20")
    to = " ".join(to for to, _ in watch.letters())
    assert len(watch.letters()) == 2
    assert "nursing@school.example" in to
    assert "nursing-head@school.example" in to
    assert all(subject.startswith("【紧急") for _, subject in watch.letters())


def test_a_grave_case_calls_more_duties(watch: Desk) -> None:
    reported = tell(watch, fields={"过火面积": "120", "地点": "三号楼"})
    assert {task.duty for task in reported.tasks} == {"alarm", "grave"}


def test_handing_in_the_first_report_starts_the_clock_of_the_next(watch: Desk) -> None:
    tell(watch)
    submit(
        watch.db, watch.blobs, "fire/E2026-0001/alarm.first/nursing",
        text="已扑灭", by="护理学院", now=at("2026-10-02 23:35"),
    )  # fmt: skip
    assert watch.task("fire/E2026-0001/alarm.follow/nursing").due_at == at("2026-10-03 23:35")
    titles = {row.title for row in watch.rows("2026-10-03 08:00")}
    assert titles == {"处置火情（首报）", "处置火情（续报）"}


def test_closing_the_case_opens_the_final_report_once(watch: Desk) -> None:
    tell(watch)
    for _ in range(2):
        done = mark(
            watch.db, "E2026-0001", "结案", at("2026-10-09 10:00"), "保卫处", at("2026-10-09 11:00")
        )
    assert [task.key.split("/")[2] for task in done.tasks] == ["alarm.first", "alarm.final"]
    with pytest.raises(Refused, match="另一时间"):
        mark(
            watch.db, "E2026-0001", "结案", at("2026-10-08 10:00"), "保卫处", at("2026-10-09 11:00")
        )


def test_the_same_report_twice_is_one_event(watch: Desk) -> None:
    first = tell(watch)
    again = tell(watch, now=at("2026-10-02 23:25"))
    assert (again.event.id, again.new) == (first.event.id, ())
    assert len(watch.tasks()) == 1


def test_private_fields_and_free_text_never_reach_the_record_or_a_letter(watch: Desk) -> None:
    fields = {"过火面积": "12", "地点": "三号楼", "发现人": "张某某"}
    tell(watch, fields=fields)
    watch.post("2026-10-02 23:20")
    said = "".join(
        part.get_content()
        for path in watch.mail.maildir.glob("new/*")
        for part in message_from_bytes(path.read_bytes(), policy=default).walk()
        if part.get_content_maintype() == "text"
    )
    assert "过火面积：12" in said
    for secret in ("张某某", "三号楼"):
        assert secret not in str(watch.record())
        assert secret not in said
    body = next(body for _, key, body in watch.record() if key.endswith("/reported"))
    assert (body["fields"], body["withheld"]) == ({"size": "12"}, ["place", "witness"])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"type_": "火警"}, "没有事件类型“火警”"),
        ({"unit": "护理学员"}, "您是否想写“护理学院”"),
        ({"fields": {"过火面积": "12"}}, "请补填：地点"),
        ({"fields": {"过火面积": "很大", "地点": "三号楼"}}, "应为：数字"),
        ({"fields": {"面积": "1"}}, "没有事件字段"),
        ({"known_at": at("2026-10-02 22:00")}, "不应晚于知悉时间"),
        ({"known_at": at("2026-10-03 22:00")}, "不应晚于当前时间"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_opened(
    watch: Desk, changed: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        tell(watch, **changed)
    assert [fact for _, fact, _ in watch.record()] == ["fire/adopted/1"]


def test_an_urgent_task_climbs_by_the_minute(watch: Desk) -> None:
    tell(watch)
    watch.reconcile("2026-10-02 23:50")
    key = "fire/E2026-0001/alarm.first/nursing"
    assert watch.kinds(key) == [FactKind.OPENED, FactKind.TOLD]
