"""YAML as text: everything keeps its place, and one bad file does not hold up the others."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from responsibilities.language import reading
from responsibilities.language.reading import read
from responsibilities.problem import Place

WORKED = sorted((Path(reading.__file__).parents[1] / "plans").rglob("*.yaml"))


def test_lists_of_several_files_are_joined_in_name_order_and_keep_their_places() -> None:
    document, problems = read(
        {
            "b.yaml": "duties:\n  - {id: second}\n",
            "a.yaml": "# 注释\nduties:\n  - id: first\n    due: 17:00\n    on: no\n",
            "readme.md": "duties: [not read]",
        }
    )
    assert problems == []
    assert document.sections == {
        "duties": [{"id": "first", "due": "17:00", "on": "no"}, {"id": "second"}]
    }
    assert document.place(("duties", 0, "due")) == Place("a.yaml", 4, 10)
    assert document.key_place(("duties", 0, "due")) == Place("a.yaml", 4, 5)
    assert document.place(("duties", 1, "id")) == Place("b.yaml", 2, 10)
    assert document.place(("duties", 1, "no such key")) == Place("b.yaml", 2, 5)


def test_a_syntax_error_has_its_place_and_other_files_survive() -> None:
    document, problems = read({"a.yaml": "duties:\n  - id: [x\n", "b.yaml": "units: [{id: u}]"})
    assert document.sections == {"units": [{"id": "u"}]}
    assert [(p.code, p.place.file, p.place.line) for p in problems] == [("bad-yaml", "a.yaml", 3)]


def test_a_key_written_twice_is_a_problem_at_the_second_place() -> None:
    document, problems = read({"a.yaml": "plan:\n  id: x\n  id: y\n"})
    assert document.sections == {"plan": {"id": "x"}}
    assert [(p.code, p.place) for p in problems] == [("duplicate-key", Place("a.yaml", 3, 3))]


def test_a_section_that_is_no_list_may_be_spread_over_files_but_not_repeated() -> None:
    document, problems = read(
        {"a.yaml": "calendar: {national: cn}", "b.yaml": "calendar: {school: {}, national: us}"}
    )
    assert document.sections == {"calendar": {"national": "cn", "school": {}}}
    assert [(p.code, str(p.place)) for p in problems] == [("duplicate-key", "b.yaml:1:24")]


def test_a_full_width_colon_is_found_where_it_was_typed() -> None:
    for text in ("plan：\n  id: x", "duties:\n  - id: a\n    title：甲\n    due: 5日前", "plan：x"):
        _, problems = read({"a.yaml": text})
        assert [p.code for p in problems] == ["full-width-colon"]
        place = problems[0].place
        assert text.splitlines()[place.line - 1][place.column - 1] == "："
    _, problems = read({"a.yaml": "units: [{id: 单位：甲}]"})
    assert problems == []


def test_what_is_wrong_with_the_yaml_is_said_in_chinese() -> None:
    for text, said in (
        ("a: b: c", "此处不能再有“: ”"),
        ("\ta: 1", "不能用制表符缩进"),
        ("a: 'x", "引号或括号没有配对"),
        ("a: [1", "括号内缺少逗号"),
        ("- a\nb: 1", "缩进不一致"),
        ("a: 1\n---\nb: 1", "只能有一份内容"),
    ):
        _, problems = read({"a.yaml": text})
        assert [said in p.what.zh for p in problems] == [True], text


def test_aliases_and_endless_nesting_are_refused() -> None:
    _, problems = read({"a.yaml": "units: &u [*u]"})
    assert [p.code for p in problems] == ["no-alias"]
    _, problems = read({"a.yaml": "units: " + "[" * 3000 + "]" * 3000})
    assert {p.code for p in problems} <= {"no-alias", "bad-yaml"}
    assert problems


def test_office_hours_and_times_need_no_quotes_inside_brackets() -> None:
    document, problems = read({"a.yaml": "plan: {office_hours: [08:00-11:30, 13:30-17:00]}"})
    assert problems == []
    assert document.sections["plan"]["office_hours"] == ["08:00-11:30", "13:30-17:00"]


def marks(node: Any) -> Iterator[tuple[int, int, str]]:
    yield node.start_mark.line, node.start_mark.column, str(node.tag)
    for child in node.value if isinstance(node.value, list) else ():
        for part in child if isinstance(child, tuple) else (child,):
            yield from marks(part)


@pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
def test_the_fast_parser_and_the_exact_one_see_the_same_places(path: Path) -> None:
    text = path.read_text("utf-8")
    fast, exact = (YAML(typ="safe", pure=pure).compose(text) for pure in (False, True))
    assert list(marks(fast)) == list(marks(exact))


@given(st.text())
def test_no_text_whatever_makes_reading_fail(text: str) -> None:
    document, problems = read({"a.yaml": text, "b.yaml": "units: [{id: u}]"})
    assert {"id": "u"} in document.sections["units"] or problems
