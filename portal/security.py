"""What an administrator reads when somebody tries to come in who may not: the events of security.

An event goes into the line of its request, and a failure to sign in is counted as well. Neither
says who it was or from what address: `source` tells the sources of one run of the program apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from secrets import token_bytes

from fastapi import Request

from office.sign_in_failures import TooOften, Way, count_failure
from portal.here import Portal
from responsibilities.words import Refused

_KEY = token_bytes(32)
"""Of this run alone, so that nobody can try addresses until one fits."""
EXPECTED = frozenset({"signed_in", "signed_out", "not_signed_in"})
"""Events that are nothing to look after."""
_BY_STATUS = {401: "unknown_token", 403: "not_allowed", 429: "too_many_tries"}


def note(request: Request, event: str) -> None:
    """Have the request's line in the log name the event."""
    request.state.event = event


def event_of(request: Request, status: int) -> str:
    """What was noted, or what the answer itself says; empty for nothing of the kind."""
    noted: str = getattr(request.state, "event", "")
    return noted or _BY_STATUS.get(status, "")


@contextmanager
def failures_counted(request: Request, at: Portal, way: Way) -> Iterator[None]:
    """Whoever is refused by what happens within has failed to come in by this way."""
    try:
        yield
    except Refused as refused:
        note(request, "too_many_tries" if isinstance(refused, TooOften) else f"failed_{way}")
        count_failure(at.db, way, at.clock())
        raise


def over_https(request: Request) -> bool:
    """Whether the browser came by https, which our own proxy may have ended."""
    portal: Portal = request.app.state.portal
    return request.url.scheme == "https" or portal.settings.portal.url.startswith("https://")


def source_of(request: Request) -> str:
    """Where a request comes from, for the limits: what our own proxy says, else the other end."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and peer in ("127.0.0.1", "::1") else peer


def pseudonym(source: str) -> str:
    """The same for the same source until the program ends, and no way back to it."""
    return blake2b(source.encode(), key=_KEY, digest_size=4).hexdigest()
