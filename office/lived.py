"""A lived span under the rules of another plan: read from the record, nothing written."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine

from office.workplace import clock_of, promise
from responsibilities import snapshot
from responsibilities.plan import Plan
from responsibilities.reliving import Act, Dates
from responsibilities.replaying import Lived, Recorded, Replayed, replay
from responsibilities.tasks import Fact, FactKind, Outage
from responsibilities.words import Refused, Words
from storage import events, facts, plans
from storage.engine import reading
from storage.instants import instant, instant_or_none

_CHUNK = 10_000
_MOVES = frozenset({FactKind.RETURNED, FactKind.EXTENDED, FactKind.MOVED, FactKind.REOPENED})
_ACTS = _MOVES | {FactKind.SUBMITTED, FactKind.ACCEPTED, FactKind.WAIVED}


def relived(db: Engine, plan: Plan, since: datetime | None, until: datetime) -> Replayed:
    """What the record of `plan.id` between `since` (the beginning by default) and `until` would
    have been under `plan`. Refused where no version of the plan was ever adopted.
    """
    with reading(db) as connection:
        record = recorded(connection, plan.id)
    return replay(plan, clock_of(plan), record, since or record.began, until)


def recorded(connection: Connection, plan: str) -> Recorded:
    """Everything on record about a plan; memory follows its tasks."""
    versions = plans.versions(connection, plan)
    if not versions:
        raise Refused(
            Words(
                f"方案“{plan}”从未施行，没有可以重放的记录。",
                f"The plan “{plan}” was never adopted: there is no record to replay.",
            )
        )
    about: dict[str, list[Fact]] = {}
    outages = []
    for fact in _facts(connection):
        if fact.kind is FactKind.OUTAGE:
            outages.append(Outage(instant(fact.body["since"]), instant(fact.body["until"])))
        elif fact.task is not None and fact.task.startswith(f"{plan}/"):
            about.setdefault(fact.task, []).append(fact)
    tasks = {key: _lived(connection, key, found) for key, found in about.items()}
    known = events.of_plan(connection, plan)
    first = versions[0]
    in_force = snapshot.load(first.snapshot).in_force
    return Recorded(first.in_force_from, in_force, tasks, known, tuple(outages))


def _facts(connection: Connection) -> Iterator[Fact]:
    seq = 0
    while chunk := facts.since(connection, seq, _CHUNK):
        yield from chunk
        seq = chunk[-1].seq


def _lived(connection: Connection, key: str, found: list[Fact]) -> Lived:
    opened = found[0]
    body = opened.body
    dates = Dates(
        instant(body["opens"]), instant(body["original_due"]), instant(body["due"]),
        instant_or_none(body.get("lapses")), opened.at,
    )  # fmt: skip
    return Lived(
        key,
        body["duty"],
        dates,
        promise(connection, body["promise"]).steps,
        tuple(_act(fact) for fact in found if fact.kind in _ACTS and _counts(fact)),
        tuple(
            (instant(fact.body["at"]), str(fact.body.get("notice", "")))
            for fact in found
            if fact.kind in (FactKind.TOLD, FactKind.LAPSED)
        ),
    )


def _counts(fact: Fact) -> bool:
    """A submission with something missing changes nothing on the ladder."""
    return fact.kind is not FactKind.SUBMITTED or bool(fact.body["complete"])


def _act(fact: Fact) -> Act:
    if fact.kind in _MOVES:
        before, after = instant(fact.body["from"]), instant(fact.body["due"])
        return Act(fact.at, fact.kind, before, after)
    return Act(fact.at, fact.kind)
