"""A mail that reached nobody: on the record, and told to the office the same day."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from office.matters import matter, number_of, title_of, unit_name
from office.workplace import InForce
from responsibilities.plan import Role
from responsibilities.tasks import SYSTEM, Fact, FactKind
from responsibilities.words import Words
from storage import facts, notices, tasks
from storage.instants import text
from storage.notices import Notice

KIND = "undelivered"
_PATIENCE = timedelta(days=3)


def record(
    connection: Connection, place: InForce, what: str, kind: str, unit: str, why: Words,
    now: datetime, to: str = "", subject: str = "", matters: Sequence[int] = (),
) -> None:  # fmt: skip
    """`what` (a Message-ID or a notice's key) went nowhere, for the reason `why`.

    The office gets a letter about it that names the letter and its tasks (`matters`), unless this
    was that letter: then only the record says so.
    """
    key = f"{place.plan.id}/undelivered/{what}"
    if facts.has(connection, None, key):
        return
    body = {"at": text(now), "kind": kind, "to": to, "unit": unit, "what": what, "why": why.zh}
    facts.append(connection, [Fact(None, key, FactKind.UNDELIVERED, now, SYSTEM, body)])
    if kind in (KIND, "outage", "alarm"):
        return
    shown: dict[str, str | tuple[str, str]] = {
        "收件单位": unit_name(place, unit),
        "收件邮箱": to,
        "原邮件": subject,
        "督办事项": _named(connection, place, matters),
        "原因": (why.zh, why.en),
    }
    notice = Notice(
        key=key,
        plan=place.plan.id,
        kind=KIND,
        unit=place.plan.office,
        role=Role.OFFICE.value,
        matters=(),
        urgent=True,
        created_at=now,
        useful_until=now + _PATIENCE,
        facts={label: value for label, value in shown.items() if value},
    )
    notices.add(connection, [notice])


def _named(connection: Connection, place: InForce, matters: Sequence[int]) -> str:
    """The first few tasks by number and title, and how many there are."""
    there = tasks.by_ids(connection, matters)
    places = {place.plan.id: place}
    said = [
        f"{number_of(task, place.clock)} {title_of(task, about.promise, place)}"
        for task in list(there.values())[:_FEW]
        for about in [matter(connection, task, places)]
    ]
    return "、".join(said) + (f" …（{len(there)}）" if len(there) > _FEW else "")


def together(said: Sequence[Notice]) -> Mapping[str, str | Sequence[str]]:
    """What one letter says; of several letters that did not arrive, a line for each."""
    told = [notice.facts for notice in said]
    if len(told) == 1 or said[0].kind != KIND:
        return told[0]
    lines: dict[str, str | Sequence[str]] = {"未送达": (f"{len(told)}封", f"{len(told)} letters")}
    for number, facts_of in enumerate(told[:_LINES], 1):
        unit, why = facts_of["收件单位"], facts_of["原因"]
        about = facts_of.get("原邮件") or facts_of.get("督办事项") or ""
        zh, en = (why, why) if isinstance(why, str) else why
        box = facts_of.get("收件邮箱", "")
        lines[f"{number}. {unit}"] = (
            f"{about} {box}：{zh}".strip(),
            f"{about} {box}: {en}".strip(),
        )
    if len(told) > _LINES:
        rest = len(told) - _LINES
        lines["…"] = (f"另有{rest}封，见 duban mail", f"{rest} more, see duban mail")
    return lines


_FEW, _LINES = 5, 40
"""How many tasks of a letter, and how many letters, are named."""
