"""The two clocks: always (24x7) and working (office hours of working days)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.clock import Clock, OfficeHours, Roll, Unit
from responsibilities.calendars.school import BeyondSchoolCalendar
from responsibilities.calendars.workdays import BeyondCalendar
from responsibilities.words import Refused
from tests.responsibilities.school_year import HOURS, clock, nation, school, working

instants = st.datetimes(datetime(2025, 9, 10), datetime(2026, 12, 31), timezones=st.just(UTC)).map(
    lambda t: t.replace(microsecond=0)
)
hours = st.integers(1, 300)
ONE_SECOND = timedelta(seconds=1)


def wall(text: str) -> datetime:
    """`2026-11-23 16:00` in Shanghai."""
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


def shown(instant: datetime) -> str:
    assert instant.tzinfo is UTC
    return f"{clock().local(instant):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "n", "unit", "end"),
    [
        ("2026-11-23 23:50", 30, Unit.MINUTE, "2026-11-24 00:20"),
        ("2026-10-01 23:10", 24, Unit.HOUR, "2026-10-02 23:10"),
        ("2026-11-23 09:00", 0, Unit.DAY, "2026-11-23 17:30"),
        ("2026-11-23 09:00", 15, Unit.DAY, "2026-12-08 17:30"),
        ("2026-11-23 09:00", -3, Unit.DAY, "2026-11-20 17:30"),
        ("2026-02-14 09:00", 3, Unit.WORKING_DAY, "2026-02-26 17:30"),
        ("2026-02-24 09:00", -1, Unit.WORKING_DAY, "2026-02-14 17:30"),
        ("2026-09-24 09:00", 2, Unit.TEACHING_DAY, "2026-10-08 17:30"),
        ("2026-11-23 09:00", 2, Unit.WEEK, "2026-12-07 17:30"),
        ("2027-01-06 09:00", 1, Unit.TEACHING_WEEK, "2027-03-03 17:30"),
        ("2026-01-31 09:00", 1, Unit.MONTH, "2026-02-28 17:30"),
        ("2026-11-30 09:00", 3, Unit.MONTH, "2027-02-28 17:30"),
        ("2026-03-31 09:00", -1, Unit.MONTH, "2026-02-28 17:30"),
        ("2024-02-29 09:00", 1, Unit.YEAR, "2025-02-28 17:30"),
    ],
)
def test_a_length_of_time_ends_as_the_civil_code_counts(
    start: str, n: int, unit: Unit, end: str
) -> None:
    assert shown(clock().add(wall(start), n, unit)) == end


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-11-23 09:00", 2, "2026-11-23 11:00"),
        ("2026-11-23 11:00", 2, "2026-11-23 15:00"),
        ("2026-11-23 16:00", 2, "2026-11-24 08:30"),
        ("2026-11-23 13:00", 1, "2026-11-23 15:00"),
        ("2026-11-20 20:00", 1, "2026-11-23 09:00"),
        ("2026-02-14 17:00", 1, "2026-02-24 08:30"),
        ("2026-02-27 17:00", 1, "2026-02-28 08:30"),
        ("2026-11-23 15:00", -2, "2026-11-23 11:00"),
        ("2026-11-23 08:30", -1, "2026-11-20 17:00"),
        ("2026-11-22 12:00", -1, "2026-11-20 16:30"),
        ("2026-11-22 12:00", 0, "2026-11-22 12:00"),
    ],
)
def test_working_hours_pass_only_while_the_office_is_open(start: str, n: int, end: str) -> None:
    assert shown(clock().add(wall(start), n, Unit.WORKING_HOUR)) == end


def test_counting_ends_at_closing_forwards_and_at_opening_backwards() -> None:
    """A whole day of 7.5 hours twice over: 15 hours from an opening, and back from a closing."""
    opening, closing = clock().opening(date(2026, 11, 23)), clock().closing(date(2026, 11, 24))
    assert clock().add(opening, 15, Unit.WORKING_HOUR) == closing
    assert clock().add(closing, -15, Unit.WORKING_HOUR) == opening


@given(instants, hours, hours)
def test_working_hours_add_up(start: datetime, a: int, b: int) -> None:
    in_two = clock().add(clock().add(start, a, Unit.WORKING_HOUR), b, Unit.WORKING_HOUR)
    assert in_two == clock().add(start, a + b, Unit.WORKING_HOUR)


@given(instants, hours)
def test_working_hours_end_within_office_hours(start: datetime, n: int) -> None:
    end = clock().add(start, n, Unit.WORKING_HOUR)
    assert end > start
    before = clock().local(end - ONE_SECOND)
    assert clock().working.is_working(before.date())
    assert any(a <= before.time() < b for a, b in HOURS.spans)


@given(instants, hours)
def test_going_back_as_many_working_hours_loses_only_time_off(start: datetime, n: int) -> None:
    there = clock().add(start, n, Unit.WORKING_HOUR)
    back = clock().add(there, -n, Unit.WORKING_HOUR)
    assert clock().add(back, n, Unit.WORKING_HOUR) == there
    if any(a <= clock().local(start).time() < b for a, b in HOURS.spans) and (
        clock().working.is_working(clock().day(start))
    ):
        assert back == start


@given(instants, instants, st.sampled_from([*Unit]), st.integers(-8, 8))
def test_whoever_starts_later_never_ends_earlier(
    a: datetime, b: datetime, unit: Unit, n: int
) -> None:
    first, last = min(a, b), max(a, b)
    try:
        ends = clock().add(first, n, unit), clock().add(last, n, unit)
    except BeyondSchoolCalendar:
        assert unit in (Unit.TEACHING_DAY, Unit.TEACHING_WEEK)
        return
    if unit is Unit.TEACHING_WEEK and n <= 0:
        return
    assert ends[0] <= ends[1]


def test_a_day_ends_at_closing_time_or_at_midnight() -> None:
    day = date(2026, 11, 30)
    assert shown(clock().closing(day)) == "2026-11-30 17:30"
    assert shown(clock().opening(day)) == "2026-11-30 08:00"
    assert shown(clock().end_of_day(day)) == "2026-12-01 00:00"
    assert clock().day(wall("2026-11-30 23:59")) == day


@pytest.mark.parametrize(
    ("day", "how", "rolled"),
    [
        (date(2026, 12, 5), Roll.NEXT, date(2026, 12, 7)),
        (date(2026, 12, 5), Roll.PREVIOUS, date(2026, 12, 4)),
        (date(2026, 12, 5), Roll.NONE, date(2026, 12, 5)),
        (date(2026, 2, 28), Roll.NEXT, date(2026, 2, 28)),
        (date(2026, 2, 16), Roll.NEXT, date(2026, 2, 24)),
    ],
)
def test_a_rest_day_rolls_as_the_duty_says(day: date, how: Roll, rolled: date) -> None:
    assert clock().roll(day, how) == rolled


def test_a_fraction_of_the_window_left_counts_in_the_clock_of_the_duty() -> None:
    a, b = wall("2026-11-23 08:00"), wall("2026-12-04 17:30")
    # 9 days of 7.5 hours, since the staff rest on the 27th: two days and 5.25 hours are left
    assert shown(clock().between(a, b, 0.3, working=True)) == "2026-12-02 10:15"
    assert shown(clock().between(a, b, 1 / 3, working=True)) == "2026-12-01 17:30"
    assert clock().between(a, b, 1.0, working=True) == a
    assert clock().between(a, b, 0.0, working=True) == b
    assert clock().between(a, b, 0.5, working=False) == a + (b - a) / 2


def test_a_window_without_an_office_hour_is_divided_on_the_always_clock() -> None:
    a, b = wall("2026-02-16 08:00"), wall("2026-02-18 08:00")
    assert clock().between(a, b, 0.5, working=True) == wall("2026-02-17 08:00")


@given(instants, instants, st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_less_left_is_never_earlier_and_stays_within_the_window(
    a: datetime, b: datetime, x: float, y: float, working: bool
) -> None:
    first, last = min(a, b), max(a, b)
    more, less = max(x, y), min(x, y)
    early = clock().between(first, last, more, working)
    late = clock().between(first, last, less, working)
    assert first <= early <= late <= last


def test_a_zone_with_summer_time_keeps_office_hours_on_the_wall() -> None:
    berlin = clock("Europe/Berlin")
    assert berlin.opening(date(2026, 3, 27)) == datetime(2026, 3, 27, 7, tzinfo=UTC)
    assert berlin.opening(date(2026, 3, 30)) == datetime(2026, 3, 30, 6, tzinfo=UTC)
    friday = berlin.closing(date(2026, 3, 27))
    assert berlin.add(friday, 1, Unit.WORKING_HOUR) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert berlin.add(friday, 72, Unit.HOUR) == friday + timedelta(hours=72)


def test_on_the_day_the_clocks_change_both_offsets_are_right() -> None:
    berlin = clock("Europe/Berlin")
    day = date(2026, 3, 29)
    assert berlin.at(day, time(1)) == datetime(2026, 3, 29, 0, tzinfo=UTC)
    assert berlin.at(day, time(4)) == datetime(2026, 3, 29, 2, tzinfo=UTC)
    assert berlin.end_of_day(day) - berlin.at(day, time(0)) == timedelta(hours=23)


@given(
    st.dates(date(2019, 1, 2), date(2027, 12, 30)),
    st.times().map(lambda t: t.replace(microsecond=0)),
    st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
)
def test_local_time_is_what_the_zone_database_says(day: date, t: time, zone: str) -> None:
    instant = clock(zone).at(day, t)
    assert instant.tzinfo is UTC
    local = clock(zone).local(instant)
    expected = datetime.combine(day, t, local.tzinfo)
    assert instant == expected.astimezone(UTC)


def test_a_clock_keeps_the_exceptions_of_its_school_without_being_told() -> None:
    told, untold = (Clock("Asia/Shanghai", HOURS, days, school()) for days in (working(), nation()))
    assert not untold.working.is_working(date(2026, 9, 28))
    assert untold.working.revision == told.working.revision
    assert told.working is working()


def test_a_clock_without_a_school_calendar_refuses_teaching_days() -> None:
    office = Clock("Asia/Shanghai", HOURS, nation())
    with pytest.raises(BeyondSchoolCalendar, match="目前没有校历"):
        office.add(wall("2026-11-23 09:00"), 1, Unit.TEACHING_DAY)
    with pytest.raises(BeyondSchoolCalendar, match="目前没有校历"):
        office.shift(date(2026, 11, 23), 1, Unit.TEACHING_WEEK)


def test_a_clock_refuses_what_lies_beyond_the_calendar() -> None:
    with pytest.raises(BeyondCalendar, match="2028年"):
        clock().add(wall("2027-12-31 09:00"), 8, Unit.WORKING_HOUR)
    with pytest.raises(BeyondCalendar, match="2018年"):
        clock().add(wall("2019-01-02 09:00"), -2, Unit.WORKING_HOUR)


def test_an_unknown_zone_and_muddled_office_hours_are_refused_with_a_sentence() -> None:
    with pytest.raises(Refused, match="不认识的时区“Asia/Shanghi”"):
        Clock("Asia/Shanghi", HOURS, nation(), school())
    with pytest.raises(Refused, match="办公时间应按先后排列"):
        OfficeHours(((time(8), time(12)), (time(11), time(17))))
    with pytest.raises(Refused, match="办公时间应按先后排列"):
        OfficeHours(())
