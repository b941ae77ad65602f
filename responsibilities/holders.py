"""Whose a task is: the responsible unit's, or (each: 实验室) one member's of the unit's roster.

The last part of a task's key names its holder for ever: the unit, `nursing`, or the unit and the
member, `nursing:lab-3`. The unit answers for all its members, and letters go to the unit.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from responsibilities.plan import Duty, Member, Plan
from responsibilities.same import Same

JOINED: Final = ":"
"""Between the unit and the member; in no id of a unit."""


class Holder(NamedTuple):
    """Who must do something, one by one."""

    name: str
    """The last part of the key."""
    unit: str
    member: Member | None = None


def holders(plan: Plan, duty: Duty) -> tuple[Holder, ...]:
    """The units as the duty lists them, or the members of each in the order of its roster."""
    return _holders(Same(plan), Same(duty))


@lru_cache(maxsize=256)
def _holders(plan: Same[Plan], duty: Same[Duty]) -> tuple[Holder, ...]:
    units, each = duty.value.responsible, duty.value.each
    if each is None:
        return tuple(Holder(unit, unit) for unit in units)
    members = next((r.members for r in plan.value.rosters if r.id == each), {})
    return tuple(
        Holder(f"{unit}{JOINED}{member.key}", unit, member)
        for unit in units
        for member in members.get(unit, ())
    )


def say_holder(plan: Plan, holder: Holder) -> str:
    """护理学院·分析实验室, or the unit alone."""
    unit = next((unit.name for unit in plan.units if unit.id == holder.unit), holder.unit)
    return f"{unit}·{holder.member.name}" if holder.member is not None else unit


def unit_of(holder: str) -> str:
    """The unit that answers for a holder, or the last part of a key."""
    return holder.partition(JOINED)[0]


def holder_of(key: str) -> str:
    """The holder that a task's key names."""
    return key.rpartition("/")[2]


def member_named(plan: Plan, key: str) -> str:
    """What the member of a task is called; empty for a task of the unit itself."""
    unit, _, wanted = holder_of(key).partition(JOINED)
    if not wanted:
        return ""
    listed = (member for roster in plan.rosters for member in roster.members.get(unit, ()))
    return next((member.name for member in listed if member.key == wanted), wanted)
