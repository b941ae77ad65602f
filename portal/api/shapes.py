"""The JSON that comes in and goes out. Instants have an offset (RFC 3339); days are ISO dates."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from inspections.signals import Piece, Signal
from office.ledger import Detail, Row
from office.nudging import Nudged
from office.receive import Receipt
from responsibilities.tasks import Event, Fact, Task

MOST = 2**31 - 1
"""The largest number that both databases hold in an INTEGER."""


def _plain(text: str) -> str:
    """No control character and no half of a surrogate pair: no database or letter holds those."""
    if any((c < " " and c not in "\n\t") or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("control characters")
    return text


def _in_our_time(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2100:
        raise ValueError("beyond any plan")
    return at.astimezone(UTC)


Text = Annotated[str, Field(max_length=2000), AfterValidator(_plain)]
Moment = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Number = Annotated[int, Path(ge=1, le=MOST)]
IncidentId = Annotated[str, Path(pattern=r"^E[0-9]{4}-[0-9]{4,9}$")]
Before = Annotated[int | None, Query(ge=1, le=MOST)]


class Shape(BaseModel):
    """What comes in has no key that nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Accept(Shape):
    note: Text = ""


class Return(Shape):
    reason: Text
    due_at: Moment | None = None


class Extend(Shape):
    due_at: Moment
    reason: Text = ""


class Waive(Shape):
    reason: Text


class Reasoned(Shape):
    reason: Text


class Reopen(Shape):
    due_at: Moment
    reason: Text


class Nudge(Shape):
    remark: Text = ""


class NudgeMissing(Shape):
    plan: Text
    duty: Text
    period: Text
    remark: Text = ""


class MoreTime(Shape):
    until: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
    reason: Text


class HandOver(Shape):
    to: Literal["contact", "deputy", "head"]
    note: Text = ""


class LateReport(Shape):
    reason: Text
    second_signer: Text
    phoned_at: Moment | None = None


class NewIncident(Shape):
    plan: Text
    type: Text
    unit: Text
    fields: dict[Text, Text]
    known_at: Moment
    happened_at: Moment | None = None
    late: LateReport | None = None


class NewMark(Shape):
    name: Text
    at: Moment


class Correction(Shape):
    fields: dict[Text, Text] = {}
    times: dict[Text, Moment] = {}
    reason: Text


class TaskShape(BaseModel):
    number: int
    label: str
    key: str
    plan: str
    duty: str
    unit: str
    unit_name: str
    title: str
    period: str
    state: str
    standing: str
    opened_at: datetime
    due_at: datetime
    original_due_at: datetime
    submitted_at: datetime | None
    closed_at: datetime | None
    outcome: str


class TaskPage(BaseModel):
    tasks: list[TaskShape]
    next: int | None
    """`before` of the next page; null on the last."""


class FactShape(BaseModel):
    seq: int
    task: str | None
    key: str
    kind: str
    at: datetime
    by: str
    body: dict[str, Any]


class FactPage(BaseModel):
    facts: list[FactShape]
    next: int
    """`since` of the next page; the same as asked where there is nothing new."""


class FileShape(BaseModel):
    attempt: int
    line: str
    name: str
    sha256: str
    size: int
    media_type: str
    at: datetime


class LineShape(BaseModel):
    name: str
    there: bool


class TaskDetail(TaskShape):
    checklist: list[LineShape]
    covered: tuple[int, int] | None
    uncovered: list[str]
    reviewer: str
    next_step: str
    evidence: list[FileShape]
    facts: list[FactShape]


class ReceiptShape(BaseModel):
    number: str
    key: str
    attempt: int
    state: str
    complete: bool
    checklist: list[LineShape]
    missing: list[str]
    uncovered: list[str]
    review_due: datetime | None
    repeated: bool


class StateShape(BaseModel):
    number: int
    key: str
    state: str
    due_at: datetime
    outcome: str


class NudgedShape(BaseModel):
    told: list[str]
    before: list[str]
    """Still missing, but reminded earlier today."""
    done: int


class PieceShape(BaseModel):
    task: int
    unit: str
    name: str
    sha256: str
    at: datetime
    says: tuple[date, date] | None
    """The first and the last day that the file names for itself."""
    period: tuple[date, date] | None


