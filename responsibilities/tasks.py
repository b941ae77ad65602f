"""A task, the facts about it, and the decisions that make facts: values only.

Facts are the record. `Task` is what the index over the facts says; `standing` is computed from it
and `now` and is stored nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from responsibilities.plan import LateJoiners, Member, Requirement, Role, Source, Step

SYSTEM = "system"
"""Who did what nobody did by hand."""


class FactKind(StrEnum):
    """Everything that can happen; each fact has a natural key unique within its task."""

    OPENED = "opened"
    TOLD = "told"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECLINED = "extension_declined"
    EXTENDED = "extended"
    WAIVED = "waived"
    LAPSED = "lapsed"
    REOPENED = "reopened"
    """A closed task is to be done again: a new due date, a new round of the ladder."""
    NUDGED = "nudged"
    """Somebody had the unit reminded by hand; the ladder goes on as it was."""
    MOVED = "moved"
    """Dates changed without anybody asking: our own outage, or a revised calendar."""
    ANSWERED = "answered"
    """A mail about the task came in; its bytes are kept."""
    ROSTER = "roster"
    """Who has joined or left the roster since the task opened, so is to be covered, or no more."""
    GATHERED = "gathered"
    """A delegate has handed in a part of the unit's task."""
    PASSED_ON = "passed_on"
    """The unit has put another of its posts in charge of the task (转交)."""
    QUESTIONED = "questioned"
    """The unit says that the task is not its own; the office decides."""
    WATCHED = "watched"
    """The unit fell short of a rule over the periods before this one."""
    # facts without a task
    READ = "read"
    """Somebody was shown values that the record withholds (see `reads`)."""
    ERASED = "erased"
    """Values behind commitments were destroyed, which, by whose word, and why."""
    ADOPTED = "adopted"
    PLAN_PROPOSED = "plan_proposed"
    """The next version of a plan was laid before a second person."""
    PLAN_APPROVED = "plan_approved"
    REPORTED = "reported"
    EVENT_MARKED = "event_marked"
    """A later moment of an event became known (首报 handed in, 结案)."""
    EVENT_CORRECTED = "event_corrected"
    """A field or time of an event was put right; the record keeps both values."""
    CROSSCHECKED = "crosschecked"
    """An independent list was held against the incidents."""
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    MAILBOX_FAILED = "mailbox_failed"
    """A letter came back: there is no such mailbox."""
    MAILBOX_AWAY = "mailbox_away"
    """An out-of-office answer: the deputy gets the letters too."""
    MAILBOX_BACK = "mailbox_back"
    OUTAGE = "outage"
    ALARMED = "alarmed"
    """The office was told that the machinery needs it: letters held back, a clock that jumped."""
    RELEASED = "released"
    """What was held back may go on, by whose word."""
    CALENDAR = "calendar"
    """A year of working days was imported."""
    WINDOW_OPENED = "window_opened"
    WINDOW_EXTENDED = "window_extended"
    """A run-time window (敏感时期) lasts until another time than was said before."""
    DRAW_COMMITTED = "draw_committed"
    """What will be drawn from, and the hash of the secret seed, before anything is drawn."""
    DRAW_REVEALED = "draw_revealed"
    """The seed and what it drew, once the last lot is open."""
    INSPECTION_OPENED = "inspection_opened"
    """Scope, inspectors and days; the population, and the hash of the secret half of the seed."""
    INSPECTION_DRAWN = "inspection_drawn"
    """Both halves of the seed, and the sample."""
    INSPECTION_ANNOUNCED = "inspection_announced"
    INSPECTED = "inspected"
    """An inspector's verdict on one task of the sample, with photos."""
    FINDING_REGISTERED = "finding_registered"
    FINDING_ORDERED = "finding_ordered"
    """A finding is to be put right: names the incident that opens the tasks."""
    WINDOW_CLOSED = "window_closed"
    GRANTED = "granted"
    """Somebody without a post may sign in: as what, for which units, from when until when."""
    GRANT_ENDED = "grant_ended"
    SIGNED_IN = "signed_in"
    LINKS_REVOKED = "links_revoked"
    """Links in letters open nothing any more, by whose word."""
    KEY = "key"
    """The key that signs the record's heads, or the one that follows it, signed by both."""
    EPOCH = "epoch"
    """The record was taken up again from a restored backup; names the head that was lost."""


