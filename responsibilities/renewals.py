"""What holds good for a time and is then done again: 有效期1年，到期前30日; 每2年（自上次完成起）.

The interval counts from the day of the hand-in that was accepted: that day the thing was done. It
is not the day of the review, for which nobody but the reviewer can answer, nor the nominal date, so
that whoever is late or early goes on from there. Rules, each with a test of its name in
tests/responsibilities/test_renewals.py:

- The n-th validity of a holder is `V{n}` for ever, whatever its dates. It runs from the day after
  the last was done to the corresponding day (民法典 201, 202); only one is in hand at a time.
- The first runs to the date the roster gives (`valid_until`), or from the day it gives
  (`last_done`), even where that is long past. Otherwise it counts from the day of force, or of
  joining, and what ran out before the duty was taken up is past.
- Waived: the next counts from where that one ran out, or from the waiver if that came later.
- A review that takes longer than the validity lasts does not make the next one overdue: it counts
  from the day of the review.
- Who has left the roster is asked no more.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Clock, Unit
from responsibilities.civil import Period
from responsibilities.holders import Holder, holders
from responsibilities.moments import Resolver, Scope, resolver
from responsibilities.plan import Duty, Plan
from responsibilities.rhythm import Cycle, Rhythm
from responsibilities.series import Dated
from responsibilities.words import Refused, Words

_DAY: Final = timedelta(days=1)
_UNITS: Final = {
    Cycle.DAY: (1, Unit.DAY),
    Cycle.WEEK: (1, Unit.WEEK),
    Cycle.MONTH: (1, Unit.MONTH),
    Cycle.QUARTER: (3, Unit.MONTH),
    Cycle.HALF_YEAR: (6, Unit.MONTH),
    Cycle.YEAR: (1, Unit.YEAR),
}
"""What the civil cycles are as an interval."""
COUNTABLE: Final = frozenset(_UNITS)
"""The cycles that can be counted from a day."""


class Last(NamedTuple):
    """The newest validity of a holder on record."""

    number: int
    done_on: date | None
    """From when the next one counts; None while it is in hand."""
    closed_at: datetime | None


class Chain(NamedTuple):
    """How far every holder of a duty has come."""

    since: datetime
    """When the duty was taken up: what ran out before, by the day of force alone, is past."""
    last: dict[str, Last]
    """By the name of the holder."""


def number_of(period: str) -> int:
    """Which validity a period is: 3 for `V3`."""
    return int(period.removeprefix("V"))


def is_renewing(duty: Duty) -> bool:
    """Whether the duty counts from the last time it was done."""
    return duty.rhythm is not None and duty.rhythm.after_done


def interval(rhythm: Rhythm, cycles: int) -> tuple[int, Unit]:
    """So many cycles of a civil rhythm as a length of time."""
    number, unit = _UNITS[rhythm.cycle]
    return number * cycles, unit


def later(rhythm: Rhythm, day: date, cycles: int, clock: Clock) -> date:
    """The day so many cycles of `rhythm` after `day` (before, where negative)."""
    return clock.shift(day, *interval(rhythm, cycles))


def renewing(
    plan: Plan, duty: Duty, clock: Clock, until: datetime, chain: Chain
) -> Iterator[Dated]:
    """What is to be opened by `until`: the next validity of everyone who has none in hand.

    In order of opening, those with the same dates together; then Refused where calendars end.
    """
    shared: dict[Dated, list[Holder]] = {}
    unknown: list[_Unknown] = []
    for holder, one in _coming(plan, duty, clock, chain):
        if isinstance(one, _Unknown):
            unknown.append(one)
        elif one.asked_at <= until:
            shared.setdefault(one.dated, []).append(holder)
    for dated in sorted(shared, key=lambda dated: dated.opens_at):
        yield dated._replace(holders=tuple(shared[dated]))
    for missing in unknown:
        if missing.at <= until:
            raise missing.refused


def next_renewal(
    plan: Plan, duty: Duty, clock: Clock, after: datetime, chain: Chain
) -> datetime | None:
    """When the next validity opens after `after`, or is worth another look; None while all are in
    hand.
    """
    coming = (one for _, one in _coming(plan, duty, clock, chain))
    times = (one.at if isinstance(one, _Unknown) else one.asked_at for one in coming)
    return min((at for at in times if at > after), default=None)


class Validity(NamedTuple):
    """The next validity of a holder."""

    period: Period
    """From the day after the last was done to the day it runs out."""
    dated: Dated
    asked_at: datetime
    """When it is opened: not before the plan is in force, even where it ran out before."""
    counted: Words
    """What it counts from."""


def validities(plan: Plan, duty: Duty, clock: Clock, chain: Chain) -> Iterator[Validity]:
    """The next validity of everyone who has none in hand, by opening; then Refused for those whose
    dates the calendars do not know yet.
    """
    found: list[Validity] = []
    unknown: list[_Unknown] = []
    for holder, one in _coming(plan, duty, clock, chain):
        if isinstance(one, _Unknown):
            unknown.append(one)
        else:
            found.append(one._replace(dated=one.dated._replace(holders=(holder,))))
    yield from sorted(found, key=lambda one: one.dated.opens_at)
    if unknown:
        raise unknown[0].refused


class _Unknown(NamedTuple):
    """A validity whose dates the calendars do not know yet."""

    at: datetime
    """Before this nobody needs to know: its nominal opening, or the calendars' end."""
    refused: Refused


