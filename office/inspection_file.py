"""An inspection as its facts tell it: terms, population, draw, verdicts and findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from inspections.finding import Finding, FindingState, state_of
from inspections.inspection import Scope, Terms, Verdict
from inspections.sampling import By, Stratum
from office.workplace import InForce
from responsibilities.rectification import about_findings, looks_back, rectifies
from responsibilities.tasks import Fact, FactKind, Task
from responsibilities.words import Refused, Words
from storage import facts, tasks
from storage.instants import instant


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that an inspector took; the bytes are among the evidence, by SHA-256."""

    sha256: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was said of one task of the sample; what was said last holds."""

    item: int
    verdict: Verdict
    note: str
    photos: tuple[Photo, ...]
    """Of this and all earlier looks at the task."""
    at: datetime
    by: str
    times: int
    """How often it was looked at."""


@dataclass(frozen=True, slots=True)
class InspectionFile:
    """One inspection, from the record alone."""

    id: str
    plan: str
    terms: Terms
    opened_at: datetime
    by: str
    population: tuple[Stratum, ...]
    digest: str
    commitment: str
    announced_at: datetime | None = None
    drawn_at: datetime | None = None
    public_number: str = ""
    secret: str = ""
    """The half of the seed that was sealed; revealed with the draw."""
    sample: tuple[str, ...] = ()
    """Keys of the tasks drawn; an item is its place, from 1."""
    inspected: Mapping[int, Inspected] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def size(self) -> int:
        """Of the population."""
        return sum(len(one.tasks) for one in self.population)

    def hidden(self) -> bool:
        """Whether only those who inspect may know of it."""
        return self.terms.unannounced and self.announced_at is None


def prefix_of(plan: str, inspection: str = "") -> str:
    """Where the facts of an inspection, or of all of a plan, stand in the record."""
    return f"{plan}/inspection/{inspection}/" if inspection else f"{plan}/inspection/"


def file_of(connection: Connection, place: InForce, inspection: str) -> InspectionFile:
    """One inspection; Refused where the plan has none of that number."""
    found = files_in(connection, place, prefix_of(place.plan.id, inspection))
    if not inspection or "/" in inspection or not found:
        raise Refused(unknown(inspection))
    return found[0]


def unknown(inspection: str) -> Words:
    """The same sentence for what is not there and for what somebody may not know of."""
    return Words(f"没有检查“{inspection}”。", f"There is no inspection “{inspection}”.")


def files_in(connection: Connection, place: InForce, prefix: str = "") -> list[InspectionFile]:
    """Every inspection of the plan, in the order they were opened."""
    told: dict[str, list[Fact]] = {}
    for fact in facts.without_task(connection, prefix or prefix_of(place.plan.id)):
        told.setdefault(fact.body["inspection"], []).append(fact)
    return [_read(connection, place, known) for known in told.values()]


def rectifications(connection: Connection, place: InForce, event: str) -> list[Task]:
    """The tasks by which a finding is put right, in the order they opened."""
    ids = {duty.id for duty in about_findings(place.plan) if rectifies(duty)}
    return [task for task in tasks.of_event(connection, event) if task.duty in ids]


def looks_at(connection: Connection, place: InForce, event: str) -> list[Task]:
    """The tasks by which is looked back at a finding (回头看)."""
    ids = {duty.id for duty in about_findings(place.plan) if looks_back(duty)}
    return [task for task in tasks.of_event(connection, event) if task.duty in ids]


def standing_of(
    connection: Connection, place: InForce, finding: Finding
) -> tuple[FindingState, Task | None]:
    """How far a finding has come, and the task that tells it: of several, one still in hand."""
    mine = rectifications(connection, place, finding.event) if finding.event else []
    if not mine:
        return state_of(None, False), None
    task = next((one for one in mine if one.closed_at is None), mine[-1])
    known = facts.of_task(connection, task.key)
    returned = any(one.kind in (FactKind.RETURNED, FactKind.REOPENED) for one in known)
    return state_of(task, returned), task


def _read(connection: Connection, place: InForce, known: Iterable[Fact]) -> InspectionFile:
    by_kind: dict[FactKind, list[Fact]] = {}
    for fact in known:
        by_kind.setdefault(fact.kind, []).append(fact)
    opened = by_kind[FactKind.INSPECTION_OPENED][0]
    drawn = next(iter(by_kind.get(FactKind.INSPECTION_DRAWN, ())), None)
    announced = next(iter(by_kind.get(FactKind.INSPECTION_ANNOUNCED, ())), None)
    body, told = opened.body, drawn.body if drawn else {}
    ordered = {f.body["finding"]: f for f in by_kind.get(FactKind.FINDING_ORDERED, ())}
    return InspectionFile(
        body["inspection"], place.plan.id, _terms(body), opened.at, opened.by,
        tuple(Stratum(one["unit"], one["duty"], tuple(one["tasks"])) for one in body["strata"]),
        body["digest"], body["commitment"], announced.at if announced else None,
        drawn.at if drawn else None, told.get("public_number", ""), told.get("secret", ""),
        tuple(told.get("sample", ())), _inspected(by_kind.get(FactKind.INSPECTED, ())),
        tuple(
            _finding(connection, place, fact, ordered.get(fact.body["finding"]))
            for fact in by_kind.get(FactKind.FINDING_REGISTERED, ())
        ),
    )  # fmt: skip


def _terms(body: Mapping[str, Any]) -> Terms:
    days = date.fromisoformat(body["first"]), date.fromisoformat(body["last"])
    people = {str(one["address"]): str(one["name"]) for one in body["inspectors"]}
    return Terms(
        str(body["title"]), Scope(tuple(body["units"]), tuple(body["duties"]), *days), people,
        instant(body["since"]), instant(body["until"]), body["count"],
        tuple(By(one) for one in body["by"]), body["unannounced"],
    )  # fmt: skip


def _inspected(told: Iterable[Fact]) -> dict[int, Inspected]:
    found: dict[int, Inspected] = {}
    for fact in told:
        body, before = fact.body, found.get(fact.body["item"])
        new = tuple(Photo(p["sha256"], str(p["name"]), p["size"]) for p in body["photos"])
        photos = (*(before.photos if before else ()), *new)
        found[body["item"]] = Inspected(
            body["item"], Verdict(body["verdict"]), str(body["note"]), photos, fact.at, fact.by,
            before.times + 1 if before else 1,
        )  # fmt: skip
    return found


def _finding(connection: Connection, place: InForce, told: Fact, ordered: Fact | None) -> Finding:
    body = told.body
    event = ordered.body["event"] if ordered else None
    mine = rectifications(connection, place, event) if event else []
    ended = [one.closed_at for one in mine if one.closed_at and one.outcome == "accepted"]
    return Finding(
        body["inspection"], body["finding"], body["unit"], body["duty"], str(body["clause"]),
        str(body["fact"]), str(body["demand"]), body["severity"], tuple(body["evidence"]),
        body["item"] or None, told.at, told.by, event,
        max(ended) if mine and len(ended) == len(mine) else None,
    )  # fmt: skip
