"""Which tasks the record itself says should exist: nothing may be left out unseen (P29).

Recomputed from what is on record alone: the versions of the plans, the calendars, the windows that
were opened, the incidents that were reported. A pack states the list; `duban verify` makes it anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

import orjson
from sqlalchemy import Connection

from inspections.verify import Finding, Pack, bad, good
from inspections.verify import facts as facts_in
from office.adopt_plan import SCHEDULED
from office.calendars import joined
from office.window_spans import spans_in
from office.workplace import clock_of
from responsibilities import snapshot
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.openings import open_event, open_tasks
from responsibilities.plan import Duty, Kind, Plan
from responsibilities.reach import life_of
from responsibilities.renewals import is_renewing
from responsibilities.tasks import Event, Fact, FactKind, Occurrence
from responsibilities.windows import Spans
from responsibilities.words import Refused
from storage import bulk, facts, heartbeats, plans, site_calendars
from storage.checkpoints import Kept
from storage.instants import instant, text
from storage.site_calendars import HeldYear

EXPECTED = "data/log/expected.jsonl"
_INSTANT = timedelta(seconds=1)
_DAY = timedelta(days=1)
_RULES = frozenset({
    FactKind.ADOPTED, FactKind.WINDOW_OPENED, FactKind.WINDOW_EXTENDED, FactKind.WINDOW_CLOSED,
    FactKind.REPORTED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """What the record says of rules and switches."""

    known: Sequence[Fact]
    """The facts of `_RULES`, in the order of the record."""
    snapshots: Mapping[str, str]
    """Every adopted version by its digest."""
    working: WorkingDays


class Owed(NamedTuple):
    """A task that there should be, or a duty whose tasks only its own course decides."""

    plan: str
    duty: str
    task: Occurrence | None


def said(connection: Connection, within: int) -> Said:
    """What the database says in the first `within` facts."""
    general = [one for one in facts.without_task(connection, "") if one.seq <= within]
    adopted = {fact.body["digest"] for fact in general if fact.kind is FactKind.ADOPTED}
    every = (v for plan in plans.adopted(connection) for v in plans.versions(connection, plan))
    return Said(
        [fact for fact in general if fact.kind in _RULES],
        {v.digest: v.snapshot for v in every if v.digest in adopted},
        joined("cn", calendars_of(connection, general)),
    )


def calendars_of(connection: Connection, general: Iterable[Fact]) -> tuple[HeldYear, ...]:
    """The years of working days that were imported by these facts."""
    keys = {fact.key for fact in general if fact.kind is FactKind.CALENDAR}
    held = site_calendars.held(connection, "cn")
    return tuple(one for one in held if f"calendar/cn/{one.year}/{one.revision}" in keys)


def owed(record: Said, until: datetime) -> Iterator[Owed]:
    """Every task that should have opened by `until`, once; a task of None for each duty whose days
    are drawn, or that counts from the last time: those follow from no rule alone."""
    seen = set[str]()
    for plan, began, ended in _versions(record, until):
        for duty in plan.duties:
            for one in _of_version(plan, duty, record, began, ended):
                name = one.key if one else f"{plan.id}/{duty.id}"
                if name not in seen:
                    seen.add(name)
                    yield Owed(plan.id, duty.id, one)


def _of_version(
    plan: Plan, duty: Duty, record: Said, began: datetime, ended: datetime
) -> Iterable[Occurrence | None]:
    if duty.kind is Kind.EVENT:
        events = _events(record.known, plan.id, began, ended)
        return _of_events(plan, duty, events, record.working, ended)
    if duty.kind not in SCHEDULED:
        return ()
    if duty.draw is not None or is_renewing(duty):
        return (None,)
    spans = spans_in(f for f in record.known if f.key.startswith(f"{plan.id}/window/"))
    return _of_duty(plan, duty, record.working, began, ended, spans)


def listed(connection: Connection, kept: Kept) -> Iterator[bytes]:
    """The list as a pack carries it: a line that says up to when and from what, then a line for
    each task with the number of the fact that opened it (0: there is none)."""
    size = kept.signed.checkpoint.size
    until = min(kept.at, heartbeats.last(connection, "reconcile") or kept.at)
    until = min(until, _behind(connection, size) or until)
    record = said(connection, size)
    every = list(owed(record, until))
    opened = _opened(connection, size)
    free = sorted(f"{one.plan}/{one.duty}" for one in every if one.task is None)
    head = {
        "calendar": record.working.revision,
        "not_recomputed": free,
        "plans": [fact.body["digest"] for fact in record.known if fact.kind is FactKind.ADOPTED],
        "until": text(until),
    }
    yield orjson.dumps(head) + b"\n"
    for one in every:
        if one.task is not None:
            opens, due = text(one.task.opens_at), text(one.task.due_at)
            line = {"task": one.task.key, "opens": opens, "due": due}
            yield orjson.dumps({**line, "seq": opened.get(one.task.key, 0)}) + b"\n"


def check_owed(pack: Pack) -> Iterator[Finding]:
    """The recomputation from what is in a pack: each task that should exist is on its record."""
    head = pack.text(EXPECTED).partition("\n")[0]
    if not head:
        yield bad("完整", "包内没有应有事项的清单", "the pack has no list of expected tasks")
        return
    until = instant(orjson.loads(head)["until"])
    record, opened, last = _read(pack)
    if last - until > _DAY:
        yield bad("完整", f"应有事项只推算到 {text(until)}", f"expected only up to {text(until)}")
    tasks = [one.task.key for one in owed(record, until) if one.task is not None]
    missing = [key for key in tasks if key not in opened]
    for key in missing:
        yield bad("完整", f"应有而无的事项：{key}", f"a task that should exist: {key}")
    if not missing:
        yield good(
            "完整",
            f"督办程序按方案、日历重新推算：截至 {text(until)} 应有的 {len(tasks)} 项均已立项",
            f"recomputed by Duban: all {len(tasks)} tasks due by {text(until)} are on record",
        )


def _read(pack: Pack) -> tuple[Said, set[str], datetime]:
    """What a pack says of rules and switches, which tasks were opened, and its last instant."""
    known, opened, last = list[Fact](), set[str](), ""
    for line in facts_in(pack):
        last = max(last, line["at"])
        if line["kind"] == FactKind.OPENED:
            opened.add(line["task"])
        elif line["kind"] in _RULES:
            known.append(_fact(line))
    days = joined("cn", tuple(_calendars(pack)))
    return Said(known, dict(_snapshots(pack)), days), opened, instant(last)


def _versions(record: Said, until: datetime) -> Iterator[tuple[Plan, datetime, datetime]]:
    """Each adopted version, and from when to when it was in force."""
    adopted: dict[str, list[Fact]] = {}
    for fact in record.known:
        if fact.kind is FactKind.ADOPTED and fact.at <= until:
            adopted.setdefault(fact.body["plan"], []).append(fact)
    for versions in adopted.values():
        for one, following in pairwise([*versions, None]):
            assert one is not None
            plan = snapshot.load(record.snapshots[one.body["digest"]])
            yield plan, one.at, following.at if following else until


def _of_duty(
    plan: Plan, duty: Duty, working: WorkingDays, began: datetime, until: datetime, spans: Spans
) -> Iterator[Occurrence]:
    """What adopting opens and each round after it: see `adopt_plan`."""
    clock = clock_of(plan, working)
    force = clock.at(plan.in_force, time(0)) - _INSTANT
    through = max(began - life_of(duty.when, duty.rhythm), force)
    with suppress(Refused):  # beyond the calendars: what is known has been said
        for opening in open_tasks(plan, duty, clock, through, until, None, spans):
            if opening.occurrence.due_at > max(began, force):
                yield opening.occurrence


def _of_events(
    plan: Plan, duty: Duty, events: Sequence[Event], working: WorkingDays, until: datetime
) -> Iterator[Occurrence]:
    clock = clock_of(plan, working)
    for event in events:
        for opening in open_event(plan, duty, event, clock, until):
            if opening.occurrence.opens_at <= until:
                yield opening.occurrence


def _events(
    known: Sequence[Fact], plan: str, since: datetime, until: datetime
) -> tuple[Event, ...]:
    """The incidents reported while a version was in force, by the moments told at once."""
    return tuple(
        Event(
            fact.body["event"], plan, fact.body["type"], fact.body["unit"], fact.body["fields"],
            {name: instant(at) for name, at in fact.body["marks"].items()}, fact.at,
        )
        for fact in known
        if fact.kind is FactKind.REPORTED
        and fact.key.startswith(f"{plan}/event/")
        and since <= fact.at < until
    )  # fmt: skip


def _opened(connection: Connection, size: int) -> dict[str, int]:
    """The number of the fact that opened each task, among the first `size`."""
    query = "SELECT task, seq FROM facts WHERE kind = ? AND seq <= ? ORDER BY seq"
    return dict(bulk.fetched(connection, query, (FactKind.OPENED.value, size)))


def _behind(connection: Connection, size: int) -> datetime | None:
    """The instant before the first opening that is on record only behind the first `size` facts."""
    query = (
        "SELECT MIN(tasks.opens_at) FROM facts JOIN tasks ON tasks.key = facts.task "
        "WHERE facts.kind = ? AND facts.seq > ?"
    )
    [(found,)] = bulk.fetched(connection, query, (FactKind.OPENED.value, size))
    return instant(found) - _INSTANT if found else None


def _fact(line: Mapping[str, object]) -> Fact:
    told = {name: str(line[name]) for name in ("key", "kind", "at", "by")}
    body = line["body"]
    assert isinstance(body, Mapping)
    kind = FactKind(told["kind"])
    return Fact(None, told["key"], kind, instant(told["at"]), told["by"], body)


def _snapshots(pack: Pack) -> Iterable[tuple[str, str]]:
    for name in sorted(pack.names):
        if name.startswith("data/plans/"):
            yield name.rpartition("/")[2].partition(".")[0], pack.text(name)


def _calendars(pack: Pack) -> Iterator[HeldYear]:
    """`data/calendars/cn-2027-2.yaml`, in order of year and revision."""
    found = []
    for name in pack.names:
        if name.startswith("data/calendars/cn-"):
            year, revision = name.removesuffix(".yaml").split("-")[1:]
            found.append(HeldYear(int(year), int(revision), pack.text(name)))
    return iter(sorted(found))
