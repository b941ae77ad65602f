"""Proof over the plan's own text: what became of every sentence, and who has no duty of its own."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from responsibilities.plan import Clause, Disposition, Duty, Kind, Plan
from responsibilities.quotes import Passage, normalise, spans
from responsibilities.sections import Part, label_of, parts

_SENTENCE: Final = re.compile(r"[^。；！？]+[。；！？]?[”』」’）)]*")
_LEFT_OVER: Final = re.compile(r"[，。；：、！？,.;:!?“”‘’（）()《》〔〕\-—…]+")
"""Punctuation between two quotes is no text of its own."""
_JOINING: Final = ("并", "和", "以及", "及", "与", "同时", "既要", "又要", "要", "在此基础上")
"""Words that only join two quoted parts."""


class Outcome(StrEnum):
    """What became of a sentence; the first that holds for one of its clauses."""

    DUTY = "duty"
    QUESTION = "question"
    METRIC = "metric"
    POLICY = "policy"
    RHETORIC = "rhetoric"
    UNCOVERED = "uncovered"
    """Some of it belongs to no clause."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the text, with the clauses that quote it and the duties that follow."""

    section: str
    """The label of its section, 五（二）; empty before the first heading."""
    text: str
    clauses: tuple[str, ...]
    duties: tuple[str, ...]
    outcome: Outcome
    uncovered: tuple[str, ...]
    """The stretches that no clause quotes, punctuation aside."""
    line: int
    """The line of the text on which it begins, from 1."""


