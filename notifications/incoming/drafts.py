"""What an answer seems to report: drafts, each with the words it stands on.

Nothing here is a fact. The receipt shows what was understood, and the unit or the office confirms.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from responsibilities.plan import Requirement

_OF = re.compile(r"(?<![\d/.])(\d{1,6})\s*/\s*(\d{1,6})(?![\d/.])")
_ZERO = re.compile(r"零报告|无新增")


class Quote(NamedTuple):
    """The words a draft stands on: `answer[start:end] == text`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number for a line of the checklist."""

    quote: Quote
    requirement: str
    """Id of the line; empty where the words name none of them."""
    label: str
    """As the answer words it: 发案数."""
    value: str
    """In digits, as the checklist wants it: `0`, `286`."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """So many of so many: 23/25, 应到286实到280."""

    quote: Quote
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share in per cent: 覆盖率95%."""

    quote: Quote
    label: str
    percent: str


@dataclass(frozen=True, slots=True)
class Value:
    """A date (ISO), a choice, a duration in minutes or words for a line of the checklist."""

    quote: Quote
    requirement: str
    value: str


@dataclass(frozen=True, slots=True)
class ZeroReport:
    """零报告, 无新增: nothing to report."""

    quote: Quote


@dataclass(frozen=True, slots=True)
class ExtensionAsked:
    """延期至11月30日（因为…）."""

    quote: Quote
    until: date
    reason: str


@dataclass(frozen=True, slots=True)
class NotOurs:
    """不属于我单位."""

    quote: Quote
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """已完成."""

    quote: Quote


@dataclass(frozen=True, slots=True)
class Approved:
    """通过, from whoever reviews."""

    quote: Quote


@dataclass(frozen=True, slots=True)
class SentBack:
    """退回：理由, from whoever reviews."""

    quote: Quote
    reason: str
    """Empty where none is given: then it cannot be sent back yet."""


Draft = (
    Figure | Coverage | Share | Value | ZeroReport | ExtensionAsked | NotOurs | Done
    | Approved | SentBack
)  # fmt: skip


def read_drafts(
    answer: str, on: date, checklist: Sequence[Requirement] = (), review: bool = False
) -> tuple[Draft, ...]:
    """What `answer`, written on the day `on`, seems to report, in the order of its words.

    `checklist`: what the task asks for. `review`: the answer is to a review request, so that 通过
    and 退回 are looked for instead of figures.
    """
    found: list[Draft] = []
    for hit in _OF.finditer(answer):
        found.append(Coverage(_quote(hit), int(hit[1]), int(hit[2])))
    for hit in _ZERO.finditer(answer):
        found.append(ZeroReport(_quote(hit)))
    return tuple(sorted(found, key=lambda draft: draft.quote.start))


def _quote(found: re.Match[str]) -> Quote:
    return Quote(found[0], found.start(), found.end())
