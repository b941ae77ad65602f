"""`duban crosscheck`: the police's list against what was reported."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.duban.test_commands import Run, run
from tests.duban.test_incident_commands import CASE, DAY, site

__all__ = ["run", "site"]
NOW = ("--now", f"{DAY}T14:00")
LIST = (
    "案件编号,日期,单位,损失金额,诈骗手法,姓名\n"
    "A1,2026-10-12,护理学院,68000,刷单返利,张某某\n"
    "A2,2026-10-11,药学院,500,冒充客服,李某某\n"
)


@pytest.fixture
def reported(site: Run) -> Run:
    """One case is reported."""
    code, _, _ = site(
        "report", "电诈案件", *CASE, "--known", f"{DAY}T09:00", "--now", f"{DAY}T09:05"
    )
    assert code == 0
    return site


def test_late_and_missed_are_listed_with_reasons_and_no_name_is_kept(
    reported: Run, tmp_path: Path
) -> None:
    (tmp_path / "公安.csv").write_bytes(LIST.encode("gb18030"))
    code, out, err = reported("crosscheck", "电诈案件", "公安.csv", *NOW)
    assert code == 1
    assert "迟报 3小时" in out  # due at 11:00, still not handed in at 14:00
    assert "日期相同，单位相同，损失金额相同，诈骗手法相同" in out
    assert "已报 0　迟报 1　漏报 1" in out
    assert "未读取的栏目：姓名、案件编号" in err
    code, out, _ = reported("crosscheck", "电诈案件", "公安.csv", "--json", *NOW)
    found = json.loads(out)["crosscheck"]
    assert [(one["outcome"], one["event"]) for one in found["lines"]] == [
        ("late", "E2026-0001"), ("missed", None),
    ]  # fmt: skip
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("duban.sqlite*"))
    assert b"E2026-0001" in kept
    assert "张某".encode() not in kept


def test_a_workbook_is_read_like_a_list(reported: Run, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for line in LIST.splitlines():
        book.active.append(line.split(","))
    book.save(tmp_path / "list.xlsx")
    assert "漏报 1" in reported("crosscheck", "电诈案件", "list.xlsx", *NOW)[1]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "名单是空的"),
        ("单位,损失金额\n护理学院,5\n", "没有日期一栏"),
        ("日期,单位\n昨天,护理学院\n", "名单第1行：“昨天”不是日期"),
        ("日期,单位\n2026-10-12,护理学员\n", "没有单位“护理学员”"),
    ],
)
def test_a_list_that_cannot_be_read_says_where(
    reported: Run, tmp_path: Path, text: str, sentence: str
) -> None:
    (tmp_path / "list.csv").write_text(text, "utf-8")
    code, _, err = reported("crosscheck", "电诈案件", "list.csv", *NOW)
    assert (code, sentence in err) == (1, True), err
