"""What a unit handed in, matched against the checklist: understood, or refused with a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from office.figures import named, signed
from office.screening import refuse_too_many, screen
from responsibilities.plan import EvidenceKind, Requirement
from responsibilities.problem import did_you_mean
from responsibilities.words import Refused, Words

EVERYTHING = frozenset({"全部", "all"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is durable among the blobs, and was screened when it came."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came in; `requirement` names the line of the checklist it is for."""

    name: str
    data: bytes | Kept
    requirement: str | None = None
    media_type: str = "application/octet-stream"

    @property
    def size(self) -> int:
        """In bytes."""
        return self.data.size if isinstance(self.data, Kept) else len(self.data)


@dataclass(frozen=True, slots=True)
class Papers:
    """What a unit hands in, by the names that it uses."""

    files: Sequence[File] = ()
    figures: Mapping[str, str] = field(default_factory=dict)
    covered: Sequence[str] = ()
    heads: int = 0
    zero: bool = False
    text: Mapping[str, str] | str = ""
    taken_back: Sequence[str] = ()
    """Of what was handed in before: names of the roster, files by their SHA-256."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Everything of one submission, matched: ids of the checklist, names of the roster."""

    files: tuple[tuple[Requirement, File], ...]
    figures: Mapping[str, str]
    texts: Mapping[str, str]
    covered: tuple[str, ...]
    heads: int
    zero: bool
    taken_back: tuple[str, ...] = ()


def match_files(
    files: Sequence[File], checklist: Sequence[Requirement], there: Mapping[str, int]
) -> tuple[tuple[Requirement, File], ...]:
    """Each file, screened, with its line of the checklist: unnamed ones where their ending fits.

    `there`: how many files each line has already, by id.
    """
    counts = dict(there)
    found = []
    refuse_too_many([file.size for file in files])
    for file in files:
        line = _line(file, checklist, counts)
        counts[line.id] = counts.get(line.id, 0) + 1
        if not isinstance(file.data, Kept):
            screen(file.name, file.data)
        found.append((line, file))
    return tuple(found)


def _line(file: File, checklist: Sequence[Requirement], counts: Mapping[str, int]) -> Requirement:
    lines = [r for r in checklist if r.kind is EvidenceKind.FILE]
    if file.requirement is not None:
        line = named(file.requirement, lines)
        if _wants(line, file):
            return line
        raise _wrong_kind(file, [line])
    fitting = [r for r in lines if _wants(r, file)]
    if not fitting:
        raise _wrong_kind(file, lines)
    return next((r for r in fitting if counts.get(r.id, 0) < r.minimum), fitting[0])


def _wants(requirement: Requirement, file: File) -> bool:
    ending = file.name.rpartition(".")[2].lower()
    return not requirement.kinds or ending in {kind.lower() for kind in requirement.kinds}


def _wrong_kind(file: File, lines: Sequence[Requirement]) -> Refused:
    if not lines:
        return Refused(
            Words(
                f"本事项的材料清单中没有文件，无需提交“{file.name}”。",
                f"The checklist asks for no file; “{file.name}” is not needed.",
            )
        )
    wanted = [f"{r.name}（{'、'.join(r.kinds) or '任意格式'}）" for r in lines]
    return Refused(
        Words(
            f"文件“{file.name}”的格式不符，应为：{'；'.join(wanted)}。",
            f"“{file.name}” is of the wrong kind; wanted: {'; '.join(wanted)}.",
        )
    )


def match_texts(given: Mapping[str, str] | str, checklist: Sequence[Requirement]) -> dict[str, str]:
    """Texts by the id of their line; a bare text is for the one line that asks for text."""
    lines = [r for r in checklist if r.kind in (EvidenceKind.TEXT, EvidenceKind.SIGNERS)]
    if isinstance(given, str):
        if not given.strip():
            return {}
        if len(lines) == 1:
            return {lines[0].id: signed(lines[0], given.strip())}
        return {NOTE: given.strip()}
    written = [(named(name, lines), text.strip()) for name, text in given.items() if text.strip()]
    return {line.id: signed(line, text) for line, text in written}


NOTE = "note"
"""Where a text stands that no line of the checklist asks for."""


def match_covered(given: Sequence[str], roster: Sequence[str]) -> tuple[str, ...]:
    """Names of the roster; 全部 stands for all of them. Every unknown name is told at once."""
    if any(name in EVERYTHING for name in given):
        return tuple(roster)
    if given and not roster:
        raise Refused(
            Words("本事项没有名册，无需填报覆盖名单。", "This task has no roster to be covered.")
        )
    known = set(roster)
    unknown = [name for name in given if name not in known]
    if unknown:
        near = [(name, did_you_mean(name, roster)) for name in unknown]
        zh = "；".join(f"“{n}”" + (f"（{w.zh}）" if w else "") for n, w in near)
        en = "; ".join(f"“{n}” {w.en if w else ''}".strip() for n, w in near)
        raise Refused(Words(f"名册中没有：{zh}。", f"Not on the roster: {en}."))
    return tuple(dict.fromkeys(given))
