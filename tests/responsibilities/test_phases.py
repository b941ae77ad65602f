"""三个阶段: what is asked for only while a phase of the plan lasts."""

import inspect
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.proof import show
from office.calendars import working_days
from office.duty_sheet import duty_sheet
from office.workplace import place_of
from responsibilities import snapshot
from responsibilities.calendars.dates import Span
from responsibilities.coverage import coverage
from responsibilities.difference import difference
from responsibilities.language.phase_phrases import phase_days
from responsibilities.matrix import matrix
from responsibilities.occurrences import beyond, event_occurrences, next_opening, occurrences
from responsibilities.plan import Duty, Phase, Plan
from responsibilities.tasks import Event
from responsibilities.words import Words
from tests.responsibilities.compiling import compiled, told
from tests.responsibilities.small_plans import CLOCK, at, duty, plan, wall


def campaign() -> Plan:
    """
    phases:
      - {id: mobilise, name: 动员部署阶段, from: 2026-04-01, until: 2026年4月中旬}
      - {id: rectify, name: 集中整治阶段, from: 2026年4月下旬, until: 2026年5月}
      - {id: improve, name: 总结提升阶段, from: 2026-06-01, until: 2026年6月20日}
    duties:
      - id: mobilisation
        title: 召开动员部署会
        responsible: 办公室
        once: 阶段末前3个工作日
        phase: 动员部署阶段
        ladder: 常规
        review: 组长
        source: {clause: 一, quote: 坚决防止火灾事故}
      - id: sweep
        title: 排查火灾隐患
        responsible: 二级学院
        every: 每旬
        phase: 集中整治阶段
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
      - id: weekly
        title: 报送整治进度
        responsible: 保卫处
        every: 每周
        due: 周五前
        phase: 集中整治阶段
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
      - id: summary
        title: 报送总结
        responsible: 保卫处
        once: 期末
        phase: 总结提升阶段
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
      - id: alarm
        title: 处置火警
        responsible: 事发单位
        on: 火警
        due: 知悉后2小时内
        phase: 集中整治阶段
        ladder: 常规
        source: {clause: 一, quote: 坚决防止火灾事故}
    """
    result = compiled(inspect.cleandoc(campaign.__doc__ or ""))
    assert result.problems == ()
    assert result.plan is not None
    return result.plan


def asked(whole: Plan, name: str) -> list[tuple[str, str, str]]:
    one = next(duty for duty in whole.duties if duty.id == name)
    since, until = at("2026-03-01 00:00"), at("2026-12-31 23:59")
    found = occurrences(whole, one, CLOCK, since, until)
    windows = [(o.period, wall(o.opens_at), wall(o.due_at)) for o in found]
    return list(dict.fromkeys(windows))


def test_a_deliverable_of_a_phase_is_handed_out_and_due_within_it() -> None:
    assert asked(campaign(), "mobilisation") == [("once", "2026-04-01 08:00", "2026-04-15 17:30")]
    assert asked(campaign(), "summary") == [("once", "2026-06-01 08:00", "2026-06-22 17:30")]


def test_phases_that_end_with_a_third_of_the_month_hold_whole_ones() -> None:
    assert asked(campaign(), "sweep") == [
        ("2026-04.X3", "2026-04-21 08:00", "2026-04-30 17:30"),
        ("2026-05.X1", "2026-05-06 08:00", "2026-05-11 17:30"),  # 劳动节; 10日 is a Sunday
        ("2026-05.X2", "2026-05-11 08:00", "2026-05-20 17:30"),
        ("2026-05.X3", "2026-05-21 08:00", "2026-06-01 17:30"),
    ]


def test_a_week_on_the_border_belongs_to_the_phase_of_its_thursday() -> None:
    found = asked(campaign(), "weekly")
    assert found[0] == ("2026-W17", "2026-04-21 08:00", "2026-04-24 17:30")
    assert found[-1] == ("2026-W22", "2026-05-25 08:00", "2026-05-29 17:30")


def test_nothing_is_expected_when_the_phase_is_over() -> None:
    whole = campaign()
    sweep = whole.duties[1]
    for now in (at("2026-05-30 00:00"), at("2026-07-01 00:00")):
        assert next_opening(whole, sweep, CLOCK, now) is None
        assert beyond(whole, sweep, CLOCK, now) is None


def test_an_event_calls_a_duty_only_in_its_phase() -> None:
    whole = campaign()

    def called(known: str) -> bool:
        event = Event("E1", "fire", "alarm", "guard", {}, {"知悉": at(known)}, at(known))
        return bool(event_occurrences(whole, whole.duties[-1], event, CLOCK))

    assert [called(f"2026-{day} 10:00") for day in ("04-20", "04-21", "05-31", "06-01")] == [
        False, True, True, False,
    ]  # fmt: skip


def test_the_phase_is_shown_wherever_the_duty_is() -> None:
    whole = campaign()
    place = place_of(whole, 1, "", working_days())
    sheet = duty_sheet(place, whole.duties[1], at("2026-04-01 09:00"), "zh")
    assert sheet["工作阶段"] == "集中整治阶段（2026-04-21至2026-05-31）"
    assert matrix(whole).rows[1].phase == "集中整治阶段"
    proof = show(whole, coverage(whole), everything=True)
    assert "工作阶段 集中整治阶段（2026-04-21至2026-05-31）：3 项职责" in proof
    assert "sweep〔集中整治阶段〕" in proof
    assert snapshot.load(snapshot.dump(whole)) == whole


