"""Score sheets: every point that is missing has the facts that cost it, and all adds up."""

from dataclasses import replace
from random import Random
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from inspections.assessment import (
    Happening,
    Line,
    Mark,
    Material,
    Sheet,
    TaskRecord,
    apportion,
    grades,
    sheet,
)
from responsibilities.assessments import (
    FULL,
    Assessment,
    Grade,
    Indicator,
    IndicatorGroup,
    Source,
    Veto,
)

RULES = Assessment(
    id="yearly",
    name="年度考核",
    units=("nursing", "pharmacy"),
    academic=False,
    raters=(("office", 70), ("deputy", 30)),
    groups=(
        IndicatorGroup(
            "work", "履职", 7000,
            (
                Indicator("done", "完成", 4000, Source.COMPLETION, cap=4000),
                Indicator("in-time", "时限", 1000, Source.TIMELINESS, deduct=150, cap=1000),
                Indicator("back", "退回", 1000, Source.RETURNS, deduct=50, cap=200),
                Indicator("reach", "覆盖", 500, Source.COVERAGE, deduct=25, cap=500),
                Indicator("figure", "培训人数", 500, Source.FIGURES, deduct=10, cap=500,
                          figure="培训人数", least=20),
            ),
            cap=4500,
        ),
        IndicatorGroup(
            "quality", "质量", 3000,
            (
                Indicator("found", "检查问题", 1000, Source.FINDINGS, deduct=300, cap=1000),
                Indicator("self", "自查", 2000, Source.MARKS, cap=2000, evidence=("自查报告",)),
                Indicator("new", "创新", 500, Source.MARKS, cap=500, bonus=True),
                Indicator("cases", "案件", 0, Source.EVENTS, event="case"),
            ),
            cap=3000,
        ),
    ),
    grades=(Grade("优秀", 9000, 50), Grade("合格", 6000), Grade("待改进")),
    vetoes=(Veto("grave", "有重大检查问题", Source.FINDINGS, ("优秀",), 1, (), ("重大",)),),
)  # fmt: skip
MARKS = {
    "self": {"office": Mark(2000, 90), "deputy": Mark(1500, 91)},
    "new": {"office": Mark(100, 92), "deputy": Mark(0, 93)},
}
GOOD = Material(
    tasks=(
        TaskRecord("t1", "check", 500, True, covered=FULL, figures=(("培训人数", 2500),)),
        TaskRecord("t2", "check", 500, True),
        TaskRecord("t3", "drill", 1000, True),
    ),
    marks=MARKS,
    evidence={"self": (80,)},
)


def line(found: Sheet, id_: str) -> Line:
    return next(one for part in found.parts for one in part.lines if one.indicator.id == id_)


def with_tasks(*tasks: TaskRecord) -> Material:
    return replace(GOOD, tasks=tasks)


def test_a_good_year_loses_only_what_the_raters_take() -> None:
    found = sheet(RULES, "nursing", GOOD)
    assert line(found, "self").deducted == 150  # 2000 * 70 % + 1500 * 30 % = 1850
    assert line(found, "self").costs[0].facts == (90, 91)
    assert line(found, "new").added == 70
    assert found.total == FULL - 150 + 70
    assert found.final


def test_a_task_left_undone_costs_its_share_by_weight_and_names_its_facts() -> None:
    undone = TaskRecord("t3", "drill", 1000, False, facts=(7,))
    (cost,) = line(sheet(RULES, "nursing", with_tasks(*GOOD.tasks[:2], undone)), "done").costs
    assert (cost.points, cost.task, cost.facts) == (2000, "t3", (7,))


def test_late_returned_uncovered_and_short_each_cost_what_the_plan_says() -> None:
    task = TaskRecord(
        "t1", "check", 500, True, late=True, returned=(3, 4, 5, 6, 7), covered=9650,
        figures=(("培训人数", 1850),), facts=(1, 9),
    )  # fmt: skip
    found = sheet(RULES, "nursing", with_tasks(task))
    taken = {id_: line(found, id_).deducted for id_ in ("in-time", "back", "reach", "figure")}
    assert taken == {"in-time": 150, "back": 200, "reach": 75, "figure": 20}
    assert line(found, "back").costs[0].facts == (3, 4, 5, 6, 7)
    assert line(found, "in-time").costs[0].facts == (1, 9)


def test_incidents_are_shown_with_their_facts_and_not_scored() -> None:
    cases = tuple(Happening(f"E{n}", "case", (n,)) for n in range(9))
    found = sheet(RULES, "nursing", replace(GOOD, incidents=cases))
    assert len(line(found, "cases").costs) == 9
    assert line(found, "cases").costs[3].facts == (3,)
    assert found.total == sheet(RULES, "nursing", GOOD).total


