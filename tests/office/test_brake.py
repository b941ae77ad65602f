"""The storm brake: never more than three times what the plan expects, without the office (P12)."""

import asyncio
from datetime import datetime, timedelta
from random import Random

import pytest

from office import brake
from office.alarms import KIND
from office.post import bind, mail_round, send
from office.report_incident import report
from office.workplace import only_plan
from responsibilities.plan import Role
from responsibilities.tasks import FactKind
from responsibilities.volume import expected
from storage import notices
from storage.engine import reading, writing
from storage.notices import Notice
from tests.office.desk import WEEKLY, Desk, at
from tests.office.test_post import Scripted

MONDAY = "2026-11-30 08:00"
URGENT = WEEKLY + (
    "  - {id: alarm, title: 报告火情, responsible: 事发单位, on: 火情, due: 知悉后1小时内, "
    "ladder: 紧急}\n"
)


@pytest.fixture
def monday(desk: Desk) -> Desk:
    desk.adopt(URGENT, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    return desk


def limit(desk: Desk) -> int:
    """Three times the expectation, without incidents."""
    with reading(desk.db) as connection:
        return 3 * expected(only_plan(connection).plan, ())


def storm(desk: Desk, now: datetime, rng: Random, count: int) -> None:
    """A fault of ours: notices that nobody needs, each with a key of its own."""
    task = desk.tasks()[0].id
    made = [
        Notice(
            key=f"bug/{now}/{number}",
            plan="fire",
            kind="reminder",
            unit=rng.choice(["nursing", "pharmacy", "guard"]),
            role=rng.choice([Role.CONTACT, Role.HEAD]).value,
            matters=(notices.Matter(task),),
            urgent=True,
            created_at=now,
            useful_until=now + timedelta(days=9),
            facts={},
        )
        for number in range(count)
    ]
    with writing(desk.db) as connection:
        notices.add(connection, made)


def post(desk: Desk, carrier: Scripted, now: datetime) -> None:
    bind(desk.db, now, desk.mail, "zh")
    asyncio.run(send(desk.db, lambda: now, carrier))


def alarms(carrier: Scripted) -> int:
    return sum(b"Message-ID: <alarm." in message for _, message in carrier.took)


def test_a_storm_is_stopped_each_time_and_told_once(monday: Desk, full: bool) -> None:
    """Runs of minutes to hours, of few letters or many at a time; each on a day of its own."""
    for run in range(50 if full else 5):
        rng, carrier = Random(run), Scripted()
        start = at("2026-12-01 08:00") + timedelta(days=3 * run)
        now = start
        size, step = rng.randint(5, 40), timedelta(minutes=rng.choice([1, 7, 60]))
        for _ in range(rng.randint(limit(monday) // size + 2, limit(monday) // size + 20)):
            storm(monday, now, rng, size)
            post(monday, carrier, now)
            now += step
        ordinary = len(carrier.took) - alarms(carrier)
        assert ordinary == limit(monday)
        with reading(monday.db) as connection:
            assert brake.held(connection) == {"fire"}
        post(monday, carrier, now)
        assert alarms(carrier) == 1
        with writing(monday.db) as connection:
            brake.release(connection, "办公室", now)
        _forget(monday)


def _forget(desk: Desk) -> None:
    """The fault is mended, and what it had written is taken out."""
    with writing(desk.db) as connection:
        connection.exec_driver_sql(
            "UPDATE letters SET state = 'cancelled', next_at = NULL WHERE next_at IS NOT NULL"
        )


def test_what_was_held_back_leaves_after_the_release(monday: Desk) -> None:
    carrier, now = Scripted(), at("2026-12-01 08:00")
    storm(monday, now, Random(1), limit(monday) + 10)
    post(monday, carrier, now)
    post(monday, carrier, now)
    before = len(carrier.took)
    assert before == limit(monday) + 1, "and the alarm"
    with writing(monday.db) as connection:
        assert brake.release(connection, "办公室", now + timedelta(hours=1)) == ("fire",)
    post(monday, carrier, now + timedelta(hours=1))
    assert len(carrier.took) > before
    released = [body for _, key, body in monday.record() if "/released/" in key]
    assert released == [{"what": "storm"}]
    kinds = [key for _, key, _ in monday.record() if f"/{KIND}/storm/" in key]
    assert len(kinds) == 1


def test_a_busy_day_as_the_plan_expects_it_is_no_storm(monday: Desk) -> None:
    """Every unit's letter, and five fires reported within the hour."""
    carrier, now = Scripted(), at("2026-11-30 15:00")
    for number in range(5):
        fields = {"过火面积": str(number), "地点": "食堂"}
        report(monday.db, "fire", "火情", "护理学院", fields, None, now, now, "值班")
    post(monday, carrier, now)
    with reading(monday.db) as connection:
        assert not brake.held(connection)
    assert not [n for n in monday.waiting() if n.kind == KIND]
    assert FactKind.ALARMED not in {fact for fact in monday.kinds("fire/2026-W49/check/nursing")}


def test_while_everything_is_frozen_only_alarms_leave(monday: Desk) -> None:
    now = at("2026-11-30 08:01")

    async def frozen() -> int:
        found = await mail_round(monday.db, lambda: now, monday.mail, "zh", frozen=True)
        return found.sent.accepted

    assert asyncio.run(frozen()) == 0
    assert monday.letters() == []
