"""Ⅰ级实验室每月、其他每季度: how often, by an attribute that takes effect on a day."""

import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.difference import difference
from responsibilities.matrix import matrix
from responsibilities.occurrences import next_opening, occurrences
from responsibilities.periods import Period, periods
from responsibilities.plan import Plan
from responsibilities.rhythm import Change
from responsibilities.simulation.conduct import Scenario
from responsibilities.simulation.simulate import Happening, simulate
from responsibilities.why import explain
from tests.responsibilities.compiling import INSTITUTION, compiled, told
from tests.responsibilities.small_plans import CLOCK, at, every, wall


def laboratories() -> None:
    """
    rosters:
      - {id: labs, name: 实验室, as_of: 2026-02-20, members: {药学院: [
           {name: 分析实验室, id: lab-1, attributes: {实验室等级: [
             {value: Ⅲ级}, {from: 2026-07-01, value: Ⅰ级}, {from: 2026-09-16, value: Ⅳ级}]}},
           {name: 准备室, id: lab-2},
           {name: 新实验室, id: lab-3, from: 2026-08-10, attributes: {实验室等级: Ⅰ级}}]}}
    duties:
      - id: lab-check
        title: 检查实验室安全
        responsible: 药学院
        every: {by: 实验室等级, Ⅰ级: 每月, Ⅱ级: 每2个月, 其他: 每3个月}
        each: 实验室
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """


def planned() -> Plan:
    result = compiled(inspect.cleandoc(laboratories.__doc__ or ""))
    assert result.errors == ()
    assert result.plan is not None
    return result.plan


def asked(plan: Plan, last: str = "2026-12-31") -> Iterator[tuple[str, str, str, str]]:
    since, until = at("2026-03-31 12:00"), at(f"{last} 23:00")
    for one in occurrences(plan, plan.duties[0], CLOCK, since, until):
        member = one.key.rpartition(":")[2]
        yield member, one.period, wall(one.opens_at)[:10], wall(one.due_at)[:10]


def test_a_change_of_level_takes_effect_on_its_day() -> None:
    found = list(asked(planned()))
    assert [rest for member, *rest in found if member == "lab-1"] == [
        ["2026-04", "2026-04-01", "2026-06-30"],  # Ⅲ级, every three months
        ["2026-07", "2026-07-01", "2026-07-31"],  # Ⅰ级 from 1 July
        ["2026-08", "2026-08-03", "2026-08-31"],
        ["2026-09", "2026-09-01", "2026-10-08"],  # Ⅳ级 from the 16th: its rest of a quarter joins
        ["2026-10", "2026-10-08", "2026-12-31"],
    ]


def test_a_laboratory_without_a_level_is_asked_as_all_others() -> None:
    found = list(asked(planned()))
    assert [period for member, period, *_ in found if member == "lab-2"] == [
        "2026-04", "2026-07", "2026-10",
    ]  # fmt: skip


def test_one_that_joins_is_asked_from_that_day() -> None:
    found = list(asked(planned(), "2026-09-30"))
    assert [rest for member, *rest in found if member == "lab-3"] == [
        ["2026-08", "2026-08-10", "2026-08-31"],
        ["2026-09", "2026-09-01", "2026-10-08"],  # after the autumn break
    ]


def test_the_next_opening_is_that_of_the_first_laboratory() -> None:
    plan = planned()
    at_noon = at("2026-08-03 12:00")
    assert wall(next_opening(plan, plan.duties[0], CLOCK, at_noon)) == "2026-08-10 08:00"


def test_it_is_said_where_the_duty_is_shown_and_a_changed_level_is_a_change() -> None:
    plan = planned()
    assert matrix(plan).rows[0].rhythm == (
        "按实验室等级：Ⅰ级每月，Ⅱ级每2个月，其他每3个月，实验室逐一"
    )
    text = inspect.cleandoc(laboratories.__doc__ or "").replace("2026-07-01", "2026-08-01")
    anew = compiled(text).plan
    assert anew is not None
    assert difference(plan, anew).moves == ("lab-check",)


def test_a_unit_may_carry_the_attribute_itself() -> None:
    school = INSTITUTION.replace(
        "contact: pharmacy@school.example,",
        "contact: pharmacy@school.example, attributes: {消防等级: 一级},",
    )
    text = (
        "duties:\n  - {id: a, title: 甲, responsible: 二级学院, ladder: 常规,\n"
        "     every: {by: 消防等级, 一级: 每月, 其他: 每季度},\n"
        "     source: {clause: 一, quote: 坚决防止火灾事故}}\n"
    )
    plan = compiled(text, school).plan
    assert plan is not None
    found = occurrences(plan, plan.duties[0], CLOCK, at("2026-04-01 12:00"), at("2026-07-02 12:00"))
    assert [(one.unit, one.period) for one in found] == [
        ("pharmacy", "2026-05"), ("pharmacy", "2026-06"), ("nursing", "2026-Q3"),
        ("pharmacy", "2026-07"),
    ]  # fmt: skip


