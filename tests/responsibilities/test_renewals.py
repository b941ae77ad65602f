"""到期前30日、有效期一年、每年体检: what holds good for a time and is then done again."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.language.phrases import rhythm
from responsibilities.language.renewal_phrases import renewal
from responsibilities.occurrences import next_opening, occurrences
from responsibilities.period_words import say_period
from responsibilities.plan import Duty, Plan
from responsibilities.renewals import Chain, Last
from responsibilities.rhythm import When
from responsibilities.simulation.conduct import Scenario, Temper
from responsibilities.simulation.simulate import Happening, line, simulate
from responsibilities.standing import standing
from responsibilities.tasks import Occurrence, Standing
from responsibilities.why import explain
from responsibilities.words import Refused, Words
from tests.responsibilities.compiling import compiled, told
from tests.responsibilities.small_plans import CLOCK, at, every, said, task, wall
from tests.responsibilities.small_plans import duty as small_duty
from tests.responsibilities.small_plans import plan as small_plan

FORCE = date(2026, 3, 1)
EVER = at("2027-12-31 23:59")


def planned(story: Callable[..., Any]) -> tuple[Plan, Duty]:
    """The plan that a story's docstring adds to the small school of `compiling`, and its duty."""
    result = compiled(inspect.cleandoc(story.__doc__ or ""))
    assert result.errors == (), result.errors
    assert result.plan is not None
    return result.plan, result.plan.duties[-1]


def extinguishers() -> None:
    """
    rosters:
      - {id: gear, name: 消防器材, as_of: 2026-02-20, members: {保卫处: [
           {name: 1号灭火器, id: g-1, valid_until: 2026-09-10},
           {name: 2号灭火器, id: g-2, last_done: 2025-11-05},
           {name: 3号灭火器, id: g-3},
           {name: 4号灭火器, id: g-4, valid_until: 2025-12-20}]}}
    duties:
      - id: gear-check
        title: 检测消防器材
        responsible: 保卫处
        renew: 有效期1年，到期前30日
        each: 消防器材
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """


def asked(
    plan: Plan, duty: Duty, until: datetime = EVER, since: str = "2026-03-01 08:00", **last: Last
) -> list[tuple[str, str, str, str]]:
    """(period, holder, opens, due) of what is asked for by then; `last` by member."""
    chain = Chain(at(since), {f"guard:{name.replace('_', '-')}": one for name, one in last.items()})
    found: list[Occurrence] = []
    try:
        for one in occurrences(plan, duty, CLOCK, at(since), until, chain):
            found.append(one)
    except Refused:
        pass
    return [
        (one.period, one.key.rpartition("/")[2], wall(one.opens_at), wall(one.due_at))
        for one in found
    ]


def test_the_first_validity_runs_to_the_date_that_the_roster_gives_for_each() -> None:
    plan, duty = planned(extinguishers)
    assert asked(plan, duty) == [
        ("V1", "guard:g-4", "2025-12-22 17:30", "2025-12-22 17:30"),
        ("V1", "guard:g-1", "2026-08-11 08:00", "2026-09-10 17:30"),
        ("V1", "guard:g-2", "2026-10-08 08:00", "2026-11-05 17:30"),
        ("V1", "guard:g-3", "2027-02-01 08:00", "2027-03-01 17:30"),
    ]


def test_what_ran_out_before_the_plan_is_asked_for_from_its_day_of_force() -> None:
    plan, duty = planned(extinguishers)
    assert asked(plan, duty, at("2026-02-28 12:00"), since="2026-02-20 08:00") == []
    chain = Chain(at("2026-02-20 08:00"), {})
    force = next_opening(plan, duty, CLOCK, at("2026-02-20 08:00"), chain=chain)
    assert wall(force) == "2026-03-02 08:00"
    assert force is not None
    assert [who for _, who, _, _ in asked(plan, duty, force)] == ["guard:g-4"]


def test_one_in_hand_is_not_asked_for_again_and_the_next_counts_from_when_it_was_done() -> None:
    plan, duty = planned(extinguishers)
    late = Last(1, date(2026, 10, 20), at("2026-10-22 09:00"))
    found = asked(
        plan,
        duty,
        g_1=late,
        g_2=Last(1, None, None),
        g_3=Last(1, None, None),
        g_4=Last(4, None, None),
    )
    assert found == [("V2", "guard:g-1", "2027-09-20 08:00", "2027-10-20 17:30")]


