"""A year with rounds that come late, fail halfway or not at all: nothing missing, nothing twice."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, text

from office import heartbeat
from office.adopt_plan import adopt
from office.reconcile import reconcile
from office.workplace import only_plan
from responsibilities.occurrences import occurrences
from responsibilities.tasks import FactKind
from storage import facts, tasks
from storage.engine import open_engine, reading, writing
from storage.instants import text as as_text
from tests.databases import sqlite_template
from tests.faults.aborts import broken, gets_through
from tests.office.desk import SCHOOL, at, compiled

__all__ = ["sqlite_template"]
BEGIN = at("2026-01-05 08:30")
DUTIES = """\
duties:
  - {id: daily, title: 值班, responsible: 保卫处, every: 每工作日, due: 当日, ladder: 常规,
     evidence: [{text: 情况}]}
  - {id: check, title: 检查宿舍, responsible: 二级学院, every: 每周, due: 周五前, ladder: 常规,
     evidence: [{text: 情况}]}
  - {id: report, title: 报送月报, responsible: 二级学院, every: 每月, about: 上一期, due: 5日前,
     ladder: 常规, evidence: [{text: 情况}], lapses: 次月5日}
  - {id: drill, title: 组织演练, responsible: 二级学院, every: 每季度, due: 期末, ladder: 常规,
     evidence: [{text: 情况}]}
  - {id: eve, title: 节前检查, responsible: 保卫处, every: 每个节假日, opens: 节前5个工作日,
     due: 节前1个工作日, ladder: 常规, evidence: [{text: 情况}]}
  - {id: rules, title: 修订预案, responsible: 保卫处, once: 2026-09-30前, opens: 2026-06-01,
     ladder: 常规, evidence: [{text: 情况}]}
"""


def house(template: Path, folder: Path) -> Engine:
    """The plan in force from the first working Monday of the year."""
    path = folder / "duban.sqlite"
    shutil.copy(template, path)
    db = open_engine(f"sqlite:///{path}")
    adopt(db, compiled(DUTIES, SCHOOL), BEGIN, "办公室")
    heartbeat.beat(db, "reconcile", BEGIN)
    return db


def round_at(db: Engine, now: datetime) -> None:
    """What a door does: the round, then its sign of life."""
    reconcile(db, now, timedelta(minutes=30))
    heartbeat.beat(db, "reconcile", now)


def required(db: Engine, until: datetime) -> dict[str, datetime]:
    """The keys that the plan asks for up to `until`, each with its opening: a pure function."""
    with reading(db) as connection:
        place = only_plan(connection)
    return {
        one.key: one.opens_at
        for duty in place.plan.duties
        for one in occurrences(place.plan, duty, place.clock, BEGIN - timedelta(days=120), until)
        if one.due_at > BEGIN
    }


def opened(db: Engine) -> list[str]:
    """The task of every fact of opening, in the order of the record."""
    with reading(db) as connection:
        return [f.task or "" for f in facts.since(connection) if f.kind is FactKind.OPENED]


@pytest.fixture(scope="module")
def seeds(request: pytest.FixtureRequest) -> int:
    return 200 if request.config.getoption("--full") else 4


Round = Callable[[Engine, datetime], None]


def cursor_first(db: Engine, now: datetime) -> None:
    """A broken engine: it says how far it has come before it has opened anything."""
    with writing(db) as connection:
        connection.execute(text("UPDATE cursors SET through = :now"), {"now": as_text(now)})
    round_at(db, now)


def beats_first(db: Engine, now: datetime) -> None:
    """A broken door: it gives its sign of life before the round, so no outage is seen."""
    heartbeat.beat(db, "reconcile", now)
    reconcile(db, now, timedelta(minutes=30))


def year(template: Path, folder: Path, seed: int, one: Round) -> tuple[set[str], set[str]]:
    """What a year of late and failing rounds left out, and what it opened too much or twice."""
    db, chance = house(template, folder), Random(seed)
    now = BEGIN
    while now < BEGIN + timedelta(days=365):
        now += timedelta(minutes=chance.choice((1, 40, 300, 1440, 4000, 20000, 43000)))
        if chance.random() < 0.33:
            with broken(db, chance.randint(1, 40), chance.choice(("before", "after"))):
                gets_through(partial(one, db, now))
        else:
            one(db, now)
    one(db, now)
    wanted, found = required(db, now).keys(), opened(db)
    with reading(db) as connection:
        assert tasks.last_id(connection) == len(found)
    db.dispose()
    twice = {key for key, count in Counter(found).items() if count > 1}
    return wanted - set(found), (set(found) - wanted) | twice


def outage(template: Path, folder: Path, seed: int, one: Round) -> set[str]:
    """The tasks that an outage of up to thirty days left out, doubled or marked wrongly."""
    db, chance = house(template, folder), Random(seed)
    last = BEGIN + timedelta(minutes=chance.randint(0, 300 * 1440))
    one(db, last)  # (the way there is an outage too: nothing is asked of it here)
    back = last + timedelta(minutes=chance.randint(31, 30 * 1440))
    one(db, back)
    later = back + timedelta(minutes=29)
    one(db, later)
    wanted, found = required(db, later), Counter(opened(db))
    wrong = {key for key in wanted.keys() | found.keys() if found[key] != 1 or key not in wanted}
    with reading(db) as connection:
        for task in tasks.listed(connection, limit=10_000):
            opens_at = wanted[task.key]
            missed = last < opens_at <= back
            if task.late_by_system is not missed and opens_at > last:
                wrong.add(task.key)
    db.dispose()
    return wrong


def test_a_year_of_late_and_failing_rounds_opens_exactly_what_the_plan_asks_for(
    sqlite_template: Path, tmp_path: Path, seeds: int
) -> None:
    """P2: rounds minutes to weeks apart, a third of them cut off at some statement."""
    for seed in range(seeds):
        assert year(sqlite_template, made(tmp_path, seed), seed, round_at) == (set(), set()), seed


def test_the_same_year_sees_an_engine_that_moves_on_before_it_opens(
    sqlite_template: Path, tmp_path: Path
) -> None:
    missing, _ = year(sqlite_template, made(tmp_path, 0), 0, cursor_first)
    assert missing


def test_what_an_outage_missed_appears_once_and_is_marked_as_late_by_the_system(
    sqlite_template: Path, tmp_path: Path, seeds: int
) -> None:
    """P3: up to thirty days down, at any time of the year."""
    for seed in range(seeds * 5 // 2):
        assert outage(sqlite_template, made(tmp_path, seed), seed, round_at) == set(), seed


def test_the_same_outages_see_a_door_that_beats_before_its_round(
    sqlite_template: Path, tmp_path: Path
) -> None:
    assert outage(sqlite_template, made(tmp_path, 0), 0, beats_first)


def made(folder: Path, seed: int) -> Path:
    """A folder of its own for each seed."""
    (folder / str(seed)).mkdir()
    return folder / str(seed)
