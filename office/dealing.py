"""What one mail leads to. A state changes only with a valid token and a sender whom the own server
vouches for; whatever else it is, the mail is kept, and a person is asked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from notifications.authentication import Alignment, alignment
from notifications.dates import say_instant
from notifications.incoming.values import Incoming, Nature
from office import mailboxes
from office.addressed import Answered, Capacity, Speaker, Trace, bearer, claimed, post_of, trace
from office.answers import answer
from office.matters import Matter, find, matter, number_of, title_of
from office.replies import Effect, Row, letter, message_of, to_office, with_rows
from office.rulings import decide_extension, onlooker_said, rule
from office.workplace import InForce, all_in_force
from responsibilities.plan import Role
from responsibilities.roles import resolve
from responsibilities.tasks import Fact, FactKind, State
from responsibilities.words import Words
from storage import blobs as evidence
from storage import facts, inbox, tasks
from storage.blobs import Blobs, Evidence
from storage.inbox import Message, MessageState
from storage.notices import Notice

A_DAY = timedelta(days=1)
MOST_A_DAY = 10
"""Mails of one sender about one task that are answered in a day: more are a loop, or an attack."""
MOST_QUESTIONS = 10
"""Mails a day that the office is asked about by letter; all stand in `duban inbox`."""
Read = Callable[[Message], Incoming]

_NUMBER = re.compile(r"督办〔\d{4}〕(\d{1,9})号|(?<![\d〕])(\d{1,9})号")
_YES = re.compile(
    r"\W*(?:确认|是的|属实|是$|接收|收下|confirm|yes|take)", re.IGNORECASE | re.MULTILINE
)
_NO = re.compile(r"\W*(?:不是|不属实|否|不予接收|不接收|no\b|decline)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dealt:
    """What came of one mail."""

    state: MessageState
    verdict: str
    why: Words
    task: int | None = None
    notices: list[Notice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Mail:
    """One mail, all that is known of it, and when it is."""

    message: Message
    incoming: Incoming
    now: datetime
    sender: str
    """The one address in From, lower case; empty where there is none or more than one."""
    aligned: Alignment


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
    mail = _Mail(message, incoming, now, sender, vouched)
    signs = trace(connection, incoming, message.envelope, now)
    kind = signs.answered.letter.kind if signs.answered else ""
    if signs.answered and kind in ("confirm", "inbox"):
        return _decided(connection, blobs, mail, signs.answered, read)
    about = _which(connection, incoming, signs)
    if about is None:
        return _unplaced(connection, mail, signs)
    if inbox.counted_from(connection, sender, now - A_DAY, about.task.id) >= MOST_A_DAY:
        return _too_many(mail, about)
    who = bearer(signs.answered, about, sender) if signs.answered and sender else None
    if who is not None and vouched is Alignment.ALIGNED and not signs.clash:
        return _act(connection, blobs, mail, about, who, who.name)
    return _held(connection, mail, about, signs, who)


def taken_by_a_person(
    connection: Connection, blobs: Blobs, message: Message, incoming: Incoming, now: datetime,
    task: str | None, by: str,
) -> Dealt:  # fmt: skip
    """`by` says that the mail is what it says it is. Refused where no task can be told."""
    signs = trace(connection, incoming, message.envelope, now)
    about = None if task is not None else _which(connection, incoming, signs)
    about = about or find(connection, task if task is not None else message.task or "")
    sender = incoming.from_[0].address.lower() if incoming.from_ else ""
    mail = _Mail(message, incoming, now, sender, Alignment.UNKNOWN)
    who = claimed(about, sender) or _contact(about)
    return _act(connection, blobs, mail, about, who, f"{who.name}（{by}确认）")


def _contact(about: Matter) -> Speaker:
    """Whom a mail from elsewhere is taken to speak for, once a person has said that it counts."""
    unit, promise = about.task.unit, about.promise
    to = resolve(about.place.plan, unit, Role.CONTACT, promise).addressees
    return Speaker(unit, Role.CONTACT, to[0].name if to else unit, Capacity.UNIT)


# ---- machines ----


def _from_a_machine(
    connection: Connection, message: Message, incoming: Incoming, now: datetime
) -> Dealt | None:
    """What no person wrote never changes a task."""
    nature, places = incoming.nature, all_in_force(connection)
    if nature is Nature.BOUNCE:
        why = mailboxes.bounced(connection, places, incoming, now)
        unknown = Words("不是对督办信函的退信", "not about a letter of ours")
        return Dealt(MessageState.SETTLED, "bounce", why or unknown)
    if nature is Nature.OUT_OF_OFFICE:
        return _away(connection, places, message, incoming, now)
    null = message.envelope.sender == "" or incoming.return_path == ""
    if nature is not Nature.ANSWER or null:
        verdict = "auto_reply" if nature is Nature.ANSWER else nature.value
        why = Words(f"系统自动发出（{incoming.why or '空发件人'}）", f"a machine: {incoming.why}")
        return Dealt(MessageState.SETTLED, verdict, why)
    return None


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


# ---- which task ----


def _which(connection: Connection, incoming: Incoming, signs: Trace) -> Matter | None:
    """The one task: the signs', the one whose number the answer names, or the one still open."""
    found = [task for task in tasks.by_ids(connection, signs.tasks).values()]
    if len(found) > 1:
        named = {int(a or b) for a, b in _NUMBER.findall(incoming.answer)}
        found = [task for task in found if task.id in named] or [
            task for task in found if task.state is not State.CLOSED
        ]
    return matter(connection, found[0]) if len(found) == 1 else None


