"""红黄绿: where a task stands, from its index and the time."""

from dataclasses import replace

import pytest

from responsibilities.standing import is_late, standing
from responsibilities.tasks import Standing, State
from tests.responsibilities.small_plans import CLOCK, at, task

NOVEMBER = task("2026-11-02 08:00", "2026-11-20 17:30")


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-11-10 09:00", Standing.ON_TRACK),
        ("2026-11-17 09:00", Standing.DUE_SOON),  # three working days before
        ("2026-11-20 17:30", Standing.DUE_SOON),  # 前 is inclusive
        ("2026-11-20 17:31", Standing.OVERDUE),
    ],
)
def test_an_open_task_turns_yellow_then_red(now: str, found: Standing) -> None:
    assert standing(NOVEMBER, at(now), CLOCK) is found


def test_the_last_third_of_a_long_window_is_due_soon() -> None:
    long = task("2026-09-07 08:00", "2026-12-31 17:30")
    assert standing(long, at("2026-11-30 08:00"), CLOCK) is Standing.DUE_SOON
    assert standing(long, at("2026-11-20 08:00"), CLOCK) is Standing.ON_TRACK


def test_over_a_holiday_three_working_days_are_many_days() -> None:
    one = task("2026-02-02 08:00", "2026-02-26 17:30")
    assert standing(one, at("2026-02-14 09:00"), CLOCK) is Standing.DUE_SOON


def test_under_review_it_is_nobodys_delay() -> None:
    one = replace(NOVEMBER, state=State.SUBMITTED, submitted_at=at("2026-11-19 10:00"))
    assert standing(one, at("2026-12-19 10:00"), CLOCK) is Standing.UNDER_REVIEW
    assert not is_late(one, at("2026-12-19 10:00"))


@pytest.mark.parametrize(
    ("submitted", "found"),
    [("2026-11-20 17:30", Standing.DONE), ("2026-11-20 17:31", Standing.DONE_LATE)],
)
def test_the_unit_is_judged_on_its_submission_not_on_the_review(
    submitted: str, found: Standing
) -> None:
    one = replace(
        NOVEMBER, state=State.CLOSED, outcome="accepted",
        submitted_at=at(submitted), closed_at=at("2026-12-15 09:00"),
    )  # fmt: skip
    assert standing(one, at("2027-01-01 00:00"), CLOCK) is found


def test_late_completion_stays_visible_for_ever() -> None:
    one = replace(
        NOVEMBER, state=State.CLOSED, outcome="accepted",
        submitted_at=at("2026-11-25 09:00"), closed_at=at("2026-11-26 09:00"),
    )  # fmt: skip
    assert standing(one, at("2036-01-01 00:00"), CLOCK) is Standing.DONE_LATE


def test_a_date_that_we_or_the_office_moved_is_the_date_that_counts() -> None:
    one = replace(
        NOVEMBER, due_at=at("2026-11-30 17:30"), late_by_system=True, state=State.CLOSED,
        outcome="accepted", submitted_at=at("2026-11-25 09:00"), closed_at=at("2026-11-26 09:00"),
    )  # fmt: skip
    assert standing(one, at("2026-12-01 00:00"), CLOCK) is Standing.DONE


@pytest.mark.parametrize(
    ("outcome", "found"), [("waived", Standing.WAIVED), ("lapsed", Standing.LAPSED)]
)
def test_an_excused_task_is_never_late(outcome: str, found: Standing) -> None:
    one = replace(NOVEMBER, state=State.CLOSED, outcome=outcome, closed_at=at("2026-12-26 09:00"))
    assert standing(one, at("2026-12-27 00:00"), CLOCK) is found
    assert not is_late(one, at("2026-12-27 00:00"))


def test_beyond_the_calendars_plain_days_decide() -> None:
    one = task("2027-12-01 08:00", "2028-01-04 17:30")
    assert standing(one, at("2027-12-31 09:00"), CLOCK) is Standing.DUE_SOON
