"""The two clocks of an institution: always (24x7) and working (office days and office hours).

Instants are aware UTC. Counting follows 民法典 201-204: hours count from the instant, days
exclude the start day and end at closing time, months end on the corresponding day or month end.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from responsibilities.calendars.dates import ONE_DAY
from responsibilities.calendars.school import BeyondSchoolCalendar, SchoolCalendar, TeachingDays
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.words import Refused, Words

_MIDNIGHT = time(0)
_ZERO = timedelta(0)


class Unit(StrEnum):
    """What a length of time is counted in."""

    MINUTE = "minute"
    HOUR = "hour"
    """24x7"""
    WORKING_HOUR = "working_hour"
    """Office hours of working days only."""
    DAY = "day"
    WORKING_DAY = "working_day"
    TEACHING_DAY = "teaching_day"
    WEEK = "week"
    TEACHING_WEEK = "teaching_week"
    MONTH = "month"
    YEAR = "year"


class Roll(StrEnum):
    """Where a day goes that turns out to be a rest day."""

    NEXT = "next"
    """民法典 203: the next working day."""
    PREVIOUS = "previous"
    """遇休息日提前"""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The hours of every working day, local time, e.g. 08:00-12:00 and 14:00-17:30."""

    spans: tuple[tuple[time, time], ...]

    def __post_init__(self) -> None:
        moments = [moment for span in self.spans for moment in span]
        empty = any(start >= end for start, end in self.spans)
        if not moments or empty or moments != sorted(moments):
            raise Refused(
                Words(
                    "办公时间应按先后排列且互不重叠，如 08:00-12:00、14:00-17:30。",
                    "Office hours must follow each other without overlap, "
                    "e.g. 08:00-12:00, 14:00-17:30.",
                )
            )

    @property
    def opening(self) -> time:
        """When the office opens."""
        return self.spans[0][0]

    @property
    def closing(self) -> time:
        """When the office closes."""
        return self.spans[-1][1]