def test_a_veto_keeps_a_grade_away_and_takes_no_points() -> None:
    grave = replace(GOOD, findings=(Happening("I-01", "重大", (44,)),))
    mild = replace(GOOD, findings=(Happening("I-01", "一般", (44,)),))
    vetoed, not_vetoed = sheet(RULES, "nursing", grave), sheet(RULES, "nursing", mild)
    assert vetoed.total == not_vetoed.total == FULL - 150 + 70 - 300
    assert vetoed.vetoes[0].costs[0].facts == (44,)
    poor = sheet(RULES, "pharmacy", replace(GOOD, tasks=()))
    assert grades(RULES, [vetoed, poor])["nursing"] == "合格"
    assert grades(RULES, [not_vetoed, poor])["nursing"] == "优秀"


def test_rank_and_points_both_bind_and_equals_share_the_better_rank() -> None:
    one, two = sheet(RULES, "nursing", GOOD), sheet(RULES, "pharmacy", GOOD)
    assert grades(RULES, [one, two]) == {"nursing": "优秀", "pharmacy": "优秀"}
    worse = sheet(RULES, "pharmacy", replace(GOOD, marks=MARKS | {"new": {
        "office": Mark(0, 1), "deputy": Mark(0, 2)}}))  # fmt: skip
    assert worse.total >= 9000
    assert grades(RULES, [one, worse]) == {"nursing": "优秀", "pharmacy": "合格"}


def test_until_both_raters_have_marked_the_sheet_is_not_final_and_nothing_is_taken() -> None:
    half = replace(GOOD, marks={"self": {"office": Mark(0, 1)}}, evidence={})
    found = sheet(RULES, "nursing", half)
    assert not found.final
    assert line(found, "self").awaited == ("deputy",)
    assert line(found, "new").awaited == ("office", "deputy")
    assert line(found, "self").unproven
    assert found.total == FULL


def test_what_has_no_task_to_count_does_not_apply_and_the_rest_makes_up_the_full_score() -> None:
    found = sheet(RULES, "nursing", replace(GOOD, tasks=(), marks={}))
    assert not line(found, "done").applies
    assert [line(found, id_).full for id_ in ("found", "self")] == [3333, 6667]
    assert found.total == FULL
    kept = sheet(replace(RULES, reweighted=False), "nursing", replace(GOOD, tasks=(), marks={}))
    assert [line(kept, id_).full for id_ in ("found", "self")] == [1000, 2000]
    assert kept.total == FULL


def test_a_groups_cap_gives_back_what_lies_above_it_and_still_lists_every_cost() -> None:
    rules = replace(RULES, groups=(replace(RULES.groups[0], cap=3000), RULES.groups[1]))
    undone = tuple(task._replace(done=False) for task in GOOD.tasks)
    found = sheet(rules, "nursing", with_tasks(*undone))
    assert line(found, "done").deducted == 4000
    assert found.parts[0].relief == 4000 - 3000
    assert found.parts[0].points == 7000 - 3000


T = TypeVar("T")
numbers = st.integers(0, 10**6)
facts = st.lists(numbers, max_size=3).map(tuple)
points = st.integers(0, 3000)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[TaskRecord, ...]:
    return tuple(
        TaskRecord(
            f"t{n}", draw(st.sampled_from(["check", "drill"])), draw(st.sampled_from([0, 50, 300])),
            draw(st.booleans()), draw(st.booleans()), draw(st.booleans()), draw(facts),
            draw(st.none() | st.integers(0, FULL)), FULL,
            (("培训人数", draw(points)),), draw(facts),
        )
        for n in range(draw(st.integers(0, 6)))
    )  # fmt: skip


@st.composite
def materials(draw: st.DrawFn) -> Material:
    def happened(kinds: list[str]) -> tuple[Happening, ...]:
        count = draw(st.integers(0, 4))
        return tuple(Happening(f"H{n}", draw(st.sampled_from(kinds)), (n,)) for n in range(count))

    raters = st.dictionaries(
        st.sampled_from(["office", "deputy"]), st.builds(Mark, points, numbers)
    )
    return Material(
        draw(tasks()),
        happened(["一般", "重大"]),
        happened(["case", "other"]),
        draw(st.dictionaries(st.sampled_from(["self", "new"]), raters)),
        {},
        draw(st.frozensets(st.sampled_from([one.id for one in RULES.indicators()]))),
    )


