"""An office takes the plan home as a workbook and brings it back, whatever program saved it."""

import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from shutil import copy, copytree

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from duban.__main__ import main
from duban.sources import WORKED_EXAMPLE

Run = Callable[..., tuple[int, str, str]]
RED = "00FFC7CE"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The worked plan's workbook, as `duban export` writes it."""
    path = tmp_path_factory.mktemp("exported") / "a.xlsx"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DUBAN_LANG", "zh")
        patch.setattr(sys, "argv", ["duban", "export", str(WORKED_EXAMPLE), "-o", str(path)])
        with pytest.raises(SystemExit) as left:
            main()
    assert left.value.code == 0
    return path


@pytest.fixture
def run(
    exported: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """`duban …` beside a copy of the worked plan and its workbook a.xlsx."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_LANG", "zh")
    copytree(WORKED_EXAMPLE, tmp_path / "plan")
    copy(exported, tmp_path / "a.xlsx")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["duban", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, out, err

    return call


def texts(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def sheet_of(book: Workbook, name: str = "职责") -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def columns_of(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column or 0 for cell in sheet[1]}


def row_of(sheet: Worksheet, id_: str) -> int:
    place = columns_of(sheet)["代号"]
    return next(n for n in range(2, sheet.max_row + 1) if sheet.cell(n, place).value == id_)


def edit(path: Path, id_: str, **values: str) -> None:
    """The workbook with some cells of one duty written anew."""
    book = load_workbook(path)
    sheet = sheet_of(book)
    places, number = columns_of(sheet), row_of(sheet, id_)
    for heading, value in values.items():
        sheet.cell(number, places[heading]).value = value
    book.save(path)


def test_the_workbook_is_the_one_an_office_would_draw(run: Run) -> None:
    book = load_workbook("a.xlsx")
    assert book.sheetnames == ["职责", "责任分工表", "单位", "说明"]
    sheet = sheet_of(book)
    places = columns_of(sheet)
    assert sheet.freeze_panes == "C2"
    assert sheet.protection.sheet
    assert sheet.cell(2, places["代号"]).protection.locked
    assert not sheet.cell(2, places["办理时限"]).protection.locked
    comment = sheet.cell(1, places["办理时限"]).comment
    assert comment is not None
    assert "“前”含当日" in comment.text
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert any("'单位'!$A$2" in str(one) for one in lists)
    assert any("周期性任务" in str(one) for one in lists)
    kinds = [cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert set(kinds) <= {"s", "n"}


def test_an_untouched_workbook_changes_nothing(run: Run, tmp_path: Path) -> None:
    code, out, err = run("import", "a.xlsx", "plan", "--delete", "--yes")
    assert (code, out) == (0, "")
    assert "没有改动" in err
    assert texts(tmp_path / "plan") == texts(WORKED_EXAMPLE)


def test_a_change_is_shown_and_written_only_when_confirmed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(tmp_path / "a.xlsx", "bwc-bulletin", 办理时限="8日前", 配合单位="宣传部、学生处")
    monkeypatch.setattr("sys.stdin", StringIO("n\n"))
    code, out, _ = run("import", "a.xlsx", "plan")
    assert code == 130
    assert "-    due: 5日前\n+    due: 8日前\n" in out
    assert texts(tmp_path / "plan") == texts(WORKED_EXAMPLE)
    assert run("import", "a.xlsx", "plan", "--yes")[0] == 0
    before, after = texts(WORKED_EXAMPLE), texts(tmp_path / "plan")
    assert {name for name in after if after[name] != before[name]} == {"duties/bwc.yaml"}
    old = before["duties/bwc.yaml"].decode().splitlines()
    new = after["duties/bwc.yaml"].decode().splitlines()
    assert [line for line in new if line not in old] == [
        "    with: [宣传部, 学生处]",
        "    due: 8日前",
    ]
    assert run("check", "plan")[0] == 0


def test_columns_in_another_order_with_blank_rows_and_columns_of_ones_own(
    run: Run, tmp_path: Path
) -> None:
    """Columns turned round, blank rows between, a column of the office's own, a far-off cell."""
    held = sheet_of(load_workbook("a.xlsx"))
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "职责"
    for row in held.iter_rows(max_row=80, values_only=True):
        sheet.append(["经办人签字", *row[::-1]] if row[0] == "代号" else ["", *row[::-1]])
        sheet.append([])
    sheet.cell(1_040_000, 1).value = "（表格到此为止）"
    book.save("b.xlsx")
    code, out, err = run("import", "b.xlsx", "plan", "--delete", "--yes")
    assert (code, out) == (0, "")
    assert "不认识的列，未读取：经办人签字" in err
    assert texts(tmp_path / "plan") == texts(WORKED_EXAMPLE)


def test_faults_come_back_in_the_offices_own_workbook_at_the_cell(run: Run, tmp_path: Path) -> None:
    edit(tmp_path / "a.xlsx", "bwc-bulletin", 责任单位="保未处", 办理时限="=1+1")
    edit(tmp_path / "a.xlsx", "xsc-test", 类别="指标")
    code, out, err = run("import", "a.xlsx", "plan", "--yes")
    assert code == 1
    assert "您是否想写“保卫处”？" in out
    assert "a-问题.xlsx" in err
    assert texts(tmp_path / "plan") == texts(WORKED_EXAMPLE)
    sheet = sheet_of(load_workbook("a-问题.xlsx"))
    places, number = columns_of(sheet), row_of(sheet, "bwc-bulletin")
    for heading in ("责任单位", "办理时限"):
        assert sheet.cell(number, places[heading]).fill.fgColor.rgb == RED
    assert sheet.cell(number, places["事项"]).fill.fgColor.rgb != RED
    said = str(sheet.cell(number, places["问题说明"]).value)
    assert "责任单位：没有名为“保未处”的单位" in said
    assert "此处是公式" in said
    assert "应为“周期性任务”" in str(
        sheet.cell(row_of(sheet, "xsc-test"), places["问题说明"]).value
    )


def test_text_that_looks_like_a_formula_stays_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan" / "duties" / "zsjyc.yaml"
    file.write_text(file.read_text("utf-8") + "    note: '=HYPERLINK(\"a\")'\n", encoding="utf-8")
    assert run("export", "plan", "-o", "b.xlsx")[0] == 0
    sheet = sheet_of(load_workbook("b.xlsx"))
    cell = sheet.cell(row_of(sheet, "zsjyc-freshmen"), columns_of(sheet)["说明"])
    assert (cell.value, cell.data_type) == ('=HYPERLINK("a")', "s")
    assert "没有改动" in run("import", "b.xlsx", "plan")[2]


def test_a_removed_row_is_named_and_a_new_one_is_added(run: Run, tmp_path: Path) -> None:
    book = load_workbook("a.xlsx")
    sheet = sheet_of(book)
    places = columns_of(sheet)
    sheet.delete_rows(row_of(sheet, "xsc-test"))
    sheet.cell(100, places["事项"]).value = "开展演练"
    sheet.cell(100, places["责任单位"]).value = "教务处"
    sheet.cell(100, places["频次"]).value = "每学期"
    book.save("a.xlsx")
    code, out, err = run("import", "a.xlsx", "plan", "--yes")
    assert code == 0, err
    assert "未删去（要删去请加 --delete）：xsc-test" in err
    assert "+  - id: jwc-1\n+    title: 开展演练\n" in out
    code, out, err = run("import", "a.xlsx", "plan", "--yes")
    assert code == 1
    assert "已有同名职责“jwc-1”" in out


def test_a_workbook_from_before_a_change_of_the_plan_says_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan" / "duties" / "bwc.yaml"
    file.write_text(file.read_text("utf-8") + "# 增加说明\n", encoding="utf-8")
    assert "导出之后方案文件已有改动" in run("import", "a.xlsx", "plan")[2]


def test_what_is_no_workbook_of_ours_is_refused_in_words(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_text("不是工作簿", encoding="utf-8")
    assert "请确认是 .xlsx 工作簿" in run("import", "b.xlsx", "plan")[2]
    Workbook().save("c.xlsx")
    assert "没有“职责”这张表" in run("import", "c.xlsx", "plan")[2]
    book = load_workbook("a.xlsx")
    sheet_of(book).delete_cols(1)
    book.save("d.xlsx")
    assert "没有“代号”一列" in run("import", "d.xlsx", "plan")[2]


def test_an_english_workbook_comes_back_the_same(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUBAN_LANG", "en")
    assert run("export", "plan", "-o", "en.xlsx")[0] == 0
    assert load_workbook("en.xlsx").sheetnames == ["duties", "matrix", "units", "guide"]
    code, out, err = run("import", "en.xlsx", "plan", "--delete", "--yes")
    assert (code, out) == (0, "")
    assert "Nothing changed." in err
