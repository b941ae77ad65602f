"""Signals for an inspector (信号，不是结论): what may be worth a look, never a verdict.

Pure over values: who says the same twice is shown, not judged; there is often a good reason.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from responsibilities.words import Words


class SignalKind(StrEnum):
    """What was noticed."""

    SAME_FILE = "same_file"
    SAME_TEXT = "same_text"
    NEAR_IMAGE = "near_image"
    OUTSIDE = "outside"
    BURST = "burst"


SIGNALS: Final = {
    SignalKind.SAME_FILE: Words("同一份文件用于多个事项", "one file handed in for several tasks"),
    SignalKind.SAME_TEXT: Words("填报文字完全相同", "the very same text for several tasks"),
    SignalKind.NEAR_IMAGE: Words("照片近似", "photographs that look the same"),
    SignalKind.OUTSIDE: Words("文件自记日期不在本期内", "files dated outside the period"),
    SignalKind.BURST: Words("检查之前集中报送", "handed in all at once before an inspection"),
}
SHORT: Final = 12
"""Characters up to which two texts are alike by chance (无, 已完成, 本周无异常情况。)."""
NEAR: Final = 20
"""Bits of 256 in which two pictures of one photograph may differ.

Measured on 86 real photographs: as a messenger sends them on at most 16, with 2 % cut off 20 in
nine of ten, different ones at least 55, the next frame of one film 8 and 19.
"""
_BANDS: Final = NEAR + 1
"""Where at most NEAR bits differ, one of so many parts is the same in both."""
_PART: Final = 256 // _BANDS
SLACK: Final = timedelta(days=1)
"""A file's day is in no time zone."""
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
    likeness: int | None = None
    """The picture's difference hash, 256 bits."""
    days: tuple[date, date] | None = None
    """The first and the last day that the file names for itself."""
    period: tuple[date, date] | None = None
    """The days that the task is about, to the day it was handed in."""


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
    pieces: tuple[Piece, ...] = ()
    """What it was noticed by, to be laid side by side; the oldest first."""


def same_files(pieces: Iterable[Piece]) -> Iterator[Signal]:
    """The same bytes for several tasks."""
    held = _grouped((p.sha256, p) for p in pieces if p.text is None)
    return (_signal(SignalKind.SAME_FILE, group[0].name, group) for group in held)


def same_texts(pieces: Iterable[Piece]) -> Iterator[Signal]:
    """The same words, white space and punctuation at the ends aside, where they are long enough."""
    held = ((_bare(p.text), p) for p in pieces if p.text is not None)
    groups = _grouped((text, piece) for text, piece in held if len(text) > SHORT)
    return (_signal(SignalKind.SAME_TEXT, _bare(group[0].text), group) for group in groups)


def near_images(pieces: Iterable[Piece]) -> Iterator[Signal]:
    """Photographs that look as an older one for another task does, their bytes being others."""
    groups: dict[str, list[Piece]] = {}
    parts: dict[tuple[int, int], list[Piece]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda one: (one.at, one.task)):
        if piece.likeness is None:
            continue
        keys = [(n, piece.likeness >> n * _PART & (1 << _PART) - 1) for n in range(_BANDS)]
        oldest = _nearest(piece.likeness, (one for key in keys for one in parts[key]))
        if oldest is None:
            groups[piece.sha256] = [piece]
            for key in keys:
                parts[key].append(piece)
        else:
            groups[oldest.sha256].append(piece)
    found = [g for g in groups.values() if _tasks_in(g) > 1 and len({p.sha256 for p in g}) > 1]
    newest = sorted(found, key=lambda group: (group[-1].at, group[-1].sha256), reverse=True)
    return (_signal(SignalKind.NEAR_IMAGE, group[0].name, group) for group in newest)


def _nearest(likeness: int, known: Iterable[Piece]) -> Piece | None:
    apart = [((likeness ^ (one.likeness or 0)).bit_count(), one.sha256, one) for one in known]
    least = min(apart, default=None, key=lambda found: found[:2])
    return least[2] if least is not None and least[0] <= NEAR else None


def outside(pieces: Iterable[Piece]) -> Iterator[Signal]:
    """Files last changed before the days they are about, or made after they were handed in."""
    found = {(p.task, p.sha256): p for p in pieces if p.days and p.period and _beside(p)}
    newest = sorted(
        found.values(), key=lambda piece: (piece.at, piece.task, piece.sha256), reverse=True
    )
    return (_signal(SignalKind.OUTSIDE, piece.name, [piece]) for piece in newest)


def _beside(piece: Piece) -> bool:
    (made, changed), (first, last) = piece.days or (date.min,) * 2, piece.period or (date.min,) * 2
    return changed + SLACK < first or made - SLACK > last


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
    return Signal(kind, what, tasks, units, max(piece.at for piece in pieces), tuple(pieces))


def _bare(text: str | None) -> str:
    return "".join((text or "").split()).rstrip("。.！!")
