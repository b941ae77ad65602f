"""Where a school departs from the national calendar: rest, work, or another day's lessons."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from responsibilities.calendars.dates import Form, Path, Span, read_day
from responsibilities.calendars.terms import Term
from responsibilities.words import Words

_KEYS = ("date", "dates", "work", "applies_to", "lessons_of", "reason")
_WHO: Mapping[str, str] = {
    "students": "students",
    "学生": "students",
    "staff": "staff",
    "教职工": "staff",
}
_LESSONS = re.compile(r"第\s*(\d{1,2})\s*(?:教学)?周\s*(?:星期|周)([一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Override:
    """One day that differs, for staff (working days), students (teaching days) or both."""

    day: date
    work: bool
    staff: bool
    students: bool
    lessons: date | None
    """The day whose timetable is taught, where the school says so (调课)."""
    reason: str


def read_overrides(
    form: Form, path: Path, data: object, terms: Sequence[Term]
) -> tuple[Override, ...]:
    """The list `overrides:` of one academic year, one value per day; later entries win."""
    found: dict[tuple[date, bool, bool], Override] = {}
    for i, item in enumerate(form.sequence(path, data)):
        for one in _read(form, (*path, i), item, terms):
            found[one.day, one.staff, one.students] = one
    return tuple(sorted(found.values(), key=lambda o: (o.day, o.staff, o.students)))


def _read(form: Form, path: Path, data: object, terms: Sequence[Term]) -> Iterator[Override]:
    item = form.mapping(path, data, _KEYS)
    key = "dates" if "dates" in item else "date"
    span = form.span((*path, key), item.get(key))
    if span is None:
        if item.get(key) is None:
            form.note(path, "missing", Words("缺少 date 或 dates", "`date` or `dates` is missing"))
        return
    work = form.truth((*path, "work"), item.get("work"))
    lessons = _read_lessons(form, (*path, "lessons_of"), item.get("lessons_of"), span, terms)
    if work is None and item.get("lessons_of") is None:
        what = Words("应说明 work: true 或 false", "say `work: true` or `work: false`")
        form.note(path, "missing", what)
        return
    if work is False and lessons is not None:
        what = Words("休息日不能同时上课", "a rest day cannot have lessons")
        form.note((*path, "lessons_of"), "contradiction", what)
        return
    who = _read_who(form, (*path, "applies_to"), item.get("applies_to"))
    reason = form.text((*path, "reason"), item.get("reason"), "")
    for day in span.days():
        yield Override(day, work is not False, "staff" in who, "students" in who, lessons, reason)


def _read_who(form: Form, path: Path, data: object) -> frozenset[str]:
    """Both, unless the school says otherwise."""
    if data is None:
        return frozenset(("staff", "students"))
    listed = [data] if isinstance(data, str) else form.sequence(path, data)
    for name in listed:
        if str(name) not in _WHO:
            what = Words(f"不认识的对象“{name}”", f"unknown group “{name}”")
            right = Words("可用 students（学生）、staff（教职工）", "`students` or `staff`")
            form.note(path, "unknown-group", what, right)
    return frozenset(_WHO[str(name)] for name in listed if str(name) in _WHO)


def _read_lessons(
    form: Form, path: Path, data: object, span: Span, terms: Sequence[Term]
) -> date | None:
    """`第3周星期二`, within the term of the day, or a plain date."""
    if data is None or (day := read_day(data)) is not None:
        return day if data is not None else None
    match = _LESSONS.fullmatch(str(data).strip())
    term = next((t for t in terms if t.first <= span.first <= t.last), None)
    if match is None or term is None or not 0 <= int(match[1]) <= term.weeks:
        what = Words(f"“{data}”不是该学期的上课日", f"“{data}” is no day of lessons in that term")
        right = Words("应写作 第3周星期二，周次不超过本学期周数", "write e.g. 第3周星期二")
        form.note(path, "bad-lessons", what, right)
        return None
    weekday = _WEEKDAYS.index(match[2].replace("天", "日"))
    return term.monday(int(match[1])) + timedelta(days=weekday)
