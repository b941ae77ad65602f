"""The office's desk: what is late, what waits for somebody, and whether the machinery is well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from notifications.bucket import ROBOT
from office import brake, heartbeat, mailboxes
from office.clockguard import is_frozen
from office.ledger import Row, row_of
from office.mailboxes import Trouble
from office.matters import matter
from office.sign_in_failures import MANY, failures
from office.workplace import InForce, only_plan
from responsibilities.plan import Disposition
from responsibilities.tasks import FactKind, Task
from responsibilities.words import Language, Words
from storage import checkpoints, cursors, facts, heartbeats, inbox, outbox, tasks
from storage.engine import reading
from storage.inbox import Message
from storage.outbox import LetterState, StoredLetter

SHOWN = 20
"""Entries of each list; the counts are of all."""
_RECENT = timedelta(days=7)
_SEALED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Queue:
    """The first of a list, and how many there are."""

    rows: tuple[Row, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Question:
    """What the plan leaves to the office: a value it chose (核定), or a question still open."""

    duty: str
    title: str
    key: str
    """The key that was chosen; empty for an open question."""
    said: str


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing about the machinery that is well or is not."""

    name: Words
    good: bool
    said: Words
    at: datetime | None = None
    """When it was last so; in the zone of the plan."""


@dataclass(frozen=True, slots=True)
class DeskView:
    """Everything that wants the office at `now`."""

    late: Queue
    review: Queue
    asked: Queue
    """More time is asked for, and nobody has answered."""
    undelivered: tuple[StoredLetter, ...]
    troubled: tuple[tuple[str, Trouble], ...]
    """Mailboxes whose letters go elsewhere too."""
    held: tuple[Message, ...]
    """Mails that wait for a person."""
    questions: tuple[Question, ...]
    health: tuple[Sign, ...]

    @property
    def ailing(self) -> tuple[Sign, ...]:
        """The signs that are not good."""
        return tuple(sign for sign in self.health if not sign.good)


def desk_view(
    db: Engine, plan: str | None, now: datetime, language: Language = "zh"
) -> DeskView:  # fmt: skip
    """The desk of one plan's office (of the only one by default) as of `now`."""
    with reading(db) as connection:
        place = only_plan(connection, plan)
        id_, places = place.plan.id, {place.plan.id: place}

        def rows(found: Sequence[Task]) -> tuple[Row, ...]:
            shown = found[:SHOWN]
            return tuple(row_of(matter(connection, t, places), now, language) for t in shown)

        late = tasks.late(connection, id_, now, SHOWN)
        waiting = tasks.submitted(connection, id_, SHOWN)
        asked = _asked(connection, id_)
        return DeskView(
            Queue(rows(late), tasks.count_late(connection, id_, now)),
            Queue(rows(waiting), tasks.count_submitted(connection, id_)),
            Queue(rows(asked), len(asked)),
            outbox.refused(connection, id_, now - _RECENT, SHOWN),
            tuple(sorted(mailboxes.troubled(connection, id_, now).items())),
            _held(connection, id_),
            tuple(questions_of(place)),
            tuple(_signs(connection, place, now)),
        )


def next_to_review(db: Engine, plan: str, after: int | None = None) -> int | None:
    """The number of the task that has waited longest for its reviewer, of those behind `after`.

    Behind the last of them it is the first again; None where there is no other.
    """
    with reading(db) as connection:
        last = tasks.by_id(connection, after) if after is not None else None
        place = (last.submitted_at, last.id) if last and last.submitted_at else None
        behind = tasks.submitted(connection, plan, 1, place) if place else ()
        found = behind or tasks.submitted(connection, plan, 2)
    return next((task.id for task in found if task.id != after), None)


def questions_of(place: InForce) -> Iterator[Question]:
    """Open questions first, then what the office chose itself (方案未写明)."""
    for duty in place.plan.duties:
        if duty.question:
            yield Question(duty.id, duty.title, "", duty.question)
    for clause in place.plan.clauses:
        if clause.disposition is Disposition.QUESTION:
            yield Question("", clause.section, "", clause.note or clause.quote)
    for duty in place.plan.duties:
        for chosen in duty.assumed:
            yield Question(duty.id, duty.title, chosen.key, chosen.reason)


