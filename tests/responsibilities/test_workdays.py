"""Counting working days over the years as published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.workdays import BeyondCalendar, WorkingDays, YearStatus, read_year
from responsibilities.problem import Severity
from storage.calendars import national
from tests.responsibilities.school_year import nation

inner_days = st.dates(date(2020, 1, 1), date(2026, 12, 31))
some = st.integers(1, 200)


def week(year: int, number: int) -> list[date]:
    monday = date.fromisocalendar(year, number, 1)
    return [monday + timedelta(days=n) for n in range(7)]


def test_working_days_of_each_year_are_as_many_as_the_notices_make_them() -> None:
    counted = [nation().count(date(y, 1, 1), date(y, 12, 31)) for y in range(2019, 2027)]
    assert counted == [250, 249, 250, 249, 249, 251, 248, 248]


def test_three_working_days_from_the_eve_of_spring_festival_end_after_it() -> None:
    assert nation().shift(date(2026, 2, 14), 3) == date(2026, 2, 26)


def test_the_eighth_week_of_2026_has_no_working_day() -> None:
    assert not any(nation().is_working(day) for day in week(2026, 8))


def test_the_last_of_february_2026_is_a_saturday_on_which_the_office_works() -> None:
    day = date(2026, 2, 28)
    assert day.isoweekday() == 6
    assert nation().is_working(day)
    assert nation().on_or_after(day) == day


def test_the_fifth_of_the_month_is_a_rest_day_in_six_months_of_2026() -> None:
    resting = [m for m in range(1, 13) if not nation().is_working(date(2026, m, 5))]
    assert resting == [4, 5, 7, 9, 10, 12]


def test_month_end_is_a_rest_day_in_three_months_of_2026() -> None:
    ends = [date(2026 + m // 12, m % 12 + 1, 1) - timedelta(days=1) for m in range(1, 13)]
    assert [day.month for day in ends if not nation().is_working(day)] == [1, 5, 10]


def test_five_mondays_and_six_fridays_of_2026_are_rest_days() -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    resting = [day.isoweekday() for day in year if not nation().is_working(day)]
    assert (resting.count(1), resting.count(5)) == (5, 6)


def test_in_eleven_weeks_of_2026_the_last_working_day_is_not_friday() -> None:
    """Counting the weeks that have a working day; 53 ISO weeks, one without any."""
    lasts = []
    for number in range(1, 54):
        days = [d for d in week(2026, number) if d.year == 2026 and nation().is_working(d)]
        lasts += [days[-1].isoweekday()] if days else []
    assert len(lasts) == 52
    assert sum(last != 5 for last in lasts) == 11


def test_asking_beyond_the_data_fails_with_the_sentence_the_clerk_sees() -> None:
    with pytest.raises(BeyondCalendar) as refused:
        nation().is_working(date(2028, 1, 3))
    assert refused.value.words.zh == (
        "2028年的工作日安排尚无数据（已有 2019–2027 年），请导入国务院办公厅放假通知后再试。"
    )
    assert refused.value.words.en.startswith("There is no working-day calendar for 2028 yet")


def test_counting_out_of_the_data_in_either_direction_is_refused() -> None:
    with pytest.raises(BeyondCalendar, match="2028年"):
        nation().shift(date(2027, 12, 30), 5)
    with pytest.raises(BeyondCalendar, match="2018年"):
        nation().shift(date(2019, 1, 2), -1)
    with pytest.raises(BeyondCalendar, match="2018年"):
        nation().count(date(2018, 12, 30), date(2019, 1, 5))
    with pytest.raises(BeyondCalendar, match="2018年"):
        nation().on_or_before(date(2019, 1, 1))
    with pytest.raises(BeyondCalendar, match="2028年"):
        nation().holidays(date(2027, 12, 1), date(2028, 1, 1))


def test_dates_in_an_unpublished_year_are_provisional() -> None:
    assert nation().is_provisional(date(2027, 1, 4))
    assert not nation().is_provisional(date(2026, 12, 31))


def test_statutory_days_are_not_mere_weekends_or_swaps() -> None:
    assert nation().is_statutory(date(2026, 2, 17))
    assert not nation().is_statutory(date(2026, 2, 20))
    assert not nation().is_statutory(date(2026, 2, 28))


def test_holidays_of_a_span_come_in_order_and_overlap_it() -> None:
    found = nation().holidays(date(2026, 9, 27), date(2027, 1, 1))
    assert [(h.id, h.year) for h in found] == [
        ("mid-autumn", 2026),
        ("national-day", 2026),
        ("new-year", 2027),
    ]
    assert nation().holidays(date(2026, 9, 30), date(2026, 9, 28)) == ()


def test_a_school_changes_days_both_ways_and_the_nation_is_still_known() -> None:
    saturday, monday = date(2026, 9, 26), date(2026, 9, 28)
    own = WorkingDays(national()[0], {saturday: True, monday: False})
    assert own.is_working(saturday)
    assert not own.is_working(monday)
    assert not own.is_national_working(saturday)
    assert own.is_national_working(monday)
    assert own.shift(date(2026, 9, 25), 1) == saturday


def test_the_revision_changes_with_the_data_and_not_otherwise() -> None:
    years = national()[0]
    assert WorkingDays(years).revision == WorkingDays(reversed(years)).revision
    assert WorkingDays(years).revision != WorkingDays(years[:-1]).revision
    own = WorkingDays(years, {date(2026, 9, 28): False})
    assert own.revision != WorkingDays(years).revision


def test_a_missing_year_in_the_middle_is_refused_at_once() -> None:
    years = national()[0]
    with pytest.raises(BeyondCalendar, match="2022年"):
        WorkingDays([y for y in years if y.year != 2022])


@given(inner_days, some)
def test_shifting_forth_and_back_returns_to_the_working_day(day: date, n: int) -> None:
    start = nation().on_or_after(day)
    assert nation().shift(nation().shift(start, n), -n) == start


@given(inner_days, st.integers(-100, 100))
def test_shift_lands_on_a_working_day_with_n_of_them_on_the_way(day: date, n: int) -> None:
    end = nation().shift(day, n)
    assert nation().is_working(end)
    one = timedelta(days=1)
    if n > 0:
        assert nation().count(day + one, end) == n
    if n < 0:
        assert nation().count(end, day - one) == -n


@given(inner_days, inner_days, st.integers(-100, 100))
def test_shift_keeps_the_order_of_days(a: date, b: date, n: int) -> None:
    first, last = min(a, b), max(a, b)
    assert nation().shift(first, n) <= nation().shift(last, n)


@given(inner_days, inner_days)
def test_count_agrees_with_asking_day_by_day(a: date, b: date) -> None:
    first = min(a, b)
    last = min(max(a, b), first + timedelta(days=90))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert nation().count(first, last) == sum(nation().is_working(day) for day in days)


@given(inner_days)
def test_rolling_keeps_a_working_day_and_leaves_a_rest_day_on_either_side(day: date) -> None:
    before, after = nation().on_or_before(day), nation().on_or_after(day)
    assert before <= day <= after
    assert nation().is_working(before)
    assert nation().is_working(after)
    assert (before == after) == nation().is_working(day)


GOOD = """\
year: 2028
status: official
revision: 1
notice: 国办发明电〔2027〕某号
published: 2027-11-10
holidays:
  - name: 元旦
    id: new-year
    rest: 2028-01-01..2028-01-03
    statutory: 2028-01-01
    work: [2028-01-08]
