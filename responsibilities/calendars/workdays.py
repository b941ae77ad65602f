"""The national working days, compiled once from the published years into a table.

`count` and `shift` follow 民法典 201-204: the start day is excluded, make-up Saturdays count.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256

from responsibilities.calendars.calendar_year import (
    SATURDAY,
    Amendment,
    CalendarYear,
    Holiday,
    YearStatus,
    read_year,
)
from responsibilities.calendars.counted import CountedDays
from responsibilities.calendars.dates import Span
from responsibilities.words import Refused, Words

__all__ = [
    "Amendment",
    "BeyondCalendar",
    "CalendarYear",
    "Holiday",
    "WorkingDays",
    "YearStatus",
    "read_year",
]


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

    __slots__ = (
        "_holidays",
        "_national",
        "_own",
        "_provisional",
        "_statutory",
        "_working",
        "_years",
        "revision",
    )

    def __init__(
        self, years: Iterable[CalendarYear], overrides: Mapping[date, bool] | None = None
    ) -> None:
        """`overrides`: True = the institution works that day, False = it rests."""
        held = {y.year: y for y in sorted(years, key=lambda y: (y.year, y.revision))}
        chosen = tuple(held.values())
        _refuse_gaps(tuple(held))
        first, last = date(chosen[0].year, 1, 1), date(chosen[-1].year, 12, 31)
        self._national = _national_days(chosen, Span(first, last))
        self._years = chosen
        self._own = own = dict(overrides or {})
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

    def with_overrides(self, overrides: Mapping[date, bool]) -> "WorkingDays":
        """These days with the institution's (further) exceptions; itself if it has them already."""
        merged = {**self._own, **overrides}
        return self if merged == self._own else WorkingDays(self._years, merged)

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

    def year_of(self, day: date) -> CalendarYear:
        """What the notices say about the year of `day`."""
        self._known(day)
        return next(year for year in self._years if year.year == day.year)

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
    working = {day for day in span.days() if day.weekday() < SATURDAY}
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
