"""A clock that jumps: the post and the rounds stand still until it is right or released (P5).

The wall clock is held against the machine's own time since it was switched on, which nobody sets.
Within one run of the machine every jump is seen. Across a restart nothing tells a jump from a
machine that was off: there only what is longer than any outage we make up for counts as one.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from office.alarms import alarm
from office.workplace import all_in_force
from responsibilities.tasks import SYSTEM, Fact, FactKind
from responsibilities.words import Words
from storage import facts, holds
from storage.engine import reading, writing
from storage.holds import Hold
from storage.instants import text

FAR = timedelta(hours=36)
LONGEST_OUTAGE = timedelta(days=30)
EVERY = timedelta(minutes=5)
"""How often the reading is remembered."""
_READING, _FROZEN = "clock/reading", "clock/frozen"


class Reading(NamedTuple):
    """What the clocks of the machine show at one instant."""

    at: datetime
    """The wall clock."""
    ticks: float
    """Seconds since the machine was switched on, sleep included."""
    boot: str
    """Which run of the machine."""


def jump(before: Reading, now: Reading) -> timedelta:
    """How far the wall clock has moved on by itself between two readings; zero if not too far."""
    passed = now.at - before.at
    if before.boot == now.boot:
        drift = passed - timedelta(seconds=now.ticks - before.ticks)
        return drift if abs(drift) > FAR else timedelta(0)
    return passed if not -FAR <= passed <= LONGEST_OUTAGE else timedelta(0)


def trusted(db: Engine, now: Reading) -> bool:
    """Whether the clock can be believed; the first time that it cannot, the office is told.

    A clock that has been put right is believed again by itself.
    """
    with reading(db) as connection:
        kept, frozen = _kept(connection), holds.find(connection, _FROZEN)
    far = jump(kept, now) if kept is not None else timedelta(0)
    if kept is not None and not far and frozen is None and _fresh(kept, now):
        return True
    with writing(db) as connection:
        if far:
            _freeze(connection, far, now)
            return False
        _keep(connection, now)
        if frozen is not None:
            _thaw(connection, SYSTEM, now.at)
    return True


def _fresh(kept: Reading, now: Reading) -> bool:
    return kept.boot == now.boot and kept.at <= now.at < kept.at + EVERY


def frozen(db: Engine) -> bool:
    """Whether nothing is opened, chased or sent, because the clock has jumped."""
    with reading(db) as connection:
        return is_frozen(connection)


def is_frozen(connection: Connection) -> bool:
    """As `frozen`, within a transaction."""
    return holds.find(connection, _FROZEN) is not None


def release(connection: Connection, by: str, now: Reading) -> bool:
    """The office says that the clock is right; whether it had been doubted."""
    if holds.find(connection, _FROZEN) is None:
        return False
    _keep(connection, now)
    _thaw(connection, by, now.at)
    return True


def _kept(connection: Connection) -> Reading | None:
    hold = holds.find(connection, _READING)
    return None if hold is None else Reading(hold.at, hold.body["ticks"], hold.body["boot"])


def _keep(connection: Connection, now: Reading) -> None:
    holds.put(connection, Hold(_READING, now.at, {"boot": now.boot, "ticks": now.ticks}))


def _freeze(connection: Connection, far: timedelta, now: Reading) -> None:
    if holds.find(connection, _FROZEN) is not None:
        return
    hours = round(abs(far) / timedelta(hours=1))
    holds.put(connection, Hold(_FROZEN, now.at, {"hours": hours}))
    zh, en = ("向前", "forward") if far > timedelta(0) else ("向后", "back")
    alarm(
        connection,
        f"clock/{text(now.at)}",
        Words(
            f"服务器时钟{zh}跳了约{hours}小时。为免误发，立项、催办和发信已全部暂停。",
            f"The server's clock has jumped {en} by some {hours} hours; nothing is opened, chased "
            "or sent until it is looked at.",
        ),
        Words(
            "请校准服务器时钟，校准后自动恢复；时钟本来无误的，运行 duban mail --release。",
            "Set the clock right and all goes on by itself; if it is right, run "
            "duban mail --release.",
        ),
        now.at,
        record={"hours": hours},
    )


def _thaw(connection: Connection, by: str, now: datetime) -> None:
    holds.drop(connection, _FROZEN)
    for plan in all_in_force(connection):
        key = f"{plan}/released/clock/{text(now)}"
        if not facts.has(connection, None, key):
            fact = Fact(None, key, FactKind.RELEASED, now, by, {"what": "clock"})
            facts.append(connection, [fact])
