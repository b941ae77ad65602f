"""The plans in force with the clocks they run by, built once per plan digest and calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from sqlalchemy import Connection

from office.calendars import site_days, working_days
from office.draw_outcomes import drawn_of
from office.window_spans import spans_of
from responsibilities import promises, snapshot
from responsibilities.calendars.clock import Clock
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.draws import with_draws
from responsibilities.plan import Duty, Plan
from responsibilities.roster_changes import turning_days
from responsibilities.tasks import Promise
from responsibilities.windows import Spans
from responsibilities.words import Refused, Words
from storage import plans


@dataclass(frozen=True, slots=True)
class InForce:
    """One adopted version of a plan, ready to be asked."""

    plan: Plan
    version: int
    digest: str
    clock: Clock
    calendar: str
    """Revision of the working days that the clock runs by."""
    duties: Mapping[str, Duty]
    """By id."""
    draws: bool = False
    """Whether any duty's days are drawn; then `plan` knows what is drawn so far."""
    spans: Spans = field(default_factory=dict)
    """When the run-time windows of the plan were open, as of this transaction."""
    _promised: dict[str, Promise] = field(default_factory=dict, repr=False, compare=False)
    _turning: dict[str, tuple[date, ...]] = field(default_factory=dict, repr=False, compare=False)

    def promise(self, duty: Duty, *, part: bool = False) -> Promise:
        """What is frozen when a task of `duty`, or a delegate's part of it, opens."""
        key = f"{duty.id}~" if part else duty.id
        found = self._promised.get(key)
        if found is None:
            made = promises.part_promise if part else promises.promise
            found = self._promised[key] = made(self.plan, self.version, duty)
        return found

    def turning_days(self, duty: str) -> tuple[date, ...]:
        """The days on which the roster of a duty changes; none where it has no roster."""
        found = self._turning.get(duty)
        if found is None:
            about = self.duties.get(duty)
            members = self.promise(about).coverage.values() if about and about.coverage else ()
            found = turning_days(chain.from_iterable(members))
            self._turning[duty] = found
        return found


def in_force(connection: Connection, plan: str) -> InForce:
    """The version of `plan` in force; Refused where it was never adopted."""
    found = plans.current_version(connection, plan)
    if found is None:
        raise Refused(Words(f"方案“{plan}”尚未施行。", f"The plan “{plan}” has not been adopted."))
    version, digest = found
    working = site_days(connection)
    key = (plan, version, digest, working.revision)
    built = _built.get(key)
    if built is None:
        stored = plans.current(connection, plan)
        assert stored is not None
        loaded = snapshot.load(stored.snapshot)
        built = place_of(loaded, stored.version, stored.digest, working)
        if len(_built) >= _KEPT:
            _built.clear()
        _built[key] = built
    if built.plan.windows:
        built = replace(built, spans=spans_of(connection, plan))
    return _with_draws(connection, built) if built.draws else built


def _with_draws(connection: Connection, place: InForce) -> InForce:
    plan = with_draws(place.plan, drawn_of(connection, place.plan.id))
    return replace(place, plan=plan, duties={duty.id: duty for duty in plan.duties})


def all_in_force(connection: Connection) -> dict[str, InForce]:
    """Every adopted plan's version in force, by plan id."""
    return {plan: in_force(connection, plan) for plan in plans.adopted(connection)}


def only_plan(connection: Connection, wanted: str | None = None) -> InForce:
    """`wanted`, or the one plan there is; Refused where there is none or more than one."""
    if wanted is not None:
        return in_force(connection, wanted)
    known = list(plans.adopted(connection))
    if len(known) != 1:
        listed = "、".join(known)
        raise Refused(
            Words(f"请指明方案：{listed}。", f"Name the plan: {', '.join(known)}.")
            if known
            else Words("还没有施行任何方案。", "No plan has been adopted yet.")
        )
    return in_force(connection, known[0])


def promise(connection: Connection, digest: str) -> Promise:
    """What was frozen when a task opened."""
    known = _promises.get(digest)
    if known is None:
        body = plans.promise_body(connection, digest)
        if body is None:
            raise KeyError(f"no promise {digest}")
        if len(_promises) >= _KEPT:
            _promises.clear()
        known = _promises[digest] = promises.load(body)
    return known


def clock_of(plan: Plan, working: WorkingDays | None = None) -> Clock:
    """The clock that a compiled plan runs by; on the packaged calendar unless `working` is given.

    (What is in force runs by `office.calendars.site_days`.)
    """
    return Clock(plan.zone, plan.hours, working or working_days(), plan.school)


def place_of(plan: Plan, version: int, digest: str, working: WorkingDays) -> InForce:
    """A compiled plan, ready to be asked."""
    duties = {duty.id: duty for duty in plan.duties}
    draws = any(duty.draw is not None for duty in plan.duties)
    clock = clock_of(plan, working)
    return InForce(plan, version, digest, clock, working.revision, duties, draws)


_KEPT = 4096
_built: dict[tuple[str, int, str, str], InForce] = {}
_promises: dict[str, Promise] = {}
"""Both by digest, so never stale: caches of values that cannot change."""
