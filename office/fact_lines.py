"""One fact of the record as a line a person reads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from inspections.fact_words import KINDS
from office.rosters import say_change
from responsibilities.calendars.clock import Clock
from responsibilities.plan import Role
from responsibilities.roles import ROLE_NAMES
from responsibilities.tasks import SYSTEM, Fact, FactKind
from responsibilities.words import Words

_LATE = {
    "late_by_entry": Words(
        "（登记时已过时限，随即到期）", "(entered after it was due: due at once)"
    ),
    "late_by_system": Words("（因系统停运而迟）", "(late because the system was down)"),
}
_SAID = ("notice", "reason", "note")
_HANDED_IN = (FactKind.SUBMITTED, FactKind.GATHERED)


def fact_line(fact: Fact, clock: Clock) -> Words:
    """The kind of the fact and what its body says in words."""
    parts = list(_parts(fact, clock))
    return Words("　".join(part.zh for part in parts), "　".join(part.en for part in parts))


def done_by(fact: Fact) -> Words:
    """Who did it: a post, or the system."""
    return Words("督办系统", "system") if fact.by == SYSTEM else Words(fact.by, fact.by)


def _parts(fact: Fact, clock: Clock) -> Iterator[Words]:
    body = fact.body
    yield KINDS[fact.kind]
    if fact.kind is FactKind.PASSED_ON:
        yield ROLE_NAMES[Role(str(body["to"]))]
    yield from (Words(str(body[n]), str(body[n])) for n in _SAID if body.get(n))
    if body.get("due"):
        due = clock.local(datetime.fromisoformat(str(body["due"])))
        yield Words(f"截止 {due:%Y-%m-%d %H:%M}", f"due {due:%Y-%m-%d %H:%M}")
    yield from (words for name, words in _LATE.items() if body.get(name))
    if fact.kind is FactKind.ROSTER:
        yield say_change(fact)
    if fact.kind in _HANDED_IN:
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
    if gone := len(body.get("taken_back", ())):
        yield Words(f"撤回 {gone} 项", f"{gone} taken back")
    if not body.get("complete", True):
        yield Words("（材料不齐）", "(not complete)")
