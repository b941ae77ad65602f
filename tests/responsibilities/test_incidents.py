"""Which tasks an event opens: its stages, its conditions, and when their clocks begin to run."""

from dataclasses import replace
from typing import Any

import pytest

from responsibilities.decide import open_event
from responsibilities.incidents import event_occurrences, holds
from responsibilities.plan import EVENT_UNIT, Condition, Duty, Kind, Plan, Stage
from responsibilities.rhythm import When
from responsibilities.tasks import Event
from tests.responsibilities.small_plans import CLOCK, at, plan, said, wall


def on_case(name: str = "report", **more: Any) -> Duty:
    return Duty(
        name, name, Kind.EVENT, "bwc", (), (EVENT_UNIT,), event="case", ladder="ordinary", **more
    )


KNOWN_AT, REPORTED_AT = at("2026-10-03 23:10"), at("2026-10-03 23:20")
CASE = Event(
    "E2026-0001",
    "p",
    "case",
    "药学院",
    {"loss": 80000, "who": "学生", "known": True},
    {"发生": at("2026-10-03 20:00"), "知悉": KNOWN_AT, "报告": REPORTED_AT},
    REPORTED_AT,
)
STAGED = on_case(
    stages=(
        Stage("first", "首报", said("知悉后30分钟内")),
        Stage("follow", "续报", said("首报后24小时内")),
        Stage("final", "终报", said("结案后5个工作日内")),
    )
)


def found(duty: Duty, event: Event = CASE, of: Plan | None = None) -> list[tuple[str, str, str]]:
    tasks = event_occurrences(of or plan(duty), duty, event, CLOCK)
    return [(one.key, wall(one.opens_at), wall(one.due_at)) for one in tasks]


def test_the_clock_runs_from_the_time_known_at_night_on_a_holiday() -> None:
    warning = on_case(when=When(said("期初"), said("知悉后30分钟内")))
    assert found(warning) == [
        ("p/E2026-0001/report/药学院", "2026-10-03 23:10", "2026-10-03 23:40")
    ]


def test_a_stage_waits_until_its_mark_is_known() -> None:
    assert [key for key, _, _ in found(STAGED)] == ["p/E2026-0001/report.first/药学院"]


def test_the_first_report_starts_the_clock_of_the_next_and_closing_that_of_the_last() -> None:
    marks = {**CASE.marks, "首报": at("2026-10-03 23:35"), "结案": at("2026-10-12 15:00")}
    assert found(STAGED, replace(CASE, marks=marks))[1:] == [
        ("p/E2026-0001/report.follow/药学院", "2026-10-03 23:35", "2026-10-04 23:35"),
        ("p/E2026-0001/report.final/药学院", "2026-10-12 15:00", "2026-10-19 17:30"),
    ]


def test_working_hours_wait_for_the_office_to_open() -> None:
    talk = on_case(when=When(said("期初"), said("知悉后4个工作小时内")))
    assert found(talk)[0][2] == "2026-10-08 12:00"


def test_an_event_reported_late_gives_no_time_back() -> None:
    warning = on_case(when=When(said("期初"), said("知悉后30分钟内")))
    late = replace(CASE, reported_at=at("2026-10-04 09:00"))
    (one,) = open_event(plan(warning), warning, late, CLOCK, at("2026-10-04 09:00"))
    assert (wall(one.due_at), one.late_by_system) == ("2026-10-03 23:40", False)


def test_an_event_of_another_type_is_none_of_the_dutys_business() -> None:
    assert found(STAGED, replace(CASE, type="drill")) == []


def test_every_named_unit_and_the_unit_concerned_have_their_own_task() -> None:
    both = replace(
        on_case(when=When(said("期初"), said("知悉后2小时内"))), responsible=("保卫处", EVENT_UNIT)
    )
    assert [key.rsplit("/", 1)[1] for key, _, _ in found(both)] == ["保卫处", "药学院"]


@pytest.mark.parametrize(
    ("field", "op", "value", "met"),
    [
        ("loss", ">=", "50000", True),
        ("loss", "<", "50000", False),
        ("loss", "=", "80,000", True),
        ("who", "=", "学生", True),
        ("who", "!=", "教职工", True),
        ("known", "=", "是", True),
        ("who", "=", "教职工、学生", True),
        ("who", "!=", "教职工、学生", False),
        ("who", "!=", "教职工、家长", True),
        ("missing", "!=", "学生", False),
    ],
)
def test_conditions_compare_numbers_as_numbers_and_an_empty_field_never_holds(
    field: str, op: str, value: str, met: bool
) -> None:
    assert holds(Condition(field, op, value), CASE.fields) is met


def test_all_conditions_must_hold() -> None:
    large = on_case(
        when=When(said("期初"), said("知悉后2小时内")),
        conditions=(Condition("loss", ">=", "50000"), Condition("who", "=", "教职工")),
    )
    assert found(large) == []
