"""Due dates as a calendar file (RFC 5545) that a mail program puts into the agenda.

Written by hand: the `icalendar` library takes longer than the whole letter; a test reads every
file back with it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal

from notifications.letters import Item
from responsibilities.words import Language

HALF_AN_HOUR = timedelta(minutes=30)
DATED = frozenset(
    {
        "opened", "reminder", "overdue", "escalated", "returned", "accepted", "waived", "lapsed",
        "reopened", "moved", "extended", "extension_declined", "incident", "roster", "gathered",
        "co_acting",
    }
)  # fmt: skip
"""Kinds whose date is the reader's own; a reviewer's agenda is left alone."""
_ESCAPES = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
    | {chr(code): " " for code in (*range(10), *range(11, 32), 0x7F)}
)
_FOLD = 24
"""Characters a line: 24 of three octets and the leading space stay within 75 octets."""


Method = Literal["PUBLISH", "CANCEL"]


def calendar_parts(
    items: Sequence[Item], stamp: datetime, organizer: str, language: Language
) -> dict[Method, bytes]:
    """One VEVENT of half an hour ending at the due time for each dated item.

    What is still to be done under METHOD:PUBLISH, because nobody is asked to answer; what is over
    under METHOD:CANCEL, which takes the entry out of the agenda (RFC 5546, 3.2.1 and 3.2.5). UID
    is the task's for ever (with the domain of `organizer`), SEQUENCE rises with each change.
    """
    dated = [item for item in items if item.kind in DATED]
    by_method: dict[Method, list[Item]] = {
        "PUBLISH": [item for item in dated if not item.closed],
        "CANCEL": [item for item in dated if item.closed],
    }
    return {
        method: _calendar([f"METHOD:{method}"], chosen, lambda _: stamp, organizer, language)
        for method, chosen in by_method.items()
        if chosen
    }


def calendar_feed(
    items: Sequence[Item], stamps: Mapping[str, datetime], name: str, organizer: str,
    language: Language,
) -> bytes:  # fmt: skip
    """The same for a calendar that is subscribed to (webcal): no method, refreshed by itself.

    `stamps` say when each task (by key) was last changed: the same tasks give the same bytes.
    """
    uid = sha256(name.encode()).hexdigest()[:32]
    head = [
        f"UID:feed-{uid}@{_domain(organizer)}",
        _folded(f"NAME:{name.translate(_ESCAPES)}"),
        _folded(f"X-WR-CALNAME:{name.translate(_ESCAPES)}"),
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    return _calendar(head, items, lambda item: stamps[item.key], organizer, language)


def _calendar(
    head: Sequence[str], items: Sequence[Item], stamp: Callable[[Item], datetime],
    organizer: str, language: Language,
) -> bytes:  # fmt: skip
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Duban//Duban//ZH", *head]
    for item in items:
        lines.extend(_event(item, _instant(stamp(item)), organizer, language))
    lines.append("END:VCALENDAR\r\n")
    return "\r\n".join(lines).encode("utf-8", "replace")


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _event(item: Item, stamp: str, organizer: str, language: Language) -> Iterator[str]:
    title = item.title.translate(_ESCAPES)
    unit = item.unit.translate(_ESCAPES)
    number = item.number.translate(_ESCAPES)
    yield "BEGIN:VEVENT"
    yield f"UID:{sha256(item.key.encode('utf-8', 'replace')).hexdigest()[:32]}@{_domain(organizer)}"
    yield f"DTSTAMP:{stamp}"
    yield _folded(f"ORGANIZER:mailto:{organizer}")
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
