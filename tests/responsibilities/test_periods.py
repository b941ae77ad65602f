"""What a task is named after, whatever its dates become."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.clock import Clock
from responsibilities.civil import CIVIL, number_of, numbered
from responsibilities.periods import neighbour, periods
from responsibilities.rhythm import Cycle, Rhythm
from responsibilities.words import Refused
from tests.responsibilities.school_year import HOURS, nation
from tests.responsibilities.small_plans import CLOCK, every

AUTUMN = (date(2026, 9, 1), date(2026, 12, 31))


def ids(text: str, first: date = AUTUMN[0], last: date = AUTUMN[1]) -> list[str]:
    return [period.id for period in periods(every(text), first, last, CLOCK)]


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("每日", "2026-09-01", "2026-12-31", 122),
        ("每周", "2026-W36", "2026-W53", 18),
        ("每旬", "2026-09.X1", "2026-12.X3", 12),
        ("每半月", "2026-09.B1", "2026-12.B2", 8),
        ("每月", "2026-09", "2026-12", 4),
        ("每季度", "2026-Q3", "2026-Q4", 2),
        ("每半年", "2026-H2", "2026-H2", 1),
        ("每年", "2026", "2026", 1),
        ("每学期", "2026-27-1", "2026-27-1", 1),
        ("每学年", "2026-27", "2026-27", 1),
        ("每教学周", "2026-27-1.W01", "2026-27-1.W17", 17),
        ("每个节假日", "2026.mid-autumn", "2026.national-day", 2),
    ],
)
def test_every_cycle_names_its_periods(text: str, first: str, last: str, count: int) -> None:
    found = ids(text)
    assert (found[0], found[-1], len(found)) == (first, last, count)


def test_a_make_up_saturday_is_a_working_day_and_a_holiday_monday_is_none() -> None:
    found = ids("每工作日", date(2026, 9, 19), date(2026, 9, 28))
    assert "2026-09-20" in found  # Sunday, made up for the Mid-Autumn Festival
    assert "2026-09-25" not in found


def test_teaching_days_follow_the_school_not_the_nation() -> None:
    found = ids("每教学日", date(2026, 9, 21), date(2026, 10, 10))
    assert "2026-09-26" in found  # a Saturday with Tuesday's lessons
    assert "2026-09-28" not in found  # autumn break


def test_every_second_week_keeps_its_phase_over_an_iso_year_of_53_weeks() -> None:
    found = list(periods(every("每2周"), date(2026, 1, 1), date(2028, 2, 1), CLOCK))
    gaps = {after.first - before.first for before, after in pairwise(found)}
    assert gaps == {timedelta(weeks=2)}
    assert all(period.last - period.first == timedelta(days=13) for period in found)


def test_every_second_teaching_week_begins_anew_with_week_one_of_each_term() -> None:
    found = ids("每2个教学周", date(2026, 9, 1), date(2027, 3, 31))
    assert found[:2] == ["2026-27-1.W01", "2026-27-1.W03"]
    assert found[9] == "2026-27-2.W01"


def test_every_second_year_counts_from_the_year_that_is_given() -> None:
    rhythm = every("每2年（自2024年起）")
    found = [p.id for p in periods(rhythm, date(2024, 1, 1), date(2028, 12, 31), CLOCK)]
    assert found == ["2024", "2026", "2028"]


def test_a_season_crosses_the_year_end() -> None:
    found = ids("每周，11月至次年3月", date(2026, 10, 1), date(2027, 4, 30))
    assert (found[0], found[-1]) == ("2026-W45", "2027-W12")  # W13's Thursday is 1 April
    assert len(found) == 21


def test_the_flood_season_begins_and_ends_within_a_month() -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)
    found = ids("每日，5月15日至9月30日", *year)
    assert (found[0], found[-1], len(found)) == ("2026-05-15", "2026-09-30", 139)
    found = ids("每周，5月15日至9月30日", *year)  # Thursdays 14 May, 1 October
    assert (found[0], found[-1]) == ("2026-W21", "2026-W39")
    found = ids("每旬，5月15日至9月30日", *year)  # whichever has a day in it
    assert (found[0], found[-1], len(found)) == ("2026-05.X2", "2026-09.X3", 14)
    may, *_, september = periods(every("每月，5月15日至9月30日"), *year, CLOCK)
    assert may == ("2026-05", date(2026, 5, 15), date(2026, 5, 31))
    assert september == ("2026-09", date(2026, 9, 1), date(2026, 9, 30))
    (season,) = periods(every("每年5月15日至9月30日"), *year, CLOCK)
    assert season == ("2026", date(2026, 5, 15), date(2026, 9, 30))


def test_a_season_of_days_crosses_the_year_end() -> None:
    found = ids("每日，11月15日至次年2月29日", date(2026, 11, 1), date(2027, 4, 30))
    assert (found[0], found[-1], len(found)) == ("2026-11-15", "2027-02-28", 106)
    frost = every("每年11月15日至次年2月29日")
    found_years = [p[1:] for p in periods(frost, date(2027, 1, 1), date(2027, 12, 31), CLOCK)]
    assert found_years == [
        (date(2026, 11, 15), date(2027, 2, 28)),
        (date(2027, 11, 15), date(2028, 2, 29)),
    ]


def test_every_september_is_a_year_with_the_window_of_that_month() -> None:
    (period,) = periods(every("每年9月"), date(2026, 1, 1), date(2026, 12, 31), CLOCK)
    assert period == ("2026", date(2026, 9, 1), date(2026, 9, 30))


def test_a_week_belongs_to_term_or_vacation_by_its_thursday() -> None:
    span = date(2026, 1, 5), date(2026, 3, 8)
    term, vacation = ids("每周，学期内", *span), ids("每周，假期内", *span)
    assert "2026-W08" in vacation
    assert not set(term) & set(vacation)
    assert sorted(term + vacation) == ids("每周", *span)


def test_only_the_named_holidays_are_asked_for() -> None:
    found = ids("每个节假日（元旦、国庆节）", date(2026, 1, 1), date(2027, 12, 31))
    assert found == [
        "2026.new-year", "2026.national-day", "2027.new-year", "2027.national-day",
    ]  # fmt: skip


def test_the_period_before_the_first_week_of_term_is_the_last_week_of_the_term_before() -> None:
    week = every("每教学周")
    (first,) = periods(week, date(2026, 9, 7), date(2026, 9, 13), CLOCK)
    assert neighbour(week, first, -1, CLOCK).id == "2025-26-2.W18"


def test_what_is_known_comes_before_the_refusal_where_the_school_calendar_ends() -> None:
    walk = periods(every("每教学周"), date(2027, 6, 28), date(2028, 9, 30), CLOCK)
    assert next(walk).id == "2026-27-2.W18"
    with pytest.raises(Refused, match="2027"):
        next(walk)


def test_a_rhythm_of_teaching_weeks_is_refused_where_no_school_calendar_is_declared() -> None:
    bare = Clock("Asia/Shanghai", HOURS, nation())
    with pytest.raises(Refused):
        list(periods(every("每教学周"), *AUTUMN, bare))


days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
civil = st.sampled_from(sorted(CIVIL))


@given(civil, days)
def test_civil_periods_follow_each_other_without_gap_or_overlap(cycle: Cycle, day: date) -> None:
    number = number_of(cycle, day)
    period, after = numbered(cycle, number), numbered(cycle, number + 1)
    assert period.first <= day <= period.last
    assert after.first == period.last + timedelta(days=1)
    assert "/" not in period.id


@given(civil, st.integers(1, 5), days, st.integers(0, 900), st.integers(0, 900))
def test_any_split_of_a_span_gives_the_same_periods(
    cycle: Cycle, count: int, day: date, one: int, two: int
) -> None:
    rhythm = Rhythm(cycle, count)
    middle, end = day + timedelta(days=one), day + timedelta(days=one + two)
    whole = set(periods(rhythm, day, end, CLOCK))
    assert (
        set(periods(rhythm, day, middle, CLOCK)) | set(periods(rhythm, middle, end, CLOCK)) == whole
    )


@given(civil, st.integers(1, 5), days, st.integers(-9, 9))
def test_neighbours_lead_there_and_back(cycle: Cycle, count: int, day: date, n: int) -> None:
    rhythm = Rhythm(cycle, count)
    period = next(periods(rhythm, day, day, CLOCK))
    assert neighbour(rhythm, neighbour(rhythm, period, n, CLOCK), -n, CLOCK) == period


def test_every_second_year_from_next_year_on_asks_for_nothing_this_year() -> None:
    rhythm = every("每2年（自2027年起）")
    found = [p.id for p in periods(rhythm, date(2024, 1, 1), date(2029, 12, 31), CLOCK)]
    assert found == ["2027", "2029"]
    (first,) = periods(rhythm, date(2027, 5, 1), date(2027, 5, 1), CLOCK)
    with pytest.raises(Refused, match="此前没有一期"):
        neighbour(rhythm, first, -1, CLOCK)


def test_a_teaching_week_belongs_to_the_month_of_its_thursday_like_any_week() -> None:
    found = ids("每教学周，11月", date(2026, 10, 1), date(2026, 12, 31))
    assert found == ["2026-27-1.W09", "2026-27-1.W10", "2026-27-1.W11", "2026-27-1.W12"]
