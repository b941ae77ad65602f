"""An independent list (police, security office) held against the incidents that were reported.

Deterministic, and every match is explained: the date within a window of days, the unit, and each
field that both have. What nobody reported is called 漏报 and what came late 迟报; neither says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from responsibilities.words import Words

SAME_DAY, NEAR_DAY, SAME_UNIT = 2, 1, 3
SAME_NUMBER, NEAR_NUMBER, OTHER_NUMBER = 3, 1, -2
SAME_VALUE, OTHER_VALUE = 2, -1
ENOUGH, SURE = 4, 6
"""Points from which two entries are taken for one case, and from which nobody need look again."""
_SAME, _NEAR = Decimal("0.01"), Decimal("0.1")
"""By what share of the larger two numbers may differ to be the same, or near."""


class Outcome(StrEnum):
    """What became of one line of the list."""

    REPORTED = "reported"
    LATE = "late"
    MISSED = "missed"


OUTCOME_WORDS = {
    Outcome.REPORTED: Words("已报", "reported"),
    Outcome.LATE: Words("迟报", "late"),
    Outcome.MISSED: Words("漏报", "missed"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A case, from the list or from the record: `values` by the name of the field."""

    name: str
    """The line's number, or the event's id."""
    day: date
    unit: str
    """Empty where the list does not say."""
    values: Mapping[str, str]
    late_by: timedelta = timedelta()
    """Of an incident: how late its latest report was."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of the list, the incident it was found to be, and why."""

    listed: Case
    event: Case | None
    outcome: Outcome
    reasons: tuple[Words, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Crosscheck:
    """The whole list, in its order, and the incidents that it does not have."""

    lines: tuple[Checked, ...]
    unlisted: tuple[Case, ...]


def crosscheck(listed: Sequence[Case], events: Sequence[Case], days: int = 3) -> Crosscheck:
    """Each line with at most one incident and the other way round: the best pairs first.

    Of pairs that agree equally well the nearer day goes first, then the line, then the id.
    """
    pairs = []
    for line, one in enumerate(listed):
        for event in events:
            points, reasons = _alike(one, event, days)
            if points >= ENOUGH:
                apart = abs((one.day - event.day).days)
                pairs.append((-points, apart, line, event.name, event, reasons))
    pairs.sort(key=lambda pair: pair[:4])
    found: dict[int, Checked] = {}
    taken: set[str] = set()
    for points, _, line, name, event, reasons in pairs:
        if line in found or name in taken:
            continue
        taken.add(name)
        outcome = Outcome.LATE if event.late_by else Outcome.REPORTED
        found[line] = Checked(listed[line], event, outcome, reasons, -points >= SURE)
    lines = tuple(
        found.get(line) or Checked(one, None, Outcome.MISSED, (), True)
        for line, one in enumerate(listed)
    )
    return Crosscheck(lines, tuple(event for event in events if event.name not in taken))


def _alike(listed: Case, event: Case, days: int) -> tuple[int, tuple[Words, ...]]:
    """How well two cases agree, in points, and in what; 0 where they cannot be one."""
    apart = abs((listed.day - event.day).days)
    if apart > days or (listed.unit and listed.unit != event.unit):
        return 0, ()
    points = NEAR_DAY if apart else SAME_DAY
    reasons = [
        Words(f"日期相差{apart}天", f"{apart} days apart")
        if apart
        else Words("日期相同", "the same day")
    ]
    if listed.unit:
        points += SAME_UNIT
        reasons.append(Words("单位相同", "the same unit"))
    for name in sorted(listed.values.keys() & event.values.keys()):
        more, reason = _same_field(name, listed.values[name], event.values[name])
        points += more
        reasons.append(reason)
    return points, tuple(reasons)


def _same_field(name: str, one: str, other: str) -> tuple[int, Words]:
    """The values themselves are not told: a field may be private."""
    same = Words(f"{name}相同", f"the same {name}")
    differs = Words(f"{name}不同", f"another {name}")
    a, b = _number(one), _number(other)
    if a is None or b is None:
        return (SAME_VALUE, same) if one.strip() == other.strip() else (OTHER_VALUE, differs)
    gap, larger = abs(a - b), max(abs(a), abs(b))
    if gap <= larger * _SAME:
        return SAME_NUMBER, same
    if gap <= larger * _NEAR:
        return NEAR_NUMBER, Words(f"{name}相近", f"nearly the same {name}")
    return OTHER_NUMBER, differs


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