def test_the_same_again_changes_nothing_and_the_next_look_is_when_the_next_one_opens() -> None:
    plan, duty = planned(extinguishers)
    chain = Chain(at("2026-03-01 08:00"), {"guard:g-4": Last(1, None, None)})
    opens = next_opening(plan, duty, CLOCK, at("2026-03-02 08:00"), chain=chain)
    assert wall(opens) == "2026-08-11 08:00"
    until = at("2026-08-11 08:00")
    assert asked(plan, duty, until, g_4=Last(1, None, None)) == asked(
        plan, duty, until, g_4=Last(1, None, None)
    )


def yearly() -> None:
    """
    duties:
      - id: health
        title: 组织健康体检
        responsible: [保卫处, 护理学院]
        every: 每年（自上次完成起）
        opens: 到期前2个月
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """


def test_without_a_date_of_its_own_it_counts_from_the_day_of_force() -> None:
    plan, duty = planned(yearly)
    assert [(who, due) for _, who, _, due in asked(plan, duty)] == [
        ("guard", "2027-03-01 17:30"),
        ("nursing", "2027-03-01 17:30"),
    ]


def test_what_ran_out_before_the_duty_was_taken_up_is_past() -> None:
    plan, duty = planned(yearly)
    found = asked(plan, duty, since="2027-04-01 08:00")
    assert found == []  # V2 runs out in 2028, which nobody knows yet
    chain = Chain(at("2027-04-01 08:00"), {})
    look = next_opening(plan, duty, CLOCK, at("2027-04-01 08:00"), chain=chain)
    assert wall(look) == "2028-01-01 00:00", "its nominal opening"


def joining() -> None:
    """
    rosters:
      - {id: staff, name: 食堂从业人员, as_of: 2026-02-20, members: {护理学院: [
           {name: 厨师岗1, from: 2026-05-06},
           {name: 厨师岗2, valid_until: 2026-06-30, until: 2026-06-01},
           {name: 厨师岗3, valid_until: 2026-06-30, until: 2026-05-20}]}}
    duties:
      - id: health
        title: 从业人员健康体检
        responsible: 护理学院
        renew: 有效期1年，到期前30日
        each: 食堂从业人员
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """


def test_who_joins_starts_a_chain_and_who_leaves_ends_it() -> None:
    plan, duty = planned(joining)
    assert [(who, due) for _, who, _, due in asked(plan, duty)] == [
        ("nursing:厨师岗2", "2026-06-30 17:30"),  # was still there on 31 May, when it opened
        ("nursing:厨师岗1", "2027-05-06 17:30"),
    ]


def quarterly() -> None:
    """
    duties:
      - id: ducts
        title: 清洗排烟管道
        responsible: 保卫处
        every: 每3至6个月（自上次完成起）
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """


def test_three_to_six_months_after_the_last_time_is_amber_then_red() -> None:
    plan, duty = planned(quarterly)
    chain = Chain(at("2026-03-01 08:00"), {"guard": Last(1, date(2026, 4, 15), EVER)})
    chain.last["guard"] = Last(1, date(2026, 4, 15), at("2026-04-16 09:00"))
    [one] = occurrences(plan, duty, CLOCK, at("2026-03-01 08:00"), EVER, chain)
    assert (wall(one.opens_at), wall(one.due_at)) == ("2026-04-16 09:00", "2026-10-15 17:30")
    held = task("2026-04-16 09:00", "2026-10-15 17:30", period="V2")
    shades = [
        standing(held, at(now), CLOCK, duty.rhythm)
        for now in ("2026-07-15 18:00", "2026-07-16 08:00", "2026-10-15 18:00")
    ]
    assert shades == [Standing.ON_TRACK, Standing.DUE_SOON, Standing.OVERDUE]


