"""The incidents as the office watches them: what is due next and how much time is left."""

from datetime import timedelta

import pytest

from office.crosscheck_incidents import check_list, preview_list
from office.incidents_view import list_incidents, show_incident
from office.ledger import list_facts
from office.list_files import read_list
from office.report_incident import mark, report
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from tests.office.desk import Desk, at

STAGED = """\
duties:
  - {id: notify, title: 报告火情, responsible: 事发单位, on: 火情, ladder: 紧急, review: 办公室,
     stages: [{id: first, name: 首报, due: 知悉后30分钟内},
              {id: last, name: 终报, due: 结案后5个工作日内}]}
"""
NOW = at("2026-12-02 21:10")


@pytest.fixture
def fire(desk: Desk) -> Desk:
    desk.adopt(STAGED, "2026-11-29 09:00")
    fields = {"过火面积": "3", "地点": "二号楼", "发现人": "值班员甲"}
    known_at = at("2026-12-02 21:05")
    report(desk.db, "fire", "火情", "护理学院", fields, None, known_at, NOW, "值班员")
    return desk


def test_the_clock_of_the_first_report_runs_from_when_it_was_known(fire: Desk) -> None:
    [line] = list_incidents(fire.db, None, NOW)
    assert (line.unit, line.type_name, line.late) == ("护理学院", "火情", 0)
    assert line.next is not None
    assert f"{line.next_due:%H:%M}" == "21:35"
    [first] = show_incident(fire.db, line.event.id, NOW).reports
    assert first.left == timedelta(minutes=25)


def test_overdue_time_is_negative_and_the_end_can_be_marked(fire: Desk) -> None:
    later = NOW + timedelta(hours=1)
    [line] = list_incidents(fire.db, None, later)
    shown = show_incident(fire.db, line.event.id, later)
    assert shown.reports[0].left == timedelta(minutes=-35)
    assert shown.marks == ("结案",)
    assert shown.shown["发现人"] == "值班员甲"
    mark(fire.db, line.event.id, "结案", later, "值班员", later)
    assert show_incident(fire.db, line.event.id, later).marks == ()


def test_an_unknown_incident_is_refused(fire: Desk) -> None:
    with pytest.raises(Refused, match="没有事件“E2026-9999”"):
        show_incident(fire.db, "E2026-9999", NOW)


LIST = "日期,单位,过火面积\n2026-12-02,护理学院,3\n2026-12-01,药学院,8\n".encode()


def test_a_list_is_looked_at_before_it_is_recorded(fire: Desk) -> None:
    rows = read_list("名单.csv", LIST)
    before = len(list_facts(fire.db))
    seen = preview_list(fire.db, "fire", "火情", rows, "0" * 64, now=NOW)
    assert [one.outcome.value for one in seen.result.lines] == ["reported", "missed"]
    assert len(list_facts(fire.db)) == before
    done = check_list(fire.db, "fire", "火情", rows, "0" * 64, by="办公室", now=NOW)
    assert done == seen
    assert list_facts(fire.db)[-1].kind is FactKind.CROSSCHECKED


def test_a_broken_workbook_is_refused_with_a_sentence() -> None:
    with pytest.raises(Refused, match="的内容不是 xlsx 格式"):
        read_list("名单.xlsx", b"no workbook")
