"""不定期、双随机: days, units and inspectors drawn by lot, and drawn again by anybody."""

import inspect
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from itertools import combinations, pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.schedules import deployments
from office.calendars import working_days
from office.duty_sheet import NOT_TOLD, duty_sheet
from office.workplace import place_of
from responsibilities import snapshot
from responsibilities.difference import difference
from responsibilities.draws import (
    Lots,
    Population,
    commitment,
    draw,
    label_of,
    periods_in,
    population,
    uniform,
    with_draws,
)
from responsibilities.language.draw_phrases import drawn_days, persons, say_draw, share
from responsibilities.matrix import matrix
from responsibilities.occurrences import next_opening, occurrences
from responsibilities.plan import Draw, Plan, Share
from responsibilities.simulation.simulate import Happening, Scenario, simulate
from responsibilities.why import explain
from responsibilities.words import Words
from tests.responsibilities.compiling import compiled, told
from tests.responsibilities.small_plans import CLOCK, at, every, wall

SEED = "5f" * 32


def inspected() -> Plan:
    """
    rosters:
      - {id: inspectors, name: 督查员名单, as_of: 2026-03-01,
         members: {办公室: [督查员甲, 督查员乙, 督查员丙], 保卫处: [督查员丁]}}
    duties:
      - id: spot
        title: 接受消防随机抽查
        responsible: 二级学院
        draw: {every: 每学期随机3次，间隔不少于10日, units: 1个, inspectors: 2名, of: 督查员名单}
        due: 次日12:00前
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
      - {id: drill, title: 开展无脚本演练, responsible: 保卫处, draw: 每月随机1次, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    result = compiled(inspect.cleandoc(inspected.__doc__ or ""))
    assert result.problems == ()
    assert result.plan is not None
    return result.plan


def term_of(plan: Plan) -> Population:
    one = plan.duties[0]
    (period,) = periods_in(plan, one, CLOCK, date(2026, 3, 2), date(2026, 3, 2))
    return population(plan, one, CLOCK, period, date(2026, 3, 2))


def drawn_plan(seed: str = SEED) -> Plan:
    plan = inspected()
    (period,) = periods_in(plan, plan.duties[0], CLOCK, date(2026, 3, 2), date(2026, 3, 2))
    found = draw(label_of("fire", "spot", period.id), seed, term_of(plan))
    return with_draws(plan, {"spot": [found]})


def test_what_is_drawn_opens_on_its_day_for_its_units_only() -> None:
    plan = drawn_plan()
    (outcome,) = plan.duties[0].drawn
    since, until = at("2026-03-01 00:00"), at("2026-08-31 00:00")
    found = list(occurrences(plan, plan.duties[0], CLOCK, since, until))
    assert [wall(one.opens_at) for one in found] == [f"{day} 08:00" for day in outcome.days]
    assert [(one.period[-3:], one.unit) for one in found] == [
        (f".T{n}", unit) for n, (unit,) in enumerate(outcome.units, 1)
    ]
    for day, one in zip(outcome.days, found, strict=True):
        assert wall(one.due_at) == f"{CLOCK.working.on_or_after(day + timedelta(1))} 12:00"
    assert all(len(set(some)) == 2 for some in outcome.inspectors)


def test_nobody_is_told_before() -> None:
    plan = drawn_plan()
    spot = plan.duties[0]
    now = at("2026-03-03 09:00")
    assert list(explain(plan, spot, CLOCK, now, 3)) == []
    sheet = duty_sheet(place_of(plan, 1, "", working_days()), spot, now, "zh")
    assert sheet["日期所限"] == NOT_TOLD.zh
    assert "最近各期" not in sheet
    scheduled = [spec.schedules for spec in deployments(plan, CLOCK, now)]
    assert scheduled == [()]
    looks = [next_opening(plan, spot, CLOCK, now + timedelta(days=n)) for n in range(5)]
    assert [wall(look) for look in looks if look] == [
        f"2026-03-{day:02} 08:00" for day in (4, 5, 6, 7, 8)
    ]  # every morning alike


def test_the_draw_is_said_where_the_duty_is_shown() -> None:
    plan = inspected()
    assert matrix(plan).rows[0].rhythm == "每学期随机3次，间隔不少于10日"
    sheet = duty_sheet(
        place_of(plan, 1, "", working_days()), plan.duties[0], at("2026-03-03 09:00"), "zh"
    )
    assert sheet["频次"] == ("每学期随机3次，间隔不少于10日，每次抽取1个单位，自督查员名单抽取2名")
    assert snapshot.load(snapshot.dump(plan)) == plan
    fewer = inspect.cleandoc(inspected.__doc__ or "").replace("每月随机1次", "每月随机2次")
    other = compiled(fewer).plan
    assert other is not None
    changes = difference(plan, other).changes["drill"]
    assert ("随机", "每月随机2次") in [(c.name.zh, c.after[0].zh) for c in changes]


def test_a_stranger_draws_the_same_from_the_record_with_plain_tools() -> None:
    plan = inspected()
    given_, label = term_of(plan), label_of("fire", "spot", "2026-27-1")

    def number(what: str, count: int) -> int:
        attempt = 0
        while True:
            text = f"{label}/{SEED}/{what}/{attempt}/0"
            found = int(sha256(text.encode()).hexdigest(), 16)
            if found < 2**256 - 2**256 % count:
                return found % count
            attempt += 1

    lots = [
        lot
        for lot in combinations(given_.days, 3)
        if all(b - a >= timedelta(days=10) for a, b in pairwise(lot))
    ]
    days = lots[number("days", len(lots))]
    names = list(combinations(given_.inspectors, 2))
    found = draw(label, SEED, given_)
    assert found.days == days
    assert found.inspectors == tuple(names[number(f"inspectors/{n}", 6)] for n in (1, 2, 3))
    assert found.units == tuple((given_.units[number(f"units/{n}", 2)],) for n in (1, 2, 3))
    assert commitment(label, SEED) == sha256(f"{label}/{SEED}".encode()).hexdigest()


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=9, unique=True).map(sorted),
    st.integers(1, 5),
    st.integers(0, 12),
)
def test_the_lots_are_all_that_are_allowed_in_their_usual_order(
    places: list[int], some: int, gap: int
) -> None:
    def allowed(many: int) -> list[tuple[int, ...]]:
        return [
            lot
            for lot in combinations(range(len(places)), many)
            if all(places[b] - places[a] >= gap for a, b in pairwise(lot))
        ]

    lots = Lots(places, min(some, len(places)), gap)
    assert [tuple(lots.at(n)) for n in range(lots.count)] == allowed(lots.some)
    assert lots.some == max(many for many in range(min(some, len(places)) + 1) if allowed(many))


def test_many_units_have_a_number_as_wide_as_it_takes() -> None:
    lots = Lots(range(600), 300, 0)
    assert lots.count == comb(600, 300) > 2**512
    found = list(lots.at(uniform("a", lots.count)))
    assert len(set(found)) == 300


@pytest.mark.parametrize("count", [2, 6, 7, 100])
def test_every_number_is_as_likely_as_any_other(count: int) -> None:
    drawn = Counter(uniform(f"seed {n}", count) for n in range(200 * count))
    assert set(drawn) == set(range(count))
    expected = 200
    chi = sum((drawn[n] - expected) ** 2 / expected for n in range(count))
    assert chi < (count - 1) + 4 * (2 * (count - 1)) ** 0.5  # mean and four deviations


def test_every_day_and_every_unit_is_drawn_as_often_as_any_other() -> None:
    days = tuple(date(2026, 3, 2) + timedelta(n) for n in range(10))
    whole = Population(days, 2, 0, ("甲", "乙", "丙", "丁", "戊"), 2, (), 0)
    found = [draw("p/d/x", str(n), whole) for n in range(2000)]
    by_day = Counter(day for one in found for day in one.days)
    by_unit = Counter(unit for one in found for some in one.units for unit in some)
    for counted, expected in ((by_day, 400), (by_unit, 1600)):
        chi = sum((n - expected) ** 2 / expected for n in counted.values())
        assert chi < 30
    assert all(len(set(one.days)) == 2 for one in found)


def test_a_late_beginning_draws_what_still_fits() -> None:
    plan = inspected()
    (period,) = periods_in(plan, plan.duties[0], CLOCK, date(2026, 3, 2), date(2026, 3, 2))
    late = population(plan, plan.duties[0], CLOCK, period, period.last - timedelta(days=14))
    assert len(draw("p/d/x", SEED, late).days) == 2


def test_a_simulated_year_draws_by_its_own_seed() -> None:
    def days(seed: str) -> set[str]:
        happened: list[Happening] = []
        span = (date(2026, 3, 2), date(2026, 7, 20))
        simulate(inspected(), CLOCK, Scenario(*span, seed=seed), happened.append)
        opened = [one for one in happened if one.what == "opened" and "/spot/" in one.key]
        assert len(opened) == 3
        return {wall(one.at) for one in opened}

    assert days("1") == days("1")
    assert days("1") != days("2")


PHRASES = {
    "每学期随机2次": Draw(every("每学期"), 2),
    "每学期不定期抽查两次，间隔不少于10日": Draw(every("每学期"), 2, 10),
    "每月随机1次": Draw(every("每月"), 1),
    "每季度随机抽取至少3次（间隔2周）": Draw(every("每季度"), 3, 14),
    "每学年": Draw(every("每学年"), 1),
}


@pytest.mark.parametrize(("phrase", "meant"), PHRASES.items())
def test_a_draw_means_what_the_plan_says(phrase: str, meant: Draw) -> None:
    found = drawn_days(phrase)
    assert isinstance(found, Draw)
    assert (found.rhythm, found.times, found.gap) == (meant.rhythm, meant.times, meant.gap)
    again = drawn_days(say_draw(found, "").zh)
    assert isinstance(again, Draw)
    assert (again.rhythm.cycle, again.times, again.gap) == (
        found.rhythm.cycle, found.times, found.gap,
    )  # fmt: skip


def test_shares_and_persons() -> None:
    assert share("20%") == Share(20, percent=True)
    assert share("三个") == Share(3, percent=False)
    assert persons("2名") == 2
    for wrong in (
        share("一些"),
        share("120%"),
        persons("若干"),
        drawn_days("不定期"),
        drawn_days("随机"),
    ):
        assert isinstance(wrong, Words)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("draw: 每日随机1次", "bad-draw"),
        ("draw: 每周随机9次", "bad-draw"),
        ("draw: 不定期", "bad-draw"),
        ("draw: {every: 每学期, units: 5个}", "bad-draw"),
        ("draw: {every: 每学期, units: 若干}", "bad-draw"),
        ("draw: {every: 每学期, inspectors: 2名}", "bad-draw"),
        ("draw: {every: 每学期, inspectors: 9名, of: 班级}", "bad-draw"),
        ("draw: {every: 每学期, inspectors: 2名, of: 专家}", "unknown-roster"),
        ("draw: 每学期随机2次, times: 至少2次", "stray-key"),
        ("draw: 每学期随机2次, every: 每月", "kind-twice"),
        ("draw: 每学期随机2次, due: 春分前", "unknown-anchor"),
    ],
)
def test_a_draw_that_cannot_be_held_is_told(written: str, code: str) -> None:
    head = "{id: a, title: 甲, responsible: [保卫处, 二级学院], "
    text = f"duties:\n  - {head}{written}, ladder: 常规, "
    found = compiled(f"{text}source: {{clause: 一, quote: 坚决防止火灾事故}}}}")
    assert [problem.code for problem in found.problems] == [code]


def test_a_key_of_a_draw_that_is_misspelt() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, draw: {every: 每学期, unit: 3个}, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    problem = told(test_a_key_of_a_draw_that_is_misspelt, "unknown-key")
    assert problem.right is not None
    assert "units" in problem.right.zh
