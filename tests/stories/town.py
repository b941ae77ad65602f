"""The words that the stories are told in: a town with its offices, its post and its clock.

Everything is real but the clock: an SQLite file, the compiled plan, a Maildir that the letters are
read back from. Time goes by in the steps in which something can happen; every round of reconcile
and post is run twice, and the second must change nothing.
"""

import asyncio
import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from duban.specimen_files import file_of
from office import adopt_plan, heartbeat, inbox, post, receive, report_incident, review
from office.calendars import working_days
from office.ledger import next_instant
from office.reconcile import Round, reconcile
from office.settings import Inbox
from office.settings import Mail as MailSettings
from office.workplace import clock_of
from responsibilities.calendars.clock import Clock
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.plan import Plan
from responsibilities.standing import standing
from responsibilities.tasks import Event, Fact, FactKind, Standing, Task
from storage import facts, notices, outbox, tasks
from storage.blobs import Blobs
from storage.engine import open_engine, reading
from storage.inbox import Message, by_id
from storage.outbox import StoredLetter
from storage.plan_folder import read_folder
from tests.stories.correspondent import OURS, Written, answer
from tests.stories.letterbox import Letterbox, Mail

CAST = Path(__file__).with_name("cast.yaml")
WORKED = Path(__file__).parents[2] / "responsibilities" / "plans" / "anti-fraud"
OFFICE = "领导小组办公室"
INBOX = Inbox(authserv_id=OURS)
_A_MINUTE = timedelta(minutes=1)


def plan_told(text: str | None) -> Compiled:
    """The plan of a story: the cast with what `text` adds to it, or the worked plan."""
    files = read_folder(WORKED)
    if text:
        files = {"cast.yaml": CAST.read_text("utf-8"), "story.yaml": inspect.cleandoc(text)}
    return compile_plan(files, working_days())


