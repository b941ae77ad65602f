"""One year of a national calendar as the notices publish it, and the reader of its file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from responsibilities.calendars.dates import Form, Path, Span, read_yaml
from responsibilities.problem import Problem
from responsibilities.words import Words

SATURDAY = 5


class YearStatus(StrEnum):
    """How firm a year's data is."""

    OFFICIAL = "official"
    AMENDED = "amended"
    """Published, then changed by a later notice; the data is the state after it."""
    PROVISIONAL = "provisional"
    """Not published yet: weekends and statutory days only."""


@dataclass(frozen=True, slots=True)
class Holiday:
    """One named holiday: its rest days as the notice gives them, weekends joined to it included.

    `year` is the nominal year (元旦 of 2019 starts on 2018-12-30). Holidays that a notice merges
    (国庆节、中秋节 of 2025) are two entries with the same days, so that neither ever disappears.
    """

    name: str
    year: int
    first: date
    last: date
    id: str
    """ASCII, e.g. `spring-festival`; ids of periods are made from it."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A later notice that changed a year already published."""

    notice: str
    published: date | None
    what: str


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What the notices say about one year. Weekends not named in them are rest days as usual."""

    year: int
    status: YearStatus
    revision: int
    """0 = provisional, 1 = as first published, then one more for each later notice."""
    notice: str | None
    """Number of the notice that published the year, e.g. 国办发明电〔2025〕7号."""
    published: date | None
    rest: frozenset[date]
    work: frozenset[date]
    """Make-up working days (调休上班日): Saturdays and Sundays that count."""
    statutory: frozenset[date]
    """The days of the holiday itself (法定休假日), weekends or not."""
    holidays: tuple[Holiday, ...]
    amendments: tuple[Amendment, ...] = ()


_KEYS = ("year", "status", "revision", "notice", "published", "amendments", "holidays")
_HOLIDAY_KEYS = ("name", "id", "rest", "statutory", "work")
_AMENDMENT_KEYS = ("notice", "published", "what")


@dataclass(frozen=True, slots=True)
class _Entry:
    holiday: Holiday
    statutory: Span
    work: tuple[date, ...]


def read_year(text: str, file: str) -> tuple[CalendarYear | None, tuple[Problem, ...]]:
    """One `calendars/<country>/<year>.yaml`; None when an error makes it unusable."""
    data, form = read_yaml(text, file)
    if form.errors:
        return None, tuple(form.problems)
    top = form.mapping((), data, _KEYS)
    year = form.whole(("year",), top.get("year"), 1949, 9998) or 0
    revision = form.whole(("revision",), top.get("revision"), 0, 999)
    status = _read_status(form, top.get("status"))
    notice = form.text(("notice",), top.get("notice"), default="") or None
    if status is not YearStatus.PROVISIONAL and notice is None:
        what = Words("正式数据应注明通知文号", "published data should name its notice")
        form.note(("notice",), "no-notice", what, warn=True)
    listed = enumerate(form.sequence(("holidays",), top.get("holidays")))
    entries = [e for i, item in listed if (e := _read_holiday(form, ("holidays", i), item, year))]
    published = form.day(("published",), top.get("published"))
    amendments = _read_amendments(form, ("amendments",), top.get("amendments"), status)
    if form.errors or status is None or revision is None:
        return None, tuple(form.problems)
    found = CalendarYear(
        year=year,
        status=status,
        revision=revision,
        notice=notice,
        published=published,
        rest=frozenset(d for e in entries for d in Span(e.holiday.first, e.holiday.last).days()),
        work=frozenset(day for e in entries for day in e.work),
        statutory=frozenset(day for e in entries for day in e.statutory.days()),
        holidays=tuple(e.holiday for e in entries),
        amendments=amendments,
    )
    return found, tuple(form.problems)


def _read_status(form: Form, value: object) -> YearStatus | None:
    try:
        return YearStatus(str(value))
    except ValueError:
        what = Words(f"不认识的状态“{value}”", f"unknown status “{value}”")
        right = Words("可用 official、amended、provisional", "official, amended or provisional")
        form.note(("status",), "unknown-status", what, right)
        return None


def _read_amendments(
    form: Form, path: Path, value: object, status: YearStatus | None
) -> tuple[Amendment, ...]:
    found: list[Amendment] = []
    for i, one in enumerate(form.sequence(path, value)):
        item = form.mapping((*path, i), one, _AMENDMENT_KEYS)
        notice = form.text((*path, i, "notice"), item.get("notice"))
        published = form.day((*path, i, "published"), item.get("published"))
        what = form.text((*path, i, "what"), item.get("what"), "")
        found.append(Amendment(notice, published, what))
    if status is not None and bool(found) is not (status is YearStatus.AMENDED):
        wrong = Words(
            "status: amended 与 amendments 应同时出现",
            "`status: amended` and `amendments` belong together",
        )
        form.note(path, "amendment-mismatch", wrong)
    return tuple(found)


def _read_holiday(form: Form, path: Path, value: object, year: int) -> _Entry | None:
    item = form.mapping(path, value, _HOLIDAY_KEYS)
    name = form.text((*path, "name"), item.get("name"))
    id_ = form.text((*path, "id"), item.get("id"))
    rest = form.span((*path, "rest"), item.get("rest"))
    statutory = form.span((*path, "statutory"), item.get("statutory"))
    listed = enumerate(form.sequence((*path, "work"), item.get("work")))
    work = [day for i, v in listed if (day := form.day((*path, "work", i), v))]
    if rest is None or statutory is None:
        what = Words("假期缺少 rest 或 statutory", "a holiday needs `rest` and `statutory`")
        form.note(path, "missing", what)
        return None
    _check_holiday(form, path, year, rest, statutory, work)
    return _Entry(Holiday(name, year, rest.first, rest.last, id_), statutory, tuple(work))


def _check_holiday(
    form: Form, path: Path, year: int, rest: Span, statutory: Span, work: Iterable[date]
) -> None:
    """What a slip of the pen would look like: wrong year, day outside, a make-up weekday."""
    if statutory.first.year != year or statutory.last.year != year:
        what = Words(f"法定日不在{year}年", f"the statutory days are not in {year}")
        form.note((*path, "statutory"), "wrong-year", what)
    if statutory.first not in rest or statutory.last not in rest:
        what = Words("法定日应在放假日期之内", "the statutory days must lie within `rest`")
        form.note((*path, "statutory"), "outside-rest", what)
    for i, day in enumerate(work):
        if day.weekday() < SATURDAY or day in rest:
            what = Words(
                f"调休上班日 {day} 应为周六或周日且不在放假期间",
                f"make-up day {day} must be a Saturday or Sunday outside `rest`",
            )
            form.note((*path, "work", i), "not-a-weekend", what)
