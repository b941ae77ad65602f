"""The mailroom: notices become letters, letters leave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from inspections.notes import Verifier
from notifications.bucket import Limits
from office.binding import NO_PORTAL, Bound, Seal, bind, unsealed
from office.carriers import Carrier, copies, limits, open_carrier
from office.group_letters import WithGroups
from office.holders import send_heads
from office.recovery import Journal
from office.sending import Sent, send
from office.settings import Journal as Copies
from office.settings import Mail, Portal, Robot
from responsibilities.words import Language

__all__ = [
    "Bound",
    "Carrier",
    "Mailing",
    "Sent",
    "bind",
    "limits",
    "mail_round",
    "open_carrier",
    "send",
]


_NO_COPIES = Copies()
_NO_ROBOTS: Mapping[str, Robot] = {}


@dataclass(frozen=True, slots=True)
class Mailing:
    """One round of the mailroom."""

    bound: Bound
    sent: Sent


async def mail_round(
    db: Engine, clock: Callable[[], datetime], mail: Mail, language: Language, *,
    limiter: Limits | None = None, journal: Copies = _NO_COPIES, frozen: bool = False,
    seal: Seal = unsealed, robots: Mapping[str, Robot] = _NO_ROBOTS, portal: Portal = NO_PORTAL,
    holders: Sequence[str] = (), witnesses: Sequence[Verifier] = (),
) -> Mailing:  # fmt: skip
    """Make the letters that wait to be made, each with the head that `seal` gives, and send them.

    `holders` are sent the day's head, with what `witnesses` need to cosign it. While `frozen` only
    our alarms are made and leave. What goes wrong making letters does not keep the others from
    leaving; it is raised at the end.
    """
    failures: list[ExceptionGroup[Exception]] = []
    bound = Bound(0)
    try:
        bound = bind(db, clock(), mail, language, seal, frozen=frozen, robots=robots, portal=portal)
    except ExceptionGroup as group:
        failures.append(group)
    if holders and not frozen:
        send_heads(db, clock(), mail, language, seal, holders, witnesses)
    async with open_carrier(mail, journal.address) as carrier:
        kept = Journal(copies(journal), timedelta(minutes=journal.grace))
        sent = await send(
            db, clock, WithGroups(carrier, robots, clock), limits=limiter,
            connections=mail.connections, journal=kept, frozen=frozen,
            bounce_delimiter=mail.bounce_delimiter,
        )  # fmt: skip
    if failures:
        raise failures[0]
    return Mailing(bound, sent)
