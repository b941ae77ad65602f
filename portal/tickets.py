"""A ticket lets one reader see one file for some minutes: signed, so that nothing is stored."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from secrets import token_bytes

import orjson

GOOD_FOR = timedelta(minutes=5)
KEY = token_bytes(32)
"""Of this process: a restart ends every ticket, and the page that is opened again has new ones."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What may be seen."""

    sha256: str
    name: str
    reader: str
    """Whom it was given to."""
    until: int
    """Seconds since the epoch."""
    preview: bool = False
    """Only the picture drawn anew of it."""


def issue(sha256: str, name: str, reader: str, now: datetime, *, preview: bool = False) -> str:
    """The last part of the file's address, good until GOOD_FOR from `now`."""
    until = int((now + GOOD_FOR).timestamp())
    said = orjson.dumps(asdict(Ticket(sha256, name, reader, until, preview)))
    return urlsafe_b64encode(_signed(said) + said).decode().rstrip("=")


def redeem(ticket: str, now: datetime) -> Ticket | None:
    """What the ticket is for; None for one that we did not issue or that is over."""
    try:
        held = urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
    except (Error, ValueError):
        return None
    seal, said = held[:32], held[32:]
    if not hmac.compare_digest(seal, _signed(said)):
        return None
    found = Ticket(**orjson.loads(said))
    return found if now.timestamp() < found.until else None


def _signed(said: bytes) -> bytes:
    return hmac.digest(KEY, said, "sha256")
