"""The worked example as it would stand today, had it been in force for twelve weeks.

Nothing is faked: the plan is adopted twelve weeks ago and every round since is run by the product's
own acts, units and reviewers behaving by the seed that `simulate` uses. The letters are real mails
in the Maildir, with the dates they would have had.

It is lived through in a folder of its own and becomes the records only when it is whole: whoever
interrupts it, with Ctrl-C or the power switch, starts over the next time.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path

from duban.console import HOME_ZONE, on_terminal, tell
from duban.desk import Desk
from duban.sources import read_plan
from duban.specimens import incident_fields, specimen
from flows.sealing import signer
from inspections.checkpoint import Signed
from office import adopt_plan, heartbeat, ledger, receive, report_incident, review
from office.matters import find
from office.post import mail_round
from office.reconcile import reconcile
from office.seal import seal
from office.workplace import only_plan
from responsibilities.delegation import whole_of
from responsibilities.plan import EventType, Unit
from responsibilities.promises import heads_to_cover
from responsibilities.simulation.chance import draws
from responsibilities.simulation.conduct import Conduct, Scenario, conduct, reviewed_at, temper
from responsibilities.tasks import State, Task
from responsibilities.words import Refused, Words
from storage import plans, tasks
from storage.blobs import Blobs
from storage.engine import copy_into, open_engine, reading
from storage.migrations import upgrade

WEEKS = 12
SCENARIO = Scenario(date.min, date.max, seed="demonstration")
"""Only its seed and shares are used; the dates are the demonstration's own."""
INCIDENT_WEEKS = (9, 6, 3)
"""How many weeks ago something urgent was reported."""
_DAY = timedelta(days=1)
Act = Callable[[datetime], None]


def demonstrate(at: Desk, now: datetime) -> None:
    """Adopt the worked example `WEEKS` weeks before `now` and live through them.

    `at` has no records yet, and has them all afterwards or none.
    """
    tell(
        f"尚无设置：载入示例方案，快进最近 {WEEKS} 周……",
        f"No settings yet: the worked example is run through the last {WEEKS} weeks …",
    )
    began = now - timedelta(weeks=WEEKS)
    with _rehearsal(at) as there, _progress(began, now) as show:
        compiled = read_plan(None, at.settings.calendars).compiled
        adopt_plan.adopt(there.db, compiled, began, "示例")
        _Weeks(there, began, now, show).live()


@contextmanager
def _rehearsal(at: Desk) -> Iterator[Desk]:
    """A desk in a folder of its own, whose records become those of `at` at the end."""
    folder = at.settings.data / "demonstration"
    _empty(folder)
    folder.mkdir(parents=True)
    mail = replace(at.settings.mail, host="", maildir=folder / "Maildir")
    settings = replace(at.settings, data=folder, database="", mail=mail)
    there = Desk(settings, open_engine(settings.url, settings.record.vault_key))
    try:
        upgrade(there.db)
        yield there
        _refuse_adopted(at)
        moves = {settings.blobs: at.settings.blobs, mail.maildir: at.settings.mail.maildir}
        for made, wanted in moves.items():
            _empty(wanted)  # of an earlier one that came this far: without records nobody's
            wanted.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(made, wanted)
        copy_into(there.db, at.db)
    finally:
        there.db.dispose()
        _empty(folder)


def _refuse_adopted(at: Desk) -> None:
    """Nobody's records are written over: somebody may have adopted a plan meanwhile."""
    with reading(at.db) as connection:
        if not plans.adopted(connection):
            return
    raise Refused(
        Words(
            "演示期间已另行施行方案，示例数据不再载入。请重新运行 duban up。",
            "A plan was adopted meanwhile, so the demonstration is dropped. Run duban up again.",
        )
    )


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _progress(began: datetime, now: datetime) -> Iterator[Act]:
    """A bar over the weeks on a terminal; silence elsewhere."""
    if not on_terminal():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("", total=(now - began).total_seconds())

        def show(at: datetime) -> None:
            day = f"{at.astimezone(HOME_ZONE):%F}"
            bar.update(shown, completed=(at - began).total_seconds(), description=day)

        yield show


