"""The annual assessment (年度考核) as a plan declares it: indicators, raters, grades.

Points are integers in hundredths of a point, so that every sum is exact.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

POINT: Final = 100
"""Hundredths of a point."""
FULL: Final = 100 * POINT


class Source(StrEnum):
    """Where an indicator's points come from; the values are the plan's own words."""

    COMPLETION = "完成"
    TIMELINESS = "时限"
    RETURNS = "退回"
    COVERAGE = "覆盖"
    FINDINGS = "检查问题"
    FIGURES = "填报"
    EVENTS = "事件"
    MARKS = "评分"


OF_TASKS: Final = frozenset(
    {Source.COMPLETION, Source.TIMELINESS, Source.RETURNS, Source.COVERAGE, Source.FIGURES}
)
"""Sources that look at tasks, and so at duties that carry a weight."""
SHARED: Final = frozenset({Source.COMPLETION, Source.TIMELINESS})
"""Sources that share the points out over the tasks where no `deduct` is written."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A second-level indicator (二级指标): what is counted and what each one costs."""

    id: str
    name: str
    weight: int
    """Full points; 0 is shown and not scored."""
    source: Source
    duties: tuple[str, ...] = ()
    """Only these; all of the plan where none is named."""
    deduct: int = 0
    """For each one; 0 shares the weight out by the weights of the tasks' duties."""
    cap: int = 0
    """The most that is deducted: the indicator's floor is its weight less this."""
    severities: tuple[str, ...] = ()
    event: str = ""
    figure: str = ""
    least: int = 0
    """What the figures of the year have to add up to."""
    evidence: tuple[str, ...] = ()
    """What the unit hands in with its self-assessment."""
    bonus: bool = False
    """Adds up to its weight, beside the full score."""


@dataclass(frozen=True, slots=True)
class IndicatorGroup:
    """A first-level indicator (一级指标) and those below it."""

    id: str
    name: str
    weight: int
    indicators: tuple[Indicator, ...]
    cap: int = 0
    """The most that is deducted in the group as a whole."""


@dataclass(frozen=True, slots=True)
class Veto:
    """A condition under which some grades are not given (一票否决); points stay as they are."""

    id: str
    name: str
    source: Source
    excludes: tuple[str, ...]
    count: int = 1
    """From how many on."""
    duties: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    event: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (等次): given from `least` points on, to the best `top` percent; both may hold."""

    name: str
    least: int = 0
    top: int = 100


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessment of a plan: who is assessed, over which year, on what, by whom."""

    id: str
    name: str
    units: tuple[str, ...]
    academic: bool
    """Over the academic year (学年) instead of the calendar year."""
    raters: tuple[tuple[str, int], ...]
    """Unit or post ids with their percentages, 100 together; for what is marked by hand."""
    groups: tuple[IndicatorGroup, ...]
    grades: tuple[Grade, ...]
    """Best first; the last is given to whoever gets no other."""
    vetoes: tuple[Veto, ...] = ()
    reweighted: bool = True
    """What does not apply is left out and the rest makes up 100; else it counts as full."""
    appeal_days: int = 7
    """Calendar days after publication."""

    def indicators(self) -> Iterator[Indicator]:
        """All second-level indicators, in order."""
        for group in self.groups:
            yield from group.indicators
