"""The school calendar declared with the plan: terms, teaching weeks, vacations, exceptions."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from responsibilities.calendars.academic import (
    AcademicYear,
    Declared,
    NamedDay,
    Vacation,
    read_academic_year,
    vacation_after,
)
from responsibilities.calendars.counted import CountedDays
from responsibilities.calendars.dates import ONE_DAY, Form, PlaceOf, Span
from responsibilities.calendars.overrides import Override
from responsibilities.calendars.terms import ANCHORS, TeachingWeek, Term, anchor_word
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.problem import Problem
from responsibilities.words import Refused, Words

__all__ = [
    "ANCHORS",
    "AcademicYear",
    "BeyondSchoolCalendar",
    "Override",
    "SchoolCalendar",
    "TeachingDays",
    "TeachingWeek",
    "Term",
    "Vacation",
    "anchor_word",
    "read_school",
]


class BeyondSchoolCalendar(Refused):
    """A day was asked for that no declared academic year covers."""

    def __init__(self, day: date, held: Span | None) -> None:
        start = day.year if day.month >= 9 else day.year - 1
        self.year = f"{start}-{start + 1}"
        known = f"已声明 {held.first} 至 {held.last}" if held else "目前没有校历"
        english = f"declared from {held.first} to {held.last}" if held else "none is declared"
        super().__init__(
            Words(
                f"{self.year}学年的校历尚无 {day} 的安排（{known}），"
                "请在方案的 school 一节补充后再试。",
                f"The school calendar of {self.year} does not cover {day} ({english}); "
                "declare it in the plan's `school` section, then try again.",
            )
        )


class TeachingDays(CountedDays):
    """The teaching days of the declared years, with the same questions as `WorkingDays`."""

    __slots__ = ("_school", "_working")

    def __init__(self, school: "SchoolCalendar", working: WorkingDays) -> None:
        self._school, self._working = school, working
        span = Span(max(school.first, working.first), min(school.last, working.last))
        if span.last < span.first:
            raise working.beyond(school.first)
        teaching = (day for day in span.days() if school.is_teaching_day(day, working))
        super().__init__(teaching, span.first, span.last)

    def beyond(self, day: date) -> Refused:
        """Either the school's year is missing, or the nation's."""
        if self._school.first <= day <= self._school.last:
            return self._working.beyond(day)
        return self._school.beyond(day)


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """Everything a school declares about its time; answers only for the declared years."""

    years: tuple[AcademicYear, ...]
    """At least one, each following the other without a gap."""
    terms: tuple[Term, ...]
    """In order of time, not overlapping."""
    named: tuple[NamedDay, ...]
    """Free anchors (录取通知书寄发, …): one date per academic year that gives it."""
    overrides: tuple[Override, ...]
    _weeks: tuple[TeachingWeek, ...] = field(init=False, repr=False, compare=False)
    _mondays: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _students: Mapping[date, Override] = field(init=False, repr=False, compare=False)
    _vacations: tuple[Vacation, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        weeks = tuple(week for term in self.terms for week in term.teaching_weeks())
        object.__setattr__(self, "_weeks", weeks)
        object.__setattr__(self, "_mondays", tuple(week.first for week in weeks))
        object.__setattr__(self, "_students", {o.day: o for o in self.overrides if o.students})
        following = [*self.terms[1:], None]
        pairs = zip(self.terms, following, strict=True)
        found = (vacation_after(term, after, self.last) for term, after in pairs)
        object.__setattr__(self, "_vacations", tuple(v for v in found if v is not None))

    @property
    def first(self) -> date:
        """The first day this calendar answers for."""
        return self.years[0].first

    @property
    def last(self) -> date:
        """The last day this calendar answers for."""
        return self.years[-1].last

    @property
    def anchors(self) -> dict[str, tuple[date, ...]]:
        """The free anchors by name, with their dates."""
        return {one.name: self.anchor_dates(one.name) for one in self.named}

    @property
    def staff_overrides(self) -> dict[date, bool]:
        """The exceptions that change working days: give them to `WorkingDays`."""
        return {o.day: o.work for o in self.overrides if o.staff}

    def beyond(self, day: date) -> BeyondSchoolCalendar:
        """What to raise for a day outside the declared years."""
        return BeyondSchoolCalendar(day, Span(self.first, self.last))

    def academic_years(self) -> tuple[AcademicYear, ...]:
        """The declared academic years in order."""
        return self.years

    def year_of(self, day: date) -> AcademicYear:
        """The academic year `day` lies in."""
        for year in self.years:
            if year.first <= day <= year.last:
                return year
        raise self.beyond(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the school has only drafted the year of `day`."""
        return self.year_of(day).draft

    def term_of(self, day: date) -> Term | None:
        """The term `day` lies in; None between terms."""
        self.year_of(day)
        return next((t for t in self.terms if t.first <= day <= t.last), None)

    def vacations(self) -> tuple[Vacation, ...]:
        """The students' vacations; the last one reaches to the end of the declared years."""
        return self._vacations

    def is_vacation(self, day: date) -> bool:
        """Whether the students are on vacation."""
        self.year_of(day)
        return any(v.first <= day <= v.last for v in self._vacations)

    def week_of(self, day: date) -> TeachingWeek | None:
        """The teaching week `day` lies in; None outside the numbered weeks."""
        self.year_of(day)
        i = bisect_right(self._mondays, day) - 1
        return self._weeks[i] if i >= 0 and day <= self._weeks[i].last else None

    def teaching_weeks(self, first: date, last: date) -> Iterator[TeachingWeek]:
        """The teaching weeks with at least one day in [first, last]."""
        if last < first:
            return iter(())
        self.year_of(first)
        self.year_of(last)
        return (week for week in self._weeks if week.first <= last and week.last >= first)

    def shift_weeks(self, day: date, n: int) -> date:
        """The same weekday `n` teaching weeks later (n < 0: earlier).

        From a day in no teaching week the first one after (before) it is one week away, and
        n = 0 is the next one.
        """
        self.year_of(day)
        i = bisect_right(self._mondays, day) - 1
        inside = i >= 0 and day <= self._weeks[i].last
        target = i + n if inside or n > 0 else i + 1 + n
        if not 0 <= target < len(self._weeks):
            raise self.beyond(self.first - ONE_DAY if target < 0 else self.last + ONE_DAY)
        return date.fromordinal(self._mondays[target].toordinal() + day.weekday())

    def is_teaching_day(self, day: date, working: WorkingDays) -> bool:
        """Whether lessons are held: a national working day of a teaching week, from 开课 to 结课,
        or what the school's own exceptions for students make of it.
        """
        week = self.week_of(day)
        own = self._students.get(day)
        if own is not None:
            return own.work and (week is not None or own.lessons is not None)
        if week is None:
            return False
        anchors = week.term.anchors
        in_lessons = anchors["开课"] <= day <= anchors["结课"]
        return in_lessons and working.is_national_working(day)

    def teaching_days(self, working: WorkingDays) -> TeachingDays:
        """The table to count and shift teaching days with; build it once."""
        return TeachingDays(self, working)

    def lessons_on(self, day: date) -> date:
        """The day whose timetable is taught on `day`: itself, unless lessons were moved (调课)."""
        self.year_of(day)
        own = self._students.get(day)
        return own.lessons if own and own.lessons else day

    def anchor_names(self) -> tuple[str, ...]:
        """Every anchor that has a date, as plans write it."""
        of_terms = [word for word in ANCHORS if any(word in t.anchors for t in self.terms)]
        return (*of_terms, *dict.fromkeys(one.name for one in self.named))

    def anchor_periods(self, name: str) -> tuple[tuple[str, date], ...]:
        """(term id or, for a free anchor, academic year id; its date) for each declared date."""
        word = anchor_word(name)
        if word in ANCHORS:
            return tuple((t.id, t.anchors[word]) for t in self.terms if word in t.anchors)
        return tuple((one.year, one.day) for one in self.named if one.name == word)

    def anchor_dates(self, name: str) -> tuple[date, ...]:
        """The dates of an anchor in order; empty where the school has declared none."""
        return tuple(day for _, day in self.anchor_periods(name))