class Town:
    """One story's world. Times are written as the clock on the school's wall shows them."""

    def __init__(self, folder: Path, compiled: Compiled) -> None:
        self.db = open_engine(f"sqlite:///{folder / 'duban.sqlite'}")
        self.blobs = Blobs(folder / "evidence")
        self.compiled = compiled
        self.plan: Plan = _usable(compiled)
        self.clock: Clock = clock_of(self.plan)
        self.letterbox = Letterbox(folder / "Maildir", ZoneInfo(self.plan.zone))
        self.mail = MailSettings(maildir=self.letterbox.folder)
        self.now = self.at("2026-01-01 00:00")
        self._awaited: set[str] = set()

    # ---- time ----

    def at(self, wall: str) -> datetime:
        """`2026-11-23 08:00` on the school's wall, as an instant."""
        local = datetime.fromisoformat(wall)
        return self.clock.at(local.date(), local.time())

    def wall(self, instant: datetime | None) -> str:
        """What the school's clock shows; empty where there is no instant."""
        return "" if instant is None else f"{self.clock.local(instant):%Y-%m-%d %H:%M}"

    def begins(self, wall: str) -> None:
        """The plan is put in force, and the first round is run."""
        self.now = self.at(wall)
        adopt_plan.adopt(self.db, self.compiled, self.now, OFFICE, leaving_out=True)
        self.round()

    def adopts(self, text: str) -> adopt_plan.Adopted:
        """A new version of the plan is put in force now."""
        compiled = plan_told(text)
        self.plan = _usable(compiled)
        adopted = adopt_plan.adopt(self.db, compiled, self.now, OFFICE)
        self.round()
        return adopted

    def pass_until(self, wall: str) -> None:
        """Time goes by: a round at every instant at which there is something to do."""
        until = self.at(wall)
        while (woken := next_instant(self.db)) is not None and woken <= until:
            self._go_to(woken)
            self.round()
        self._go_to(until)
        self.round()

    def live_until(self, until: datetime) -> None:
        """As `pass_until`, each round once: for a whole year."""
        while (woken := next_instant(self.db)) is not None and woken < until:
            self._go_to(woken)
            self._once()
        self._go_to(until)

    def is_down_until(self, wall: str) -> Round:
        """Nothing runs until then. Gives the first round that runs again."""
        self.now = self.at(wall)
        return self.round()

    def round(self) -> Round:
        """Reconcile and the post, as every minute in real life; then again, to no effect."""
        first = self._once()
        while self._something_to_say():  # that a letter was refused, the next minute's round says
            self._once()
        before = self._size()
        again = self._once()
        assert not again.lines, f"a second round at {self.wall(self.now)} did {again.lines}"
        assert self._size() == before, f"a second round at {self.wall(self.now)} wrote something"
        return first

    def _go_to(self, instant: datetime) -> None:
        """A minute before, a round found nothing to do: that beat of the heart is all it left."""
        heartbeat.beat(self.db, "reconcile", max(self.now, instant - _A_MINUTE))
        self.now = max(self.now, instant)

    def _once(self) -> Round:
        done = reconcile(self.db, self.now)
        asyncio.run(post.mail_round(self.db, lambda: self.now, self.mail, "zh"))
        heartbeat.beat(self.db, "reconcile", self.now)
        return done

    def _something_to_say(self) -> bool:
        with reading(self.db) as connection:
            return notices.anything_waiting(connection, self.now)

    def _size(self) -> tuple[int, int, int]:
        with reading(self.db) as connection:
            letters = sum(outbox.counted(connection).values())
            return tasks.last_id(connection), facts.last_seq(connection), letters

    # ---- what people do ----

    def hand_in(
        self, task: Task, *, by: str = "", text: Mapping[str, str] | str = "",
        figures: Mapping[str, str] | None = None, files: Sequence[str] = (),
        covered: Sequence[str] = (), zero: bool = False,
    ) -> receive.Receipt:  # fmt: skip
        """A unit hands in (报结); files are given by their names alone."""
        papers = [receive.File(name, file_of(name.rpartition(".")[2], name)) for name in files]
        receipt = receive.submit(
            self.db, self.blobs, task.key, by=by or f"{self.name(task.unit)}联络员", now=self.now,
            files=papers, figures=figures, covered=covered, zero=zero, text=text,
        )  # fmt: skip
        self.round()
        return receipt

    def accept(self, task: Task, by: str = "学生处") -> Task:
        """审核通过。"""
        return self._reviewed(review.accept(self.db, task.key, by=by, now=self.now))

    def return_(self, task: Task, reason: str, by: str = "学生处") -> Task:
        """退回补充。"""
        return self._reviewed(review.return_(self.db, task.key, reason, by=by, now=self.now))

    def waive(self, task: Task, reason: str, by: str = OFFICE) -> Task:
        """免办。"""
        return self._reviewed(review.waive(self.db, task.key, reason, by=by, now=self.now))

    def ask_extension(self, task: Task, until: str, reason: str) -> Task:
        """延期申请。"""
        by = f"{self.name(task.unit)}联络员"
        due = self.at(until)
        return self._reviewed(
            review.ask_extension(self.db, task.key, due, reason, by=by, now=self.now)
        )

    def extend(self, task: Task, until: str, by: str = OFFICE) -> Task:
        """批准延期。"""
        return self._reviewed(review.extend(self.db, task.key, self.at(until), by=by, now=self.now))

    def decline(self, task: Task, reason: str, by: str = OFFICE) -> Task:
        """不批准延期。"""
        return self._reviewed(review.decline(self.db, task.key, reason, by=by, now=self.now))

    def _reviewed(self, task: Task) -> Task:
        self.round()
        return task

    def report(
        self, kind: str, unit: str, known: str, happened: str | None = None, **fields: Any
    ) -> Event:
        """An incident is reported now: known at `known`. Fields by their names on the form."""
        done = report_incident.report(
            self.db, self.plan.id, kind, unit, fields, self.at(happened) if happened else None,
            self.at(known), self.now, "保卫处值班", report_incident.LateEntry("夜间值守", "值班长"),
        )  # fmt: skip
        self.round()
        return done.event

    def mark(self, event: Event, name: str, at: str) -> None:
        """A later moment of an event is known: 结案."""
        by = "保卫处值班"
        report_incident.mark(self.db, event.id, name, self.at(at), by=by, now=self.now)
        self.round()

    def answers(
        self, letter: Mail, text: str = "", files: Mapping[str, bytes] | None = None,
        **otherwise: Any,
    ) -> Message:  # fmt: skip
        """Somebody answers a letter with a mail program (see `correspondent`); it comes in now."""
        return self.gets(answer(letter, Written(text, files or {}, **otherwise)))

    def gets(self, raw: bytes) -> Message:
        """A mail comes in now, and is looked into; twice, to no further effect."""
        number = inbox.take_in(self.db, self.blobs, raw, now=self.now)
        assert inbox.take_in(self.db, self.blobs, raw, now=self.now) == number
        self.settle()
        self.round()
        with reading(self.db) as connection:
            message = by_id(connection, number)
        assert message is not None
        return message

    def settle(self) -> int:
        """What came in is looked into; the second time there is nothing."""
        settled = inbox.settle(self.db, self.blobs, self.now, self.mail, INBOX)
        assert inbox.settle(self.db, self.blobs, self.now, self.mail, INBOX) == 0
        return settled

    @contextmanager
    def post_is_closed(self) -> Iterator[None]:
        """Letters are written, and the mail server does not answer."""
        there, self.mail = self.mail, MailSettings(host="127.0.0.1", port=1, tls="none")
        yield
        self.mail = there

    # ---- what there is to see ----

    def name(self, unit: str) -> str:
        """What the plan calls a unit."""
        return next(u.name for u in self.plan.units if unit in (u.id, u.name))

    def tasks(self, duty: str = "", period: str = "") -> list[Task]:
        """All tasks of a duty and a period, in the order in which they opened."""
        with reading(self.db) as connection:
            found = tasks.every(connection)
        return [
            t for t in found if (not duty or t.duty == duty) and (not period or t.period == period)
        ]

    def task(self, duty: str, period: str = "", unit: str = "") -> Task:
        """The one task of that duty (and period, and unit)."""
        found = [t for t in self.tasks(duty, period) if not unit or self.name(t.unit) == unit]
        assert len(found) == 1, [t.key for t in found]
        return found[0]

    def facts(self, task: Task, kind: FactKind | None = None) -> list[Fact]:
        """What is recorded about a task."""
        with reading(self.db) as connection:
            known = facts.of_task(connection, task.key)
        return [fact for fact in known if kind is None or fact.kind is kind]

    def record(self, prefix: str, kind: FactKind) -> list[Fact]:
        """Facts about no task, whose key begins so."""
        with reading(self.db) as connection:
            known = facts.without_task(connection, prefix)
        return [fact for fact in known if fact.kind is kind]

    def told(self, task: Task) -> list[str]:
        """The steps of the ladder that the record says were told: when, and which notice."""
        return [
            f"{self.wall(fact.at)} {fact.body['notice']}"
            for fact in self.facts(task, FactKind.TOLD)
        ]

    def standing(self, task: Task) -> Standing:
        """Where a task stands now."""
        with reading(self.db) as connection:
            known = tasks.by_key(connection, task.key)
        assert known is not None
        return standing(known, self.now, self.clock)

    # ---- the post ----

    def mail_to(self, post: str) -> list[Mail]:
        """The letters to a post (护理学院联络员), oldest first."""
        return [mail for mail in self.letterbox if mail.to == post]

    def letters(self) -> list[StoredLetter]:
        """Every letter ever written, in order, and where it is on its way."""
        with reading(self.db) as connection:
            return list(reversed(outbox.listed(connection)))

    def reads(self, post: str, at: str, *words: str) -> Mail:
        """The one letter that `post` got at that minute, saying these words; it is then read."""
        found = [m for m in self.mail_to(post) if m.at == at]
        assert len(found) == 1, f"{post} {at}: {len(found)} letters\n{self.unread()}"
        for word in words:
            assert found[0].says(word), f"{post} {at}: no “{word}” in\n{found[0]}"
        self._awaited.add(found[0].message_id)
        return found[0]

    def unread(self) -> str:
        """The letters that no `reads` has named, a line each: when, to whom, subject."""
        return "\n".join(
            f"{mail.at} {mail.to} {mail.subject}"
            for mail in self.letterbox
            if mail.message_id not in self._awaited
        )


def _usable(compiled: Compiled) -> Plan:
    assert compiled.plan is not None, compiled.problems
    return compiled.plan
