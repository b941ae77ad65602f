"""The dated periods of a rhythm, worked out once a quarter and shared.

Duties with the same rhythm and the same words for their window share one series, whatever their
units: a thousand weekly duties cost their dates once.
"""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

from responsibilities.by_attribute import groups
from responsibilities.calendars.clock import Clock
from responsibilities.calendars.dates import Span
from responsibilities.civil import Period
from responsibilities.holders import Holder, holders
from responsibilities.moments import Resolver, Scope, Window, resolver
from responsibilities.one_by_one import OneByOne
from responsibilities.periods import ONCE, declared_until, neighbour, periods
from responsibilities.phases import days_of, parts_in
from responsibilities.plan import Duty, Kind, Plan
from responsibilities.reach import early, life_of, reach_of
from responsibilities.rhythm import Cycle, Rhythm, When
from responsibilities.same import Same
from responsibilities.words import Refused

SCHEDULED: Final = frozenset({Kind.RECURRING, Kind.STANDING, Kind.ONCE})
_INSTANT: Final = timedelta(microseconds=1)
_PAST: Final = timedelta(days=40)
"""No rest day or hours put an opening off so far."""
_KEPT: Final = 8
"""Quarters that a series remembers: memory stays flat however long a simulation runs."""
_opens_at = attrgetter("opens_at")


class Dated(NamedTuple):
    """One period of a duty with its dates: what all responsible units share."""

    period: str
    subject: str
    """The period it is about; the period itself where the one before was never declared."""
    opens_at: datetime
    due_at: datetime
    lapses_at: datetime | None
    provisional: bool
    holders: tuple[Holder, ...] | None = None
    """Who is asked, where not simply every responsible unit."""


def series_of(plan: Plan, duty: Duty, clock: Clock) -> "Series | Braid | OneByOne | None":
    """The series of a scheduled duty; None for kinds without a schedule, for what counts from the
    last time it was done (see `renewals`), and for drawn days (see `draws`).
    """
    if duty.when is None or duty.kind not in SCHEDULED or duty.draw is not None:
        return None
    if duty.rhythm is not None and duty.rhythm.after_done:
        return None
    rhythm = None if duty.kind is Kind.ONCE else duty.rhythm
    if duty.varied is not None:
        parts = [
            OneByOne(_of_calendar(plan, duty, own, clock), some, clock)
            for own, some in groups(Same(plan), Same(duty))
        ]
        return Braid(*parts) if parts else None
    whole = _of_calendar(plan, duty, rhythm, clock)
    return whole if duty.each is None else OneByOne(whole, holders(plan, duty), clock)


def _of_calendar(plan: Plan, duty: Duty, rhythm: Rhythm | None, clock: Clock) -> "Series | Braid":
    assert duty.when is not None
    span = (Same(clock), plan.in_force, plan.issued, plan.until, days_of(plan, duty))
    own = _series(duty.when, rhythm, duty.subject, *span)
    if not duty.surges:
        return own
    return Braid(own, *(_series(surge.when, surge.rhythm, 0, *span) for surge in duty.surges))


@lru_cache(maxsize=512)
def _series(
    when: When,
    rhythm: Rhythm | None,
    about: int,
    clock: Same[Clock],
    in_force: date,
    issued: date,
    until: date | None,
    phase: Span | None,
) -> "Series":
    return Series(Scope(clock.value, rhythm, in_force, issued, phase), when, about, until)