class _Offsets(dict[date, timedelta | None]):
    """UTC offset of each local day, looked up once; None on a day when the clocks change."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __missing__(self, day: date) -> timedelta | None:
        start = datetime.combine(day, _MIDNIGHT, self._zone).utcoffset()
        end = datetime.combine(day + ONE_DAY, _MIDNIGHT, self._zone).utcoffset()
        self[day] = found = start if start == end else None
        return found


class Clock:
    """Zone, office hours, working days and (where declared) the school calendar; immutable."""

    __slots__ = ("_daily", "_offsets", "_spans", "_teaching", "_zone", "hours", "school", "working")

    def __init__(
        self,
        zone: str,
        hours: OfficeHours,
        working: WorkingDays,
        school: SchoolCalendar | None = None,
    ) -> None:
        """The school's own exceptions are applied to `working` where they are not yet."""
        try:
            self._zone = ZoneInfo(zone)
        except (KeyError, ValueError, OSError) as error:
            chinese = f"不认识的时区“{zone}”，应写作 Asia/Shanghai 等。"
            raise Refused(
                Words(chinese, f"Unknown time zone “{zone}”; write e.g. Asia/Shanghai.")
            ) from error
        self.hours = hours
        self.working = working.with_overrides(school.staff_overrides) if school else working
        self.school = school
        self._offsets = _Offsets(self._zone)
        self._spans = tuple((_since_midnight(a), _since_midnight(b)) for a, b in hours.spans)
        self._daily = sum((b - a for a, b in self._spans), _ZERO)
        self._teaching: TeachingDays | None = None

    def local(self, instant: datetime) -> datetime:
        """The instant as the wall clock shows it."""
        return instant.astimezone(self._zone)

    def day(self, instant: datetime) -> date:
        """The local day of an instant."""
        return instant.astimezone(self._zone).date()

    def at(self, day: date, t: time) -> datetime:
        """Local time `t` of `day` as UTC. In the gap of a DST change: as if it had not happened."""
        offset = self._offsets[day]
        if offset is None:
            return datetime.combine(day, t, self._zone).astimezone(UTC)
        return datetime.combine(day, t, UTC) - offset

    def opening(self, day: date) -> datetime:
        """When the office opens on `day`, were it a working day."""
        return self.at(day, self.hours.opening)

    def closing(self, day: date) -> datetime:
        """When the office closes on `day`, were it a working day: the end of a day's 期限."""
        return self.at(day, self.hours.closing)

    def end_of_day(self, day: date) -> datetime:
        """24:00 of `day`: the next midnight."""
        return self.at(day + ONE_DAY, _MIDNIGHT)

    @property
    def teaching(self) -> TeachingDays:
        """The teaching days; refused where no school calendar is declared."""
        if self._teaching is None:
            self._teaching = self._school().teaching_days(self.working)
        return self._teaching

    def _school(self) -> SchoolCalendar:
        if self.school is None:
            raise BeyondSchoolCalendar(self.working.last, None)
        return self.school

    def roll(self, day: date, how: Roll) -> date:
        """`day` itself if it is a working day, else where `how` sends it."""
        if how is Roll.NONE:
            return day
        return self.working.on_or_after(day) if how is Roll.NEXT else self.working.on_or_before(day)

    def shift(self, day: date, n: int, unit: Unit) -> date:
        """The day `n` units (of a day or longer) after `day`, or before it; not rolled.

        n = 0 working or teaching days is `day` itself or the next such day.
        """
        if unit is Unit.WORKING_DAY:
            return self.working.shift(day, n)
        if unit is Unit.DAY:
            return date.fromordinal(day.toordinal() + n)
        if unit is Unit.WEEK:
            return date.fromordinal(day.toordinal() + 7 * n)
        if unit is Unit.TEACHING_DAY:
            return self.teaching.shift(day, n)
        if unit is Unit.TEACHING_WEEK:
            return self._school().shift_weeks(day, n)
        if unit in (Unit.MONTH, Unit.YEAR):
            return _shift_months(day, n if unit is Unit.MONTH else 12 * n)
        raise ValueError(f"{unit} is no unit of days")

    def add(self, start: datetime, n: int, unit: Unit) -> datetime:
        """The end of `n` units counted from `start` (n < 0: backwards).

        Units of a day and longer end at closing time and are not rolled: see `roll`.
        """
        if unit is Unit.MINUTE:
            return start + timedelta(minutes=n)
        if unit is Unit.HOUR:
            return start + timedelta(hours=n)
        if unit is not Unit.WORKING_HOUR:
            return self.closing(self.shift(self.day(start), n, unit))
        if n == 0:
            return start
        return self._reached(self._worked(start) + timedelta(hours=n), latest=n < 0)

    def between(self, a: datetime, b: datetime, fraction: float, working: bool) -> datetime:
        """When `fraction` (0..1) of the window [a, b] is left, in whole seconds.

        In working time where `working`, unless the window holds no office hour at all.
        """
        office = self._worked(b) - self._worked(a) if working else _ZERO
        whole = office or b - a
        # whole seconds: a third of a day must not become 17:29:59.999999
        left = timedelta(seconds=round(whole.total_seconds() * fraction))
        found = self._reached(self._worked(b) - left, latest=False) if office else b - left
        return min(max(found.replace(microsecond=0), a), b)

    def _worked(self, instant: datetime) -> timedelta:
        """Office time from the first day of the calendar to `instant`."""
        wall = self.local(instant)
        day = wall.date()
        whole = self.working.rank(day) * self._daily
        if not self.working.is_working(day):
            return whole
        now = _since_midnight(wall.time())
        return whole + sum((min(max(now - a, _ZERO), b - a) for a, b in self._spans), _ZERO)

    def _reached(self, worked: timedelta, *, latest: bool) -> datetime:
        """The earliest (or latest) instant with that much office time before it.

        They differ at closing time: a term ends when the office closes, and what is counted
        backwards to the same point begins when it next opens.
        """
        rank, rest = divmod(worked, self._daily)
        if not rest and not latest:
            rank, rest = rank - 1, self._daily
        day = self.working.nth(rank)
        for start, end in self._spans:
            length = end - start
            if rest < length or (rest == length and not latest):
                return self.at(day, _time_of(start + rest))
            rest -= length
        return self.closing(day)


def _since_midnight(t: time) -> timedelta:
    return timedelta(hours=t.hour, minutes=t.minute, seconds=t.second, microseconds=t.microsecond)


def _time_of(since_midnight: timedelta) -> time:
    return (datetime.min.replace(tzinfo=UTC) + since_midnight).time()


def _shift_months(day: date, n: int) -> date:
    """The corresponding day, or the month's end where there is none (民法典 202)."""
    months = day.year * 12 + day.month - 1 + n
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
