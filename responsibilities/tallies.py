"""The running counts of a simulation; they grow with units and weeks, never with tasks."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from responsibilities.burden import Burden, of_task
from responsibilities.civil import number_of, numbered
from responsibilities.clock import Clock
from responsibilities.conduct import Scenario, temper
from responsibilities.plan import Base, Duty, Plan, Role, Step
from responsibilities.promises import promise
from responsibilities.rhythm import Cycle
from responsibilities.roles import Addressee, resolve_all
from responsibilities.simulation import Clash, Simulation, UnitYear, Week
from responsibilities.tasks import Promise
from responsibilities.words import Words

DUES_A_DAY: Final = 3
"""So many dues of one unit on one day are a clash."""
DUES_A_WEEK: Final = 5
_LEADERS: Final = frozenset({Role.LEADER, Role.DEPUTY_GROUP_LEADER, Role.GROUP_LEADER})
_OPENED: Final = "任务下达"


class Tallies:
    """Counts while a run goes on, and says what it came to."""

    def __init__(self, plan: Plan, clock: Clock, scenario: Scenario) -> None:
        self.plan, self.clock, self.scenario = plan, clock, scenario
        self.weekly: dict[str, Counter[tuple[str, str]]] = {
            kind: Counter() for kind in ("tasks", "letters", "escalations")
        }
        self.by_unit: dict[str, Counter[str]] = {
            kind: Counter()
            for kind in ("on_time", "late", "unfinished", "excused", "returned", "extended")
        }
        self.posts: Counter[str] = Counter()
        self.ladder: Counter[str] = Counter()
        self.burdens: dict[str, Burden] = {}
        self.dues: Counter[tuple[str, date]] = Counter()
        self.weekly_dues: Counter[tuple[str, str]] = Counter()
        self.clashes: list[Clash] = []
        self.provisional = self.events = self.happenings = 0
        self.stuck: dict[str, Words] = {}
        self._round: dict[str, Addressee] = {}
        self._owners = {
            mailbox: unit.id for unit in plan.units for mailbox in unit.mailboxes.values()
        }
        self._addressees: dict[tuple[str, str, tuple[str, ...]], tuple[Addressee, ...]] = {}
        self._promises: dict[str, Promise] = {}
        self._asked: dict[tuple[str, str], Burden] = {}

    def opened(
        self, duty: Duty, unit: str, opens_at: datetime, due_at: datetime, provisional: bool
    ) -> None:
        """A task was opened: its burden, its due date, its letter."""
        day = self.clock.day(opens_at)
        self.weekly["tasks"][unit, week_of(day)] += 1
        due = self.clock.day(due_at)
        self.dues[unit, due] += 1
        self.weekly_dues[unit, week_of(due)] += 1
        self.provisional += provisional
        asked = self._asked.get((duty.id, unit))
        if asked is None:
            asked = self._asked[duty.id, unit] = of_task(self.plan, duty, unit)
        self.burdens[unit] = self.burdens.get(unit, Burden()).plus(asked)

    def told(self, duty: Duty, unit: str, step: Step, at: datetime) -> None:
        """A ladder step was told; its letter leaves with the round, or alone where urgent."""
        self.ladder[step.notice or _OPENED] += 1
        if step.base is Base.DUE and step.offset > 0:
            self.weekly["escalations"][unit, week_of(self.clock.day(at))] += 1
        for addressee in self._to(duty, unit, step):
            if step.urgent:
                self._letter(addressee, at)
            else:
                self._round[addressee.mailbox] = addressee

    def round_over(self, at: datetime) -> None:
        """Whatever was to be said to one mailbox in one round leaves as one letter."""
        for addressee in self._round.values():
            self._letter(addressee, at)
        self._round.clear()

    def passed(self, today: date) -> None:
        """Dues before `today` are final: keep the clashes among them and forget the rest."""
        for key in [key for key in self.dues if key[1] < today]:
            dues = self.dues.pop(key)
            if dues >= DUES_A_DAY:
                self.clashes.append(Clash(key[0], key[1].isoformat(), dues))

    def _letter(self, addressee: Addressee, at: datetime) -> None:
        owner = self._owners.get(addressee.mailbox)
        if owner is None or addressee.role in _LEADERS:
            self.posts[addressee.name] += 1
        else:
            self.weekly["letters"][owner, week_of(self.clock.day(at))] += 1

    def _to(self, duty: Duty, unit: str, step: Step) -> Iterable[Addressee]:
        key = (duty.id, unit, step.to)
        found = self._addressees.get(key)
        if found is None:
            held = self._promises.get(duty.id)
            if held is None:
                held = self._promises[duty.id] = promise(self.plan, 1, duty)
            found = resolve_all(self.plan, unit, step.to, held).addressees
            self._addressees[key] = found
        return found

    def result(self) -> Simulation:
        """The run as a value."""
        scenario, plan = self.scenario, self.plan
        self.passed(date.max)
        weeks = _weeks(scenario.first, scenario.last)
        full = (
            Clash(unit, week, dues)
            for (unit, week), dues in self.weekly_dues.items()
            if dues >= DUES_A_WEEK
        )
        return Simulation(
            plan=plan.id,
            title=plan.title,
            first=scenario.first,
            last=scenario.last,
            seed=scenario.seed,
            zone=plan.zone,
            weeks=weeks,
            units=tuple(self._unit_year(unit.id, unit.name, weeks) for unit in plan.units),
            posts=dict(sorted(self.posts.items(), key=lambda item: (-item[1], item[0]))),
            clashes=tuple(sorted((*self.clashes, *full), key=lambda c: (-c.dues, c.when, c.unit))),
            ladder=dict(sorted(self.ladder.items(), key=lambda item: (-item[1], item[0]))),
            provisional=self.provisional,
            events=self.events,
            happenings=self.happenings,
            stuck=dict(self.stuck),
        )

    def _unit_year(self, unit: str, name: str, weeks: tuple[str, ...]) -> UnitYear:
        counted = (
            (week, Week(*(self.weekly[kind][unit, week] for kind in Week._fields)))
            for week in weeks
        )
        by_week = {week: found for week, found in counted if any(found)}
        return UnitYear(
            unit=unit,
            name=name,
            temper=temper(self.scenario, unit),
            weeks=by_week,
            tasks=sum(week.tasks for week in by_week.values()),
            burden=self.burdens.get(unit, Burden()),
            **{kind: counted_[unit] for kind, counted_ in self.by_unit.items()},
        )


@lru_cache(maxsize=4096)
def week_of(day: date) -> str:
    """The ISO week of a day, e.g. `2026-W48`."""
    return numbered(Cycle.WEEK, number_of(Cycle.WEEK, day)).id


def _weeks(first: date, last: date) -> tuple[str, ...]:
    span = range(number_of(Cycle.WEEK, first), number_of(Cycle.WEEK, last) + 1)
    return tuple(numbered(Cycle.WEEK, number).id for number in span)
