"""A unit's task in parts: each delegate answers for its own, the unit for the whole (两级分解).

The unit's task is `plan/period/duty/unit`, a part of it `plan/period/duty/unit~delegate`. What adds
up (files, figures without an upper limit, names covered) is asked of the parts; all else stays with
the unit. The ladder reminds and chases a delegate; whoever is above it hears of the unit's task.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from responsibilities.plan import (
    Base,
    Delegate,
    Duty,
    EvidenceKind,
    Member,
    Plan,
    Requirement,
    Role,
    Roster,
    Step,
)

_SIGN = "~"
_OWN = frozenset({Role.CONTACT, Role.DEPUTY, Role.HEAD})


def part_of(unit: str, delegate: str) -> str:
    """What stands for the unit in the key of a part."""
    return f"{unit}{_SIGN}{delegate}"


def is_part(holder: str) -> bool:
    """Whether the holder of a task is a delegate."""
    return _SIGN in holder


def whole_of(holder: str) -> str:
    """The unit that answers for a part; for a key, that of its task."""
    return holder.partition(_SIGN)[0]


def delegate_of(plan: Plan, holder: str) -> Delegate | None:
    """The delegate that holds a part; None for a unit, and where the post is no more."""
    id_ = holder.partition(_SIGN)[2]
    return next((one for one in plan.delegates if id_ and one.id == id_), None)


def parts(plan: Plan, duty: Duty, unit: str) -> tuple[str, ...]:
    """The holders of the parts of a unit's task; none where the unit does all of it itself.

    Where a roster is to be covered, a delegate without a name on it has no part.
    """
    if duty.delegate is None:
        return ()
    roster = roster_of(plan, duty)
    return tuple(
        part_of(unit, one.id)
        for one in plan.delegates
        if one.unit == unit
        and one.post == duty.delegate
        and (roster is None or own_members(roster, one))
    )


def roster_of(plan: Plan, duty: Duty) -> Roster | None:
    """The roster that a duty covers, where it has one."""
    wanted = duty.coverage.roster if duty.coverage else None
    return next((roster for roster in plan.rosters if roster.id == wanted), None)


def own_members(roster: Roster, delegate: Delegate) -> tuple[Member, ...]:
    """The members of the roster, or the pairs of it, that a delegate answers for."""
    own = set(delegate.covers.get(roster.id, ()))
    halves = tuple(f"{name}×" for name in delegate.covers.get(roster.pairs_of, ()))
    return tuple(
        member
        for member in roster.members.get(delegate.unit, ())
        if member.name in own or (halves and member.name.startswith(halves))
    )


def part_members(plan: Plan, duty: Duty) -> Mapping[str, tuple[Member, ...]]:
    """By the holder of a part: the members it covers."""
    roster = roster_of(plan, duty)
    if roster is None:
        return {}
    return {
        part_of(one.unit, one.id): own_members(roster, one)
        for one in plan.delegates
        if one.post == duty.delegate
    }


def part_steps(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps of a ladder as a delegate hears of them."""
    return tuple(_for_delegates(steps))


def _for_delegates(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        if step.base is not Base.SUBMITTED and not _OWN.isdisjoint(step.to):
            letter = "overdue" if step.letter == "escalated" else step.letter
            yield replace(step, to=(Role.CONTACT,), letter=letter)


def adds_up(line: Requirement) -> bool:
    """Whether what the parts hand in makes up what the unit owes: no rate does, nor a date."""
    if line.kind is EvidenceKind.NUMBER:
        return line.maximum is None
    return line.kind is EvidenceKind.FILE
