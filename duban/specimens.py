"""What people hand in during the demonstration: complete, and plainly marked as specimens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from duban.specimen_files import file_of
from office.handed_in import File
from responsibilities.plan import EventField, EventType, EvidenceKind, FieldKind, Requirement

MARK = "示例材料，并非真实佐证 / a specimen, no real evidence"


@dataclass(frozen=True, slots=True)
class Specimen:
    """One submission that meets a whole checklist."""

    files: tuple[File, ...]
    figures: dict[str, str]
    texts: dict[str, str] | str


def specimen(checklist: Sequence[Requirement], key: str, day: date) -> Specimen:
    """A submission for the task `key`, dated `day`."""
    dates = {line.id: day.isoformat() for line in checklist if line.kind is EvidenceKind.DATE}
    numbers = {
        line.id: str(max(line.minimum, 0)) for line in checklist if line.kind is EvidenceKind.NUMBER
    }
    choices = {line.id: line.choices[0] for line in checklist if line.choices}
    lengths = {
        line.id: f"{day.isoformat()} 00:00至{line.minimum // 60:02}:{line.minimum % 60:02}"
        for line in checklist
        if line.kind is EvidenceKind.DURATION
    }
    texts = {
        line.id: f"已按要求完成（{MARK}）" for line in checklist if line.kind is EvidenceKind.TEXT
    } | {
        line.id: "、".join(f"签名{number}" for number in range(1, line.minimum + 1))
        for line in checklist
        if line.kind is EvidenceKind.SIGNERS
    }
    files = [file for line in checklist for file in _files(line, key)]
    return Specimen(tuple(files), dates | numbers | choices | lengths, texts or f"已完成（{MARK}）")


def _files(line: Requirement, key: str) -> Iterator[File]:
    if line.kind is EvidenceKind.FILE:
        ending = line.kinds[0] if line.kinds else "txt"
        for number in range(1, line.minimum + 1):
            data = file_of(ending, f"{MARK}\n{key}\n{line.name} {number}\n")
            yield File(f"{line.name}{number}.{ending}", data, line.id)


def incident_fields(kind: EventType) -> dict[str, str]:
    """The fields that must be filled in, each with a plain value."""
    return {field.id: _value(field) for field in kind.fields if field.required}


def _value(field: EventField) -> str:
    if field.kind is FieldKind.NUMBER:
        return str(min(3000, 3000 if field.maximum is None else field.maximum))
    if field.kind is FieldKind.YES_NO:
        return "否"
    return field.choices[0] if field.choices else MARK
