"""What is known of a mailbox: that it does not exist, that nobody reads it now, that it is back.

A letter that did not arrive is nobody's silence. Its notices go to the next post up, and the office
hears of it the same day. A mailbox is as its last fact says; a new one in the plan has none.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, Engine

from notifications.incoming.failure_words import STATUS, why
from notifications.incoming.values import Bounce, BounceKind, Incoming
from notifications.refusals import Undelivered
from office import undelivered
from office.replies import Effect, to_office
from office.workplace import InForce
from responsibilities.plan import Role
from responsibilities.roles import UPWARDS
from responsibilities.tasks import SYSTEM, Fact, FactKind
from responsibilities.words import Refused, Words
from storage import facts, inbox, notices, outbox
from storage.engine import writing
from storage.instants import whole
from storage.notices import Notice
from storage.outbox import StoredLetter
from storage.plans import adopted

AWAY_FOR = timedelta(days=14)
"""How long an out-of-office answer is believed, unless its mailbox answers before."""
_SOFT = (BounceKind.DELAYED,)
_WHY = {
    BounceKind.UNKNOWN_USER: Words("收件邮箱不存在或已停用", "no such mailbox"),
    BounceKind.MAILBOX_FULL: Words("收件邮箱已满", "the mailbox is full"),
    BounceKind.REFUSED: Words("对方服务器拒收", "refused by its server"),
    BounceKind.EXPIRED: Words("多次投递未成功，已放弃", "given up after many attempts"),
}


class Trouble(StrEnum):
    """Why letters to a mailbox go elsewhere too."""

    FAILED = "failed"
    """It does not take letters: they go to the next post up instead."""
    AWAY = "away"
    """Nobody reads it now: they go to the deputy as well."""


def troubled(connection: Connection, plan: str, now: datetime) -> dict[str, Trouble]:
    """The mailboxes of a plan that are in trouble now."""
    last = {f.body["mailbox"]: f for f in facts.without_task(connection, _prefix(plan))}
    found = {}
    for mailbox, fact in last.items():
        if fact.kind is FactKind.MAILBOX_FAILED:
            found[mailbox] = Trouble.FAILED
        elif fact.kind is FactKind.MAILBOX_AWAY and now - fact.at < AWAY_FOR:
            found[mailbox] = Trouble.AWAY
    return found


def bounced(connection: Connection, places: dict[str, InForce], incoming: Incoming,
            own: int | None, now: datetime) -> Words | None:  # fmt: skip
    """Act on a report that letters did not arrive; the sentence for the list of mails.

    `own`: the letter whose bounce address it came to, whatever Message-IDs are in it. None where
    none of our letters can be found in it.
    """
    named = inbox.letters_named(connection, incoming.returned).values() if own is None else [own]
    letters = [outbox.with_notices(connection, id_) for id_ in named]
    if not letters:
        return None
    failed = [b for b in incoming.bounces if b.kind not in _SOFT]
    if not failed:
        return Words("邮件仍在投递中，不算未送达", "still being tried, not a failure")
    for letter, said in letters:
        mine = [b for b in failed if b.address in ("", letter.recipient.lower())]
        for bounce in mine[:1]:
            _failed(connection, places[letter.plan], letter, said, bounce, now)
    return _WHY[failed[0].kind]


def refused(
    connection: Connection, place: InForce, letter: int, refusal: Undelivered, now: datetime
) -> None:
    """The relay said at once, to RCPT TO, what a bounce would have said later."""
    found = STATUS.search(refusal.reply)
    status = found[1] if found else ""
    told = f"{refusal.code or ''} {refusal.reply}".strip()
    stored, said = outbox.with_notices(connection, letter)
    bounce = Bounce(stored.recipient.lower(), why(status, refusal.reply), status, told)
    _failed(connection, place, stored, said, bounce, now)


def _failed(
    connection: Connection, place: InForce, letter: StoredLetter, said: Iterable[Notice],
    bounce: Bounce, now: datetime,
) -> None:  # fmt: skip
    reason = _WHY[bounce.kind]
    told = f"（{bounce.diagnostic[:200]}）" if bounce.diagnostic else ""
    words = Words(f"{reason.zh}{told}", f"{reason.en} {bounce.diagnostic[:200]}".strip())
    undelivered.record(
        connection, place, letter.message_id, letter.kind, letter.to_name, words, now,
        letter.recipient, letter.subject, outbox.matters_of(connection, letter.id),
    )  # fmt: skip
    if bounce.kind is BounceKind.UNKNOWN_USER:
        mailbox = letter.recipient.lower()
        _note(connection, place.plan.id, mailbox, FactKind.MAILBOX_FAILED, reason, now)
    moved = [_moved(notice, now) for notice in said]
    notices.add(connection, [notice for notice in moved if notice is not None])


def _moved(notice: Notice, now: datetime) -> Notice | None:
    """The same for the next post up; letters about a mail that came in are not worth it."""
    role = Role(notice.role)
    if role not in UPWARDS[:-1] or notice.kind in ("receipt", "confirm", "inbox"):
        return None
    above = UPWARDS[UPWARDS.index(role) + 1]
    until = max(notice.useful_until, now + timedelta(days=1))
    return replace(
        notice, key=f"{notice.key}/{above.value}", role=above.value, created_at=now,
        useful_until=until, wait_until=None,
    )  # fmt: skip


def away(connection: Connection, place: InForce, incoming: Incoming, message: int, mailbox: str,
         name: str, now: datetime) -> None:  # fmt: skip
    """An out-of-office answer: the deputy gets the next letters too, and the office knows."""
    if troubled(connection, place.plan.id, now).get(mailbox) is not None:
        return
    why = Words(incoming.subject[:100], incoming.subject[:100])
    _note(connection, place.plan.id, mailbox, FactKind.MAILBOX_AWAY, why, now)
    effect = Effect(
        "away",
        Words("自动回复", "out of office"),
        Words(
            f"请知悉：{name}自动回复不在岗，此后信函同时送下一岗位，任务不受影响。",
            f"Please note: {name} is out of office; letters go to the next post too, and no task "
            "changes.",
        ),
        rows=((Words("收件邮箱", "Mailbox"), Words(mailbox, mailbox)),),
    )
    office = place.plan.office
    notices.add(connection, [to_office(effect, message, place.plan.id, office, None, now)])


def restore(db: Engine, mailbox: str, *, by: str, now: datetime) -> None:
    """The office says that letters reach the mailbox again. Refused where nothing was wrong."""
    now, mailbox = whole(now), mailbox.lower()
    with writing(db) as connection:
        plans = [p for p in adopted(connection) if mailbox in troubled(connection, p, now)]
        for plan in plans:
            _note(connection, plan, mailbox, FactKind.MAILBOX_BACK, Words(by, by), now, by)
    if not plans:
        raise Refused(
            Words(
                f"邮箱 {mailbox} 没有无法送达或不在岗的记录。",
                f"Nothing is recorded against the mailbox {mailbox}.",
            )
        )


def answered(connection: Connection, plan: str, mailbox: str, now: datetime) -> None:
    """A person answered from there: whatever was wrong with it is over."""
    if mailbox in troubled(connection, plan, now):
        why = Words("有人回复", "it answered")
        _note(connection, plan, mailbox, FactKind.MAILBOX_BACK, why, now)


def _note(
    connection: Connection, plan: str, mailbox: str, kind: FactKind, why: Words, now: datetime,
    by: str = SYSTEM,
) -> None:  # fmt: skip
    number = len(facts.without_task(connection, f"{_prefix(plan)}{mailbox}/")) + 1
    key = f"{_prefix(plan)}{mailbox}/{number:06d}"
    body = {"mailbox": mailbox, "reason": why.zh}
    facts.append(connection, [Fact(None, key, kind, now, by, body)])


def _prefix(plan: str) -> str:
    return f"{plan}/mailbox/"
