"""Score sheets (考核评分表) as the record has them today: nothing is written, nothing is final."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, Engine

from inspections.assessment import Happening, Material, Sheet, TaskRecord, grades, sheet
from office.inspection_file import files_in, prefix_of
from office.matters import Matter, matter
from office.progress import progress
from office.workplace import InForce, only_plan
from responsibilities.assessments import FULL, POINT, Assessment
from responsibilities.language.compile_assessments import hundredths
from responsibilities.plan import EvidenceKind
from responsibilities.tasks import FactKind, State, Task
from responsibilities.words import Refused, Words
from storage import events, facts, tasks
from storage.engine import reading


@dataclass(frozen=True, slots=True)
class ScoreSheets:
    """One assessment over one year: a sheet for each unit, in the plan's order."""

    assessment: Assessment
    first: date
    last: date
    sheets: tuple[Sheet, ...]
    grades: Mapping[str, str]
    """By unit; as long as a sheet is not final, so is no grade."""
    units: Mapping[str, str]
    """Names by id, of raters too."""
    numbers: Mapping[str, int]
    """Of the tasks that cost something, by key."""


def score_sheets(
    db: Engine, plan: str | None, assessment: str | None, year: int, now: datetime
) -> ScoreSheets:
    """The sheets of the year (of the academic year that begins in it) from the record up to now.

    Refused where the plan has no such assessment, or the school calendar no such year.
    """
    with reading(db) as connection:
        place = only_plan(connection, plan)
        rules = _chosen(place, assessment)
        first, last = _span(place, rules, year)
        bounds = place.clock.at(first, time()), place.clock.at(last + timedelta(1), time())
        held = _material(connection, place, (bounds[0], min(bounds[1], now)))
        found = tuple(sheet(rules, unit, held.get(unit, Material())) for unit in rules.units)
        numbers = {
            cost.task: task.id
            for one in found for line in one.lines for cost in line.costs
            if cost.task and (task := tasks.by_key(connection, cost.task)) is not None
        }  # fmt: skip
    names = {post.id: post.name for post in place.plan.posts}
    names |= {unit.id: unit.name for unit in place.plan.units}
    return ScoreSheets(rules, first, last, found, grades(rules, found), names, numbers)


def _chosen(place: InForce, wanted: str | None) -> Assessment:
    known = place.plan.assessments
    for one in known:
        if wanted in (one.id, one.name) or (wanted is None and len(known) == 1):
            return one
    listed = "、".join(one.name for one in known) or "（无）"
    raise Refused(
        Words(f"请指明年度考核，方案中有：{listed}。", f"Name the assessment; there is: {listed}.")
    )


def _span(place: InForce, rules: Assessment, year: int) -> tuple[date, date]:
    if not rules.academic:
        return date(year, 1, 1), date(year, 12, 31)
    school = place.plan.school
    for one in school.academic_years() if school else ():
        if one.first.year == year:
            return one.first, one.last
    raise Refused(Words(f"校历中没有自{year}年起的学年。", f"No academic year begins in {year}."))


Bounds = tuple[datetime, datetime]


def _material(connection: Connection, place: InForce, within: Bounds) -> dict[str, Material]:
    """What each unit's sheet is made from."""
    plan = place.plan
    vacant = {unit.id for unit in plan.units if not unit.mailboxes}
    done: dict[str, list[TaskRecord]] = {}
    for task in tasks.due_within(connection, plan.id, *within):
        about = matter(connection, task, {plan.id: place})
        done.setdefault(task.unit, []).append(_record(connection, about, task.unit in vacant))
    found: dict[str, list[Happening]] = {}
    for unit, happening in _findings(connection, place, within):
        found.setdefault(unit, []).append(happening)
    reported: dict[str, list[Happening]] = {}
    for unit, happening in _incidents(connection, place, within):
        reported.setdefault(unit, []).append(happening)
    return {
        unit.id: Material(
            tuple(done.get(unit.id, ())), tuple(found.get(unit.id, ())),
            tuple(reported.get(unit.id, ())),
        )
        for unit in plan.units
    }  # fmt: skip


def _record(connection: Connection, about: Matter, vacant: bool) -> TaskRecord:
    """One task; time that we or an empty post took is spared where it would cost."""
    task, known = about.task, facts.of_task(connection, about.task.key)
    there = progress(about, known)
    done = task.state is State.SUBMITTED or task.outcome == "accepted"
    late = _late(task)
    counted = there.counted
    return TaskRecord(
        key=task.key,
        duty=task.duty,
        weight=hundredths(about.promise.weight),
        done=done,
        late=late,
        spared=vacant or task.outcome in ("waived", "lapsed")
        or (task.late_by_system and (late or not done)),
        returned=tuple(fact.seq for fact in known if fact.kind is FactKind.RETURNED),
        covered=counted[0] * FULL // counted[1] if counted and counted[1] else None,
        target=hundredths(there.target * 100),
        figures=tuple(
            (line.name, hundredths(float(there.values[line.id])))
            for line in there.checklist
            if line.kind is EvidenceKind.NUMBER and line.id in there.values
        ),
        facts=tuple(f.seq for f in known if f.kind in (FactKind.OPENED, FactKind.SUBMITTED)),
    )  # fmt: skip


def _late(task: Task) -> bool:
    return task.submitted_at is not None and task.submitted_at > task.due_at


def _findings(
    connection: Connection, place: InForce, within: Bounds
) -> Iterator[tuple[str, Happening]]:
    """Registered within the year; those of an inspection not announced yet are not shown."""
    hidden = {file.id for file in files_in(connection, place) if file.hidden()}
    for fact in facts.without_task(connection, prefix_of(place.plan.id)):
        if fact.kind is not FactKind.FINDING_REGISTERED or fact.body["inspection"] in hidden:
            continue
        if within[0] <= fact.at < within[1]:
            name = f"{fact.body['inspection']}-{fact.body['finding']:02}"
            kind, duty = fact.body["severity"], fact.body["duty"]
            yield fact.body["unit"], Happening(name, kind, (fact.seq,), duty)


def _incidents(
    connection: Connection, place: InForce, within: Bounds
) -> Iterator[tuple[str, Happening]]:
    for event in events.of_plan(connection, place.plan.id):
        if within[0] <= event.reported_at < within[1]:
            told = facts.without_task(connection, f"{event.plan}/event/{event.id}/reported")
            seqs = tuple(fact.seq for fact in told)
            yield event.unit, Happening(event.id, event.type, seqs)


def say_points(points: int) -> str:
    """97.5 for 9750 hundredths."""
    whole, rest = divmod(points, POINT)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)
