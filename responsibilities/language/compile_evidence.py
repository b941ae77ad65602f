"""The evidence checklist of a duty: what is asked for, and what it must be like."""

from responsibilities.language.clause_language import (
    ChoiceEvidence,
    DateEvidence,
    DurationEvidence,
    EvidenceText,
    FileEvidence,
    NumberEvidence,
    SignersEvidence,
    TextEvidence,
)
from responsibilities.language.duty_language import DutyText
from responsibilities.language.entries import Draft, Entry
from responsibilities.language.ladder_phrases import minutes
from responsibilities.plan import EvidenceKind, Requirement
from responsibilities.words import Words


def requirements(entry: Entry[DutyText], draft: Draft) -> tuple[Requirement, ...]:
    """The checklist in the order in which it is written, each line with an id of its own."""
    found: list[Requirement] = []
    counts: dict[str, int] = {}
    for place, asked in enumerate(entry.text.evidence):
        kind = _KINDS[type(asked)]
        counts[kind] = counts.get(kind, 0) + 1
        id_ = asked.id or f"{kind.value}-{counts[kind]}"
        found.append(_requirement(id_, kind, asked, (entry.owner, "evidence", place), draft))
    return tuple(found)


_KINDS = {
    FileEvidence: EvidenceKind.FILE,
    NumberEvidence: EvidenceKind.NUMBER,
    TextEvidence: EvidenceKind.TEXT,
    DateEvidence: EvidenceKind.DATE,
    ChoiceEvidence: EvidenceKind.CHOICE,
    SignersEvidence: EvidenceKind.SIGNERS,
    DurationEvidence: EvidenceKind.DURATION,
}


def _requirement(
    id_: str, kind: EvidenceKind, asked: EvidenceText, at: tuple[str | int, ...], draft: Draft
) -> Requirement:
    name = str(getattr(asked, kind.value))
    kinds: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    minimum, maximum, within = 1, None, False
    if isinstance(asked, FileEvidence):
        kinds = tuple(ending.lower().removeprefix(".") for ending in asked.kinds or ())
    if isinstance(asked, (FileEvidence, NumberEvidence, SignersEvidence)):
        minimum = asked.min
    if isinstance(asked, NumberEvidence):
        maximum = asked.max
    if isinstance(asked, ChoiceEvidence):
        choices = tuple(asked.choices)
    if isinstance(asked, (DateEvidence, DurationEvidence)):
        within = asked.within is not None
    if isinstance(asked, DurationEvidence):
        minimum = _length(asked.min, at, draft)
    return Requirement(id_, kind, name, kinds, minimum, asked.optional, maximum, choices, within)


def _length(written: str | None, at: tuple[str | int, ...], draft: Draft) -> int:
    found = 1 if written is None else minutes(written)
    if isinstance(found, Words):
        draft.note((*at, "min"), "bad-evidence", found)
        return 1
    return found
