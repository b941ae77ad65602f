"""Validities on record: asked for one by one, counted from the hand-in that was accepted."""

import pytest

from office.calendars import import_years
from office.lived import relived
from office.receive import submit
from office.replay import replayed
from office.review import accept, return_, waive
from responsibilities.tasks import Standing
from storage.engine import reading
from tests.office.desk import CHINA, Desk, at, compiled
from tests.office.test_calendar import notice

GEAR = """\
rosters:
  - {id: gear, name: 消防器材, as_of: 2026-09-01, members: {保卫处: [
       {name: 1号灭火器, id: g-1, valid_until: 2026-12-10}, {name: 2号灭火器, id: g-2}]}}
duties:
  - {id: gear-check, title: 检测消防器材, responsible: 保卫处, each: 消防器材,
     renew: "有效期6个月，到期前30日", review: 办公室, ladder: 常规, evidence: [{number: 压力}]}
"""
FIRST = "fire/V1/gear-check/guard:g-1"
TWO = "fire/V2/gear-check/guard:g-2"


@pytest.fixture
def gear(desk: Desk) -> Desk:
    desk.adopt(GEAR, "2026-11-05 09:00")
    desk.reconcile("2026-11-10 09:00")
    return desk


def hand_in(desk: Desk, key: str, wall: str) -> None:
    submit(desk.db, desk.blobs, key, by="保卫处", now=at(wall), figures={"压力": "1"})


def keys(desk: Desk) -> list[str]:
    return [task.key for task in desk.tasks()]


def dates(desk: Desk, key: str) -> tuple[str, str]:
    task = desk.task(key)
    opens, due = (each.astimezone(CHINA) for each in (task.opens_at, task.due_at))
    return f"{opens:%Y-%m-%d}", f"{due:%Y-%m-%d}"


def test_each_asset_is_asked_for_before_its_own_date(gear: Desk) -> None:
    assert keys(gear) == [FIRST]
    assert dates(gear, FIRST) == ("2026-11-10", "2026-12-10")
    gear.reconcile("2026-12-07 09:00")
    assert keys(gear) == [FIRST, TWO], "the second counts from the day of force, in its second turn"


def test_the_next_counts_from_the_hand_in_that_was_accepted(gear: Desk) -> None:
    hand_in(gear, FIRST, "2026-12-15 10:00")
    return_(gear.db, FIRST, "读数有误", by="办公室", now=at("2026-12-16 10:00"))
    hand_in(gear, FIRST, "2026-12-21 10:00")
    accept(gear.db, FIRST, by="办公室", now=at("2026-12-28 10:00"))
    gear.reconcile("2026-12-28 10:05")
    assert not any(key.startswith("fire/V2/gear-check/guard:g-1") for key in keys(gear))
    gear.reconcile("2027-05-24 09:00")
    assert dates(gear, "fire/V2/gear-check/guard:g-1") == ("2027-05-24", "2027-06-21")


def test_while_it_is_in_hand_nothing_more_is_asked_however_late(gear: Desk) -> None:
    gear.reconcile("2027-09-01 09:00")
    assert [key for key in keys(gear) if key.endswith("g-1")] == [FIRST]
    [row] = [row for row in gear.rows("2027-09-01 09:00") if row.task.key == FIRST]
    assert row.standing is Standing.OVERDUE


def test_waived_the_next_counts_from_where_it_ran_out(gear: Desk) -> None:
    waive(gear.db, FIRST, "器材停用检修", by="办公室", now=at("2026-11-20 10:00"))
    gear.reconcile("2027-05-11 09:00")
    assert dates(gear, "fire/V2/gear-check/guard:g-1") == ("2027-05-11", "2027-06-10")


def test_a_new_version_goes_on_where_the_chains_stand(gear: Desk) -> None:
    hand_in(gear, FIRST, "2026-12-01 10:00")
    accept(gear.db, FIRST, by="办公室", now=at("2026-12-02 10:00"))
    anew = GEAR.replace(
        "{name: 2号灭火器, id: g-2}", "{name: 3号灭火器, id: g-3, from: 2026-12-03}"
    )
    gear.adopt(anew, "2026-12-03 09:00")
    gear.reconcile("2027-06-01 09:00")
    assert keys(gear) == [FIRST, "fire/V2/gear-check/guard:g-1", "fire/V1/gear-check/guard:g-3"]


def test_twice_in_a_row_and_after_an_act_in_between_nothing_doubles(gear: Desk) -> None:
    for wall in ("2026-12-07 09:00", "2026-12-07 09:00", "2026-12-07 09:01"):
        gear.reconcile(wall)
    assert keys(gear) == [FIRST, TWO]
    with reading(gear.db) as connection:
        assert replayed(connection) == gear.tasks()


def test_the_letter_names_the_asset(gear: Desk) -> None:
    gear.post("2026-11-10 09:01")
    assert any("检测消防器材（1号灭火器）" in subject for _, subject in gear.letters())


def test_a_notice_moves_the_validity_that_is_in_hand(desk: Desk) -> None:
    anew = GEAR.replace("2026-12-10", "2027-01-04")
    desk.adopt(anew, "2026-12-20 09:00")
    before = desk.task(FIRST)
    assert (before.provisional, dates(desk, FIRST)[1]) == (True, "2027-01-04")
    import_years(desk.db, {"2027.yaml": notice()}, at("2026-12-22 09:00"), "办公室")
    desk.reconcile("2026-12-22 09:01")
    assert dates(desk, FIRST)[1] == "2027-01-05"
    assert not desk.task(FIRST).provisional


def test_the_record_lived_again_under_the_same_plan_is_the_same(gear: Desk) -> None:
    hand_in(gear, FIRST, "2026-12-01 10:00")
    accept(gear.db, FIRST, by="办公室", now=at("2026-12-02 10:00"))
    for wall in ("2026-12-07 09:00", "2027-05-06 09:00", "2027-06-01 09:00"):
        gear.reconcile(wall)
    assert len(keys(gear)) == 3
    plan = compiled(GEAR).plan
    assert plan is not None
    found = relived(gear.db, plan, None, at("2027-06-01 09:00"))
    assert [(one.key, one.before, one.after) for one in found.differing] == []
    assert found.same == 3
