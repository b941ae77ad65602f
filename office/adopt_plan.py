"""Putting a plan, or its new version, in force.

What is live when the plan takes force is opened; what was due before is the past and never opened.
Open tasks keep the version they opened under. The same digest twice changes nothing.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from sqlalchemy import Connection, Engine

from office.calendars import site_days
from office.chains import chain_of
from office.opening import Opened, open_batches
from office.reconcile import Line, Stalled, decide_duty, opened_lines, reconcile_plan
from office.telling import Bundles
from office.window_spans import spans_of
from office.workplace import InForce, clock_of, place_of
from responsibilities import snapshot
from responsibilities.difference import Difference, difference
from responsibilities.language.compile import Compiled
from responsibilities.plan import Duty, Kind, Plan
from responsibilities.reach import life_of
from responsibilities.simulation.comparison import Comparison, Version, compare
from responsibilities.simulation.conduct import Scenario
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import cursors, facts, notices, plans, tasks
from storage.cursors import Cursor
from storage.engine import reading, writing
from storage.instants import whole
from storage.plans import StoredPlan

SCHEDULED = frozenset({Kind.RECURRING, Kind.STANDING, Kind.ONCE})
_INSTANT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Adopted:
    """What adopting came to; `new` is False where this very version was in force already."""

    plan: str
    version: int
    digest: str
    new: bool
    difference: Difference
    opened: tuple[Line, ...] = ()
    stalled: tuple[Stalled, ...] = ()
    left_out: int = 0
    """Errors whose duties were knowingly left out."""


def preview(db: Engine, plan: Plan) -> Difference:
    """What adopting `plan` would change; nothing is written."""
    with reading(db) as connection:
        return _difference(connection, plan)


def side_by_side(
    db: Engine, plan: Plan, now: datetime, scenario: Scenario | None = None
) -> Comparison:
    """`plan` against its version in force as of `now`, where there is one; nothing is written."""
    with reading(db) as connection:
        stored = plans.current(connection, plan.id)
        open_tasks = tasks.count_open(connection, plan.id)
    old = snapshot.load(stored.snapshot) if stored else None
    held = Version(old, clock_of(old)) if old else None
    return compare(held, Version(plan, clock_of(plan)), now, open_tasks, scenario)


def adopt(
    db: Engine, compiled: Compiled, now: datetime, by: str, *, leaving_out: bool = False,
    since: datetime | None = None,
) -> Adopted:  # fmt: skip
    """Put the compiled plan in force at `now`.

    Opens what has opened and is due after `since` (the adoption itself by default). Refused for a
    plan with errors unless `leaving_out` says that what is broken is knowingly left out, and for a
    new version whose day of force has not come.
    """
    now = whole(now)
    plan = usable(compiled, leaving_out)
    reconcile_plan(db, plan.id, now)  # what the old version still owes
    with writing(db) as connection:
        return put_in_force(connection, plan, compiled, now, by, whole(since or now))


def put_in_force(
    connection: Connection, plan: Plan, compiled: Compiled, now: datetime, by: str, since: datetime
) -> Adopted:
    """As `adopt`, inside an act, for a plan that is `usable` and owes nothing up to `now`."""
    text = snapshot.dump(plan)
    digest = snapshot.digest(text)
    before = plans.current(connection, plan.id)
    changes = _difference(connection, plan)
    if before is not None and before.digest == digest:
        _keep_files(connection, plan.id, before.version, compiled)
        return Adopted(plan.id, before.version, digest, False, changes)
    working = site_days(connection)
    force = clock_of(plan, working).at(plan.in_force, time(0))
    if before is not None and force > now:
        raise _not_yet(plan)
    version = before.version + 1 if before else 1
    stored = StoredPlan(plan.id, version, digest, text.decode(), max(force, now), now, by)
    plans.store(connection, stored)
    _keep_files(connection, plan.id, version, compiled)
    place = place_of(plan, version, digest, working)
    place = replace(place, spans=spans_of(connection, plan.id))
    facts.append(connection, [_fact(stored, changes, compiled, now)])
    opened, stalled = _open_live(connection, place, changes.unchanged, now, since)
    errors = len(compiled.errors)
    lines = tuple(opened_lines(opened))
    return Adopted(plan.id, version, digest, True, changes, lines, tuple(stalled), errors)


def _keep_files(connection: Connection, plan: str, version: int, compiled: Compiled) -> None:
    """The files beside the snapshot: their comments are no part of the plan, but the office's."""
    if compiled.files and compiled.files != plans.source(connection, plan, version):
        plans.keep_source(connection, plan, version, compiled.files)


