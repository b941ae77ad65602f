"""Checks of phases and mechanisms: they are declared, within the plan, and keep every beat."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from responsibilities.language.context import Context
from responsibilities.language.duty_language import MechanismText
from responsibilities.language.entries import Finding
from responsibilities.mechanisms import beats
from responsibilities.plan import Plan
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


BUNDLE_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    unknown_phases,
    phase_dates,
    kept_beats,
)
