"""Checks of who is asked one by one, and of what counts from the last time it was done."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from responsibilities.by_attribute import values_of
from responsibilities.calendars.clock import Clock, Roll
from responsibilities.changing import LONGEST
from responsibilities.civil import CIVIL, Period
from responsibilities.holders import JOINED, holders
from responsibilities.language.check_times import EDGES, HANDED_OUT, moments_of
from responsibilities.language.context import Context
from responsibilities.language.duty_language import DutyText
from responsibilities.language.entries import Entry, Finding
from responsibilities.language.renewal_phrases import renewal
from responsibilities.language.varied_phrases import OTHERS, days_of
from responsibilities.moments import Scope, resolver
from responsibilities.plan import Duty, Plan, Roster
from responsibilities.renewals import is_renewing, later
from responsibilities.rhythm import Varied
from responsibilities.words import Refused, Words

_YEAR: Final = timedelta(days=366)


def one_by_one(plan: Plan, context: Context) -> Iterator[Finding]:
    """Every responsible unit has members to be asked one by one, each with a name of its own."""
    held = {roster.id: roster for roster in plan.rosters}
    for entry, duty in context.duties():
        roster = held.get(duty.each or "")
        if roster is None:
            continue
        yield from _excluded(entry, context)
        names = {unit.id: unit.name for unit in plan.units}
        missing = [names[u] for u in duty.responsible if u in names and not roster.members.get(u)]
        if missing:
            what = Words(
                f"名册“{roster.name}”中没有{'、'.join(missing)}的名单",
                f"the roster “{roster.name}” lists nobody of {', '.join(missing)}",
            )
            yield context.error((entry.owner, "each"), "roster-without-unit", what)
        yield from _keys(roster, entry, context)


def _excluded(entry: Entry[DutyText], context: Context) -> Iterator[Finding]:
    for key in ("cover", "watch", "on_change", "draw"):
        if getattr(entry.text, key) is not None:
            what = Words(
                f"逐一办理（each）的职责不能再写 {key}",
                f"a duty that is asked one by one (`each`) has no `{key}`",
            )
            yield context.error((entry.owner, key), "stray-key", what)


def _keys(roster: Roster, entry: Entry[DutyText], context: Context) -> Iterator[Finding]:
    """What stands in the key of a task is there once, and does not break the key."""
    at = (entry.owner, "each")
    for members in roster.members.values():
        keys = [member.key for member in members]
        for key in dict.fromkeys(keys):
            if keys.count(key) > 1:
                what = Words(f"名册中有两个“{key}”", f"the roster lists “{key}” twice")
                right = Words("请删去一个，或各写 id", "drop one, or give each an `id`")
                yield context.error(at, "same-member", what, right)
            if "/" in key or JOINED in key:
                what = Words(f"“{key}”含有“/”或“:”", f"“{key}” has a / or : in it")
                right = Words("请另写 id", "give it an `id`")
                yield context.error(at, "bad-member", what, right)


_OF_A_PERIOD: Final = ("times", "surge", "window", "phase", "lapses")


def from_last_time(plan: Plan, context: Context) -> Iterator[Finding]:
    """What counts from the last time has no period of the calendar that other keys could mean."""
    for entry, duty in context.duties():
        if not is_renewing(duty):
            continue
        text = entry.text
        stray = [key for key in _OF_A_PERIOD if getattr(text, key) is not None]
        stray += ["about"] if duty.subject else []
        stray += ["no_workday"] if duty.when is not None and duty.when.skip_empty else []
        for key in stray:
            what = Words(
                f"从上次完成起算的职责没有固定的周期，不能写 {key}",
                f"what counts from the last time has no fixed period: no `{key}`",
            )
            yield context.error((entry.owner, key), "stray-key", what)
        yield from _window(plan, entry, duty, context)


def _window(plan: Plan, entry: Entry[DutyText], duty: Duty, context: Context) -> Iterator[Finding]:
    read = renewal(entry.text.renew) if entry.text.renew is not None else None
    twice = read is not None and not isinstance(read, Words) and read.opens is not None
    if twice and entry.text.opens is not None:
        what = Words("renew 已写明到期前多少日，请删去 opens", "`renew` says when it opens")
        yield context.error((entry.owner, "opens"), "stray-key", what)
    odd = False
    for at, moment in moments_of(entry, duty):
        if moment.anchor not in EDGES:
            odd = True
            what = Words(
                "从上次完成起算的，时间只能从“期初”“期末”（到期）起算",
                "what counts from the last time counts from 期初 or 期末 (到期) only",
            )
            yield context.error(at, "renew-window", what)
    if not odd and _opens_after_due(plan, duty, context):
        what = Words("还没有到下达的时间就已经到期", "it runs out before it opens")
        key = next(k for k in ("opens", "renew", "every", "checkpoint") if getattr(entry.text, k))
        yield context.error((entry.owner, key), "due-before-opens", what)


def _opens_after_due(plan: Plan, duty: Duty, context: Context) -> bool:
    """Tried on one validity at the end of what the calendars know."""
    assert duty.rhythm is not None
    assert duty.when is not None
    try:
        clock = Clock(plan.zone, plan.hours, context.working, plan.school)
        last = context.working.last - _YEAR
        first = later(duty.rhythm, last, -duty.rhythm.count, clock) + timedelta(days=1)
        when = replace(duty.when, roll=Roll.NONE)
        found = resolver(when, Scope(clock, None, plan.in_force, plan.issued))
        period = Period("V1", first, last)
        return found.opens_on(period) > clock.day(found.window(period).due_at)
    except Refused:
        return False


def by_attribute(plan: Plan, context: Context) -> Iterator[Finding]:
    """What depends on an attribute names it, has whole rhythms, and one for everybody's value."""
    for entry, duty in context.duties():
        if duty.varied is None:
            continue
        at = (entry.owner, "every")
        if not duty.varied.attribute or not duty.varied.rhythms:
            what = Words("没有写明按哪个属性、各值的频次", "it names no attribute, or no rhythm")
            right = Words(
                "如 every: {by: 实验室等级, Ⅰ级: 每月, 其他: 每3个月}",
                "e.g. every: {by: 实验室等级, Ⅰ级: 每月, 其他: 每3个月}",
            )
            yield context.error(at, "bad-varied", what, right)
            continue
        yield from _plain_rhythms(entry, duty.varied, context)
        yield from _no_fixed_period(entry, duty, context)
        yield from _without_rhythm(plan, entry, duty, duty.varied, context)


