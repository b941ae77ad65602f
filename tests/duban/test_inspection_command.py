"""An inspection opened and drawn at the terminal."""

import json

from tests.duban.test_commands import BEGAN, Run, run

__all__ = ["run"]

OPEN = (
    "inspection", "open", "专项督导检查", "--first", "2026-09-01", "--last", "2026-10-31",
    "--inspector", "team@province.example=督查一组", "--since", "2026-11-02T08:00",
    "--until", "2026-11-06T18:00", "--count", "5", "--now", "2026-11-02T08:30", "--unannounced",
)  # fmt: skip


def test_an_inspection_is_opened_drawn_once_and_listed(run: Run) -> None:
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    assert run("tick", "--now", "2026-11-01T08:00")[0] == 0
    code, out, _ = run(*OPEN)
    assert (code, out.strip()) == (0, "I2026-0001")
    asked = ("inspection", "draw", "I2026-0001")
    first = run(*asked, "3516", "--now", "2026-11-02T09:00")[1].split()
    assert len(first) == len(set(first)) == 5
    assert run(*asked, "9999", "--now", "2026-11-02T09:05")[1].split() == first
    assert "专项督导检查" in run("inspection", "list")[1]
    [told] = json.loads(run("inspection", "list", "--json")[1])["inspections"]
    assert (told["sample"], told["announced"]) == (5, False)


def test_an_inspector_without_a_name_is_told(run: Run) -> None:
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    wrong = [one.replace("=督查一组", "") for one in OPEN]
    assert "邮箱=姓名或组别" in run(*wrong)[2]
