"""What an inspector takes away, traces back and notices; and that reading leaves a trace itself."""

import csv
import io
from datetime import date, datetime

import orjson
import pytest
from openpyxl import load_workbook

from duban.specimen_files import file_of
from inspections.log_query import LogQuery, Remit
from inspections.notes import Signer
from inspections.proofs import open_proof
from inspections.signals import SignalKind
from office.handed_in import File
from office.imprinting import imprint_waiting
from office.log_export import Form, export
from office.reads import read_incident, reads_of
from office.receive import submit
from office.report_incident import report
from office.review import accept, return_
from office.seal import check_record, prove, seal
from office.signals_view import signals_of
from office.timeline import incident_trace, timeline, unit_trace
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from tests.office.desk import Desk, at
from tests.storage.scenes import jpeg, scene

FIRES = """\
duties:
  - {id: check, title: "=消防检查", responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, evidence: [{file: 检查记录, kinds: [pdf]}]}
  - id: fire
    title: 火情处置
    responsible: 事发单位
    on: 火情
    due: 知悉后2小时内
    review: 办公室
    ladder: 紧急
    evidence: [{text: 情况}]
"""
KEY = Signer("school.example/duban", bytes(range(32)))
NURSING = "fire/2026-W48/check/nursing"


@pytest.fixture
def school(desk: Desk) -> Desk:
    """Handed in on Tuesday, returned on Wednesday, again on Thursday, accepted on Friday."""
    desk.adopt(FIRES, "2026-11-22 08:00")
    desk.reconcile("2026-11-23 08:30")
    desk.post("2026-11-23 08:31")
    hand_in(desk, NURSING, "11-24 09:00", file_of("pdf", "one"))
    return_(desk.db, NURSING, "缺签字", by="办公室", now=at("2026-11-25 09:00"))
    seal(desk.db, KEY, at("2026-11-25 20:00"))
    hand_in(desk, NURSING, "11-26 09:00", file_of("pdf", "two"))
    accept(desk.db, NURSING, by="办公室", now=at("2026-11-27 09:00"))
    hand_in(desk, "fire/2026-W48/check/pharmacy", "11-27 10:00", file_of("pdf", "two"))
    return desk


NOW = at("2026-11-28 09:00")


def hand_in(desk: Desk, key: str, wall: str, data: bytes) -> None:
    files = [File("=记录.pdf", data)]
    submit(desk.db, desk.blobs, key, by="x", now=at(f"2026-{wall}"), files=files)


def photo(desk: Desk, key: str, wall: str, data: bytes) -> None:
    files = [File("现场.jpg", data)]
    submit(desk.db, desk.blobs, key, by="x", now=at(f"2026-{wall}"), files=files)


def exported(desk: Desk, form: Form, query: LogQuery | None = None) -> bytes:
    return b"".join(export(desk.db, query or LogQuery(), form, NOW, Remit(), "zh"))


def test_every_export_says_what_was_asked_and_as_of_when(school: Desk) -> None:
    head = seal(school.db, KEY, NOW)
    query = LogQuery(unit=("nursing",))
    found = orjson.loads(exported(school, "json", query))
    assert found["query"] == "unit=nursing"
    assert (found["as_of"], found["checkpoint"]) == ("2026-11-28T01:00:00Z", head.code())
    assert [task["number"] for task in found["tasks"]] == ["督办〔2026〕1号"]
    rows = list(csv.reader(io.StringIO(exported(school, "csv", query).decode("utf-8-sig"))))
    assert dict(rows[:5]) == {
        "查询条件": "?unit=nursing", "截至": "2026-11-28T01:00:00Z", "事项数": "1",
        "记录条数": str(head.checkpoint.size), "检查点校验码": head.code(),
    }  # fmt: skip
    book = load_workbook(io.BytesIO(exported(school, "xlsx", query)))
    about = {row[0].value: row[1].value for row in book["查询条件"].iter_rows()}
    assert about == dict(rows[:5])


