"""Mechanisms (周提醒、月通报、年考核): one name for several duties, and the beat each of them is.

The name's parts are its beats, what stands in brackets apart. A part begins with 日, 周, 旬, 月,
季, 半年, 学期, 学年 or 年 and is kept by the mechanism's duties of that rhythm; what belongs to no
part stands beside them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from responsibilities.plan import Duty, Mechanism, Plan
from responsibilities.rhythm import Cycle
from responsibilities.words import Words

_CYCLES: Final[Mapping[str, frozenset[Cycle]]] = {
    "日": frozenset({Cycle.DAY, Cycle.WORKING_DAY, Cycle.TEACHING_DAY}),
    "周": frozenset({Cycle.WEEK, Cycle.TEACHING_WEEK}),
    "旬": frozenset({Cycle.XUN}),
    "月": frozenset({Cycle.MONTH}),
    "季": frozenset({Cycle.QUARTER}),
    "半年": frozenset({Cycle.HALF_YEAR}),
    "学期": frozenset({Cycle.TERM}),
    "学年": frozenset({Cycle.ACADEMIC_YEAR}),
    "年": frozenset({Cycle.YEAR, Cycle.ACADEMIC_YEAR}),
}
_HEAD: Final = re.compile(rf"每?({'|'.join(_CYCLES)})")
_BETWEEN: Final = re.compile(r"[、，,；;和及与]")
_ASIDE: Final = re.compile(r"[（(].*?[)）]|[“”‘’\s]")


@dataclass(frozen=True, slots=True)
class Beat:
    """One part of a mechanism's name (周提醒) with the duties that keep it; "" for the others."""

    name: str
    duties: tuple[str, ...]


def beats(mechanism: Mechanism, plan: Plan) -> tuple[Beat, ...]:
    """The parts of the name in order, then the duties that belong to none of them, if any."""
    own = [duty for duty in plan.duties if duty.id in mechanism.duties]
    found, taken = [], set[str]()
    parts = _BETWEEN.split(_ASIDE.sub("", mechanism.name))
    for part in parts:
        head = _HEAD.match(part)
        if head is None and len(parts) == 1:
            break  # a name without beats: 校园安全机制
        cycles = _CYCLES[head[1]] if head else frozenset()
        kept = tuple(duty.id for duty in own if _cycle(duty) in cycles)
        taken.update(kept)
        found.append(Beat(part, kept))
    rest = tuple(duty.id for duty in own if duty.id not in taken)
    return (*found, *([Beat("", rest)] if rest else []))


def named(plan: Plan) -> Mapping[str, tuple[tuple[Mechanism, str], ...]]:
    """By duty id, every mechanism it belongs to with the name of its beat."""
    found: dict[str, list[tuple[Mechanism, str]]] = {}
    for mechanism in plan.mechanisms:
        for beat in beats(mechanism, plan):
            for duty in beat.duties:
                found.setdefault(duty, []).append((mechanism, beat.name))
    return {duty: tuple(held) for duty, held in found.items()}


def say_beat(mechanism: Mechanism, beat: str) -> Words:
    """周提醒、月通报、年考核（本项为“周提醒”）."""
    if not beat:
        return Words(mechanism.name, mechanism.name)
    return Words(f"{mechanism.name}（本项为“{beat}”）", f"{mechanism.name} (this is “{beat}”)")


def _cycle(duty: Duty) -> Cycle | None:
    return duty.rhythm.cycle if duty.rhythm else None
