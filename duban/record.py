"""One fact of the record as a line a person reads."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from duban.console import in_words, say
from inspections.fact_words import KINDS
from office.opening import SYSTEM
from office.rosters import say_change
from responsibilities.calendars.clock import Clock
from responsibilities.tasks import Fact, FactKind


def say_fact(fact: Fact, clock: Clock) -> str:
    """Kind, by whom, and what its body says in words."""
    body = fact.body
    parts = [in_words(KINDS[fact.kind])]
    for name in ("notice", "reason", "note"):
        if body.get(name):
            parts.append(str(body[name]))
    if body.get("due"):
        due = clock.local(datetime.fromisoformat(str(body["due"])))
        parts.append(say("截止", "due") + f" {due:%Y-%m-%d %H:%M}")
    if body.get("late_by_entry"):
        parts.append(say("（登记时已过时限，随即到期）", "(entered after it was due: due at once)"))
    if body.get("late_by_system"):
        parts.append(say("（因系统停运而迟）", "(late because the system was down)"))
    if fact.kind is FactKind.ROSTER:
        parts.append(in_words(say_change(fact)))
    if fact.kind in (FactKind.SUBMITTED, FactKind.GATHERED):
        parts += _handed_in(body)
    by = say("督办系统", "system") if fact.by == SYSTEM else fact.by
    return f"{'　'.join(parts)}　[{by}]"


def _handed_in(body: Mapping[str, Any]) -> Iterator[str]:
    """What one submission held, and whether it was all; later ones add to it."""
    if body["zero"]:
        yield say("零报告", "zero report")
    if body["files"]:
        yield say("、", ", ").join(file["name"] for file in body["files"])
    if body["values"]:
        count = len(body["values"])
        yield say(f"填报 {count} 项", f"{count} values")
    if covered := len(body["covered"]) or body.get("heads", 0):
        yield say(f"覆盖 {covered}", f"{covered} covered")
    if not body.get("complete", True):
        yield say("（材料不齐）", "(not complete)")
