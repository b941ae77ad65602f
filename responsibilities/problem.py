"""What is wrong with what somebody wrote: a value with a place, never an exception."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from responsibilities.words import Words


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the text: file as the office names it, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Severity(StrEnum):
    """How much a problem holds up."""

    ERROR = "error"
    """The duty (or unit, ladder, …) it stands on is left out of the plan."""
    WARNING = "warning"
    """Compiles, and somebody should look."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what would be right."""

    place: Place
    code: str
    """A stable kebab-case name, e.g. `unknown-unit`; documented in docs/reference/problems.md."""
    what: Words
    right: Words | None = None
    severity: Severity = Severity.ERROR


_BETWEEN = re.compile("[，、；,]")
"""What stands between several names that were typed as one."""


def did_you_mean(written: str, known: Iterable[str]) -> Words | None:
    """The nearest known word as a question; None when nothing is near (cut-off 0.6)."""
    names = list(known)
    parts = [part.strip() for part in _BETWEEN.split(written.strip("【】［］[] "))]
    if len(parts) > 1 and set(parts) <= set(names):
        listed = ", ".join(parts)
        return Words(
            f"多个名称请写成列表，用半角逗号隔开：[{listed}]",
            f"Write several names as a list with ASCII commas: [{listed}]",
        )
    near = get_close_matches(written, names, n=1, cutoff=0.6)
    if not near:
        return None
    return Words(f"您是否想写“{near[0]}”？", f"Did you mean “{near[0]}”?")
