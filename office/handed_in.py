"""What a unit handed in, matched against the checklist: understood, or refused with a sentence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from responsibilities.plan import EvidenceKind, Requirement
from responsibilities.problem import did_you_mean
from responsibilities.words import Refused, Words

EVERYTHING = frozenset({"全部", "all"})
_DATE = re.compile(r"(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came in; `requirement` names the line of the checklist it is for."""

    name: str
    data: bytes
    requirement: str | None = None
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Everything of one submission, matched: ids of the checklist, names of the roster."""

    files: tuple[tuple[Requirement, File], ...]
    figures: Mapping[str, str]
    texts: Mapping[str, str]
    covered: tuple[str, ...]
    heads: int
    zero: bool


def match_files(
    files: Sequence[File], checklist: Sequence[Requirement], there: Mapping[str, int]
) -> tuple[tuple[Requirement, File], ...]:
    """Each file with its line of the checklist; unnamed ones go where their ending is wanted.

    `there`: how many files each line has already, by id.
    """
    counts = dict(there)
    found = []
    for file in files:
        if not file.data:
            raise Refused(
                Words(
                    f"文件“{file.name}”是空的，请重新提交。",
                    f"The file “{file.name}” is empty; hand it in again.",
                )
            )
        line = _line(file, checklist, counts)
        counts[line.id] = counts.get(line.id, 0) + 1
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


def named(name: str, lines: Iterable[Requirement]) -> Requirement:
    """The line of the checklist called `name` (or with that id)."""
    known = list(lines)
    for line in known:
        if name in (line.id, line.name):
            return line
    near = did_you_mean(name, [line.name for line in known])
    listed = "、".join(line.name for line in known) or "（无）"
    raise Refused(
        Words(
            f"材料清单中没有“{name}”，应为：{listed}。{near.zh if near else ''}",
            f"The checklist has no “{name}”; it has: {listed}. {near.en if near else ''}".strip(),
        )
    )


def match_figures(given: Mapping[str, str], checklist: Sequence[Requirement]) -> dict[str, str]:
    """Numbers and dates by the id of their line, written one way."""
    lines = [r for r in checklist if r.kind in (EvidenceKind.NUMBER, EvidenceKind.DATE)]
    found = {}
    for name, value in given.items():
        line = named(name, lines)
        found[line.id] = _number(line, value) if line.kind is EvidenceKind.NUMBER else _day(value)
    return found


TOO_LARGE = Decimal(10**15)
"""No count or sum of an institution comes near it: a slip of the hand."""


def _number(line: Requirement, value: str) -> str:
    try:
        number = Decimal(value.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= TOO_LARGE:
        raise Refused(
            Words(f"“{line.name}”应为数字，不是“{value}”。", f"“{line.name}” is a number.")
        )
    if number < line.minimum:
        raise Refused(
            Words(
                f"“{line.name}”不应小于 {line.minimum}。",
                f"“{line.name}” cannot be less than {line.minimum}.",
            )
        )
    return f"{number:f}"


def _day(value: str) -> str:
    found = _DATE.fullmatch(value.strip())
    try:
        return date(*map(int, found.groups())).isoformat() if found else _refuse_day(value)
    except ValueError:
        return _refuse_day(value)


def _refuse_day(value: str) -> str:
    raise Refused(
        Words(
            f"“{value}”不是日期，应写作 2026-11-30 或 2026年11月30日。",
            f"“{value}” is no date; write 2026-11-30.",
        )
    )


def match_texts(given: Mapping[str, str] | str, checklist: Sequence[Requirement]) -> dict[str, str]:
    """Texts by the id of their line; a bare text is for the one line that asks for text."""
    lines = [r for r in checklist if r.kind is EvidenceKind.TEXT]
    if isinstance(given, str):
        if not given.strip():
            return {}
        if len(lines) == 1:
            return {lines[0].id: given.strip()}
        return {NOTE: given.strip()}
    return {named(name, lines).id: text.strip() for name, text in given.items() if text.strip()}


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
