"""What one version of a plan changes against another: which duties, and in which words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from responsibilities.duty_words import Aspect, Line, duty_lines, institution_lines
from responsibilities.mechanisms import named
from responsibilities.phases import phase_of
from responsibilities.plan import Duty, Plan
from responsibilities.words import Words


class Change(NamedTuple):
    """One thing said otherwise: the lines that only the old, and only the new version has."""

    aspect: Aspect
    name: Words
    """What it is about, e.g. 时限."""
    before: tuple[Words, ...]
    after: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version changes against another; ids of duties, in plan order."""

    adds: tuple[str, ...]
    moves: tuple[str, ...]
    """Duties that say something else now: dates, units, ladder, evidence, wording."""
    retires: tuple[str, ...]
    unchanged: tuple[str, ...]
    changes: Mapping[str, tuple[Change, ...]]
    """For each of `moves`, never empty."""
    institution: tuple[Change, ...]
    """What concerns no single duty: days of force, units, posts, office hours, school calendar."""
    left_alone: Mapping[str, int] = field(default_factory=dict)
    """Open tasks by duty: they keep the version they opened under."""

    @property
    def open_tasks(self) -> int:
        """All open tasks that are left alone."""
        return sum(self.left_alone.values())


def difference(
    old: Plan | None, new: Plan, left_alone: Mapping[str, int] | None = None
) -> Difference:
    """What `new` changes against `old`; everything is added where there is no old version."""
    held = {duty.id: duty for duty in old.duties} if old else {}
    coming = {duty.id: duty for duty in new.duties}
    both = [id_ for id_ in coming if id_ in held]
    moved = {
        id_: _changes(old, held[id_], new, coming[id_])
        for id_ in both
        if old and _essence(old, held[id_]) != _essence(new, coming[id_])
    }
    return Difference(
        adds=tuple(id_ for id_ in coming if id_ not in held),
        moves=tuple(moved),
        retires=tuple(id_ for id_ in held if id_ not in coming),
        unchanged=tuple(id_ for id_ in both if id_ not in moved),
        changes=moved,
        institution=tuple(_between(institution_lines(old), institution_lines(new))) if old else (),
        left_alone=dict(left_alone or {}),
    )


def _essence(plan: Plan, duty: Duty) -> tuple[object, ...]:
    """What a duty means: itself without its place in a file, its ladder, roster and delegates."""
    ladders = [ladder for ladder in plan.ladders if ladder.id == duty.ladder]
    wanted = {duty.coverage.roster if duty.coverage else None, duty.each}
    rosters = [roster for roster in plan.rosters if roster.id in wanted]
    beats = named(plan).get(duty.id, ())
    own = [unit.attributes for unit in plan.units if duty.varied and unit.id in duty.responsible]
    own_posts = [one for one in plan.delegates if one.post == duty.delegate]
    held = replace(duty, file="", line=0)
    return held, ladders, rosters, own_posts, phase_of(plan, duty), beats, own


def _changes(old: Plan, before: Duty, new: Plan, after: Duty) -> tuple[Change, ...]:
    found = tuple(_between(duty_lines(old, before), duty_lines(new, after)))
    if found:
        return found
    unsaid = Words("仅写法或次序不同", "the same said otherwise, or in another order")
    return (Change(Aspect.WORDING, Words("写法", "notation"), (), (unsaid,)),)


def _between(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[Change]:
    """The lines that differ, heading by heading; a heading's lines are a set to a reader."""
    for old, new in zip(before, after, strict=True):
        gone = tuple(words for words in old.said if words not in new.said)
        come = tuple(words for words in new.said if words not in old.said)
        if gone or come:
            yield Change(old.aspect, old.name, gone, come)
