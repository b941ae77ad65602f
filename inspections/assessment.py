"""The score sheet (考核评分表) of one unit: what the record costs it, point by point.

All amounts are integers in hundredths of a point. Each deduction names the task and the facts that
cost it. What was excused, fell to a vacant post or was late by our own system is spared: it is
neither counted nor shared out. A sheet says points and grades; it never names a penalty.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import NamedTuple

from responsibilities.assessments import (
    FULL,
    OF_TASKS,
    POINT,
    SHARED,
    Assessment,
    Indicator,
    IndicatorGroup,
    Source,
    Veto,
)

Seqs = tuple[int, ...]
"""Numbers of facts in the record."""


class TaskRecord(NamedTuple):
    """One task of the unit, due within the year assessed, as the record has it."""

    key: str
    duty: str
    weight: int
    """Of its duty, in hundredths; what weighs nothing is not scored."""
    done: bool
    """Handed in whole and not sent back since."""
    late: bool = False
    spared: bool = False
    returned: Seqs = ()
    """The facts by which it was returned."""
    covered: int | None = None
    """Hundredths of a percent; None where nothing is to be covered."""
    target: int = FULL
    figures: tuple[tuple[str, int], ...] = ()
    """(name, hundredths) as last handed in."""
    facts: Seqs = ()
    """What opened it, and what was handed in last."""


class Happening(NamedTuple):
    """A finding or an incident of the unit."""

    name: str
    kind: str
    """The severity of a finding, the event type of an incident."""
    facts: Seqs
    duty: str = ""
    task: str = ""


class Mark(NamedTuple):
    """What a rater gives for one indicator."""

    points: int
    fact: int


@dataclass(frozen=True, slots=True)
class Material:
    """All that a sheet is made from; equal material gives equal sheets, in whatever order."""

    tasks: tuple[TaskRecord, ...] = ()
    findings: tuple[Happening, ...] = ()
    incidents: tuple[Happening, ...] = ()
    marks: Mapping[str, Mapping[str, Mark]] = field(default_factory=dict)
    """By indicator and rater."""
    evidence: Mapping[str, Seqs] = field(default_factory=dict)
    """The facts by which the unit handed evidence in, by indicator."""
    not_applicable: frozenset[str] = frozenset()
    """Indicators that do not apply to the unit, besides those with no task to count."""


class Cost(NamedTuple):
    """What one task, finding or mark cost; 0 points where the cap was reached or none is scored."""

    points: int
    times: int
    task: str
    what: str
    facts: Seqs


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a sheet."""

    indicator: Indicator
    full: int
    """Its weight once the weights of what does not apply are shared out."""
    costs: tuple[Cost, ...] = ()
    applies: bool = True
    awaited: tuple[str, ...] = ()
    """Raters who have not marked it; until all have, nothing is deducted or added."""
    unproven: bool = False
    """Evidence is asked for and none is there."""
    added: int = 0
    """Of a bonus."""

    @property
    def deducted(self) -> int:
        """All that its costs took."""
        return sum(cost.points for cost in self.costs)

    @property
    def points(self) -> int:
        """What the unit has of it."""
        return self.full - self.deducted + self.added


@dataclass(frozen=True, slots=True)
class Part:
    """One first-level indicator of a sheet."""

    group: IndicatorGroup
    lines: tuple[Line, ...]
    relief: int
    """What its cap gives back of the deductions below it."""

    @property
    def points(self) -> int:
        """Its lines together, and what the cap gives back."""
        return sum(line.points for line in self.lines) + self.relief


