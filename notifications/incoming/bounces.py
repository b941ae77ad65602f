"""Which address a mail of ours did not reach, and why.

The standard's report (RFC 3464) first; else what the many servers that write prose say, which the
`flufl.bounce` library knows, run behind a guard, for it fails on odd mails; else our own reading.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from email import message_from_bytes
from logging import NullHandler, getLogger

from flufl.bounce import all_failures

from notifications.incoming.charsets import decoded
from notifications.incoming.envelope import message_ids
from notifications.incoming.failure_words import (
    COPY,
    DELAYED,
    FAILED,
    STATUS,
    by_words,
    telling_line,
    why,
)
from notifications.incoming.mime_parts import Headers, Leaf, head_of, headers_of
from notifications.incoming.values import Bounce, BounceKind, Mailbox

_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_RETURNED = frozenset(
    {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"}
)
_LONGEST = 32 * 1024
"""Octets that the library is given: some of its patterns take quadratic time."""
_log = getLogger("flufl.bounce")
_log.addHandler(NullHandler())
_log.propagate = False

_ADDRESS = re.compile(r"[A-Za-z0-9._%+=/-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24}")
_ID = re.compile(r"Message-I[dD]: *(<[^<>\s]{1,250}>)")


def bounces_of(
    raw: bytes, headers: Headers, leaves: Sequence[Leaf], text: str, to: Sequence[Mailbox]
) -> tuple[Bounce, ...]:
    """Every address that failed or is delayed. Empty where nothing did: a report of success."""
    reports = [leaf for leaf in leaves if leaf.media_type in _REPORTS]
    found = [one for leaf in reports for one in _reported(leaf, text)]
    if reports and (found or _says_delivered(reports)):
        return _each_once(found)
    return _each_once(_said(raw, headers, text, to))


def _each_once(found: Sequence[Bounce]) -> tuple[Bounce, ...]:
    known: dict[str, Bounce] = {}
    for one in found:
        known.setdefault(one.address, one)
    return tuple(known.values())


def returned_ids(headers: Headers, leaves: Sequence[Leaf], text: str) -> tuple[str, ...]:
    """The Message-IDs of the letters that a report is about."""
    found: list[str] = []
    for leaf in leaves:
        content = leaf.content()[0]
        if leaf.media_type in _RETURNED:
            found += message_ids(head_of(content), "message-id")
        elif leaf.media_type == "message/disposition-notification":
            found += message_ids(headers_of(content), "original-message-id")
    found += _ID.findall(text[:_LONGEST])
    found += message_ids(headers, "in-reply-to") + message_ids(headers, "references")
    return tuple(dict.fromkeys(found))


def _blocks(leaf: Leaf) -> Iterator[Headers]:
    content = leaf.content()[0][:_LONGEST].replace(b"\r\n", b"\n")
    for block in content.split(b"\n\n"):
        fields = headers_of(block.strip(b"\n"))
        if "final-recipient" in fields or "original-recipient" in fields or "action" in fields:
            yield fields


def _reported(leaf: Leaf, text: str) -> Iterator[Bounce]:
    for fields in _blocks(leaf):
        action = fields.text("action").lower().partition(" ")[0].strip(";")
        status = fields.text("status").strip()
        if action in ("delivered", "relayed", "expanded") or status.startswith("2"):
            continue
        said = " ".join(fields.text("diagnostic-code").split())[:500]
        known = STATUS.search(status)
        code = known[1] if known else ""
        kind = BounceKind.DELAYED if action == "delayed" else why(code, said, text)
        yield Bounce(_recipient(fields), kind, code, said)


def _says_delivered(reports: Sequence[Leaf]) -> bool:
    return any(True for leaf in reports for _ in _blocks(leaf))


def _recipient(fields: Headers) -> str:
    """The address we wrote to, rather than what an alias made of it."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        found = _ADDRESS.search(fields.text(name))
        if found:
            return found[0].lower()
    return ""


def _said(raw: bytes, headers: Headers, text: str, to: Sequence[Mailbox]) -> list[Bounce]:
    """What prose says; nothing where it speaks of no failure."""
    copy = COPY.search(text, 80)
    about = text[: copy.start() if copy else None][:20_000]
    failed, delayed = _library(raw)
    failed += _ADDRESS.findall(headers.text("x-failed-recipients").lower())
    if not failed and not delayed:
        words = f"{headers.text('subject')}\n{about[:3000]}"
        if not FAILED.search(words) and not DELAYED.search(words):
            return []
        failed = _addressed(about, to)
    status = STATUS.search(about)
    code, line = status[1] if status else "", telling_line(about)
    late = not code.startswith("5") and bool(DELAYED.search(about))
    near = about[status.start() : status.end() + 200] if status else line
    told = near if by_words(near) is BounceKind.UNKNOWN_USER else about
    kind = BounceKind.DELAYED if late else why(code, told)
    found = [Bounce(address, kind, code, line) for address in failed or ([] if delayed else [""])]
    late_ones = [one for one in delayed if one not in failed]
    return found + [Bounce(one, BounceKind.DELAYED, code, line) for one in late_ones]


def _library(raw: bytes) -> tuple[list[str], list[str]]:
    """Failed and delayed addresses; its own errors and the parser's mean that it found none."""
    try:
        temporary, permanent = all_failures(message_from_bytes(raw[:_LONGEST]))
    except Exception:  # whatever a stranger's bytes make it raise
        return [], []
    return _plain(permanent), _plain(temporary)


def _plain(found: Iterable[bytes]) -> list[str]:
    addresses = [decoded(one).text for one in found]
    return sorted({hit[0].lower() for one in addresses if (hit := _ADDRESS.search(one))})


def _addressed(text: str, to: Sequence[Mailbox]) -> list[str]:
    """VERP (`+name=domain` in the address that was bounced to), else the first stranger named."""
    for box in to:
        local, equals, domain = box.address.partition("@")[0].partition("+")[2].rpartition("=")
        if equals and _ADDRESS.fullmatch(f"{local}@{domain}"):
            return [f"{local}@{domain}"]
    ours = {box.address.partition("@")[0].partition("+")[0] for box in to}
    named = [one.lower() for one in _ADDRESS.findall(text)]
    strange = [
        one for one in named if one.partition("@")[0].partition("+")[0] not in ours
        and not one.startswith(("postmaster@", "mailer-daemon@"))
    ]  # fmt: skip
    return strange[:1]