def test_a_review_longer_than_the_validity_does_not_make_the_next_one_overdue() -> None:
    """
    duties:
      - {id: water, title: 更换滤芯, responsible: 保卫处, renew: 有效期10日, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    plan, duty = planned(test_a_review_longer_than_the_validity_does_not_make_the_next_one_overdue)
    chain = Chain(at("2026-03-01 08:00"), {})
    chain.last["guard"] = Last(1, date(2026, 4, 1), at("2026-04-15 10:00"))
    [one] = occurrences(plan, duty, CLOCK, at("2026-03-01 08:00"), EVER, chain)
    assert (one.period, wall(one.due_at)) == ("V2", "2026-04-27 17:30")


HELD = small_duty(units=("保卫处",))


def worked(day: date) -> date:
    """The next working day, found one by one."""
    while not CLOCK.working.is_working(day):
        day += timedelta(1)
    return day


def lasting(length: str, lead: int) -> tuple[Plan, Duty]:
    read = renewal(f"有效期{length}，到期前{lead}日")
    assert not isinstance(read, Words)
    assert read.opens is not None
    one = replace(HELD, rhythm=read.rhythm, when=When(read.opens, said("期末")))
    return small_plan(one, in_force=FORCE), one


def ends(done: date, length: str) -> date:
    """Counted day by day: so many days, or the same day of so many months on, or its last day."""
    number = int("".join(char for char in length if char.isdigit()))
    if "月" not in length:
        return done + timedelta(number * (7 if "周" in length else 1))
    day, seen = done, 0
    while seen < number:
        day += timedelta(1)
        seen += day.day == 1
    while day.day < done.day and (day + timedelta(1)).day != 1:
        day += timedelta(1)
    return day


@given(
    st.sampled_from(["20日", "45日", "6周", "2个月", "3个月", "6个月"]),
    st.integers(1, 19),
    st.lists(st.tuples(st.integers(-15, 90), st.integers(0, 12)), min_size=1, max_size=4),
)
def test_each_validity_counts_from_the_day_it_was_done_day_by_day(
    length: str, lead: int, acts: list[tuple[int, int]]
) -> None:
    """Against an expansion over days, rest days passed over one by one."""
    plan, duty = lasting(length, lead)
    chain = Chain(at("2026-03-01 00:00"), {})
    done, closed = FORCE, CLOCK.opening(worked(FORCE))
    for place, (delay, review) in enumerate(acts, 1):
        if ends(done, length) > date(2027, 11, 1):
            break  # beyond the calendars, or soon
        [one] = occurrences(plan, duty, CLOCK, at("2026-03-01 00:00"), EVER, chain)
        expired = ends(done, length)
        if place > 1 and CLOCK.closing(worked(expired)) <= closed:
            expired = ends(CLOCK.day(closed), length)
        opens = max(worked(expired - timedelta(lead)), CLOCK.day(closed))
        days = (CLOCK.day(one.opens_at), CLOCK.day(one.due_at))
        assert (one.period, days) == (f"V{place}", (min(opens, worked(expired)), worked(expired)))
        done = max(days[0], days[1] + timedelta(delay))
        closed = CLOCK.closing(done) + timedelta(review)
        chain.last["保卫处"] = Last(place, done, closed)


@pytest.mark.parametrize(
    ("text", "length", "lead"),
    [
        ("有效期1年，到期前30日", "每年（自上次完成起）", "到期前30日"),
        ("有效期为三年，期满前3个月", "每3年（自上次完成起）", "期末前3个月"),
        ("有效期半年", "每6个月（自上次完成起）", ""),
        ("有效期30日，到期前5个工作日内", "每30日（自上次完成起）", "到期前5个工作日"),
    ],
)
def test_a_validity_is_said_as_plans_say_it(text: str, length: str, lead: str) -> None:
    found = renewal(text)
    assert not isinstance(found, Words)
    meant = every(length)
    assert (found.rhythm.cycle, found.rhythm.count) == (meant.cycle, meant.count)
    assert found.rhythm.after_done
    assert (found.opens is None) is (lead == "")
    if lead and found.opens is not None:
        there = said(lead)
        assert (found.opens.offset, found.opens.unit) == (there.offset, there.unit)


@pytest.mark.parametrize(
    "text", ["每2年（自上次完成起）", "每三年，自上次完成之日起", "每3至6个月（自上次完成起）"]
)
def test_a_rhythm_may_count_from_the_last_time(text: str) -> None:
    assert every(text).after_done


@pytest.mark.parametrize(
    "text", ["每学期（自上次完成起）", "每旬，自上次完成起", "每2年（自2024年起），自上次完成起"]
)
def test_what_is_not_counted_in_civil_time_cannot(text: str) -> None:
    assert isinstance(rhythm(text), Words)


@pytest.mark.parametrize("wrong", ["有效期", "一年一次", "有效期1学期", "有效期1年，提前一些"])
def test_a_validity_without_a_number_says_what_would_be_right(wrong: str) -> None:
    found = renewal(wrong)
    assert isinstance(found, Words)
    assert "有效期1年，到期前30日" in found.zh


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("renew: 有效期1年, times: 至少4次", "stray-key"),
        ("renew: 有效期1年, lapses: 期末后5日", "stray-key"),
        ("renew: 有效期1年, about: 上一期", "stray-key"),
        ("renew: '有效期1年，到期前30日', opens: 期初", "stray-key"),
        ("renew: 有效期1年, due: 5日前", "renew-window"),
        ("renew: '有效期1年，到期前10日', due: 到期前20日", "due-before-opens"),
        ("renew: 一年一次", "bad-rhythm"),
        ("every: 每月, each: 班级", "roster-without-unit"),
        ("every: 每月, each: 名录", "unknown-roster"),
    ],
)
def test_what_means_nothing_here_is_said_at_its_place(keys: str, code: str) -> None:
    duty = f"{{id: a, title: 甲, responsible: 保卫处, {keys}, ladder: 常规, source: {{clause: 一, "
    found = compiled(f"duties:\n  - {duty}quote: 坚决防止火灾事故}}}}").problems
    assert [problem.code for problem in found] == [code]


def test_a_simulated_year_asks_again_from_when_it_was_done() -> None:
    """
    rosters:
      - {id: labs, name: 实验室, as_of: 2026-02-20, members: {药学院: [甲室, 乙室]}}
    duties:
      - {id: filter, title: 更换滤芯, responsible: 药学院, each: 实验室, ladder: 常规,
         renew: '有效期2个月，到期前10日', source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    plan, _ = planned(test_a_simulated_year_asks_again_from_when_it_was_done)
    happened: list[Happening] = []
    span = Scenario(date(2026, 3, 1), date(2026, 12, 31), tempers={"pharmacy": Temper.PROMPT})
    simulate(plan, CLOCK, span, happened.append)
    for room in ("甲室", "乙室"):
        own = [one for one in happened if one.key.endswith(f"pharmacy:{room}")]
        done = {one.key.split("/")[1]: one.at for one in own if one.what == "submitted"}
        opened = {one.key.split("/")[1]: one for one in own if one.what == "opened"}
        assert list(opened) == ["V1", "V2", "V3", "V4", "V5"]
        for number in (2, 3, 4):
            expires = ends(CLOCK.day(done[f"V{number - 1}"]), "2个月")
            assert CLOCK.day(opened[f"V{number}"].at) >= expires - timedelta(10)
    assert "药学院·甲室《更换滤芯》（V1）" in line(happened[0], plan, CLOCK)


def test_a_validity_is_called_by_its_number() -> None:
    assert say_period("V3") == Words("第3期", "round 3")


def test_a_member_with_a_slash_in_its_name_needs_an_id() -> None:
    """
    rosters:
      - {id: labs, name: 实验室, as_of: 2026-02-20, members: {保卫处: [甲/乙室]}}
    duties:
      - {id: filter, title: 更换滤芯, responsible: 保卫处, each: 实验室, ladder: 常规,
         every: 每月, source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_a_member_with_a_slash_in_its_name_needs_an_id, "bad-member")


def test_the_next_dates_say_whose_they_are_and_why() -> None:
    plan, duty = planned(extinguishers)
    found = list(explain(plan, duty, CLOCK, at("2026-03-01 08:00"), 3))
    assert [one.holders[0].name for one in found] == ["guard:g-4", "guard:g-1", "guard:g-2"]
    last = found[2]
    assert (last.first, last.last) == (date(2025, 11, 6), date(2026, 11, 5))
    assert "期末前30日" in last.opens.phrase.zh
    assert last.opens.moved is not None
    assert "国庆节" in last.opens.moved.zh
