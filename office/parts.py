"""From the parts to the whole: what delegates hand in is gathered on the task of their unit.

When every part is in, and nothing is missing of what the unit itself owes, the system hands the
unit's task in. A part is in once it is complete: the office reviews the whole, the unit answers for
it and may return a part. Closing the whole closes its parts.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from office.handing_over import Content, hand_in_by_system
from office.matters import Matter, matter
from office.progress import progress
from office.telling import Bundles
from responsibilities.delegation import whole_of
from responsibilities.plan import EvidenceKind, Role
from responsibilities.tasks import Fact, FactKind, State
from storage import facts, notices, tasks

_ALL_IN = "各受托岗位均已报结，系统汇总报送"
_IN = ("accepted", "waived")
"""Outcomes of a part that holds the whole up no more."""


def gather(connection: Connection, part: Matter, fact: Fact, now: datetime) -> None:
    """Put what a delegate has handed in (`fact`) on the task of its unit."""
    whole = whole_task(connection, part)
    if whole is None or whole.task.state is State.CLOSED:
        return
    figures = {line.id for line in part.promise.evidence if line.kind is EvidenceKind.NUMBER}
    body = {name: fact.body[name] for name in ("covered", "files", "zero", "complete")}
    body["values"] = {line: v for line, v in fact.body["values"].items() if line in figures}
    if fact.body.get("taken_back"):
        body["taken_back"] = fact.body["taken_back"]
    body["part"] = part.task.unit
    key = f"gathered/{part.task.unit}/{fact.body['attempt']}"
    facts.append(connection, [Fact(whole.task.key, key, FactKind.GATHERED, now, fact.by, body)])
    fan_in(connection, whole, now, key)


def whole_task(connection: Connection, part: Matter) -> Matter | None:
    """The unit's task that `part` is of."""
    task = tasks.by_key(connection, whole_of(part.task.key))
    return matter(connection, task) if task is not None else None


def parts_of(connection: Connection, whole: Matter) -> Iterator[Matter]:
    """The parts of a unit's task that are not closed."""
    for task in tasks.beneath(connection, whole.task.key) if whole.is_delegated else ():
        if task.state is not State.CLOSED:
            yield matter(connection, task)


def fan_in(connection: Connection, whole: Matter, now: datetime, mark: str) -> None:
    """Hand the whole in, or say what the unit still owes, once every part is in."""
    held = tasks.beneath(connection, whole.task.key)
    waiting = [t for t in held if t.state is State.OPEN or t.outcome == "lapsed"]
    if whole.task.state is not State.OPEN or not held or waiting:
        return
    known = facts.of_task(connection, whole.task.key)
    there = progress(whole, known)
    zero = _all_zero(known)
    task = whole.task
    if there.complete or (zero and whole.promise.zero_report):
        task = hand_in_by_system(connection, whole, Content(zero=zero), now, _ALL_IN)
    bundles = Bundles(now)
    bundles.tell_about(task, [Role.CONTACT, Role.HEAD], "gathered", mark)
    notices.add(connection, bundles.notices())


def _all_zero(known: Sequence[Fact]) -> bool:
    """Whether every part had nothing to report."""
    last = {f.body["part"]: f.body["zero"] for f in known if f.kind is FactKind.GATHERED}
    return bool(last) and all(last.values())
