"""Which notices go into which letter: one a mailbox a day, urgent ones alone and at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from office.matters import Matter
from office.silence import pertinent
from office.undelivered import KIND as UNDELIVERED
from office.workplace import InForce
from responsibilities.digest_days import SETTLING, began, next_digest
from responsibilities.plan import Role
from responsibilities.roles import Addressee, resolve
from responsibilities.words import Words
from storage.notices import Notice

_DATED = frozenset(
    {"opened", "reminder", "returned", "moved", "extended", "extension_asked", "extension_declined"}
)
"""Kinds that are of little use after the due date: one that is due first does not wait."""


@dataclass(slots=True)
class Parcel:
    """What one mailbox gets in one letter."""

    place: InForce
    to: Addressee
    urgent: bool
    alone: bool
    """Stands by itself and never waits: urgent, or about no task."""
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
    sent: set[tuple[int, str]],
) -> Sorted:  # fmt: skip
    """A parcel for each mailbox; `sent` are the (notice, mailbox) pairs that have their letter."""
    found = Sorted([], [], [])
    parcels: dict[tuple[str, str, str], Parcel] = {}
    for notice in waiting:
        live = [m for m in notice.matters if pertinent(notice.kind, matters[m.task].task)]
        if notice.matters and not live:
            found.stale.append(notice)
            continue
        place = places[notice.plan]
        to = _addressees(place, notice, matters)
        if not to:
            why = Words("岗位均空缺，无人可送达。", "Every post is vacant.")
            found.lost.append((notice, why))
        for addressee in to:
            if (notice.id, addressee.mailbox) in sent:
                continue
            alone = notice.urgent or not notice.matters
            parcel = parcels.setdefault(
                (notice.plan, addressee.mailbox, _letter_of(notice) if alone else ""),
                Parcel(place, addressee, notice.urgent, alone),
            )
            parcel.notices.append(notice)
    found.parcels.extend(parcels.values())
    return found


def _letter_of(notice: Notice) -> str:
    """Which letter of its own it stands in: those that did not arrive are told together."""
    return UNDELIVERED if notice.kind == UNDELIVERED else notice.key


def _addressees(
    place: InForce, notice: Notice, matters: Mapping[int, Matter]
) -> tuple[Addressee, ...]:
    """Who a notice goes to; duties reviewed or informed differently each have their own."""
    found: dict[str, Addressee] = {}
    role = Role(notice.role)
    promises = {p.digest: p for m in notice.matters for p in [matters[m.task].promise]}
    for promise in promises.values() or [None]:
        for addressee in resolve(place.plan, notice.unit, role, promise).addressees:
            found.setdefault(addressee.mailbox, addressee)
    return tuple(found.values())


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
