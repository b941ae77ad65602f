"""A plan as a table and back: what nobody changed keeps its bytes, what was edited is there."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from responsibilities.exchange.cells import Shape, say, tidy, understand
from responsibilities.exchange.columns import columns, find, order, titles
from responsibilities.exchange.emitting import compose, flow
from responsibilities.exchange.revising import Revision, revise
from responsibilities.exchange.rows import Row, changes, table
from responsibilities.exchange.splicing import data_of
from responsibilities.language.compile import compile_plan
from responsibilities.words import Refused, Words
from storage.plan_folder import read_folder
from tests.responsibilities.school_year import nation

WORKED = read_folder("responsibilities/plans/anti-fraud")
TABLE = table(WORKED)
SOME = {name: WORKED[name] for name in ("units.yaml", "duties/jwc.yaml", "duties/zsjyc.yaml")}

FILE = """\
# 保卫处
duties:
  - id: a      # 第一项
    title:   "每月检查"
    responsible: 保卫处
    every: 每月   # 方案原文
    evidence:
      # 以检查记录为准
      - { file: 检查记录, kinds: [ pdf ] }
      - {number: 隐患数}   # 含已整改的
    assumed: {due: 未写日期}

  # 以下为演练
  - {id: b, title: 演练, responsible: [保卫处], every: 每学期}
