"""Escalating what falls short period after period: judged from the facts when the next one opens.

Only periods whose date has passed are judged, and waived ones not at all. The escalation is a fact
of the task that has just opened, so each period is judged once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from office.matters import matter
from office.opening import Batch
from office.progress import progress
from office.telling import Bundles
from office.workplace import InForce
from responsibilities.delegation import is_part
from responsibilities.plan import Watch
from responsibilities.tasks import SYSTEM, Fact, FactKind, State, Task
from responsibilities.watching import Measured, Metric, falls_short, judged, say_share, say_short
from storage import facts, tasks

_MORE = 3
"""How many periods beyond those judged are looked at: some are not due yet, or were waived."""


def escalate_short(
    connection: Connection, batches: Iterable[Batch], now: datetime, bundles: Bundles
) -> None:
    """Tell of every unit that has fallen short of its watch, beside the task that opens now."""
    for batch in batches:
        watch = batch.duty.watch
        if watch is None or not batch.openings:
            continue
        units = {o.occurrence.unit for o in batch.openings if not is_part(o.occurrence.unit)}
        limit = (watch.periods + _MORE + 1) * max(len(batch.openings), len(batch.duty.responsible))
        known = tasks.listed(connection, plan=batch.place.plan.id, duty=batch.duty.id, limit=limit)
        for unit in sorted(units):
            own = [task for task in reversed(known) if task.unit == unit]
            if own and own[-1].state is not State.CLOSED:
                _judge(connection, batch.place, watch, own, now, bundles)


def _judge(
    connection: Connection, place: InForce, watch: Watch, own: Sequence[Task], now: datetime,
    bundles: Bundles,
) -> None:  # fmt: skip
    opened, before = own[-1], own[:-1]
    measured = [
        Measured(task.period, _share(connection, place, watch, task))
        for task in judged(watch, before, now)
    ]
    if not falls_short(watch, measured) or facts.has(connection, opened.key, "watched"):
        return
    body = {
        "below": say_share(watch.below),
        "metric": watch.metric,
        "periods": {one.period: say_share(one.share) for one in measured},
        "told": [role.value for role in watch.to],
    }
    facts.append(connection, [Fact(opened.key, "watched", FactKind.WATCHED, now, SYSTEM, body)])
    reason = say_short(watch, measured).zh
    bundles.tell_about(opened, watch.to, "escalated", "watched", reason)


def _share(connection: Connection, place: InForce, watch: Watch, task: Task) -> float:
    if watch.metric == Metric.DONE:
        return float(task.outcome == "accepted")
    known = facts.of_task(connection, task.key)
    if watch.metric == Metric.COVERED:
        counted = progress(matter(connection, task), known).counted
        return counted[0] / counted[1] if counted and counted[1] else 1.0
    limit = task.due_at if task.late_by_system else task.original_due_at
    handed_in = (f.at for f in known if f.kind is FactKind.SUBMITTED and f.body["complete"])
    return float(next(handed_in, limit.max.replace(tzinfo=limit.tzinfo)) <= limit)
