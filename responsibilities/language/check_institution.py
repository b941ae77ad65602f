"""Checks of the institution: mailboxes, ladders, rosters, and the plan's own dates."""

from collections.abc import Callable, Iterator
from typing import Final
from zoneinfo import ZoneInfo

from responsibilities.calendars.clock import Unit
from responsibilities.language.check_duties import TASK_KINDS
from responsibilities.language.compile_units import backwards
from responsibilities.language.context import Context
from responsibilities.language.entries import Finding
from responsibilities.language.institution_language import UnitText
from responsibilities.language.saying import say_step_time
from responsibilities.plan import Duty, Ladder, Plan, Role, Step
from responsibilities.roles import ROLE_NAMES, resolve
from responsibilities.words import Words

_OWN: Final = frozenset({Role.CONTACT, Role.DEPUTY, Role.HEAD})
_NOT_OF_A_UNIT: Final = frozenset({Role.REVIEWER, Role.INFORMED, Role.CO_ACTING})


def no_mailbox(plan: Plan, context: Context) -> Iterator[Finding]:
    """A unit with duties can be written to; while its posts are 空缺, its letters go up."""
    busy = {unit for duty in plan.duties if duty.kind in TASK_KINDS for unit in duty.responsible}
    units = {unit.id: unit for unit in plan.units}
    for entry in context.draft.of(UnitText):
        unit = units[entry.text.id]
        if unit.id not in busy or Role.CONTACT in unit.mailboxes or Role.HEAD in unit.mailboxes:
            continue
        what = Words(
            f"{unit.name}有职责，但没有联络员或负责人的邮箱",
            f"{unit.name} has duties, but neither its contact nor its head has a mailbox",
        )
        if entry.text.contact is None and entry.text.head is None:
            right = Words(
                "请填写 contact 或 head；暂无人任职的写“空缺”",
                "give `contact` or `head`; write 空缺 while the post is vacant",
            )
            yield context.error((entry.owner,), "no-mailbox", what, right)
        else:
            right = Words("通知将逐级上送", "letters go up to the next post meanwhile")
            yield context.warning((entry.owner,), "vacant", what, right)


def used_ladders(plan: Plan) -> Iterator[tuple[Ladder, list[tuple[Duty, str]]]]:
    """Every ladder with the duties that use it, one for each unit that can be written to."""
    known = {unit.id for unit in plan.units if unit.mailboxes}
    for ladder in plan.ladders:
        using = [duty for duty in plan.duties if duty.ladder == ladder.id]
        yield ladder, [(duty, u) for duty in using for u in duty.responsible if u in known]


def _filled(plan: Plan, duty: Duty, unit: str, role: Role) -> bool:
    """Whether a letter of the duty to this role reaches the post itself."""
    if role is Role.LEADER and duty.leader is not None:
        return any(post.id == duty.leader and post.mailbox for post in plan.posts)
    found = resolve(plan, unit, role)
    return bool(found.addressees) and not found.vacant


def vacant_end(plan: Plan, context: Context) -> Iterator[Finding]:
    """The post that a ladder ends at is not vacant."""
    for ladder, using in used_ladders(plan):
        late = [(i, s) for i, s in enumerate(ladder.steps) if s.letter in ("overdue", "escalated")]
        if not late:
            continue
        index, step = late[-1]
        posts = [role for role in step.to if role not in _NOT_OF_A_UNIT]
        for duty, unit in using if posts else ():
            if not any(_filled(plan, duty, unit, role) for role in posts):
                what = Words(
                    f"梯次“{ladder.name}”止于{_named(step)}，而该职务空缺",
                    f"the ladder “{ladder.name}” ends at a vacant post",
                )
                right = Words(
                    "请填写邮箱，或加一步更高的职务", "give a mailbox, or add a step above"
                )
                at = (f"ladders/{ladder.id}", "steps", index, "tell")
                yield context.warning(at, "ladder-ends-vacant", what, right)
                break


def _named(step: Step) -> str:
    return "、".join(ROLE_NAMES[role].zh for role in step.to)