class State(StrEnum):
    """The index over the facts: whose turn is it."""

    OPEN = "open"
    """The unit's turn."""
    SUBMITTED = "submitted"
    """The reviewer's turn."""
    CLOSED = "closed"


class Occurrence(NamedTuple):
    """One period of one duty for one unit. A NamedTuple, because a round makes 100,000."""

    key: str
    """`plan/period/duty/unit`, for ever."""
    period: str
    subject: str
    """The period it is about (= period unless the duty says otherwise)."""
    unit: str
    opens_at: datetime
    due_at: datetime
    lapses_at: datetime | None
    provisional: bool
    late_by_entry: bool = False
    """Its activity was entered when it was due already: due at once, and flagged so."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What is frozen when tasks of one duty version open; shared by all of them, by digest."""

    digest: str
    plan: str
    version: int
    duty: str
    title: str
    kind: str
    department: str
    sources: tuple[Source, ...]
    evidence: tuple[Requirement, ...]
    steps: tuple[Step, ...]
    review: str
    reviewers: Mapping[str, str]
    """Who reviews instead, by responsible unit."""
    co_acting: tuple[str, ...]
    inform: tuple[str, ...]
    leader: str | None
    zero_report: bool
    weight: float
    coverage_roster: str | None
    coverage_target: float
    late_joiners: LateJoiners | None
    coverage: Mapping[str, tuple[Member, ...]]
    """Roster snapshot by unit: the members to be covered (empty where nothing is)."""
    counts: Mapping[str, int]
    """Roster snapshot by unit where only head counts are declared."""
    assumed: tuple[str, ...]
    """Keys whose values the office chose, not the plan."""


@dataclass(frozen=True, slots=True)
class Task:
    """One matter in hand (督办事项), as the index over its facts says."""

    id: int
    key: str
    plan: str
    period: str
    subject: str
    duty: str
    unit: str
    promise: str
    event: str | None
    opens_at: datetime
    due_at: datetime
    original_due_at: datetime
    lapses_at: datetime | None
    opened_at: datetime
    state: State
    attempt: int
    """How many submissions so far."""
    submitted_at: datetime | None
    round: int
    """How many extensions and reopenings there were: the ladder runs once per round."""
    step: int
    """Index of the next unit-side step (base opened or due) in ladder order."""
    review_step: int
    """Index of the next reviewer-side step (base submitted) for the current attempt."""
    wake_at: datetime | None
    closed_at: datetime | None
    outcome: str
    """accepted, waived, lapsed, or empty while open."""
    provisional: bool
    late_by_system: bool


class Standing(StrEnum):
    """Derived from facts and now; the colours of the light are 绿 黄 红."""

    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    UNDER_REVIEW = "under_review"
    DONE = "done"
    DONE_LATE = "done_late"
    WAIVED = "waived"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Outage:
    """We were down: no reconcile ran after `since` and before `until`."""

    since: datetime
    until: datetime


class Tell(NamedTuple):
    """A ladder step that has come due for a task. A NamedTuple, because a round makes 10,000."""

    step: Step
    at: datetime
    """When it should have been told."""
    to: tuple[Role, ...]
    late_by_system: bool


class Advance(NamedTuple):
    """What a woken task needs: the pure answer of `ladder.advance`.

    Carried out in this order: `move_due_to`, then `tells`, then `lapse`.
    """

    tells: tuple[Tell, ...]
    move_due_to: datetime | None
    lapse: bool
    wake_at: datetime | None
    step: int
    review_step: int
    unknown: bool = False
    """The next step lies beyond the calendars' data: the office must import the coming year."""


@dataclass(frozen=True, slots=True)
class Event:
    """An incident (事件) as reported; marks are the moments known so far.

    `fields` are by field id; private ones never leave the office and the unit.
    """

    id: str
    plan: str
    type: str
    unit: str
    fields: Mapping[str, Any]
    marks: Mapping[str, datetime]
    """发生, 知悉, 报告, 首报, 结案, … -> instant."""
    reported_at: datetime
    closed_at: datetime | None = None
    former: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    """The values that were corrected, by field id, oldest first; the private ones too."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the record. `body` holds ints, strings, booleans, lists and maps of them only."""

    task: str | None
    key: str
    kind: FactKind
    at: datetime
    by: str
    body: Mapping[str, Any]
    seq: int = 0
