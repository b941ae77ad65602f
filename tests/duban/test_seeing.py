"""Seeing before living: the year as page and workbook, a version beside another."""

import json
import re
import shutil
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from duban.demonstration import demonstrate
from duban.desk import desk
from duban.heat import level
from duban.sources import WORKED_EXAMPLE, read_plan
from office.lived import relived
from office.reconcile import reconcile
from tests.duban.test_commands import BEGAN, Run, run

__all__ = ["run"]

FIRE = """\
plan: {id: fire, title: 消防方案, number: 一号, issued: 2026-01-05, in_force: 2026-01-05,
       office: 保卫处, leadership: {group_leader: 校长, deputy_group_leader: 副校长}}
posts:
  - {id: head, name: 校长, mail: head@school.example}
  - {id: deputy, name: 副校长, mail: deputy@school.example}
units:
  - {id: guard, name: 保卫处, contact: guard@school.example, leader: 副校长}
ladders:
  - {id: o, name: 常规, steps: [{when: 下达时, tell: 联络员, notice: 任务下达},
                                {when: 逾期1个工作日, tell: 联络员, notice: 催办单}]}
duties:
  - {id: check, title: 消防检查, responsible: 保卫处, every: 每周, due: 周五前, ladder: 常规}
"""


def worked_copy(folder: Path, **edits: str) -> Path:
    """The worked plan in a folder of its own, with words replaced in one file."""
    copy = folder / "new"
    shutil.copytree(WORKED_EXAMPLE, copy)
    for name, edit in edits.items():
        path = copy / (name.replace("__", "/") + ".yaml")
        before, after = edit.split(" -> ")
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")
    return copy


class Page(HTMLParser):
    """What a page fetches, runs and says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.said += data


def test_the_year_as_a_page_needs_nothing_but_itself(run: Run, tmp_path: Path) -> None:
    assert run("simulate", "--html", "year.html", "--now", BEGAN)[0] == 0
    text = (tmp_path / "year.html").read_text("utf-8")
    page = Page(text)
    assert "script" not in page.tags
    assert page.links == []
    assert "url(" not in text
    assert "prefers-color-scheme:dark" in text
    assert "@media print" in text
    for words in (
        "填报负担",
        "文件每份8分钟",
        "阶梯用量",
        "扎堆到期与过载",
        "暂定日期",
        "护理学院",
    ):
        assert words in page.said


def test_the_pictures_say_in_text_what_they_show_in_colour(run: Run, tmp_path: Path) -> None:
    _, out, _ = run("simulate", "--html", "year.html", "--json", "--now", BEGAN)
    year = json.loads(out)
    text = (tmp_path / "year.html").read_text("utf-8")
    pictures = [ElementTree.fromstring(svg) for svg in re.findall(r"<svg .*?</svg>", text)]
    heats = [svg for svg in pictures if svg.get("role") == "img"]
    assert len(heats) == 3
    for place, svg in enumerate(heats):
        assert svg.find("title") is not None
        shown = [(cell.findtext("title") or "", cell.findtext("text")) for cell in svg.iter("g")]
        assert all(title.endswith(f" {number}") for title, number in shown)
        weeks = [unit["weeks"].values() for unit in year["units"]]
        assert sum(int(number or 0) for _, number in shown) == sum(
            week[place] for some in weeks for week in some
        )


def test_a_shade_stands_for_more_than_the_one_below() -> None:
    for most in range(1, 60):
        shades = [level(number, most) for number in range(most + 1)]
        assert shades == sorted(shades)
        assert (shades[0], shades[1] > 0, shades[-1]) == (0, True, 5)


def test_the_year_as_a_workbook_has_its_sheets(run: Run, tmp_path: Path) -> None:
    _, out, _ = run("simulate", "--xlsx", "year.xlsx", "--json", "--now", BEGAN)
    year = json.loads(out)
    book = load_workbook(tmp_path / "year.xlsx")
    assert book.sheetnames == ["单位", "各周", "扎堆到期", "阶梯", "填报负担", "机制", "经过"]
    assert all(sheet.freeze_panes == "B2" for sheet in book)
    units = list(book["单位"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in units] == [unit["name"] for unit in year["units"]]
    weeks = list(book["各周"].iter_rows(min_row=2, values_only=True))
    assert sum(int(str(row[3])) for row in weeks) == sum(int(str(row[2])) for row in units)
    opened = [row for row in book["经过"].iter_rows(values_only=True) if row[1] == "下达"]
    assert len(opened) == sum(unit["tasks"] for unit in year["units"])


def test_a_title_that_looks_like_a_formula_stays_a_title(run: Run, tmp_path: Path) -> None:
    new = worked_copy(tmp_path, duties__bwc="title: 建立电诈案件“月通报”机制 -> title: '=1+1'")
    assert run("simulate", str(new), "--xlsx", "y.xlsx", "--now", BEGAN)[0] == 0
    cells = [cell for row in load_workbook(tmp_path / "y.xlsx")["经过"].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value == "=1+1"} == {"s"}


def test_two_folders_are_compared_in_words_dates_and_a_year(run: Run, tmp_path: Path) -> None:
    new = worked_copy(tmp_path, duties__bwc="due: 5日前 -> due: 8日前")
    code, out, _ = run("diff", str(WORKED_EXAMPLE), str(new), "--now", "2026-11-23")
    assert code == 0
    assert "改动　1：bwc-bulletin" in out
    assert "    - 5日前\n    + 8日前\n" in out
    assert "    + 2026-12  2026-12-01周二 08:00 → 2026-12-08周二 17:00" in out
    assert "同一年模拟" in out
    code, out, _ = run("diff", str(WORKED_EXAMPLE), str(new), "--json", "--now", "2026-11-23")
    found = json.loads(out)["diff"]
    (change,) = found["changes"]["bwc-bulletin"]
    assert (change["aspect"], change["after"][0]["en"]) == ("dates", "by day 8 of the month")
    assert {unit["before"]["tasks"] - unit["after"]["tasks"] for unit in found["load"]} == {0}


def test_a_comparison_is_a_page_too(run: Run, tmp_path: Path) -> None:
    new = worked_copy(tmp_path, ladders="逾期1个工作日 -> 逾期2个工作日")
    assert run("diff", str(WORKED_EXAMPLE), str(new), "--html", "d.html", "--now", BEGAN)[0] == 0
    page = Page((tmp_path / "d.html").read_text("utf-8"))
    assert "script" not in page.tags
    assert page.links == []
    assert "项职责同样改动" in page.said
    assert "逾期2个工作日，向联络员、负责人发送《黄色预警通知单》（黄色）" in page.said


def test_one_folder_is_compared_with_the_version_in_force_as_adopting_shows_it(
    run: Run, tmp_path: Path
) -> None:
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    new = worked_copy(tmp_path, duties__gbm="title: 报备信息报送专人 -> title: 报备联络专人")
    code, diff, err = run("diff", str(new), "--now", BEGAN)
    assert code == 0, err
    _, adopt, _ = run("adopt", str(new), "--dry-run", "--now", BEGAN)
    assert "个未办结事项不受影响" in adopt
    assert "    + 报备联络专人" in adopt
    assert diff.startswith(adopt.rstrip("\n"))


def test_a_plan_without_a_school_calendar_is_compared_over_the_civil_year(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text(FIRE, "utf-8")
    (tmp_path / "b.yaml").write_text(FIRE.replace("周五前", "周四前"), "utf-8")
    code, out, err = run("diff", "a.yaml", "b.yaml", "--now", "2026-11-23")
    assert code == 0, err
    assert "+ 周四前" in out
    assert "同一年模拟" in out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_speak_the_language_of_their_reader(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("DUBAN_LANG", language)
    assert run("simulate", "--html", "year.html", "--xlsx", "y.xlsx", "--now", BEGAN)[0] == 0
    page = (tmp_path / "year.html").read_text("utf-8")
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    assert ("Ladder load" in page) == (language == "en")
    assert ("events" in load_workbook(tmp_path / "y.xlsx").sheetnames) == (language == "en")


def test_the_demonstrations_record_under_its_own_plan_is_the_very_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    """Weeks of the worked plan, by the product's own acts: not one step differs."""
    monkeypatch.setattr("duban.demonstration.WEEKS", 12 if full else 3)
    now = datetime(2026, 11, 23, 1, tzinfo=UTC)
    plan = read_plan(None).compiled.plan
    assert plan is not None
    with desk(tmp_path, found=True) as at:
        demonstrate(at, now)
        found = relived(at.db, plan, None, now)
    assert (found.differing, found.unexplained) == ((), 0)
    assert found.same > 20
    assert found.overdue_before == found.overdue_after > 0


