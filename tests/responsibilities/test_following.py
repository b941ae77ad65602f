"""One mistake is said once: what only follows from it is not said, or said in one line."""

from pathlib import Path

from responsibilities.language.compile import compile_plan
from responsibilities.language.report import CONSEQUENCE, held_back, in_reading_order
from responsibilities.problem import Problem, did_you_mean
from tests.responsibilities.school_year import nation

WORKED = Path(__file__).parents[2] / "responsibilities" / "plans" / "anti-fraud"


def mistaken(name: str, right: str, wrong: str) -> tuple[Problem, ...]:
    """What is found in the worked plan after one slip of the pen."""
    files = {
        path.relative_to(WORKED).as_posix(): path.read_text("utf-8")
        for path in WORKED.rglob("*.*")
        if path.is_file()
    }
    assert right in files[name]
    files[name] = files[name].replace(right, wrong, 1)
    return compile_plan(files, nation()).problems


def test_a_misspelt_every_is_not_followed_by_all_the_keys_it_gives_sense_to() -> None:
    found = mistaken("duties/xsc.yaml", "every: 每教学周", "evry: 每教学周")
    assert {problem.code for problem in found} == {"no-kind", "unknown-key"}


def test_a_time_without_a_number_is_said_once() -> None:
    [problem] = mistaken("duties/xsc.yaml", "due: 知悉后20个工作日内", "due: 及时")
    assert problem.code == "bad-moment"


def test_a_file_that_cannot_be_read_does_not_accuse_the_clauses() -> None:
    [problem] = mistaken("duties/xsc.yaml", "    every: 每教学周", "\tevery: 每教学周")
    assert problem.code == "bad-yaml"


def test_what_a_broken_group_holds_back_is_one_line_for_the_reader() -> None:
    found = mistaken("units.yaml", "units: [护理学院,", "units: [护理学员,")
    [root] = [problem for problem in found if problem.code != CONSEQUENCE]
    assert root.code == "unknown-unit"
    lines = held_back([problem for problem in found if problem.code == CONSEQUENCE], "zh")
    assert [line.partition("”")[0] for line in lines] == ["“二级学院", "“成员单位"]
    assert all(line.endswith("等）") for line in lines)


def test_errors_are_read_before_warnings() -> None:
    found = mistaken("duties/xsc.yaml", "source: X01", "source: X99")
    assert [problem.code for problem in found] == ["clause-without-duty", "unknown-clause"]
    assert [p.code for p in in_reading_order(found)] == ["unknown-clause", "clause-without-duty"]


def test_names_typed_as_one_are_told_apart() -> None:
    for typed in ("护理学院，药学院", "护理学院、药学院", "【护理学院，药学院】"):
        right = did_you_mean(typed, ["护理学院", "药学院", "口腔医学院"])
        assert right is not None
        assert right.zh == "多个名称请写成列表，用半角逗号隔开：[护理学院, 药学院]"


def test_a_date_written_otherwise_is_written_out_as_it_was_meant() -> None:
    for typed in ("2023/7/12", "2023年7月12日"):
        found = mistaken("plan.yaml", "issued: 2023-07-12", f"issued: {typed}")
        [problem] = [problem for problem in found if problem.code == "bad-date"]
        assert problem.right is not None
        assert problem.right.zh == "应写作 2023-07-12"


def test_what_is_left_blank_is_called_blank() -> None:
    [problem] = mistaken("duties/xsc.yaml", "title: 处理涉电诈违纪", "title:")
    assert problem.what.zh == "“title”没有填写"


def test_an_entry_whose_dash_is_missing() -> None:
    found = mistaken("duties/xsc.yaml", "  - id: xsc-violation", "    id: xsc-violation")
    first = next(problem for problem in found if problem.code == "duplicate-key")
    assert first.right is not None
    assert "“- ”" in first.right.zh
