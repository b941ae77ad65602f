"""What was handed in for a task, beside the line of the checklist that asked for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inspections.fact_words import KINDS
from office.ledger import Detail
from portal.desk.bench import clock_of_plan
from portal.evidence import closed
from portal.here import Portal
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Words
from storage.blobs import Evidence
from storage.previews import is_drawn

LONGEST = 4_000
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that was handed in."""

    line: str
    """The line of the checklist."""
    attempt: int
    value: str
    """A figure, a date, or the text itself; empty for a file."""
    file: Evidence | None = None
    closed: Words | None = None
    """Why the file cannot be opened now."""
    picture: bool = False
    """Whether a picture of it, or of its first page, can be shown."""


def handed_in(at: Portal, detail: Detail) -> tuple[Given, ...]:
    """The newest submission first."""
    names = dict(detail.lines)
    shut = closed(at, {one.sha256 for one in detail.evidence})
    found: list[Given] = []
    for fact in reversed(detail.facts):
        if fact.kind is not FactKind.SUBMITTED:
            continue
        attempt = int(fact.body["attempt"])
        for one in detail.evidence:
            if one.attempt == attempt and one.name:
                why = shut.get(one.sha256)
                drawn = (
                    bool(at.settings.portal.evidence_listen) and why is None and is_drawn(one.name)
                )
                line = names.get(one.requirement, one.name)
                found.append(Given(line, attempt, "", one, why, drawn))
        for line, value in fact.body["values"].items():
            shown = _text(at, str(value)) if len(str(value)) == _DIGEST else str(value)
            found.append(Given(names.get(line, line), attempt, shown))
        if fact.body["covered"]:
            found.append(Given("", attempt, "、".join(fact.body["covered"])))
    return tuple(found)


def record_of(at: Portal, plan: str, facts: Iterable[Fact]) -> list[tuple[Fact, Words, datetime]]:
    """Facts, what they are called, and when they happened in the plan's zone."""
    local = clock_of_plan(at, plan).local
    return [(fact, KINDS[fact.kind], local(fact.at)) for fact in facts]


_DIGEST = 64


def _text(at: Portal, value: str) -> str:
    """The text that a submission names by its SHA-256; the value itself where it is none."""
    try:
        return at.blobs.get(value).decode("utf-8", "replace")[:LONGEST]
    except (KeyError, OSError, ValueError):
        return value
