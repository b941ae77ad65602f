"""Checks of who reviews: nobody their own work, and nobody what is not asked for."""

from collections.abc import Callable, Iterator
from typing import Final

from responsibilities.language.check_duties import TASK_KINDS
from responsibilities.language.context import Context
from responsibilities.language.duty_language import DEFAULT_REVIEWER, reviewers_named
from responsibilities.language.entries import Finding
from responsibilities.plan import EVENT_UNIT, Plan
from responsibilities.reviewing import own_matter, reviewer_of
from responsibilities.words import Words


def reviews_itself(plan: Plan, context: Context) -> Iterator[Finding]:
    """Whoever does a duty should not review it, nor should the office its own host."""
    names = {unit.id: unit.name for unit in plan.units}
    for entry, duty in context.duties():
        own = [
            names.get(unit, unit)
            for unit in duty.responsible
            if own_matter(plan, reviewer_of(duty, unit), unit)
        ]
        if duty.kind in TASK_KINDS and own:
            what = Words(
                f"{'、'.join(own)}审核自己的工作", f"{', '.join(own)} would review their own work"
            )
            right = Words(
                "请另定审核人，如 review: {default: 办公室, 保卫处: 常务副组长}",
                "name another reviewer, e.g. review: {default: 办公室, 保卫处: 常务副组长}",
            )
            yield context.warning((entry.owner, "review"), "reviews-itself", what, right)


def reviewed_units(plan: Plan, context: Context) -> Iterator[Finding]:
    """Who is given a reviewer of their own has something to be reviewed."""
    for entry, duty in context.duties():
        for name in reviewers_named(entry.text.review):
            units = context.units_named(name)
            if name == DEFAULT_REVIEWER or not units or EVENT_UNIT in duty.responsible:
                continue
            if not units.intersection(duty.responsible):
                what = Words(
                    f"“{name}”不是本项的责任单位，不必另定审核人",
                    f"“{name}” is not responsible for this; it needs no reviewer",
                )
                yield context.error((entry.owner, "review", name), "review-of-nobody", what)


def host(plan: Plan, context: Context) -> Iterator[Finding]:
    """The office sits in a unit; who reviews those two is somebody else."""
    written = context.draft.plan.office_host if context.draft.plan else None
    if plan.host is None or written is None:
        return
    nouns = Words("单位", "unit"), Words("单位或职务", "unit or post")
    unit, reviewer = ("plan", "office_host", "unit"), ("plan", "office_host", "reviewed_by")
    unknown = (
        context.unknown(unit, "unknown-unit", nouns[0], written.unit, "units"),
        context.unknown(
            reviewer, "unknown-reviewer", nouns[1], written.reviewed_by, "units", "posts"
        ),
    )
    yield from filter(None, unknown)
    if not any(unknown) and own_matter(plan, plan.host.reviewed_by, plan.office):
        what = Words(
            f"{written.reviewed_by}不能审核办公室和{written.unit}的事项",
            f"{written.reviewed_by} cannot review the office and {written.unit}",
        )
        right = Words("请写一个职务，如 常务副组长", "name a post, e.g. 常务副组长")
        yield context.error(reviewer, "reviews-itself", what, right)


REVIEWER_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    host,
    reviews_itself,
    reviewed_units,
)
