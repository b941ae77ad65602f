"""A recorded span under other rules: which tasks and escalations would have differed.

Both sides are lived again from the same recorded acts: under the rules that each task opened with,
and under the new plan. So a difference is the rules' own, never that of a round that came late.
How far the first side says what the record says is counted, too. Not judged again is whether what
was handed in would have been enough. A task that nobody was asked for then has no acts: it is
counted as asked, and its ladder is not imagined.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from responsibilities.calendars.clock import Clock
from responsibilities.holders import holder_of, unit_of
from responsibilities.occurrences import occurrences
from responsibilities.openings import ladder_of, open_event
from responsibilities.plan import Duty, Kind, Plan, Step
from responsibilities.reach import life_of
from responsibilities.reliving import Act, Dates, Said, relive
from responsibilities.renewals import Chain, Last, is_renewing, number_of
from responsibilities.tasks import Event, FactKind, Occurrence, Outage
from responsibilities.words import Refused

"""No task stays open longer before its due date: two academic years, the longest rhythm."""


@dataclass(frozen=True, slots=True)
class Lived:
    """One task as the record has it."""

    key: str
    duty: str
    dates: Dates
    steps: tuple[Step, ...]
    """The ladder frozen when it opened."""
    acts: tuple[Act, ...]
    told: tuple[tuple[datetime, str], ...]
    """When each step should have been told, and its notice, the opening's own left out; as
    recorded. A lapse has no notice."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is on record about one plan."""

    began: datetime
    """When its first version began to open tasks."""
    in_force: date
    """The day of force that its first version states."""
    tasks: Mapping[str, Lived]
    events: Sequence[Event]
    outages: Sequence[Outage]


