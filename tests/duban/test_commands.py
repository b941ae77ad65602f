"""The command line as an office uses it, from adopting the worked plan to closing a task."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from duban.__main__ import main

Run = Callable[..., tuple[int, str, str]]
WORKED = Path(__file__).parents[2] / "responsibilities" / "plans" / "anti-fraud"
BEGAN = "2026-09-01T08:00"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`duban …` in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUBAN_LANG", "zh")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["duban", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, out, err

    return call


@pytest.fixture
def term(run: Run) -> Run:
    """The worked plan in force since the first of September, one round run."""
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    assert run("tick", "--now", BEGAN)[0] == 0
    return run


def first_task(run: Run, duty: str, unit: str = "") -> dict[str, str]:
    """The oldest open task of a duty, as `duban tasks --json` shows it."""
    more = ("--unit", unit) if unit else ()
    _, out, _ = run("tasks", "--duty", duty, *more, "--json", "--now", BEGAN)
    rows: list[dict[str, str]] = json.loads(out)["tasks"]
    return rows[-1]


def test_the_worked_plan_has_no_errors(run: Run) -> None:
    code, out, _ = run("check")
    assert code == 0
    assert "0 个错误" in out
    assert "办公室核定" in out


def test_a_mistake_is_shown_at_its_line_and_makes_the_exit_code_one(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "plan.yaml").write_text("plans:\n  id: a\n", encoding="utf-8")
    code, out, _ = run("check", "plan")
    assert code == 1
    assert "plan.yaml:1:1" in out
    assert "您是否想写“plan”？" in out
    code, out, _ = run("check", "plan", "--format", "github")
    assert code == 1
    assert out.startswith("::error file=plan.yaml,line=1,col=1,")


def test_a_missing_folder_is_named(run: Run) -> None:
    code, _, err = run("check", "nowhere")
    assert code == 1
    assert "nowhere" in err


def test_every_sentence_of_the_worked_plan_is_covered(run: Run) -> None:
    code, out, _ = run("coverage", "--all")
    assert code == 0
    assert "没有专属职责的单位" in out
    assert "学校办公室、思政部、总务处" in out


def test_the_matrix_comes_as_table_page_and_workbook(run: Run, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    assert "● 牵头" in run("matrix")[1]
    assert run("matrix", "--html", "m.html", "--xlsx", "m.xlsx")[0] == 0
    page = (tmp_path / "m.html").read_text("utf-8")
    sheet = load_workbook(tmp_path / "m.xlsx").active
    assert sheet is not None
    titles = {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert "编发电信网络诈骗情况月通报" in titles
    assert all(str(title) in page for title in titles)
    rhythms = {row[1]: row[3] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rhythms["编发电信网络诈骗情况月通报"] == "每月"  # the plan says so
    assert rhythms["召集成员单位工作会议"] == "每学期（办公室核定）"


def test_adopting_shows_what_it_adds_and_a_second_time_changes_nothing(run: Run) -> None:
    code, out, _ = run("adopt", "--yes", "--now", BEGAN)
    assert code == 0
    assert "增加　79" in out
    code, out, _ = run("adopt", "--yes", "--now", BEGAN)
    assert code == 0
    assert "此版本已在施行" in out


def test_a_command_in_the_wrong_folder_says_so_and_leaves_nothing_behind(
    run: Run, tmp_path: Path
) -> None:
    code, _, err = run("tasks")
    assert code == 3
    assert "还没有督办数据" in err
    assert list(tmp_path.iterdir()) == []


def test_a_unit_hands_in_the_office_returns_it_then_accepts(term: Run) -> None:
    task = first_task(term, "gbm-contact", "护理学院")
    number = task["number"]
    code, out, _ = term("receive", number, "--text", "联络员岗位已定", "--now", "2026-09-02T09:00")
    assert code == 0, out
    assert "材料齐全，已送审核" in out
    code, _, err = term("return", number, "--reason", " ", "--now", "2026-09-03T09:00")
    assert code == 1
    assert "退回应写明理由" in err
    code, out, _ = term("return", number, "--reason", "请补电话", "--now", "2026-09-03T09:00")
    assert code == 0, out
    code, out, _ = term("receive", number, "--text", "已补", "--now", "2026-09-04T09:00")
    assert code == 0, out
    code, out, _ = term("accept", number, "--now", "2026-09-04T10:00")
    assert code == 0, out
    assert "已办结" in out
    code, out, _ = term("show", number, "--now", "2026-09-05T10:00")
    for line in ("立项交办", "报结", "退回补充　请补电话", "审核通过，办结"):
        assert line in out
    code, _, err = term("receive", number, "--text", "再补", "--now", "2026-09-05T09:00")
    assert code == 1
    assert "办结" in err


def test_more_time_is_asked_for_and_granted_and_both_dates_are_shown(term: Run) -> None:
    number = first_task(term, "gbm-contact", "药学院")["number"]
    asked = term("extend", number, "--ask", "2026-09-30", "--reason", "人员调整", "--now", BEGAN)
    assert asked[0] == 0, asked
    granted = term("extend", number, "--grant", "2026-09-30", "--now", "2026-09-01T09:00")
    assert granted[0] == 0, granted
    assert "2026-09-30 17:00" in granted[1]
    assert "原定" in term("show", number, "--now", "2026-09-01T09:00")[1]
    assert term("extend", number, "--now", BEGAN)[0] == 2


def test_a_task_is_waived_with_a_reason(term: Run) -> None:
    number = first_task(term, "gbm-contact", "总务处")["number"]
    assert term("waive", number, "--now", BEGAN)[0] == 2
    code, out, _ = term("waive", number, "--reason", "由学校办公室统一报送", "--now", BEGAN)
    assert code == 0
    assert "已免办" in out


def test_a_waived_task_is_reopened_until_a_new_date_with_a_reason(term: Run) -> None:
    number = first_task(term, "gbm-contact", "总务处")["number"]
    term("waive", number, "--reason", "由学校办公室统一报送", "--now", BEGAN)
    later = ("--until", "2026-09-30", "--now", "2026-09-02T09:00")
    assert term("reopen", number, *later)[0] == 2
    code, out, err = term("reopen", number, "--reason", "改由本单位报送", *later)
    assert code == 0, err
    assert "2026-09-30 17:00" in out
    code, _, err = term("reopen", number, "--reason", "再次", *later[:1], "2026-10-01", *later[2:])
    assert code == 1, err


def test_only_who_has_not_done_it_is_nudged_and_once_a_day(term: Run) -> None:
    task = first_task(term, "gbm-contact", "总务处")
    code, out, err = term("nudge", task["number"], "--remark", "请今日报送", "--now", BEGAN)
    assert (code, out.strip()) == (0, "已催办：总务处"), err
    shown = term("nudge", task["number"], "--json", "--now", BEGAN)[1]
    assert json.loads(shown)["nudged"]["before"] == ["总务处"]
    plan, period, duty, _ = task["key"].split("/")
    everybody = ("nudge", "--plan", plan, "--duty", duty, "--period", period, "--now", BEGAN)
    assert "药学院" in term(*everybody)[1].splitlines()[0]
    assert term("nudge", task["number"], "--duty", duty, "--now", BEGAN)[0] == 2


def test_an_incident_opens_its_chain_and_its_letters_are_urgent(term: Run) -> None:
    code, out, _ = term(
        "report", "电诈预警信息", "--unit", "护理学院", "--field", "来源=公安机关",
        "--field", "身份=学生", "--field", "对象内部编号=N-1", "--known", "2026-10-03T23:10",
        "--now", "2026-10-03T23:12",
    )  # fmt: skip
    assert code == 0, out
    assert "E2026-0001" in out
    assert "10-03 23:40" in out
    term("tick", "--now", "2026-10-03T23:12")
    _, out, _ = term("mail", "--json", "--to", "保卫处")
    letters = json.loads(out)["letters"]
    assert any(one["kind"] == "incident" for one in letters)
    assert "N-1" not in out


def test_a_wrong_field_is_answered_with_the_right_ones(term: Run) -> None:
    code, _, err = term(
        "report", "电诈预警信息", "--unit", "护理学员", "--field", "来源=公安机关", "--now", BEGAN
    )
    assert code == 1
    assert "您是否想写“护理学院”？" in err


def test_a_letter_is_shown_as_its_reader_sees_it(term: Run, tmp_path: Path) -> None:
    _, out, _ = term("mail", "--json", "--limit", "1")
    number = str(json.loads(out)["letters"][0]["number"])
    code, out, _ = term("mail", number, "--html", "letter.html")
    assert code == 0
    assert "请在此行以上回复" in out
    assert "<html" in (tmp_path / "letter.html").read_text("utf-8")
    assert "Message-ID:" in term("mail", "--specimen", "overdue")[1]


def test_a_duty_is_shown_with_its_meaning_its_ladder_and_its_next_dates(term: Run) -> None:
    code, out, _ = term("show", "bwc-bulletin", "--now", "2026-11-23")
    assert code == 0
    assert "2026年12月：2026-12-01 08:00 — 2026-12-07 17:00" in out
    assert "逾期3个工作日，向负责人、分管领导发送《橙色预警督办单》" in out
    assert "（暂定）" in out


def test_a_number_that_does_not_exist(term: Run) -> None:
    code, _, err = term("show", "9999", "--now", BEGAN)
    assert code == 1
    assert "没有督办事项“9999”" in err


def test_a_time_that_is_none(term: Run) -> None:
    code, _, err = term("tasks", "--now", "明天")
    assert code == 2
    assert "请写成 2026-11-23" in err


def test_a_year_is_simulated(run: Run) -> None:
    code, out, _ = run("simulate", "--now", "2026-11-23", "--json")
    assert code == 0
    year = json.loads(out)
    assert (year["first"], len(year["units"])) == ("2026-08-28", 17)
    code, _, err = run("simulate", "--unit", "护理学院=懒散")
    assert code == 1
    assert "及时、拖延或沉默" in err


def test_the_doctor_finds_a_stopped_heart(term: Run) -> None:
    assert term("doctor", "--now", BEGAN)[0] == 0
    code, out, _ = term("doctor", "--now", "2026-09-02T08:00")
    assert code == 1
    assert "办理已停" in out


def test_compile_writes_the_deployments_of_the_plan_in_force(term: Run, tmp_path: Path) -> None:
    code, _, err = term("compile", "--now", BEGAN)
    assert code == 0, err
    written = (tmp_path / "prefect.yaml").read_text("utf-8")
    assert "entrypoint: flows.department.department" in written


def test_settings_that_do_not_exist_are_named_and_the_code_is_three(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "duban.toml").write_text("langauge = 'zh'\n", encoding="utf-8")
    code, _, err = run("tasks")
    assert code == 3
    assert "langauge" in err


def test_letters_are_in_the_language_of_the_settings_whoever_runs_the_round(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    monkeypatch.setenv("DUBAN_LANG", "en")
    assert run("tick", "--now", BEGAN)[0] == 0
    subjects = [letter["subject"] for letter in json.loads(run("mail", "--json")[1])["letters"]]
    assert subjects
    assert all("督办" in subject for subject in subjects)


def test_a_page_of_the_ledger_says_that_there_is_more_and_misses_nothing_overdue(
    term: Run,
) -> None:
    later = "2026-12-20T09:00"
    overdue = ("tasks", "--standing", "overdue", "--now", later)
    every = json.loads(term(*overdue, "--limit", "5000", "--json")[1])["tasks"]
    assert json.loads(term(*overdue, "--limit", "3", "--json")[1])["tasks"] == every[:3]
    assert (
        "列出最新的 3 项，其中逾期 3 项；更早的请加 --before " in term(*overdue, "--limit", "3")[1]
    )
    assert f"共 {len(every)} 项" in term(*overdue, "--limit", "5000")[1]
    assert "2027-01-18 17:00" in term("tasks", "--now", later)[1]  # not 01-18 of which year?


def test_the_record_of_a_task_says_what_was_handed_in_and_by_whom(term: Run) -> None:
    number = first_task(term, "xsc-class-meeting", "护理学院")["number"]
    code, out, _ = term(
        "receive", number, "--figure", "应到人数=１,024",
        "--cover", "护理2401班、护理2402班", "--now", "2026-09-02T09:00",
    )  # fmt: skip
    assert code == 1
    assert "覆盖 2/25" in out
    shown = term("show", number, "--now", "2026-09-02T10:00")[1]
    assert "报结　填报 1 项　覆盖 2　（材料不齐）　[office]" in shown
    assert "立项交办　截止 2026-11-30 17:00　[督办系统]" in shown
    assert "已送出  护理学院联络员" in shown


def test_what_is_optional_is_not_ticked_until_it_is_there(term: Run) -> None:
    number = first_task(term, "gbm-good-practice", "护理学院")["number"]
    out = term("receive", number, "--text", "做法摘要=班级互查", "--now", "2026-09-02T09:00")[1]
    assert "✓ 做法摘要" in out
    assert "经验材料" not in out
    shown = term("show", number, "--now", "2026-09-02T10:00")[1]
    assert "  ✓ 做法摘要（可选）" in shown
    assert "  · 经验材料（可选）" in shown


def test_numbers_that_cannot_be_meant_and_letters_that_are_not_there_are_refused(
    term: Run,
) -> None:
    number = first_task(term, "xsc-class-meeting", "护理学院")["number"]
    at = ("--now", "2026-09-02T09:00")
    for slip in ("1e999", "NaN", "1" * 20):
        code, _, err = term("receive", number, "--figure", f"应到人数={slip}", *at)
        assert code == 1
        assert "应为数字" in err
    code, _, err = term("mail", "99999")
    assert (code, err) == (1, "没有编号为 99999 的信函。\n")


def test_one_file_saved_as_gbk_is_one_problem_beside_the_others(term: Run, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    shutil.copytree(WORKED, plan)
    rosters = plan / "rosters.yaml"
    rosters.write_bytes(rosters.read_text("utf-8").encode("gb18030"))
    events = plan / "events.yaml"
    events.write_text(events.read_text("utf-8").replace("kind: number", "kind: 数", 1), "utf-8")
    code, out, err = term("check", "plan")
    assert code == 1
    assert "rosters.yaml:" in out + err
    assert "文件不是 UTF-8 编码（可能是 GBK）" in out + err
    assert "events.yaml:" in out + err


def test_a_program_that_adopts_says_so(term: Run) -> None:
    code, _, err = term("adopt", "--json", "--now", "2026-09-10T08:00")
    assert code == 1
    assert "--dry-run" in err


def test_a_new_mailbox_is_shown_before_the_version_is_put_in_force(
    term: Run, tmp_path: Path
) -> None:
    plan = tmp_path / "plan"
    shutil.copytree(WORKED, plan)
    units = plan / "units.yaml"
    units.write_text(units.read_text("utf-8").replace("contact.jwc@", "jwc-2026@"), "utf-8")
    out = term("adopt", "plan", "--dry-run", "--now", "2026-09-10T08:00")[1]
    assert "改动　0\n停止　0\n不变　79" in out
    assert "教务处 contact contact.jwc@ccyz.example" in out
    assert "教务处 contact jwc-2026@ccyz.example" in out
    shown = json.loads(term("adopt", "plan", "--dry-run", "--json", "--now", "2026-09-10T08:00")[1])
    (change,) = shown["difference"]["institution"]
    assert change[1] == ["收信岗位", "mailboxes"]
