"""What the office has to know at once about the machinery: one letter, on the record, once."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from office.workplace import all_in_force
from responsibilities.period_words import say_day
from responsibilities.plan import Role
from responsibilities.tasks import SYSTEM, Fact, FactKind
from responsibilities.words import Words
from storage import facts, notices
from storage.notices import Notice

_PATIENCE = timedelta(days=3)
KIND = "alarm"
"""The kind of letter; it passes every brake."""


def alarm(
    connection: Connection, key: str, what: Words, remedy: Words, now: datetime,
    *, plans: Iterable[str] | None = None, record: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Tell the offices of `plans` (all of them by default); a second call of the same `key` is
    nothing. `record` is what the fact says beside the sentence."""
    places = all_in_force(connection)
    for plan in places if plans is None else plans:
        place = places[plan]
        named = f"{plan}/alarm/{key}"
        if facts.has(connection, None, named):
            continue
        body = {"what": what.zh, **(record or {})}
        facts.append(connection, [Fact(None, named, FactKind.ALARMED, now, SYSTEM, body)])
        local = place.clock.local(now)
        day = say_day(local)
        at = Words(f"{day.zh}{local:%H:%M}", f"{day.en}, {local:%H:%M}")
        said = {_WHAT: what, _AT: at, _REMEDY: remedy}
        notice = Notice(
            key=named,
            plan=plan,
            kind=KIND,
            unit=place.plan.office,
            role=Role.OFFICE.value,
            matters=(),
            urgent=True,
            created_at=now,
            useful_until=now + _PATIENCE,
            facts={label: (value.zh, value.en) for label, value in said.items()},
        )
        notices.add(connection, [notice])


_WHAT, _AT, _REMEDY = "情况", "发现时间", "处理办法"
"""Labels of the letter; `lettering` knows their English."""
