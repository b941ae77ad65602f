"""Who holds the record's heads: mailboxes whose letters nobody can call back (P28).

A fact is covered once three mailboxes, one of them outside the own domain where one is configured,
have accepted a letter with a head that is past it. Mailboxes keep; they check nothing: so no more
is claimed than that a later change can be found out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import compat32
from hashlib import sha256

from sqlalchemy import Connection, Engine

from inspections.checkpoint import Signed, codes_in
from inspections.notes import Verifier
from inspections.witnessing import Request
from notifications.compose import compose
from notifications.dkim import signed
from notifications.letters import Attachment, Letter, RecordMark
from office.alarms import alarm
from office.binding import Seal, subject_of
from office.carriers import signer_of
from office.cosigning import REQUEST
from office.settings import Mail
from office.witnesses import attested, request_for
from office.workplace import InForce, all_in_force
from responsibilities.words import Language, Words
from storage import checkpoints, facts, outbox
from storage.engine import reading, writing
from storage.instants import whole
from storage.outbox import NewLetter

KIND = "head"
ENOUGH = 3
PATIENCE = timedelta(hours=24)
"""How long a fact may stand that no such mailboxes cover."""
_EVERY = timedelta(hours=20)
"""Between two heads to one holder: daily, whatever the hour of the round."""


@dataclass(frozen=True, slots=True)
class Cover:
    """How far the record is held by mailboxes."""

    size: int
    """Facts that enough mailboxes cover."""
    mailboxes: int
    """How many hold a head of at least `size`."""
    outside: int
    """Those of them outside the own domain."""
    since: datetime | None
    """When the first fact beyond `size` was recorded; None: all is covered."""

    def overdue(self, now: datetime) -> bool:
        """Whether a fact has waited too long."""
        return self.since is not None and now - self.since > PATIENCE


def cover(
    connection: Connection, mail: Mail, holders: Sequence[str], until: datetime | None = None
) -> Cover:
    """As the letters that were accepted (by `until`) say, each by its own signed code."""
    last = checkpoints.last(connection)
    held = _held(connection, last.signed, until) if last else {}
    domain = _domain(mail.sender)
    outside = {box: size for box, size in held.items() if not _within(_domain(box), domain)}
    sizes = sorted(held.values(), reverse=True)
    size = sizes[ENOUGH - 1] if len(sizes) >= ENOUGH else 0
    if any(not _within(_domain(box), domain) for box in holders):
        size = min(size, max(outside.values(), default=0))
    row = facts.since(connection, size, 1)
    return Cover(
        size,
        sum(found >= size for found in held.values()) if size else 0,
        sum(found >= size for found in outside.values()) if size else 0,
        row[0].at if row else None,
    )


def send_heads(
    db: Engine, now: datetime, mail: Mail, language: Language, seal: Seal, holders: Sequence[str],
    witnesses: Sequence[Verifier] = (),
) -> int:  # fmt: skip
    """The day's head for each configured holder, on quiet days too; how many letters were made."""
    now = whole(now)
    with reading(db) as connection:
        places = all_in_force(connection)
        known = outbox.last_of_kind(connection, KIND, holders)
    due = [box for box in holders if box not in known or now - known[box] >= _EVERY]
    head = seal(now) if due and places else None
    if head is None:
        return 0
    place = next(iter(places.values()))
    with reading(db) as connection:
        held = cover(connection, mail, holders)
        said = tier(held, head.checkpoint.size), attested(connection, head.checkpoint)
        asked = request_for(connection, head, witnesses)
    made = [_letter(place, box, head, said, asked, mail, language, now) for box in due]
    with writing(db) as connection:
        since = outbox.last_of_kind(connection, KIND, due)
        fresh = [one for one in made if since.get(one.recipient) == known.get(one.recipient)]
        outbox.bind(connection, fresh, [])
        if cover(connection, mail, holders).overdue(now):
            alarm(connection, f"holders/{place.clock.day(now)}", _UNHELD, _REMEDY, now)
    return len(fresh)


