"""Our own downtime: found in the heartbeat, recorded once, told to the offices."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from office.workplace import all_in_force
from responsibilities.plan import Role
from responsibilities.tasks import SYSTEM, Fact, FactKind, Outage
from storage import facts, heartbeats, notices
from storage.engine import reading, writing
from storage.instants import instant, text
from storage.notices import Notice

HEARTBEAT = "reconcile"
REMEMBERED = timedelta(days=7)
"""For so long a round still asks whether what it finds late was late because of an outage."""
_PATIENCE = timedelta(days=3)


def detect(db: Engine, now: datetime, after: timedelta) -> Outage | None:
    """The outage that ends now, recorded; or the last one, while anything may still stem from it.

    None where reconcile never beat (a first start is no outage).
    """
    with reading(db) as connection:
        since = heartbeats.last(connection, HEARTBEAT)
        last = last_outage(connection)
    if since is None or now - since <= after or (last is not None and last.since == since):
        return last if last is not None and now - last.until < REMEMBERED else None
    with writing(db) as connection:
        return _record(connection, Outage(since, now))


def last_outage(connection: Connection) -> Outage | None:
    """The newest recorded outage."""
    fact = facts.last_without_task(connection, "outage/")
    if fact is None:
        return None
    return Outage(instant(fact.body["since"]), instant(fact.body["until"]))


def _record(connection: Connection, outage: Outage) -> Outage:
    known = last_outage(connection)
    if known is not None and known.since == outage.since:  # somebody was faster
        return known
    since, until = text(outage.since), text(outage.until)
    body = {"since": since, "until": until}
    key = f"outage/{since}"
    facts.append(connection, [Fact(None, key, FactKind.OUTAGE, outage.until, SYSTEM, body)])
    said = [
        Notice(
            key=f"{plan}/{key}",
            plan=plan,
            kind="outage",
            unit=place.plan.office,
            role=Role.OFFICE.value,
            matters=(),
            urgent=True,
            created_at=outage.until,
            useful_until=outage.until + _PATIENCE,
            facts={
                "中断开始": _said(place.clock.local(outage.since)),
                "恢复运行": _said(place.clock.local(outage.until)),
            },
        )
        for plan, place in all_in_force(connection).items()
    ]
    notices.add(connection, said)
    return outage


def _said(local: datetime) -> str:
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
