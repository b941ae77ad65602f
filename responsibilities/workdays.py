"""The national working days: data published year by year, compiled once into a table.

`count` and `shift` follow 民法典 201-204: the start day is excluded, make-up Saturdays count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from responsibilities.counted import CountedDays
from responsibilities.dates import Form, Path, Span, read_yaml
from responsibilities.problem import Problem
from responsibilities.words import Refused, Words

_SATURDAY = 5


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


class BeyondCalendar(Refused):
    """A date was asked for in a year whose working days nobody has given."""

    def __init__(self, year: int, first: int, last: int) -> None:
        super().__init__(
            Words(
                f"{year}年的工作日安排尚无数据（已有 {first}–{last} 年），"
                "请导入国务院办公厅放假通知后再试。",
                f"There is no working-day calendar for {year} yet ({first}–{last} are held); "
                "import the State Council notice, then try again.",
            )
        )
        self.year = year


class WorkingDays(CountedDays):
    """The national working days, with the institution's own exceptions; built once."""

    __slots__ = ("_holidays", "_national", "_provisional", "_statutory", "_working", "revision")

    def __init__(
        self, years: Iterable[CalendarYear], overrides: Mapping[date, bool] | None = None
    ) -> None:
        """`overrides`: True = the institution works that day, False = it rests."""
        held = {y.year: y for y in sorted(years, key=lambda y: (y.year, y.revision))}
        chosen = tuple(held.values())
        _refuse_gaps(tuple(held))
        first, last = date(chosen[0].year, 1, 1), date(chosen[-1].year, 12, 31)
        self._national = _national_days(chosen, Span(first, last))
        own = overrides or {}
        working = (self._national | {d for d, works in own.items() if works}) - {
            d for d, works in own.items() if not works
        }
        super().__init__(working, first, last)
        self._working = frozenset(self._days)
        self._provisional = frozenset(y.year for y in chosen if y.status is YearStatus.PROVISIONAL)
        self._statutory = frozenset(day for y in chosen for day in y.statutory)
        self._holidays = tuple(
            sorted((h for y in chosen for h in y.holidays), key=lambda h: (h.first, h.year, h.id))
        )
        self.revision = _digest(chosen, own)

    def beyond(self, day: date) -> Refused:
        """What to raise for a day nobody has given data for."""
        return BeyondCalendar(day.year, self.first.year, self.last.year)

    def is_working(self, day: date) -> bool:
        """Whether the institution works on `day`."""
        if day in self._working:
            return True
        self._known(day)
        return False

    def is_national_working(self, day: date) -> bool:
        """As `is_working`, but without the institution's own exceptions."""
        return self._known(day) and day in self._national

    def is_provisional(self, day: date) -> bool:
        """Whether `day` lies in a year whose notice has not been published."""
        return self._known(day) and day.year in self._provisional

    def is_statutory(self, day: date) -> bool:
        """Whether `day` is a 法定休假日 in the sense of 民法典 203 (not a mere weekend or swap)."""
        return self._known(day) and day in self._statutory

    def holidays(self, first: date, last: date) -> tuple[Holiday, ...]:
        """The holidays with at least one rest day in [first, last], in order of their first day."""
        if last < first:
            return ()
        self._known(first)
        self._known(last)
        return tuple(h for h in self._holidays if h.first <= last and h.last >= first)

    def _known(self, day: date) -> bool:
        if self.first <= day <= self.last:
            return True
        raise self.beyond(day)


def _refuse_gaps(years: tuple[int, ...]) -> None:
    if not years:
        raise Refused(Words("没有任何工作日安排数据。", "There is no working-day calendar at all."))
    for year in range(years[0], years[-1]):
        if year not in years:
            raise BeyondCalendar(year, years[0], years[-1])


def _national_days(years: Iterable[CalendarYear], span: Span) -> frozenset[date]:
    """Mon-Fri, changed by each notice in turn: the one for the later year has the last word."""
    working = {day for day in span.days() if day.weekday() < _SATURDAY}
    for year in years:
        working |= {day for day in year.work if day in span}
        working -= year.rest
    return frozenset(working)


def _digest(years: Iterable[CalendarYear], overrides: Mapping[date, bool]) -> str:
    """12 hex digits over everything a computed date can depend on."""
    lines: list[object] = []
    for y in years:
        days = [sorted(map(str, some)) for some in (y.rest, y.work, y.statutory)]
        named = [(h.id, str(h.first), str(h.last)) for h in y.holidays]
        lines.append((y.year, y.status.value, y.revision, days, named))
    lines.append(sorted((str(day), works) for day, works in overrides.items()))
    return sha256(repr(lines).encode()).hexdigest()[:12]


_KEYS = ("year", "status", "revision", "notice", "published", "amendments", "holidays")
_HOLIDAY_KEYS = ("name", "id", "rest", "statutory", "work")


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
        if day.weekday() < _SATURDAY or day in rest:
            what = Words(
                f"调休上班日 {day} 应为周六或周日且不在放假期间",
                f"make-up day {day} must be a Saturday or Sunday outside `rest`",
            )
            form.note((*path, "work", i), "not-a-weekend", what)
