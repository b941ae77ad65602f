"""Signals for an inspector (信号，不是结论): what may be worth a look, never a verdict.

Pure over values: who says the same twice is shown, not judged; there is often a good reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from responsibilities.words import Words


class SignalKind(StrEnum):
    """What was noticed."""

    SAME_FILE = "same_file"
    SAME_TEXT = "same_text"
    BURST = "burst"


SIGNALS: Final = {
    SignalKind.SAME_FILE: Words("同一份文件用于多个事项", "one file handed in for several tasks"),
    SignalKind.SAME_TEXT: Words("填报文字完全相同", "the very same text for several tasks"),
    SignalKind.BURST: Words("检查之前集中报送", "handed in all at once before an inspection"),
}
SHORT: Final = 12
"""Characters up to which two texts are alike by chance (无, 已完成, 本周无异常情况。)."""
BURST_SPAN: Final = timedelta(hours=24)
BURST_LEAST: Final = 5
BURST_OLD: Final = timedelta(days=7)
"""Counted in a burst is what had been open for at least so long."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file or text of one submission; `text` is None for a file."""

    task: int
    unit: str
    sha256: str
    name: str
    at: datetime
    opened_at: datetime
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that was noticed, with the tasks that it is about, by id in order."""

    kind: SignalKind
    what: str
    """The file's name, the text, or the unit."""
    tasks: tuple[int, ...]
    units: tuple[str, ...]
    at: datetime
    """When the last of it happened."""


def same_files(pieces: Iterable[Piece]) -> Iterator[Signal]:
    """The same bytes for several tasks."""
    held = _grouped((p.sha256, p) for p in pieces if p.text is None)
    return (_signal(SignalKind.SAME_FILE, group[0].name, group) for group in held)


def same_texts(pieces: Iterable[Piece]) -> Iterator[Signal]:
    """The same words, white space and punctuation at the ends aside, where they are long enough."""
    held = ((_bare(p.text), p) for p in pieces if p.text is not None)
    groups = _grouped((text, piece) for text, piece in held if len(text) > SHORT)
    return (_signal(SignalKind.SAME_TEXT, _bare(group[0].text), group) for group in groups)


def bursts(pieces: Iterable[Piece], inspected_at: datetime) -> Iterator[Signal]:
    """What a unit handed in for many old tasks within a day, in the fortnight before a moment."""
    by_unit: dict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        recent = timedelta(0) <= inspected_at - piece.at <= timedelta(days=14)
        if recent and piece.at - piece.opened_at >= BURST_OLD:
            by_unit[piece.unit].append(piece)
    for unit, found in sorted(by_unit.items()):
        ordered = sorted(found, key=lambda piece: piece.at)
        best = max((_within(ordered, n) for n in range(len(ordered))), key=_tasks_in)
        if _tasks_in(best) >= BURST_LEAST:
            yield _signal(SignalKind.BURST, unit, best)


def _within(ordered: Sequence[Piece], first: int) -> list[Piece]:
    last = ordered[first].at + BURST_SPAN
    return [piece for piece in ordered[first:] if piece.at <= last]


def _tasks_in(pieces: Sequence[Piece]) -> int:
    return len({piece.task for piece in pieces})


def _grouped(pairs: Iterable[tuple[str, Piece]]) -> Iterator[list[Piece]]:
    """The pieces that agree, where they belong to more than one task; the newest group first."""
    held: dict[str, list[Piece]] = defaultdict(list)
    for key, piece in pairs:
        held[key].append(piece)
    groups = [sorted(g, key=lambda p: (p.at, p.task)) for g in held.values() if _tasks_in(g) > 1]
    return iter(sorted(groups, key=lambda group: (group[-1].at, group[-1].sha256), reverse=True))


def _signal(kind: SignalKind, what: str, pieces: Sequence[Piece]) -> Signal:
    tasks = tuple(sorted({piece.task for piece in pieces}))
    units = tuple(dict.fromkeys(piece.unit for piece in pieces))
    return Signal(kind, what, tasks, units, max(piece.at for piece in pieces))


def _bare(text: str | None) -> str:
    return "".join((text or "").split()).rstrip("。.！!")
