"""每3至6个月: amber after the target, red after the latest."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responsibilities.calendars.clock import Unit
from responsibilities.civil import CIVIL, number_of, numbered, start_of
from responsibilities.ladder import unit_rungs
from responsibilities.occurrences import occurrences
from responsibilities.openings import ladder_of
from responsibilities.promises import promise
from responsibilities.rhythm import Cycle
from responsibilities.standing import standing, target_at
from responsibilities.tasks import Standing
from tests.responsibilities.small_plans import (
    CLOCK,
    ORDINARY,
    at,
    duty,
    every,
    plan,
    step,
    task,
    wall,
    windows,
)

HALF = task("2026-01-05 08:00", "2026-06-30 17:30", period="2026-01", key="p/2026-01/report/u")


def test_three_to_six_months_is_one_task_in_six_months() -> None:
    one = duty(rhythm_text="每3至6个月")
    since, until = at("2025-12-31 00:00"), at("2026-12-31 00:00")
    found = windows(list(occurrences(plan(one), one, CLOCK, since, until)))
    assert [(period, due) for period, _, due in found] == [
        ("2026-01", "2026-06-30 17:30"),
        ("2026-07", "2026-12-31 17:30"),
    ]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-03-31 18:00", Standing.ON_TRACK),
        ("2026-04-01 08:00", Standing.DUE_SOON),
        ("2026-06-30 17:30", Standing.DUE_SOON),
        ("2026-06-30 17:31", Standing.OVERDUE),
    ],
)
def test_it_is_amber_after_the_target_and_red_after_the_latest(now: str, found: Standing) -> None:
    assert standing(HALF, at(now), CLOCK, every("每3至6个月")) is found


def test_without_a_target_the_same_task_is_still_green_in_april() -> None:
    assert standing(HALF, at("2026-04-01 08:00"), CLOCK, every("每6个月")) is Standing.ON_TRACK
    assert target_at(every("每6个月"), "2026-01", CLOCK) is None


def test_a_task_of_another_rhythm_before_has_no_target() -> None:
    assert target_at(every("每3至6个月"), "2026-27-1.W08", CLOCK) is None


@given(st.sampled_from(sorted(CIVIL)), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_civil_period_is_found_again_by_its_id(cycle: Cycle, day: date) -> None:
    period = numbered(cycle, number_of(cycle, day))
    assert start_of(cycle, period.id) == period.first <= day <= period.last


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 5))
def test_the_target_is_the_last_day_of_so_many_months_counted_one_by_one(
    day: date, months: int
) -> None:
    first = day.replace(day=1)
    last, seen = first, {first.month}
    while len(seen | {(last + timedelta(1)).month}) <= months:
        last += timedelta(1)
        seen.add(last.month)
    wanted = target_at(every(f"每{months}至6个月"), f"{first:%Y-%m}", CLOCK)
    assert wall(wanted).startswith(f"{last + timedelta(1)} 00:00")


AIMED = (ORDINARY[0], step("目标日"), *ORDINARY[1:])


@pytest.mark.parametrize(
    ("often", "at_target"),
    [
        ("每3至6个月", "2026-03-30 08:00"),
        ("每3至6个月（自上次完成起）", "2026-03-30 08:00"),
        ("每1至2季度", "2026-03-30 08:00"),
        ("每20至180日", "2026-01-21 08:00"),
    ],
)
def test_the_ladder_tells_on_the_target_day(often: str, at_target: str) -> None:
    one = duty(rhythm_text=often)
    steps = ladder_of(plan(one, steps=AIMED), one)
    assert steps == promise(plan(one, steps=AIMED), 1, one).steps
    rungs = unit_rungs(steps, HALF.opens_at, HALF.due_at, CLOCK)
    assert [(wall(at), rung.text) for at, rung in rungs][:2] == [
        ("2026-01-05 08:00", "下达时"),
        (at_target, "目标日"),
    ]


def test_a_duty_without_a_target_has_no_target_day() -> None:
    one = duty(rhythm_text="每6个月")
    assert ladder_of(plan(one, steps=AIMED), one) == ORDINARY


def test_the_length_from_the_target_to_the_latest_is_in_the_rhythms_own_unit() -> None:
    one = duty(rhythm_text="每3至6个月")
    [aimed] = [s for s in ladder_of(plan(one, steps=AIMED), one) if s.text == "目标日"]
    assert (aimed.offset, aimed.unit) == (-3, Unit.MONTH.value)
