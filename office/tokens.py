"""Who may answer a letter: the token in its Reply-To address, of which only the hash is kept."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import NamedTuple

from office.settings import Mail


class Answerable(NamedTuple):
    """How one letter is answered."""

    reply_to: str
    """`duban+TOKEN@school.example`; without the tag where the server knows none."""
    hash: str
    """SHA-256 of the token; empty where there is none."""
    until: datetime | None


def answerable(mail: Mail, now: datetime) -> Answerable:
    """A fresh token of 128 bits, and the address that carries it."""
    plain = mail.reply_to or mail.sender
    if not mail.recipient_delimiter:
        return Answerable(plain, "", None)
    token = token_hex(16)  # hex survives servers that change the case of a mailbox
    local, _, domain = plain.rpartition("@")
    tagged = f"{local}{mail.recipient_delimiter}{token}@{domain}"
    return Answerable(tagged, hashed(token), now + timedelta(days=mail.answer_days))


def hashed(token: str) -> str:
    """What is stored of a token; case does not matter."""
    return sha256(token.lower().encode()).hexdigest()
