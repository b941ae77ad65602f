"""What the sysadmin is told when the machine, the clock or the files are not as they should be."""

import json
from pathlib import Path

from tests.duban.test_commands import Run, run

__all__ = ["run"]


def test_a_file_where_the_data_folder_should_be_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder", encoding="utf-8")
    code, _, err = run("adopt", "--yes")
    assert code == 4
    assert "数据文件夹" in err
    assert "duban.toml" in err


def test_a_database_that_is_none_is_the_outside_s_fault_and_not_ours(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "duban.sqlite").write_bytes(b"\xffnot a database" * 1000)
    for command in ("tick", "doctor", "tasks"):
        code, _, err = run(command)
        assert code == 4
        assert "数据库无法使用" in err


def test_a_clock_that_was_ahead_is_found_by_the_doctor(run: Run) -> None:
    assert run("adopt", "--yes", "--now", "2026-09-01T08:00")[0] == 0
    assert run("tick", "--now", "2026-12-01T08:00")[0] == 0
    code, out, _ = run("doctor", "--now", "2026-09-02T08:00")
    assert code == 1
    assert "上一轮办理的时间在将来" in out
    assert "上一轮办理的时间在将来" not in run("doctor", "--now", "2026-12-01T08:05")[1]


def test_the_doctor_says_when_nobody_reads_the_answers_or_each_waits(
    run: Run, tmp_path: Path
) -> None:
    assert run("adopt", "--yes", "--now", "2026-09-01T08:00")[0] == 0
    assert "✓ 收信：未配置" in run("doctor")[1]  # a Maildir is no post
    settings = tmp_path / "duban.toml"
    settings.write_text('[mail]\nhost = "127.0.0.1"\n', encoding="utf-8")
    assert "部门的回信无人收取" in run("doctor")[1]
    settings.write_text('[inbox]\nlmtp = "127.0.0.1:2424"\n', encoding="utf-8")
    assert "每封回信都要等待确认" in run("doctor")[1]
    settings.write_text('[inbox]\nhost = "127.0.0.1"\nport = 1\n', encoding="utf-8")
    assert "无法读取" in run("doctor")[1]
    assert "✓ 待确认的来信 0 封" in run("doctor")[1]


def test_settings_in_another_encoding_are_called_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "duban.toml").write_bytes("plan = '方案'".encode("gbk"))
    code, _, err = run("tick")
    assert (code, err) == (3, "duban.toml 不是 UTF-8 编码，请另存为 UTF-8。\n")


def test_an_incident_is_answered_with_titles_and_units(run: Run) -> None:
    assert run("adopt", "--yes", "--now", "2026-09-01T08:00")[0] == 0
    out = run(
        "report", "电诈预警信息", "--unit", "护理学院", "--field", "来源=公安机关",
        "--field", "身份=学生", "--field", "对象内部编号=N-1", "--now", "2026-09-15T09:00",
    )[1]  # fmt: skip
    assert "劝阻潜在受害师生（首次联系）　保卫处　截止 2026-09-15 09:30" in out


def test_an_english_letter_about_an_outage_is_english_throughout(run: Run, tmp_path: Path) -> None:
    (tmp_path / "duban.toml").write_text('language = "en"\n', encoding="utf-8")
    assert run("adopt", "--yes", "--now", "2026-09-01T08:00")[0] == 0
    for now in ("2026-09-01T08:00", "2026-09-07T08:05"):
        assert run("tick", "--now", now)[0] == 0
    letters = json.loads(run("mail", "--json")[1])["letters"]
    [outage] = [letter["number"] for letter in letters if letter["kind"] == "outage"]
    shown = run("mail", str(outage))[1]
    assert "Outage from: 2026-09-01 08:00" in shown
    assert "Outage until: 2026-09-07 08:05" in shown


def test_the_doctor_says_where_evidence_is_opened_or_that_it_cannot_be(
    run: Run, tmp_path: Path
) -> None:
    assert run("adopt", "--yes")[0] == 0
    assert "✓ 佐证材料由 http://127.0.0.1:8081 提供" in run("doctor")[1]
    settings = tmp_path / "duban.toml"
    settings.write_text('[portal]\nurl = "https://duban.school.example"\n', encoding="utf-8")
    out = run("doctor")[1]
    assert "✗ 佐证材料没有外部地址\n  → 网页上的材料打不开；请设置 portal.evidence_url" in out
    settings.write_text('[portal]\nevidence_listen = ""\n', encoding="utf-8")
    assert "✓ 佐证材料由网页的地址提供" in run("doctor")[1]
    settings.write_text('[portal]\nevidence_listen = "8081"\n', encoding="utf-8")
    assert "portal.evidence_listen" in run("doctor")[2]


def test_an_authority_that_never_stamps_is_named(run: Run, tmp_path: Path) -> None:
    assert run("adopt", "--yes", "--now", "2026-09-01T08:00")[0] == 0
    assert "最近的时间戳" not in run("doctor")[1]
    (tmp_path / "duban.toml").write_text('[record]\ntsa = "http://tsa.example/tsr"\n')
    assert "两日没有时间戳" in run("doctor")[1]
