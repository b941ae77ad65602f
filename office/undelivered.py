"""A mail that reached nobody: on the record, and told to the office the same day."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from office.matters import unit_name
from office.opening import SYSTEM
from office.workplace import InForce
from responsibilities.plan import Role
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Words
from storage import facts, notices
from storage.instants import text
from storage.notices import Notice

_PATIENCE = timedelta(days=3)


def record(
    connection: Connection, place: InForce, what: str, kind: str, unit: str, why: Words,
    now: datetime, to: str = "", subject: str = "",
) -> None:  # fmt: skip
    """`what` (a Message-ID or a notice's key) went nowhere, for the reason `why`.

    The office gets a letter about it, unless this was that letter: then only the record says so.
    """
    key = f"{place.plan.id}/undelivered/{what}"
    if facts.has(connection, None, key):
        return
    body = {"at": text(now), "kind": kind, "to": to, "unit": unit, "what": what, "why": why.zh}
    facts.append(connection, [Fact(None, key, FactKind.UNDELIVERED, now, SYSTEM, body)])
    if kind in ("undelivered", "outage"):
        return
    shown = {
        "收件单位": unit_name(place, unit), "收件邮箱": to, "原邮件": subject, "原因": why.zh,
    }  # fmt: skip
    notice = Notice(
        key=key,
        plan=place.plan.id,
        kind="undelivered",
        unit=place.plan.office,
        role=Role.OFFICE.value,
        matters=(),
        urgent=True,
        created_at=now,
        useful_until=now + _PATIENCE,
        facts={label: value for label, value in shown.items() if value},
    )
    notices.add(connection, [notice])
