"""What the office does with a task: accept, return, waive, and the question of more time.

Every act is one transaction and can be repeated: what has been done already is left as it is.
Given a connection instead of the database, it is part of the transaction that goes on there.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from office.chains import go_on
from office.matters import Matter, find
from office.parts import fan_in, parts_of, whole_task
from office.refusing import (
    GRANT,
    WAIVE,
    given,
    refuse_not_later,
    refuse_own,
    refuse_part,
    refuse_past,
    refuse_unless,
)
from office.silence import hush
from office.strike_off import strike_off
from office.telling import Bundles
from responsibilities.ladder import restart
from responsibilities.outages import after_review
from responsibilities.plan import Role
from responsibilities.tasks import SYSTEM, Fact, FactKind, State, Task
from responsibilities.words import Refused, Words
from storage import facts, notices, tasks
from storage.engine import writing
from storage.instants import text, whole

Act = Callable[[Connection, Matter], Task]


def accept(
    db: Engine | Connection, task: str | int, *, by: str, now: datetime, note: str = ""
) -> Task:
    """The submission is in order (审核通过): the task is closed (办结)."""
    now = whole(now)

    def act(connection: Connection, matter: Matter) -> Task:
        if _done(matter, "accepted"):
            return matter.task
        refuse_unless(matter, State.SUBMITTED)
        refuse_own(matter, by)
        key = f"accepted/{matter.task.attempt}"
        body = {"note": note} if note else {}
        return _close(connection, matter, FactKind.ACCEPTED, key, body, by, now)

    return on_task(db, task, act)


def return_(
    db: Engine | Connection, task: str | int, reason: str, *, by: str, now: datetime,
    due_at: datetime | None = None,
) -> Task:  # fmt: skip
    """The submission is sent back (退回补充) with a reason.

    The unit gets until `due_at`, or the time that the review took is given back.
    """
    now = whole(now)
    reason = given(reason, Words("退回应写明理由。", "A return needs a reason."))

    def act(connection: Connection, matter: Matter) -> Task:
        old = matter.task
        key = f"returned/{old.attempt}"
        if old.state is State.OPEN and facts.has(connection, old.key, key):
            return old
        refuse_unless(matter, State.SUBMITTED)
        refuse_own(matter, by)
        if due_at is not None and due_at < old.due_at:
            raise Refused(
                Words(
                    "退回补充的时限不应早于现有时限；仍按现有时限办理的，请不写新的时限。",
                    "A return cannot shorten the time; give no date to keep the present one.",
                )
            )
        due = due_at or max(after_review(old, matter.clock, now), old.due_at)
        if due_at is not None:
            refuse_past(due_at, now)
        body = {"due": text(due), "from": text(old.due_at), "reason": reason}
        task = replace(old, state=State.OPEN, submitted_at=None, due_at=due)
        return written(connection, matter, task, FactKind.RETURNED, key, body, by, now, reason)

    return on_task(db, task, act)


def waive(db: Engine, task: str | int, reason: str, *, by: str, now: datetime) -> Task:
    """Nobody need do it this time (免办), for a reason; it never counts as late."""
    now = whole(now)
    reason = given(reason, Words("免办应写明理由。", "A waiver needs a reason."))

    def act(connection: Connection, matter: Matter) -> Task:
        refuse_own(matter, by, WAIVE)
        return waive_within(connection, matter, reason, by, now)

    return on_task(db, task, act)


def waive_within(
    connection: Connection, matter: Matter, reason: str, by: str, now: datetime
) -> Task:
    """As `waive`, as part of another act's transaction."""
    if _done(matter, "waived"):
        return matter.task
    refuse_unless(matter, State.OPEN, State.SUBMITTED)
    return _close(connection, matter, FactKind.WAIVED, "waived", {"reason": reason}, by, now)


def ask_extension(
    db: Engine | Connection,
    task: str | int,
    due_at: datetime,
    reason: str,
    *,
    by: str,
    now: datetime,
) -> Task:
    """The unit asks for more time (延期申请), before the due date; nothing moves yet."""
    now = whole(now)
    reason = given(reason, Words("延期申请应写明理由。", "Asking for more time needs a reason."))

    def act(connection: Connection, matter: Matter) -> Task:
        old = matter.task
        refuse_unless(matter, State.OPEN)
        refuse_part(matter)
        refuse_not_later(matter, due_at)
        if now > old.due_at:
            raise Refused(
                Words(
                    "延期申请应在截止之前提出；已经逾期的，请尽快报结并说明情况。",
                    "More time is asked for before the due date; hand in what there is.",
                )
            )
        asked, pending = _asked(connection, old)
        if pending is not None and pending.body["due"] == text(due_at):
            return old
        key = f"extension_asked/{asked + 1}"
        body = {"due": text(due_at), "from": text(old.due_at), "reason": reason}
        kind = FactKind.EXTENSION_ASKED
        return written(
            connection, matter, old, kind, key, body, by, now, reason, to=[matter.grants]
        )

    return on_task(db, task, act)


def extend(
    db: Engine | Connection,
    task: str | int,
    due_at: datetime,
    *,
    by: str,
    now: datetime,
    reason: str = "",
) -> Task:
    """More time is granted by `by` (延期批准); the original date is kept beside the new one."""
    now = whole(now)

    def act(connection: Connection, matter: Matter) -> Task:
        old = matter.task
        if old.round and old.due_at == due_at:
            return old
        refuse_unless(matter, State.OPEN)
        refuse_own(matter, by, GRANT)
        refuse_part(matter)
        refuse_not_later(matter, due_at)
        refuse_past(due_at, now)
        for part in parts_of(connection, matter):
            if part.task.state is State.OPEN:
                _extended(connection, part, due_at, by, now, reason)
        return _extended(connection, matter, due_at, by, now, reason)

    return on_task(db, task, act)


