"""What is to be done now: the one function that the product and its simulation both run.

It opens what the plan asks for and advances the ladders that have woken, in order of time, and
changes nothing itself. Asked twice, it answers the same; keys make the answers idempotent.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from types import MappingProxyType
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Clock
from responsibilities.climbing import Climbing
from responsibilities.ladder import advance
from responsibilities.occurrences import Dated, dated
from responsibilities.openings import Opening, fan_open, ladder_of, open_event, open_tasks
from responsibilities.plan import Duty, Plan, Step
from responsibilities.renewals import Chain
from responsibilities.tasks import Advance, Outage
from responsibilities.windows import NEVER, Spans
from responsibilities.words import Refused, Words

__all__ = [
    "Advanced",
    "Opening",
    "Stuck",
    "Woken",
    "decide",
    "ladder_of",
    "open_event",
    "open_tasks",
]


_NO_CHAINS: Final[Mapping[str, Chain]] = MappingProxyType({})


class Advanced(NamedTuple):
    """A woken task and what its ladder asks for."""

    task: Climbing
    advance: Advance


class Stuck(NamedTuple):
    """A duty whose next dates the calendars do not know: keep its cursor, tell the office why."""

    duty: str
    words: Words


class Woken(NamedTuple):
    """A task whose `wake_at` has come, with the ladder frozen in its promise."""

    task: Climbing
    steps: tuple[Step, ...]


def decide(
    plan: Plan,
    clock: Clock,
    cursors: Mapping[str, datetime],
    woken: Iterable[Woken],
    now: datetime,
    outage: Outage | None = None,
    spans: Spans = NEVER,
    chains: Mapping[str, Chain] = _NO_CHAINS,
) -> Iterator[Opening | Advanced | Stuck]:
    """Everything due up to `now`, in order of time; `Stuck` duties last.

    `cursors`: for each duty to look at, up to when its openings are known to be done. `chains`:
    how far the holders of duties that count from the last time have come, by duty. Memory is that
    of the batch: one row for each period of a duty and each woken task.
    """
    stuck: list[Stuck] = []
    agenda: list[tuple[datetime, int, tuple[Duty, Dated] | Advanced]] = []
    for duty in plan.duties if cursors else ():
        if duty.id in cursors:
            chain = chains.get(duty.id)
            try:
                for one in dated(plan, duty, clock, cursors[duty.id], now, spans, chain):
                    agenda.append((one.opens_at, 0, (duty, one)))
            except Refused as refused:
                stuck.append(Stuck(duty.id, refused.words))
    for task, steps in woken:
        found = advance(task, steps, clock, now, outage)
        at = found.tells[0].at if found.tells else task.wake_at or now
        agenda.append((at, 1, Advanced(task, found)))
    agenda.sort(key=itemgetter(0, 1))
    for _, _, item in agenda:
        if isinstance(item, Advanced):
            yield item
        else:
            yield from fan_open(plan, *item, clock, now, outage)
    yield from stuck