class Vetoed(NamedTuple):
    """A condition that is met, and what shows it."""

    veto: Veto
    costs: tuple[Cost, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet of a unit."""

    unit: str
    parts: tuple[Part, ...]
    vetoes: tuple[Vetoed, ...]

    @property
    def total(self) -> int:
        """All parts together; above `FULL` by a bonus only."""
        return sum(part.points for part in self.parts)

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, in order."""
        return tuple(chain.from_iterable(part.lines for part in self.parts))

    @property
    def final(self) -> bool:
        """Whether every rater has marked."""
        return not any(line.awaited for line in self.lines)

    @property
    def excluded(self) -> frozenset[str]:
        """Grades that a veto excludes."""
        return frozenset(chain.from_iterable(met.veto.excludes for met in self.vetoes))


def sheet(assessment: Assessment, unit: str, material: Material) -> Sheet:
    """The sheet of `unit`; order-independent in everything that `material` lists."""
    lines = [_line(one, assessment, material) for one in assessment.indicators()]
    if assessment.reweighted:
        lines = _reweighted(lines)
    held = {line.indicator.id: line for line in lines}
    parts = tuple(
        _part(group, tuple(held[one.id] for one in group.indicators)) for group in assessment.groups
    )
    met = ((veto, _hits(veto, material)) for veto in assessment.vetoes)
    return Sheet(unit, parts, tuple(Vetoed(v, c) for v, c in met if _times(c) >= v.count))


def grades(assessment: Assessment, sheets: Iterable[Sheet]) -> Mapping[str, str]:
    """The grade of each unit: the first whose conditions hold and that no veto excludes.

    Units with equal points share the better rank.
    """
    whole = tuple(sheets)
    found = {}
    for one in whole:
        rank = 1 + sum(other.total > one.total for other in whole)
        found[one.unit] = next(
            grade.name for grade in assessment.grades
            if one.total >= grade.least and rank * 100 <= grade.top * len(whole)
            and grade.name not in one.excluded
        )  # fmt: skip
    return found


def apportion(amount: int, shares: Sequence[int]) -> list[int]:
    """`amount` divided as the shares are, to the last hundredth: largest remainders first, of
    equal ones the earlier. All nothing where the shares are.
    """
    whole = sum(shares)
    if whole == 0:
        return [0] * len(shares)
    parts = [amount * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda n: (-(amount * shares[n] % whole), n))
    for n in by_remainder[: amount - sum(parts)]:
        parts[n] += 1
    return parts


def _line(one: Indicator, assessment: Assessment, material: Material) -> Line:
    full = 0 if one.bonus else one.weight
    unproven = bool(one.evidence) and not material.evidence.get(one.id)
    none_to_count = one.source in OF_TASKS and not _counted(one, material)
    if none_to_count or one.id in material.not_applicable:
        return Line(one, full, applies=False)
    if one.source is Source.MARKS:
        return replace(_marked(one, full, assessment, material), unproven=unproven)
    shared = one.source in SHARED and not one.deduct
    costs = _shared(one, material) if shared else _each(one, material)
    return Line(one, full, _capped(costs, one.cap), unproven=unproven)


def _marked(one: Indicator, full: int, assessment: Assessment, material: Material) -> Line:
    """The raters' marks by their weights, half a hundredth up; what is missing is what it costs."""
    given = material.marks.get(one.id, {})
    awaited = tuple(rater for rater, _ in assessment.raters if rater not in given)
    if awaited:
        return Line(one, full, awaited=awaited)
    weighted = sum(min(given[id_].points, one.weight) * part for id_, part in assessment.raters)
    points = (max(weighted, 0) + 50) // 100
    if one.bonus:
        return Line(one, full, added=points)
    marks = tuple(sorted(given[rater].fact for rater, _ in assessment.raters))
    missing = Cost(one.weight - points, 1, "", one.name, marks)
    return Line(one, full, _capped([missing], one.cap) if missing.points else ())


def _counted(one: Indicator | Veto, material: Material) -> list[TaskRecord]:
    """The tasks that count, by key."""
    wanted = (task for task in material.tasks if not one.duties or task.duty in one.duties)
    counted = (task for task in wanted if task.weight > 0 and not task.spared)
    return sorted(counted, key=lambda task: task.key)


def _shared(one: Indicator, material: Material) -> list[Cost]:
    """The weight shared out over all tasks by their duties' weights; a task costs its share."""
    counted = _counted(one, material)
    shares = apportion(one.weight, [task.weight for task in counted])
    part = dict(zip((task.key for task in counted), shares, strict=True))
    return [hit._replace(points=part[hit.task]) for hit in _hits(one, material)]


def _each(one: Indicator, material: Material) -> list[Cost]:
    return [hit._replace(points=one.deduct * hit.times) for hit in _hits(one, material)]


def _capped(costs: Iterable[Cost], cap: int) -> tuple[Cost, ...]:
    """Nothing more is deducted once the cap is reached (扣完为止)."""
    found, left = [], cap
    for cost in costs:
        found.append(cost._replace(points=min(cost.points, left)))
        left -= found[-1].points
    return tuple(found)


def _reweighted(lines: list[Line]) -> list[Line]:
    """The full score shared out over the lines that apply, deductions in proportion."""
    shares = apportion(FULL, [line.full if line.applies else 0 for line in lines])
    return [_scaled(line, full) for line, full in zip(lines, shares, strict=True)]


def _scaled(line: Line, full: int) -> Line:
    if full == line.full or not line.full:
        return replace(line, full=full)
    deducted = (2 * line.deducted * full + line.full) // (2 * line.full)
    parts = apportion(deducted, [cost.points for cost in line.costs])
    costs = (cost._replace(points=n) for cost, n in zip(line.costs, parts, strict=True))
    return replace(line, full=full, costs=tuple(costs))


def _part(group: IndicatorGroup, lines: tuple[Line, ...]) -> Part:
    full = sum(line.full for line in lines)
    cap = group.cap * full // group.weight if group.weight else 0
    return Part(group, lines, max(sum(line.deducted for line in lines) - cap, 0))


def _times(costs: Iterable[Cost]) -> int:
    return sum(cost.times for cost in costs)


def _hits(one: Indicator | Veto, material: Material) -> tuple[Cost, ...]:
    """Each thing that the source counts, in the order of tasks' keys and names; no points yet."""
    if one.source is Source.FINDINGS:
        found = _happenings(one, material.findings, one.severities)
    elif one.source is Source.EVENTS:
        found = _happenings(one, material.incidents, (one.event,))
    elif isinstance(one, Indicator) and one.source is Source.FIGURES:
        found = _short(one, _counted(one, material))
    else:
        found = (_hit(one.source, task) for task in _counted(one, material))
    return tuple(sorted((hit for hit in found if hit.times), key=lambda hit: hit[2:]))


def _happenings(
    one: Indicator | Veto, happened: Iterable[Happening], kinds: tuple[str, ...]
) -> Iterator[Cost]:
    for it in happened:
        if (not kinds or it.kind in kinds) and (not one.duties or it.duty in one.duties):
            yield Cost(0, 1, it.task, it.name, it.facts)


def _short(one: Indicator, counted: Iterable[TaskRecord]) -> Iterator[Cost]:
    """What the year's figures fall short by, in whole ones."""
    tasks = tuple(counted)
    sum_ = sum(value for task in tasks for name, value in task.figures if name == one.figure)
    missing = -((sum_ - one.least * POINT) // POINT)
    facts = sorted(set(chain.from_iterable(task.facts for task in tasks)))
    yield Cost(0, max(missing, 0), "", one.figure, tuple(facts))


def _hit(source: Source, task: TaskRecord) -> Cost:
    match source:
        case Source.COMPLETION:
            times = int(not task.done)
        case Source.TIMELINESS:
            times = int(task.done and task.late)
        case Source.COVERAGE:
            times = 0 if task.covered is None else max(task.target - task.covered, 0) // 100
        case _:
            times = len(task.returned)
    facts = task.returned if source is Source.RETURNS else task.facts
    return Cost(0, times, task.key, task.duty, facts)
