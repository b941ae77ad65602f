"""What a letter says, before it is words: the values `compose` turns into bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from responsibilities.tasks import Standing
from responsibilities.words import Language

KINDS = (
    "opened",
    "reminder",
    "overdue",
    "escalated",
    "review",
    "returned",
    "accepted",
    "waived",
    "lapsed",
    "reopened",
    "moved",
    "roster",
    "gathered",
    "co_acting",
    "extension_asked",
    "extended",
    "extension_declined",
    "incident",
    "acted",
    "digest",
    "link",
    "sign_in",
    "head",
    "receipt",
    "confirm",
    "inbox",
    "undelivered",
    "outage",
    "alarm",
)
"""Every kind of letter; each has templates/<language>/<kind>/{subject.txt,body.txt,body.html}."""


@dataclass(frozen=True, slots=True)
class Item:
    """One task as a letter shows it. Instants are aware, in the plan's zone."""

    key: str
    number: str
    """督办〔2026〕12号"""
    title: str
    unit: str
    period: str
    """In words: 2026年11月, 2026-2027学年第一学期第11教学周."""
    kind: str
    """The letter kind of this item's notice (the digest mixes kinds)."""
    notice: str
    """What the institution calls it: 催办单, 黄色预警通知单, …"""
    colour: str
    standing: Standing
    due_at: datetime
    original_due_at: datetime
    days_left: int
    """Calendar days to the due day; negative when overdue; 0 on the day."""
    basis: tuple[tuple[str, str], ...] = ()
    """(section, verbatim quote) of the plan."""
    required: tuple[str, ...] = ()
    """The evidence checklist, a line each."""
    covered: tuple[int, int] | None = None
    """n of N where full coverage is asked."""
    missing: tuple[str, ...] = ()
    """The names still missing."""
    next_step: str = ""
    """What happens next, as a sentence with date and post; empty when nothing will."""
    reviewer: str = ""
    reason: str = ""
    """Why returned, waived, extended, declined, moved."""
    co_acting: str = ""
    """The units that help."""
    delegates: str = ""
    """How many delegates of the unit have handed in, and who has not."""
    roster: str = ""
    """Who has joined or left the roster since the task opened."""
    asked_until: datetime | None = None
    """For `extension_asked`: the due date the unit asks for."""
    incident: Mapping[str, str] = field(default_factory=dict)
    """Of a task that an incident opened: label -> what is known of it and not private."""
    zero_report: bool = False
    provisional: bool = False
    late_by_system: bool = False
    submitted: Mapping[str, str] = field(default_factory=dict)
    """For review letters: what was handed in, label -> value or file name."""
    sequence: int = 0
    """Rises with each change of the date: SEQUENCE of the calendar part."""
    closed: bool = False
    """STATUS:CANCELLED in the calendar part."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a mail that came in: the matter of a receipt, or of a question about it."""

    status: str
    """For the subject: 材料齐全, 尚缺材料, 未计入."""
    lead: str
    """The first sentence: what came of it."""
    rows: tuple[tuple[str, str], ...] = ()
    """(label, value): what the mail was, and what was understood of it."""
    files: tuple[str, ...] = ()
    """A line each: name, what it counts as, size, the beginning of its SHA-256."""
    problems: tuple[str, ...] = ()
    """A sentence each: what did not count, and what would be right."""
    answer: str = ""
    """The words that were taken as the answer."""
    asks: bool = False
    """Of a letter to the office: whether it is to take or to decline the mail."""


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class LetterLink:
    """The one link in a letter."""

    url: str
    """In full; what it opens is the letter's matter."""
    home: str
    """The portal's own address: `/code` below it takes the short code."""
    code: str = ""
    """K7QM-2XWP; empty where there is none to type."""
    acts: bool = True
    """Whether more than looking is possible there."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one mailbox. `kind` is the single item's kind, or `digest` for several."""

    kind: str
    language: Language
    message_id: str
    """With angle brackets; fixed before the first attempt."""
    date: datetime
    sender_name: str
    sender: str
    to_name: str
    """A post, never a person: 护理学院联络员."""
    to: str
    reply_to: str
    items: tuple[Item, ...]
    plan_title: str
    plan_number: str
    office: str
    """Name of the office that asks."""
    ask: str
    """Whom to ask, with phone: 领导小组办公室联络员 0431-0000001."""
    instead_of: str = ""
    """Why this mailbox gets it: 联络员岗位空缺，改送负责人."""
    urgent: bool = False
    steady: bool = False
    """One subject for all letters about a task, so that programs that group by it do."""
    thread: str = ""
    """Message-ID of the first letter about the task; empty for the first."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """For kinds without items (undelivered, outage): label -> value."""
    reply: Reply | None = None
    """For receipt, confirm and inbox."""
    attachments: tuple[Attachment, ...] = ()
    record: "RecordMark | None" = None
    """How far the record had come when the letter was made; None where it is not signed."""
    link: LetterLink | None = None
    """Where it can be done in a browser; None where there is no portal, or nothing to open."""


@dataclass(frozen=True, slots=True)
class RecordMark:
    """The signed head of the record, for the foot of a letter: whoever keeps the mail holds it."""

    size: int
    short: str
    """Sixteen hexadecimal digits, to be read out."""
    code: str
    """150 characters that a verifier reads (inspections.checkpoint)."""