def _unplaced(connection: Connection, mail: _Mail, signs: Trace) -> Dealt:
    """No task, or more than one: whoever holds a post is asked for the number."""
    several = tasks.by_ids(connection, signs.tasks)
    places = all_in_force(connection)
    known = [(place, post_of(place, mail.sender)) for place in places.values()]
    post = next(((place, one) for place, one in known if one is not None), None)
    if post is None:
        if signs.clash or signs.answered or several:
            why = Words("不能确定所答事项，发件人不在岗位邮箱之列", "unknown task and sender")
            return Dealt(MessageState.HELD, "unknown", why)
        why = Words("与督办事项无关", "about none of our matters")
        return Dealt(MessageState.SETTLED, "unrelated", why)
    why = Words("不能确定所答事项", "no telling which task it answers")
    place, who = post
    asked: list[Notice] = []
    if inbox.counted_from(connection, mail.sender, mail.now - A_DAY, None) < MOST_A_DAY:
        numbers = [number_of(task, place.clock) for task in several.values()]
        effect = with_rows(_ask_number(numbers), _came(place, mail))
        asked = [letter("receipt", effect, mail.message.id, place.plan.id, who.unit, who.role,
                        None, mail.now)]  # fmt: skip
    return Dealt(MessageState.HELD, "which", why, notices=asked)


def _ask_number(numbers: list[str]) -> Effect:
    listed = "、".join(numbers)
    among = Words(f"（{listed}）" if numbers else "", f" ({listed})" if numbers else "")
    return Effect(
        "which",
        Words("请注明编号", "which task"),
        Words(
            "请注明督办编号后重新回复：来信已收到，不能确定所答的是哪一项。",
            "Please answer again with the number: the mail came, but not which task it answers.",
        ),
        problems=(
            Words(
                f"请直接回复该事项的信函，或在回复的第一行写明督办编号{among.zh}，一封回复只办一项。",
                f"Answer the letter of that task, or write its number in the first line{among.en}; "
                "one task a mail.",
            ),
        ),
    )


# ---- held ----


def _held(
    connection: Connection, mail: _Mail, about: Matter, signs: Trace, who: Speaker | None
) -> Dealt:
    """The mail waits: for the unit it seems to be from, where it may be; else for the office."""
    verdict, why = _why_held(mail, signs, who)
    post = None if signs.clash or not mail.sender else claimed(about, mail.sender)
    effect = _about_the_mail(verdict, why, mail, about, post)
    plan, now, task = about.place.plan, mail.now, about.task.id
    if post is not None:
        asked = [letter("confirm", effect, mail.message.id, plan.id, post.unit, post.role, task,
                        now)]  # fmt: skip
    elif _office_has_room(connection, now):
        effect = replace(effect, asks=True)
        asked = [to_office(effect, mail.message.id, plan.id, plan.office, task, now)]
    else:
        asked = []
    _record(connection, mail, about, verdict, mail.sender or "？")
    return Dealt(MessageState.HELD, verdict, why, task, asked)


def _why_held(mail: _Mail, signs: Trace, who: Speaker | None) -> tuple[str, Words]:
    if signs.clash:
        return "clash", Words("来信中的编号与所答信函不一致", "its number and its letter disagree")
    if signs.expired:
        return "expired", Words("所答信函的回复期限已过", "the letter can no longer be answered")
    if signs.answered is None:
        return "no_token", Words("不是对督办信函的直接回复", "not a direct answer to a letter")
    if not mail.sender:
        return "senders", Words("发件人缺失或不止一个", "no sender, or several")
    if who is None:
        return "not_on_record", Words("发件人不在该岗位邮箱之列", "not a mailbox on record")
    return "unverified", Words("未能核实发件人", "its sender could not be verified")


