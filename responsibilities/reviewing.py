"""Who reviews what a unit hands in, so that nobody reviews their own work (利益回避)."""

from collections.abc import Mapping
from typing import Protocol

from responsibilities.plan import ROLE_WORDS, Plan


class Reviewed(Protocol):
    """A duty, or the promise frozen from it."""

    @property
    def review(self) -> str: ...

    @property
    def reviewers(self) -> Mapping[str, str]: ...


def reviewer_of(about: Reviewed, unit: str) -> str:
    """Unit or post that reviews what `unit` hands in."""
    return about.reviewers.get(unit, about.review)


def own_matter(plan: Plan, reviewer: str, unit: str) -> bool:
    """Whether `reviewer` would judge its own work: it is the unit, or the two share one desk.

    The office and the unit that hosts it are the same people.
    """
    desk = {plan.office, plan.host.unit} if plan.host else set()
    return reviewer == unit or {reviewer, unit} <= desk


def speaks_for(plan: Plan, by: str) -> str | None:
    """The unit that whoever acts speaks for: 保卫处, its id, 保卫处负责人; None for a post."""
    for unit in plan.units:
        if by in (unit.id, unit.name):
            return unit.id
        if by.startswith(unit.name) and by.removeprefix(unit.name) in ROLE_WORDS:
            return unit.id
    return None
