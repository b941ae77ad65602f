"""Which notices go into which letter: one a mailbox a day, urgent ones alone and at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from office.mailboxes import Trouble
from office.matters import Matter
from office.silence import pertinent
from office.undelivered import KIND as UNDELIVERED
from office.workplace import InForce
from responsibilities.digest_days import SETTLING, began, next_digest
from responsibilities.plan import Role
from responsibilities.roles import ROLE_NAMES, UPWARDS, Addressee, resolve
from responsibilities.tasks import Promise
from responsibilities.words import Words
from storage.notices import Notice

_DATED = frozenset(
    {
        "opened",
        "reminder",
        "returned",
        "reopened",
        "moved",
        "roster",
        "extended",
        "extension_asked",
        "extension_declined",
    }
)
"""Kinds that are of little use after the due date: one that is due first does not wait."""

_ABOUT_A_MAIL = frozenset({"receipt", "confirm", "inbox"})
"""Each answers one mail that came in, at once."""


@dataclass(slots=True)
class Parcel:
    """What one mailbox gets in one letter."""

    place: InForce
    to: Addressee
    urgent: bool
    alone: bool
    """Stands by itself and never waits: urgent, about no task, or about a mail that came in."""
    instead: Words | None = None
    """Why it comes to this mailbox, where it was meant for another."""
    notices: list[Notice] = field(default_factory=list)


class Sorted(NamedTuple):
    """The waiting notices, sorted by what becomes of them."""

    stale: list[Notice]
    """Nobody needs them any more."""
    parcels: list[Parcel]
    lost: list[tuple[Notice, Words]]
    """They reach nobody, and why."""


def sort(
    waiting: Sequence[Notice], places: Mapping[str, InForce], matters: Mapping[int, Matter],
    sent: set[tuple[int, str]], troubled: Mapping[str, Mapping[str, Trouble]],
) -> Sorted:  # fmt: skip
    """A parcel for each mailbox; `sent` are the (notice, mailbox) pairs that have their letter.

    `troubled`: by plan, the mailboxes whose letters go elsewhere too.
    """
    found = Sorted([], [], [])
    parcels: dict[tuple[str, str, str], Parcel] = {}
    for notice in waiting:
        live = [m for m in notice.matters if pertinent(notice.kind, matters[m.task].task)]
        if notice.matters and not live:
            found.stale.append(notice)
            continue
        place = places[notice.plan]
        to = _addressees(place, notice, matters, troubled.get(notice.plan, {}))
        if not to:
            found.lost.append((notice, Words("岗位均空缺，无人可送达。", "Every post is vacant.")))
        for addressee, why in to:
            if (notice.id, addressee.mailbox) in sent:
                continue
            alone = notice.urgent or not notice.matters or notice.kind in _ABOUT_A_MAIL
            parcel = parcels.setdefault(
                (notice.plan, addressee.mailbox, _letter_of(notice) if alone else ""),
                Parcel(place, addressee, notice.urgent, alone, why),
            )
            parcel.notices.append(notice)
    found.parcels.extend(parcels.values())
    return found


def _letter_of(notice: Notice) -> str:
    """Which letter of its own it stands in: those that did not arrive are told together."""
    return UNDELIVERED if notice.kind == UNDELIVERED else notice.key


def _addressees(
    place: InForce, notice: Notice, matters: Mapping[int, Matter], troubled: Mapping[str, Trouble]
) -> list[tuple[Addressee, Words | None]]:
    """Who a notice goes to, and why where it was meant for somebody else.

    Duties reviewed or informed differently each have their own.
    """
    found: dict[str, tuple[Addressee, Words | None]] = {}
    role = Role(notice.role)
    promises = {p.digest: p for m in notice.matters for p in [matters[m.task].promise]}
    for promise in promises.values() or [None]:
        for meant in resolve(place.plan, notice.unit, role, promise).addressees:
            trouble = troubled.get(meant.mailbox.lower())
            if trouble is not Trouble.FAILED:
                found.setdefault(meant.mailbox, (meant, _vacancy(meant)))
            if trouble is not None:
                other = _next_up(place, notice.unit, meant, promise, troubled)
                found.setdefault(other.mailbox, (other, _stands_in(meant, trouble)))
    return list(found.values())


def _next_up(
    place: InForce, unit: str, meant: Addressee, promise: Promise | None,
    troubled: Mapping[str, Trouble],
) -> Addressee:  # fmt: skip
    """The next post up whose mailbox is in order; the same where there is none."""
    above = UPWARDS[UPWARDS.index(meant.role) + 1 :] if meant.role in UPWARDS else (Role.OFFICE,)
    for role in above:
        for found in resolve(place.plan, unit, role, promise).addressees:
            if found.mailbox != meant.mailbox and found.mailbox.lower() not in troubled:
                return replace(found, instead_of=None)
    return meant


def _vacancy(to: Addressee) -> Words | None:
    if to.instead_of is None:
        return None
    vacant, there = ROLE_NAMES[to.instead_of], ROLE_NAMES[to.role]
    return Words(
        f"{vacant.zh}岗位空缺，改送{there.zh}",
        f"the post of {vacant.en} is vacant, so this goes to the {there.en}",
    )


def _stands_in(meant: Addressee, trouble: Trouble) -> Words:
    post = ROLE_NAMES[meant.role]
    if trouble is Trouble.AWAY:
        return Words(f"{post.zh}不在岗，同时送达", f"the {post.en} is out of office; sent to both")
    return Words(f"{post.zh}邮箱无法送达，改送", f"the mailbox of the {post.en} takes no letters")


def waits_until(
    parcel: Parcel, last: datetime | None, matters: Mapping[int, Matter], now: datetime
) -> datetime | None:
    """When the daily letter takes `parcel` along; None where it leaves now.

    `last` is when its mailbox was last written a daily letter. It leaves now if that was before
    today's opening of the office (or only a moment ago: the morning's round is still at it), if it
    cannot wait, and if it has waited for this morning.
    """
    clock = parcel.place.clock
    later = next_digest(clock, now)
    if parcel.alone or any(_hurries(notice, matters, now, later) for notice in parcel.notices):
        return None
    today = began(clock, now)
    if last is None or last < today:
        waited = [notice.wait_until for notice in parcel.notices]
        return None if any(at is None or at <= now for at in waited) else today + SETTLING
    return None if now - last < SETTLING and _of_the_round(parcel) else later


def _hurries(notice: Notice, matters: Mapping[int, Matter], now: datetime, later: datetime) -> bool:
    """Whether `later` would be too late for it."""
    if notice.useful_until <= later:
        return True
    due = (matters[m.task].task.due_at for m in notice.matters)
    return notice.kind in _DATED and any(now < at <= later for at in due)


def _of_the_round(parcel: Parcel) -> bool:
    """Whether a round says it (and not somebody's act, of which there may be many)."""
    kinds: Iterable[str] = (notice.kind for notice in parcel.notices)
    return any(kind in ("opened", "reminder", "overdue", "escalated") for kind in kinds)
