"""Checks of rosters: who is to be covered, from when to when, and pairs of two rosters."""

from collections.abc import Callable, Iterator
from typing import Final

from responsibilities.language.context import Context
from responsibilities.language.entries import Finding
from responsibilities.language.institution_language import RosterText
from responsibilities.plan import Plan
from responsibilities.words import Words


def rosters(plan: Plan, context: Context) -> Iterator[Finding]:
    """A roster has members, and among them those of every unit that covers its own."""
    held = {roster.id: roster for roster in plan.rosters}
    names = {unit.id: unit.name for unit in plan.units}
    for entry, duty in context.duties():
        roster = held.get(duty.coverage.roster) if duty.coverage else None
        if roster is None:
            continue
        listed = roster.members.keys() | roster.counts.keys()
        at = (entry.owner, "cover")
        if not any(roster.members.values()) and not any(roster.counts.values()):
            what = Words(f"名册“{roster.name}”是空的", f"the roster “{roster.name}” is empty")
            yield context.error(at, "empty-roster", what)
        missing = [names[u] for u in duty.responsible if u in names and u not in listed]
        if missing and any(unit in listed for unit in duty.responsible):
            what = Words(
                f"名册“{roster.name}”中没有{'、'.join(missing)}",
                f"the roster “{roster.name}” has no member of {', '.join(missing)}",
            )
            right = Words("请补充名单或人数", "add their members or counts")
            yield context.error(at, "roster-without-unit", what, right)


def pairs(plan: Plan, context: Context) -> Iterator[Finding]:
    """A roster of pairs is made of two others, which list their members by name."""
    entries = context.draft.of(RosterText)
    known = {name: e.text for e in entries for name in (e.text.id, e.text.name)}
    for entry in entries:
        at = (entry.owner, "pairs")
        for name in entry.text.pairs or ():
            part = known.get(name)
            if part is None:
                noun = Words("名册", "roster")
                unknown = context.unknown(at, "unknown-roster", noun, name, "rosters")
                yield from (unknown,) if unknown else ()
            elif part.pairs is not None or not part.members:
                what = Words(
                    f"名册“{name}”没有名单，不能配对", f"the roster “{name}” has no names to pair"
                )
                yield context.error(at, "bad-pairs", what)
        if entry.text.pairs is not None and (entry.text.members or entry.text.counts):
            what = Words(
                "配对的名册由两份名册得出，不另写名单或人数",
                "a roster of pairs is made of two others and lists nothing itself",
            )
            yield context.error(at, "bad-pairs", what)


def members(plan: Plan, context: Context) -> Iterator[Finding]:
    """Nobody leaves a roster before coming to it."""
    for entry in context.draft.of(RosterText):
        for unit, listed in entry.text.members.items():
            for place, one in enumerate(listed):
                if isinstance(one, str) or one.from_ is None or one.until is None:
                    continue
                if one.until < one.from_:
                    what = Words(
                        f"“{one.name}”的离册日期早于加入日期",
                        f"“{one.name}” leaves before it comes",
                    )
                    at = (entry.owner, "members", unit, place, "until")
                    yield context.error(at, "bad-member", what)


ROSTER_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    rosters,
    pairs,
    members,
)
