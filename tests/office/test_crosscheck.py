"""A list held against the record is itself recorded once, by its digest and line numbers."""

import pytest

from inspections.crosscheck import Outcome
from office.crosscheck_incidents import Checked, check_list
from office.report_incident import report
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from storage import facts
from storage.engine import reading
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - {id: alarm, title: 处置火情, responsible: 事发单位, on: 火情, due: 知悉后30分钟内, ladder: 紧急,
     evidence: [{text: 情况}]}
"""
ROWS = [
    {"日期": "2026-10-02", "单位": "护理学院", "过火面积": "12", "发现人": "张某某"},
    {"日期": "2026年10月1日", "单位": "药学院", "过火面积": "3"},
]


@pytest.fixture
def watch(desk: Desk) -> Desk:
    """One fire was reported."""
    desk.adopt(PLAN, "2026-09-01 09:00")
    report(
        desk.db, "fire", "火情", "护理学院", {"过火面积": "12", "地点": "三号楼"}, None,
        at("2026-10-02 09:00"), at("2026-10-02 09:05"), "值班员",
    )  # fmt: skip
    return desk


def check(desk: Desk, now: str, rows: list[dict[str, str]] = ROWS) -> Checked:
    return check_list(desk.db, "fire", "火情", rows, "ab" * 32, by="保卫处", now=at(now))


def test_the_same_list_with_the_same_result_is_recorded_once(watch: Desk) -> None:
    first = check(watch, "2026-10-02 09:10")
    assert [one.outcome for one in first.result.lines] == [Outcome.REPORTED, Outcome.MISSED]
    assert check(watch, "2026-10-02 09:20").repeated
    late = check(watch, "2026-10-02 10:00")  # the report is overdue now: another result
    assert [one.outcome for one in late.result.lines] == [Outcome.LATE, Outcome.MISSED]
    with reading(watch.db) as connection:
        found = facts.without_task(connection, "fire/crosscheck/")
    assert [fact.kind for fact in found] == [FactKind.CROSSCHECKED] * 2
    assert found[0].body["missed"] == [2]
    assert found[0].body["matched"] == {"1": "E2026-0001"}
    assert "张某某" not in str(found)


def test_a_list_of_an_unknown_type_leaves_no_trace(watch: Desk) -> None:
    before = watch.record()
    with pytest.raises(Refused, match="没有事件类型"):
        check_list(watch.db, "fire", "水情", ROWS, "ab" * 32, by="x", now=at("2026-10-02 10:00"))
    assert watch.record() == before
