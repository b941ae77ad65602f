"""What a mail that counts does: the effect, the fact, the receipt, in one transaction."""

from datetime import datetime

from sqlalchemy import Connection

from notifications.authentication import Alignment
from notifications.incoming.values import Incoming
from office import mailboxes
from office.addressed import Capacity, Speaker, claimed, trace
from office.answers import answer
from office.matters import Matter, find
from office.received import Dealt, Received, came, record, which_task
from office.replies import letter, to_office, with_rows
from office.rulings import decide_extension, onlooker_said, rule
from responsibilities.plan import Role
from responsibilities.roles import resolve
from storage import blobs as evidence
from storage import tasks
from storage.blobs import Blobs, Evidence
from storage.inbox import Message, MessageState
from storage.notices import Notice


def taken_by_a_person(
    connection: Connection, blobs: Blobs, message: Message, incoming: Incoming, now: datetime,
    task: str | None, by: str,
) -> Dealt:  # fmt: skip
    """`by` says that the mail is what it says it is. Refused where no task can be told."""
    signs = trace(connection, incoming, message.envelope, now)
    about = None if task is not None else which_task(connection, incoming, signs)
    about = about or find(connection, task if task is not None else message.task or "")
    sender = incoming.from_[0].address.lower() if incoming.from_ else ""
    mail = Received(message, incoming, now, sender, Alignment.UNKNOWN)
    who = claimed(about, sender) or _contact(about)
    return act(connection, blobs, mail, about, who, f"{who.name}（{by}确认）")


def _contact(about: Matter) -> Speaker:
    """Whom a mail from elsewhere is taken to speak for, once a person has said that it counts."""
    unit, promise = about.task.unit, about.promise
    to = resolve(about.place.plan, unit, Role.CONTACT, promise).addressees
    return Speaker(unit, Role.CONTACT, to[0].name if to else unit, Capacity.UNIT)


def act(
    connection: Connection, blobs: Blobs, mail: Received, about: Matter, who: Speaker, by: str
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
    record(connection, mail, about, effect.verdict, by)
    if effect.verdict in ("submitted", "kept"):
        _keep_mail(connection, mail, about.task.id)
    plan, task, now = about.place.plan, about.task.id, mail.now
    mailboxes.answered(connection, plan.id, mail.sender, now)
    effect = with_rows(effect, came(about.place, mail))
    said: list[Notice] = []
    if not effect.silent:
        said.append(
            letter("receipt", effect, mail.message.id, plan.id, who.unit, who.role, task, now)
        )
    if effect.question is not None:
        said.append(
            to_office(effect.question_put(), mail.message.id, plan.id, plan.office, task, now)
        )
    return Dealt(MessageState.SETTLED, effect.verdict, effect.lead, task, said)


def _keep_mail(connection: Connection, mail: Received, task: int) -> None:
    """The mail itself is a piece of evidence of the submission that it was."""
    after = tasks.by_id(connection, task)
    assert after is not None
    known = {(one.attempt, one.sha256) for one in evidence.of_task(connection, task)}
    message = mail.message
    if (after.attempt, message.sha256) not in known:
        piece = Evidence(task, after.attempt, "mail", message.sha256, "原信.eml", message.size,
                         "message/rfc822", mail.now)  # fmt: skip
        evidence.add(connection, [piece])
