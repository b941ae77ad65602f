"""Which of our letters a mail answers, which task that is, and whose mailbox it claims to be from.

Token, In-Reply-To, References and the number in the subject: any one names the task, and those that
there are must agree. Only the token gives a right; the others are words that anybody can write.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from notifications.incoming.values import Incoming
from office.matters import Matter, number_of, unit_name
from office.matters import matter as matter_of
from office.tokens import hashed
from office.workplace import InForce
from responsibilities.plan import Role
from responsibilities.roles import ROLE_NAMES, resolve
from responsibilities.tasks import State
from storage import inbox, outbox, tasks
from storage.inbox import Envelope
from storage.notices import Notice
from storage.outbox import StoredLetter

_UNITS_OWN = (Role.CONTACT, Role.DEPUTY, Role.HEAD)


class Capacity(StrEnum):
    """What somebody who answers a letter may do about its task."""

    UNIT = "unit"
    """Hand in, ask for more time."""
    REVIEWER = "reviewer"
    """Accept or return."""
    OFFICE = "office"
    """Grant or decline more time."""
    ONLOOKER = "onlooker"
    """Say something to the office."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The letter that a valid token belongs to."""

    letter: StoredLetter
    notices: tuple[Notice, ...]
    """What the letter said."""


@dataclass(frozen=True, slots=True)
class Trace:
    """Where the signs in a mail lead."""

    answered: Answered | None
    """By a token that is ours and has not expired; by nothing else."""
    tasks: tuple[int, ...]
    """The tasks that all signs agree on."""
    clash: bool
    """The signs lead to different tasks: a person decides."""
    expired: bool
    """It brought a token that is too old."""


class Speaker(NamedTuple):
    """A post of the plan in force."""

    unit: str
    role: Role
    name: str
    """护理学院联络员."""
    capacity: Capacity


def trace(connection: Connection, incoming: Incoming, envelope: Envelope, now: datetime) -> Trace:
    """Follow every sign in the mail."""
    known = inbox.tokens(connection, map(hashed, (*incoming.tokens, *_tags(envelope))))
    valid = {held.letter for held in known.values() if held.expires_at > now}
    referred = inbox.letters_named(connection, (*incoming.in_reply_to, *incoming.references))
    signs = [_tasks_of(connection, [letter]) for letter in (*valid, *referred.values())]
    signs += [{found} for found in _numbered(connection, incoming.numbers)]
    signs = [sign for sign in signs if sign]
    agreed = set.intersection(*signs) if signs else set()
    answered = _answered(connection, valid.pop()) if len(valid) == 1 else None
    clash = bool(signs and not agreed) or len(valid) > 1
    return Trace(answered, tuple(sorted(agreed)), clash, bool(known) and not answered)


def _tags(envelope: Envelope) -> Iterable[str]:
    """What stands behind the delimiter of the recipients, whatever the delimiter is."""
    for recipient in envelope.recipients:
        local = recipient.rpartition("@")[0]
        yield from (local[at + 1 :] for at, sign in enumerate(local) if sign in "+-=#")


def _tasks_of(connection: Connection, letters: Iterable[int]) -> set[int]:
    return set(outbox.tasks_of(connection, letters))


def _numbered(connection: Connection, numbers: Iterable[str]) -> Iterable[int]:
    for number in numbers:
        digits = number.rpartition("〕")[2].rstrip("号")
        task = tasks.by_id(connection, int(digits)) if digits.isascii() and digits else None
        if task is not None and number_of(task, matter_of(connection, task).clock) == number:
            yield task.id


def _answered(connection: Connection, letter: int) -> Answered:
    stored, said = outbox.with_notices(connection, letter)
    return Answered(stored, said)


def capacity(answered: Answered, matter: Matter) -> Capacity:
    """What the letter gave the right to, by the post that it was written to."""
    said = [n for n in answered.notices if any(m.task == matter.task.id for m in n.matters)]
    roles = {Role(notice.role) for notice in said}
    if Role.REVIEWER in roles and matter.task.state is State.SUBMITTED:
        return Capacity.REVIEWER
    if any(n.unit == matter.task.unit and Role(n.role) in _UNITS_OWN for n in said):
        return Capacity.UNIT
    if any(notice.kind == "extension_asked" for notice in said):
        return Capacity.OFFICE
    return Capacity.REVIEWER if Role.REVIEWER in roles else Capacity.ONLOOKER


def bearer(answered: Answered, matter: Matter, address: str) -> Speaker | None:
    """The post that may answer this letter from `address`; None where it may not.

    Both the mailbox that got the letter and the one that answers must still be on record.
    """
    may = capacity(answered, matter)
    said = [n for n in answered.notices if any(m.task == matter.task.id for m in n.matters)]
    roles = [(notice.unit, Role(notice.role)) for notice in said]
    held = _held(matter, may, roles)
    return held.get(address) if answered.letter.recipient.lower() in held else None


def claimed(matter: Matter, address: str) -> Speaker | None:
    """The post that a mail about the task seems to be from, if the plan knows the mailbox."""
    unit, reviewed = matter.task.unit, matter.task.state is State.SUBMITTED
    reviewer = _held(matter, Capacity.REVIEWER, [(unit, Role.REVIEWER)]).get(address)
    own = _held(matter, Capacity.UNIT, [(unit, Role.CONTACT)]).get(address)
    return (reviewer or own) if reviewed else (own or reviewer)


def _held(matter: Matter, may: Capacity, roles: Iterable[tuple[str, Role]]) -> dict[str, Speaker]:
    """The mailboxes that hold these roles in the plan in force; for a unit, all of its own."""
    place, unit, found = matter.place, matter.task.unit, dict[str, Speaker]()
    if may is Capacity.UNIT:
        for role, mailbox in _mailboxes(place, unit):
            found[mailbox] = Speaker(unit, role, _name(place, unit, role), may)
    for of, role in roles:
        for addressee in resolve(place.plan, of, role, matter.promise).addressees:
            found.setdefault(addressee.mailbox.lower(), Speaker(of, role, addressee.name, may))
    return found


def post_of(place: InForce, address: str) -> Speaker | None:
    """The unit's post with this mailbox, whatever the task."""
    for unit in place.plan.units:
        for role, mailbox in _mailboxes(place, unit.id):
            if mailbox == address:
                return Speaker(unit.id, role, _name(place, unit.id, role), Capacity.ONLOOKER)
    return None


def _mailboxes(place: InForce, unit: str) -> Iterable[tuple[Role, str]]:
    for held in place.plan.units:
        if held.id == unit:
            yield from ((role, mailbox.lower()) for role, mailbox in held.mailboxes.items())


def _name(place: InForce, unit: str, role: Role) -> str:
    return f"{unit_name(place, unit)}{ROLE_NAMES[role].zh}"