def read_school(data: object, place: PlaceOf) -> tuple[SchoolCalendar | None, tuple[Problem, ...]]:
    """The `school:` section, keyed by academic year; None when no year of it can be used.

    `place` gives the position of a nested key. A year with errors is left out.
    """
    form = Form(place)
    section = form.mapping((), data)
    if not section and not form.errors:
        form.note((), "missing", Words("校历没有声明任何学年", "no academic year is declared"))
    read = [read_academic_year(form, key, item) for key, item in section.items()]
    declared = sorted((d for d in read if d is not None), key=lambda d: d.year.id)
    usable = _contiguous(form, declared)
    if not usable:
        return None, tuple(form.problems)
    calendar = SchoolCalendar(
        years=_years_meeting([d.year for d in usable]),
        terms=tuple(term for d in usable for term in d.terms),
        named=tuple(one for d in usable for one in d.named),
        overrides=tuple(one for d in usable for one in d.overrides),
    )
    return calendar, tuple(form.problems)


def _contiguous(form: Form, declared: Sequence[Declared]) -> list[Declared]:
    """Academic years up to the first gap, overlap or repetition, which is noted."""
    usable: list[Declared] = []
    for one in declared:
        before = usable[-1] if usable else None
        if before and int(one.year.id[:4]) != int(before.year.id[:4]) + 1:
            what = Words(
                f"{before.year.name}之后应为下一学年，而不是{one.year.name}",
                f"{before.year.id} cannot be followed by {one.year.id}",
            )
            form.note((), "gap", what)
            break
        if before and one.terms[0].first <= before.terms[-1].last:
            what = Words(
                f"{one.terms[0].name}开始于上一学期结束（{before.terms[-1].last}）之前",
                f"{one.terms[0].id} begins before {before.terms[-1].id} ends",
            )
            form.note((), "overlap", what)
            break
        if before and before.year.last + ONE_DAY < one.year.first:
            what = Words(
                f"{before.year.name}只声明到 {before.year.last}，缺少其后的学期",
                f"{before.year.id} is declared only to {before.year.last}: a term is missing",
            )
            form.note((), "gap", what)
            break
        usable.append(one)
    return usable


def _years_meeting(years: Sequence[AcademicYear]) -> tuple[AcademicYear, ...]:
    """Each year reaches to the day before the next: staff are often back in August."""
    nexts = [*years[1:], None]
    return tuple(
        replace(year, last=after.first - ONE_DAY) if after else year
        for year, after in zip(years, nexts, strict=True)
    )
