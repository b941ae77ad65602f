"""The worked plan compiles, and its dates are what an office would expect in autumn 2026."""

from datetime import UTC, datetime
from functools import cache

from responsibilities.calendars.clock import Clock
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.occurrences import occurrences
from responsibilities.tasks import Occurrence
from storage.calendars import national
from tests.plans.test_anti_fraud import CLAUSES, DUTIES, PLAN


@cache
def nation() -> WorkingDays:
    years, problems = national()
    assert problems == ()
    return WorkingDays(years)


@cache
def compiled() -> Compiled:
    files = [file for file in PLAN.rglob("*") if file.is_file()]
    texts = {file.relative_to(PLAN).as_posix(): file.read_text("utf-8") for file in files}
    return compile_plan(texts, nation())


def autumn(duty_id: str) -> list[Occurrence]:
    """The tasks of a duty that open in the autumn term of 2026."""
    plan = compiled().plan
    assert plan is not None
    duty = next(duty for duty in plan.duties if duty.id == duty_id)
    clock = Clock(plan.zone, plan.hours, nation(), plan.school)
    term = (datetime(2026, 8, 20, tzinfo=UTC), datetime(2027, 1, 10, tzinfo=UTC))
    return list(occurrences(plan, duty, clock, *term))


def test_the_plan_compiles_without_a_single_problem_and_loses_nothing() -> None:
    assert compiled().problems == ()
    plan = compiled().plan
    assert plan is not None
    assert {duty.id for duty in plan.duties} == set(DUTIES)
    assert [clause.id for clause in plan.clauses] == list(CLAUSES)


def test_the_week_of_the_autumn_break_asks_for_no_weekly_reminder() -> None:
    """28 September to 4 October 2026 has no working day: the reminder of week 4 is not asked for,
    and that of week 3, whose Friday is 中秋, is due the Thursday before."""
    reminders = [task for task in autumn("xsc-weekly-reminder") if task.unit == "hlxy"]
    assert [task.period[-3:] for task in reminders[:5]] == ["W01", "W02", "W03", "W05", "W06"]
    assert len(reminders) == 16
    assert reminders[2].due_at == datetime(2026, 9, 24, 9, tzinfo=UTC)


def test_the_october_bulletin_is_due_when_the_office_is_back() -> None:
    """The 5th of October is a holiday: due on the 8th, about September."""
    bulletin = next(t for t in autumn("bwc-bulletin") if t.period == "2026-10")
    assert bulletin.due_at == datetime(2026, 10, 8, 9, tzinfo=UTC)
    assert bulletin.subject == "2026-09"


def test_one_off_duties_fall_due_from_september_to_june() -> None:
    months = {
        task.due_at.strftime("%Y-%m")
        for one, duty in DUTIES.items()
        if "once" in duty
        for task in autumn(one)
    }
    assert months == {"2026-09", "2026-10", "2026-11", "2027-03", "2027-06"}
