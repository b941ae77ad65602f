"""`duban report`: an incident told, looked at, put right and closed from the command line."""

import json

import pytest

from tests.duban.test_commands import Run, run

__all__ = ["run"]
DAY = "2026-10-12"
CASE = (
    "--unit", "护理学院", "--field", "身份=学生", "--field", "损失金额=68000",
    "--field", "诈骗手法=刷单返利", "--field", "被骗人内部编号=V-2026-031",
)  # fmt: skip


@pytest.fixture
def site(run: Run) -> Run:
    """`duban …` in a folder where the worked plan is in force."""
    assert run("adopt", "--yes", "--now", f"{DAY}T08:00")[0] == 0
    return run


def test_a_case_entered_four_hours_late_is_asked_why_and_who_signs(site: Run) -> None:
    told = ("report", "电诈案件", *CASE, "--known", f"{DAY}T09:00", "--now", f"{DAY}T13:10")
    code, _, err = site(*told)
    assert code == 1
    assert "第二签字人" in err
    code, out, _ = site(*told, "--reason", "值守无网络", "--second-signer", "值班长")
    assert code == 0
    assert "事件 E2026-0001：开启" in out
    code, out, _ = site("report", "E2026-0001", "--now", f"{DAY}T13:30")
    assert code == 0
    assert "知悉　2026-10-12 09:00" in out
    assert "理由：值守无网络　第二签字人：值班长" in out
    assert "逾期未报 2小时30分钟" in out  # due at 11:00: two hours after it was known
    assert "V-2026-031" not in out


def test_a_correction_shows_both_values_and_the_verdicts_come_as_data(site: Run) -> None:
    site("report", "电诈案件", *CASE, "--known", f"{DAY}T09:00", "--now", f"{DAY}T09:05")
    code, _, err = site(
        "report", "E2026-0001", "--correct", "损失金额=1000", "--now", f"{DAY}T10:00"
    )
    assert (code, "理由" in err) == (1, True)
    code, out, _ = site(
        "report", "E2026-0001", "--correct", "损失金额=1000", "--correct", "发生=2026-10-12T08:30",
        "--reason", "银行流水核对", "--now", f"{DAY}T10:00",
    )  # fmt: skip
    assert code == 0
    assert "触发条件已不成立" in out
    _, out, _ = site("report", "E2026-0001", "--now", f"{DAY}T10:00")
    assert "68000 → 1000" in out
    assert "发生　2026-10-12 08:30" in out
    _, out, _ = site("report", "E2026-0001", "--json", "--now", f"{DAY}T10:00")
    found = json.loads(out)["incident"]
    assert {one["verdict"] for one in found["reports"]} == {"awaited"}


def test_an_unknown_number_and_a_type_without_a_unit_are_both_said(site: Run) -> None:
    code, _, err = site("report", "E2026-0099", "--now", f"{DAY}T10:00")
    assert (code, "没有事件“E2026-0099”" in err) == (1, True)
    code, _, err = site("report", "电诈案件", "--now", f"{DAY}T10:00")
    assert (code, "--unit" in err) == (2, True)
