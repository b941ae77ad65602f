"""What an answer seems to report: drafts, each with the words it stands on.

Nothing here is a fact. The receipt shows what was understood, and the unit or the office confirms.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Quote(NamedTuple):
    """The words a draft stands on: `answer[start:end] == text`."""

    text: str
    start: int
    end: int


def quote_of(found: re.Match[str], start: int | None = None) -> Quote:
    """What was found, from `start` on, without the blanks around it."""
    first = found.start() if start is None else start
    text = found.string[first : found.end()]
    first += len(text) - len(text.lstrip())
    text = text.strip()
    return Quote(text, first, first + len(text))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, for a line of the checklist where the words name one."""

    quote: Quote
    requirement: str
    """Id of the line; empty where the words name none of them."""
    label: str
    """As the answer words it: 发案数."""
    value: str
    """In digits, as `office.receive` takes it: `0`, `286`, `95.5`."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """So many of so many: 23/25, 应到286实到280."""

    quote: Quote
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share in per cent that no line of the checklist asks for: 覆盖率95%."""

    quote: Quote
    label: str
    percent: str


@dataclass(frozen=True, slots=True)
class Value:
    """A date, choice, length of time, signature or text, as `office.receive` takes it."""

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
    until: date | None
    """None where no day can be read from the words: 延期三个工作日."""
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
