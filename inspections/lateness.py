"""Was an incident reported in time: each report against its clock, from the facts alone.

The words are 按时, 迟报, 待报, 逾期未报 and 免报: whether anything was hidden on
purpose is for people to find out, never for a program to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Words


class Verdict(StrEnum):
    """What the clock says of one report."""

    ON_TIME = "on_time"
    LATE = "late"
    AWAITED = "awaited"
    OVERDUE = "overdue"
    SPARED = "spared"


VERDICT_WORDS = {
    Verdict.ON_TIME: Words("按时", "on time"),
    Verdict.LATE: Words("迟报", "late"),
    Verdict.AWAITED: Words("待报", "awaited"),
    Verdict.OVERDUE: Words("逾期未报", "overdue"),
    Verdict.SPARED: Words("免报", "not asked for"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One report that was asked for: its task, what it is called, and when it was due."""

    task: str
    name: str
    unit: str
    due_at: datetime
    phoned_at: datetime | None = None
    """When it had been made by phone already."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One report and what the clock says of it."""

    asked: Asked
    reported_at: datetime | None
    """When it was first complete, or made by phone."""
    by_phone: bool
    late_by: timedelta
    """Zero unless late; up to now while it is overdue."""
    verdict: Verdict


def judge(asked: Asked, facts: Sequence[Fact], now: datetime) -> Judged:
    """The verdict on one report by the facts about its task."""
    written = next(
        (f.at for f in facts if f.kind is FactKind.SUBMITTED and f.body.get("complete")), None
    )
    by_phone = asked.phoned_at is not None and (written is None or asked.phoned_at < written)
    reported = asked.phoned_at if by_phone else written
    ends = [f.kind for f in facts if f.kind in (FactKind.WAIVED, FactKind.REOPENED)]
    spared = ends[-1:] == [FactKind.WAIVED]
    if reported is None and spared:
        return Judged(asked, None, False, timedelta(), Verdict.SPARED)
    late_by = max((reported or now) - asked.due_at, timedelta())
    if reported is None:
        verdict = Verdict.OVERDUE if late_by else Verdict.AWAITED
    else:
        verdict = Verdict.LATE if late_by else Verdict.ON_TIME
    return Judged(asked, reported, by_phone, late_by, verdict)


def worst(judged: Iterable[Judged]) -> Judged | None:
    """The report that is or was latest; None where none is late."""
    late = [one for one in judged if one.late_by]
    return max(late, key=lambda one: one.late_by, default=None)


def say_delay(delay: timedelta) -> Words:
    """2小时10分钟; less than a minute counts as one."""
    minutes = max(int(delay.total_seconds() // 60), 1)
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    zh = "".join(f"{n}{unit}" for n, unit in ((days, "天"), (hours, "小时"), (left, "分钟")) if n)
    en = " ".join(f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (left, "min")) if n)
    return Words(zh, en)
