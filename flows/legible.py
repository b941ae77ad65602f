"""What a run leaves to be read in Prefect's UI: a short table. Opaque identifiers only."""

import re
from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from office.reconcile import Line, Round
from responsibilities.tasks import FactKind

DONE: dict[FactKind, str] = {
    FactKind.OPENED: "立项",
    FactKind.TOLD: "通知",
    FactKind.MOVED: "改期",
    FactKind.LAPSED: "终止",
    FactKind.ROSTER: "名册变动",
}
WHY: dict[FactKind, str] = {
    FactKind.MOVED: "因系统停机或日历调整",
    FactKind.LAPSED: "已过终止期限",
    FactKind.ROSTER: "有成员加入或离册",
}
"""Where a round gives no reason of the plan's own."""
SAME = timedelta(minutes=2)
"""Rounds so near to a run's time are the same knock: another run may have come first."""
SHOWN = 100

Row = dict[str, str | int]


def rows(rounds: Iterable[Round], plan: str, duties: Collection[str], as_of: datetime) -> list[Row]:
    """What the rounds around `as_of` did about these duties, and why."""
    lines = [
        line
        for done in tuple(rounds)
        if abs(done.at - as_of) <= SAME
        for line in done.lines
        if line.plan == plan and line.duty in duties
    ]
    return [_row(line) for line in lines[:SHOWN]]


def all_rows(done: Round) -> list[Row]:
    """What one round did, about whatever."""
    return [{"方案": line.plan, **_row(line)} for line in done.lines[:SHOWN]]


def heading(table: Collection[Row]) -> str:
    """The line above the table."""
    if not table:
        return "本次无到期事项，或已由先到的运行办理。 / Nothing was due, or an earlier run did it."
    return "本次办理情况 / What was opened, told, moved and lapsed, and why"


def artifact_key(plan: str, department: str) -> str:
    """Small ASCII letters, digits and dashes, as Prefect asks; other names by their digest."""
    name = f"{plan}-{department}"
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if re.fullmatch(r"[A-Za-z0-9_-]+", name):
        return plain
    return f"{plain}-{sha256(name.encode()).hexdigest()[:8]}".strip("-")


def summary(table: Iterable[Row]) -> str:
    """The table in one line, as the run's last state says it: 立项 5，通知 4."""
    counts: Counter[str] = Counter()
    for row in table:
        counts[str(row["办理"])] += int(row["件数"])
    return "，".join(f"{done} {count}" for done, count in counts.items()) or "无到期事项"


def _row(line: Line) -> Row:
    return {
        "办理": DONE.get(line.what, line.what.value),
        "职责": line.duty,
        "依据": line.why or WHY.get(line.what, ""),
        "件数": line.count,
    }
