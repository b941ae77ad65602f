"""The plan in force as the studio's first page shows it, and where its draft stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from office.studio import compile_files
from office.workplace import in_force
from responsibilities.coverage import Sentence, coverage
from responsibilities.language.checks import assumptions, questions
from responsibilities.plan import EVENT_UNIT, Plan
from responsibilities.problem import Severity
from storage import plan_drafts, plans
from storage.engine import reading
from storage.plan_drafts import Draft


@dataclass(frozen=True, slots=True)
class Overview:
    """The plan in force and where its draft stands."""

    plan: Plan
    version: int
    adopted_at: datetime
    adopted_by: str
    sentences: Mapping[str, int]
    """Sentences of the plan's text by what became of them."""
    uncovered: tuple[Sentence, ...]
    questions: tuple[tuple[str, str], ...]
    """Title of the duty, what the office has to answer."""
    assumed: int
    draft: Draft | None
    errors: int
    warnings: int
    behind: bool
    """Another version took force after the draft was begun."""
    kept: bool
    """The version in force has its files, so a draft can be begun."""


def overview(db: Engine, plan: str) -> Overview:
    """The plan in force; Refused where it is not adopted."""
    with reading(db) as connection:
        place = in_force(connection, plan)
        stored = plans.current(connection, plan)
        assert stored is not None
        draft = plan_drafts.find(connection, plan)
        kept = plans.source(connection, plan, stored.version) is not None
        found = compile_files(connection, draft.files).problems if draft else ()
    proof = coverage(place.plan)
    counted: dict[str, int] = {}
    for one in proof.sentences:
        counted[one.outcome.value] = counted.get(one.outcome.value, 0) + 1
    titles = {duty.id: duty.title for duty in place.plan.duties}
    errors = sum(problem.severity is Severity.ERROR for problem in found)
    return Overview(
        place.plan, stored.version, stored.adopted_at, stored.adopted_by, counted,
        tuple(one for one in proof.sentences if one.uncovered),
        tuple((titles.get(duty, duty), said) for duty, said in questions(place.plan)),
        len(list(assumptions(place.plan))), draft, errors, len(found) - errors,
        draft is not None and draft.base != stored.version, kept,
    )  # fmt: skip


def holders(plan: Plan | None) -> dict[str, str]:
    """Id of each duty -> the units that it is for, said in one line."""
    if plan is None:
        return {}
    names = {unit.id: unit.name for unit in plan.units} | {EVENT_UNIT: "事发单位"}
    return {
        duty.id: "、".join(names.get(unit, unit) for unit in duty.responsible)
        for duty in plan.duties
    }
