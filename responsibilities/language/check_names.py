"""Checks of names: whatever a plan refers to is declared somewhere in it."""

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Final

from responsibilities.language.context import Context
from responsibilities.language.duty_language import DEFAULT_REVIEWER, reviewers_named
from responsibilities.language.entries import Finding
from responsibilities.language.ground import EVENT_UNIT_WORD
from responsibilities.language.institution_language import (
    EventText,
    GroupText,
    RosterText,
    UnitText,
)
from responsibilities.plan import Plan
from responsibilities.words import Words

_UNIT = Words("单位或单位组", "unit or group")
_POST = Words("职务", "post")


def unknown_units(plan: Plan, context: Context) -> Iterator[Finding]:
    """Units and groups named by the plan, its groups, its rosters and its duties."""
    for at, name, sections in chain(_named_units(context), _reviewed_units(context)):
        if name != EVENT_UNIT_WORD or not str(at[0]).startswith("duties/"):
            yield from _some(context.unknown(at, "unknown-unit", _UNIT, name, *sections))


_Named = Iterator[tuple[tuple[str | int, ...], str, tuple[str, ...]]]


def _named_units(context: Context) -> _Named:
    known = ("units", "groups")
    groups = ((group.owner, group.text.units) for group in context.draft.of(GroupText))
    events = ((event.owner, event.text.units or ()) for event in context.draft.of(EventText))
    for owner, names in chain(groups, events):
        for place, name in enumerate(names):
            yield (owner, "units", place), name, known
    for roster in context.draft.of(RosterText):
        named = [("members", n) for n in roster.text.members]
        for key, name in [*named, *(("counts", n) for n in roster.text.counts)]:
            yield (roster.owner, key, name), name, ("units",)
    for entry, _ in context.duties():
        for key, attribute in (("responsible", "responsible"), ("with", "with_"), ("inform",) * 2):
            for place, name in enumerate(getattr(entry.text, attribute) or ()):
                yield (entry.owner, key, place), name, known


def _reviewed_units(context: Context) -> _Named:
    for entry, _ in context.duties():
        for name in reviewers_named(entry.text.review):
            if name != DEFAULT_REVIEWER:
                yield (entry.owner, "review", name), name, ("units", "groups")


def unknown_posts(plan: Plan, context: Context) -> Iterator[Finding]:
    """Leaders of units and duties, and reviewers."""
    for unit in context.draft.of(UnitText):
        if unit.text.leader:
            at = (unit.owner, "leader")
            yield from _some(context.unknown(at, "unknown-post", _POST, unit.text.leader, "posts"))
    reviewer = Words("单位或职务", "unit or post")
    for entry, _ in context.duties():
        if entry.text.leader:
            at = (entry.owner, "leader")
            yield from _some(context.unknown(at, "unknown-post", _POST, entry.text.leader, "posts"))
        for named, name in reviewers_named(entry.text.review).items():
            at = (entry.owner, "review")
            deeper = () if isinstance(entry.text.review, str) else (named,)
            yield from _some(
                context.unknown(
                    (*at, *deeper), "unknown-reviewer", reviewer, name, "units", "posts"
                )
            )


def unknown_leadership(plan: Plan, context: Context) -> Iterator[Finding]:
    """The office is a unit; group leader and deputy are posts."""
    head = context.draft.plan
    if head is None:
        return
    if "office" in _written(context):
        noun = Words("单位", "unit")
        yield from _some(
            context.unknown(("plan", "office"), "unknown-unit", noun, head.office, "units")
        )
    if "leadership" in _written(context):
        for key in ("group_leader", "deputy_group_leader"):
            at = ("plan", "leadership", key)
            name = getattr(head.leadership, key)
            yield from _some(context.unknown(at, "unknown-post", _POST, name, "posts"))


def _written(context: Context) -> frozenset[str]:
    raw = context.draft.document.sections.get("plan")
    return frozenset(raw) if isinstance(raw, dict) else frozenset()


def unknown_ladders_rosters_events(plan: Plan, context: Context) -> Iterator[Finding]:
    """The ladder, the roster and the event of a duty."""
    nouns = (
        ("ladder", "ladders", "unknown-ladder", Words("督办梯次", "ladder")),
        ("cover", "rosters", "unknown-roster", Words("名册", "roster")),
        ("each", "rosters", "unknown-roster", Words("名册", "roster")),
        ("on", "events", "unknown-event", Words("事件", "event")),
    )
    for entry, _ in context.duties():
        for key, section, code, noun in nouns:
            name = getattr(entry.text, key)
            if name is not None:
                at = (entry.owner, key)
                yield from _some(context.unknown(at, code, noun, name, section))


def group_cycles(plan: Plan, context: Context) -> Iterator[Finding]:
    """A group may name other groups, but not itself by way of them."""
    named = {
        name: entry
        for entry in context.draft.of(GroupText)
        for name in (entry.text.id, entry.text.name)
    }
    for entry in context.draft.of(GroupText):
        seen: set[str] = set()
        waiting = list(entry.text.units)
        while waiting:
            inner = named.get(waiting.pop())
            if inner is None or inner.owner in seen:
                continue
            seen.add(inner.owner)
            waiting.extend(inner.text.units)
        if entry.owner in seen:
            what = Words(
                f"单位组“{entry.text.name}”包含了自身",
                f"the group “{entry.text.name}” contains itself",
            )
            yield context.error((entry.owner, "units"), "group-cycle", what)


def empty_groups(plan: Plan, context: Context) -> Iterator[Finding]:
    """A group without a unit gives nobody anything to do."""
    for group in plan.groups:
        if not group.units:
            what = Words(f"单位组“{group.name}”没有成员单位", f"the group “{group.name}” is empty")
            yield context.warning((f"groups/{group.id}", "units"), "empty-group", what)


def _some(finding: Finding | None) -> Iterator[Finding]:
    if finding is not None:
        yield finding


NAME_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    unknown_units,
    unknown_posts,
    unknown_leadership,
    unknown_ladders_rosters_events,
    group_cycles,
    empty_groups,
)