def _coming(
    plan: Plan, duty: Duty, clock: Clock, chain: Chain
) -> Iterator[tuple[Holder, Validity | _Unknown]]:
    """The next validity of each holder who has none in hand and is still there."""
    assert duty.rhythm is not None
    assert duty.when is not None
    read = resolver(duty.when, Scope(clock, None, plan.in_force, plan.issued))
    for holder in holders(plan, duty):
        last = chain.last.get(holder.name)
        if last is not None and last.done_on is None:
            continue
        one = _Next(plan, duty.rhythm, clock, read, holder, last)
        try:
            found = one.dated(chain.since)
        except Refused as refused:
            yield holder, _Unknown(one.looked_at(chain.since), refused)
        else:
            if found is not None:
                yield holder, found


class _Next(NamedTuple):
    """What the next validity of one holder follows from."""

    plan: Plan
    rhythm: Rhythm
    clock: Clock
    read: Resolver
    holder: Holder
    last: Last | None

    def dated(self, since: datetime) -> Validity | None:
        """With its dates; None for who has left by then. Raises Refused where calendars end."""
        (period, counted), clock = self.period(since), self.clock
        window = self.read.window(period)
        closed_at = self.last.closed_at if self.last else None
        if closed_at is not None and window.due_at <= closed_at:
            reviewed = clock.day(closed_at)
            period = self._following(number_of(period.id), reviewed)
            counted = Words(f"上一期于{reviewed}审核通过", f"the last was accepted on {reviewed}")
            window = self.read.window(period)
        taken_up = clock.opening(clock.working.on_or_after(self._start()))
        opens_at = max(window.opens_at, closed_at or taken_up)
        if self._is_over(clock.day(opens_at)):
            return None
        first = min(opens_at, window.due_at)
        dated = Dated(period.id, period.id, first, *window[1:])
        return Validity(period, dated, opens_at, counted)

    def looked_at(self, since: datetime) -> datetime:
        """When its dates should be known at the latest."""
        try:
            return self.clock.at(self.read.opens_on(self.period(since)[0]), time(0))
        except Refused:
            return self.clock.opening(self.clock.working.last)

    def period(self, since: datetime) -> tuple[Period, Words]:
        """From the day after the last was done to the corresponding day; and which day that is."""
        if self.last is not None:
            done = self.last.done_on
            assert done is not None
            counted = Words(f"上一期于{done}完成", f"the last was done on {done}")
            return self._following(self.last.number + 1, done), counted
        member = self.holder.member
        if member is not None and member.valid_until is not None:
            ends = member.valid_until
            counted = Words(f"名册载明有效期至{ends}", f"the roster says: valid until {ends}")
            return Period("V1", self._later(ends, -1) + _DAY, ends), counted
        if member is not None and member.last_done is not None:
            done = member.last_done
            counted = Words(f"名册载明上次完成于{done}", f"the roster says: last done on {done}")
            return self._following(1, done), counted
        return self._from_force(since)

    def _from_force(self, since: datetime) -> tuple[Period, Words]:
        """Where nothing is known of a last time: from the day of force, or of joining."""
        start, taken_up = self._start(), self.clock.day(since)
        number = 1
        while self._later(start, number) < taken_up:
            number += 1
        first, last = self._later(start, number - 1) + _DAY, self._later(start, number)
        counted = Words(
            f"自{start}（施行或加入之日）起算", f"counted from {start} (force, or joining)"
        )
        return Period(f"V{number}", first, last), counted

    def _following(self, number: int, done: date) -> Period:
        return Period(f"V{number}", done + _DAY, self._later(done, 1))

    def _later(self, day: date, times: int) -> date:
        return later(self.rhythm, day, times * self.rhythm.count, self.clock)

    def _start(self) -> date:
        member = self.holder.member
        return max(self.plan.in_force, member.first or date.min) if member else self.plan.in_force

    def _is_over(self, day: date) -> bool:
        member = self.holder.member
        ends = (self.plan.until, member.last if member else None)
        return any(end is not None and day > end for end in ends)
