"""What one mail leads to. A state changes only with a valid token and a sender whom the own server
vouches for; whatever else it is, the mail is kept, and a person is asked.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from notifications.authentication import Alignment, alignment
from notifications.incoming.nature import NULL_SENDER
from notifications.incoming.values import Bounce, BounceKind, Incoming, Nature
from office import mailboxes
from office.acting import act, taken_by_a_person
from office.addressed import Answered, bearer, post_of, trace
from office.bounce_tags import letter_bounced
from office.holding import hold, too_many, unplaced
from office.received import A_DAY, MOST_A_DAY, Dealt, Received, which_task
from office.replies import message_of
from office.workplace import InForce, all_in_force
from responsibilities.words import Words
from storage import inbox
from storage.blobs import Blobs
from storage.inbox import Message, MessageState

Read = Callable[[Message], Incoming]

_YES = re.compile(
    r"\W*(?:确认|是的|属实|是$|接收|收下|confirm|yes|take)", re.IGNORECASE | re.MULTILINE
)
_NO = re.compile(r"\W*(?:不是|不属实|否|不予接收|不接收|no\b|decline)", re.IGNORECASE)


def deal(
    connection: Connection, blobs: Blobs, message: Message, incoming: Incoming, now: datetime,
    authserv_id: str, read: Read,
) -> Dealt:  # fmt: skip
    """Do what the mail asks for, as part of a transaction, or say why not."""
    machine = _from_a_machine(connection, message, incoming, now)
    if machine is not None:
        return machine
    sender = incoming.from_[0].address.lower() if len(incoming.from_) == 1 else ""
    vouched = alignment(incoming.authentication_results, authserv_id, sender)
    mail = Received(message, incoming, now, sender, vouched)
    signs = trace(connection, incoming, message.envelope, now)
    kind = signs.answered.letter.kind if signs.answered else ""
    if signs.answered and kind in ("confirm", "inbox"):
        return _decided(connection, blobs, mail, signs.answered, read)
    about = which_task(connection, incoming, signs)
    if about is None:
        return unplaced(connection, mail, signs)
    who = bearer(signs.answered, about, sender) if signs.answered and sender else None
    trusted = who is not None and vouched is Alignment.ALIGNED and not signs.clash
    if _too_often(connection, mail, about.task.id, trusted):
        return too_many(mail, about)
    if trusted and who is not None:
        return act(connection, blobs, mail, about, who, who.name)
    return hold(connection, mail, about, signs, who)


def _too_often(connection: Connection, mail: Received, task: int, trusted: bool) -> bool:
    """Whether the sender's share of the day is used up; forgeries in his name do not count."""
    states = [MessageState.SETTLED] if trusted else list(MessageState)
    since = mail.now - A_DAY
    return inbox.counted_from(connection, mail.sender, since, task, states) >= MOST_A_DAY


def _from_a_machine(
    connection: Connection, message: Message, incoming: Incoming, now: datetime
) -> Dealt | None:
    """What no person wrote never changes a task."""
    nature, places = incoming.nature, all_in_force(connection)
    null = message.envelope.sender == "" or incoming.return_path == ""
    own = letter_bounced(
        connection, (*message.envelope.recipients, *(box.address for box in incoming.to))
    )
    if own is not None and null and incoming.why in ("", NULL_SENDER):
        nature, incoming = Nature.BOUNCE, replace(incoming, bounces=(_unread(incoming),))
    if nature is Nature.BOUNCE:
        why = mailboxes.bounced(connection, places, incoming, own, now)
        unknown = Words("不是对督办信函的退信", "not about a letter of ours")
        return Dealt(MessageState.SETTLED, "bounce", why or unknown)
    if nature is Nature.OUT_OF_OFFICE:
        return _away(connection, places, message, incoming, now)
    if nature is not Nature.ANSWER or null:
        verdict = "auto_reply" if nature is Nature.ANSWER else nature.value
        why = Words(f"系统自动发出（{incoming.why or '空发件人'}）", f"a machine: {incoming.why}")
        return Dealt(MessageState.SETTLED, verdict, why)
    return None


def _unread(incoming: Incoming) -> Bounce:
    """A bounce in words that we cannot read: the letter is lost, the mailbox may be sound."""
    return Bounce("", BounceKind.REFUSED, "", incoming.subject)


def _away(
    connection: Connection, places: dict[str, InForce], message: Message, incoming: Incoming,
    now: datetime,
) -> Dealt:  # fmt: skip
    signs = trace(connection, incoming, message.envelope, now)
    sender = incoming.from_[0].address.lower() if incoming.from_ else ""
    why = Words("自动回复：收件人不在岗", "out of office")
    for place in places.values() if signs.answered or signs.tasks else ():
        post = post_of(place, sender)
        if post is not None:
            mailboxes.away(connection, place, incoming, message.id, sender, post.name, now)
            return Dealt(MessageState.SETTLED, "away", why)
    return Dealt(MessageState.SETTLED, "auto_reply", why)


def _decided(
    connection: Connection, blobs: Blobs, mail: Received, answered: Answered, read: Read
) -> Dealt:
    """The post that was asked says whether the mail is its own; the office, whether it counts."""
    asked = answered.notices[0]
    held = inbox.by_id(connection, message_of(asked))
    if held is None or held.state is not MessageState.HELD:
        return Dealt(MessageState.SETTLED, "done", Words("已处理", "dealt with already"))
    if not _may_decide(mail, answered):
        why = Words("未能核实发件人", "its sender could not be verified")
        return Dealt(MessageState.HELD, "unverified", why, held.task)
    by, said = answered.letter.to_name, mail.incoming.answer
    if _NO.match(said):
        why = Words(f"{by}确认不予计入", "declined by whoever was asked")
        inbox.settle(connection, held, MessageState.DECLINED, "declined", why.zh, by=by,
                     now=mail.now, task=held.task)  # fmt: skip
        return Dealt(MessageState.SETTLED, "decided", why, held.task)
    if not _YES.match(said):
        why = Words("未写明“确认”或“不是”", "neither yes nor no")
        return Dealt(MessageState.SETTLED, "unclear", why, held.task)
    dealt = taken_by_a_person(connection, blobs, held, read(held), mail.now, None, by)
    inbox.settle(connection, held, dealt.state, dealt.verdict, dealt.why.zh, by=by, now=mail.now,
                 task=dealt.task)  # fmt: skip
    why = Words(f"{by}确认来信属实", "confirmed by whoever was asked")
    return Dealt(MessageState.SETTLED, "decided", why, dealt.task, dealt.notices)


def _may_decide(mail: Received, answered: Answered) -> bool:
    """The mailbox that was asked answers itself. The fresh token came to nobody else, so it need
    not be vouched for, but not be disowned either; the office, which decides about others, must be.
    """
    own = mail.sender == answered.letter.recipient.lower()
    if answered.letter.kind == "confirm":
        return own and mail.aligned is not Alignment.FAILED
    return own and mail.aligned is Alignment.ALIGNED