_UNHELD = Words(
    "24小时以前的办理记录，仍没有足够的信箱收存其检查点",
    "facts older than a day are covered by too few mailboxes",
)
_REMEDY = Words(
    "请核对 record.holders 所列信箱能否收到邮件（duban mail、duban doctor）",
    "see whether the mailboxes of record.holders get their mail (duban mail, duban doctor)",
)


def tier(found: Cover, size: int) -> Words:
    """What may be said of who holds the heads of a record of `size` facts: this and no more."""
    rest = size - found.size
    zh, en = (
        (f"其后 {rest} 条尚没有足够的信箱收存。", f"Too few hold the {rest} after them. ")
        if rest
        else ("", "")
    )
    return Words(
        f"前 {found.size} 条的检查点由 {found.mailboxes} 个信箱收存，其中域外 {found.outside} 个。"
        f"{zh}收存之后的改动可以查明；收存之前的，不能说明从未改动。",
        f"{found.mailboxes} mailboxes, {found.outside} outside, hold a head of the first "
        f"{found.size} facts. {en}What was changed after that can be found out; that nothing was "
        "changed before cannot be said.",
    )


def _letter(
    place: InForce, box: str, head: Signed, said: tuple[Words, Words], asked: Request, mail: Mail,
    language: Language, now: datetime,
) -> NewLetter:  # fmt: skip
    """The head with what may be said of it, and attached what a witness needs to cosign it."""
    office = next(unit for unit in place.plan.units if unit.id == place.plan.office)
    point = head.checkpoint
    named = sha256(f"{box}\n{now.isoformat()}\n{point.size}".encode()).hexdigest()[:32]
    rows = (
        (Words("办理记录", "Record"), point.origin),
        (Words("条数", "Facts"), str(point.size)),
        (Words("短码", "Short code"), point.short),
        (Words("此前的存放", "Held so far"), said[0].in_(language)),
        (Words("此前的见证", "Witnessed so far"), said[1].in_(language)),
    )
    draft = Letter(
        kind=KIND,
        language=language,
        message_id=f"<head.{named}@{_domain(mail.sender)}>",
        date=place.clock.local(now),
        sender_name=mail.sender_name or office.name,
        sender=mail.sender,
        to_name=Words("检查点存档信箱", "Holder of checkpoints").in_(language),
        to=box,
        reply_to=mail.reply_to or mail.sender,
        items=(),
        plan_title=place.plan.title,
        plan_number=place.plan.number,
        office=office.name,
        ask=f"{office.name} {office.phone}".strip(),
        facts={label.in_(language): value for label, value in rows},
        attachments=(Attachment(REQUEST, "text/plain", asked.text()),),
        record=RecordMark(point.size, point.short, head.code()),
    )
    by, body = signer_of(mail), compose(draft)
    body = body if by is None else signed(body, by, int(now.timestamp()))
    return NewLetter(
        draft.message_id, place.plan.id, mail.sender, box, draft.to_name, KIND, subject_of(body),
        body, True, now + timedelta(days=2), now, (), (),
    )  # fmt: skip


def _held(connection: Connection, last: Signed, until: datetime | None) -> dict[str, int]:
    """The size of the newest head that each mailbox accepted."""
    found = {}
    for letter, box in outbox.newest_accepted(connection, until):
        header = message_from_bytes(outbox.body_of(connection, letter), policy=compat32)
        code = str(header.get("Duban-Checkpoint", ""))
        heads = codes_in(code, last.by, last.checkpoint.origin)
        if heads:
            found[box] = heads[-1].checkpoint.size
    return found


def _domain(mailbox: str) -> str:
    return mailbox.rpartition("@")[2].lower()


def _within(domain: str, own: str) -> bool:
    return domain == own or domain.endswith(f".{own}")
