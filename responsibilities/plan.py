"""The compiled plan: what should be, as frozen values. Made by `compile_plan`, used by all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from responsibilities.assessments import Assessment
from responsibilities.calendars.clock import OfficeHours
from responsibilities.calendars.dates import Span
from responsibilities.calendars.school import SchoolCalendar
from responsibilities.rhythm import Moment, Rhythm, Surge, Varied, When


class Kind(StrEnum):
    """What sort of duty; policy and metric stand in the matrix and never become a task."""

    RECURRING = "recurring"
    STANDING = "standing"
    EVENT = "event"
    ONCE = "once"
    POLICY = "policy"
    METRIC = "metric"


class Role(StrEnum):
    """A post that a letter can be addressed to; never a person."""

    DELEGATE = "delegate"
    """The post within a unit that answers for a part of its task (see `delegation`)."""
    CONTACT = "contact"
    DEPUTY = "deputy"
    HEAD = "head"
    LEADER = "leader"
    OFFICE = "office"
    DEPUTY_GROUP_LEADER = "deputy_group_leader"
    GROUP_LEADER = "group_leader"
    REVIEWER = "reviewer"
    """Whoever reviews the duty; resolved from the promise."""
    INFORMED = "informed"
    """The units a duty informs (通报)."""
    CO_ACTING = "co_acting"
    """The units that help with a duty (配合单位)."""


ROLE_WORDS: Mapping[str, Role] = {
    "联络员": Role.CONTACT,
    "副联络员": Role.DEPUTY,
    "负责人": Role.HEAD,
    "分管领导": Role.LEADER,
    "办公室": Role.OFFICE,
    "副组长": Role.DEPUTY_GROUP_LEADER,
    "组长": Role.GROUP_LEADER,
    "审核人": Role.REVIEWER,
    "知会单位": Role.INFORMED,
    "配合单位": Role.CO_ACTING,
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A department, college or other body that can hold duties; `order` as the institution lists.

    `mailboxes` maps a role (contact, deputy, head) to its address; a vacant post is absent.
    `leader` names the leadership post in charge (分管领导) in `Plan.posts`.
    """

    id: str
    name: str
    order: int
    mailboxes: Mapping[Role, str]
    leader: str | None = None
    phone: str = ""
    attributes: "tuple[Attribute, ...]" = ()


@dataclass(frozen=True, slots=True)
class Post:
    """A leadership post; `mailbox` is None while it is vacant."""

    id: str
    name: str
    mailbox: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A named list of units, e.g. 二级学院; already flattened, in the institution's order."""

    id: str
    name: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something about a unit or a member that decides how often it is asked (实验室等级)."""

    name: str
    values: tuple[tuple[date | None, str], ...]
    """From which day on which value, in order; None: since ever."""


@dataclass(frozen=True, slots=True)
class Member:
    """One name on a roster, and the days it is there, both included; None: no such limit."""

    name: str
    first: date | None = None
    last: date | None = None
    id: str = ""
    """What it is in keys where that is not its name."""
    valid_until: date | None = None
    """Until when what was done before the plan holds good (see `renewals`)."""
    last_done: date | None = None
    """Or when it was done."""
    attributes: tuple["Attribute", ...] = ()

    @property
    def key(self) -> str:
        """What names it for ever."""
        return self.id or self.name

    def on(self, day: date) -> bool:
        """Whether it is on the roster that day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Roster:
    """What full coverage is counted over: members by unit (classes, branches) or head counts."""

    id: str
    name: str
    as_of: date
    members: Mapping[str, tuple[Member, ...]]
    counts: Mapping[str, int]
    pairs_of: str = ""
    """Of a roster of pairs: the roster that their first halves come from."""


class Base(StrEnum):
    """From when a ladder step is counted."""

    OPENED = "opened"
    DUE = "due"
    SUBMITTED = "submitted"
    """For steps that chase the reviewer, not the unit."""
    TARGET = "target"
    """目标日 of a rhythm like 每3至6个月: so much before the due date as the latest lies behind the
    target; `openings.ladder_of` puts that in its place, or leaves the step out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: when, to whom, with which notice and colour.

    `offset` is signed in `moment.unit`; `fraction` (0..1 of the window still left) replaces it
    where given. `until` limits nothing: a step stays due until told or the task is closed.
    """

    id: str
    """Stable inside the ladder: “1”, “2”, …"""
    base: Base
    offset: int
    unit: str
    """A `clock.Unit` value."""
    fraction: float | None
    working: bool
    """For `fraction`: is the window counted in working time."""
    to: tuple[Role, ...]
    notice: str
    """The name of the notice as the institution calls it, e.g. 黄色预警通知单."""
    letter: str
    """The letter kind (template folder): opened, reminder, overdue, escalated, review."""
    colour: str = ""
    """蓝, 黄, 橙, 红 or empty."""
    urgent: bool = False
    text: str = ""
    """The step as the office wrote it, e.g. 逾期3个工作日."""


