"""Which tasks a duty asks for, and when they open, are due and lapse."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.calendar_year import YearStatus
from responsibilities.calendars.clock import Clock, Roll
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.occurrences import beyond, next_opening, occurrences
from responsibilities.plan import Duty, Kind
from responsibilities.tasks import Occurrence
from responsibilities.words import Refused
from storage.calendars import national
from tests.responsibilities.school_year import HOURS, clock, school
from tests.responsibilities.small_plans import (
    CLOCK,
    COLLEGES,
    at,
    duty,
    plan,
    wall,
    windows,
)  # fmt: skip


def asked(
    one: Duty, since: str = "2026-01-01", until: str = "2026-12-31", on: Clock = CLOCK
) -> list[Occurrence]:
    last = at(f"{until} 23:59")
    return list(occurrences(plan(one), one, on, at(f"{since} 00:00"), last))


def test_a_monthly_report_opens_on_the_first_working_day_and_is_due_by_the_fifth() -> None:
    found = windows(asked(duty(due="5日前"), "2026-03-31", "2026-06-30"))
    assert found == [
        ("2026-04", "2026-04-01 08:00", "2026-04-07 17:30"),  # the 5th: Qingming, next is Tuesday
        ("2026-05", "2026-05-06 08:00", "2026-05-06 17:30"),  # Labour Day: both roll to the 6th
        ("2026-06", "2026-06-01 08:00", "2026-06-05 17:30"),
    ]


def test_the_day_before_is_inclusive_until_the_office_closes() -> None:
    (one,) = asked(duty(due="次月5日前"), "2026-10-31", "2026-11-30")
    assert wall(one.due_at) == "2026-12-07 17:30"  # the 5th is a Saturday


def test_a_time_of_day_is_kept_when_the_day_rolls() -> None:
    (one,) = asked(duty(opens="2日10:00", due="5日12:00前"), "2026-11-30")
    assert (wall(one.opens_at), wall(one.due_at)) == ("2026-12-02 10:00", "2026-12-07 12:00")


@pytest.mark.parametrize(
    ("roll", "due"),
    [
        (Roll.NEXT, "2026-10-08 17:30"),
        (Roll.PREVIOUS, "2026-09-26 17:30"),  # the last before the autumn break
        (Roll.NONE, "2026-10-05 17:30"),
    ],
)
def test_a_rest_day_rolls_as_the_duty_says(roll: Roll, due: str) -> None:
    (one,) = asked(duty(opens="1日", due="5日前", roll=roll), "2026-09-20", "2026-10-31")
    assert wall(one.due_at) == due
    assert one.opens_at <= one.due_at


def test_an_opening_never_rolls_past_the_day_it_is_due() -> None:
    one = duty(rhythm_text="每周", opens="周六", due="周日前", roll=Roll.PREVIOUS)
    (found,) = asked(one, "2026-11-16", "2026-11-22")
    assert windows([found]) == [("2026-W47", "2026-11-20 08:00", "2026-11-20 17:30")]


@pytest.mark.parametrize(
    ("skip", "found"),
    [(False, [("2026-W08", "2026-02-24 08:00", "2026-02-24 17:30")]), (True, [])],
)
def test_a_week_without_a_working_day_is_rolled_on_or_excused_as_declared(
    skip: bool, found: list[tuple[str, str, str]]
) -> None:
    weekly = duty(rhythm_text="每周", due="周五前", skip_empty=skip)
    weeks = [one for one in windows(asked(weekly)) if one[0] == "2026-W08"]
    assert weeks == found


def test_a_bulletin_is_about_the_month_before() -> None:
    found = asked(duty(due="5日前", subject=-1), "2026-11-30")
    assert [(one.period, one.subject) for one in found] == [("2026-12", "2026-11")]


def test_the_first_week_ever_declared_is_about_itself() -> None:
    one = duty(rhythm_text="每教学周", subject=-1)
    first = asked(one, "2025-09-01", "2025-09-14")[0]
    assert (first.period, first.subject) == ("2025-26-1.W01", "2025-26-1.W01")


def test_four_teaching_weeks_after_lessons_begin_is_the_end_of_week_four() -> None:
    one = duty(rhythm_text="每学期", opens="开课当日", due="开课后4个教学周内", roll=Roll.NONE)
    found = windows(asked(one, "2026-03-01", "2026-09-30"))
    assert found == [
        ("2025-26-2", "2026-03-02 08:00", "2026-03-29 17:30"),
        ("2026-27-1", "2026-09-07 08:00", "2026-10-04 17:30"),
    ]


def test_a_check_before_every_holiday_hangs_on_its_first_rest_day() -> None:
    one = duty(rhythm_text="每个节假日（国庆节）", opens="节前5个工作日", due="节前")
    assert windows(asked(one)) == [("2026.national-day", "2026-09-21 08:00", "2026-09-26 17:30")]


def test_a_task_handed_out_is_due_some_working_days_later() -> None:
    one = duty(opens="1日", due="下达后3个工作日内")
    assert windows(asked(one, "2026-09-30", "2026-10-31")) == [
        ("2026-10", "2026-10-08 08:00", "2026-10-12 17:30")  # the 10th is a make-up Saturday
    ]


def test_every_second_week_is_due_on_the_friday_of_its_second() -> None:
    found = asked(duty(rhythm_text="每2周", opens="周一", due="周五前"), "2026-11-01", "2026-11-30")
    assert all(one.due_at - one.opens_at > timedelta(days=11) for one in found)


def test_a_lapse_comes_after_the_due_date() -> None:
    (one,) = asked(duty(due="5日前", lapses="次月5日"), "2026-10-31", "2026-11-30")
    assert wall(one.lapses_at) == "2026-12-07 17:30"


def test_a_one_off_opens_once_and_never_again() -> None:
    one = duty(kind=Kind.ONCE, opens="2026-09-01", due="2026-09-25前")
    assert windows(asked(one)) == [("once", "2026-09-01 08:00", "2026-09-26 17:30")]
    assert next_opening(plan(one), one, CLOCK, at("2026-09-01 08:00")) is None
    assert beyond(plan(one), one, CLOCK, at("2026-09-02 08:00")) is None


def test_every_unit_of_a_group_has_its_own_task_with_the_same_dates() -> None:
    found = asked(duty(units=COLLEGES), "2026-10-31", "2026-11-30")
    assert [one.key for one in found] == [f"p/2026-11/report/{unit}" for unit in COLLEGES]
    assert len({(one.opens_at, one.due_at) for one in found}) == 1


def test_nothing_opens_before_the_plan_is_in_force_or_after_it_ends() -> None:
    one = duty()
    bounded = plan(one, in_force=date(2026, 3, 1), until=date(2026, 5, 31))
    found = occurrences(bounded, one, CLOCK, at("2026-01-01 00:00"), at("2026-12-31 23:59"))
    assert [o.period for o in found] == ["2026-03", "2026-04", "2026-05"]


def test_dates_in_an_unpublished_year_are_provisional() -> None:
    found = {o.period: o.provisional for o in asked(duty(), "2026-10-31", "2027-02-28")}
    assert found == {"2026-11": False, "2026-12": False, "2027-01": True, "2027-02": True}


def test_a_fixed_day_is_certain_only_where_it_is_never_rolled() -> None:
    kept = duty(opens="1日", due="5日前", roll=Roll.NONE)
    assert not any(o.provisional for o in asked(kept, "2027-01-31", "2027-03-31"))


def test_what_rests_on_a_drafted_school_calendar_is_provisional() -> None:
    one = duty(rhythm_text="每学期", opens="开课当日", due="开课后4个教学周内")
    assert [o.provisional for o in asked(one, "2026-02-01", "2026-09-30")] == [False, True]


def test_beyond_the_calendars_the_next_opening_is_unknown_and_says_why() -> None:
    one = duty(rhythm_text="每教学周")
    after = at("2027-07-01 08:00")
    assert next_opening(plan(one), one, CLOCK, after) is None
    words = beyond(plan(one), one, CLOCK, after)
    assert words is not None
    assert "校历" in words.zh
    with pytest.raises(Refused):
        asked(one, "2027-07-01", "2027-12-31")


def test_a_due_date_beyond_the_calendars_is_refused_after_what_is_known() -> None:
    one = duty(opens="1日", due="次月5日前")
    walk = occurrences(plan(one), one, CLOCK, at("2027-10-31 00:00"), at("2027-12-31 23:59"))
    assert next(walk).period == "2027-11"
    with pytest.raises(Refused, match="2028"):
        next(walk)


RHYTHMS = (
    ("每日", "期初", "当日"),
    ("每工作日", "期初", "当日"),
    ("每周", "期初", "周五前"),
    ("每2周", "周一", "次周五前"),
    ("每教学周", "期初", "期末"),
    ("每旬", "期初", "期末"),
    ("每月", "期初", "次月5日前"),
    ("每月", "25日", "月底前"),
    ("每季度", "期初", "期末"),
    ("每年9月", "期初", "10月15日前"),
    ("每学期", "开课前1周", "开课后4个教学周内"),
    ("每个节假日", "节前5个工作日", "节前"),
    ("每周，学期内", "期初", "周五前"),
    ("每月，11月至次年3月", "期初", "5日前"),
)
rhythms = st.sampled_from(RHYTHMS)
rolls = st.sampled_from(list(Roll))
moments = st.datetimes(datetime(2025, 9, 1), datetime(2027, 6, 30)).map(
    lambda naive: at(naive.isoformat(" ", "minutes"))
)


@st.composite
def duties(draw: st.DrawFn) -> Duty:
    text, opens, due = draw(rhythms)
    return duty(
        rhythm_text=text, opens=opens, due=due, roll=draw(rolls), skip_empty=draw(st.booleans()),
        units=COLLEGES[: draw(st.integers(1, 3))], subject=draw(st.sampled_from([0, -1])),
    )  # fmt: skip


@given(duties(), moments, moments)
def test_keys_are_unique_and_no_task_is_due_before_it_opens(
    one: Duty, since: datetime, until: datetime
) -> None:
    found = list(occurrences(plan(one), one, CLOCK, since, until))
    assert len({o.key for o in found}) == len(found)
    assert all(since < o.opens_at <= o.due_at for o in found)
    assert found == sorted(found, key=lambda o: o.opens_at)


@given(duties(), moments, st.lists(moments, max_size=4), moments)
def test_any_split_of_a_window_gives_the_same_tasks(
    one: Duty, since: datetime, cuts: list[datetime], until: datetime
) -> None:
    since, until = min(since, until), max(since, until)
    whole = list(occurrences(plan(one), one, CLOCK, since, until))
    marks = [since, *sorted(cut for cut in cuts if since < cut < until), until]
    parts: list[Occurrence] = []
    for start, end in pairwise(marks):
        parts += occurrences(plan(one), one, CLOCK, start, end)
    assert parts == whole


@given(duties(), moments)
def test_the_next_opening_is_the_first_of_what_follows(one: Duty, after: datetime) -> None:
    found = next_opening(plan(one), one, CLOCK, after)
    try:
        first = next(occurrences(plan(one), one, CLOCK, after, after + timedelta(days=120)), None)
    except Refused:  # nothing more is known before the calendars end
        first = None
        assert found is None or found > after + timedelta(days=120)
    if first is not None:
        assert found == first.opens_at


def published_2027() -> Clock:
    """The clock once a notice for 2027 has moved its rest days about."""
    years, _ = national()
    held = {year.year: year for year in years}
    shift = timedelta(days=3)
    moved = frozenset(day + shift for day in held[2027].rest)
    held[2027] = replace(
        held[2027], status=YearStatus.OFFICIAL, revision=1, rest=moved,
        work=frozenset({date(2027, 1, 9), date(2027, 2, 20), date(2027, 4, 24)}),
    )  # fmt: skip
    return Clock("Asia/Shanghai", HOURS, WorkingDays(held.values()), school())


FIRM = tuple(row for row in RHYTHMS if row[0] not in ("每工作日", "每个节假日"))


@given(st.sampled_from(FIRM), rolls)
def test_a_published_calendar_moves_dates_and_never_makes_or_unmakes_a_key(
    row: tuple[str, str, str], roll: Roll
) -> None:
    text, opens, due = row
    one = duty(rhythm_text=text, opens=opens, due=due, roll=roll)
    before, after = asked_keys(one, clock()), asked_keys(one, published_2027())
    assert before == after


def asked_keys(one: Duty, on: Clock) -> set[str]:
    """The keys of all periods of 2026 and the first half of 2027, by the period's name.

    The window is wider than the periods, so that one that moves over its edge is not missed.
    """
    found = occurrences(plan(one), one, on, at("2025-12-01 00:00"), at("2027-06-25 00:00"))
    return {
        o.key for o in found if "2026" <= o.period < "2027-06" or o.period.startswith("2026-27")
    }


def test_hours_after_a_period_count_from_when_the_office_closes() -> None:
    found = asked(duty(due="期末后2小时内"), "2026-10-31", "2026-11-30")
    assert windows(found) == [("2026-11", "2026-11-02 08:00", "2026-11-30 19:30")]


def test_a_teaching_day_before_the_first_lesson_of_autumn_lies_before_the_summer() -> None:
    one = duty(rhythm_text="每教学日", opens="期初前1个教学日", due="期末")
    found = [o.opens_at for o in asked(one, "2026-06-01", "2026-08-01") if o.period == "2026-09-07"]
    assert [wall(opens) for opens in found] == ["2026-06-26 08:00"]


def test_what_was_running_is_asked_for_where_the_time_before_it_is_unknown() -> None:
    one = duty(
        rhythm_text="每月", opens="1日", due="期末后2个教学日内"
    )  # no lessons before 2025-09
    young = plan(one, in_force=date(2025, 9, 15))
    found = list(occurrences(young, one, CLOCK, at("2025-09-01 00:00"), at("2025-09-30 00:00")))
    assert [o.period for o in found] == ["2025-09"]


def test_what_began_three_years_before_the_plan_took_force_is_asked_for_on_that_day() -> None:
    one = duty(rhythm_text="每3年（自2024年起）")
    late = plan(one, in_force=date(2026, 11, 2))
    (found,) = occurrences(late, one, CLOCK, at("2026-11-01 00:00"), at("2026-12-31 00:00"))
    assert windows([found]) == [("2024", "2026-11-02 08:00", "2026-12-31 17:30")]


def test_what_is_known_is_said_once_where_the_time_just_before_is_unknown() -> None:
    one = duty(rhythm_text="每半年", opens="期末后6个教学周", due="下达后5日内", roll=Roll.NONE)
    found = asked(one, "2025-09-20", "2026-09-30")
    assert [o.period for o in found] == sorted({o.period for o in found})


def test_an_office_hour_before_the_first_day_after_a_holiday_lies_before_the_holiday() -> None:
    one = duty(rhythm_text="每工作日", opens="期初前1个工作小时", due="期末")
    found = [o.opens_at for o in asked(one, "2026-01-31", "2026-02-20") if o.period == "2026-02-24"]
    assert [wall(opens) for opens in found] == ["2026-02-14 16:30"]
