"""Which tasks an event (事件) opens: one for each stage whose clock has begun to run, and unit.

The period is the event's id; a stage stands in the duty part of the key
(`plan/E2026-0001/a12.first/unit`). The clock runs from the time known, not from the report.
A repeating stage is numbered by its place on the clock (`a12.follow.3`): each report is asked for
when the one before is in, until the event is closed, and its name with the number is a mark too.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from responsibilities.calendars.clock import Clock, Roll, Unit
from responsibilities.moments import EXACT, counted_from
from responsibilities.phases import days_of
from responsibilities.plan import EVENT_UNIT, Condition, Duty, Kind, Plan, Stage
from responsibilities.provisional import HANDED_OUT
from responsibilities.rhythm import Anchor, Moment
from responsibilities.tasks import Event, Occurrence

ACTIVITY: Final = "活动"
"""The mark of an event that is entered before it takes place (`EventType.ahead`): when it will."""
REPORTED: Final = "报告"
"""The mark that every event has: when it was reported."""


def event_occurrences(plan: Plan, duty: Duty, event: Event, clock: Clock) -> tuple[Occurrence, ...]:
    """The tasks `event` asks for so far; empty where the duty is not about it.

    A stage whose mark (首报, 结案) is not yet known comes when it is. Each opens at the mark it is
    counted from. Raises Refused where its due date lies beyond the calendars.
    """
    phase = days_of(plan, duty)
    if not concerns(plan, duty, event) or (phase and clock.day(known_at(event)) not in phase):
        return ()
    stages = duty.stages
    if not stages and duty.when is not None:
        stages = (Stage("", "", duty.when.due),)
    found = [one for stage in stages for one in _stage(plan, duty, stage, event, clock)]
    return tuple(sorted(found, key=lambda one: one.opens_at))


def known_at(event: Event) -> datetime:
    """When it became known (知悉); when it was reported where nobody said."""
    return event.marks.get("知悉", event.reported_at)


def concerns(plan: Plan, duty: Duty, event: Event) -> bool:
    """Whether `duty` hangs on events of this type and all its conditions hold for this one."""
    if duty.kind is not Kind.EVENT or duty.event != event.type:
        return False
    return all(holds(condition, event.fields) for condition in duty.conditions)


def holds(condition: Condition, fields: Mapping[str, Any]) -> bool:
    """`field op value`; numbers as numbers, 是/否 as yes and no. A field left empty never holds.

    `= 橙色、红色` holds for either of them, `!= 橙色、红色` for neither.
    """
    given = fields.get(condition.field)
    if given is None or given == "":
        return False
    compare = _OPERATORS[condition.op]
    left, right = _number(given), _number(condition.value)
    if left is not None and right is not None:
        return bool(compare(left, right))
    if condition.op in _EQUAL:
        among = _text(given) in (condition.value, *condition.value.split("、"))
        return among is _EQUAL[condition.op]
    return bool(compare(_text(given), condition.value))


_EQUAL: Final = {"=": True, "==": True, "!=": False, "≠": False}
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
    if stage.due.offset < 0 and roll is Roll.NEXT:
        roll = Roll.PREVIOUS  # what is due before an activity is not rolled towards it
    due_at = counted_from(mark, stage.due, roll, clock)
    entered_late = stage.due.name == ACTIVITY and due_at < event.reported_at
    if stage.due.name == ACTIVITY:
        mark, due_at = min(mark, event.reported_at), max(due_at, event.reported_at)
    lapses_at = _lapses(duty, event, roll, clock)
    exact = stage.due.unit in EXACT
    provisional = not exact and clock.working.is_provisional(clock.day(due_at))
    for slot in _slots(stage, mark, due_at, event, clock):
        for unit in duty.responsible:
            own = event.unit if unit == EVENT_UNIT else unit
            yield Occurrence(
                f"{plan.id}/{event.id}/{_key_part(duty, stage, slot.number)}/{own}",
                event.id,
                event.id,
                own,
                min(slot.opens_at, slot.due_at),
                slot.due_at,
                max(lapses_at, slot.due_at) if lapses_at else None,
                provisional,
                entered_late,
            )


class _Slot(NamedTuple):
    """One report of a stage: its place on the clock, 0 where the stage does not repeat."""

    number: int
    opens_at: datetime
    due_at: datetime


def _slots(
    stage: Stage, mark: datetime, due_at: datetime, event: Event, clock: Clock
) -> Iterator[_Slot]:
    """The reports asked for so far. One that came in late skips the places it has missed."""
    if stage.repeat is None:
        yield _Slot(0, mark, due_at)
        return
    every, unit = stage.repeat.number, Unit(stage.repeat.unit)
    number, opens, due = 1, mark, due_at
    while event.closed_at is None or opens <= event.closed_at:
        yield _Slot(number, opens, due)
        handed_in = event.marks.get(numbered(stage.name, number))
        if handed_in is None:
            return
        opens, number = handed_in, number + 1
        while (due := clock.add(due_at, every * (number - 1), unit)) <= handed_in:
            number += 1


def numbered(name: str, number: int) -> str:
    """The mark that a report sets: 首报, or 续报2 where it repeats."""
    return f"{name}{number}" if number else name


def _key_part(duty: Duty, stage: Stage, number: int) -> str:
    parts = (duty.id, stage.id, str(number) if number else "")
    return ".".join(part for part in parts if part)


def stage_of(duty: Duty, key: str) -> tuple[Stage, int] | None:
    """The stage of `duty` that the task of this key is, and its number (0: does not repeat)."""
    _, _, rest = key.split("/")[2].partition(f"{duty.id}.")
    for stage in duty.stages:
        if stage.repeat is None and rest == stage.id:
            return stage, 0
        own, _, number = rest.rpartition(".")
        if stage.repeat is not None and own == stage.id and number.isdecimal():
            return stage, int(number)
    return None


def _mark(moment: Moment, event: Event) -> datetime | None:
    """The instant `moment` is counted from; None where it is not known yet."""
    if moment.anchor is not Anchor.NAMED:
        return event.reported_at
    known = event.marks.get(moment.name, event.marks.get(numbered(moment.name, 1)))
    if known is None and moment.name in (REPORTED, HANDED_OUT):
        return event.reported_at
    return known


def _lapses(duty: Duty, event: Event, roll: Roll, clock: Clock) -> datetime | None:
    if duty.when is None or duty.when.lapses is None:
        return None
    mark = _mark(duty.when.lapses, event)
    return counted_from(mark, duty.when.lapses, roll, clock) if mark else None
