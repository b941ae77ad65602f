"""From notices to letters: one mail for each mailbox and day, urgent ones alone and at once.

The bytes and the Message-ID are fixed here, before the first attempt; `sending` never changes them.
Words are made outside the transaction that stores them, so that nobody waits for a template.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from hashlib import sha256

from sqlalchemy import Connection, Engine

from inspections.checkpoint import Signed
from notifications.compose import compose
from notifications.dkim import signed
from notifications.letters import Item, Letter, LetterLink, RecordMark
from office import links, undelivered
from office.alarms import KIND as ALARM
from office.carriers import signer_of
from office.group_letters import for_groups
from office.lettering import Said, facts_said, item
from office.mailboxes import Trouble, troubled
from office.matters import Matter, matter
from office.parcels import Parcel, sort, waits_until
from office.replies import reply_said
from office.settings import Digest, Mail, Portal, Robot
from office.silence import pertinent
from office.tokens import answerable
from office.undelivered import KIND as UNDELIVERED
from office.workplace import InForce, all_in_force
from responsibilities.plan import Role, Unit
from responsibilities.tasks import Event, Fact, FactKind, Task
from responsibilities.words import Language, Refused, Words
from storage import events, facts, notices, outbox, tasks
from storage.engine import reading, writing
from storage.instants import whole
from storage.links import NewLink
from storage.notices import Notice
from storage.outbox import NewLetter

_WEIGHT = (
    "acted", "roster", "gathered", "co_acting", "opened", "incident", "reminder", "review",
    "extension_asked", "moved", "extended", "extension_declined", "accepted", "waived",
    "overdue", "returned", "reopened", "escalated", "lapsed",
)  # fmt: skip
"""Where several notices speak of one task to one mailbox, the last of these is what it reads."""


_NO_ROBOTS: Mapping[str, Robot] = {}
NO_PORTAL = Portal()
_GATHER = timedelta(minutes=5)
"""How long to wait for the letter that tells of others, before one more is looked at."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the waiting notices speak of, read in one go."""

    places: dict[str, InForce]
    matters: dict[int, Matter]
    facts: dict[str, list[Fact]]
    """Of a task: what was handed in, and the asking for more time where that is what is said."""
    events: dict[str, Event]
    """By id: the incidents that the tasks stem from."""
    threads: dict[int, str]
    sent: set[tuple[int, str]]
    """(notice, mailbox) pairs that have their letter, where another mailbox waits for its own."""
    troubled: dict[str, dict[str, Trouble]]
    """By plan: mailboxes whose letters go elsewhere too."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How many letters were made, and which notices reach nobody."""

    letters: int
    unreachable: tuple[str, ...] = ()


Seal = Callable[[datetime], Signed | None]
"""Signs how far the record has come; None where that is not done, or was refused."""


def unsealed(now: datetime) -> None:
    """The seal of a record that nobody signs."""


def bind(
    db: Engine, now: datetime, mail: Mail, language: Language, seal: Seal = unsealed,
    *, frozen: bool = False, robots: Mapping[str, Robot] = _NO_ROBOTS, portal: Portal = NO_PORTAL,
) -> Bound:  # fmt: skip
    """Make the letters for everything that waits to be said; all of one round carry one head.

    While `frozen`, only our alarms are made. `robots` say it too, in the groups they are for.
    Where `portal` has a public address, each letter about tasks carries one link.
    Raises an ExceptionGroup, after all others are stored, for letters that could not be composed.
    """
    now = whole(now)
    with reading(db) as connection:
        if not notices.anything_waiting(connection, now):
            return Bound(0)
        waiting = [n for n in notices.waiting(connection) if not frozen or n.kind == ALARM]
        ground = _survey(connection, waiting, now)
    stale, parcels, lost = sort(
        waiting, ground.places, ground.matters, ground.sent, ground.troubled
    )
    going, later = _leaving(db, parcels, ground, now, mail.digest)
    mark = _mark(seal(now)) if going else None
    made, refused, failed = _composed(
        going, lambda parcel: _letter(parcel, ground, now, mail, language, mark, portal)
    )
    lost += refused
    chats = [(parcel, _items(parcel, ground, now, language)) for parcel, _ in made if robots]
    groups = for_groups(chats, robots, mail, now, language)
    held = {notice.id for parcel, _ in failed for notice in parcel.notices}.union(later)
    with writing(db) as connection:
        count = _store(connection, made, groups, stale, lost, held, ground, now)
        notices.put_off(connection, later)
    if failed:
        errors = [error for _, error in failed]
        raise ExceptionGroup(f"{len(errors)} letters could not be composed", errors)
    return Bound(count, tuple(notice.key for notice, _ in lost))


_Made = list[tuple[Parcel, NewLetter]]
_Refused = list[tuple[Notice, Words]]
_Failed = list[tuple[Parcel, Exception]]