@dataclass(frozen=True, slots=True)
class UnitShare:
    """What a unit has to do."""

    unit: str
    own: tuple[str, ...]
    """Duties that name it, or a group of its like (二级学院)."""
    of_group: tuple[str, ...]
    """Duties that reach it only as one of a general group: one that holds another, 成员单位."""
    policies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The proof: complete when no sentence is uncovered and no clause is without an owner."""

    sentences: tuple[Sentence, ...]
    units: tuple[UnitShare, ...]
    clauses_without_owner: tuple[str, ...]
    """Clauses marked as duty, or merged, that no duty answers."""

    @property
    def uncovered(self) -> tuple[Sentence, ...]:
        """Sentences of which something belongs to no clause."""
        return tuple(s for s in self.sentences if s.outcome is Outcome.UNCOVERED)

    @property
    def units_without_own_duty(self) -> tuple[str, ...]:
        """Units that no task names; those of a whole group may still reach them."""
        return tuple(share.unit for share in self.units if not share.own)

    @property
    def complete(self) -> bool:
        """Whether every sentence and every clause has found its place."""
        return bool(self.sentences) and not self.uncovered and not self.clauses_without_owner


def coverage(plan: Plan, sections: Sequence[str] | None = None) -> Coverage:
    """What became of the text's sentences.

    `sections`: chapter labels to look at (二, 三, …); by default every chapter that a clause which
    is more than rhetoric names, and all of the text where it has no headings or none is named.
    What duties quote themselves counts as a clause each.
    """
    plan = _with_own_quotes(plan)
    answered = _answered(plan)
    wanted = set(sections) if sections is not None else _named_chapters(plan)
    passage = normalise(plan.text)
    listed = parts(plan.text)
    if any(part.label for part in listed):
        named = [part for part in listed if part.label[: _chapter(part.label)] in wanted]
        listed = named if wanted or sections is not None else listed
    found = tuple(
        _sentence(plan, passage, part, start, end, answered)
        for part in listed
        for start, end in _sentences(plan.text, part)
    )
    return Coverage(found, tuple(_shares(plan)), tuple(_ownerless(plan, answered)))


_KINDS: Final = {Kind.POLICY: Disposition.POLICY, Kind.METRIC: Disposition.METRIC}


def _with_own_quotes(plan: Plan) -> Plan:
    """A plan whose duties quote the text without naming a clause, as if there were clauses."""
    text = normalise(plan.text).text
    clauses, duties = list(plan.clauses), []
    for duty in plan.duties:
        sources = []
        for place, source in enumerate(duty.sources):
            found = [] if source.clause else spans(text, source.quote)
            if found:
                as_, id_ = _KINDS.get(duty.kind, Disposition.DUTY), f"{duty.id}/{place}"
                clauses.append(Clause(id_, source.section, source.quote, as_, span=found[0]))
                source = replace(source, clause=id_)
            sources.append(source)
        duties.append(replace(duty, sources=tuple(sources)))
    return replace(plan, clauses=tuple(clauses), duties=tuple(duties))


def _chapter(label: str) -> int:
    place = label.find("（")
    return place if place >= 0 else len(label)


def _named_chapters(plan: Plan) -> set[str]:
    labels = [
        label_of(c.section) for c in plan.clauses if c.disposition is not Disposition.RHETORIC
    ]
    return {label[: _chapter(label)] for label in labels if label}


def _sentences(text: str, part: Part) -> Iterator[tuple[int, int]]:
    """Spans of the original text: a sentence ends at 。；！？, or where a line is left blank."""
    body = text[part.start : part.end]
    for block in re.finditer(r"(?:[^\n]|\n(?!\s*\n))+", body):
        offset = part.start + block.start()
        if re.fullmatch(r"[\s*#_\-—=|>]*", block.group()):
            continue
        for match in _SENTENCE.finditer(block.group()):
            if match.group().strip(" \n\t*#_>-"):
                yield offset + match.start(), offset + match.end()


def _sentence(
    plan: Plan,
    passage: Passage,
    part: Part,
    start: int,
    end: int,
    answered: dict[str, tuple[str, ...]],
) -> Sentence:
    first, last = _to_normal(passage, start), _to_normal(passage, end)
    clauses = [c for c in plan.clauses if c.span[0] < last and c.span[1] > first]
    left = tuple(_left_over(passage.text, first, last, clauses, plan))
    return Sentence(
        section=part.label,
        text=passage.text[first:last],
        clauses=tuple(clause.id for clause in clauses),
        duties=tuple(dict.fromkeys(d for c in clauses for d in answered.get(c.id, ()))),
        outcome=_outcome(clauses) if not left and clauses else Outcome.UNCOVERED,
        uncovered=left,
        line=plan.text.count("\n", 0, passage.positions[first] if first < last else start) + 1,
    )


def _to_normal(passage: Passage, offset: int) -> int:
    return bisect_left(passage.positions, offset)


def _left_over(
    text: str, first: int, last: int, clauses: Sequence[Clause], plan: Plan
) -> Iterator[str]:
    """What stands in no quote: punctuation, joining words and the unit a paragraph begins with."""
    names = {unit.name for unit in plan.units}
    cursor = first
    for start, end in [*sorted(c.span for c in clauses), (last, last)]:
        gap = text[cursor : max(cursor, min(start, last))]
        bare = _LEFT_OVER.sub("", gap)
        if bare and bare not in _JOINING and bare not in names:
            yield _LEFT_OVER.sub("", gap[:1]) + gap[1:]
        cursor = max(cursor, end)


def _outcome(clauses: Sequence[Clause]) -> Outcome:
    kinds = {clause.disposition.value for clause in clauses}
    return next(outcome for outcome in Outcome if outcome.value in kinds)


def _answered(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The duties of each clause, those of the clause it is merged into included."""
    direct: dict[str, list[str]] = {}
    for duty in plan.duties:
        for source in duty.sources:
            direct.setdefault(source.clause, []).append(duty.id)
    clauses = {clause.id: clause for clause in plan.clauses}
    found = {}
    for clause in plan.clauses:
        duties, seen, current = list(direct.get(clause.id, ())), {clause.id}, clause
        while current.merged_into in clauses and current.merged_into not in seen:
            current = clauses[current.merged_into]
            seen.add(current.id)
            duties += direct.get(current.id, ())
        found[clause.id] = tuple(dict.fromkeys(duties))
    return found


def _ownerless(plan: Plan, answered: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for clause in plan.clauses:
        needs = clause.disposition is Disposition.DUTY or clause.merged_into is not None
        if needs and not answered[clause.id]:
            yield clause.id


def _shares(plan: Plan) -> Iterator[UnitShare]:
    groups = [frozenset(group.units) for group in plan.groups if group.units]
    general = {group for group in groups if any(other < group for other in groups)}

    def whole_group(duty: Duty) -> bool:
        return frozenset(duty.responsible) in general

    for unit in plan.units:
        reached = [duty for duty in plan.duties if unit.id in duty.responsible]
        policies = [d.id for d in reached if d.kind in (Kind.POLICY, Kind.METRIC)]
        tasks = [duty for duty in reached if duty.id not in policies]
        yield UnitShare(
            unit.id,
            tuple(duty.id for duty in tasks if not whole_group(duty)),
            tuple(duty.id for duty in tasks if whole_group(duty)),
            tuple(policies),
        )
