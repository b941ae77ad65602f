"""Checks of delegates: who they are, what they answer for, and that nobody is forgotten."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from responsibilities.delegation import own_members, parts, roster_of
from responsibilities.language.context import Context
from responsibilities.language.entries import Finding
from responsibilities.language.institution_language import DelegateText
from responsibilities.plan import Duty, Kind, Plan, Roster
from responsibilities.problem import did_you_mean
from responsibilities.words import Words

_DELEGATED: Final = frozenset({Kind.RECURRING, Kind.STANDING, Kind.ONCE})


def posts(plan: Plan, context: Context) -> Iterator[Finding]:
    """A delegate belongs to a unit and answers for names on rosters of it."""
    held = {roster.id: roster for roster in plan.rosters}
    rosters, units = context.draft.names("rosters"), context.draft.names("units")
    for entry in context.draft.of(DelegateText):
        at, text = entry.owner, entry.text
        unit = Words("单位", "unit")
        wrong = context.unknown((at, "unit"), "unknown-unit", unit, text.unit, "units")
        yield from (wrong,) if wrong else ()
        for name, listed in text.covers.items():
            noun = Words("名册", "roster")
            wrong = context.unknown((at, "covers", name), "unknown-roster", noun, name, "rosters")
            yield from (wrong,) if wrong else ()
            roster = held.get(rosters.get(name, ""))
            if roster is not None and text.unit in units:
                known = [member.name for member in roster.members.get(units[text.unit], ())]
                for place, one in enumerate(listed):
                    if one not in known:
                        yield _stranger(context, (at, "covers", name, place), text, one, known)


def _stranger(
    context: Context, at: tuple[str | int, ...], text: DelegateText, one: str, known: list[str]
) -> Finding:
    what = Words(f"{text.unit}的名册中没有“{one}”", f"“{one}” is not on the roster of {text.unit}")
    return context.error(at, "unknown-member", what, did_you_mean(one, known))


def delegated(plan: Plan, context: Context) -> Iterator[Finding]:
    """A duty is delegated to posts that exist, in every unit, and every name has its post."""
    known = {one.post for one in plan.delegates}
    for entry, duty in context.duties():
        at = (entry.owner, "delegate")
        if duty.delegate is None or duty.kind not in _DELEGATED:
            continue  # on other kinds it is a stray key
        if duty.each or duty.varied or entry.text.renew is not None:
            what = Words(
                "逐项办理（each）、按有效期（renew）或按属性定频次的职责不能分解到岗",
                "what is asked one by one, from the last time or by an attribute is not delegated",
            )
            yield context.error(at, "bad-delegate", what)
            continue
        if duty.delegate not in known:
            what = Words(
                f"没有“{duty.delegate}”这一类受托岗位", f"no delegate is a “{duty.delegate}”"
            )
            right = did_you_mean(duty.delegate, known) or Words(
                f"请在 delegates 中写明，as: {duty.delegate}",
                f"declare them under `delegates`, as: {duty.delegate}",
            )
            yield context.error(at, "unknown-delegate", what, right)
            continue
        yield from _forgotten(plan, duty, context, at)


def _forgotten(plan: Plan, duty: Duty, context: Context, at: tuple[str, str]) -> Iterator[Finding]:
    names, roster = {unit.id: unit.name for unit in plan.units}, roster_of(plan, duty)
    bare = [names[u] for u in duty.responsible if u in names and not parts(plan, duty, u)]
    if bare:
        what = Words(
            f"{'、'.join(bare)}没有{duty.delegate}，由单位自行办理",
            f"{', '.join(bare)} has no {duty.delegate} and does all of it itself",
        )
        yield context.warning(at, "unit-without-delegate", what)
    if roster is not None and roster.counts and not roster.members:
        what = Words(
            f"名册“{roster.name}”只有人数，不能分解到岗",
            f"the roster “{roster.name}” has head counts only and cannot be delegated",
        )
        yield context.error(at, "bad-delegate", what)
    elif roster is not None:
        yield from _names(plan, duty, roster, context, at)


def _names(
    plan: Plan, duty: Duty, roster: Roster, context: Context, at: tuple[str, str]
) -> Iterator[Finding]:
    """The names of a roster that no delegate answers for, or more than one."""
    own = [d for d in plan.delegates if d.post == duty.delegate]
    held = Counter(member.name for one in own for member in own_members(roster, one))
    units = {one.unit for one in own}.intersection(duty.responsible)
    listed = dict.fromkeys(m.name for u in sorted(units) for m in roster.members.get(u, ()))
    orphans = [name for name in listed if name not in held]
    if orphans:
        what = Words(
            f"没有{duty.delegate}负责：{'、'.join(orphans)}；由单位自行办理",
            f"no {duty.delegate} answers for {', '.join(orphans)}: the unit does them itself",
        )
        yield context.warning(at, "member-without-delegate", what)
    twice = [name for name, number in held.items() if number > 1 and name in listed]
    if twice:
        what = Words(
            f"有两个{duty.delegate}负责：{'、'.join(twice)}",
            f"more than one {duty.delegate} answers for {', '.join(twice)}",
        )
        yield context.warning(at, "member-delegated-twice", what)


DELEGATE_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    posts,
    delegated,
)