@dataclass(frozen=True, slots=True)
class Ladder:
    id: str
    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A clause of the plan and the sentence quoted from it, verbatim."""

    clause: str
    section: str
    quote: str


class Disposition(StrEnum):
    """What became of a clause of the plan's text."""

    DUTY = "duty"
    POLICY = "policy"
    METRIC = "metric"
    RHETORIC = "rhetoric"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence (or part) of the plan's text and what became of it."""

    id: str
    section: str
    quote: str
    disposition: Disposition
    merged_into: str | None = None
    """The clause whose duties cover this one too."""
    note: str = ""
    span: tuple[int, int] = (0, 0)
    """Where the quote stands in the normalised text (see `quotes`)."""


class EvidenceKind(StrEnum):
    FILE = "file"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    SIGNERS = "signers"
    DURATION = "duration"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One line of the evidence checklist (材料清单)."""

    id: str
    kind: EvidenceKind
    name: str
    kinds: tuple[str, ...] = ()
    """File endings that are accepted; empty means any."""
    minimum: int = 1
    """Files, signers: how many at least. Numbers: the least value. Durations: minutes at least."""
    optional: bool = False
    maximum: int | None = None
    """Numbers: the greatest value."""
    choices: tuple[str, ...] = ()
    within: bool = False
    """Dates and durations: they lie inside the period that the task is about."""


@dataclass(frozen=True, slots=True)
class LateJoiners:
    """Until when who joins a roster still counts for the period, from its opening or its due date.

    `number` units after the opening, or before the due date; None: nobody does any more.
    """

    base: Base
    number: int | None
    unit: str
    """A `clock.Unit` value of a day or longer."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """全覆盖: which roster, and what share of it must be reached (1.0 = all)."""

    roster: str
    target: float
    late_joiners: LateJoiners | None = None
    """None: who joins up to the due date counts."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so much: 每4小时."""

    number: int
    unit: str
    """A `clock.Unit` value."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One report of a staged event duty: 首报, 续报, 终报."""

    id: str
    name: str
    due: Moment
    repeat: Interval | None = None
    """How often it is reported again, from the first due date on, until the event is closed."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`field op value`, all of which must hold for an event duty to apply."""

    field: str
    op: str
    value: str


class FieldKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    UNIT = "unit"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class EventField:
    id: str
    name: str
    kind: FieldKind
    required: bool = True
    choices: tuple[str, ...] = ()
    private: bool = False
    """Never in mail, logs, Prefect or error pages."""
    minimum: int | None = None
    maximum: int | None = None
    """Numbers: the least and the greatest value."""


@dataclass(frozen=True, slots=True)
class EventType:
    id: str
    name: str
    fields: tuple[EventField, ...]
    urgent: bool = False
    units: tuple[str, ...] = ()
    """Unit ids: where alone it can happen; empty for anywhere."""
    ahead: bool = False
    """Entered before it takes place (活动): its day is given with the report."""
    finding: tuple[str, ...] = ()
    """Of what inspections find (问题): the degrees of severity; empty for any other event."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value the plan's text does not state: which key, and why it was chosen."""

    key: str
    reason: str


class Share(NamedTuple):
    """So many, or so many percent."""

    number: int
    percent: bool


