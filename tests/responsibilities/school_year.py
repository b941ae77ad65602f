"""An invented school year and the packaged national calendar, for the tests of the time layer."""

from datetime import time
from functools import cache

from responsibilities.calendars.clock import Clock, OfficeHours
from responsibilities.calendars.dates import read_yaml
from responsibilities.calendars.school import SchoolCalendar, read_school
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.problem import Problem
from storage.calendars import national

SCHOOL = """\
"2025-2026":
  status: published
  terms:
    - staff_return: 2025-09-05
      students_register: 2025-09-06..2025-09-07
      freshmen_register: 2025-09-13
      teaching: {week1: 2025-09-08, weeks: 18, prep_week: true}
      exams: 2026-01-05..2026-01-16
      students_leave: 2026-01-17
      staff_leave: 2026-01-24
    - staff_return: 2026-02-27
      students_register: 2026-03-01
      teaching: {week1: 2026-03-02, weeks: 18}
      exams: 2026-06-29..2026-07-10
      students_leave: 2026-07-11
      staff_leave: 2026-07-18
"2026-2027":
  status: draft
  terms:
    - id: 2026-27-1
      staff_return: 2026-08-28
      students_register: 2026-09-05..2026-09-06
      freshmen_register: 2026-09-12
      teaching: {week1: 2026-09-07, weeks: 18, prep_week: true}
      exams: 2027-01-11..2027-01-22
      students_leave: 2027-01-23
      staff_leave: 2027-01-29
    - id: 2026-27-2
      staff_return: 2027-02-26
      students_register: 2027-02-28
      teaching: {week1: 2027-03-01, weeks: 18}
      exams: 2027-06-28..2027-07-09
      students_leave: 2027-07-10
      staff_leave: 2027-07-16
  overrides:
    - {date: 2026-09-26, work: true, lessons_of: 第3周星期二, reason: 调课}
    - {dates: 2026-09-28..2026-09-30, work: false, applies_to: [students, staff], reason: 秋假}
    - {date: 2026-10-29, work: false, applies_to: students, reason: 运动会停课}
    - {date: 2026-11-27, work: false, applies_to: [教职工], reason: 教职工大会}
  anchors: {录取通知书寄发: 2026-07-15, 运动会: 2026-10-29}
"""

HOURS = OfficeHours(((time(8), time(12)), (time(14), time(17, 30))))


def school_from(text: str) -> tuple[SchoolCalendar | None, tuple[Problem, ...]]:
    """A `school:` section read on its own; places are those of `text` as `school.yaml`."""
    data, form = read_yaml(text, "school.yaml")
    assert not form.problems
    return read_school(data, form.place)


@cache
def school() -> SchoolCalendar:
    """The two invented years above."""
    calendar, problems = school_from(SCHOOL)
    assert calendar is not None
    assert problems == ()
    return calendar


@cache
def nation() -> WorkingDays:
    """The packaged years, without any school's exceptions."""
    return WorkingDays(national()[0])


@cache
def working() -> WorkingDays:
    """The packaged years with the invented school's exceptions for staff."""
    return WorkingDays(national()[0], school().staff_overrides)


@cache
def clock(zone: str = "Asia/Shanghai") -> Clock:
    """Office 08:00-12:00, 14:00-17:30 in `zone`."""
    return Clock(zone, HOURS, working(), school())