def _held(connection: Connection, plan: str) -> tuple[Message, ...]:
    """The mails about tasks of this plan, and those that are about none that is known."""
    held = inbox.held(connection)
    about = tasks.by_ids(connection, [mail.task for mail in held if mail.task is not None])
    return tuple(m for m in held if m.task is None or about[m.task].plan == plan)


def _asked(connection: Connection, plan: str) -> list[Task]:
    """Open tasks whose request for more time nobody has answered, the first due first."""
    return [
        task
        for task in tasks.awaiting_more_time(connection, plan)
        if _last_word(connection, task) is FactKind.EXTENSION_ASKED
    ]


def _last_word(connection: Connection, task: Task) -> FactKind | None:
    words = [f.kind for f in facts.of_task(connection, task.key) if f.kind in _MORE_TIME]
    return words[-1] if words else None


_MORE_TIME = (FactKind.EXTENSION_ASKED, FactKind.EXTENDED, FactKind.EXTENSION_DECLINED)


_LOOPS = {
    "reconcile": Words("对账", "reconcile"),
    "mailroom": Words("收发室", "mailroom"),
    "inbox": Words("收信", "incoming mail"),
}


def _signs(connection: Connection, place: InForce, now: datetime) -> Iterator[Sign]:
    local = place.clock.local
    beats = heartbeats.every(connection)
    for name, words in _LOOPS.items():
        at = beats.get(name)
        if at is None and name != "reconcile":
            continue  # an installation without an inbox has no such loop
        well = at is not None and now - at <= heartbeat.PATIENCE[name]
        said = Words("正常", "well") if well else Words("没有运行", "not running")
        yield Sign(words, well, said, local(at) if at is not None else None)
    yield _post(connection, place.plan.id)
    yield from _robots(connection, place.plan.id, now)
    yield _record(connection, now)
    yield from _sign_ins(connection, now)
    known = cursors.of_plan(connection, place.plan.id).values()
    count = sum(bool(cursor.stalled) for cursor in known)
    yield Sign(
        Words("下达", "opening"),
        not count,
        Words(f"{count}项职责的下一日期未定", f"{count} duties wait for a date")
        if count
        else Words("各项日期均已确定", "every date is known"),
    )


def _post(connection: Connection, plan: str) -> Sign:
    name = Words("发信", "outgoing mail")
    if is_frozen(connection):
        return Sign(name, False, Words("系统时钟跳动，已暂停", "stopped: the clock has jumped"))
    if plan in brake.held(connection):
        return Sign(name, False, Words("超出预期，已暂停", "stopped: more than was expected"))
    waiting = outbox.counted(connection).get(LetterState.DEFERRED, 0)
    if waiting:
        return Sign(name, False, Words(f"{waiting}封待重试", f"{waiting} to be tried again"))
    return Sign(name, True, Words("正常", "well"))


def _robots(connection: Connection, plan: str, now: datetime) -> Iterator[Sign]:
    failed = [
        letter
        for letter in outbox.refused(connection, plan, now - _RECENT, SHOWN)
        if letter.recipient.startswith(ROBOT)
    ]
    if failed:
        names = "、".join(dict.fromkeys(letter.to_name for letter in failed))
        yield Sign(
            Words("群机器人", "group robots"),
            False,
            Words(f"近7日未能送达：{names}", f"undelivered within 7 days: {names}"),
        )


def _sign_ins(connection: Connection, now: datetime) -> Iterator[Sign]:
    failed = sum(failures(connection, now).values())
    if failed:
        said = Words(f"近一日失败{failed}次", f"{failed} failed within a day")
        yield Sign(Words("登录", "sign-in"), failed < MANY, said)


def _record(connection: Connection, now: datetime) -> Sign:
    name = Words("办理记录", "record")
    last = checkpoints.last(connection)
    behind = facts.last_seq(connection) - (last.signed.checkpoint.size if last else 0)
    if last is None:
        return Sign(name, False, Words("尚未签名封存", "not signed yet"))
    if behind and now - last.at > _SEALED:
        said = Words(f"24小时以上未封存，{behind}条待封存", f"{behind} facts unsigned for a day")
        return Sign(name, False, said)
    return Sign(name, True, Words("已签名封存", "signed"))