def _composed(
    going: Iterable[Parcel], letter: Callable[[Parcel], NewLetter]
) -> tuple[_Made, _Refused, _Failed]:
    """Each parcel as a letter; one bad letter holds up no other."""
    made, refused, failed = _Made(), _Refused(), _Failed()
    for parcel in going:
        try:
            made.append((parcel, letter(parcel)))
        except Refused as why:  # an address that must not go on the wire
            refused += [(notice, why.words) for notice in parcel.notices]
        except Exception as error:
            error.add_note(parcel.to.mailbox)
            failed.append((parcel, error))
    return made, refused, failed


def _leaving(
    db: Engine, parcels: list[Parcel], ground: _Ground, now: datetime, digest: Digest
) -> tuple[list[Parcel], dict[int, datetime]]:
    """The parcels that leave now; and until when the notices of the others wait."""
    with reading(db) as connection:
        written = outbox.last_daily(connection, {parcel.to.mailbox for parcel in parcels})
        unsent = outbox.unsent(connection, UNDELIVERED)
    going: list[Parcel] = []
    later: dict[int, datetime] = {}
    for parcel in parcels:
        whose = (parcel.place.plan.id, parcel.to.mailbox)
        until = None
        if parcel.notices[0].kind == UNDELIVERED:  # told together when the post goes again
            until = now + _GATHER if whose in unsent else None
        elif digest == "daily":
            until = waits_until(parcel, written.get(whose), ground.matters, now)
        if until is None:
            going.append(parcel)
            continue
        for notice in parcel.notices:
            later[notice.id] = min(until, later.get(notice.id, until))
    return going, later


def _survey(connection: Connection, waiting: Sequence[Notice], now: datetime) -> _Ground:
    numbers = {m.task for notice in waiting for m in notice.matters}
    there = tasks.by_ids(connection, numbers)
    places = all_in_force(connection)
    matters = {id_: matter(connection, task, places) for id_, task in there.items()}
    return _Ground(
        places,
        matters,
        _known(connection, matters, waiting),
        _events(connection, there.values()),
        outbox.first_letters(connection, numbers),
        outbox.recipients(connection, [notice.id for notice in waiting]),
        {plan: troubled(connection, plan, now) for plan in places},
    )


def _known(
    connection: Connection, matters: Mapping[int, Matter], waiting: Sequence[Notice]
) -> dict[str, list[Fact]]:
    """The facts that letters about these tasks quote, by the key of the task."""
    asked = {m.task for n in waiting for m in n.matters if n.kind == "extension_asked"}
    keys = {
        FactKind.SUBMITTED: [m.task.key for m in matters.values() if m.task.attempt],
        FactKind.EXTENSION_ASKED: [matters[number].task.key for number in asked],
        FactKind.ROSTER: [m.task.key for m in matters.values() if m.promise.coverage_roster],
        FactKind.GATHERED: [m.task.key for m in matters.values() if m.is_delegated],
        FactKind.MOVED: [
            m.task.key for m in matters.values() if m.task.due_at != m.task.original_due_at
        ],
    }
    known: dict[str, list[Fact]] = {}
    for kind, wanted in keys.items():
        for key, found in (facts.of_tasks(connection, wanted, kind) if wanted else {}).items():
            known.setdefault(key, []).extend(found)
    return known


def _events(connection: Connection, there: Iterable[Task]) -> dict[str, Event]:
    ids = {task.event for task in there if task.event}
    found = [events.by_id(connection, id_) for id_ in ids]
    return {event.id: event for event in found if event is not None}


def _mark(signed: Signed | None) -> RecordMark | None:
    """What a letter shows of the signed head."""
    if signed is None:
        return None
    return RecordMark(signed.checkpoint.size, signed.checkpoint.short, signed.code())


def _letter(
    parcel: Parcel, ground: _Ground, now: datetime, mail: Mail, language: Language,
    mark: RecordMark | None, portal: Portal,
) -> NewLetter:  # fmt: skip
    """The parcel as a mail, its bytes fixed."""
    items = _items(parcel, ground, now, language)
    answer = answerable(mail, now)
    draft = _draft(parcel, items, ground, now, mail, language, answer.reply_to)
    link, opens = _link(parcel, items, ground, portal, now)
    letter = replace(draft, record=mark, link=link)
    by = signer_of(mail)
    body = compose(letter)
    body = body if by is None else signed(body, by, int(now.timestamp()))
    return NewLetter(
        message_id=letter.message_id,
        plan=parcel.place.plan.id,
        sender=mail.sender,
        recipient=parcel.to.mailbox,
        to_name=parcel.to.name,
        kind=letter.kind,
        subject=subject_of(body),
        body=body,
        urgent=parcel.urgent,
        useful_until=max(notice.useful_until for notice in parcel.notices),
        created_at=now,
        notices=tuple(notice.id for notice in parcel.notices),
        tasks=tuple(items),
        token=answer.hash,
        answer_until=answer.until,
        link=opens,
    )


def _link(
    parcel: Parcel, items: Mapping[int, Item], ground: _Ground, portal: Portal, now: datetime
) -> tuple[LetterLink | None, NewLink | None]:
    """What the letter shows, and what is stored of it; whoever only reviews or leads signs in."""
    home = portal.url.rstrip("/")
    if not home or not (items or parcel.notices[0].kind == links.FRESH):
        return None, None
    made = links.for_letter(parcel, {n: ground.matters[n] for n in items}, portal, now)
    if made is None:
        return LetterLink(f"{home}/desk", home, acts=False), None
    shown = LetterLink(f"{home}/l/{made.token}", home, made.code, made.new.acts)
    return shown, made.new


