"""The ladder, rule by rule, and the bugs of other ladders by the names of their threads."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from responsibilities.ladder import advance, first_wake, preview, restart
from responsibilities.outages import after_review
from responsibilities.plan import Role, Step
from responsibilities.tasks import Advance, Outage, State, Task
from tests.responsibilities.small_plans import CLOCK, ORDINARY, at, step, task, wall

NOVEMBER = task("2026-11-02 08:00", "2026-11-20 17:30")


def told(found: Advance) -> list[str]:
    return [tell.step.text for tell in found.tells]


def look(one: Task, now: str, *, steps: tuple[Step, ...] = ORDINARY, outage: Outage | None = None
         ) -> Advance:  # fmt: skip
    return advance(one, steps, CLOCK, at(now), outage)


def after(one: Task, found: Advance) -> Task:
    """The index once `found` has been carried out."""
    if found.move_due_to is not None:
        one = replace(one, due_at=found.move_due_to, late_by_system=True)
    return replace(one, step=found.step, review_step=found.review_step, wake_at=found.wake_at)


def year_of(one: Task, *, steps: tuple[Step, ...] = ORDINARY) -> list[tuple[str, str]]:
    """What is told, and when, if nobody ever does anything."""
    wake = first_wake(steps, one.opens_at, one.due_at, one.lapses_at, CLOCK, one.opened_at)
    one, found = replace(one, step=wake.step, wake_at=wake.wake_at), []
    while one.wake_at is not None:
        now = one.wake_at
        answer = advance(one, steps, CLOCK, now)
        found += [(wall(now), text) for text in told(answer)]
        one = after(one, answer)
    return found


def test_an_ignored_task_climbs_to_the_group_leader_on_working_mornings() -> None:
    assert year_of(NOVEMBER) == [
        ("2026-11-17 08:00", "截止前3个工作日"),
        ("2026-11-20 08:00", "截止当日"),
        ("2026-11-23 08:00", "逾期1个工作日"),
        ("2026-11-25 08:00", "逾期3个工作日"),
        ("2026-11-30 08:00", "逾期5个工作日"),  # the 27th is a staff day
    ]


def test_minutes_are_exact_at_night_on_a_holiday() -> None:
    steps = (step("下达时", Role.CONTACT), step("逾期30分钟", Role.GROUP_LEADER, urgent=True))
    warning = task("2026-10-03 23:10", "2026-10-03 23:40")
    assert year_of(warning, steps=steps) == [("2026-10-04 00:10", "逾期30分钟")]


def test_a_fraction_of_the_window_counts_working_time_unless_told_otherwise() -> None:
    one = task("2026-11-02 08:00", "2026-11-13 17:30")
    working = preview((step("剩余30%"),), one.opens_at, one.due_at, CLOCK)
    always = preview((step("剩余30%（全时）"),), one.opens_at, one.due_at, CLOCK)
    assert [wall(instant) for instant, _ in working] == ["2026-11-10 17:30"]
    assert [wall(instant) for instant, _ in always] == ["2026-11-10 07:27"]


def test_steps_counted_in_plain_days_remind_early_and_judge_late() -> None:
    steps = (step("截止前5日"), step("逾期2日"))
    one = task("2026-11-02 08:00", "2026-11-20 17:30")
    dated = preview(steps, one.opens_at, one.due_at, CLOCK)
    assert [wall(instant) for instant, _ in dated] == ["2026-11-13 08:00", "2026-11-23 08:00"]


def test_steps_are_told_in_order_of_time_not_of_writing() -> None:
    steps = (step("截止前3个工作日"), step("剩余30%"), step("截止当日"))
    long = task("2026-09-07 08:00", "2026-11-20 17:30", step=0)
    assert [text for _, text in year_of(long, steps=steps)] == [
        "剩余30%", "截止前3个工作日", "截止当日",
    ]  # fmt: skip


def test_a_date_that_moves_never_reorders_what_was_told() -> None:
    steps = (step("截止前3个工作日"), step("剩余30%"), step("逾期1个工作日"))
    short = task("2026-11-16 08:00", "2026-11-20 17:30", step=0)
    first = look(short, "2026-11-17 08:00", steps=steps)
    assert told(first) == ["截止前3个工作日"]
    extended = replace(after(short, first), due_at=at("2026-12-31 17:30"))
    answer = look(extended, "2027-02-01 08:00", steps=steps)
    assert told(answer) == ["剩余30%", "逾期1个工作日"]


def test_a_new_task_has_its_opening_step_behind_it() -> None:
    start = first_wake(
        ORDINARY, NOVEMBER.opens_at, NOVEMBER.due_at, None, CLOCK, NOVEMBER.opened_at
    )
    assert (start.step, wall(start.wake_at)) == (1, "2026-11-17 08:00")


def test_steps_that_were_past_when_the_task_opened_are_folded_into_the_opening() -> None:
    late = task("2026-11-02 08:00", "2026-11-20 17:30", opened="2026-11-18 09:00")
    start = first_wake(ORDINARY, late.opens_at, late.due_at, None, CLOCK, late.opened_at)
    assert (start.step, wall(start.wake_at)) == (2, "2026-11-20 08:00")


def test_a_task_that_opens_overdue_is_chased_at_once_but_not_reminded() -> None:
    late = task("2026-11-02 08:00", "2026-11-20 17:30", opened="2026-11-24 09:00")
    start = first_wake(ORDINARY, late.opens_at, late.due_at, None, CLOCK, late.opened_at)
    assert start.step == 3
    assert told(look(replace(late, step=start.step), "2026-11-24 09:00")) == ["逾期1个工作日"]


def test_several_steps_passed_at_once_are_all_told_in_order() -> None:
    answer = look(NOVEMBER, "2026-11-26 08:00")
    assert told(answer) == ["截止前3个工作日", "截止当日", "逾期1个工作日", "逾期3个工作日"]
    assert [wall(tell.at) for tell in answer.tells][-1] == "2026-11-25 08:00"
    assert wall(answer.wake_at) == "2026-11-30 08:00"


def test_asked_again_the_ladder_has_nothing_more_to_say() -> None:
    now = "2026-11-26 08:00"
    assert told(look(after(NOVEMBER, look(NOVEMBER, now)), now)) == []


def test_under_review_the_unit_is_left_alone_and_the_reviewer_is_chased() -> None:
    handed_in = replace(
        NOVEMBER, state=State.SUBMITTED, attempt=1, submitted_at=at("2026-11-18 10:00")
    )
    answer = look(handed_in, "2026-11-24 08:00")
    assert told(answer) == ["报结后3个工作日"]
    assert (answer.step, answer.review_step) == (handed_in.step, 1)
    assert wall(answer.wake_at) == "2026-11-25 08:00"
    assert told(look(after(handed_in, answer), "2026-12-31 08:00")) == ["报结后5个工作日"]


def test_every_attempt_chases_the_reviewer_anew() -> None:
    second = replace(
        NOVEMBER, state=State.SUBMITTED, attempt=2, review_step=0,
        submitted_at=at("2026-11-30 10:00"),
    )  # fmt: skip
    assert told(look(second, "2026-12-03 08:00")) == ["报结后3个工作日"]


def test_returned_the_task_goes_on_where_it_stood_and_the_review_is_not_its_time() -> None:
    handed_in = replace(
        NOVEMBER, state=State.SUBMITTED, submitted_at=at("2026-11-18 10:00"), step=2
    )
    due = after_review(handed_in, CLOCK, at("2026-11-25 10:00"))
    assert wall(due) == "2026-11-30 17:30"  # 27 November is a staff day
    back = replace(handed_in, state=State.OPEN, due_at=due)
    answer = look(back, "2026-11-25 10:00")
    assert (told(answer), wall(answer.wake_at)) == ([], "2026-11-30 08:00")


def test_an_extension_restarts_the_ladder_at_the_first_step_still_to_come() -> None:
    now, due = at("2026-11-24 09:00"), at("2026-12-04 17:30")
    place = restart(ORDINARY, NOVEMBER.opens_at, due, CLOCK, now, NOVEMBER.original_due_at)
    extended = replace(NOVEMBER, round=1, step=place, due_at=due)
    assert told(look(extended, "2026-12-01 08:00")) == ["截止前3个工作日"]


def test_an_extension_granted_late_does_not_repeat_what_is_past() -> None:
    now, due = at("2026-12-03 09:00"), at("2026-12-04 17:30")
    place = restart(ORDINARY, NOVEMBER.opens_at, due, CLOCK, now, NOVEMBER.original_due_at)
    extended = replace(NOVEMBER, round=1, step=place, due_at=due)
    assert told(look(extended, "2026-12-04 08:00")) == ["截止当日"]


def test_a_task_that_lapses_is_told_nothing_more() -> None:
    one = task("2026-11-02 08:00", "2026-11-20 17:30", lapses="2026-11-24 17:30", step=4)
    assert wall(look(one, "2026-11-24 09:00").wake_at) == "2026-11-24 17:30"
    answer = look(one, "2026-12-24 08:00")
    assert (answer.lapse, told(answer), answer.wake_at) == (True, [], None)


def test_what_is_under_review_does_not_lapse() -> None:
    one = task("2026-11-02 08:00", "2026-11-20 17:30", lapses="2026-11-24 17:30",
               state=State.SUBMITTED, submitted_at=at("2026-11-24 10:00"))  # fmt: skip
    assert not look(one, "2026-11-25 08:00").lapse


DOWN = Outage(at("2026-11-18 12:00"), at("2026-11-23 09:00"))


def test_time_lost_to_our_outage_is_given_back_from_when_we_were_up_again() -> None:
    answer = look(replace(NOVEMBER, step=2), "2026-11-23 09:00", outage=DOWN)
    # 2 days and 5½ hours were left; two days and a half from Monday morning is Wednesday's close
    assert wall(answer.move_due_to) == "2026-11-25 17:30"
    assert told(answer) == []
    assert wall(answer.wake_at) == "2026-11-25 08:00"


def test_an_outage_is_made_up_for_once() -> None:
    moved = after(NOVEMBER, look(NOVEMBER, "2026-11-23 09:00", outage=DOWN))
    assert look(moved, "2026-11-23 09:00", outage=DOWN).move_due_to is None


def test_an_hour_down_moves_nothing_that_is_due_days_later() -> None:
    hour = Outage(at("2026-11-10 09:00"), at("2026-11-10 10:00"))
    assert look(NOVEMBER, "2026-11-10 10:00", outage=hour).move_due_to is None


def test_a_weekend_down_takes_nothing_from_a_matter_of_days_but_a_warning_waits() -> None:
    weekend = Outage(at("2026-11-13 18:00"), at("2026-11-16 07:00"))
    days = task("2026-11-09 08:00", "2026-11-16 17:30")
    assert look(days, "2026-11-16 07:00", outage=weekend).move_due_to is None
    warning = task("2026-11-13 17:50", "2026-11-13 18:20")
    assert wall(look(warning, "2026-11-16 07:00", outage=weekend).move_due_to) == "2026-11-16 07:20"


def test_what_was_overdue_before_we_went_down_stays_overdue() -> None:
    down = Outage(at("2026-11-23 12:00"), at("2026-11-26 09:00"))
    answer = look(replace(NOVEMBER, step=4), "2026-11-26 09:00", outage=down)
    assert answer.move_due_to is None
    assert [(tell.step.text, tell.late_by_system) for tell in answer.tells] == [
        ("逾期3个工作日", True)
    ]


def test_a_short_window_is_made_up_for_to_the_minute() -> None:
    warning = task("2026-10-03 23:10", "2026-10-03 23:40")
    down = Outage(at("2026-10-03 23:20"), at("2026-10-04 01:00"))
    steps = (step("下达时"), step("逾期30分钟"))
    answer = look(warning, "2026-10-04 01:00", steps=steps, outage=down)
    assert wall(answer.move_due_to) == "2026-10-04 01:20"
    assert wall(answer.wake_at) == "2026-10-04 01:50"


def test_beyond_the_calendars_a_task_wakes_daily_and_says_so() -> None:
    one = task("2027-12-20 08:00", "2027-12-30 17:30", step=3)
    answer = look(one, "2027-12-30 18:00")
    assert (answer.unknown, wall(answer.wake_at)) == (False, "2027-12-31 08:00")
    answer = look(after(one, answer), "2027-12-31 08:00")
    assert (told(answer), answer.unknown) == (["逾期1个工作日"], True)
    assert wall(answer.wake_at) == "2028-01-01 08:00"


# The threads under P3 of the feature study: what went wrong elsewhere.


def test_goalert_4548_a_step_that_reaches_nobody_does_not_hold_up_the_next() -> None:
    empty = replace(ORDINARY[3], to=())
    steps = (*ORDINARY[:3], empty, *ORDINARY[4:])
    assert year_of(NOVEMBER, steps=steps) == year_of(NOVEMBER)


def test_oncall_4846_a_ladder_that_starts_on_a_holiday_waits_for_the_first_morning_back() -> None:
    one = task("2026-09-24 08:00", "2026-09-30 17:30")
    chases = [row for row in year_of(one) if row[1].startswith("逾期")]
    assert chases[0] == ("2026-10-08 08:00", "逾期1个工作日")


@pytest.mark.parametrize("outcome", ["accepted", "waived", "lapsed"])
def test_oncall_4654_nothing_is_told_once_a_task_is_done(outcome: str) -> None:
    done = replace(NOVEMBER, state=State.CLOSED, outcome=outcome, closed_at=at("2026-11-18 10:00"))
    answer = look(done, "2026-12-31 08:00", outage=DOWN)
    assert (told(answer), answer.wake_at, answer.move_due_to) == ([], None, None)


def test_oncall_4760_a_task_handed_in_between_two_steps_stops_the_second() -> None:
    chased = after(NOVEMBER, look(NOVEMBER, "2026-11-23 08:00"))
    handed_in = replace(chased, state=State.SUBMITTED, submitted_at=at("2026-11-23 08:00"))
    assert told(look(handed_in, "2026-11-25 08:00")) == []


def test_oncall_1206_a_ladder_resumes_after_the_quiet_days_of_a_holiday() -> None:
    one = task("2026-09-24 08:00", "2026-09-30 17:30")
    assert [text for _, text in year_of(one)][-3:] == [
        "逾期1个工作日", "逾期3个工作日", "逾期5个工作日",
    ]  # fmt: skip


def test_oncall_3111_no_ladder_fires_months_later() -> None:
    last = year_of(NOVEMBER)[-1][0]
    assert last < "2026-12-01"
    finished = replace(NOVEMBER, step=len(ORDINARY) - 2)
    assert look(finished, "2027-03-01 08:00").wake_at is None
    asleep = Outage(at("2026-11-03 08:00"), at("2027-03-01 08:00"))
    answer = look(NOVEMBER, "2027-03-01 08:00", outage=asleep)
    assert told(answer) == []
    assert answer.move_due_to is not None
    assert answer.move_due_to > at("2027-03-01 08:00")


def test_oncall_1792_a_task_acknowledged_and_forgotten_is_chased_all_the_same() -> None:
    handed_in = replace(NOVEMBER, state=State.SUBMITTED, submitted_at=at("2026-11-18 10:00"))
    assert told(look(handed_in, "2026-11-26 08:00")) == ["报结后3个工作日", "报结后5个工作日"]
    returned = replace(handed_in, state=State.OPEN, submitted_at=None)
    assert "逾期3个工作日" in told(look(returned, "2026-11-26 08:00"))


def test_oncall_3870_an_extension_quiets_its_own_task_and_no_other() -> None:
    other = replace(NOVEMBER, id=2, key="p/2026-11/report/药学院")
    extended = replace(NOVEMBER, round=1, due_at=at("2026-12-04 17:30"), step=3)
    now = "2026-11-23 08:00"
    assert (told(look(extended, now)), "逾期1个工作日" in told(look(other, now))) == ([], True)


def test_oncall_4062_the_reviewer_of_an_urgent_task_is_chased_within_minutes() -> None:
    steps = (step("下达时"), step("报结后15分钟", Role.REVIEWER))
    handed_in = replace(
        task("2026-10-03 23:10", "2026-10-03 23:40"),
        state=State.SUBMITTED, submitted_at=at("2026-10-03 23:30"),
    )  # fmt: skip
    assert wall(look(handed_in, "2026-10-03 23:31", steps=steps).wake_at) == "2026-10-03 23:45"


def test_the_ladder_reads_as_dated_sentences() -> None:
    dated = preview(ORDINARY, NOVEMBER.opens_at, NOVEMBER.due_at, CLOCK)
    assert [f"{wall(instant)} {one.text}" for instant, one in dated][:2] == [
        "2026-11-02 08:00 下达时",
        "2026-11-17 08:00 截止前3个工作日",
    ]


def test_the_answer_does_not_depend_on_how_often_it_is_asked() -> None:
    one, heard = NOVEMBER, []
    now: datetime = one.opened_at
    while now < at("2026-12-10 00:00"):
        answer = advance(one, ORDINARY, CLOCK, now)
        heard += told(answer)
        one, now = after(one, answer), now + timedelta(hours=7)
    assert heard == [text for _, text in year_of(NOVEMBER)]