class _Weeks:
    """Twelve weeks of an office: an agenda of what people will do, between the rounds."""

    def __init__(self, at: Desk, began: datetime, now: datetime, show: Act) -> None:
        self.db, self.settings = at.db, at.settings
        self.began, self.now, self.show = began, now, show
        self.blobs = Blobs(at.settings.blobs)
        self.agenda: list[tuple[datetime, int, Act]] = []
        self.order = count()
        self.seen = 0
        with reading(self.db) as connection:
            place = only_plan(connection)
        self.plan, self.clock = place.plan, place.clock

    def live(self) -> None:
        """Rounds and acts in order of time, up to now."""
        self._plan_incidents()
        self._round(self.began)
        while (at := self._next()) is not None and at <= self.now:
            while self.agenda and self.agenda[0][0] <= at:
                when, _, act = heappop(self.agenda)
                act(when)
            self._round(at)
        self._round(self.now)

    def _next(self) -> datetime | None:
        times = [self.agenda[0][0]] if self.agenda else []
        found = ledger.next_instant(self.db)
        return min([*times, found] if found else times, default=None)

    def _seal(self, at: datetime) -> Signed:
        """No head is kept outside this database: it is thrown away when the run is cut short."""
        return seal(self.db, signer(self.settings, self.db), at)

    def _round(self, at: datetime) -> None:
        """As if the heart had beaten all along: what is due, then the post."""
        heartbeat.beat(self.db, "reconcile", at)
        reconcile(self.db, at)
        mail, wanted = self.settings.mail, self.settings.language
        asyncio.run(
            mail_round(
                self.db, lambda: at, mail, wanted, seal=self._seal, portal=self.settings.portal
            )
        )
        self._hear_of_new_tasks()
        self.show(at)

    def _later(self, at: datetime, act: Act) -> None:
        heappush(self.agenda, (max(at, self.began), next(self.order), act))

    def _hear_of_new_tasks(self) -> None:
        with reading(self.db) as connection:
            last = tasks.last_id(connection)
            new = tasks.by_ids(connection, range(self.seen + 1, last + 1))
        self.seen = last
        for task in new.values():
            self._expect(task)

    def _expect(self, task: Task) -> None:
        """What the unit will do about a new task."""
        how = temper(SCENARIO, task.unit)
        will = conduct(SCENARIO, how, task.key, task.opens_at, task.due_at, self.clock)
        if will.asks_at is not None:
            self._later(will.asks_at, lambda at: self._ask(task, will, at))
        if will.submits_at is not None:
            self._later(will.submits_at, lambda at: self._submit(task, will, at))

    def _stands(self, task: Task, state: State) -> bool:
        with reading(self.db) as connection:
            current = tasks.by_key(connection, task.key)
        return current is not None and current.state is state

    def _unit(self, task: Task) -> str:
        return next(unit.name for unit in self.plan.units if unit.id == whole_of(task.unit))

    def _reviewer(self, task: Task) -> str:
        with reading(self.db) as connection:
            return find(connection, task.key).reviewer

    def _ask(self, task: Task, will: Conduct, at: datetime) -> None:
        due = will.extended_to
        if due is None or at > task.due_at or not self._stands(task, State.OPEN):
            return
        reason = "承办人外出培训（示例）"
        review.ask_extension(self.db, task.key, due, reason, by=self._unit(task), now=at)
        self._later(at + timedelta(hours=2), lambda then: self._grant(task, due, then))

    def _grant(self, task: Task, due: datetime, at: datetime) -> None:
        if self._stands(task, State.OPEN):
            review.extend(self.db, task.key, due, by=self._reviewer(task), now=at)

    def _submit(self, task: Task, will: Conduct, at: datetime) -> None:
        if not self._stands(task, State.OPEN):
            return
        with reading(self.db) as connection:
            promise = find(connection, task.key).promise
        given = specimen(promise.evidence, task.key, self.clock.day(at))
        receive.submit(
            self.db, self.blobs, task.key, by=self._unit(task), now=at,
            files=given.files, figures=given.figures, text=given.texts,
            covered=["全部"], heads=heads_to_cover(promise, task.unit),
        )  # fmt: skip
        long = task.due_at - task.opens_at >= _DAY
        reviewed = reviewed_at(at, will.slowness, long, self.clock)
        self._later(reviewed, lambda then: self._review(task, will, then))

    def _review(self, task: Task, will: Conduct, at: datetime) -> None:
        if not self._stands(task, State.SUBMITTED):
            return
        reviewer = self._reviewer(task)
        if will.is_returned:
            reason = "请补充现场照片（示例）"
            review.return_(self.db, task.key, reason, by=reviewer, now=at)
            mended = will._replace(is_returned=False)
            self._later(at + _DAY, lambda then: self._submit(task, mended, then))
        else:
            review.accept(self.db, task.key, by=reviewer, now=at)

    def _plan_incidents(self) -> None:
        urgent = [kind for kind in self.plan.event_types if kind.urgent]
        units = [unit for unit in self.plan.units if unit.id != self.plan.office]
        for weeks, kind in zip(INCIDENT_WEEKS, urgent, strict=False):
            unit = units[int(draws(SCENARIO.seed, kind.id)[0] * len(units))]
            at = self.now - timedelta(weeks=weeks, hours=3)
            self._later(at, self._incident(kind, unit))

    def _incident(self, kind: EventType, unit: Unit) -> Act:
        def report(at: datetime) -> None:
            fields, office = incident_fields(kind), self.plan.office
            report_incident.report(
                self.db, self.plan.id, kind.id, unit.id, fields, None, at, at, office
            )

        return report
