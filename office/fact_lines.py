"""One fact of the record as a line a person reads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from inspections.fact_words import KINDS
from office.opening import SYSTEM
from office.rosters import say_change
from responsibilities.calendars.clock import Clock
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Language, Words


def fact_line(fact: Fact, clock: Clock, language: Language) -> str:
    """Its kind, and what its body says in words."""
    return "　".join(part.in_(language) for part in _parts(fact, clock))


def by_whom(fact: Fact, language: Language) -> str:
    """Who did it."""
    return Words("督办系统", "system").in_(language) if fact.by == SYSTEM else fact.by


def _parts(fact: Fact, clock: Clock) -> Iterator[Words]:
    body = fact.body
    yield KINDS[fact.kind]
    for name in ("notice", "reason", "note"):
        if body.get(name):
            yield Words(str(body[name]), str(body[name]))
    if body.get("due"):
        due = f" {clock.local(datetime.fromisoformat(str(body['due']))):%Y-%m-%d %H:%M}"
        yield Words(f"截止{due}", f"due{due}")
    if body.get("late_by_entry"):
        yield Words("（登记时已过时限，随即到期）", "(entered after it was due: due at once)")
    if body.get("late_by_system"):
        yield Words("（因系统停运而迟）", "(late because the system was down)")
    if fact.kind is FactKind.ROSTER:
        yield say_change(fact)
    if fact.kind in (FactKind.SUBMITTED, FactKind.GATHERED):
        yield from _handed_in(body)


def _handed_in(body: Mapping[str, Any]) -> Iterator[Words]:
    """What one submission held, and whether it was all; later ones add to it."""
    if body["zero"]:
        yield Words("零报告", "zero report")
    if names := [file["name"] for file in body["files"]]:
        yield Words("、".join(names), ", ".join(names))
    if count := len(body["values"]):
        yield Words(f"填报 {count} 项", f"{count} values")
    if covered := len(body["covered"]) or body.get("heads", 0):
        yield Words(f"覆盖 {covered}", f"{covered} covered")
    if not body.get("complete", True):
        yield Words("（材料不齐）", "(not complete)")
