"""The living matrix: one look says who owes what, for two questions however large it is."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, event

from duban.specimen_files import file_of
from office.matrix_book import write_matrix
from office.matrix_view import ALL, Cell, Chosen, MatrixView, matrix_view
from office.receive import File, submit
from office.review import accept, waive
from responsibilities.matrix import Mark
from responsibilities.tasks import Standing
from responsibilities.words import Refused
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, with: [保卫处], every: 每周,
     due: 周五前, review: 办公室, ladder: 常规, source: {clause: 二（一）, quote: 每周检查宿舍},
     evidence: [{file: 检查记录, kinds: [pdf]}]}
  - {id: drill, title: 组织消防演练, responsible: 保卫处, leader: 组长, every: 每月, due: 25日前,
     review: 办公室, ladder: 常规, source: {clause: 三（二）, quote: 每月演练}}
"""
PDF = File("检查记录.pdf", file_of("pdf", "1"), "检查记录", "application/pdf")
WEDNESDAY = "2026-12-09 10:00"


@pytest.fixture
def december(desk: Desk) -> Desk:
    """Nursing has done the first week and not the second; pharmacy neither; the guard is waived."""
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    desk.reconcile("2026-12-01 08:00")
    first = "fire/2026-W49/check/nursing"
    submit(desk.db, desk.blobs, first, by="护理学院", files=[PDF], now=at("2026-12-02 09:00"))
    accept(desk.db, first, by="办公室", now=at("2026-12-02 10:00"))
    waive(desk.db, "fire/2026-12/drill/guard", "已合并", by="组长", now=at("2026-12-03 09:00"))
    desk.reconcile("2026-12-07 08:00")
    return desk


def seen(desk: Desk, chosen: Chosen | None = None) -> MatrixView:
    return matrix_view(desk.db, None, chosen or Chosen(), at(WEDNESDAY))


def cell(view: MatrixView, duty: str, unit: str) -> Cell:
    column = [column.id for column in view.columns].index(unit)
    return next(line for line in view.lines if line.row.duty == duty).cells[column]


def test_a_cell_shows_the_worst_of_its_tasks_and_how_many_are_done(december: Desk) -> None:
    view = seen(december)
    nursing, pharmacy = cell(view, "check", "nursing"), cell(view, "check", "pharmacy")
    assert (nursing.standing, nursing.done, nursing.total) == (Standing.DUE_SOON, 1, 2)
    assert (pharmacy.standing, pharmacy.done, pharmacy.total) == (Standing.OVERDUE, 0, 2)
    assert pharmacy.task == december.task("fire/2026-W49/check/pharmacy").id
    guard = cell(view, "drill", "guard")
    assert (guard.standing, guard.total, guard.count) == (Standing.WAIVED, 0, 1)
    assert cell(view, "check", "guard") == Cell(Mark.CO_ACTING)
    assert cell(view, "drill", "nursing") == Cell(None)
    assert view.overdue == 1


def test_it_is_filtered_by_section_leader_and_period(december: Desk) -> None:
    def duties(chosen: Chosen) -> list[str]:
        return [line.row.duty for line in seen(december, chosen).lines]

    assert duties(Chosen(section="三（二）")) == ["drill"]
    assert duties(Chosen(leader="safety")) == ["check"]
    assert duties(Chosen(leader="leader", section="二（一）")) == []
    november = seen(december, Chosen(period="2026-11"))
    assert cell(november, "check", "nursing").standing is None
    assert cell(seen(december, Chosen(period=ALL)), "check", "pharmacy").total == 2
    assert seen(december).months[:2] == ("2027-01", "2026-12")
    with pytest.raises(Refused, match="“十二月”不是月份"):
        seen(december, Chosen(period="十二月"))


def test_what_is_open_since_last_month_is_shown_this_month(december: Desk) -> None:
    later = matrix_view(december.db, None, Chosen(), at("2027-01-04 10:00"))
    assert cell(later, "check", "pharmacy").standing is Standing.OVERDUE
    assert cell(later, "check", "nursing").done == 0


@contextmanager
def counted(db: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(db, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(db, "before_cursor_execute", hear)


def test_it_asks_for_the_tasks_twice_however_many_cells_there_are(december: Desk) -> None:
    seen(december)  # the plan is compiled by now
    with counted(december.db) as said:
        seen(december)
    assert sum("FROM tasks" in one for one in said) == 2


def test_the_workbook_says_what_the_page_says(december: Desk) -> None:
    sheet = load_workbook(io.BytesIO(write_matrix(seen(december), "zh"))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("条款", "职责", "办公室", "保卫处", "护理学院", "药学院")
    assert rows[1] == ("二（一）", "开展宿舍消防检查", "", "配合", "临期 1/2", "逾期 0/2")
    assert rows[2][3] == "免办"
