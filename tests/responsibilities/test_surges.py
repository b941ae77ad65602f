"""汛期加倍、冬防加密: a season in which the same duty is asked for more often."""

import inspect
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.calendars import working_days
from office.duty_sheet import duty_sheet
from office.workplace import place_of
from responsibilities.language.rhythm_modifiers import season
from responsibilities.matrix import matrix
from responsibilities.occurrences import next_opening, occurrences
from responsibilities.periods import Period, middle, periods
from responsibilities.plan import Duty, Plan
from responsibilities.rhythm import Surge, YearPart
from responsibilities.simulation.simulate import Happening, Scenario, simulate
from responsibilities.surges import is_within
from responsibilities.words import Words
from tests.responsibilities.compiling import compiled, told
from tests.responsibilities.small_plans import CLOCK, at, duty, every, plan, wall


def surging(own: str, months: tuple[int, ...], denser: str) -> Duty:
    one = duty(rhythm_text=own, due="期末")
    assert one.rhythm is not None
    assert one.when is not None
    base = replace(one.rhythm, rests=(YearPart(months),))
    dense = replace(base, times=2, rests=()) if denser == "加倍" else every(denser)
    return replace(one, rhythm=base, surges=(Surge(replace(dense, instead_of=base), one.when),))


def ids(one: Duty, first: str = "2026-01-01", last: str = "2026-12-31") -> list[str]:
    since, until = at(f"{first} 00:00"), at(f"{last} 23:59")
    return [o.period for o in occurrences(plan(one), one, CLOCK, since, until)]


def flood() -> Plan:
    """
    duties:
      - id: patrol
        title: 巡查校园排水
        responsible: 保卫处
        every: 每月
        surge: {during: 7月至8月, every: 每周, due: 周五前}
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    result = compiled(inspect.cleandoc(flood.__doc__ or ""))
    assert result.problems == ()
    assert result.plan is not None
    return result.plan


def test_in_july_and_august_the_month_gives_way_to_its_weeks() -> None:
    whole = flood()
    (one,) = whole.duties
    since, until = at("2026-05-31 00:00"), at("2026-09-30 23:59")
    found = [(o.period, wall(o.due_at)) for o in occurrences(whole, one, CLOCK, since, until)]
    assert found == [
        ("2026-06", "2026-06-30 17:30"),
        ("2026-W27", "2026-07-03 17:30"),
        ("2026-W28", "2026-07-10 17:30"),
        ("2026-W29", "2026-07-17 17:30"),
        ("2026-W30", "2026-07-24 17:30"),
        ("2026-W31", "2026-07-31 17:30"),
        ("2026-W32", "2026-08-07 17:30"),
        ("2026-W33", "2026-08-14 17:30"),
        ("2026-W34", "2026-08-21 17:30"),
        ("2026-W35", "2026-08-28 17:30"),
        ("2026-09", "2026-10-08 17:30"),  # the autumn break, then National Day
    ]
    assert wall(next_opening(whole, one, CLOCK, at("2026-08-28 18:00"))) == "2026-09-01 08:00"


def test_it_is_said_where_the_duty_is_shown() -> None:
    whole = flood()
    sheet = duty_sheet(
        place_of(whole, 1, "", working_days()), whole.duties[0], at("2026-06-20 09:00"), "zh"
    )
    assert sheet["频次"] == "每月，7月、8月改为每周"
    assert matrix(whole).rows[0].rhythm == "每月（7月至8月每周）"


def test_doubled_means_twice_in_each_period() -> None:
    assert ids(surging("每月", (6, 7, 8), "加倍"), "2026-05-31", "2026-09-30") == [
        "2026-06.T1", "2026-06.T2", "2026-07.T1", "2026-07.T2", "2026-08.T1", "2026-08.T2",
        "2026-09",
    ]  # fmt: skip


def test_a_winter_that_crosses_the_year_is_one_season() -> None:
    found = ids(surging("每月", (12, 1), "每旬"), "2025-11-30", "2026-02-28")
    assert found == [
        "2025-12.X1", "2025-12.X2", "2025-12.X3", "2026-01.X1", "2026-01.X2", "2026-01.X3",
        "2026-02",
    ]  # fmt: skip


def four_seasons() -> Plan:
    """
    duties:
      - id: patrol
        title: 巡查校园排水和供暖
        responsible: 保卫处
        every: 每月
        surge:
          - {during: 4月15日至9月30日, every: 每旬}
          - {during: 12月15日至次年2月20日, every: 加倍}
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    result = compiled(inspect.cleandoc(four_seasons.__doc__ or ""))
    assert result.problems == ()
    assert result.plan is not None
    return result.plan