class SignalShape(BaseModel):
    kind: str
    what: str
    tasks: list[int]
    units: list[str]
    at: datetime
    pieces: list[PieceShape]


class LogShape(BaseModel):
    schema_: Annotated[str, Field(alias="schema")]
    query: str
    as_of: datetime
    facts: int
    checkpoint: str | None
    total: int
    tasks: list[dict[str, Any]]


class SignalList(BaseModel):
    signals: list[SignalShape]


class IncidentShape(BaseModel):
    id: str
    plan: str
    type: str
    unit: str
    marks: dict[str, datetime]
    tasks: list[int]


class CheckpointShape(BaseModel):
    origin: str
    size: int
    root: str
    note: str


class ProblemShape(BaseModel):
    type: str
    title: str
    status: int
    detail: str
    zh: str
    en: str
    errors: list[dict[str, str]] = []


def of_row(row: Row) -> dict[str, Any]:
    """The keys of TaskShape."""
    task = row.task
    kept = ("key", "plan", "duty", "unit", "opened_at", "submitted_at", "closed_at", "outcome")
    return {name: getattr(task, name) for name in kept} | {
        "number": task.id,
        "label": row.number,
        "unit_name": row.unit,
        "title": row.title,
        "period": row.period,
        "state": task.state.value,
        "standing": row.standing.value,
        "due_at": row.due_at,
        "original_due_at": row.original_due_at,
    }


def of_detail(found: Detail) -> TaskDetail:
    """All of one task."""
    kept = ("attempt", "name", "sha256", "size", "media_type", "at")
    files = [{n: getattr(e, n) for n in kept} | {"line": e.requirement} for e in found.evidence]
    return TaskDetail(
        **of_row(found.row),
        checklist=[LineShape(name=name, there=there) for name, there in found.checklist],
        covered=found.covered,
        uncovered=list(found.uncovered),
        reviewer=found.reviewer,
        next_step=found.next_step,
        evidence=[FileShape(**one) for one in files],
        facts=[of_fact(fact) for fact in found.facts],
    )


def of_fact(fact: Fact) -> FactShape:
    """One row of the record."""
    return FactShape(
        seq=fact.seq, task=fact.task, key=fact.key, kind=fact.kind.value, at=fact.at, by=fact.by,
        body=dict(fact.body),
    )  # fmt: skip


def of_receipt(receipt: Receipt) -> ReceiptShape:
    """What was understood of a submission, and what is missing."""
    return ReceiptShape(
        number=receipt.number,
        key=receipt.key,
        attempt=receipt.attempt,
        state=receipt.state.value,
        complete=receipt.complete,
        checklist=[LineShape(name=name, there=there) for name, there in receipt.checklist],
        missing=list(receipt.missing),
        uncovered=list(receipt.uncovered),
        review_due=receipt.review_due,
        repeated=receipt.repeated,
    )


def of_task(task: Task) -> StateShape:
    """How a task stands after an act."""
    return StateShape(
        number=task.id, key=task.key, state=task.state.value, due_at=task.due_at,
        outcome=task.outcome,
    )  # fmt: skip


def of_nudged(done: Nudged) -> NudgedShape:
    """Who was reminded."""
    return NudgedShape(told=list(done.told), before=list(done.before), done=done.done)


def of_signal(found: Signal) -> SignalShape:
    """Something that was noticed, with what it was noticed by."""
    return SignalShape(
        kind=found.kind.value, what=found.what, tasks=list(found.tasks), units=list(found.units),
        at=found.at, pieces=[_of_piece(piece) for piece in found.pieces],
    )  # fmt: skip


def _of_piece(piece: Piece) -> PieceShape:
    return PieceShape(
        task=piece.task, unit=piece.unit, name=piece.name, sha256=piece.sha256, at=piece.at,
        says=piece.days, period=piece.period,
    )  # fmt: skip


def of_event(event: Event, numbers: list[int]) -> IncidentShape:
    """An incident without its fields, some of which are private."""
    return IncidentShape(
        id=event.id, plan=event.plan, type=event.type, unit=event.unit, marks=dict(event.marks),
        tasks=numbers,
    )  # fmt: skip
