"""Who is to be covered as a roster changes while a task is open (中途加入、离册).

A task follows its roster from the day it opens to the day it is due:

- who is on it when the task opens is to be covered;
- who joins counts, if in time (`late_joiners`; by default up to the due date);
- who leaves without having been covered counts no more; who was covered stays counted;
- after the due date nothing changes: who was there to be covered in time is owed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from responsibilities.calendars.clock import Clock, Unit
from responsibilities.plan import Base, LateJoiners, Member

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a task follows its roster, and until when who joins still counts."""

    opens: date
    due: date
    joins_until: date


@dataclass(frozen=True, slots=True)
class Changes:
    """Who comes to be counted and who no longer is, each with the day from which that is so."""

    added: Mapping[str, date]
    taken_off: Mapping[str, date]

    def __bool__(self) -> bool:
        return bool(self.added or self.taken_off)


def window(rule: LateJoiners | None, opens: date, due: date, clock: Clock) -> Window:
    """The window of a task that opens and is due on these days of the wall's calendar."""
    if rule is None:
        return Window(opens, due, due)
    if rule.number is None:
        return Window(opens, due, opens)
    opened = rule.base is Base.OPENED
    start, number = (opens, rule.number) if opened else (due, -rule.number)
    until = clock.shift(start, number, Unit(rule.unit))
    return Window(opens, due, max(opens, min(until, due)))


def changes(
    counted: Sequence[str],
    covered: Collection[str],
    roster: Iterable[Member],
    within: Window,
    today: date,
) -> Changes:
    """What changes of `counted`, now that the roster is as it is `today`.

    A member without a day of its own, which a new version of the plan has added or dropped, has
    joined or left today. Asked daily, weekly or once at the end, the outcome is the same.
    """
    day = min(today, within.due)
    there: dict[str, date] = {}
    left: dict[str, date] = {}
    for member in roster:
        joined = member.first or (within.opens if member.name in counted else day)
        if member.on(day) and joined <= within.joins_until:
            there.setdefault(member.name, joined)
        elif member.last is not None and member.last < day:
            left[member.name] = member.last + _DAY
    added = {name: joined for name, joined in there.items() if name not in counted}
    gone = [name for name in counted if name not in there and name not in covered]
    return Changes(added, {name: left.get(name, day) for name in gone})


def turning_days(members: Iterable[Member]) -> tuple[date, ...]:
    """The days on which somebody joins, or is there no more, in order."""
    return tuple(sorted(set(_turning(members))))


def _turning(members: Iterable[Member]) -> Iterator[date]:
    for member in members:
        if member.first is not None:
            yield member.first
        if member.last is not None:
            yield member.last + _DAY
