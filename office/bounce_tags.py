"""Envelope senders of their own (VERP): a bounce names its letter by the address it comes to.

`duban+b-12-0f3a…@school.example`: the number of the letter, and a digest of its bytes, in which
stands the reply token of 128 random bits. So nothing more is stored, and who has not got the letter
itself cannot make the address. The digest is not the SHA-256 that the record publishes.
"""

import re
from collections.abc import Iterable
from hashlib import blake2b
from hmac import compare_digest

from sqlalchemy import Connection

from storage import outbox

_TAG = re.compile(r"b-([1-9][0-9]{0,8})-([0-9a-f]{16})@", re.IGNORECASE)
_LONGEST = 64
"""Octets of a local part (RFC 5321, 4.5.3.1.1)."""


def bounce_address(sender: str, delimiter: str, letter: int, body: bytes) -> str:
    """The envelope sender of a letter; `sender` itself without a delimiter, or where too long."""
    local, _, domain = sender.rpartition("@")
    tagged = f"{local}{delimiter}b-{letter}-{_digest(body)}"
    return f"{tagged}@{domain}" if delimiter and len(tagged) <= _LONGEST else sender


def letter_bounced(connection: Connection, addresses: Iterable[str]) -> int | None:
    """The letter whose bounce address is among these; None where there is none, or it is forged."""
    for address in addresses:
        found = _TAG.search(address)
        body = outbox.body_of(connection, int(found[1])) if found else b""
        if found and body and compare_digest(found[2].lower(), _digest(body)):
            return int(found[1])
    return None


def _digest(body: bytes) -> str:
    return blake2b(body, digest_size=8, person=b"bounce").hexdigest()