class Series:
    """Answers for any span of time; what it has worked out once it keeps."""

    def __init__(self, scope: Scope, when: When, about: int, until: date | None) -> None:
        self.scope, self.when, self.about, self.until = scope, when, about, until
        self.clock = scope.clock
        self._quarters: dict[int, tuple[list[Dated], Refused | None]] = {}
        self._start = self.clock.at(scope.in_force, time(0)) - _INSTANT
        working = self.clock.working
        in_reach = working.first <= scope.in_force <= working.last
        day = working.on_or_after(scope.in_force) if in_reach else scope.in_force
        self._force = self.clock.opening(day)
        self._end = self.clock.end_of_day(until) - _INSTANT if until else None

    @property
    def strands(self) -> "tuple[Series, ...]":
        """The rhythms that are asked for: this one."""
        return (self,)

    @property
    def life(self) -> timedelta:
        """How long a task can be open before it is due."""
        return life_of(self.when, self.scope.rhythm)

    def window(self, period: Period) -> Window:
        """When the task of a period opens, is due and lapses; Refused where calendars end."""
        return self._read.window(period)

    def between(self, since: datetime, until: datetime) -> Iterator[Dated]:
        """What opens in (since, until], in order; then Refused where the calendars end."""
        since = max(since, self._start)
        until = min(until, self._end) if self._end else until
        if since >= until:
            return
        first, last = _quarter(self.clock.day(since)), _quarter(self.clock.day(until))
        for quarter in range(first, last + 1):
            found, refused = self._of(quarter)
            if refused is not None:  # perhaps only before `since` or after `until`: ask exactly
                start = max(since, self._starts(quarter) - _INSTANT)
                found, refused = self._exactly(start, until)
                yield from found
                if refused is not None:
                    raise refused
                return
            low = bisect_right(found, since, key=_opens_at) if quarter == first else 0
            high = bisect_right(found, until, key=_opens_at) if quarter == last else len(found)
            yield from found[low:high]

    def after(self, instant: datetime) -> Dated | None:
        """The first to open after `instant`; None where none does, or the calendars end before."""
        instant = max(instant, self._start)
        end = self.clock.end_of_day(self.clock.working.last)
        until = min(end, self._end) if self._end else end
        if self.scope.rhythm is None:
            return next(iter(self._exactly(instant, until)[0]), None)
        quarter = _quarter(self.clock.day(instant))
        while self._starts(quarter) <= until:
            found, refused = self._of(quarter)
            place = bisect_right(found, instant, key=_opens_at)
            if place < len(found):
                return found[place] if found[place].opens_at <= until else None
            if refused is not None:
                return None
            quarter += 1
        return None

    def _of(self, quarter: int) -> tuple[list[Dated], Refused | None]:
        known = self._quarters.get(quarter)
        if known is None:
            start, end = self._starts(quarter) - _INSTANT, self._starts(quarter + 1) - _INSTANT
            if len(self._quarters) >= _KEPT:
                self._quarters.clear()
            known = self._quarters[quarter] = self._exactly(start, end)
        return known

    def _starts(self, quarter: int) -> datetime:
        return self.clock.at(date(quarter // 4, quarter % 4 * 3 + 1, 1), time(0))

    def _exactly(self, since: datetime, until: datetime) -> tuple[list[Dated], Refused | None]:
        found: list[Dated] = []
        refused: Refused | None = None
        try:
            for one in self._unsorted(since, until):
                found.append(one)
        except Refused as raised:
            refused = raised
        if since < self._force <= until:
            found += self._carried()
        found.sort(key=_opens_at)
        return found, refused

    def _carried(self) -> list[Dated]:
        """What had opened before the plan took force and is due after it: it opens on that day."""
        since, until = self._force - self.life, self._start
        found: list[Dated] = []
        with suppress(Refused):  # what comes after has not opened yet
            for period in self.candidates(self.clock.day(since), self.clock.day(until)):
                with suppress(Refused):  # the calendars do not reach back to this one
                    for one in self._dated(period, since, until):
                        if one.due_at > self._force:
                            found.append(one._replace(opens_at=self._force))
        return found

    def _unsorted(self, since: datetime, until: datetime) -> Iterator[Dated]:
        """The periods that open in (since, until]."""
        for period in self._in_reach(self.clock.day(since), self.clock.day(until)):
            yield from self._dated(period, since, until)

    def _dated(self, period: Period, since: datetime, until: datetime) -> Iterator[Dated]:
        """The period with its dates, if it opens in (since, until]."""
        clock, when, rhythm = self.clock, self.when, self.scope.rhythm
        skips = when.skip_empty and rhythm is not None and rhythm.cycle is not Cycle.HOLIDAY
        if skips and not clock.working.count(period.first, period.last):
            return
        try:
            window = self._read.window(period)
        except Refused:
            if self._read.opens_on(period) + _PAST < clock.day(since):
                return  # opened long before, wherever it may end
            raise
        if since < window.opens_at <= until:
            yield Dated(period.id, self._subject(period), *window)

    def _in_reach(self, since: date, until: date) -> Iterator[Period]:
        """Once a period cannot open by `until` any more, what lies after it may be unknown."""
        last = until + timedelta(days=early(self.when))
        passed = False
        try:
            for period in self.candidates(since, until):
                opens_on = self._opens_on(period)
                passed = passed or opens_on > last
                if self.clock.working.first <= opens_on <= last:
                    yield period
        except Refused:
            if not passed:
                raise

    def _opens_on(self, period: Period) -> date:
        """The nominal day of opening; date.min for a period from before what has been declared."""
        try:
            return self._read.opens_on(period)
        except Refused:
            school = self.clock.school
            if school is not None and period.first < school.first:
                return date.min
            raise

    def candidates(self, since: date, until: date) -> Iterator[Period]:
        """All periods that may open in the span; then Refused where one is not declared yet."""
        rhythm, clock, phase = self.scope.rhythm, self.clock, self.scope.phase
        if rhythm is None:
            whole = phase or Span(self.scope.in_force, self.until or clock.working.last)
            return iter([Period(ONCE, *whole)])
        reach = reach_of(self.when, rhythm)
        first, last = since - timedelta(days=reach.lag), until + timedelta(days=reach.lead)
        declared = declared_until(rhythm, clock)
        if declared is not None and until + timedelta(days=reach.sure) <= declared:
            last = min(last, declared)  # what comes after cannot open yet, so it may be unknown
        if phase is None:
            return periods(rhythm, first, last, clock)
        first, last = max(first, phase.first), min(last, phase.last)
        return parts_in(phase, periods(rhythm, first, last, clock) if first <= last else ())

    def _subject(self, period: Period) -> str:
        rhythm = self.scope.rhythm
        if not self.about or rhythm is None:
            return period.id
        try:
            return neighbour(rhythm, period, self.about, self.clock).id
        except Refused:
            return period.id

    @cached_property
    def _read(self) -> Resolver:
        return resolver(self.when, self.scope)


class Braid:
    """Several series of one duty (its own rhythm and its surges, those of its holders) as one."""

    def __init__(self, *parts: Series | OneByOne) -> None:
        self.parts = parts
        self.strands: tuple[Series, ...] = tuple(one for part in parts for one in part.strands)
        self.life: timedelta = max(part.life for part in parts)

    def between(self, since: datetime, until: datetime) -> Iterator[Dated]:
        """As `Series.between`: everything that is known first, in order, then Refused."""
        found: list[Dated] = []
        refused: Refused | None = None
        for part in self.parts:
            try:
                found.extend(part.between(since, until))
            except Refused as raised:
                refused = refused or raised
        yield from sorted(found, key=_opens_at)
        if refused is not None:
            raise refused

    def after(self, instant: datetime) -> Dated | None:
        """As `Series.after`."""
        found = [one for part in self.parts if (one := part.after(instant)) is not None]
        return min(found, key=_opens_at, default=None)


def _quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3
