"""Who says to have written, to whom, about what: the header fields as values."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime

from notifications.incoming.charsets import decoded, header_text
from notifications.incoming.mime_parts import Headers
from notifications.incoming.values import Mailbox

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_ADDRESS = re.compile(r"[^\s<>()\[\]\\,;:\"@]{1,64}@[^\s<>()\[\]\\,;:\"@]{1,253}")
_MEMBER = re.compile(
    rb'((?:"(?:[\x81-\xfe][\x40-\xfe]|\\.|[^"\\])*+"?|[^",<>;]|<[^<>]*>)+)', re.DOTALL
)
_RECIPIENTS = (
    "to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to",
    "x-forwarded-to", "x-rcpt-to", "resent-to",
)  # fmt: skip
_MOST = 100
"""Addresses of one field that are read."""
_NUMBER = re.compile(
    r"督\s*办\s*[〔\[［【(（﹝]\s*([0-9]{4})\s*[〕\]］】)）﹞]\s*(?:第\s*)?([0-9]{1,9})\s*号"
)
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")


def message_ids(headers: Headers, name: str) -> tuple[str, ...]:
    """The Message-IDs of a field, in order, without repeats."""
    text = " ".join(decoded(value).text for value in headers.all(name)[:_MOST])
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(text)))[:_MOST]


def mailboxes(headers: Headers, *names: str) -> tuple[Mailbox, ...]:
    """Every address of the fields, without repeats; what holds none is passed over."""
    found: dict[str, Mailbox] = {}
    for name in names:
        for value in headers.all(name)[:_MOST]:
            for member in _MEMBER.findall(value)[:_MOST]:
                one = _mailbox(member)
                if one is not None:
                    found.setdefault(one.address, one)
    return tuple(found.values())


def _mailbox(member: bytes) -> Mailbox | None:
    """`"name" <address>`, or the address alone; of several the last, in angle brackets."""
    name, bracket, rest = member.rpartition(b"<")
    addresses = _ADDRESS.findall(decoded(rest).text)
    if not addresses:
        return None
    shown = header_text(name.strip().strip(b'"').replace(b"\\", b"")).text if bracket else ""
    return Mailbox(shown.strip("\"' "), addresses[-1].lower())


def recipients(headers: Headers) -> tuple[Mailbox, ...]:
    """Whom the mail was sent to, by any header that says so."""
    return mailboxes(headers, *_RECIPIENTS)


def return_path(headers: Headers) -> str | None:
    """The envelope's sender as the last server noted it; empty for `<>`; None where unknown."""
    if "return-path" not in headers:
        return None
    found = _ADDRESS.search(decoded(headers.first("return-path")).text)
    return found[0].lower() if found else ""


def date_of(headers: Headers) -> datetime | None:
    """The Date header, aware; a date without a zone counts as none."""
    try:
        found = parsedate_to_datetime(decoded(headers.first("date")).text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo is not None else None


def results(headers: Headers) -> tuple[str, ...]:
    """Every Authentication-Results header, topmost first."""
    found = headers.all("authentication-results")[:_MOST]
    return tuple(decoded(value).text for value in found)


def tokens(boxes: Iterable[Mailbox]) -> tuple[str, ...]:
    """What stands after the first `+` of each local part."""
    parts = (box.address.rpartition("@")[0].partition("+")[2] for box in boxes)
    return tuple(dict.fromkeys(part for part in parts if part))


def numbers(subject: str) -> tuple[str, ...]:
    """The task numbers of a subject, as we write them: 督办〔2026〕12号."""
    found = _NUMBER.findall(subject.translate(_WIDE))
    return tuple(dict.fromkeys(f"督办〔{year}〕{int(number)}号" for year, number in found))