@st.composite
def rules(draw: st.DrawFn) -> Assessment:
    """The same indicators with any weights that add up, and any caps and deductions."""
    items = list(RULES.indicators())
    scored = [one for one in items if one.weight and not one.bonus]
    shares = draw(st.lists(st.integers(1, 50), min_size=len(scored), max_size=len(scored)))
    weight = dict(zip((one.id for one in scored), apportion(FULL, shares), strict=True))

    def varied(one: Indicator) -> Indicator:
        full = weight.get(one.id, one.weight)
        deduct = draw(st.integers(1, 900)) if one.deduct else 0
        return replace(one, weight=full, cap=draw(st.integers(0, full)), deduct=deduct)

    groups = []
    for group in RULES.groups:
        below = tuple(map(varied, group.indicators))
        full = sum(one.weight for one in below if not one.bonus)
        groups.append(replace(group, indicators=below, weight=full, cap=draw(st.integers(0, full))))
    return replace(RULES, groups=tuple(groups), reweighted=draw(st.booleans()))


@given(rules(), materials())
def test_no_line_falls_below_its_floor_and_the_parts_add_up(
    assessment: Assessment, material: Material
) -> None:
    found = sheet(assessment, "nursing", material)
    bonus = 0
    for part in found.parts:
        for one in part.lines:
            assert 0 <= one.deducted <= one.full
            assert all(cost.points >= 0 for cost in one.costs)
            assert one.points == one.full - sum(cost.points for cost in one.costs) + one.added
            assert 0 <= one.added <= (one.indicator.weight if one.indicator.bonus else 0)
            if one.full == one.indicator.weight:
                assert one.deducted <= one.indicator.cap
            bonus += one.added
        full = sum(one.full for one in part.lines)
        assert part.relief >= 0
        assert part.points - sum(one.added for one in part.lines) <= full
        assert found.total == sum(part.points for part in found.parts)
    lost = sum(one.deducted for part in found.parts for one in part.lines)
    relief = sum(part.relief for part in found.parts)
    whole = sum(one.full for part in found.parts for one in part.lines)
    assert found.total == whole - lost + relief + bonus
    assert 0 <= found.total <= FULL + bonus


@given(rules(), materials(), st.integers())
def test_the_order_in_which_things_are_listed_changes_nothing(
    assessment: Assessment, material: Material, seed: int
) -> None:
    def shuffled(listed: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(Random(seed).sample(listed, len(listed)))

    other = replace(
        material,
        tasks=shuffled(material.tasks),
        findings=shuffled(material.findings),
        incidents=shuffled(material.incidents),
    )
    assert sheet(assessment, "nursing", other) == sheet(assessment, "nursing", material)


@given(rules(), materials(), tasks())
def test_what_is_spared_or_weighs_nothing_never_changes_a_sheet(
    assessment: Assessment, material: Material, more: tuple[TaskRecord, ...]
) -> None:
    excused = tuple(task._replace(key=f"x{task.key}", spared=True) for task in more)
    shown = tuple(task._replace(key=f"y{task.key}", weight=0) for task in more)
    other = replace(material, tasks=(*excused, *material.tasks, *shown))
    assert sheet(assessment, "nursing", other) == sheet(assessment, "nursing", material)


@given(rules(), materials())
def test_whatever_does_not_apply_the_full_score_is_there_to_be_had(
    assessment: Assessment, material: Material
) -> None:
    clean = replace(
        material,
        tasks=tuple(
            t._replace(done=True, late=False, returned=(), covered=None) for t in material.tasks
        ),
        findings=(),
        marks={},
        not_applicable=material.not_applicable | {"figure"},
    )
    found = sheet(assessment, "nursing", clean)
    lines = [one for part in found.parts for one in part.lines]
    anything = any(one.applies and one.full for one in lines)
    assert found.total == FULL or not anything
    assert sum(one.full for one in lines) == FULL or not anything


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**4), max_size=30))
def test_shares_add_up_and_each_lies_within_one_of_its_own(amount: int, shares: list[int]) -> None:
    parts, whole = apportion(amount, shares), sum(shares)
    assert sum(parts) == (amount if whole else 0)
    for part, share in zip(parts, shares, strict=True):
        assert not whole or abs(part * whole - amount * share) < whole


@given(rules(), materials())
def test_leaving_one_more_task_undone_never_raises_a_line(
    assessment: Assessment, material: Material
) -> None:
    before = sheet(assessment, "nursing", material)
    undone = replace(material, tasks=tuple(t._replace(done=False) for t in material.tasks))
    after = sheet(assessment, "nursing", undone)
    assert line(after, "done").points <= line(before, "done").points
