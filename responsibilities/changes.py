"""Keeping a register up (变动即更新): what changed is told like an event, and its duty follows.

A duty with `on_change` stands twice in the compiled plan: at its checkpoints, and as an event duty
of the unit whose register changed. The event type is the same for all of them, its form asks which.
"""

from dataclasses import replace
from typing import Final

from responsibilities.plan import (
    EVENT_UNIT,
    Condition,
    Duty,
    EventField,
    EventType,
    FieldKind,
    Kind,
    Plan,
)
from responsibilities.rhythm import Moment, When

CHANGE: Final = "change"
CHANGE_NAME: Final = "变动"
"""What `duban report` calls it."""
REGISTER: Final = "register"


def with_changes(plan: Plan) -> Plan:
    """`plan` with the event type 变动 and a duty for every one that is kept up on change."""
    kept_up = [duty for duty in plan.duties if duty.on_change is not None]
    if not kept_up:
        return plan
    more = {duty.id: _follows(duty, duty.on_change) for duty in kept_up if duty.on_change}
    duties = [one for duty in plan.duties for one in (duty, more.get(duty.id)) if one is not None]
    form = (
        EventField(REGISTER, "事项", FieldKind.CHOICE, choices=tuple(d.title for d in kept_up)),
        EventField("what", "变动内容", FieldKind.TEXT, required=False, private=True),
    )
    event = EventType(CHANGE, CHANGE_NAME, form)
    return replace(plan, event_types=(*plan.event_types, event), duties=tuple(duties))


def _follows(duty: Duty, within: Moment) -> Duty:
    """The event duty; it carries no weight of its own, so that nothing is scored twice."""
    assert duty.when is not None
    return replace(
        duty,
        id=f"{duty.id}.{CHANGE}",
        title=f"{duty.title}（变动更新）",
        kind=Kind.EVENT,
        responsible=(EVENT_UNIT,),
        rhythm=None,
        when=When(Moment(within.anchor, name=within.name), within, None, duty.when.roll),
        subject=0,
        event=CHANGE,
        conditions=(Condition(REGISTER, "=", duty.title),),
        evidence=tuple(replace(line, within=False) for line in duty.evidence),
        coverage=None,
        zero_report=False,
        weight=0,
        on_change=None,
        watch=None,
    )