@dataclass(frozen=True, slots=True)
class Draw:
    """不定期、双随机: so many days of each period, drawn by lot (see `draws`)."""

    rhythm: Rhythm
    """The periods within which days are drawn."""
    times: int = 1
    gap: int = 0
    """Days between two drawn days at least."""
    units: Share | None = None
    """How many of the responsible units each time; None for all."""
    inspectors: int = 0
    roster: str | None = None
    """Whose names the inspectors are drawn from."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """The outcome for one period: the days in order, and for each its units and inspectors."""

    period: str
    days: tuple[date, ...]
    units: tuple[tuple[str, ...], ...]
    inspectors: tuple[tuple[str, ...], ...]


EVENT_UNIT = "@event"
"""Responsible unit of an event duty that falls on whichever unit the event names (事发单位)."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A rule over consecutive periods: `metric` below `below` in each of the last `periods`."""

    metric: str
    """A `watching.Metric` value."""
    below: float
    periods: int
    to: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty (职责). `responsible` holds unit ids (or EVENT_UNIT): each must do its own."""

    id: str
    title: str
    kind: Kind
    department: str
    """The file it stands in, without ending: one Prefect deployment each."""
    sources: tuple[Source, ...]
    responsible: tuple[str, ...]
    co_acting: tuple[str, ...] = ()
    inform: tuple[str, ...] = ()
    leader: str | None = None
    rhythm: Rhythm | None = None
    varied: Varied | None = None
    """Where the rhythm depends on an attribute; `rhythm` is then the rarest of them."""
    when: When | None = None
    surges: tuple[Surge, ...] = ()
    """What replaces the rhythm in some seasons of the year (汛期加倍、冬防加密)."""
    window: str | None = None
    """The run-time window (敏感时期) outside which it is not asked for."""
    phase: str | None = None
    """The phase of the plan (集中整治阶段) outside which it is not asked for."""
    draw: Draw | None = None
    """Where its days are drawn; `rhythm` then is that of the periods."""
    drawn: tuple[Drawn, ...] = ()
    """What is drawn already; never part of an adopted plan (see `draws.with_draws`)."""
    subject: int = 0
    """Which period it is about: -1 = the previous one (月通报 of last month)."""
    event: str | None = None
    conditions: tuple[Condition, ...] = ()
    stages: tuple[Stage, ...] = ()
    """Where there are stages, `when.due` is that of the first."""
    evidence: tuple[Requirement, ...] = ()
    coverage: Coverage | None = None
    each: str | None = None
    """The roster whose members are asked one by one (see `holders`)."""
    zero_report: bool = False
    review: str = ""
    """Unit id or post id that reviews; the office by default."""
    reviewers: Mapping[str, str] = field(default_factory=dict)
    """Who reviews instead, by responsible unit: the unit that hosts the office, for one."""
    delegate: str | None = None
    """The sort of post (辅导员) within each unit that does its part of it."""
    ladder: str | None = None
    weight: float = 0
    assumed: tuple[Assumption, ...] = ()
    question: str = ""
    note: str = ""
    file: str = ""
    line: int = 0
    said: str = ""
    """Standing: the plan's word (常态化). Policy: the reason. Metric: what is measured."""
    on_change: Moment | None = None
    """Within what time after a change it is brought up to date (see `changes`)."""
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class RuntimeWindow:
    """A time that nobody knows when the plan is written (敏感时期): the office opens it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Delegate:
    """A post within a unit that answers for some of its classes: 护理学院2024级辅导员."""

    id: str
    name: str
    unit: str
    post: str
    """What duties call posts of this sort: 辅导员."""
    mailbox: str | None
    """None while it is vacant."""
    covers: Mapping[str, tuple[str, ...]]
    """By roster: the names of the unit that are this post's own."""


@dataclass(frozen=True, slots=True)
class OfficeHost:
    """The unit that the office sits in (办公室设在保卫处), and who reviews what those two do."""

    unit: str
    reviewed_by: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the plan with its days (动员部署阶段, 4月1日至4月20日), see `phases`."""

    id: str
    name: str
    days: Span


@dataclass(frozen=True, slots=True)
class Mechanism:
    """Duties that the plan's text calls by one name (周提醒、月通报、年考核), see `mechanisms`."""

    id: str
    name: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a round needs to know, compiled. `digest` is set by `snapshot`."""

    id: str
    title: str
    number: str
    issued: date
    in_force: date
    until: date | None
    zone: str
    hours: OfficeHours
    office: str
    """Unit id of the leadership group's office."""
    group_leader: str
    deputy_group_leader: str
    units: tuple[Unit, ...]
    posts: tuple[Post, ...]
    groups: tuple[Group, ...]
    rosters: tuple[Roster, ...]
    ladders: tuple[Ladder, ...]
    event_types: tuple[EventType, ...]
    clauses: tuple[Clause, ...]
    duties: tuple[Duty, ...]
    school: SchoolCalendar | None
    text: str = ""
    windows: tuple[RuntimeWindow, ...] = ()
    host: OfficeHost | None = None
    delegates: tuple[Delegate, ...] = ()
    phases: tuple[Phase, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    assessments: tuple[Assessment, ...] = ()
