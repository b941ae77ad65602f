"""How far a task has come: everything handed in so far, against its checklist and roster."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from office.matters import Matter
from responsibilities.plan import EvidenceKind, Requirement
from responsibilities.promises import heads_to_cover, to_cover
from responsibilities.tasks import Fact, FactKind


@dataclass(frozen=True, slots=True)
class Progress:
    """What the submissions add up to: files and covered names accumulate, values are the last."""

    files: Mapping[str, tuple[str, ...]]
    """Requirement id -> SHA-256 of its files."""
    values: Mapping[str, str]
    """Requirement id -> number or date as text, or the SHA-256 of a text."""
    covered: tuple[str, ...]
    """Names covered so far, in the roster's order."""
    roster: tuple[str, ...]
    heads: int
    """Persons covered, where only head counts are declared."""
    heads_all: int
    zero: bool
    """A zero report: there was nothing to report."""
    target: float
    checklist: tuple[Requirement, ...]

    @property
    def counted(self) -> tuple[int, int] | None:
        """n of N where coverage is asked."""
        if self.roster:
            return len(self.covered), len(self.roster)
        return (self.heads, self.heads_all) if self.heads_all else None

    @property
    def uncovered(self) -> tuple[str, ...]:
        """The names still missing."""
        done = set(self.covered)
        return tuple(name for name in self.roster if name not in done)

    def has(self, requirement: Requirement) -> bool:
        """Whether this line of the checklist was handed in."""
        if requirement.kind is EvidenceKind.FILE:
            return len(self.files.get(requirement.id, ())) >= requirement.minimum
        return requirement.id in self.values

    def meets(self, requirement: Requirement) -> bool:
        """Whether this line of the checklist is there (or need not be)."""
        return self.has(requirement) or requirement.optional or self.zero

    @property
    def covers(self) -> bool:
        """Whether the target of the coverage is reached."""
        counted = self.counted
        return counted is None or self.zero or counted[0] >= self.target * counted[1] - 1e-9

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.covers and all(map(self.meets, self.checklist))

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the lines of the checklist that are not there."""
        return tuple(r.name for r in self.checklist if not self.meets(r))


def progress(matter: Matter, facts: Iterable[Fact]) -> Progress:
    """What the submissions among `facts`, all of this one task, add up to."""
    files: dict[str, list[str]] = {}
    own: dict[str, str] = {}
    parts: dict[str, Mapping[str, Any]] = {}
    covered: set[str] = set()
    heads, zero = 0, False
    listed, heads_all = _asked_at_opening(matter)
    for fact in facts:
        body = fact.body
        if fact.kind is FactKind.ROSTER:
            listed = [name for name in listed if name not in body["taken_off"]]
            listed += body["added"]
            heads_all = body.get("heads", heads_all)
        if fact.kind not in _HANDED_IN:
            continue
        for gone in body.get("taken_back", ()):
            covered.discard(gone)
            files = {line: [f for f in found if f != gone] for line, found in files.items()}
        for file in body["files"]:
            files.setdefault(file["requirement"], []).append(file["sha256"])
        covered.update(body["covered"])
        if fact.kind is FactKind.GATHERED:
            parts[body["part"]] = {**parts.get(body["part"], {}), **body["values"]}
            continue
        own.update(body["values"])
        heads = body["heads"] or heads
        zero = body["zero"]
    return Progress(
        {line: tuple(dict.fromkeys(found)) for line, found in files.items()},
        {**_summed(parts.values()), **own},
        tuple(name for name in listed if name in covered),
        tuple(listed),
        heads,
        heads_all,
        zero,
        matter.promise.coverage_target,
        matter.promise.evidence,
    )


_HANDED_IN = (FactKind.SUBMITTED, FactKind.GATHERED)


def _asked_at_opening(matter: Matter) -> tuple[list[str], int]:
    """Names and persons to be covered, as the roster was when the task opened."""
    promise, task = matter.promise, matter.task
    day = matter.clock.day(task.opens_at)
    names = list(to_cover(promise, task.unit, day)) if promise.coverage else []
    return names, heads_to_cover(promise, task.unit) if promise.counts else 0


def _summed(parts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """The figures of the parts added up, by the id of their line."""
    found: dict[str, Decimal] = {}
    for values in parts:
        for line, value in values.items():
            found[line] = found.get(line, Decimal(0)) + Decimal(value)
    return {line: f"{total:f}" for line, total in found.items()}
