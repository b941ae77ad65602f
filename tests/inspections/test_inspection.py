"""What an inspection is opened with, and how far its findings have come."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from inspections.finding import STATES, Finding, FindingState, repeats, state_of
from inspections.inspection import Scope, Terms, refuse_impossible, refuse_sizes, seed_of
from responsibilities.tasks import State, Task
from responsibilities.words import Refused

NOW = datetime(2026, 11, 30, 1, tzinfo=UTC)
TERMS = Terms(
    "宿舍消防专项检查", Scope(("nursing",), ("check",), date(2026, 9, 1), date(2026, 11, 30)),
    {"team@province.example": "督查一组"}, NOW, NOW + timedelta(days=5), 10,
)  # fmt: skip
TASK = Task(
    7, "fire/E2026-0001/rectify/nursing", "fire", "E2026-0001", "E2026-0001", "rectify", "nursing",
    "", "E2026-0001", NOW, NOW, NOW, None, NOW, State.OPEN, 0, None, 0, 0, 0, None, None, "",
    False, False,
)  # fmt: skip


def finding(inspection: str, number: int = 1, *, days: int = 0, **about: object) -> Finding:
    at = NOW + timedelta(days=days)
    one = Finding(
        inspection, number, "nursing", "check", "二（二）", "灭火器过期", "更换", "一般", (), None,
        at, "督查一组",
    )  # fmt: skip
    return replace(one, **about)  # type: ignore[arg-type]


def test_an_inspection_that_cannot_be_is_refused_in_a_sentence() -> None:
    refuse_impossible(TERMS)
    backwards = replace(TERMS.scope, last=date(2026, 8, 1))
    for wrong, sentence in (
        (replace(TERMS, title=" "), "检查名称"),
        (replace(TERMS, scope=backwards), "止日"),
        (replace(TERMS, inspectors={}), "督查员"),
        (replace(TERMS, until=NOW), "截止时间"),
        (replace(TERMS, count=0), "抽取数"),
    ):
        with pytest.raises(Refused, match=sentence):
            refuse_impossible(wrong)


def test_each_stratum_gives_one_task_at_least() -> None:
    refuse_sizes(100, 5, 5)
    with pytest.raises(Refused, match="没有督办事项"):
        refuse_sizes(0, 0, 5)
    with pytest.raises(Refused, match="应不少于5"):
        refuse_sizes(100, 5, 4)


def test_the_seed_joins_what_was_sealed_and_what_came_up_in_public() -> None:
    assert seed_of("ab" * 32, "3-5-1-6") == "ab" * 32 + "/3-5-1-6"
    for number in ("", "351", "掷骰子", "1" * 65):
        with pytest.raises(Refused, match="公开数"):
            seed_of("ab" * 32, number)


def test_a_finding_runs_from_registered_to_struck_off_or_round_again() -> None:
    submitted, closed = State.SUBMITTED, State.CLOSED
    told = [
        STATES[state].zh
        for state in (
            state_of(None, False),
            state_of(TASK, False),
            state_of(replace(TASK, attempt=1), False),
            state_of(replace(TASK, attempt=1, state=submitted), False),
            state_of(replace(TASK, attempt=1), True),
            state_of(replace(TASK, attempt=2, state=submitted), True),
            state_of(replace(TASK, attempt=2, state=closed, outcome="accepted"), True),
        )
    ]
    assert told == ["登记", "下达整改", "整改中", "待复查", "再次整改", "待复查", "销号"]
    waived = replace(TASK, state=closed, outcome="waived")
    assert state_of(waived, False) is FindingState.EXEMPT


def test_the_same_problem_again_after_it_was_struck_off_is_recognised() -> None:
    first = finding("I2026-0001", closed_at=NOW + timedelta(days=20))
    again = finding("I2026-0002", days=60)
    assert [(one.finding, one.earlier) for one in repeats([again, first])] == [(again, first)]


def test_no_repeat_is_seen_where_it_is_another_unit_another_matter_or_not_yet_struck_off() -> None:
    first = finding("I2026-0001", closed_at=NOW + timedelta(days=20))
    elsewhere = finding("I2026-0002", days=60, unit="pharmacy")
    otherwise = finding("I2026-0002", 2, days=60, duty="report", clause="三（一）")
    too_early = finding("I2026-0003", days=10)
    same_inspection = finding("I2026-0001", 2, days=60)
    assert not list(repeats([first, elsewhere, otherwise, too_early, same_inspection]))
    assert list(repeats([first, replace(otherwise, clause="二（二）")]))
