"""每年至少4次，间隔不少于10日: several times a period, each a task of its own."""

import inspect
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.civil import Period
from responsibilities.language.rhythm_modifiers import Times, say_times, times
from responsibilities.language.rhythm_phrases import rhythm
from responsibilities.occurrences import occurrences
from responsibilities.period_words import say_period
from responsibilities.rhythm import Cycle, Rhythm
from responsibilities.simulation.simulate import Happening, Scenario, simulate
from responsibilities.spread import fits, shares, too_soon
from responsibilities.words import Words
from tests.responsibilities.compiling import compiled, told
from tests.responsibilities.small_plans import CLOCK, at, duty, every, plan, wall, windows


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("至少4次", Times(4)),
        ("不少于四次（间隔不少于10天）", Times(4, 240)),
        ("至少4次，间隔不少于10日", Times(4, 240)),
        ("2次，间隔大于96小时", Times(2, 96)),
        ("两次，每次间隔至少2周", Times(2, 336)),
    ],
)
def test_a_number_of_times_means_what_the_plan_says(phrase: str, meant: Times) -> None:
    assert times(phrase) == meant


@pytest.mark.parametrize(
    ("wrong", "said"), [("多次", "看不懂"), ("1次", "无需"), ("999次", "过多")]
)
def test_an_impossible_number_of_times_says_what_would_be_right(wrong: str, said: str) -> None:
    words = times(wrong)
    assert isinstance(words, Words)
    assert said in words.zh


@given(st.integers(2, 100), st.integers(0, 1000))
def test_times_can_be_said_again(number: int, gap: int) -> None:
    one = Rhythm(Cycle.YEAR, times=number, gap=gap)
    assert times(say_times(one).zh) == Times(number, gap)


@given(st.text())
def test_no_text_whatever_makes_the_number_of_times_fail(text: str) -> None:
    assert isinstance(times(text), Times | Words)


def test_a_rhythm_with_a_number_in_it_is_told_to_split() -> None:
    words = rhythm("每学期至少4次，间隔不少于10日")
    assert isinstance(words, Words)
    assert "every: 每学期，times: 至少4次,间隔不少于10日" in words.zh


def test_four_times_a_year_are_four_tasks_with_a_quarter_of_the_days_each() -> None:
    """
    duties:
      - id: meeting
        title: 召开专题会议
        responsible: 保卫处
        every: 每年
        times: 至少4次，间隔不少于10日
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    test = test_four_times_a_year_are_four_tasks_with_a_quarter_of_the_days_each
    result = compiled(inspect.cleandoc(test.__doc__ or ""))
    assert result.problems == ()
    assert result.plan is not None
    (one,) = result.plan.duties
    assert one.rhythm is not None
    assert (one.rhythm.times, one.rhythm.gap) == (4, 240)
    whole = replace(result.plan, in_force=date(2025, 12, 1))
    found = list(occurrences(whole, one, CLOCK, at("2025-12-31 00:00"), at("2026-12-31 00:00")))
    assert [o.key for o in found] == [f"fire/2026.T{n}/meeting/guard" for n in (1, 2, 3, 4)]
    assert [(period, due[:10]) for period, _, due in windows(found)] == [
        ("2026.T1", "2026-04-01"),
        ("2026.T2", "2026-07-01"),
        ("2026.T3", "2026-10-08"),  # 30 September: the autumn break, then National Day
        ("2026.T4", "2026-12-31"),
    ]
    assert say_period("2026.T2") == Words("2026年第2次", "time 2 of 2026")
    assert say_period("2026-27-1.T3").zh == "2026-2027学年第一学期第3次"


PERIODS = st.builds(
    lambda day, days: Period("p", day, day + timedelta(days - 1)),
    st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    st.integers(1, 400),
)


@given(PERIODS, st.integers(2, 60), st.integers(0, 40))
def test_every_day_belongs_to_the_time_that_counting_gives_it(
    period: Period, number: int, gap: int
) -> None:
    days = (period.last - period.first).days + 1
    found = list(shares(period, number, gap * 24))
    assert [one.id for one in found] == [f"p.T{n}" for n in range(1, number + 1)]
    assert all(period.first <= one.first <= one.last <= period.last for one in found)
    if not fits(days, number, gap * 24):
        return
    room: list[list[int]] = [[] for _ in range(number)]
    for day in range(days):  # one day after the other, by exact fractions
        room[max(n for n in range(number) if n * Fraction(days, number) < day + 1)].append(day)
    last = [one[-1] for one in room]
    for place in reversed(range(number - 1)):  # no later than leaves the gap to the next
        while last[place] + gap > last[place + 1]:
            last[place] -= 1
    assert [(one.last - period.first).days for one in found] == last
    assert [(one.first - period.first).days for one in found] == [
        min(one[0], end) for one, end in zip(room, last, strict=True)
    ]


@given(PERIODS, st.integers(2, 20), st.integers(0, 30))
def test_whoever_waits_for_the_gap_and_hurries_before_the_end_is_never_late(
    period: Period, number: int, gap: int
) -> None:
    if not fits((period.last - period.first).days + 1, number, gap * 24):
        return
    earliest = period.first
    for one in shares(period, number, gap * 24):
        day = max(one.first, earliest)
        assert day <= one.last
        earliest = one.last + timedelta(gap)  # the last moment that was in time


def test_a_gap_in_days_counts_days_and_one_in_hours_counts_hours() -> None:
    done = [at("2026-03-10 17:00")]
    assert wall(too_soon(done, at("2026-03-15 09:00"), 240, CLOCK)) == "2026-03-20 00:00"
    assert too_soon(done, at("2026-03-20 00:00"), 240, CLOCK) is None
    assert wall(too_soon(done, at("2026-03-12 09:00"), 100, CLOCK)) == "2026-03-14 21:00"
    assert too_soon([], at("2026-03-12 09:00"), 100, CLOCK) is None


def test_more_times_than_the_period_holds() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每月, times: 4次，间隔不少于10日,
         ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_more_times_than_the_period_holds, "times-too-many")


def test_times_that_nobody_understands() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每月, times: 若干,
         ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_times_that_nobody_understands, "bad-times")


def test_several_times_have_no_common_date() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每年, times: 2次, due: 9月30日前,
         ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_several_times_have_no_common_date, "times-window")


def test_several_times_are_not_about_the_period_before() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每年, times: 2次, about: 上一期,
         ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_several_times_are_not_about_the_period_before, "stray-key")


def test_times_belong_to_a_rhythm() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, once: 施行后30日内, times: 2次,
         ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_times_belong_to_a_rhythm, "stray-key")


def test_a_simulated_unit_keeps_the_gap() -> None:
    weekly = duty(rhythm_text="每周")
    weekly = replace(weekly, rhythm=replace(every("每月"), times=3, gap=10 * 24))
    happened: list[Happening] = []
    simulate(plan(weekly), CLOCK, Scenario(date(2026, 3, 1), date(2026, 6, 30)), happened.append)
    firsts: dict[str, datetime] = {}
    for one in happened:
        if one.what == "submitted":
            firsts.setdefault(one.key, one.at)
    done = sorted(CLOCK.day(instant) for instant in firsts.values())
    assert len(done) > 6
    assert all((b - a).days >= 10 for a, b in pairwise(done))
