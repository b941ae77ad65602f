"""One term of the school calendar: its teaching weeks and the days that plans anchor on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from responsibilities.calendars.dates import ONE_DAY, Form, Path, Span
from responsibilities.words import Words

ANCHORS: Mapping[str, str] = {
    "教职工返校": "staff_return",
    "学生注册": "students_register",
    "新生报到": "freshmen_register",
    "开课": "teaching_start",
    "结课": "teaching_end",
    "考试开始": "exam_start",
    "放假": "students_leave",
    "教职工放假": "staff_leave",
}
"""The anchors of a term as plans write them, with their names in the calendar's YAML."""

_SYNONYMS: Mapping[str, str] = {
    **{english: chinese for chinese, english in ANCHORS.items()},
    "开学": "学生注册",
    "注册": "学生注册",
    "正式上课": "开课",
    "学生放假": "放假",
    "考试": "考试开始",
}
_ORDER = ("教职工返校", "学生注册", "开课", "结课", "放假", "教职工放假")
_DAYS = ("staff_return", "students_register", "freshmen_register", "students_leave", "staff_leave")
_KEYS = ("id", "name", "first", "last", "teaching", "exams", *_DAYS)
_TEACHING_KEYS = ("week1", "weeks", "prep_week", "start", "end")
_ORDINALS = "一二三四五六"
_WEEK = timedelta(days=7)


def anchor_word(name: str) -> str:
    """The word this calendar uses for an anchor: 开学 -> 学生注册, staff_leave -> 教职工放假."""
    return _SYNONYMS.get(name, name)


@dataclass(frozen=True, slots=True)
class Term:
    """A term as declared. `anchors` is keyed by the Chinese words of `ANCHORS`."""

    id: str
    """`2026-27-1`"""
    year: str
    """`2026-27`"""
    name: str
    """`2026-2027学年第一学期`"""
    first: date
    """As declared, else the earliest of staff return, registration and (preparatory) week 1."""
    last: date
    """As declared, else 教职工放假, else 放假, else the end of exams or of the last week."""
    week1: date
    """Monday of teaching week 1."""
    weeks: int
    prep_week: bool
    """A 预备周 (week 0) lies before week 1; it is no teaching week."""
    anchors: Mapping[str, date] = field(hash=False)

    def monday(self, number: int) -> date:
        """The Monday of week `number` (0 = preparatory week)."""
        return self.week1 + (number - 1) * _WEEK

    def teaching_weeks(self) -> Iterator["TeachingWeek"]:
        """Weeks 1 to `weeks`."""
        for number in range(1, self.weeks + 1):
            first = self.monday(number)
            week_id = f"{self.id}.W{number:02d}"
            yield TeachingWeek(week_id, self, number, first, first + _WEEK - ONE_DAY)

    def anchor(self, name: str) -> date | None:
        """The day of an anchor, by any of its names; None where it is not declared."""
        return self.anchors.get(anchor_word(name))


@dataclass(frozen=True, slots=True)
class TeachingWeek:
    """One numbered week, Monday to Sunday."""

    id: str
    """`2026-27-1.W08`"""
    term: Term
    number: int
    first: date
    last: date


def read_term(
    form: Form, path: Path, data: object, years: tuple[int, int], nth: int
) -> Term | None:
    """The `nth` term (from 0) of the academic year `years`; None when it cannot be used."""
    errors = form.errors
    item = form.mapping(path, data, _KEYS)
    short = f"{years[0]}-{years[1] % 100:02d}"
    teaching = _Teaching.read(form, (*path, "teaching"), item.get("teaching"))
    if teaching is None:
        return None
    anchors, exams = _anchors(form, path, item, teaching)
    opening = teaching.week1 - _WEEK if teaching.prep_week else teaching.week1
    starts = [anchors[word] for word in ("教职工返校", "学生注册") if word in anchors]
    ends = [anchors[word] for word in ("教职工放假", "放假") if word in anchors]
    ending = exams.last if exams else teaching.sunday
    ordinal = _ORDINALS[nth] if nth < len(_ORDINALS) else str(nth + 1)
    found = Term(
        id=form.text((*path, "id"), item.get("id"), f"{short}-{nth + 1}"),
        year=short,
        name=form.text(
            (*path, "name"), item.get("name"), f"{years[0]}-{years[1]}学年第{ordinal}学期"
        ),
        first=form.day((*path, "first"), item.get("first")) or min([*starts, opening]),
        last=form.day((*path, "last"), item.get("last")) or [*ends, ending][0],
        week1=teaching.week1,
        weeks=teaching.weeks,
        prep_week=teaching.prep_week,
        anchors=anchors,
    )
    _check_order(form, path, found)
    return found if form.errors == errors else None


@dataclass(frozen=True, slots=True)
class _Teaching:
    week1: date
    weeks: int
    prep_week: bool
    start: date | None
    end: date | None

    @property
    def sunday(self) -> date:
        return self.week1 + self.weeks * _WEEK - ONE_DAY

    @classmethod
    def read(cls, form: Form, path: Path, data: object) -> "_Teaching | None":
        if data is None:
            what = Words("学期缺少 teaching（第1周的周一和周数）", "the term lacks `teaching`")
            form.note(path, "missing", what)
            return None
        item = form.mapping(path, data, _TEACHING_KEYS)
        week1 = form.day((*path, "week1"), item.get("week1"))
        weeks = form.whole((*path, "weeks"), item.get("weeks"), 1, 30)
        prep = form.truth((*path, "prep_week"), item.get("prep_week")) or False
        if week1 is None or weeks is None:
            return None
        if week1.weekday():
            monday = week1 - timedelta(days=week1.weekday())
            what = Words(f"{week1} 不是周一", f"{week1} is not a Monday")
            right = Words(
                f"第1教学周应从周一起算，如 {monday}", f"week 1 begins on a Monday: {monday}"
            )
            form.note((*path, "week1"), "not-a-monday", what, right)
            return None
        start = form.day((*path, "start"), item.get("start"))
        end = form.day((*path, "end"), item.get("end"))
        return cls(week1, weeks, prep, start, end)


def _anchors(
    form: Form, path: Path, item: Mapping[str, object], teaching: _Teaching
) -> tuple[dict[str, date], Span | None]:
    """What is declared; only 开课 and 结课 are derived, from the teaching weeks and the exams."""
    anchors: dict[str, date] = {}
    for key in _DAYS:
        span = form.span((*path, key), item.get(key))
        if span is not None:
            anchors[anchor_word(key)] = span.first
    exams = form.span((*path, "exams"), item.get("exams"))
    end = teaching.sunday - 2 * ONE_DAY
    if exams is not None:
        anchors["考试开始"] = exams.first
        end = min(end, exams.first - ONE_DAY)
    anchors["开课"] = teaching.start or teaching.week1
    anchors["结课"] = teaching.end or end
    return anchors, exams


def _check_order(form: Form, path: Path, term: Term) -> None:
    """The days of a term follow each other as in any school: return, register, teach, leave."""
    given: Sequence[str] = [word for word in _ORDER if word in term.anchors]
    for earlier, later in pairwise(given):
        if term.anchors[later] < term.anchors[earlier]:
            what = Words(
                f"{later}（{term.anchors[later]}）早于{earlier}（{term.anchors[earlier]}）",
                f"{ANCHORS[later]} ({term.anchors[later]}) comes before "
                f"{ANCHORS[earlier]} ({term.anchors[earlier]})",
            )
            form.note((*path, ANCHORS[later]), "backwards", what)