"""


def test_a_year_is_read_as_written() -> None:
    year, problems = read_year(GOOD, "2028.yaml")
    assert problems == ()
    assert year is not None
    assert (year.year, year.status, year.published) == (
        2028,
        YearStatus.OFFICIAL,
        date(2027, 11, 10),
    )
    assert year.work == {date(2028, 1, 8)}
    assert date(2028, 1, 3) in year.rest


@pytest.mark.parametrize(
    ("wrong", "right", "code", "place"),
    [
        ("2028-01-03", "2028-01-32", "bad-date", "2028.yaml:9:5"),
        ("[2028-01-08]", "[2028-01-10]", "not-a-weekend", "2028.yaml:11:12"),
        ("statutory: 2028-01-01", "statutory: 2028-01-05", "outside-rest", "2028.yaml:10:5"),
        ("year: 2028", "year: 2029", "wrong-year", "2028.yaml:10:5"),
        ("official", "amended", "amendment-mismatch", "2028.yaml:1:1"),
        ("official", "final", "unknown-status", "2028.yaml:2:1"),
        ("revision", "revison", "unknown-key", "2028.yaml:3:1"),
        ("revision: 1", "revision: one", "not-a-number", "2028.yaml:3:1"),
        ("    id: new-year\n", "", "missing", "2028.yaml:7:5"),
        ("status: official", "year: 2028", "duplicate-key", "2028.yaml:2:1"),
        ("work: [", "work: {", "bad-yaml", "2028.yaml:11:22"),
    ],
)
def test_a_slip_of_the_pen_is_shown_where_it_is(
    wrong: str, right: str, code: str, place: str
) -> None:
    year, problems = read_year(GOOD.replace(wrong, right), "2028.yaml")
    assert year is None
    assert (code, place) in [(p.code, str(p.place)) for p in problems]


def test_a_published_year_without_a_number_is_usable_but_questioned() -> None:
    text = GOOD.replace("国办发明电〔2027〕某号", "null")
    year, problems = read_year(text, "2028.yaml")
    assert year is not None
    assert [(p.code, p.severity) for p in problems] == [("no-notice", Severity.WARNING)]
