"""Random draws (不定期、双随机): which days, units and inspectors, so that anybody can draw again.

A number is drawn from SHA-256 of a secret seed and a label; the lot that it picks is the one with
that place among all that are allowed, in the order of `itertools.combinations`. The seed is kept
secret until the last lot is open, and only its own SHA-256 is on record before
(docs/reference/draws.md). A draw depends on nothing but the population that was put on record.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final, NamedTuple, TypeVar

from responsibilities.calendars.clock import Clock
from responsibilities.calendars.dates import Span
from responsibilities.civil import Period
from responsibilities.holders import Holder
from responsibilities.moments import Scope, resolver
from responsibilities.periods import periods
from responsibilities.phases import days_of, parts_in
from responsibilities.plan import Draw, Drawn, Duty, Plan
from responsibilities.rhythm import Cycle, Rhythm
from responsibilities.series import Dated

Thing = TypeVar("Thing", date, str)
DAY: Final = Rhythm(Cycle.DAY)
"""A drawn day is a period of its own."""
_BITS: Final = 256
"""What one SHA-256 gives."""


class Population(NamedTuple):
    """What is drawn from, and how much: everything besides the seed that a draw depends on."""

    days: tuple[date, ...]
    times: int
    gap: int
    """Days that lie between two drawn days at least."""
    units: tuple[str, ...]
    some_units: int
    """How many of them each time; all where it is as many."""
    inspectors: tuple[str, ...]
    some_inspectors: int


def label_of(plan: str, duty: str, period: str) -> str:
    """The name under which a draw is put on record: plan/duty/period."""
    return f"{plan}/{duty}/{period}"


def commitment(label: str, seed: str) -> str:
    """What is put on record before the draw: SHA-256 of label and seed, 64 hex digits."""
    return sha256(f"{label}/{seed}".encode()).hexdigest()


def draw(label: str, seed: str, given: Population) -> Drawn:
    """The outcome; the same for the same label, seed and population, for ever."""
    days = _lot(label, seed, "days", given.days, given.times, given.gap)
    units, inspectors = [], []
    for number in range(1, len(days) + 1):
        some = _lot(label, seed, f"units/{number}", given.units, given.some_units)
        units.append(some)
        some = _lot(label, seed, f"inspectors/{number}", given.inspectors, given.some_inspectors)
        inspectors.append(some)
    return Drawn(label.rpartition("/")[2], days, tuple(units), tuple(inspectors))


def _lot(
    label: str, seed: str, what: str, things: Sequence[Thing], some: int, gap: int = 0
) -> tuple[Thing, ...]:
    places = [thing.toordinal() if isinstance(thing, date) else n for n, thing in enumerate(things)]
    lots = Lots(places, min(some, len(things)), gap)
    return tuple(things[n] for n in lots.at(uniform(f"{label}/{seed}/{what}", lots.count)))


class Lots:
    """All ways to take `some` of `places` (rising numbers) that lie `gap` apart at least.

    In the order of `itertools.combinations`; `some` is lowered to what can be taken at all.
    """

    def __init__(self, places: Sequence[int], some: int, gap: int) -> None:
        self.after = [bisect_left(places, place + max(gap, 1)) for place in places]
        ways = [[1] + [0] * some]
        for after in reversed(self.after):
            behind, rest = ways[len(places) - after], ways[-1]
            ways.append([1] + [rest[n] + behind[n - 1] for n in range(1, some + 1)])
        # ways[-1] are those of all places, ways[0] those of none
        self.ways = ways[::-1]
        self.some = max(n for n, count in enumerate(self.ways[0]) if count)
        self.count = self.ways[0][self.some]

    def at(self, number: int) -> Iterator[int]:
        """The places, as indexes, of the lot with this number, from 0."""
        left, place = self.some, 0
        while left:
            with_it = self.ways[self.after[place]][left - 1]
            if number < with_it:
                yield place
                left, place = left - 1, self.after[place]
            else:
                number, place = number - with_it, place + 1


def uniform(text: str, count: int) -> int:
    """A number from 0 to count - 1, each equally likely over all texts.

    SHA-256 of `text/attempt/block`, as many blocks as `count` needs, read as one number; what lies
    in the incomplete last round of `count` is thrown away and the next attempt made.
    """
    blocks = count.bit_length() // _BITS + 1
    whole = 1 << _BITS * blocks
    attempt = 0
    while True:
        hashed = (sha256(f"{text}/{attempt}/{block}".encode()).digest() for block in range(blocks))
        number = int.from_bytes(b"".join(hashed), "big")
        if number < whole - whole % count:
            return number % count
        attempt += 1


def population(plan: Plan, duty: Duty, clock: Clock, period: Period, since: date) -> Population:
    """What is drawn from in `period`, from the day `since` on, as things stand now.

    Working days only. Raises Refused where the calendars do not reach.
    """
    assert duty.draw is not None
    asked, first = duty.draw, max(period.first, since)
    days = tuple(
        day for day in Span(first, period.last).days() if clock.working.is_working(day)
    ) if first <= period.last else ()  # fmt: skip
    roster = next((one for one in plan.rosters if one.id == asked.roster), None)
    members = roster.members.values() if roster else ()
    listed = tuple(one.name for some in members for one in some if one.on(first))
    return Population(
        days, asked.times, asked.gap, duty.responsible, some_units(asked, len(duty.responsible)),
        listed, min(asked.inspectors, len(listed)),
    )  # fmt: skip


def some_units(asked: Draw, of: int) -> int:
    """How many of so many units are drawn: a share is rounded up."""
    if asked.units is None:
        return of
    number, percent = asked.units
    return min(-(-of * number // 100) if percent else number, of)


def periods_in(plan: Plan, duty: Duty, clock: Clock, first: date, last: date) -> Iterator[Period]:
    """The periods with a day in [first, last], cut to the duty's phase; then Refused where the
    calendars end.
    """
    assert duty.draw is not None
    found = periods(duty.draw.rhythm, first, last, clock)
    phase = days_of(plan, duty)
    return parts_in(phase, found) if phase else found


def with_draws(plan: Plan, drawn: Mapping[str, Sequence[Drawn]]) -> Plan:
    """`plan` as it runs: its duties know what has been drawn for them, by duty id."""
    duties = (
        replace(duty, drawn=tuple(drawn.get(duty.id, ()))) if duty.draw else duty
        for duty in plan.duties
    )
    return replace(plan, duties=tuple(duties))


def dated_days(
    plan: Plan, duty: Duty, clock: Clock, since: datetime, until: datetime
) -> list[Dated]:
    """The drawn days that open in (since, until], in order; each is a period of its own."""
    if duty.when is None:
        return []
    scope = Scope(clock, DAY, plan.in_force, plan.issued, days_of(plan, duty))
    window = resolver(duty.when, scope).window
    found = []
    for drawn in duty.drawn:
        for number, day in enumerate(drawn.days, 1):
            period = Period(f"{drawn.period}.T{number}", day, day)
            asked = tuple(Holder(unit, unit) for unit in drawn.units[number - 1])
            one = Dated(period.id, period.id, *window(period), asked)
            if since < one.opens_at <= until:
                found.append(one)
    return sorted(found, key=lambda one: one.opens_at)


def next_look(plan: Plan, clock: Clock, after: datetime) -> datetime | None:
    """When a duty with drawn days is looked at next: each morning, so nothing tells the day."""
    day = clock.day(after)
    while day <= min(plan.until or clock.working.last, clock.working.last):
        at = clock.opening(day)
        if at > after:
            return at
        day += timedelta(days=1)
    return None
