"""Checks of phases and mechanisms: they are declared, within the plan, and keep every beat."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from responsibilities.language.check_times import nominal_days
from responsibilities.language.context import Context
from responsibilities.language.duty_language import MechanismText
from responsibilities.language.entries import Finding
from responsibilities.mechanisms import beats
from responsibilities.plan import Draw, Duty, Plan
from responsibilities.words import Words


def unknown_phases(plan: Plan, context: Context) -> Iterator[Finding]:
    """The phase of a duty."""
    noun = Words("工作阶段", "phase")
    for entry, _ in context.duties():
        if entry.text.phase is not None:
            at = (entry.owner, "phase")
            unknown = context.unknown(at, "unknown-phase", noun, entry.text.phase, "phases")
            if unknown is not None:
                yield unknown


def phase_dates(plan: Plan, context: Context) -> Iterator[Finding]:
    """A phase lies within the plan's own days, and no two share a day."""
    for phase in plan.phases:
        late = plan.until is not None and phase.days.last > plan.until
        if phase.days.first < plan.in_force or late:
            what = Words(
                f"阶段“{phase.name}”（{phase.days.first}至{phase.days.last}）"
                "有一部分不在方案施行期内，那几天不产生事项",
                f"part of “{phase.name}” ({phase.days.first} to {phase.days.last}) lies outside "
                "the plan's days of force: nothing is asked for on those days",
            )
            yield context.warning((f"phases/{phase.id}", "from"), "phase-outside", what)
    ordered = sorted(plan.phases, key=lambda phase: phase.days)
    for before, after in pairwise(ordered):
        if after.days.first <= before.days.last:
            what = Words(
                f"阶段“{after.name}”自{after.days.first}起，而“{before.name}”至{before.days.last}",
                f"“{after.name}” begins on {after.days.first}, “{before.name}” ends only on "
                f"{before.days.last}",
            )
            yield context.warning((f"phases/{after.id}", "from"), "phase-overlap", what)


def kept_beats(plan: Plan, context: Context) -> Iterator[Finding]:
    """Every duty that a mechanism lists exists, and every beat of its name has a duty."""
    noun = Words("职责", "duty")
    wrong = {finding.owner for finding in context.draft.findings}
    listed = {mechanism.id: mechanism for mechanism in plan.mechanisms}
    for entry in context.draft.of(MechanismText):
        unknown = [
            context.unknown((entry.owner, "duties", n), "unknown-duty", noun, name, "duties")
            for n, name in enumerate(entry.text.duties)
        ]
        yield from filter(None, unknown)
        if any(unknown) or wrong.intersection(f"duties/{name}" for name in entry.text.duties):
            continue  # its rhythm is not known
        for beat in beats(listed[entry.text.id], plan):
            if not beat.duties:
                what = Words(
                    f"机制名称中的“{beat.name}”没有对应的职责",
                    f"no duty of the mechanism keeps the beat “{beat.name}” of its name",
                )
                right = Words(
                    "请在 duties 中列出频次相符的职责", "list a duty of that rhythm under `duties`"
                )
                yield context.error((entry.owner, "name"), "beat-without-duty", what, right)


def draws(plan: Plan, context: Context) -> Iterator[Finding]:
    """A draw has something to draw from: days enough, units enough, names enough."""
    noun = Words("名册", "roster")
    for entry, duty in context.duties():
        if duty.draw is None or entry.text.draw is None:
            continue
        at, named = (entry.owner, "draw"), entry.text.draw.of
        if named is not None:
            yield from filter(
                None, [context.unknown((*at, "of"), "unknown-roster", noun, named, "rosters")]
            )
        wrong = _undrawable(plan, duty, duty.draw)
        if wrong is not None:
            yield context.error(at, "bad-draw", wrong)


def _undrawable(plan: Plan, duty: Duty, draw: Draw) -> Words | None:
    days, needed = nominal_days(draw.rhythm), (draw.times - 1) * max(draw.gap, 1) + 1
    if days < DRAWN_FROM or needed > days * 5 // 7:
        return Words(
            f"“{draw.text}”：一期约{days}天，抽不出这些天",
            f"“{draw.text}”: a period of about {days} days does not hold so many",
        )
    if bool(draw.inspectors) != bool(draw.roster):
        return Words("inspectors 和 of 须同时写", "`inspectors` and `of` go together")
    roster = next((one for one in plan.rosters if one.id == draw.roster), None)
    names = sum(map(len, roster.members.values())) if roster else draw.inspectors
    if names < draw.inspectors:
        return Words(
            f"名单只有{names}人，抽不出{draw.inspectors}名",
            f"there are only {names} names to draw {draw.inspectors} from",
        )
    if draw.units and not draw.units.percent and draw.units.number > len(duty.responsible):
        return Words(
            f"责任单位只有{len(duty.responsible)}个，抽不出{draw.units.number}个",
            f"there are only {len(duty.responsible)} units to draw {draw.units.number} from",
        )
    return None


DRAWN_FROM: Final = 7
"""Days of the shortest period that days are drawn from: a week."""
BUNDLE_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    unknown_phases,
    phase_dates,
    kept_beats,
    draws,
)
