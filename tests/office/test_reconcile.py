"""A round makes the records what the plan requires: once, in order, whatever happens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from office import heartbeat
from office.reconcile import RoundFailed, reconcile
from responsibilities.plan import Role
from responsibilities.tasks import FactKind, State
from storage.engine import open_engine, writing
from tests.office.desk import WEEKLY, Desk, at

NURSING = "fire/2026-W49/check/nursing"


@pytest.fixture
def running(desk: Desk) -> Desk:
    """The weekly check, adopted on a Sunday."""
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    return desk


def test_monday_morning_opens_the_week_and_tells_each_contact_once(running: Desk) -> None:
    done = running.reconcile("2026-11-30 08:00")
    assert done.total(FactKind.OPENED) == 2
    told = {(n.unit, n.role, n.kind, len(n.matters)) for n in running.waiting()}
    assert told == {("nursing", "contact", "opened", 1), ("pharmacy", "contact", "opened", 1)}


def test_a_second_round_changes_nothing(running: Desk) -> None:
    running.reconcile("2026-11-30 08:00")
    record, waiting = running.record(), running.waiting()
    assert running.reconcile("2026-11-30 08:00").lines == ()
    assert (running.record(), running.waiting()) == (record, waiting)


def test_the_week_ignored_climbs_the_ladder_step_by_step(running: Desk) -> None:
    steps = []
    for day in range(30, 39):
        wall = f"2026-11-{day}" if day == 30 else f"2026-12-{day - 30:02}"
        for line in running.reconcile(f"{wall} 09:00").lines:
            if line.what is FactKind.TOLD and line.count == 2:
                steps.append((wall[5:], line.why))
    assert steps == [
        ("12-04", "截止当日"),
        ("12-07", "逾期1个工作日"),
    ]
    running.reconcile("2026-12-09 09:00")
    assert {Role(n.role) for n in running.waiting() if n.kind == "escalated"} >= {
        Role.LEADER,
        Role.GROUP_LEADER,
    }


def test_split_or_whole_the_same_tasks_come_out(desk: Desk, tmp_path: Path) -> None:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile("2026-12-25 18:00")
    whole = [(t.key, t.due_at) for t in desk.tasks()]
    other = Desk(_fresh(tmp_path), tmp_path)
    other.adopt(WEEKLY, "2026-11-29 09:00")
    for day in range(1, 26):
        other.reconcile(f"2026-12-{day:02} 18:00")
    assert [(t.key, t.due_at) for t in other.tasks()] == whole


def test_two_processes_at_once_open_each_task_once(running: Desk) -> None:
    others = [open_engine(str(running.db.url.render_as_string(False))) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda db: reconcile(db, at("2026-12-14 09:00")), others))
    for engine in others:
        engine.dispose()
    keys = running.opened()
    assert sorted(keys) == sorted(set(keys))
    assert [task.id for task in running.tasks()] == list(range(1, len(keys) + 1))
    opened = [key for task, key, _ in running.record() if key == "opened"]
    assert len(opened) == len(keys) == 6


def test_nothing_due_writes_nothing(running: Desk) -> None:
    running.reconcile("2026-11-30 08:00")
    statements: list[str] = []

    @event.listens_for(running.db, "before_cursor_execute")
    def note(_c: object, _k: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    assert running.reconcile("2026-11-30 12:00").lines == ()
    assert statements
    assert not [s for s in statements if not s.startswith(("SELECT", "BEGIN"))]


def test_one_bad_task_holds_up_no_other(running: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    running.reconcile("2026-11-30 08:00")
    with writing(running.db) as connection:  # what was promised for one of the two is unreadable
        connection.execute(text("INSERT INTO promises VALUES ('broken', '{')"))
        connection.execute(text("UPDATE tasks SET promise = 'broken' WHERE unit = 'nursing'"))
    with pytest.raises(RoundFailed) as failed:
        running.reconcile("2026-12-04 08:00")
    assert len(failed.value.exceptions) == 1
    assert failed.value.round.total(FactKind.TOLD) == 1
    whole = running.task("fire/2026-W49/check/pharmacy").promise
    with writing(running.db) as connection:
        connection.execute(text(f"UPDATE tasks SET promise = '{whole}' WHERE unit = 'nursing'"))
    assert running.reconcile("2026-12-04 08:01").total(FactKind.TOLD) == 1


def test_one_bad_duty_holds_up_no_other(desk: Desk) -> None:
    desk.adopt(
        WEEKLY + "  - {id: drill, title: 演练, responsible: 保卫处, every: 每周, due: 周五前}\n",
        "2026-11-29 09:00",
    )
    with writing(desk.db) as connection:  # its cursor is damaged
        connection.execute(text("UPDATE cursors SET duty = 'gone' WHERE duty = 'check'"))
    with pytest.raises(RoundFailed, match="1 duties"):
        desk.reconcile("2026-11-30 08:00")
    assert desk.opened() == ["fire/2026-W49/drill/guard"]


def test_what_was_missed_while_we_were_down_is_late_by_the_system(running: Desk) -> None:
    heartbeat.beat(running.db, "reconcile", at("2026-11-29 09:00"))
    done = running.reconcile("2026-12-03 09:00")
    assert done.outage is not None
    assert done.total(FactKind.OPENED) == 2
    task = running.task(NURSING)
    assert task.late_by_system
    assert task.original_due_at == at("2026-12-04 17:00")
    assert task.due_at == at("2026-12-07 17:00")  # three days and an hour, to a working day's end
    assert [n.kind for n in running.waiting()].count("outage") == 1


def test_an_outage_gives_back_its_time_to_tasks_that_were_open(running: Desk) -> None:
    running.reconcile("2026-11-30 08:00")
    heartbeat.beat(running.db, "reconcile", at("2026-12-04 09:00"))
    running.reconcile("2026-12-07 09:00")
    assert running.kinds(NURSING) == [FactKind.OPENED, FactKind.MOVED, FactKind.TOLD]
    assert running.facts(NURSING)[-1].body["step"] == "2"
    assert running.task(NURSING).due_at == at("2026-12-07 17:00")


def test_the_outage_is_recorded_once_however_often_the_round_runs(running: Desk) -> None:
    heartbeat.beat(running.db, "reconcile", at("2026-11-29 09:00"))
    running.reconcile("2026-12-02 09:00")
    before = running.record()
    running.reconcile("2026-12-02 09:01")
    heartbeat.beat(running.db, "reconcile", at("2026-12-02 09:01"))
    running.reconcile("2026-12-02 09:02")
    assert running.record() == before


def test_a_heartbeat_is_written_at_most_every_five_minutes(running: Desk) -> None:
    start = at("2026-11-30 08:00")
    for minute in range(12):
        heartbeat.beat(running.db, "reconcile", start + timedelta(minutes=minute))
    assert heartbeat.missed(running.db, start + timedelta(minutes=40), timedelta(minutes=29)) == {
        "reconcile": start + timedelta(minutes=10)
    }


def test_a_task_that_can_no_longer_be_done_lapses(desk: Desk) -> None:
    desk.adopt(WEEKLY.replace("due: 周五前", "due: 周五前, lapses: 次周三"), "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    done = desk.reconcile("2026-12-09 18:00")
    assert done.total(FactKind.LAPSED) == 2
    task = desk.task(NURSING)
    assert (task.state, task.outcome, task.wake_at) == (State.CLOSED, "lapsed", None)
    assert FactKind.TOLD not in desk.kinds(NURSING)


def _fresh(tmp_path: Path) -> Engine:
    from storage.migrations import upgrade

    engine = open_engine(f"sqlite:///{tmp_path / 'other.sqlite'}")
    upgrade(engine)
    return engine
