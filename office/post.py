"""The mailroom: notices become letters, letters leave."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from notifications.bucket import Bucket
from office.binding import Bound, Seal, bind, unsealed
from office.carriers import Carrier, bucket, open_carrier
from office.sending import Sent, send
from office.settings import Mail
from responsibilities.words import Language

__all__ = [
    "Bound",
    "Carrier",
    "Mailing",
    "Sent",
    "bind",
    "bucket",
    "mail_round",
    "open_carrier",
    "send",
]


@dataclass(frozen=True, slots=True)
class Mailing:
    """One round of the mailroom."""

    bound: Bound
    sent: Sent


async def mail_round(
    db: Engine, clock: Callable[[], datetime], mail: Mail, language: Language, *,
    limiter: Bucket | None = None, seal: Seal = unsealed,
) -> Mailing:  # fmt: skip
    """Make the letters that wait to be made, each with the head that `seal` gives, and send them.

    What goes wrong making letters does not keep the others from leaving; it is raised at the end.
    """
    failures: list[ExceptionGroup[Exception]] = []
    bound = Bound(0)
    try:
        bound = bind(db, clock(), mail, language, seal)
    except ExceptionGroup as group:
        failures.append(group)
    async with open_carrier(mail) as carrier:
        sent = await send(db, clock, carrier, bucket=limiter, connections=mail.connections)
    if failures:
        raise failures[0]
    return Mailing(bound, sent)
