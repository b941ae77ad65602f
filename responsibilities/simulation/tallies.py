"""The running counts of a simulation; they grow with units and weeks, never with tasks."""

from array import array
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Final

from responsibilities.calendars.clock import Clock
from responsibilities.civil import number_of, numbered
from responsibilities.delegation import whole_of
from responsibilities.digest_days import SETTLING, next_digest
from responsibilities.mechanisms import Beat, beats
from responsibilities.plan import Base, Duty, Plan, Role, Step
from responsibilities.promises import promise
from responsibilities.rhythm import Cycle
from responsibilities.roles import Addressee, resolve_all
from responsibilities.simulation.burden import Burden, of_task
from responsibilities.simulation.conduct import Scenario, temper
from responsibilities.simulation.outcome import BeatYear, Clash, Simulation, UnitYear, Week
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
        self.first_week = number_of(Cycle.WEEK, scenario.first)
        self.weeks = number_of(Cycle.WEEK, scenario.last) - self.first_week + 1
        self.tasks = self._rows()
        self.letters = self._rows()
        self.escalations = self._rows()
        self.weekly_dues = self._rows()
        self.by_unit: dict[str, Counter[str]] = {
            kind: Counter()
            for kind in ("on_time", "late", "unfinished", "excused", "returned", "extended")
        }
        self.by_duty = {id_: Counter[str]() for one in plan.mechanisms for id_ in one.duties}
        self.posts: Counter[str] = Counter()
        self.ladder: Counter[str] = Counter()
        self.asked: Counter[tuple[str, str]] = Counter()
        self.dues: Counter[tuple[str, date]] = Counter()
        self.clashes: list[Clash] = []
        self.hazy: Counter[str] = Counter()
        self.events = self.happenings = 0
        self.stuck: dict[str, Words] = {}
        self._round: dict[str, Addressee] = {}
        self._written: set[str] = set()
        self._owners = {one.mailbox: one.unit for one in plan.delegates if one.mailbox} | {
            mailbox: unit.id for unit in plan.units for mailbox in unit.mailboxes.values()
        }
        self._addressees: dict[tuple[str, str, tuple[str, ...]], tuple[Addressee, ...]] = {}
        self._promises: dict[str, Promise] = {}
        self.today, self.week = scenario.first, 0
        self._asked_about = (clock.at(scenario.first, time(0)), (scenario.first, 0))
        self._midnight = self._tomorrow = clock.end_of_day(scenario.first)

    def _rows(self) -> dict[str, "array[int]"]:
        """A number for each unit and ISO week."""
        return {unit.id: array("i", bytes(4 * self.weeks)) for unit in self.plan.units}

    def at(self, now: datetime) -> None:
        """The run has come to `now`: what is counted from here on belongs to its day and week."""
        if now < self._midnight:
            return
        self.today = self.clock.day(now)
        self._midnight = self.clock.end_of_day(self.today)
        week = self._week_of(self.today)
        if week != self.week:
            self.week = week
            self.passed(self.today)

    def opened(self, duty: Duty, unit: str, due_at: datetime, provisional: bool) -> None:
        """A task was opened: its burden, its due date, its letter."""
        holder, unit = unit, whole_of(unit)
        self.tasks[unit][self.week] += 1
        due, week = self._day(due_at)
        self.dues[unit, due] += 1
        if week < self.weeks:
            self.weekly_dues[unit][week] += 1
        if provisional:
            self.hazy[duty.title] += 1
        if holder == unit:  # what its delegates do is the unit's own burden, counted once
            self.asked[duty.id, unit] += 1
        if duty.id in self.by_duty:
            self.by_duty[duty.id]["tasks"] += 1

    def counted(self, kind: str, duty: str, unit: str) -> None:
        """One task more of this kind (late, returned, …)."""
        self.by_unit[kind][whole_of(unit)] += 1
        if duty in self.by_duty:
            self.by_duty[duty][kind] += 1

    def _week_of(self, day: date) -> int:
        return number_of(Cycle.WEEK, day) - self.first_week

    def _day(self, instant: datetime) -> tuple[date, int]:
        """Local day and number of the week; the units of a period share them."""
        if instant != self._asked_about[0]:
            day = self.clock.day(instant)
            self._asked_about = (instant, (day, self._week_of(day)))
        return self._asked_about[1]

    def told(self, duty: Duty, unit: str, step: Step) -> None:
        """A ladder step was told; its letter is the day's, or leaves alone where urgent."""
        self.ladder[step.notice or _OPENED] += 1
        if step.base is Base.DUE and step.offset > 0:
            self.escalations[whole_of(unit)][self.week] += 1
        for addressee in self._to(duty, unit, step):
            if step.urgent:
                self._letter(addressee)
            else:
                self._round[addressee.mailbox] = addressee

    def round_over(self, now: datetime) -> None:
        """What is to be said to one mailbox leaves as one letter a day; the rest waits for it."""
        if now >= self._tomorrow:
            self._written.clear()
            self._tomorrow = next_digest(self.clock, now) - SETTLING
        for mailbox in [mailbox for mailbox in self._round if mailbox not in self._written]:
            self._letter(self._round.pop(mailbox))
            self._written.add(mailbox)

    def passed(self, today: date) -> None:
        """Dues before `today` are final: keep the clashes among them and forget the rest."""
        for key in [key for key in self.dues if key[1] < today]:
            dues = self.dues.pop(key)
            if dues >= DUES_A_DAY:
                self.clashes.append(Clash(key[0], key[1].isoformat(), dues))

    def _letter(self, addressee: Addressee) -> None:
        owner = self._owners.get(addressee.mailbox)
        if owner is None or addressee.role in _LEADERS:
            self.posts[addressee.name] += 1
        else:
            self.letters[owner][self.week] += 1

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
        weeks = tuple(
            numbered(Cycle.WEEK, self.first_week + place).id for place in range(self.weeks)
        )
        full = (
            Clash(unit, weeks[place], dues)
            for unit, row in self.weekly_dues.items()
            for place, dues in enumerate(row)
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
            provisional=self.hazy.total(),
            provisional_duties=dict(self.hazy.most_common()),
            events=self.events,
            happenings=self.happenings,
            stuck=dict(self.stuck),
            beats=tuple(
                self._beat_year(mechanism.name, beat)
                for mechanism in plan.mechanisms
                for beat in beats(mechanism, plan)
            ),
        )

    def _beat_year(self, mechanism: str, beat: Beat) -> BeatYear:
        titles = tuple(duty.title for duty in self.plan.duties if duty.id in beat.duties)
        counted = sum((self.by_duty[duty] for duty in beat.duties), Counter[str]())
        kinds = ("tasks", "on_time", "late", "unfinished", "excused")
        return BeatYear(mechanism, beat.name, titles, *(counted[kind] for kind in kinds))

    def _burden(self, unit: str) -> Burden:
        found = Burden()
        for duty in self.plan.duties:
            found = found.plus(of_task(self.plan, duty, unit).times(self.asked[duty.id, unit]))
        return found

    def _unit_year(self, unit: str, name: str, weeks: tuple[str, ...]) -> UnitYear:
        rows = zip(self.tasks[unit], self.letters[unit], self.escalations[unit], strict=True)
        by_week = {week: Week(*row) for week, row in zip(weeks, rows, strict=True) if any(row)}
        return UnitYear(
            unit=unit,
            name=name,
            temper=temper(self.scenario, unit),
            weeks=by_week,
            tasks=sum(week.tasks for week in by_week.values()),
            burden=self._burden(unit),
            **{kind: counted[unit] for kind, counted in self.by_unit.items()},
        )
