"""The storm brake: no plan sends more than three times what it expects of itself, unasked (P12).

Whatever makes the letters (a fault of ours, a loop between two machines), they stop here until the
office says that they may go: `duban mail --release`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from office.alarms import KIND, alarm
from office.workplace import InForce, all_in_force
from responsibilities.tasks import Fact, FactKind
from responsibilities.volume import expected
from responsibilities.words import Words
from storage import events, facts, holds, outbox
from storage.engine import reading, writing
from storage.holds import Hold
from storage.instants import text

DAY = timedelta(days=1)
TIMES = 3
PASSES = frozenset({KIND, "receipt", "confirm", "inbox"})
"""Kinds that are not of the plan's making: our alarm, and answers to mails that came in."""
_HELD, _RELEASED = "storm/", "released/"


def held(connection: Connection) -> frozenset[str]:
    """The plans whose letters wait for the office's word."""
    return frozenset(hold.name.removeprefix(_HELD) for hold in holds.named(connection, _HELD))


class Brake:
    """Counts what leaves during one run of `send`; what left before stands in the outbox."""

    def __init__(self, db: Engine) -> None:
        self._db = db
        self._left: dict[str, int] = {}

    def allows(self, plan: str, kind: str, now: datetime) -> bool:
        """Whether one more letter of `plan` may leave; the first that may not pulls the brake."""
        if kind in PASSES:
            return True
        left = self._left.get(plan)
        if left is None:
            with reading(self._db) as connection:
                left = _allowance(connection, plan, now)
        if left > 0:
            self._left[plan] = left - 1
            return True
        self._left[plan] = 0
        with writing(self._db) as connection:
            _pull(connection, plan, now)
        return False


def _allowance(connection: Connection, plan: str, now: datetime) -> int:
    place = all_in_force(connection).get(plan)
    if place is None:  # nothing that could be expected of it
        return 1 << 30
    since = now - DAY
    released = holds.find(connection, _RELEASED + plan)
    if released is not None:
        since = max(since, released.at)
    return _limit(connection, place, now) - outbox.accepted_since(connection, plan, since, PASSES)


def _limit(connection: Connection, place: InForce, now: datetime) -> int:
    fresh = events.since(connection, place.plan.id, now - DAY)
    return TIMES * expected(place.plan, fresh)


def _pull(connection: Connection, plan: str, now: datetime) -> None:
    if holds.find(connection, _HELD + plan) is not None:
        return
    place = all_in_force(connection)[plan]
    limit = _limit(connection, place, now)
    found = {"expected": limit // TIMES, "limit": limit}
    holds.put(connection, Hold(_HELD + plan, now, found))
    title = place.plan.title
    alarm(
        connection,
        f"storm/{text(now)}",
        Words(
            f"《{title}》24小时内已发出{limit}封信函，为方案预期（{limit // TIMES}封）的{TIMES}倍，"
            "其余信函已暂停发送。",
            f"“{title}” has sent {limit} letters in 24 hours, {TIMES} times what the plan expects "
            f"({limit // TIMES}); all others wait.",
        ),
        Words(
            "请用 duban mail 查看已发信函；确认无误的，运行 duban mail --release 恢复发送。",
            "Look at the letters with duban mail; if they are right, run duban mail --release.",
        ),
        now,
        plans=[plan],
        record=found,
    )


def release(
    connection: Connection, by: str, now: datetime, only: str | None = None
) -> tuple[str, ...]:
    """The office lets the plans that are held (or `only` this) go on, for as much again; which."""
    found = tuple(sorted(plan for plan in held(connection) if only in (None, plan)))
    for plan in found:
        holds.drop(connection, _HELD + plan)
        holds.put(connection, Hold(_RELEASED + plan, now, {"by": by}))
        key = f"{plan}/released/storm/{text(now)}"
        body: Mapping[str, str] = {"what": "storm"}
        facts.append(connection, [Fact(None, key, FactKind.RELEASED, now, by, body)])
    return found
