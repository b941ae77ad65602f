"""Problems as a person, a program and a code review see them."""

from responsibilities.language.report import as_annotations, as_json, render, source_line, width
from responsibilities.problem import Place, Problem, Severity
from responsibilities.words import Words

PROBLEM = Problem(
    Place("duties/xsc.yaml", 2, 8),
    "unknown-unit",
    Words("没有名为“保卫出”的单位", "there is no unit “保卫出”"),
    Words("您是否想写“保卫处”？", "Did you mean “保卫处”?"),
)


def test_the_line_is_shown_with_a_caret_under_the_column() -> None:
    assert render(PROBLEM, "  单位: 保卫出", "zh") == (
        "duties/xsc.yaml:2:8: 错误[unknown-unit] 没有名为“保卫出”的单位\n"
        "  2 |   单位: 保卫出\n"
        "    |           ^\n"
        "  → 您是否想写“保卫处”？"
    )


def test_english_is_complete() -> None:
    assert render(PROBLEM, "", "en") == (
        "duties/xsc.yaml:2:8: error[unknown-unit] there is no unit “保卫出”\n"
        "  → Did you mean “保卫处”?"
    )


def test_full_width_characters_take_two_columns_and_marks_none() -> None:
    assert width("a保（e\u0301") == 1 + 2 + 2 + 1
    tabbed = render(Problem(Place("a", 1, 3), "x-y", Words("", "")), "\t\u200b值", "zh")
    line, caret = (row.partition("| ")[2] for row in tabbed.splitlines()[1:3])
    assert line[: width(caret) - 1].strip() == ""


def test_the_line_is_found_in_the_files_as_they_were_handed_in() -> None:
    files = {"a.yaml": "one\r\ntwo\r\n"}
    assert source_line(files, Place("a.yaml", 2, 1)) == "two"
    assert source_line(files, Place("a.yaml", 9, 1)) == ""
    assert source_line(files, Place("b.yaml", 1, 1)) == ""


def test_json_holds_both_languages_and_counts() -> None:
    warning = Problem(
        Place("a.yaml", 1, 1), "no-ladder", Words("无", "none"), severity=Severity.WARNING
    )
    data = as_json([PROBLEM, warning])
    assert (data["schema"], data["errors"], data["warnings"]) == ("duban-problems-1", 1, 1)
    assert data["problems"][0] == {
        "file": "duties/xsc.yaml",
        "line": 2,
        "column": 8,
        "severity": "error",
        "code": "unknown-unit",
        "what": {"zh": "没有名为“保卫出”的单位", "en": "there is no unit “保卫出”"},
        "right": {"zh": "您是否想写“保卫处”？", "en": "Did you mean “保卫处”?"},
    }
    assert data["problems"][1]["right"] is None


def test_annotations_are_escaped_for_the_workflow_that_reads_them() -> None:
    odd = Problem(Place("a,b:c.yaml", 3, 5), "bad-value", Words("100%\n错", "100%\nwrong"))
    assert as_annotations([PROBLEM, odd], "en") == [
        "::error file=duties/xsc.yaml,line=2,col=8,title=unknown-unit::"
        "there is no unit “保卫出”%0ADid you mean “保卫处”?",
        "::error file=a%2Cb%3Ac.yaml,line=3,col=5,title=bad-value::100%25%0Awrong",
    ]