def _extended(
    connection: Connection, matter: Matter, due_at: datetime, by: str, now: datetime, reason: str
) -> Task:
    old = matter.task
    step = restart(
        matter.promise.steps, old.opens_at, due_at, matter.clock, now, old.original_due_at
    )
    task = replace(old, due_at=due_at, round=old.round + 1, step=step)
    body = {"due": text(due_at), "from": text(old.due_at), "original_due":
            text(old.original_due_at), "reason": reason}  # fmt: skip
    key = f"extended/{task.round}"
    return written(connection, matter, task, FactKind.EXTENDED, key, body, by, now, reason)


def decline(
    db: Engine | Connection, task: str | int, reason: str, *, by: str, now: datetime
) -> Task:
    """More time is not granted, for a reason; the due date stays."""
    now = whole(now)
    reason = given(reason, Words("不批准延期应写明理由。", "Declining needs a reason."))

    def act(connection: Connection, matter: Matter) -> Task:
        asked, pending = _asked(connection, matter.task)
        key = f"extension_declined/{asked}"
        if asked and facts.has(connection, matter.task.key, key):
            return matter.task
        refuse_unless(matter, State.OPEN)
        refuse_own(matter, by, GRANT)
        if pending is None:
            raise Refused(Words("没有待批的延期申请。", "No request for more time is waiting."))
        kind, body = FactKind.EXTENSION_DECLINED, {"reason": reason}
        return written(connection, matter, matter.task, kind, key, body, by, now, reason)

    return on_task(db, task, act)


def on_task(db: Engine | Connection, task: str | int, act: Act) -> Task:
    """One transaction; or a part of another act's, where its connection is given."""
    if isinstance(db, Connection):
        return act(db, find(db, task))
    with writing(db) as connection:
        return act(connection, find(connection, task))


def _close(
    connection: Connection, matter: Matter, kind: FactKind, key: str, body: dict[str, Any],
    by: str, now: datetime,
) -> Task:  # fmt: skip
    task = replace(matter.task, state=State.CLOSED, closed_at=now, outcome=kind.value, wake_at=None)
    if facts.has(connection, task.key, key):  # waived before it was reopened
        key = f"{key}/{task.round}"
    go_on(connection, matter.place, task, now)
    reason = str(body.get("reason") or body.get("note") or "")
    after = written(connection, matter, task, kind, key, body, by, now, reason)
    if kind is FactKind.ACCEPTED:
        strike_off(connection, matter, by, now)
    for part in parts_of(connection, matter):
        done = part.task.state is State.SUBMITTED
        kind, key = (kind, key) if done else (FactKind.WAIVED, "waived")
        _close(connection, part, kind, key, {"reason": reason or _WITH_UNIT}, by, now)
    whole = whole_task(connection, matter) if matter.is_part else None
    if whole is not None:
        fan_in(connection, whole, now, f"{matter.task.unit}/{key}")
    return after


def lapse_parts(connection: Connection, whole: Matter, now: datetime) -> None:
    """What can no longer be done as a whole is over in its parts, even those handed in."""
    for part in parts_of(connection, whole):
        _close(connection, part, FactKind.LAPSED, "lapsed", {"at": text(now)}, SYSTEM, now)


_WITH_UNIT = "随所属单位的事项一并办结"
_BY_UNIT = "已由所属单位统一报结"


def done_by_unit(connection: Connection, whole: Matter, now: datetime) -> None:
    """The unit has handed in all of it: nothing more is asked of its delegates."""
    for part in parts_of(connection, whole):
        if part.task.state is State.OPEN:
            waive_within(connection, part, _BY_UNIT, SYSTEM, now)


def written(
    connection: Connection, matter: Matter, task: Task, kind: FactKind, key: str,
    body: dict[str, Any], by: str, now: datetime, reason: str,
    to: Iterable[Role] = (Role.CONTACT,),
) -> Task:  # fmt: skip
    """The fact, the index and the notice of one act, together."""
    after = matter.reindexed(task, now) if task.state is not State.CLOSED else task
    if kind in _AGAIN and matter.promise.coverage_roster:
        after = replace(after, wake_at=now)  # the roster may have changed meanwhile
    facts.append(connection, [Fact(task.key, key, kind, now, by, body)])
    tasks.save(connection, [after])
    hush(connection, after, now)
    bundles = Bundles(now)
    bundles.tell_about(after, to, kind.value, key, reason)
    notices.add(connection, bundles.notices())
    return after


_AGAIN = (FactKind.RETURNED, FactKind.EXTENDED, FactKind.REOPENED)


def _asked(connection: Connection, task: Task) -> tuple[int, Fact | None]:
    """How often more time was asked for, and the request that is still waiting."""
    known = facts.of_task(connection, task.key)
    asked = [fact for fact in known if fact.kind is FactKind.EXTENSION_ASKED]
    answers = (FactKind.EXTENDED, FactKind.EXTENSION_DECLINED)
    last = [f for f in known if f.kind in answers or f.kind is FactKind.EXTENSION_ASKED][-1:]
    waiting = last[0] if last and last[0].kind is FactKind.EXTENSION_ASKED else None
    return len(asked), waiting


def _done(matter: Matter, outcome: str) -> bool:
    return matter.task.state is State.CLOSED and matter.task.outcome == outcome