def _about_the_mail(
    verdict: str, why: Words, mail: _Mail, about: Matter, post: Speaker | None
) -> Effect:
    title = title_of(about.task, about.promise, about.place)
    incident = about.task.event is not None
    subject = "" if incident else mail.incoming.subject[:200]
    rows: list[Row] = [
        _came(about.place, mail),
        (Words("发件人", "From"), Words(mail.sender or "—", mail.sender or "—")),
        (Words("来信主题", "Subject"), Words(subject, subject)),
    ]
    lead = Words(
        f"请处理关于“{title}”的下列来信：{why.zh}，暂未计入。",
        f"Please look at the mail below about “{title}”: {why.en}; it does not count yet.",
    )
    if post is not None:
        lead = Words(
            f"请确认关于“{title}”的下列来信是否为{post.name}所发：{why.zh}，暂未计入。",
            f"Please confirm that {post.name} sent the mail below about “{title}”: {why.en}; it "
            "does not count yet.",
        )
    names = [file.name for file in mail.incoming.files if not file.decoration]
    return Effect(
        verdict, why, lead, tuple(row for row in rows if row[1].zh),
        files=tuple(Words(name, name) for name in names),
        answer="" if incident else mail.incoming.answer,
    )  # fmt: skip


def _office_has_room(connection: Connection, now: datetime) -> bool:
    since = now - A_DAY
    return sum(one.arrived_at >= since for one in inbox.held(connection)) < MOST_QUESTIONS


def _too_many(mail: _Mail, about: Matter) -> Dealt:
    """A loop, or an attack: kept without an answer, and the office hears of it once a day."""
    why = Words(f"一日之内来信超过{MOST_A_DAY}封，疑为自动往返", "too many mails a day: a loop?")
    effect = _about_the_mail("too_many", why, mail, about, None)
    plan = about.place.plan
    notice = to_office(effect, mail.message.id, plan.id, plan.office, about.task.id, mail.now)
    day = about.clock.day(mail.now)
    once = replace(notice, key=f"{plan.id}/inbox/too-many/{mail.sender}/{day}/0")
    return Dealt(MessageState.HELD, "too_many", why, about.task.id, [once])


# ---- decisions about a mail that waits ----


def _decided(
    connection: Connection, blobs: Blobs, mail: _Mail, answered: Answered, read: Read
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


def _may_decide(mail: _Mail, answered: Answered) -> bool:
    """The mailbox that was asked answers itself. The fresh token came to nobody else, so it need
    not be vouched for, but not be disowned either; the office, which decides about others, must be.
    """
    own = mail.sender == answered.letter.recipient.lower()
    if answered.letter.kind == "confirm":
        return own and mail.aligned is not Alignment.FAILED
    return own and mail.aligned is Alignment.ALIGNED


# ---- acting ----


def _act(
    connection: Connection, blobs: Blobs, mail: _Mail, about: Matter, who: Speaker, by: str
) -> Dealt:
    """The effect, the fact, the receipt."""
    at = max(min(mail.message.arrived_at, mail.now), about.task.opened_at)
    if who.capacity is Capacity.UNIT:
        effect = answer(connection, blobs, about, mail.incoming, by=by, now=at)
    elif who.capacity is Capacity.REVIEWER:
        effect = rule(connection, about, mail.incoming, by=by, now=at)
    elif who.capacity is Capacity.OFFICE:
        effect = decide_extension(connection, about, mail.incoming, by=by, now=at)
    else:
        effect = onlooker_said(about, mail.incoming, by)
    _record(connection, mail, about, effect.verdict, by)
    if effect.verdict in ("submitted", "kept"):
        _keep_mail(connection, mail, about.task.id)
    plan, task, now = about.place.plan, about.task.id, mail.now
    mailboxes.answered(connection, plan.id, mail.sender, now)
    effect = with_rows(effect, _came(about.place, mail))
    said: list[Notice] = []
    if not effect.silent:
        said.append(
            letter("receipt", effect, mail.message.id, plan.id, who.unit, who.role, task, now)
        )
    if effect.question is not None:
        question = replace(effect, lead=effect.question, problems=())
        said.append(to_office(question, mail.message.id, plan.id, plan.office, task, now))
    return Dealt(MessageState.SETTLED, effect.verdict, effect.lead, task, said)


def _record(connection: Connection, mail: _Mail, about: Matter, verdict: str, by: str) -> None:
    """That the mail came, and which bytes it was, stands in the record of the task."""
    key = f"mail/{mail.message.id}/{verdict}"
    if facts.has(connection, about.task.key, key):
        return
    body = {
        "from": mail.sender,
        "message": mail.incoming.message_id[:500],
        "sha256": mail.message.sha256,
        "verdict": verdict,
    }
    facts.append(connection, [Fact(about.task.key, key, FactKind.ANSWERED, mail.now, by, body)])


def _keep_mail(connection: Connection, mail: _Mail, task: int) -> None:
    """The mail itself is a piece of evidence of the submission that it was."""
    after = tasks.by_id(connection, task)
    assert after is not None
    known = {(one.attempt, one.sha256) for one in evidence.of_task(connection, task)}
    message = mail.message
    if (after.attempt, message.sha256) not in known:
        piece = Evidence(task, after.attempt, "mail", message.sha256, "原信.eml", message.size,
                         "message/rfc822", mail.now)  # fmt: skip
        evidence.add(connection, [piece])


def _came(place: InForce, mail: _Mail) -> Row:
    at = say_instant(place.clock.local(mail.message.arrived_at))
    return Words("来信时间", "Received"), at