def _draft(
    parcel: Parcel, items: Mapping[int, Item], ground: _Ground, now: datetime, mail: Mail,
    language: Language, reply_to: str,
) -> Letter:  # fmt: skip
    """What the letter says, before it is words; `items` by number of the task."""
    plan, office, first = parcel.place.plan, _office(parcel.place), parcel.notices[0]
    reply = reply_said(first.facts, language)
    if reply is not None and len(items) > 1:
        items = {}  # it asks which of them a mail is about, and names them in its own rows
    only = next(iter(items)) if len(items) == 1 else None
    kind = first.kind if not items else "digest" if only is None else items[only].kind
    return Letter(
        kind=kind,
        language=language,
        message_id=_message_id(parcel, kind, mail),
        date=parcel.place.clock.local(now),
        sender_name=mail.sender_name or office.name,
        sender=mail.sender,
        to_name=parcel.to.name,
        to=parcel.to.mailbox,
        reply_to=reply_to,
        items=tuple(items.values()),
        plan_title=plan.title,
        plan_number=plan.number,
        office=office.name,
        ask=f"{office.name} {office.phone}".strip(),
        instead_of=parcel.instead.in_(language) if parcel.instead else "",
        urgent=parcel.urgent,
        steady=mail.subject == "steady",
        thread=ground.threads.get(only, "") if only is not None else "",
        facts={} if reply else facts_said(undelivered.together(parcel.notices), language),
        reply=reply,
    )


def _items(parcel: Parcel, ground: _Ground, now: datetime, language: Language) -> dict[int, Item]:
    """Each task once, by number, as the weightiest notice about it puts it."""
    said: dict[int, Said] = {}
    for notice in parcel.notices:
        for number, step, reason in notice.matters:
            if not pertinent(notice.kind, ground.matters[number].task):
                continue
            known = said.get(number)
            kind = _kind_of(notice)
            if known is None or _WEIGHT.index(kind) >= _WEIGHT.index(known.kind):
                said[number] = Said(kind, step, _reasons(known, kind, reason))
    found: dict[int, Item] = {}
    for number, one in said.items():
        about = ground.matters[number]
        record = ground.facts.get(about.task.key, ())
        event = ground.events.get(about.task.event or "")
        found[number] = item(about, one, record, event, now, language)
    return found


def _reasons(known: Said | None, kind: str, reason: str) -> str:
    """Of what was done by way of a link, every time is told."""
    if known is not None and known.kind == kind == links.ACTED:
        return f"{known.reason}\n{reason}"
    return reason


def _kind_of(notice: Notice) -> str:
    """What opens a task for its unit asks others for help."""
    helps = notice.role == Role.CO_ACTING.value and notice.kind in ("opened", "incident")
    return "co_acting" if helps else notice.kind


def _message_id(parcel: Parcel, kind: str, mail: Mail) -> str:
    """The same for the same notices to the same mailbox, whoever makes the letter and when."""
    keys = sorted(notice.key for notice in parcel.notices)
    digest = sha256("\n".join([parcel.to.mailbox, *keys]).encode()).hexdigest()
    return f"<{kind}.{digest[:32]}@{mail.sender.rpartition('@')[2]}>"


def subject_of(message: bytes) -> str:
    """The subject of a finished letter, as a list shows it."""
    head = message.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"subject:"):
            return str(make_header(decode_header(line[8:].strip().decode("ascii", "replace"))))
    return ""


def _office(place: InForce) -> Unit:
    return next(unit for unit in place.plan.units if unit.id == place.plan.office)


def _store(
    connection: Connection, made: Sequence[tuple[Parcel, NewLetter]],
    groups: Sequence[NewLetter], stale: Iterable[Notice],
    lost: Sequence[tuple[Notice, Words]], held: set[int], ground: _Ground, now: datetime,
) -> int:  # fmt: skip
    """Store the letters whose notices nobody else has taken meanwhile."""
    waiting = {notice.id for notice in notices.waiting(connection)}
    letters = [*(letter for _, letter in made), *groups]  # a task's first letter is a mail
    taken = outbox.recipients(connection, {id_ for letter in letters for id_ in letter.notices})
    fresh = [
        letter for letter in letters
        if waiting.issuperset(letter.notices)
        and taken.isdisjoint((id_, letter.recipient) for id_ in letter.notices)
    ]  # fmt: skip
    bound = {notice for letter in fresh for notice in letter.notices}
    gone = [notice.id for notice in stale if notice.id in waiting]
    nobody = [(notice, words) for notice, words in lost if notice.id in waiting]
    outbox.bind(connection, fresh, sorted(bound - held))
    notices.cancel(connection, gone, now)
    for notice, words in nobody:
        place = ground.places[notice.plan]
        undelivered.record(connection, place, notice.key, notice.kind, notice.unit, words, now)
    notices.cancel(connection, {notice.id for notice, _ in nobody} - bound - held, now)
    return len(fresh)