def usable(compiled: Compiled, leaving_out: bool = False) -> Plan:
    """The plan that may be put in force; Refused as `adopt` refuses."""
    wrong = len(compiled.errors)
    if compiled.plan is None:
        raise Refused(
            Words(
                f"方案无法编译，有 {wrong} 处错误，请先运行 duban check。",
                f"The plan does not compile: {wrong} errors; run `duban check` first.",
            )
        )
    if compiled.unread:
        listed = "、".join(compiled.unread)
        raise Refused(
            Words(
                f"文件有误，其中的职责无法判明，不能施行：{listed}。请先改正。",
                f"These files have errors of their own, so nobody can say which duties would be "
                f"missing: {', '.join(compiled.unread)}. Mend them first.",
            )
        )
    if wrong and not leaving_out:
        raise Refused(
            Words(
                f"方案有 {wrong} 处错误，涉及的职责将被略去。请先改正，或明确选择略去。",
                f"The plan has {wrong} errors, and what they touch would be left out. "
                "Mend them, or choose knowingly to leave it out.",
            )
        )
    return compiled.plan


def _not_yet(plan: Plan) -> Refused:
    day = plan.in_force
    return Refused(
        Words(
            f"新版本自{day.year}年{day.month}月{day.day}日起施行，请于当日施行，此前仍按现行版本办理。",
            f"The new version takes force on {day}; adopt it on that day. "
            "Until then the present version runs.",
        )
    )


def _difference(connection: Connection, plan: Plan) -> Difference:
    stored = plans.current(connection, plan.id)
    old = snapshot.load(stored.snapshot) if stored else None
    return difference(old, plan, tasks.count_open(connection, plan.id))


def _fact(stored: StoredPlan, changes: Difference, compiled: Compiled, now: datetime) -> Fact:
    body = {
        "adds": list(changes.adds),
        "digest": stored.digest,
        "left_out": [str(problem.place) for problem in compiled.errors],
        "moves": list(changes.moves),
        "plan": stored.plan,
        "retires": list(changes.retires),
        "version": stored.version,
    }
    key = f"{stored.plan}/adopted/{stored.version}"
    return Fact(None, key, FactKind.ADOPTED, now, stored.adopted_by, body)


def _open_live(
    connection: Connection, place: InForce, unchanged: Container[str], now: datetime,
    since: datetime,
) -> tuple[list[Opened], list[Stalled]]:  # fmt: skip
    """Open what is live at `now`, and set every cursor behind it."""
    known = cursors.of_plan(connection, place.plan.id)
    decided = []
    for duty in place.plan.duties:
        if duty.kind in SCHEDULED:
            cursor = known.get(duty.id) if duty.id in unchanged else None
            cursor = cursor or _looking_back(place, duty, since)
            cursor = replace(cursor, version=place.version)
            chain = chain_of(connection, place, duty, cursor.since)
            decided.append(decide_duty(cursor, place, now, None, chain))
    rosters = [d.id for d in place.plan.duties if d.coverage and d.id not in unchanged]
    tasks.wake_duties(connection, place.plan.id, rosters, now)  # what is open follows its roster
    bundles = Bundles(now)
    opened = open_batches(connection, [one.batch for one in decided], now, bundles)
    notices.add(connection, bundles.notices())
    cursors.replace(connection, place.plan.id, [one.after for one in decided])
    return opened, [Stalled(place.plan.id, d.before.duty, d.stalled) for d in decided if d.stalled]


def _looking_back(place: InForce, duty: Duty, since: datetime) -> Cursor:
    """A cursor so far back that every occurrence that can still be live is found again.

    Those that the version before has opened are no-ops: they have the same keys.
    """
    force = place.clock.at(place.plan.in_force, time(0)) - _INSTANT
    through = max(since - life_of(duty.when, duty.rhythm), force)
    return Cursor(place.plan.id, duty.id, place.version, max(since, force), through, None)
