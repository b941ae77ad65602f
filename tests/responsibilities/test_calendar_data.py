"""Our published years against two libraries that read the same notices."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from responsibilities.calendars.dates import Span, read_yaml
from responsibilities.calendars.school import read_school
from responsibilities.calendars.workdays import CalendarYear, YearStatus, read_year
from storage.calendars import national
from tests.responsibilities.school_year import nation

PUBLISHED = [y for y in national()[0] if y.status is not YearStatus.PROVISIONAL]
EVERY_YEAR = national()[0]


@cache
def second_library() -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=range(2018, 2029), language="zh_CN")


def is_rest_for_second_library(day: date) -> bool:
    cn = second_library()
    return day in cn or (day.weekday() >= 5 and day not in cn.weekend_workdays)


def days_of(year: CalendarYear) -> Span:
    return Span(date(year.year, 1, 1), date(year.year, 12, 31))


def name_of(year: CalendarYear) -> str:
    return str(year.year)


def test_the_packaged_files_are_read_without_a_complaint() -> None:
    years, problems = national()
    assert problems == ()
    assert [y.year for y in years] == list(range(2019, 2028))


@pytest.mark.parametrize("year", PUBLISHED, ids=name_of)
def test_a_published_year_agrees_with_chinesecalendar_day_by_day(year: CalendarYear) -> None:
    differing = [
        day
        for day in days_of(year).days()
        if nation().is_working(day) != chinese_calendar.is_workday(day)
    ]
    assert differing == []


@pytest.mark.parametrize("year", EVERY_YEAR, ids=name_of)
def test_every_year_agrees_with_holidays_day_by_day(year: CalendarYear) -> None:
    """For the provisional year too: statutory days, and 补假 for those on a weekend."""
    differing = [
        day
        for day in days_of(year).days()
        if nation().is_working(day) == is_rest_for_second_library(day)
    ]
    assert differing == []


@pytest.mark.parametrize("year", EVERY_YEAR, ids=name_of)
def test_statutory_days_are_those_of_the_holiday_regulation(year: CalendarYear) -> None:
    """11 days until 2024, 13 from 2025; in 2020 中秋节 is 1 October and counts once."""
    lawful = 11 if year.year < 2025 else 13
    assert len(year.statutory) == lawful - (year.year == 2020)
    base = holidays.country_holidays("CN", years=year.year, observed=False, language="zh_CN")
    named = {day for day, name in base.items() if "休息日" not in name and "延长" not in name}
    assert year.statutory == {day for day in named if day.year == year.year}


@pytest.mark.parametrize("year", PUBLISHED, ids=name_of)
def test_a_published_year_names_its_notice_and_its_date(year: CalendarYear) -> None:
    assert year.notice is not None
    assert year.notice.startswith(f"国办发明电〔{year.year - 1}〕")
    assert year.published is not None
    assert year.published.year == year.year - 1
    assert year.revision == 1 + len(year.amendments)


def test_amended_years_name_the_later_notice() -> None:
    amended = {y.year: y.amendments for y in EVERY_YEAR if y.status is YearStatus.AMENDED}
    assert {year: [a.notice for a in later] for year, later in amended.items()} == {
        2019: ["国办发明电〔2019〕3号"],
        2020: ["国办发明电〔2020〕1号"],
    }


def test_an_unpublished_year_is_marked_and_claims_no_notice() -> None:
    year = EVERY_YEAR[-1]
    assert (year.year, year.status, year.notice, year.revision) == (
        2027,
        YearStatus.PROVISIONAL,
        None,
        0,
    )
    assert year.work == frozenset()


@pytest.mark.parametrize("year", EVERY_YEAR, ids=name_of)
def test_every_year_has_the_same_seven_holidays(year: CalendarYear) -> None:
    """Merged ones stay two, so a period such as 2025-mid-autumn never disappears."""
    assert [h.id for h in year.holidays] == [
        "new-year",
        "spring-festival",
        "qingming",
        "labour-day",
        "dragon-boat",
        "mid-autumn",
        "national-day",
    ]
    assert {h.year for h in year.holidays} == {year.year}


@pytest.mark.parametrize("year", EVERY_YEAR, ids=name_of)
def test_a_holiday_is_rest_and_its_neighbours_are_not_left_out(year: CalendarYear) -> None:
    """Each holiday span rests throughout and reaches as far as the rest does."""
    for holiday in year.holidays:
        inside = [d for d in Span(holiday.first, holiday.last).days() if d.year >= 2019]
        assert not any(nation().is_working(day) for day in inside)
        after = holiday.last + timedelta(days=1)
        assert nation().is_working(after), (holiday, after)
        before = holiday.first - timedelta(days=1)
        assert before.year < 2019 or nation().is_working(before), (holiday, before)


PAGE = Path(__file__).parents[2] / "docs" / "reference" / "calendars.md"


def test_the_page_for_offices_lists_every_notice_with_its_date() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "| 20" in line]
    for year, row in zip(EVERY_YEAR, rows, strict=True):
        assert row.startswith(f"| {year.year} ")
        for notice in [year.notice, *(a.notice for a in year.amendments)]:
            assert (notice or "尚未公布") in row
        day = year.published
        assert day is None or f"{day.year}年{day.month}月{day.day}日" in row


def test_the_examples_on_the_page_for_offices_are_read_without_a_complaint() -> None:
    text = PAGE.read_text(encoding="utf-8")
    nation_example, _, school_example = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    year, problems = read_year(nation_example, "2026.yaml")
    assert year is not None
    assert problems == ()
    data, form = read_yaml(school_example, "calendar.yaml")
    section = form.mapping((), form.mapping((), data)["calendar"])["school"]
    calendar, problems = read_school(section, form.place)
    assert calendar is not None
    assert problems == ()