def test_flood_season_and_winter_each_have_their_own_rhythm() -> None:
    whole = four_seasons()
    (one,) = whole.duties
    since, until = at("2026-03-31 00:00"), at("2027-03-10 00:00")
    found = [o.period for o in occurrences(whole, one, CLOCK, since, until)]
    thirds = [f"2026-{month:02}.X{part}" for month in range(5, 10) for part in (1, 2, 3)]
    assert found == [
        "2026-04", *thirds, "2026-10", "2026-11", "2026-12", "2027-01.T1", "2027-01.T2",
        "2027-02", "2027-03",
    ]  # fmt: skip
    sheet = duty_sheet(place_of(whole, 1, "", working_days()), one, at("2026-04-20 09:00"), "zh")
    assert sheet["频次"] == (
        "每月，4月15日至9月30日改为每旬，12月15日至次年2月20日改为每月，至少2次"
    )


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 400), st.integers(0, 365))
def test_a_period_is_within_days_of_the_year_as_every_day_of_it_is(
    first: date, length: int, turn: int
) -> None:
    start = (date(2025, 1, 1) + timedelta(turn)).replace(year=2024)
    end = date(2024, 1, 1) + timedelta((turn + 120) % 366)
    marks = (start.month * 100 + start.day, end.month * 100 + end.day)
    period = Period("", first, first + timedelta(length))

    def inside(day: date) -> bool:
        mark = day.month * 100 + day.day
        ordered = marks[0] <= marks[1]
        return marks[0] <= mark <= marks[1] if ordered else mark >= marks[0] or mark <= marks[1]

    expected = all(inside(first + timedelta(n)) for n in range(length + 1))
    assert is_within(period, YearPart(days=marks)) is expected


@given(
    st.sampled_from(["每月", "每2个月", "每季度", "每2周", "每周", "每旬"]),
    st.sampled_from(["每日", "每工作日", "每周", "每旬", "加倍"]),
    st.integers(1, 12),
    st.integers(1, 6),
)
def test_a_season_replaces_whole_periods_day_by_day(
    own: str, denser: str, first: int, length: int
) -> None:
    months = tuple((first + n - 1) % 12 + 1 for n in range(length))
    one = surging(own, months, denser)
    start, end, wide = date(2026, 2, 1), date(2026, 11, 30), timedelta(99)
    replaced: set[date] = set()
    expected: set[str] = set()
    for period in periods(every(own), start - wide, date(2026, 12, 31), CLOCK):
        days = [period.first + timedelta(n) for n in range((period.last - period.first).days + 1)]
        if all(day.month in months for day in days):
            replaced.update(days)
        elif period.first <= end and period.last >= start:
            expected.add(period.id)
    for period in periods(every(own if denser == "加倍" else denser), start, end, CLOCK):
        if middle(period) in replaced:
            twice = (f"{period.id}.T1", f"{period.id}.T2")
            expected.update(twice if denser == "加倍" else [period.id])
    assert one.rhythm is not None
    found = [
        period.id
        for rhythm in (one.rhythm, one.surges[0].rhythm)
        for period in periods(rhythm, start, end, CLOCK)
    ]
    assert len(found) == len(set(found))
    assert set(found) == expected
    keys = ids(one)
    assert len(keys) == len(set(keys))


def test_a_simulated_season_asks_each_week() -> None:
    whole = plan(surging("每月", (6, 7), "每周"))
    happened: list[Happening] = []
    simulate(whole, CLOCK, Scenario(date(2026, 5, 31), date(2026, 8, 31)), happened.append)
    opened = [one.key.split("/")[1] for one in happened if one.what == "opened"]
    assert opened[0].startswith("2026-W")
    assert opened[-1] == "2026-08"
    assert len(opened) == 10


@pytest.mark.parametrize("wrong", ["汛期", "全年", "1月至12月", "学期内"])
def test_a_season_is_written_in_months(wrong: str) -> None:
    assert isinstance(season(wrong), Words)


@pytest.mark.parametrize(
    "wrong",
    [
        "every: 每周, surge: {during: 6月至8月, every: 每月}",
        "every: 每年, surge: {during: 6月至8月, every: 每月}",
        "every: 每月, surge: {during: 汛期, every: 每周}",
        "every: 每月, surge: {during: 6月10日至7月20日, every: 每2个月}",
        "every: 每季度, surge: {during: 4月15日至6月30日, every: 每月}",
        "every: 每月, surge: [{during: 6月至8月, every: 每周}, {during: 8月, every: 每日}]",
    ],
)
def test_a_surge_that_changes_nothing_is_no_surge(wrong: str) -> None:
    duty = f"{{id: a, title: 甲, responsible: 保卫处, {wrong}, ladder: 常规, source: {{clause: 一, "
    result = compiled(f"duties:\n  - {duty}quote: 坚决防止火灾事故}}}}")
    assert [p.code for p in result.problems] == ["bad-surge"]


def test_the_due_date_of_a_surge_is_looked_at_too() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每月, ladder: 常规,
         surge: {during: 6月至8月, every: 每周, due: 春分前},
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_the_due_date_of_a_surge_is_looked_at_too, "unknown-anchor")


def test_the_denser_rhythm_rests_where_it_says_so_itself() -> None:
    found = ids(surging("每月", (7, 8), "每周，学期内"), "2026-06-30", "2026-08-31")
    assert found == ["2026-W28"]  # the vacation begins on 11 July
