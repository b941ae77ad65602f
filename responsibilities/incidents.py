"""Which tasks an event (事件) opens: one for each stage whose clock has begun to run, and unit.

The period is the event's id; a stage stands in the duty part of the key
(`plan/E2026-0001/a12.first/unit`). The clock runs from the time known, not from the report.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from responsibilities.calendars.clock import Clock, Roll
from responsibilities.moments import EXACT, counted_from
from responsibilities.plan import EVENT_UNIT, Condition, Duty, Kind, Plan, Stage
from responsibilities.provisional import HANDED_OUT
from responsibilities.rhythm import Anchor, Moment
from responsibilities.tasks import Event, Occurrence

REPORTED: Final = "报告"
"""The mark that every event has: when it was reported."""


def event_occurrences(plan: Plan, duty: Duty, event: Event, clock: Clock) -> tuple[Occurrence, ...]:
    """The tasks `event` asks for so far; empty where the duty is not about it.

    A stage whose mark (首报, 结案) is not yet known comes when it is. Each opens at the mark it is
    counted from. Raises Refused where its due date lies beyond the calendars.
    """
    if not concerns(plan, duty, event):
        return ()
    stages = duty.stages
    if not stages and duty.when is not None:
        stages = (Stage("", "", duty.when.due),)
    found = [one for stage in stages for one in _stage(plan, duty, stage, event, clock)]
    return tuple(sorted(found, key=lambda one: one.opens_at))


def concerns(plan: Plan, duty: Duty, event: Event) -> bool:
    """Whether `duty` hangs on events of this type and all its conditions hold for this one."""
    if duty.kind is not Kind.EVENT or duty.event != event.type:
        return False
    return all(holds(condition, event.fields) for condition in duty.conditions)


def holds(condition: Condition, fields: Mapping[str, Any]) -> bool:
    """`field op value`; numbers as numbers, 是/否 as yes and no. A field left empty never holds."""
    given = fields.get(condition.field)
    if given is None or given == "":
        return False
    compare = _OPERATORS[condition.op]
    left, right = _number(given), _number(condition.value)
    if left is not None and right is not None:
        return bool(compare(left, right))
    return bool(compare(_text(given), condition.value))


_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "≥": operator.ge,
    "<=": operator.le,
    "≤": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "==": operator.eq,
    "!=": operator.ne,
    "≠": operator.ne,
}


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        return None


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def _stage(
    plan: Plan, duty: Duty, stage: Stage, event: Event, clock: Clock
) -> Iterator[Occurrence]:
    mark = _mark(stage.due, event)
    if mark is None:
        return
    roll = duty.when.roll if duty.when else Roll.NEXT
    due_at = counted_from(mark, stage.due, roll, clock)
    lapses_at = _lapses(duty, event, roll, clock)
    exact = stage.due.unit in EXACT
    provisional = not exact and clock.working.is_provisional(clock.day(due_at))
    name = f"{duty.id}.{stage.id}" if stage.id else duty.id
    for unit in duty.responsible:
        own = event.unit if unit == EVENT_UNIT else unit
        yield Occurrence(
            f"{plan.id}/{event.id}/{name}/{own}",
            event.id,
            event.id,
            own,
            min(mark, due_at),
            due_at,
            max(lapses_at, due_at) if lapses_at else None,
            provisional,
        )


def _mark(moment: Moment, event: Event) -> datetime | None:
    """The instant `moment` is counted from; None where it is not known yet."""
    if moment.anchor is not Anchor.NAMED:
        return event.reported_at
    known = event.marks.get(moment.name)
    if known is None and moment.name in (REPORTED, HANDED_OUT):
        return event.reported_at
    return known


def _lapses(duty: Duty, event: Event, roll: Roll, clock: Clock) -> datetime | None:
    if duty.when is None or duty.when.lapses is None:
        return None
    mark = _mark(duty.when.lapses, event)
    return counted_from(mark, duty.when.lapses, roll, clock) if mark else None
