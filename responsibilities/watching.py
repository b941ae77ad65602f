"""Rules over consecutive periods (连续2个月完成率低于90%): when a unit has fallen short of one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from responsibilities.plan import Watch
from responsibilities.words import Words

NOTICE: Final = "升级督办"
"""What the notice of an escalation is called."""


class Metric(StrEnum):
    """What is measured of one unit's task of one period, as a share from 0 to 1."""

    DONE = "完成率"
    """1 where it was accepted."""
    ON_TIME = "按时率"
    """1 where it was handed in complete by its date."""
    COVERED = "覆盖率"
    """What part of the roster was covered."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One period of one unit."""

    period: str
    share: float


class Past(Protocol):
    """A task of an earlier period, as the product or a simulation holds it."""

    @property
    def due_at(self) -> datetime: ...
    @property
    def outcome(self) -> str: ...


Task = TypeVar("Task", bound=Past)


def judged(watch: Watch, before: Iterable[Task], now: datetime) -> list[Task]:
    """The periods that count at `now`, oldest first: those that are due; waived ones never."""
    return [one for one in before if one.due_at < now and one.outcome != "waived"][-watch.periods :]


def falls_short(watch: Watch, measured: Sequence[Measured]) -> bool:
    """Whether the last `watch.periods` periods, all of them, lie below the limit."""
    last = measured[-watch.periods :]
    return len(last) == watch.periods and all(one.share < watch.below - 1e-9 for one in last)


def say_short(watch: Watch, measured: Sequence[Measured]) -> Words:
    """Why it is escalated, with the figure of every period."""
    last = measured[-watch.periods :]
    shown = [f"{one.period} {say_share(one.share)}" for one in last]
    return Words(
        f"连续{watch.periods}期{watch.metric}低于{say_share(watch.below)}（{'、'.join(shown)}）",
        f"{watch.metric} below {say_share(watch.below)} in {watch.periods} periods running "
        f"({', '.join(shown)})",
    )


def say_share(share: float) -> str:
    """0.9 as 90%."""
    return f"{round(share * 100, 1):g}%"