def test_a_phase_that_lasts_longer_changes_its_duties_and_no_other() -> None:
    later = inspect.cleandoc(campaign.__doc__ or "").replace("2026年5月}", "2026-05-30}")
    changed = compiled(later).plan
    assert changed is not None
    found = difference(campaign(), changed)
    assert found.moves == ("sweep", "weekly", "alarm")
    assert [str(change.name.zh) for change in found.changes["weekly"]] == ["工作阶段"]


PHRASES = {
    "2026-04-01": Span(date(2026, 4, 1), date(2026, 4, 1)),
    "2026年4月20日": Span(date(2026, 4, 20), date(2026, 4, 20)),
    "2026年4月中旬": Span(date(2026, 4, 11), date(2026, 4, 20)),
    "2026年2月下旬": Span(date(2026, 2, 21), date(2026, 2, 28)),
    "2026 年 6 月": Span(date(2026, 6, 1), date(2026, 6, 30)),
    "2026年6月底": Span(date(2026, 6, 30), date(2026, 6, 30)),
}


@pytest.mark.parametrize(("phrase", "meant"), PHRASES.items())
def test_the_ends_of_a_phase_are_read_as_a_plan_writes_them(phrase: str, meant: Span) -> None:
    assert phase_days(phrase) == meant


@pytest.mark.parametrize("phrase", ["4月上旬", "2026年13月1日", "2026-02-30", "月底", "近期"])
def test_what_is_no_day_is_told(phrase: str) -> None:
    assert isinstance(phase_days(phrase), Words)


def phased(one: Duty, *spans: Span) -> list[str]:
    """The periods asked for in each phase in turn."""
    phases = tuple(Phase(str(n), f"阶段{n}", days) for n, days in enumerate(spans))
    since, until = at("2025-09-01 00:00"), at("2027-01-10 00:00")
    found: list[str] = []
    for phase in phases:
        limited = plan(duty(one.id, one.rhythm.text if one.rhythm else "", phase=phase.id))
        whole = plan(*limited.duties, phases=phases)
        found += [o.period for o in occurrences(whole, whole.duties[0], CLOCK, since, until)]
    return found


BORDERS = st.lists(st.integers(1, 420), min_size=1, max_size=5, unique=True).map(sorted)


@given(BORDERS, st.sampled_from(["每日", "每周", "每教学周", "每旬", "每月", "每2周", "每工作日"]))
def test_phases_that_follow_each_other_lose_no_task_and_share_none(
    borders: list[int], rhythm: str
) -> None:
    start = date(2025, 10, 1)
    edges = [start, *(start + timedelta(days=one) for one in borders), date(2026, 12, 20)]
    spans = [Span(first, after - timedelta(days=1)) for first, after in pairwise(edges)]
    together = phased(duty(rhythm_text=rhythm), Span(start, spans[-1].last))
    assert phased(duty(rhythm_text=rhythm), *spans) == together


def test_a_phase_that_nobody_declared() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每周, phase: 攻坚阶段, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_a_phase_that_nobody_declared, "unknown-phase")


def test_the_end_of_a_phase_without_a_phase() -> None:
    """
    duties:
      - {id: a, title: 甲, responsible: 保卫处, once: 阶段末, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    problem = told(test_the_end_of_a_phase_without_a_phase, "unknown-anchor")
    assert problem.right is not None
    assert problem.right.zh == "请写明 phase:（所属的工作阶段）"


def test_a_phase_that_ends_before_it_begins() -> None:
    """
    phases: [{id: a, name: 动员, from: 2026-05-01, until: 2026-04-01}]
    """
    told(test_a_phase_that_ends_before_it_begins, "bad-phase")


def test_a_phase_whose_days_cannot_be_read_holds_its_duties_back() -> None:
    """
    phases: [{id: a, name: 动员, from: 开春, until: 2026-04-01}]
    duties:
      - {id: a, title: 甲, responsible: 保卫处, every: 每周, phase: 动员, ladder: 常规,
         source: {clause: 一, quote: 坚决防止火灾事故}}
    """
    told(test_a_phase_whose_days_cannot_be_read_holds_its_duties_back, "bad-phase")


def test_phases_that_overlap_or_leave_the_plan_are_pointed_out() -> None:
    """
    phases:
      - {id: a, name: 动员, from: 2026-02-01, until: 2026-03-20}
      - {id: b, name: 整治, from: 2026-03-20, until: 2026-05-01}
    """
    text = inspect.cleandoc(
        test_phases_that_overlap_or_leave_the_plan_are_pointed_out.__doc__ or ""
    )
    result = compiled(text)
    assert [p.code for p in result.problems] == ["phase-outside", "phase-overlap"]
    assert result.errors == ()


EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_task_of_a_phase_that_had_begun_opens_when_the_plan_takes_force() -> None:
    whole = campaign()
    assert asked(whole, "mobilisation")[0][1] == "2026-04-01 08:00"
    begun = [Phase("mobilise", "动员", Span(date(2026, 2, 1), date(2026, 3, 20)))]
    late = plan(duty("d", "每月", phase="mobilise"), phases=tuple(begun), in_force=date(2026, 3, 2))
    found = [(o.period, wall(o.opens_at), wall(o.due_at)) for o in
             occurrences(late, late.duties[0], CLOCK, EARLY, at("2026-12-01 00:00"))]  # fmt: skip
    assert found == [("2026-03", "2026-03-02 08:00", "2026-03-20 17:30")]
