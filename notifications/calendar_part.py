"""Due dates as a calendar file (RFC 5545) that a mail program puts into the agenda.

Written by hand: the `icalendar` library takes longer than the whole letter; a test reads every
file back with it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from notifications.letters import Item
from responsibilities.words import Language

HALF_AN_HOUR = timedelta(minutes=30)
DATED = frozenset(
    {
        "opened", "reminder", "overdue", "escalated", "returned", "accepted", "waived", "lapsed",
        "moved", "extended", "extension_declined", "incident", "roster", "gathered",
    }
)  # fmt: skip
"""Kinds whose date is the reader's own; a reviewer's agenda is left alone."""
_ESCAPES = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
    | {chr(code): " " for code in (*range(10), *range(11, 32), 0x7F)}
)
_FOLD = 24
"""Characters a line: 24 of three octets and the leading space stay within 75 octets."""


def calendar_part(
    items: Sequence[Item], stamp: datetime, domain: str, language: Language
) -> bytes | None:
    """One VEVENT of half an hour ending at the due time for each dated item; None without any.

    METHOD:PUBLISH, because nobody is asked to answer. UID is the task's for ever (with `domain`),
    SEQUENCE rises with each change of the date, a closed task is CANCELLED.
    """
    dated = [item for item in items if item.kind in DATED]
    if not dated:
        return None
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Duban//Duban//ZH", "METHOD:PUBLISH"]
    for item in dated:
        lines.extend(_event(item, _instant(stamp), domain, language))
    lines.append("END:VCALENDAR\r\n")
    return "\r\n".join(lines).encode("utf-8", "replace")


def _event(item: Item, stamp: str, domain: str, language: Language) -> Iterator[str]:
    title = item.title.translate(_ESCAPES)
    unit = item.unit.translate(_ESCAPES)
    number = item.number.translate(_ESCAPES)
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(item.key.encode('utf-8', 'replace')).hexdigest()[:32]}@{domain}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART:{_instant(item.due_at - HALF_AN_HOUR)}"
    yield f"DTEND:{_instant(item.due_at)}"
    yield f"SEQUENCE:{item.sequence}"
    yield f"STATUS:{'CANCELLED' if item.closed else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield _folded(f"SUMMARY:{'【督办】' if language == 'zh' else 'Due: '}{title}")
    yield _folded(f"DESCRIPTION:{number} {unit}")
    if not item.closed:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield "TRIGGER:-P1D"
        yield _folded(f"DESCRIPTION:{title}")
        yield "END:VALARM"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _folded(line: str) -> str:
    if len(line) <= _FOLD:
        return line
    step = _FOLD if max(line) <= "\uffff" else _FOLD * 3 // 4
    return "\r\n ".join(line[start : start + step] for start in range(0, len(line), step))
