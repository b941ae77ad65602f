"""What is to be done now: openings and ladders in order of time, late by the system or not."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from responsibilities.decide import Advanced, Opening, Stuck, Woken, decide, open_tasks
from responsibilities.plan import Plan
from responsibilities.tasks import Outage
from tests.responsibilities.small_plans import CLOCK, COLLEGES, ORDINARY, at, duty, plan, task, wall

MONTHLY = duty("bulletin", due="5日前", units=COLLEGES)
WEEKLY = duty("reminder", "每周", due="周五前")
PLAN = plan(MONTHLY, WEEKLY)


def decided(
    since: str, now: str, outage: Outage | None = None, *woken: Woken, of: Plan = PLAN
) -> list[Opening | Advanced | Stuck]:
    cursors = {one.id: at(since) for one in of.duties}
    return list(decide(of, CLOCK, cursors, woken, at(now), outage))


def opened(found: list[Opening | Advanced | Stuck]) -> list[Opening]:
    return [one for one in found if isinstance(one, Opening)]


def test_a_monday_morning_opens_what_is_due_and_nothing_else() -> None:
    found = opened(decided("2026-11-01 00:00", "2026-11-02 08:00"))
    assert [one.occurrence.key for one in found] == [
        *(f"p/2026-11/bulletin/{unit}" for unit in COLLEGES),
        "p/2026-W45/reminder/护理学院",
    ]
    assert all(not one.late_by_system and not one.lapsed for one in found)


def test_an_opening_carries_where_its_ladder_stands() -> None:
    (one, *_) = opened(decided("2026-11-01 00:00", "2026-11-02 08:00"))
    # the 5th is a Thursday: three working days before is the opening day itself, folded in
    assert (one.step, wall(one.wake_at)) == (2, "2026-11-05 08:00")


def test_asked_twice_it_answers_the_same() -> None:
    span = "2026-11-01 00:00", "2026-11-30 08:00"
    assert decided(*span) == decided(*span)


def test_openings_and_ladders_come_in_order_of_time() -> None:
    one = replace(
        task("2026-10-09 08:00", "2026-10-30 17:30"), step=3, wake_at=at("2026-11-02 08:00")
    )
    found = decided("2026-10-25 00:00", "2026-11-09 08:00", None, Woken(one, ORDINARY))
    kinds = [
        one.occurrence.period if isinstance(one, Opening) else "ladder"
        for one in found
        if not isinstance(one, Stuck)
    ]
    assert kinds == ["2026-W44", "2026-11", "2026-11", "2026-11", "2026-W45", "ladder", "2026-W46"]


DOWN = Outage(at("2026-11-02 07:00"), at("2026-11-09 10:00"))


def test_after_an_outage_a_missed_task_opens_late_by_the_system_with_its_time_given_back() -> None:
    found = opened(decided("2026-11-02 07:00", "2026-11-09 10:00", DOWN))
    monthly = [one for one in found if one.duty is MONTHLY]
    assert len(monthly) == 3
    assert all(one.late_by_system for one in monthly)
    assert {wall(one.occurrence.due_at) for one in monthly} == {"2026-11-05 17:30"}
    # three days and nine and a half hours were the unit's; they run from when we were up again
    assert {wall(one.due_at) for one in monthly} == {"2026-11-13 17:30"}


def test_what_opens_after_the_outage_is_on_time() -> None:
    found = opened(decided("2026-11-02 07:00", "2026-11-16 08:00", DOWN))
    late = {one.occurrence.period: one.late_by_system for one in found}
    assert late == {"2026-11": True, "2026-W45": True, "2026-W46": True, "2026-W47": False}


def test_a_task_whose_time_is_over_is_opened_and_lapsed_in_one() -> None:
    one = duty("survey", due="5日前", lapses="6日")
    found = opened(decided("2026-11-01 00:00", "2026-11-20 08:00", of=plan(one)))
    assert [(o.occurrence.period, o.lapsed, o.wake_at) for o in found] == [("2026-11", True, None)]


def test_a_lost_week_is_never_given_back_past_the_lapse() -> None:
    one = duty("survey", due="5日前", lapses="10日")
    (found,) = opened(decided("2026-11-01 00:00", "2026-11-09 10:00", DOWN, of=plan(one)))
    assert found.due_at == found.occurrence.lapses_at


def test_a_duty_beyond_the_calendars_is_stuck_and_holds_up_no_other() -> None:
    terms = duty("term", "每学期", opens="开课当日", due="开课后4个教学周内")
    found = decided("2027-08-01 00:00", "2027-09-30 08:00", of=plan(terms, MONTHLY))
    assert [one.duty for one in found if isinstance(one, Stuck)] == ["term"]
    assert {one.occurrence.period for one in opened(found)} == {"2027-08", "2027-09"}


moments = st.datetimes(datetime(2025, 9, 1), datetime(2027, 6, 30)).map(
    lambda naive: at(naive.isoformat(" ", "minutes"))
)


@given(moments, st.integers(0, 30 * 24), st.integers(0, 30 * 24))
def test_p3_after_any_downtime_each_missed_task_appears_exactly_once(
    since: datetime, before: int, down: int
) -> None:
    """The rounds before and after an outage find together what one unbroken round finds."""
    start = since + timedelta(hours=before)
    outage = Outage(start, start + timedelta(hours=down))
    for one in PLAN.duties:
        whole = [o.occurrence for o in open_tasks(PLAN, one, CLOCK, since, outage.until)]
        first = list(open_tasks(PLAN, one, CLOCK, since, outage.since))
        late = list(open_tasks(PLAN, one, CLOCK, outage.since, outage.until, outage))
        assert [o.occurrence for o in (*first, *late)] == whole
        assert not any(o.late_by_system for o in first)
        assert all(o.late_by_system and o.due_at >= o.occurrence.due_at for o in late)
        assert all(lost_nothing(o, outage) for o in late)


def lost_nothing(one: Opening, outage: Outage) -> bool:
    """The unit has as much time after the outage as the outage took from it."""
    taken = min(one.occurrence.due_at, outage.until) - one.occurrence.opens_at
    return one.due_at - outage.until >= min(taken, one.occurrence.due_at - one.occurrence.opens_at)


def test_duties_without_a_cursor_are_left_alone() -> None:
    found = list(
        decide(PLAN, CLOCK, {"reminder": at("2026-11-01 00:00")}, (), at("2026-11-02 08:00"))
    )
    assert [one.duty.id for one in opened(found)] == ["reminder"]
