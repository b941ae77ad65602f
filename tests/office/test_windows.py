"""The office opens a sensitive time, extends and closes it; units report each day meanwhile."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from duban.__main__ import cli
from office.adopt_plan import adopt
from office.window_spans import spans_of
from office.windows import close_window, extend_window, open_window
from responsibilities.tasks import FactKind
from responsibilities.words import Refused
from storage.engine import open_engine, reading
from storage.migrations import upgrade
from tests.office.desk import Desk, at, compiled

PLAN = """\
windows: [{id: sensitive, name: 敏感时期}]
duties:
  - {id: zero, title: 报送安全情况, responsible: 护理学院, every: 每日, window: 敏感时期,
     zero_report: true, roll: 不变, review: 办公室, ladder: 常规, evidence: [{number: 起数}]}
"""


@pytest.fixture
def calm(desk: Desk) -> Desk:
    """The plan is in force and nothing is going on."""
    desk.adopt(PLAN, "2026-11-20 09:00")
    desk.reconcile("2026-11-25 09:00")
    return desk


def days_of(desk: Desk) -> list[str]:
    return [key.split("/")[1] for key in desk.opened()]


def test_in_quiet_times_nothing_is_opened(calm: Desk) -> None:
    assert calm.opened() == []


def test_the_round_after_the_opening_asks_for_today_and_then_for_each_day(calm: Desk) -> None:
    open_window(calm.db, None, "敏感时期", by="办公室", now=at("2026-11-26 10:00"),
                until=at("2026-11-29 00:00"), reason="上级通知")  # fmt: skip
    calm.reconcile("2026-11-26 10:05")
    assert days_of(calm) == ["2026-11-26"]
    calm.reconcile("2026-11-26 10:10")
    calm.reconcile("2026-11-27 08:00")
    assert days_of(calm) == ["2026-11-26", "2026-11-27"]
    calm.reconcile("2026-12-03 08:00")
    assert days_of(calm) == ["2026-11-26", "2026-11-27", "2026-11-28"]


def test_extended_it_goes_on_and_closed_it_ends_but_what_is_open_stays(calm: Desk) -> None:
    open_window(calm.db, "fire", "sensitive", by="办公室", now=at("2026-11-26 07:00"),
                until=at("2026-11-27 00:00"))  # fmt: skip
    calm.reconcile("2026-11-26 08:00")
    extend_window(
        calm.db, None, "敏感时期", at("2026-12-10 00:00"), by="办公室", now=at("2026-11-26 16:00")
    )
    calm.reconcile("2026-11-27 08:00")
    close_window(calm.db, None, "敏感时期", by="办公室", now=at("2026-11-27 12:00"))
    calm.reconcile("2026-11-30 08:00")
    assert days_of(calm) == ["2026-11-26", "2026-11-27"]
    kinds = [kind for _, key, _ in calm.record() if "/window/" in key for kind in [key]]
    assert len(kinds) == 3
    assert all(task.closed_at is None for task in calm.tasks())


def test_opened_again_it_asks_again(calm: Desk) -> None:
    for day in ("26", "28"):
        open_window(calm.db, None, "敏感时期", by="办公室", now=at(f"2026-11-{day} 07:00"))
        calm.reconcile(f"2026-11-{day} 08:00")
        close_window(calm.db, None, "敏感时期", by="办公室", now=at(f"2026-11-{day} 20:00"))
    calm.reconcile("2026-11-30 08:00")
    assert days_of(calm) == ["2026-11-26", "2026-11-28"]


def test_every_act_twice_is_one_act(calm: Desk) -> None:
    now = at("2026-11-26 07:00")
    first = open_window(calm.db, None, "敏感时期", by="办公室", now=now)
    assert open_window(calm.db, None, "敏感时期", by="办公室", now=now) == first
    until = at("2026-11-30 00:00")
    for _ in range(2):
        extend_window(calm.db, None, "敏感时期", until, by="办公室", now=now)
    for _ in range(2):
        close_window(calm.db, None, "敏感时期", by="办公室", now=at("2026-11-27 09:00"))
    with reading(calm.db) as connection:
        assert [span.closes_at for span in spans_of(connection, "fire")["sensitive"]] == [
            at("2026-11-27 09:00")
        ]
    keys = [key for _, key, _ in calm.record() if "/window/" in key]
    assert keys == [f"fire/window/sensitive/000{n}" for n in (1, 2, 3)]
    assert FactKind.WINDOW_OPENED.value == "window_opened"


def test_what_makes_no_sense_is_refused_with_a_sentence(calm: Desk) -> None:
    now = at("2026-11-26 07:00")
    with pytest.raises(Refused, match="没有名为“敏感时节”的时期"):
        open_window(calm.db, None, "敏感时节", by="办公室", now=now)
    with pytest.raises(Refused, match="没有在进行"):
        extend_window(calm.db, None, "敏感时期", at("2026-12-01 00:00"), by="办公室", now=now)
    with pytest.raises(Refused, match="从未开始"):
        close_window(calm.db, None, "敏感时期", by="办公室", now=now)
    with pytest.raises(Refused, match="已经过去"):
        open_window(calm.db, None, "敏感时期", by="办公室", now=now, until=now)
    open_window(calm.db, None, "敏感时期", by="办公室", now=now)
    with pytest.raises(Refused, match="改变结束时间请用延长"):
        open_window(calm.db, None, "敏感时期", by="办公室", now=now, until=at("2026-12-01 00:00"))


def test_a_new_version_of_the_plan_keeps_the_window_open(calm: Desk) -> None:
    open_window(calm.db, None, "敏感时期", by="办公室", now=at("2026-11-26 07:00"))
    calm.reconcile("2026-11-26 08:00")
    calm.adopt(PLAN.replace("起数", "件数"), "2026-11-26 12:00")
    calm.reconcile("2026-11-27 08:00")
    assert days_of(calm) == ["2026-11-26", "2026-11-27"]


def test_the_command_opens_lists_and_closes(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    db = open_engine(f"sqlite:///{tmp_path / 'data' / 'duban.sqlite'}")
    upgrade(db)
    adopt(db, compiled(PLAN), at("2026-11-20 09:00"), "办公室")
    db.dispose()

    def said(*words: str, now: str) -> str:
        run = CliRunner().invoke(
            cli, ["-C", str(tmp_path), "window", *words, "--now", now], env={"DUBAN_LANG": "zh"}
        )
        assert run.exception is None, run.output
        return run.output

    assert "从未开始" in said(now="2026-11-26T09:00+08:00")
    opened = said("敏感时期", "--open", "--until", "2026-12-01T18:00", now="2026-11-26T10:00+08:00")
    assert "进行中" in opened
    assert "2026-12-01 18:00" in opened
    assert "已结束" in said("敏感时期", "--close", now="2026-11-27T10:00+08:00")
