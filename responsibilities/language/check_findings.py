"""Checks of what inspections find: one event type for it, and a duty that puts it right."""

from collections.abc import Callable, Iterator
from typing import Final

from responsibilities.language.context import Context
from responsibilities.language.entries import Finding
from responsibilities.language.institution_language import EventText
from responsibilities.plan import Plan
from responsibilities.rectification import about_findings, rectifies
from responsibilities.words import Words


def findings(plan: Plan, context: Context) -> Iterator[Finding]:
    """Only one event is a finding, and some duty of 事发单位 is its rectification."""
    entries = [entry for entry in context.draft.of(EventText) if entry.text.finding]
    for entry in entries[1:]:
        what = Words("写了 finding 的事件不止一个", "more than one event is a `finding`")
        yield context.error((entry.owner, "finding"), "two-findings", what)
    if entries and not any(map(rectifies, about_findings(plan))):
        name = entries[0].text.name
        what = Words(f"“{name}”没有整改的职责", f"no duty puts “{name}” right")
        right = Words(
            f"写一项 on: {name}、responsible: 事发单位、不从结案起算的职责",
            f"write a duty with on: {name}, responsible: 事发单位, not counted from 结案",
        )
        yield context.error((entries[0].owner, "finding"), "no-rectification", what, right)


FINDING_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (findings,)