def _plain_rhythms(entry: Entry[DutyText], varied: Varied, context: Context) -> Iterator[Finding]:
    others = ((OTHERS, varied.other),) if varied.other is not None else ()
    for value, rhythm in (*varied.rhythms, *others):
        several = rhythm.count > 1 and rhythm.cycle not in CIVIL
        if rhythm.after_done or rhythm.target or several or days_of(rhythm) > LONGEST.days:
            what = Words(
                f"“{rhythm.text}”不能随属性而定；可写一年以内的“每周”“每月”“每3个月”“每学期”等",
                f"“{rhythm.text}” cannot depend on an attribute: write 每周, 每月, 每3个月, 每学期",
            )
            yield context.error((entry.owner, "every", value), "bad-varied", what)


def _no_fixed_period(entry: Entry[DutyText], duty: Duty, context: Context) -> Iterator[Finding]:
    """The change of an attribute cuts a period: only its own ends are there to count from."""
    for key in ("times", "surge", "window", "about"):
        given = duty.subject if key == "about" else getattr(entry.text, key)
        if given:
            what = Words(
                f"频次随属性而定的职责不能再写 {key}",
                f"a duty whose rhythm depends on an attribute has no `{key}`",
            )
            yield context.error((entry.owner, key), "stray-key", what)
    for place, moment in moments_of(entry, duty):
        if moment.anchor not in EDGES and moment.name != HANDED_OUT:
            what = Words(
                "频次随属性而定的，时间只能从“期初”“期末”“下达”起算",
                "where the rhythm depends on an attribute, count from 期初, 期末 or 下达",
            )
            yield context.error(place, "varied-window", what)


def _without_rhythm(
    plan: Plan, entry: Entry[DutyText], duty: Duty, varied: Varied, context: Context
) -> Iterator[Finding]:
    if varied.other is not None:
        return
    named = {value for value, _ in varied.rhythms}
    units = {unit.id: unit.name for unit in plan.units}
    for holder in holders(plan, duty):
        given = [value for _, value in values_of(plan, holder, varied.attribute)]
        wrong = next((value for value in given if value not in named), None)
        if given and wrong is None:
            continue
        who = holder.member.name if holder.member else units.get(holder.unit, holder.unit)
        said = f"为“{wrong}”" if wrong else "没有写明"
        what = Words(
            f"{who}的{varied.attribute}{said}，没有相应的频次",
            f"{who}: no rhythm for its {varied.attribute} ({wrong or 'not given'})",
        )
        right = Words("请写明这一值的频次，或写“其他”", "name a rhythm for it, or write 其他")
        yield context.error((entry.owner, "every"), "no-rhythm", what, right)
        return


def attributes(plan: Plan, context: Context) -> Iterator[Finding]:
    """The values of an attribute stand in the order of their days, the first perhaps without."""
    given = [(f"units/{unit.id}", "attributes", unit.attributes) for unit in plan.units]
    given += [
        (f"rosters/{roster.id}", "members", member.attributes)
        for roster in plan.rosters
        for members in roster.members.values()
        for member in members
    ]
    for owner, key, listed in given:
        for attribute in listed:
            days = [day or date.min for day, _ in attribute.values]
            if days != sorted(set(days)):
                what = Words(
                    f"{attribute.name}各值的起始日期未按先后排列，或有重复、漏写",
                    f"the days of {attribute.name} are not in order",
                )
                yield context.error((owner, key), "bad-attribute", what)


HOLDER_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    one_by_one,
    from_last_time,
    by_attribute,
    attributes,
)