def vacant_everywhere(plan: Plan, context: Context) -> Iterator[Finding]:
    """A step to a role that no unit has filled always goes to somebody else."""
    for ladder, using in used_ladders(plan):
        filled = {
            role
            for role in {role for step in ladder.steps for role in step.to} - _NOT_OF_A_UNIT
            if any(_filled(plan, duty, unit, role) for duty, unit in using)
        }
        for index, step in enumerate(ladder.steps) if using else ():
            for role in step.to:
                if role in filled or role in _NOT_OF_A_UNIT:
                    continue
                zh, en = ROLE_NAMES[role]
                what = Words(
                    f"“{step.text}”告知{zh}，而各单位的{zh}均空缺",
                    f"“{step.text}” tells the {en}, and no unit has one",
                )
                at = (f"ladders/{ladder.id}", "steps", index, "tell")
                yield context.warning(at, "vacant-everywhere", what)


def backwards_steps(plan: Plan, context: Context) -> Iterator[Finding]:
    """Steps stand in the order in which they come."""
    for ladder in plan.ladders:
        for index, step, before in backwards(ladder.steps):
            what = Words(
                f"“{step.text}”早于前一步“{before.text}”",
                f"“{say_step_time(step).en}” comes before the step above it, "
                f"“{say_step_time(before).en}”",
            )
            right = Words("请按时间先后排列", "put the steps in the order of time")
            at = (f"ladders/{ladder.id}", "steps", index, "when")
            yield context.error(at, "backwards-step", what, right)


def never_escalates(plan: Plan, context: Context) -> Iterator[Finding]:
    """What counts in the annual assessment reaches somebody outside the unit when it is late."""
    inside = {
        ladder.id
        for ladder in plan.ladders
        if not any(_OWN.isdisjoint(step.to) or set(step.to) - _OWN for step in _late(ladder))
    }
    for entry, duty in context.duties():
        if duty.weight > 0 and duty.ladder in inside:
            what = Words(
                f"本项计入考核，但梯次“{entry.text.ladder}”逾期后不出本单位",
                f"it has a weight, and its ladder “{entry.text.ladder}” never leaves the unit",
            )
            right = Words(
                "请加一步，如 逾期3个工作日 告知分管领导", "add a step to the leader in charge"
            )
            yield context.warning((entry.owner, "ladder"), "never-escalates", what, right)


def _late(ladder: Ladder) -> Iterator[Step]:
    return (step for step in ladder.steps if step.letter in ("overdue", "escalated"))


def endless_units(plan: Plan, context: Context) -> Iterator[Finding]:
    """A step counts in units that the plan's calendars have."""
    for ladder in plan.ladders:
        for index, step in enumerate(ladder.steps):
            teaching = step.unit in (Unit.TEACHING_DAY.value, Unit.TEACHING_WEEK.value)
            if teaching and plan.school is None:
                what = Words(
                    f"“{step.text}”按教学日计，但没有校历",
                    f"“{step.text}” needs a school calendar, and there is none",
                )
                at = (f"ladders/{ladder.id}", "steps", index, "when")
                yield context.error(at, "no-school-calendar", what)


def plan_dates(plan: Plan, context: Context) -> Iterator[Finding]:
    """The plan takes force after it was issued and before it ends, in years that are known."""
    if plan.in_force < plan.issued:
        what = Words("施行日期早于印发日期", "it takes force before it was issued")
        yield context.warning(("plan", "in_force"), "in-force-early", what)
    if plan.until is not None and plan.until < plan.in_force:
        what = Words("终止日期早于施行日期", "it ends before it takes force")
        yield context.error(("plan", "until"), "ends-early", what)
    if context.draft.plan is not None and plan.in_force > context.working.last:
        last = context.working.last.year
        what = Words(
            f"施行日期超出工作日安排（至{last}年）", f"working days are known to {last} only"
        )
        yield context.error(("plan", "in_force"), "beyond-calendar", what)


def zone(plan: Plan, context: Context) -> Iterator[Finding]:
    """The time zone exists."""
    try:
        ZoneInfo(plan.zone)
    except (KeyError, ValueError, OSError):
        what = Words(f"不认识的时区“{plan.zone}”", f"unknown time zone “{plan.zone}”")
        right = Words("如 Asia/Shanghai", "e.g. Asia/Shanghai")
        yield context.error(("plan", "zone"), "unknown-zone", what, right)


INSTITUTION_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    no_mailbox,
    vacant_end,
    vacant_everywhere,
    backwards_steps,
    never_escalates,
    endless_units,
    plan_dates,
    zone,
)
