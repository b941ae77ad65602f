"""The monthly bulletin, counted from a month that was lived, and its Word draft."""

import io
from datetime import timedelta

import pytest
from docx import Document as open_word

from duban.specimen_files import file_of
from inspections.document import Document, Paragraph, Table
from office.bulletin import Asked, draft_bulletin, summable
from office.receive import File, submit
from office.report_incident import report
from office.review import accept, return_, waive
from office.word_draft import TITLE, write_draft
from responsibilities.words import Refused
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, evidence: [{file: 检查记录, kinds: [pdf]}]}
  - {id: notify, title: 报告火情, responsible: 事发单位, on: 火情, ladder: 紧急, review: 办公室,
     due: 知悉后30分钟内}
"""
NOW = at("2027-01-04 09:00")
DECEMBER = Asked("2026-12", frozenset({"fire.size"}))


@pytest.fixture
def school(desk: Desk) -> Desk:
    """The first week of December: nursing is returned once and done, pharmacy is overdue."""
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    key = "fire/2026-W49/check/nursing"
    pdf = File("检查记录.pdf", file_of("pdf", "1"), "检查记录", "application/pdf")
    submit(desk.db, desk.blobs, key, by="联络员", files=[pdf], now=at("2026-12-01 10:00"))
    return_(desk.db, key, by="办公室", reason="缺少签名", now=at("2026-12-01 11:00"))
    submit(desk.db, desk.blobs, key, by="联络员", files=[pdf], now=at("2026-12-02 10:00"))
    accept(desk.db, key, by="办公室", now=at("2026-12-02 11:00"))
    return desk


def fires(desk: Desk, unit: str, count: int) -> None:
    for n in range(count):
        known = at("2026-12-02 21:00") + timedelta(minutes=n)
        fields = {"过火面积": "3", "地点": "二号楼", "发现人": "值班员甲"}
        report(desk.db, "fire", "火情", unit, fields, None, known, known, "值班员")


def text_of(document: Document) -> str:
    return "".join(block.text for block in document.blocks if isinstance(block, Paragraph))


def table(document: Document, caption: str) -> Table:
    [found] = [b for b in document.blocks if isinstance(b, Table) and b.caption == caption]
    return found


def test_the_month_is_counted_by_unit_and_names_its_facts(school: Desk) -> None:
    said = draft_bulletin(school.db, None, Asked("2026-12"), at("2026-12-07 09:00"))
    work = table(said, "各单位办理情况")
    assert work.rows == (
        ("护理学院", "1", "1", "0", "1", "0"), ("药学院", "1", "0", "1", "0", "0"),
        ("合计", "2", "1", "1", "1", "0"),
    )  # fmt: skip
    assert len(work.facts) >= 6
    assert "1个单位共有1项督办事项逾期未办结" in text_of(said)
    [late] = table(said, "逾期未办结事项").rows
    assert late[1:] == ("开展宿舍消防检查", "药学院", "2026年12月4日", "3")


def test_waived_work_is_no_work_that_was_due(school: Desk) -> None:
    key = "fire/2026-W49/check/pharmacy"
    waive(school.db, key, by="办公室", reason="宿舍封闭维修", now=at("2026-12-03 09:00"))
    said = draft_bulletin(school.db, None, Asked("2026-12"), at("2026-12-07 09:00"))
    assert table(said, "各单位办理情况").rows[1] == ("药学院", "0", "0", "0", "0", "1")
    assert "没有逾期未办结的督办事项" in text_of(said)


def test_a_month_without_cases_or_work_is_a_bulletin_too(desk: Desk) -> None:
    desk.adopt(PLAN, "2026-11-29 09:00")
    said = text_of(draft_bulletin(desk.db, None, Asked("2026-10"), at("2026-11-30 09:00")))
    assert "2026年10月未接到火情报告" in said
    assert "没有到期的督办事项" in said


def test_few_cases_are_neither_counted_nor_summed(school: Desk) -> None:
    fires(school, "护理学院", 2)
    said = draft_bulletin(school.db, None, DECEMBER, NOW)
    assert "知悉火情少于5起。" in text_of(said)
    assert "过火面积" not in text_of(said)
    assert not [b for b in said.blocks if isinstance(b, Table) and "火情" in b.caption]


def test_a_small_count_hides_the_one_that_would_give_it_away(school: Desk) -> None:
    fires(school, "护理学院", 6)
    fires(school, "药学院", 1)
    said = draft_bulletin(school.db, None, DECEMBER, NOW)
    assert "知悉火情7起，过火面积合计21。" in text_of(said)
    assert table(said, "火情分单位情况").rows == (
        ("护理学院", "*"), ("药学院", "*"), ("合计", "7"),
    )  # fmt: skip
    assert said.notes


def test_no_name_and_no_place_comes_into_the_bulletin(school: Desk) -> None:
    fires(school, "护理学院", 6)
    said = repr(draft_bulletin(school.db, None, DECEMBER, NOW))
    assert "值班员甲" not in said
    assert "二号楼" not in said


def test_only_numbers_of_incidents_can_be_summed(school: Desk) -> None:
    assert summable(school.db, None) == {"fire.size": "火情：过火面积"}


@pytest.mark.parametrize("month", ["2026-13", "december", "2027-02"])
def test_what_is_no_month_or_lies_ahead_is_refused(school: Desk, month: str) -> None:
    with pytest.raises(Refused, match="不是已开始的月份"):
        draft_bulletin(school.db, None, Asked(month), NOW)


def test_a_draft_whose_styles_the_office_changed_is_the_next_ones_template(school: Desk) -> None:
    said = draft_bulletin(school.db, None, DECEMBER, NOW)
    edited = open_word(io.BytesIO(write_draft(said)))
    edited.styles[TITLE].font.name = "华文中宋"
    kept = io.BytesIO()
    edited.save(kept)
    other = Document("关于开展检查的通知", (Paragraph("请按时办理。"),))
    word = open_word(io.BytesIO(write_draft(other, kept.getvalue())))
    assert word.styles[TITLE].font.name == "华文中宋"
    assert [p.text for p in word.paragraphs if p.text.strip("　〔〕号")] == [
        "关于开展检查的通知", "请按时办理。",
    ]  # fmt: skip
    margin = word.sections[0].left_margin
    assert margin is not None
    assert round(margin.mm) == 28


def test_a_template_without_our_styles_is_refused() -> None:
    plain = io.BytesIO()
    open_word().save(plain)
    with pytest.raises(Refused, match="模板缺少样式：公文标题"):
        write_draft(Document("通知", ()), plain.getvalue())