def test_the_record_is_replayed_under_a_new_plan(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FIRE, "utf-8")
    (tmp_path / "b.yaml").write_text(FIRE.replace("周五前", "周四前"), "utf-8")
    assert run("adopt", "a.yaml", "--yes", "--now", "2026-11-23T07:00")[0] == 0
    with desk(tmp_path) as at:
        for day in (23, 27, 30):
            reconcile(at.db, datetime(2026, 11, day, tzinfo=UTC))
    now = ("--now", "2026-11-30T08:30")
    code, out, err = run("replay", "a.yaml", *now)
    assert code == 0, err
    assert "相同 2 项，不同 0 项" in out
    code, out, _ = run("replay", "b.yaml", *now, "--to", "2026-11-29")
    assert code == 0
    assert "相同 0 项，不同 1 项（新增 0、不再有 0、日期不同 1）；逾期升级 0 → 1 次" in out
    assert "    + 2026-11-27 08:00 催办单（联络员）" in out
    _, out, _ = run("replay", "b.yaml", *now, "--json")
    found = json.loads(out)["replay"]
    assert found["escalations"] == {"before": 1, "after": 1}
    first = found["differing"][0]
    assert first["task"] == "fire/2026-W48/check/guard"
    assert [said["notice"] for said in first["anew"]] == ["催办单"]
    assert first["anew"][0]["at"] == "2026-11-27T00:00:00+00:00"
    assert run("replay", "b.yaml", "--from", "2026-12-01", *now)[0] == 2


def test_a_replay_leaves_the_record_as_it_was(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FIRE, "utf-8")
    assert run("adopt", "a.yaml", "--yes", "--now", "2026-11-23T07:00")[0] == 0
    before = run("tasks", "--all", "--json", "--now", BEGAN)[1]
    assert run("replay", "a.yaml", "--now", "2026-12-30T08:30")[0] == 0
    assert run("tasks", "--all", "--json", "--now", BEGAN)[1] == before
