"""What is frozen when a task opens: the content of its duty, named by a digest over it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

from pydantic import TypeAdapter

from responsibilities.delegation import (
    adds_up,
    part_members,
    part_steps,
    parts,
    roster_of,
    whole_of,
)
from responsibilities.openings import ladder_of
from responsibilities.plan import Duty, Member, Plan
from responsibilities.snapshot import canonical
from responsibilities.tasks import Promise


@cache
def _promises() -> TypeAdapter[Promise]:
    return TypeAdapter(Promise)


def promise(plan: Plan, version: int, duty: Duty) -> Promise:
    """What the tasks of `duty`, opened under this version of the plan, promise for ever.

    The digest is SHA-256 over the canonical bytes of everything else in it, 64 hex digits.
    """
    roster = roster_of(plan, duty)
    content = Promise(
        digest="",
        plan=plan.id,
        version=version,
        duty=duty.id,
        title=duty.title,
        kind=duty.kind.value,
        department=duty.department,
        sources=duty.sources,
        evidence=duty.evidence,
        steps=ladder_of(plan, duty),
        review=duty.review,
        reviewers=duty.reviewers,
        co_acting=duty.co_acting,
        inform=duty.inform,
        leader=duty.leader,
        zero_report=duty.zero_report,
        weight=duty.weight,
        coverage_roster=roster.id if roster else None,
        coverage_target=duty.coverage.target if duty.coverage else 1.0,
        late_joiners=duty.coverage.late_joiners if duty.coverage else None,
        coverage=roster.members if roster else {},
        counts=roster.counts if roster else {},
        assumed=tuple(assumption.key for assumption in duty.assumed),
    )
    return replace(content, digest=sha256(dump(content)).hexdigest())


def part_promise(plan: Plan, version: int, duty: Duty) -> Promise:
    """What the parts of that duty's tasks promise (see `delegation`); their unit reviews them."""
    whole = promise(plan, version, duty)
    holders = [holder for unit in duty.responsible for holder in parts(plan, duty, unit)]
    content = replace(
        whole,
        digest="",
        evidence=tuple(filter(adds_up, duty.evidence)),
        steps=part_steps(whole.steps),
        reviewers={holder: whole_of(holder) for holder in holders},
        co_acting=(),
        inform=(),
        weight=0,
        coverage_target=1.0,
        coverage=part_members(plan, duty),
        counts={},
    )
    return replace(content, digest=sha256(dump(content)).hexdigest())


def dump(promise: Promise) -> bytes:
    """The promise as canonical JSON, its digest included."""
    data: Mapping[str, Any] = _promises().dump_python(promise, mode="json")
    return canonical(data)


def load(body: bytes | str) -> Promise:
    """The promise that `dump` was given; raises pydantic's ValidationError on anything else."""
    return _promises().validate_json(body)


def to_cover(promise: Promise, unit: str, day: date) -> tuple[str, ...]:
    """The names that `unit` must cover, as the roster is on `day`.

    Its own where the roster lists some, else everybody's: a department that organises what
    colleges carry out answers for the whole roster.
    """
    listed = members_of(promise.coverage, unit, alone=unit in promise.coverage)
    return tuple(dict.fromkeys(member.name for member in listed if member.on(day)))


def members_of(
    coverage: Mapping[str, tuple[Member, ...]], unit: str, *, alone: bool
) -> tuple[Member, ...]:
    """Those of `unit`, or everybody where it does not cover its own `alone`."""
    if alone:
        return coverage.get(unit, ())
    return tuple(member for unit_id in sorted(coverage) for member in coverage[unit_id])


def heads_to_cover(promise: Promise, unit: str) -> int:
    """How many persons `unit` must cover, where only head counts are declared."""
    own = promise.counts.get(unit)
    return own if own is not None else sum(promise.counts.values())