def test_no_text_of_the_log_becomes_a_formula(school: Desk) -> None:
    rows = list(csv.reader(io.StringIO(exported(school, "csv").decode("utf-8-sig"))))
    assert {row[1] for row in rows[7:]} == {"'=消防检查"}
    sheet = load_workbook(io.BytesIO(exported(school, "xlsx")))["台账"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert sheet["B2"].value == "=消防检查"


def test_a_task_shows_every_fact_letter_and_version_with_its_checkpoint(school: Desk) -> None:
    found = timeline(school.db, 1, NOW)
    assert found is not None
    assert [entry.says.split("　")[0] for entry in found.entries][-4:] == [
        "报结", "退回补充", "报结", "审核通过，办结",
    ]  # fmt: skip
    covered = [entry.within for entry in found.entries]
    assert covered[-3] is not None
    assert covered[-2:] == [None, None]
    proof = prove(school.db, found.entries[0].seq)
    assert open_proof(proof.text(), [KEY.verifier])[1] == found.entries[0].seq - 1
    assert [(v.attempt, v.also) for v in found.versions] == [(1, ()), (2, (2,))]
    assert {letter.attempts for letter in found.letters} == {1}
    assert found.plan is not None
    assert found.plan.version == 1


def test_a_task_outside_the_remit_is_not_there_nor_is_its_number(school: Desk) -> None:
    """(P21)"""
    remit = Remit(units=frozenset({"nursing"}))
    assert timeline(school.db, 2, NOW, remit) is None
    found = timeline(school.db, 1, NOW, remit)
    assert found is not None
    assert [version.also for version in found.versions] == [(), ()]


def test_a_unit_traced_back_to_a_day_shows_what_was_there_that_day(school: Desk) -> None:
    query = LogQuery(unit=("nursing",), as_of=date(2026, 11, 25))
    (case,) = unit_trace(school.db, query, NOW).cases
    assert case.required == ("检查记录",)
    assert len(case.told) == 1
    assert [entry.at.day for entry in case.handed_in] == [24]
    assert case.decided[0].says.startswith("退回补充　缺签字")
    (later,) = unit_trace(school.db, LogQuery(unit=("nursing",)), NOW).cases
    assert [entry.at.day for entry in later.handed_in] == [24, 26]


def burnt(desk: Desk, witness: str = "隐去甲") -> str:
    fields = {"size": "3", "place": "实验楼", "witness": witness}
    now = at("2026-11-28 07:00")
    return report(desk.db, "fire", "fire", "护理学院", fields, None, now, now, "保卫处").event.id


def test_an_incident_is_traced_as_of_a_day(school: Desk) -> None:
    event = burnt(school)
    assert incident_trace(school.db, event, date(2026, 11, 27), NOW) is None
    december = at("2026-12-01 09:00")
    found = incident_trace(school.db, event, date(2026, 11, 28), december)
    assert found is not None
    assert [case.row.unit for case in found.cases] == ["护理学院"]
    assert found.entries[0].says.startswith("事件报告")
    assert incident_trace(school.db, event, None, NOW, Remit(units=frozenset({"pharmacy"}))) is None


def test_each_reading_of_what_is_withheld_is_a_fact(school: Desk, full: bool) -> None:
    """(P36)"""
    event, times = burnt(school), 5000 if full else 50
    for _ in range(times):
        shown = read_incident(school.db, event, by="督查员", now=NOW)
    assert shown == {"地点": "实验楼", "发现人": "隐去甲"}
    noted = reads_of(school.db, "fire", "督查员")
    assert len(noted) == times
    assert {fact.kind for fact in noted} == {FactKind.READ}
    assert "隐去甲" not in str([fact.body for fact in noted])
    seal(school.db, KEY, NOW)
    assert check_record(school.db).wrong == ()
    with pytest.raises(Refused, match="没有事件"):
        read_incident(school.db, "E2026-9999", by="督查员", now=NOW)


def test_a_file_given_twice_is_a_signal_within_the_remit_only(school: Desk) -> None:
    (found,) = signals_of(school.db, school.blobs, NOW)
    assert (found.kind, found.tasks) == (SignalKind.SAME_FILE, (1, 2))
    remit = Remit(units=frozenset({"nursing"}))
    assert signals_of(school.db, school.blobs, NOW, remit=remit) == ()


MONTHLY = "\n".join(
    ["duties:", *(
        f"  - {{id: d{n}, title: 第{n}项台账, responsible: 护理学院, every: 每月, due: 月底前,"
        " review: 办公室, ladder: 常规, evidence: [{file: 台账, kinds: [pdf]}]}"
        for n in range(5)
    )]
)  # fmt: skip


def test_the_fortnight_before_an_inspection_is_counted_in_the_days_of_the_school(
    desk: Desk,
) -> None:
    """半夜零点三十分报送五项（世界时仍是前一天）；检查日为十二月九日的算在前14日内，十日的不算。"""
    desk.adopt(MONTHLY, "2026-10-31 08:00")
    desk.reconcile("2026-11-02 08:30")
    for n in range(5):
        hand_in(desk, f"fire/2026-11/d{n}/nursing", "11-26 00:30", file_of("pdf", str(n)))
    now = at("2026-12-20 00:10")

    def seen(day: int) -> list[SignalKind]:
        return [one.kind for one in signals_of(desk.db, desk.blobs, now, date(2026, 12, day))]

    assert seen(9) == [SignalKind.BURST]
    assert seen(10) == []


def test_a_photo_sent_on_and_a_report_of_last_spring_are_signals_not_the_honest_ones(
    desk: Desk,
) -> None:
    """照片缩小转存后用于另一事项；本周的检查附了去年五月的照片。"""
    desk.adopt(FIRES.replace("kinds: [pdf]", "kinds: [jpg]"), "2026-11-22 08:00")
    desk.reconcile("2026-11-23 08:30")
    mine, spring = scene(1), jpeg(scene(2), taken=datetime(2025, 5, 6, 9))
    smaller = jpeg(mine.resize((600, 450)), 60)
    photo(desk, NURSING, "11-24 09:00", jpeg(mine, taken=datetime(2026, 11, 23, 10)))
    photo(desk, "fire/2026-W48/check/pharmacy", "11-25 09:00", smaller)
    return_(desk.db, "fire/2026-W48/check/pharmacy", "重拍", by="办公室", now=NOW)
    photo(desk, "fire/2026-W48/check/pharmacy", "11-28 09:00", spring)
    assert [imprint_waiting(desk.db, desk.blobs, 2) for _ in range(3)] == [2, 1, 0]
    near, dated = signals_of(desk.db, desk.blobs, NOW)
    assert (near.kind, near.tasks) == (SignalKind.NEAR_IMAGE, (1, 2))
    assert [len(near.pieces), len({piece.sha256 for piece in near.pieces})] == [2, 2]
    assert (dated.kind, dated.tasks) == (SignalKind.OUTSIDE, (2,))
    assert dated.pieces[0].days == (date(2025, 5, 6),) * 2
    assert dated.pieces[0].period == (date(2026, 11, 23), date(2026, 11, 28))
