"""Inspections as a person sees them: the list, one with its sample and findings, one finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from inspections.finding import Finding, FindingState, repeats
from office.inspecting import Doer, finding_of, sees
from office.inspection_file import (
    Inspected,
    InspectionFile,
    file_of,
    files_in,
    looks_at,
    standing_of,
    unknown,
)
from office.ledger import Row, row_of
from office.matters import find, matter
from office.workplace import InForce, in_force
from responsibilities.calendars.clock import Clock
from responsibilities.rectification import finding_type
from responsibilities.tasks import State
from responsibilities.words import Language, Refused
from storage.engine import reading


@dataclass(frozen=True, slots=True)
class Item:
    """One task of the sample, and what was said of it."""

    number: int
    row: Row
    inspected: Inspected | None


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding with how far it has come."""

    finding: Finding
    unit: str
    state: FindingState
    task: Row | None
    """Its rectification, once it is ordered."""
    earlier: Finding | None
    """The same problem before, that had been struck off."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One inspection in the list."""

    file: InspectionFile
    done: int
    """Items with a verdict."""
    struck_off: int


@dataclass(frozen=True, slots=True)
class InspectionList:
    """What somebody may know of: the newest first."""

    inspections: tuple[Listed, ...]
    looks: tuple[Row, ...]
    """Looking back that is to be done (回头看), the first due first."""
    repeats: tuple[Problem, ...]
    clock: Clock


@dataclass(frozen=True, slots=True)
class InspectionView:
    """One inspection with everything on its page."""

    file: InspectionFile
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]
    names: Mapping[str, str]
    """Of units and duties, by id."""
    severities: tuple[str, ...]
    plan_title: str
    office: str
    clock: Clock


def list_inspections(
    db: Engine, plan: str, doer: Doer, now: datetime, language: Language = "zh"
) -> InspectionList:
    """The inspections of a plan that `doer` may know of."""
    with reading(db) as connection:
        place = in_force(connection, plan)
        known = files_in(connection, place)
        mine = [one for one in known if sees(one, doer)]
        shown = [_problem(connection, place, one, known, now, language) for one in _all(mine)]
        looks = [
            row_of(matter(connection, task), now, language)
            for one in _all(mine)
            if one.event
            for task in looks_at(connection, place, one.event)
            if task.state is not State.CLOSED
        ]
    return InspectionList(
        tuple(
            Listed(one, len(one.inspected), sum(1 for f in one.findings if f.closed_at))
            for one in reversed(mine)
        ),
        tuple(sorted(looks, key=lambda row: row.due_at)),
        tuple(one for one in shown if one.earlier is not None),
        place.clock,
    )


def show_inspection(
    db: Engine, plan: str, id_: str, doer: Doer, now: datetime, language: Language = "zh"
) -> InspectionView:
    """One inspection; Refused, as if it were not there, for whoever may not know of it."""
    with reading(db) as connection:
        place = in_force(connection, plan)
        file = file_of(connection, place, id_)
        if not sees(file, doer):
            raise Refused(unknown(id_))
        known = [one for one in files_in(connection, place) if sees(one, doer)]
        items = [
            Item(n, row_of(find(connection, key), now, language), file.inspected.get(n))
            for n, key in enumerate(file.sample, 1)
        ]
        problems = [_problem(connection, place, f, known, now, language) for f in file.findings]
    kind = finding_type(place.plan)
    names = {unit.id: unit.name for unit in place.plan.units}
    names |= {duty.id: duty.title for duty in place.plan.duties}
    office = names.get(place.plan.office, "")
    return InspectionView(
        file, tuple(items), tuple(problems), names, kind.finding if kind else (),
        place.plan.title, office, place.clock,
    )  # fmt: skip


def problem_of(view: InspectionView, number: int) -> Problem:
    """One finding of the page; Refused where there is none of that number."""
    finding_of(view.file, number)
    return next(one for one in view.problems if one.finding.number == number)


def _all(files: list[InspectionFile]) -> list[Finding]:
    return [finding for one in files for finding in one.findings]


def _problem(
    connection: Connection, place: InForce, finding: Finding, known: list[InspectionFile],
    now: datetime, language: Language,
) -> Problem:  # fmt: skip
    state, task = standing_of(connection, place, finding)
    row = row_of(matter(connection, task), now, language) if task else None
    again = [one.earlier for one in repeats(_all(known)) if one.finding == finding]
    unit = next((u.name for u in place.plan.units if u.id == finding.unit), finding.unit)
    return Problem(finding, unit, state, row, again[0] if again else None)