def test_a_simulated_year_opens_each_once() -> None:
    happened: list[Happening] = []
    span = Scenario(date(2026, 3, 1), date(2026, 12, 31))
    simulate(planned(), CLOCK, span, happened.append)
    keys = [one.key for one in happened if one.what == "opened"]
    assert len(keys) == len(set(keys)) == 6 + 4 + 5


RHYTHMS = st.sampled_from(
    ["每日", "每周", "每2周", "每旬", "每月", "每2个月", "每3个月", "每季度", "每半年", "每年"]
)
DAYS = st.dates(date(2026, 2, 1), date(2026, 11, 30))


@given(st.lists(st.tuples(DAYS, st.one_of(st.none(), RHYTHMS)), min_size=1, max_size=4), RHYTHMS)
def test_every_day_is_asked_for_once_by_the_rhythm_of_that_day(
    later: list[tuple[date, str | None]], first: str
) -> None:
    """Against a walk over the days: a day belongs to the period of the rhythm that holds then."""
    changes = {date.min: every(first)} | {d: every(r) if r else None for d, r in _dated(later)}
    changing = replace(every(first), changes=tuple(Change(*one) for one in changes.items()))
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    found = list(periods(changing, start, end, CLOCK))
    assert len({period.id for period in found}) == len(found)
    covered = [day for period in found for day in days_of(period) if start <= day <= end]
    assert len(covered) == len(set(covered)), "no day twice"
    edges = {period.first for period in found}
    before: tuple[date, str] | None = None
    for day in days_of(Period("", start, end)):
        since = max(change for change in changes if change <= day)
        own = changes[since]
        assert (day in set(covered)) is (own is not None), "none missed, and none while it rests"
        if own is not None:
            [nominal] = periods(own, day, day, CLOCK)
            here = (since, nominal.id)
            if day in edges:
                assert here != before, "a period begins only where its rhythm's own, or it, begins"
            before = here
        else:
            before = None


def _dated(later: list[tuple[date, str | None]]) -> list[tuple[date, str | None]]:
    return sorted(dict(later).items(), key=lambda one: one[0])


def days_of(period: Period) -> Iterator[date]:
    day = period.first
    while day <= period.last:
        yield day
        day += timedelta(1)


@given(st.lists(st.tuples(DAYS, RHYTHMS), min_size=1, max_size=3), RHYTHMS, DAYS, DAYS)
def test_a_part_of_the_year_is_answered_as_in_the_whole(
    later: list[tuple[date, str]], first: str, one: date, other: date
) -> None:
    changes = [(date.min, every(first)), *((d, every(r)) for d, r in sorted(dict(later).items()))]
    changing = replace(every(first), changes=tuple(Change(*each) for each in changes))
    low, high = sorted((one, other))
    whole = periods(changing, date(2025, 6, 1), date(2027, 6, 1), CLOCK)
    expected = [period for period in whole if period.first <= high and period.last >= low]
    assert list(periods(changing, low, high, CLOCK)) == expected


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("every: {Ⅰ级: 每月}", "bad-varied"),
        ("every: {by: 等级}", "bad-varied"),
        ("every: {by: 等级, 其他: 每月, 一级: 每2年（自2024年起）}", "bad-varied"),
        ("every: {by: 等级, 其他: 每月, 一级: 每年（自上次完成起）}", "bad-varied"),
        ("every: {by: 等级, 其他: 每月, 一级: 常常}", "bad-rhythm"),
        ("every: {by: 等级, 一级: 每月}", "no-rhythm"),
        ("every: {by: 等级, 一级: 每周, 其他: 每月}, due: 5日前", "varied-window"),
        ("every: {by: 等级, 一级: 每周, 其他: 每月}, times: 至少2次", "stray-key"),
    ],
)
def test_what_means_nothing_here_is_said_at_its_place(keys: str, code: str) -> None:
    duty = f"{{id: a, title: 甲, responsible: 保卫处, {keys}, ladder: 常规, source: {{clause: 一, "
    found = compiled(f"duties:\n  - {duty}quote: 坚决防止火灾事故}}}}").problems
    assert {problem.code for problem in found} == {code}


def test_the_days_of_an_attribute_stand_in_order() -> None:
    """
    rosters:
      - {id: labs, name: 实验室, as_of: 2026-02-20, members: {药学院: [{name: 甲室, attributes: {
          等级: [{from: 2026-07-01, value: Ⅰ级}, {from: 2026-03-01, value: Ⅱ级}]}}]}}
    """
    told(test_the_days_of_an_attribute_stand_in_order, "bad-attribute")


def test_the_next_dates_say_which_laboratory_and_which_days() -> None:
    plan = planned()
    found = explain(plan, plan.duties[0], CLOCK, at("2026-08-31 12:00"), 2)
    assert [([h.name for h in one.holders], one.last) for one in found] == [
        (["pharmacy:lab-1"], date(2026, 9, 30)),
        (["pharmacy:lab-3"], date(2026, 9, 30)),
    ]