class Differing(NamedTuple):
    """A task that would have been another; a side is None where it would not have been at all."""

    key: str
    duty: str
    unit: str
    period: str
    before: Dates | None
    after: Dates | None
    no_longer: tuple[Said, ...]
    anew: tuple[Said, ...]

    @property
    def moved(self) -> bool:
        """Whether its dates would have been others."""
        both = self.before and self.after
        return bool(both) and _window(self.before) != _window(self.after)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the span would have come to."""

    since: datetime
    until: datetime
    same: int
    """Tasks that would have been the very same."""
    differing: tuple[Differing, ...]
    """In order of opening."""
    overdue_before: int
    """Escalations: steps told after a due date, under the rules of the time."""
    overdue_after: int
    unexplained: int
    """Steps on record that the rules of the time do not give again, or give and are not there."""


def replay(
    plan: Plan, clock: Clock, record: Recorded, since: datetime, until: datetime
) -> Replayed:
    """The tasks opened in since <= t <= until on either side, followed up to `until`."""
    coming = {one.key: (duty, one) for duty, one in _asked(plan, clock, record, until)}
    found: list[Differing] = []
    same = before_all = after_all = unexplained = 0
    for key in {**record.tasks, **coming}:
        lived = record.tasks.get(key)
        after = _dates(coming[key][1], lived, record) if key in coming else None
        opens = [dates.opens_at for dates in (lived.dates if lived else None, after) if dates]
        if not any(since <= at <= until for at in opens):
            continue
        old = _old(lived, clock, until, record) if lived else ()
        new: tuple[Said, ...] = ()
        if lived and after:
            steps = ladder_of(plan, coming[key][0])
            new = relive(after, steps, lived.acts, clock, until, record.outages)
        unexplained += _unexplained(lived, old, until) if lived else 0
        before_all += sum(said.overdue for said in old)
        after_all += sum(said.overdue for said in new)
        one = _differing(key, lived, after, old, new)
        if one is None:
            same += 1
        else:
            found.append(one)
    found.sort(key=lambda one: ((one.before or one.after or _NEVER).opens_at, one.key))
    return Replayed(since, until, same, tuple(found), before_all, after_all, unexplained)


_EVER = datetime.fromisoformat("0001-01-02T00:00:00+00:00")
_NEVER = Dates(_EVER, _EVER, _EVER, None, _EVER)


def _asked(
    plan: Plan, clock: Clock, record: Recorded, until: datetime
) -> Iterator[tuple[Duty, Occurrence]]:
    """What the plan would have asked for, had it been in force from the beginning."""
    plan = replace(plan, in_force=record.in_force, until=None)
    for duty in plan.duties:
        for one in _of_duty(plan, duty, clock, record, until):
            yield duty, one


def _of_duty(
    plan: Plan, duty: Duty, clock: Clock, record: Recorded, until: datetime
) -> Iterator[Occurrence]:
    try:
        if duty.kind is Kind.EVENT:
            for event in record.events:
                for opening in open_event(plan, duty, event, clock, until):
                    yield opening.occurrence
            return
        if is_renewing(duty):
            yield from _one_after_another(plan, duty, clock, record, until)
            return
        since = record.began - life_of(duty.when, duty.rhythm)
        for one in occurrences(plan, duty, clock, since, until):
            if one.due_at > record.began or one.key in record.tasks:
                yield one
    except Refused:  # beyond the calendars: what is known has been said
        return


def _one_after_another(
    plan: Plan, duty: Duty, clock: Clock, record: Recorded, until: datetime
) -> Iterator[Occurrence]:
    """What counts from the last time: every turn from the recorded end of the one before."""
    lived: dict[str, list[Lived]] = {}
    for key, one in sorted(record.tasks.items(), key=lambda item: item[1].dates.opened_at):
        if one.duty == duty.id and key.split("/")[1].startswith("V"):
            lived.setdefault(holder_of(key), []).append(one)
    for turn in range(max(map(len, lived.values()), default=0) + 1):
        last = {holder: _last(own, turn, clock) for holder, own in lived.items()}
        chain = Chain(record.began, {holder: one for holder, one in last.items() if one})
        with suppress(Refused):
            yield from occurrences(plan, duty, clock, record.began, until, chain)


def _last(own: Sequence[Lived], turn: int, clock: Clock) -> Last | None:
    """How far a holder had come after so many turns; None before the first."""
    if turn == 0:
        return None
    lived = own[min(turn, len(own)) - 1]
    number = number_of(lived.key.split("/")[1])
    ends = [act for act in lived.acts if act.what in _ENDS]
    if turn > len(own) or not ends or ends[-1].what is FactKind.REOPENED:
        return Last(number, None, None)
    done = [act.at for act in lived.acts if act.what is FactKind.SUBMITTED]
    waived, ended = ends[-1].what is FactKind.WAIVED, ends[-1].at
    day = max(lived.dates.original_due_at, ended) if waived or not done else done[-1]
    return Last(number, clock.day(day), ended)


_ENDS = (FactKind.ACCEPTED, FactKind.WAIVED, FactKind.REOPENED)


def _dates(one: Occurrence, lived: Lived | None, record: Recorded) -> Dates:
    """When the task would have been opened, and its dates; time given back as on record."""
    if lived is None:
        opened = max(one.opens_at, record.began)
        return Dates(one.opens_at, one.due_at, one.due_at, one.lapses_at, opened)
    was = lived.dates
    given = was.due_at - was.original_due_at
    opened = was.opened_at if was.opens_at == one.opens_at else max(one.opens_at, record.began)
    return Dates(one.opens_at, one.due_at, one.due_at + given, one.lapses_at, opened)


def _old(lived: Lived, clock: Clock, until: datetime, record: Recorded) -> tuple[Said, ...]:
    return relive(lived.dates, lived.steps, lived.acts, clock, until, record.outages)


def _unexplained(lived: Lived, said: Sequence[Said], until: datetime) -> int:
    """How many steps stand only on the record, or only in the replay of its own rules."""
    first = lived.dates.opens_at
    replayed = [(one.at, one.notice) for one in said]
    opening = [pair for pair in replayed if pair[0] == first]
    for pair in lived.told:
        if pair in replayed:
            replayed.remove(pair)
        else:
            replayed.append(pair)
    return len([pair for pair in replayed if pair not in opening and pair[0] <= until])


def _differing(
    key: str, lived: Lived | None, after: Dates | None, old: tuple[Said, ...],
    new: tuple[Said, ...],
) -> Differing | None:  # fmt: skip
    before = lived.dates if lived else None
    gone, anew = _only(old, new), _only(new, old)
    if before and after and not gone and not anew and _window(before) == _window(after):
        return None
    _, period, name, holder = key.split("/")
    duty = lived.duty if lived else name.split(".")[0]
    return Differing(key, duty, unit_of(holder), period, before, after, gone, anew)


def _window(dates: Dates | None) -> tuple[datetime, datetime, datetime | None] | None:
    return dates and (dates.opens_at, dates.original_due_at, dates.lapses_at)


def _only(these: Sequence[Said], those: Sequence[Said]) -> tuple[Said, ...]:
    """What stands only among `these`; the same said twice counts twice."""
    left = list(those)
    found = []
    for one in these:
        if one in left:
            left.remove(one)
        else:
            found.append(one)
    return tuple(found)