"""


def revised(**edit: Any) -> str:
    """The small file with its first duty changed."""
    entry = data_of(compose(FILE))["duties"][0] | edit  # type: ignore[arg-type]
    wanted = {key: value for key, value in entry.items() if value is not None}
    return revise(FILE, Revision(edits={"a": wanted}), order())


def moved(before: str, after: str) -> list[str]:
    """The lines that are new."""
    old = before.splitlines()
    return [line for line in after.splitlines() if line not in old]


def rows(texts: list[dict[str, str]]) -> list[Row]:
    return [Row(number, cells) for number, cells in enumerate(texts, 2)]


def apply(files: Mapping[str, str], sheet: list[Row], *, delete: bool = False) -> dict[str, str]:
    found = changes(files, sheet, delete=delete)
    assert found.faults == []
    return dict(files) | {
        file: revise(files.get(file, ""), revision, order())
        for file, revision in found.revisions.items()
    }


def test_a_changed_value_moves_its_line_and_no_other() -> None:
    after = revised(every="每季度")
    assert moved(FILE, after) == ["    every: 每季度   # 方案原文"]
    assert len(after.splitlines()) == len(FILE.splitlines())


def test_a_changed_piece_of_evidence_leaves_its_neighbours_and_their_comments() -> None:
    after = revised(
        evidence=[{"file": "检查台账", "kinds": ["pdf"]}, {"number": "隐患数"}, {"date": "日期"}]
    )
    assert moved(FILE, after) == [
        "      - { file: 检查台账, kinds: [ pdf ] }",
        "      - {date: 日期}",
    ]
    assert "# 以检查记录为准" in after


def test_a_new_key_stands_where_the_reference_lists_it() -> None:
    lines = revised(due="25日前", with_=None, note="试 # 一: 下").splitlines()
    assert lines[lines.index("    every: 每月   # 方案原文") + 1] == "    due: 25日前"
    assert lines[lines.index("    assumed: {due: 未写日期}") + 1] == "    note: '试 # 一: 下'"


def test_an_emptied_value_takes_its_lines_away() -> None:
    after = revised(assumed=None, evidence=None)
    assert moved(FILE, after) == []
    assert "隐患数" not in after
    assert "以下为演练" in after


def test_a_new_duty_stands_at_the_end_and_a_removed_one_leaves_the_rest() -> None:
    after = revise(
        FILE, Revision(new=[{"id": "c", "title": "总结"}], removed=frozenset({"a"})), order()
    )
    assert after.startswith("# 保卫处\nduties:\n")
    assert after.endswith("every: 每学期}\n  - {id: c, title: 总结}\n")


def test_what_counts_from_the_last_time_and_by_level_goes_out_and_comes_back() -> None:
    text = (
        "duties:\n"
        "  - {id: a, title: 甲, responsible: 保卫处, renew: 有效期1年, each: 消防器材}\n"
        "  - id: b\n    title: 乙\n    responsible: 保卫处\n"
        "    every: {by: 等级, Ⅰ级: 每月, 其他: 每3个月}   # 核定\n"
    )
    files = {"a.yaml": text}
    sheet = table(files)
    assert [row["renew"] for row in sheet] == ["有效期1年", ""]
    assert sheet[1]["every"] == "按等级：Ⅰ级＝每月；其他＝每3个月"
    assert apply(files, rows(sheet)) == files
    sheet[0]["each"], sheet[1]["every"] = "实验室", "按等级：Ⅰ级=每周；其他=每3个月"
    after = apply(files, rows(sheet))["a.yaml"]
    assert "each: 实验室" in after
    assert "{by: 等级, Ⅰ级: 每周, 其他: 每3个月}   # 核定" in after


def test_every_duty_of_a_file_may_go_and_the_last_ones_with_new_ones_behind() -> None:
    gone = frozenset({"a", "b"})
    assert revise(FILE, Revision(removed=gone), order()).startswith("# 保卫处\nduties:\n  []")
    after = revise(FILE, Revision(new=[{"id": "c", "title": "总结"}], removed=gone), order())
    assert data_of(compose(after))["duties"] == [{"id": "c", "title": "总结"}]  # type: ignore[arg-type]
    more = FILE + "\n  - id: c\n    title: 总结\n"
    assert revise(more, Revision(removed=frozenset({"b", "c"})), order()) == FILE.replace(
        "  - {id: b, title: 演练, responsible: [保卫处], every: 每学期}\n", ""
    )


def test_a_file_with_dos_line_ends_and_a_mark_keeps_them() -> None:
    dos = "\ufeff" + FILE.replace("\n", "\r\n")
    entry = data_of(compose(FILE))["duties"][0] | {"every": "每季度", "due": "期末"}  # type: ignore[arg-type]
    after = revise(dos, Revision(edits={"a": entry}), order())
    assert after.startswith("\ufeff")
    assert after.count("\n") == after.count("\r\n")
    assert moved(dos, after) == ["    every: 每季度   # 方案原文", "    due: 期末"]


def test_a_file_that_cannot_be_changed_safely_is_refused_not_damaged() -> None:
    text = "duties:\n  - {id: a, title: &same 甲}\n  - {id: b, title: *same}\n"
    with pytest.raises(Refused):
        revise(text, Revision(edits={"b": {"id": "b", "title": "乙"}}), order())


def test_the_worked_plan_goes_out_and_comes_back_without_a_change() -> None:
    found = changes(WORKED, rows(TABLE), delete=True)
    assert found.revisions == {}
    assert found.missing == []
    assert not any(text.startswith("YAML") for texts in TABLE for text in texts.values())


TEXTS = st.text(st.sampled_from("甲乙每月5日前ab 0：:、，（）#-=\"'[]{}&*!|>%@\n/"), max_size=12)
WORDS = TEXTS.map(tidy).filter(bool)
PIECES = st.lists(
    st.one_of(
        st.fixed_dictionaries(
            {"file": WORDS}, optional={"kinds": st.lists(WORDS, min_size=1), "min": st.just("2")}
        ),
        st.fixed_dictionaries({"number": WORDS}, optional={"min": st.just("-3")}),
        st.fixed_dictionaries({"text": WORDS}, optional={"optional": st.just("true")}),
    ),
    min_size=1,
    max_size=3,
)
STAGES = st.lists(
    st.fixed_dictionaries({"id": WORDS, "name": WORDS, "due": WORDS}), min_size=1, max_size=2
)
VALUES = {
    Shape.TEXT: WORDS,
    Shape.FLAG: st.sampled_from(["true", "false"]),
    Shape.NAMES: st.one_of(WORDS, st.lists(WORDS, min_size=1, max_size=3)),
    Shape.SOURCE: st.one_of(
        WORDS, st.lists(WORDS, min_size=1), st.fixed_dictionaries({"clause": WORDS, "quote": WORDS})
    ),
    Shape.EVIDENCE: PIECES,
    Shape.STAGES: STAGES,
    Shape.REASONS: st.dictionaries(WORDS, WORDS, min_size=1, max_size=3),
    Shape.EVERY: st.one_of(
        WORDS,
        st.dictionaries(WORDS, WORDS, min_size=1, max_size=3).map(
            lambda some: {"by": "等级"} | some
        ),
    ),
    Shape.DATA: st.recursive(WORDS, lambda inner: st.lists(inner, min_size=1, max_size=2)),
}


@given(st.data(), st.sampled_from(list(VALUES)))
def test_a_cell_says_everything_that_a_value_holds(data: st.DataObject, shape: Shape) -> None:
    value = data.draw(VALUES[shape])
    again = understand(shape, say(shape, value, titles()), titles())
    if shape in (Shape.NAMES, Shape.SOURCE) and isinstance(value, list) and again != value:
        again = [again]
    assert again == value


@given(st.recursive(TEXTS, lambda i: st.lists(i) | st.dictionaries(WORDS, i), max_leaves=6))
def test_a_value_on_one_line_is_read_back_as_itself(value: Any) -> None:
    node = compose(f"key: {flow(value)}")
    assert node is not None
    assert data_of(node)["key"] == value


@st.composite
def edited(draw: st.DrawFn) -> list[dict[str, str]]:
    """The table with some cells of some duties written anew, emptied, or rows added."""
    sheet = [dict(texts) for texts in table(SOME)]
    for _ in range(draw(st.integers(1, 4))):
        texts = sheet[draw(st.integers(0, len(sheet) - 1))]
        column = draw(st.sampled_from([c for c in columns() if c.key != "id"]))
        value = draw(VALUES[column.shape])
        texts[column.key] = draw(st.just("") | st.just(say(column.shape, value, titles())))
    for number in range(draw(st.integers(0, 2))):
        sheet.append({"id": f"new-{number}", "title": draw(WORDS), "responsible": "保卫处"})
    return sheet


@settings(max_examples=25)
@given(edited())
def test_what_was_edited_is_what_the_next_export_says(sheet: list[dict[str, str]]) -> None:
    """导入再导出，与改好的表逐格一致；再次导入则毫无变化。"""
    files = apply(SOME, rows(sheet))
    by_id = {texts["id"]: texts for texts in table(files)}
    for texts in sheet:
        said = {key: text for key, text in by_id[texts["id"]].items() if text}
        assert said == {key: text for key, text in texts.items() if text}
    assert changes(files, rows(list(by_id.values())), delete=True).revisions == {}


@settings(max_examples=25)
@given(edited())
def test_every_comment_of_every_file_survives_an_import(sheet: list[dict[str, str]]) -> None:
    files = apply(SOME, rows(sheet))
    for name, text in SOME.items():
        after = files[name].splitlines()
        comments = [line for line in text.splitlines() if line.lstrip().startswith("#")]
        assert [line for line in comments if line not in after] == []


@settings(max_examples=10)
@given(edited())
def test_an_edit_undone_says_what_the_first_export_said(sheet: list[dict[str, str]]) -> None:
    there = apply(SOME, rows(sheet))
    assert table(apply(there, rows(table(SOME)), delete=True)) == table(SOME)


def test_an_edit_undone_compiles_to_the_same_plan() -> None:
    """改过去再改回来，编译出的方案与原来一字不差。"""
    texts = TABLE[1] | {"assumed": "办理时限：试", "with": "学生处", "evidence": "", "due": "8日前"}
    there = apply(WORKED, rows([texts]))
    back = apply(there, rows([TABLE[1]]))
    assert there != WORKED
    assert compile_plan(back, nation()).plan == compile_plan(WORKED, nation()).plan


def test_a_new_row_goes_to_its_departments_file_and_gets_an_id() -> None:
    row = Row(90, {"title": "开展演练", "responsible": "教务处", "every": "每学期"})
    found = changes(WORKED, [*rows(TABLE), row], delete=False)
    assert list(found.revisions) == ["duties/jwc.yaml"]
    assert found.added == ["jwc-1"]
    again = apply(WORKED, [*rows(TABLE), row])
    (fault,) = changes(again, [*rows(TABLE), row], delete=False).faults
    assert "已有同名职责“jwc-1”" in fault.what.zh


def test_a_row_taken_out_is_named_and_removed_only_when_asked() -> None:
    sheet = rows(TABLE[1:])
    found = changes(WORKED, sheet, delete=False)
    assert (found.missing, found.revisions) == ([TABLE[0]["id"]], {})
    gone = apply(WORKED, sheet, delete=True)
    assert TABLE[0]["id"] not in {texts["id"] for texts in table(gone)}


def test_a_column_that_the_sheet_lacks_leaves_its_values() -> None:
    sheet = [Row(2, {"id": TABLE[0]["id"], "title": TABLE[0]["title"]})]
    assert changes(WORKED, sheet, delete=False).edited == []


def test_wrong_cells_are_named_with_what_would_be_right() -> None:
    sheet = [dict(texts) for texts in TABLE[:3]]
    sheet[0]["stages"] = "首报三十分钟"
    sheet[1]["zero_report"] = "看情况"
    sheet[2]["id"] = sheet[1]["id"]
    said = [(f.row, f.key) for f in changes(WORKED, rows(sheet), delete=False).faults]
    assert said == [(2, "stages"), (3, "zero_report"), (4, "id")]


def test_a_kind_that_does_not_fit_the_keys_is_a_fault() -> None:
    row = Row(2, TABLE[1], "指标")
    (fault,) = changes(WORKED, [row], delete=False).faults
    assert "应为“周期性任务”" in fault.what.zh
    assert fault.what.en.endswith("which means “recurring”")


def test_headings_are_found_by_name_in_any_order_and_either_language() -> None:
    found = find(["事项", "经办人签字", "ID", "due", "类别", "Due"])
    assert found.places == {"title": 0, "id": 2, "due": 3}
    assert (found.extra, found.kind, found.twice) == (("经办人签字",), 4, ("Due",))
    assert "every" in found.missing


def test_a_plan_with_broken_files_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        table({"a.yaml": "duties:\n  - id: a\n  - id: a\n"})
    assert isinstance(refused.value.words, Words)
    assert "duban check" in refused.value.words.zh
