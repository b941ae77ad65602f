"""Several plans in one installation: each with its own keys, office and windows."""

from pathlib import Path

from click.testing import CliRunner

from duban.__main__ import cli
from office.adopt_plan import adopt
from office.reconcile import reconcile
from office.windows import open_window
from storage import tasks
from storage.engine import open_engine, reading
from storage.migrations import upgrade
from tests.office.desk import SCHOOL, at, compiled

PLAN = """\
windows: [{id: sensitive, name: 敏感时期}]
duties:
  - {id: check, title: 开展检查, responsible: 护理学院, every: 每周, review: 办公室, ladder: 常规}
  - {id: zero, title: 报送情况, responsible: 护理学院, every: 每日, window: 敏感时期, roll: 不变,
     review: 办公室, ladder: 常规}
"""
OTHER = SCHOOL.replace("id: fire\n  title", "id: flood\n  title").replace("消防安全", "防汛")


def test_two_plans_with_the_same_duties_keep_apart_at_the_office_and_on_the_command_line(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").mkdir()
    db = open_engine(f"sqlite:///{tmp_path / 'data' / 'duban.sqlite'}")
    upgrade(db)
    for school in (SCHOOL, OTHER):
        adopt(db, compiled(PLAN, school), at("2026-11-29 09:00"), "办公室")
    open_window(db, "flood", "敏感时期", by="办公室", now=at("2026-11-30 07:00"))
    reconcile(db, at("2026-11-30 08:00"))
    with reading(db) as connection:
        keys = {task.key for task in tasks.every(connection)}
    assert {key for key in keys if "W49" in key or "zero" in key} == {
        "fire/2026-W49/check/nursing",
        "flood/2026-W49/check/nursing",
        "flood/2026-11-30/zero/nursing",
    }
    db.dispose()

    def said(*words: str) -> str:
        line = ["-C", str(tmp_path), *words, "--now", "2026-11-30T09:00+08:00"]
        run = CliRunner().invoke(cli, line, env={"DUBAN_LANG": "zh"})
        return run.output if run.exception is None else str(run.exception)

    assert "请指明方案：fire、flood" in said("window")
    assert "从未开始" in said("window", "--plan", "fire")
    assert "进行中" in said("window", "--plan", "flood")
    assert "共 5 项" in said("tasks")  # last week is due this Monday as well
