"""What a plan asks of a unit in paper work (填报负担): an estimate by a stated rule, no more.

3 minutes for each number, text or date, 8 for each file, 1 for each name of a roster to be covered
(全覆盖), 2 for opening and sending. The rule is the simulation's own; an office that has measured
its own minutes should believe those.
"""

from typing import NamedTuple

from responsibilities.plan import Duty, EvidenceKind, Plan

FIELD_MINUTES = 3
FILE_MINUTES = 8
NAME_MINUTES = 1
SENDING_MINUTES = 2


class Burden(NamedTuple):
    """What is asked, counted in things to fill in and to attach, and in estimated minutes."""

    fields: int = 0
    files: int = 0
    names: int = 0
    minutes: int = 0

    def plus(self, other: "Burden") -> "Burden":
        """Both together."""
        return Burden(*(a + b for a, b in zip(self, other, strict=True)))

    def times(self, number: int) -> "Burden":
        """The same asked so many times."""
        return Burden(*(number * each for each in self))


def of_task(plan: Plan, duty: Duty, unit: str) -> Burden:
    """What one task of `duty` asks of `unit`; optional evidence is not counted."""
    needed = [one for one in duty.evidence if not one.optional]
    files = sum(max(one.minimum, 1) for one in needed if one.kind is EvidenceKind.FILE)
    fields = sum(1 for one in needed if one.kind is not EvidenceKind.FILE)
    names = _names(plan, duty, unit)
    minutes = fields * FIELD_MINUTES + files * FILE_MINUTES + names * NAME_MINUTES
    return Burden(fields, files, names, minutes + SENDING_MINUTES)


def _names(plan: Plan, duty: Duty, unit: str) -> int:
    wanted = duty.coverage.roster if duty.coverage else None
    roster = next((roster for roster in plan.rosters if roster.id == wanted), None)
    return len(roster.members.get(unit, ())) if roster else 0
