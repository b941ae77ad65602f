"""Text in, plan out: read, check against the models, build the values, run the checks.

Everything that is wrong is reported at once. An entry with an error is left out of the plan, and
so is what rests on it; its good neighbours survive.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field

from responsibilities.calendars.school import SchoolCalendar, read_school
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.changes import with_changes
from responsibilities.language.checks import CHECKS, Context
from responsibilities.language.clause_language import ClauseText
from responsibilities.language.compile_assessments import assessments
from responsibilities.language.compile_bundles import mechanisms, phases
from responsibilities.language.compile_duties import clauses, duty
from responsibilities.language.compile_units import (
    delegates,
    events,
    groups,
    ladders,
    office_hours,
    posts,
    rosters,
    units,
)
from responsibilities.language.duty_language import DutyText, WindowText
from responsibilities.language.entries import PLACEHOLDERS, Draft, Finding, gather
from responsibilities.language.following import without_following
from responsibilities.language.ground import Ground
from responsibilities.language.institution_language import PlanText
from responsibilities.language.leaving_out import leave_out
from responsibilities.language.reading import read
from responsibilities.plan import OfficeHost, Plan, RuntimeWindow
from responsibilities.problem import Place, Problem, Severity
from responsibilities.quotes import Passage, normalise, spans
from responsibilities.sections import label_of, parts
from responsibilities.words import Words


@dataclass(frozen=True, slots=True)
class Compiled:
    """What came of the text: the plan (None when its `plan:` section is unusable) and problems.

    `places` says where each entry stands, by section and id: `duties/monthly-bulletin`.
    """

    plan: Plan | None
    problems: tuple[Problem, ...]
    places: Mapping[str, Place]
    unread: tuple[str, ...] = ()
    """Files with errors that belong to no entry: nobody can say which duties are missing."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The texts it came from, by name: adopted together with what they mean."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that left something out."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)


def compile_plan(files: Mapping[str, str], clock_years: WorkingDays) -> Compiled:
    """The plan that the files describe, and everything that is wrong with them. Never raises.

    `files`: text by name as the office sees it; `.yaml` files are read, the plan's own text is
    found beside them. `clock_years`: the national working days that dates may rely on.
    """
    document, problems = read(files)
    draft = gather(document)
    plan = _build(draft, files)
    context = Context(draft, clock_years, plan)
    for check in CHECKS:
        draft.findings.extend(check(plan, context))
    usable, left_out = leave_out(plan, draft)
    draft.findings.extend(left_out)
    found = sorted(
        {*problems, *(one.problem for one in without_following(draft.findings, bool(problems)))},
        key=lambda p: (p.place, p.severity, p.code, p.what),
    )
    broken_plan = draft.plan is None or _broken(draft, "plan")
    return Compiled(
        None if broken_plan else with_changes(usable),
        tuple(found),
        {owner: draft.place(owner) for owner in draft.paths},
        tuple(sorted({one.place.file for one in problems})),
        dict(files),
    )


def _broken(draft: Draft, owner: str) -> bool:
    return any(
        finding.owner == owner and finding.problem.severity is Severity.ERROR
        for finding in draft.findings
    )


def _build(draft: Draft, files: Mapping[str, str]) -> Plan:
    """Everything that could be read, errors included: what the checks look at."""
    head = _head(draft)
    text = _text(draft, head, files)
    listed_units = units(draft)
    listed_groups = groups(draft, listed_units)
    happenings = events(draft, listed_groups)
    listed_clauses = clauses(draft, _spans(draft, normalise(text), text))
    office = draft.names("units").get(head.office, head.office)
    host = _host(draft, head, office)
    ground = Ground.under(draft, listed_groups, happenings, listed_clauses, office, host)
    known_posts = draft.names("posts")
    return Plan(
        id=head.id,
        title=head.title,
        number=head.number,
        issued=head.issued,
        in_force=head.in_force or head.issued,
        until=head.until,
        zone=head.zone,
        hours=office_hours(draft, head.office_hours),
        office=office,
        group_leader=known_posts.get(head.leadership.group_leader, ""),
        deputy_group_leader=known_posts.get(head.leadership.deputy_group_leader, ""),
        units=listed_units,
        posts=posts(draft),
        groups=listed_groups,
        rosters=rosters(draft),
        ladders=ladders(draft),
        event_types=happenings,
        clauses=listed_clauses,
        duties=tuple(duty(entry, ground) for entry in draft.of(DutyText)),
        school=_school(draft),
        text=text,
        windows=tuple(RuntimeWindow(e.text.id, e.text.name) for e in draft.of(WindowText)),
        host=host,
        delegates=delegates(draft),
        phases=phases(draft),
        mechanisms=mechanisms(draft),
        assessments=assessments(draft, ground),
    )


def _head(draft: Draft) -> PlanText:
    """The `plan:` section; where there is none, that is noted and placeholders stand for it."""
    if draft.plan is None and "plan" not in draft.paths:
        what = Words(
            "缺少 plan: 一节（方案代号、名称、印发日期等）", "the `plan:` section is missing"
        )
        draft.note(("plan",), "no-plan", what)
    return draft.plan or PlanText.model_validate(PLACEHOLDERS[PlanText])


def _host(draft: Draft, head: PlanText, office: str) -> OfficeHost | None:
    """Where the office sits; what is unknown is left to the checks."""
    if head.office_host is None:
        return None
    units, posts = draft.names("units"), draft.names("posts")
    name = head.office_host.reviewed_by
    unit = units.get(head.office_host.unit, office)
    return OfficeHost(unit, units.get(name) or posts.get(name) or office)


def _text(draft: Draft, head: PlanText, files: Mapping[str, str]) -> str:
    """The plan's own text, from the file that stands beside the one with the `plan:` section."""
    if not head.text:
        return ""
    folder = draft.place("plan").file.rpartition("/")[0]
    name = f"{folder}/{head.text}" if folder else head.text
    found = files.get(name.replace("/./", "/").removeprefix("./"))
    if found is None:
        what = Words(f"找不到方案原文“{head.text}”", f"the plan's text “{head.text}” is not there")
        right = Words("请把原文放在同一文件夹，或改正文件名", "put the file beside this one")
        draft.note(("plan", "text"), "text-missing", what, right, warn=True)
    return found or ""


def _spans(draft: Draft, passage: Passage, text: str) -> dict[str, tuple[int, int]]:
    """Where each clause's quote stands: in its own section if it is there, else where it first is.

    Two clauses that quote the same words take the places in turn.
    """
    sections = [
        (part.label, start, end)
        for part in parts(text)
        for start, end in [_inside(passage, part.start, part.end)]
    ]
    taken: set[tuple[int, int]] = set()
    found = {}
    for entry in draft.of(ClauseText):
        places = spans(passage.text, entry.text.quote)
        label = label_of(entry.text.section)
        own = [
            place
            for place in places
            for name, start, end in sections
            if label and name == label and start <= place[0] < end
        ]
        free = [place for place in (*own, *places) if place not in taken] or places
        if free:
            taken.add(free[0])
            found[entry.text.id] = free[0]
    return found


def _inside(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """The span of the normalised text for a span of the original."""
    return bisect_left(passage.positions, start), bisect_left(passage.positions, end)


def _school(draft: Draft) -> SchoolCalendar | None:
    written = draft.calendar.school
    if written is None:
        return None
    document = draft.document
    found, problems = read_school(
        written, lambda path: document.place(("calendar", "school", *path))
    )
    draft.findings.extend(Finding("calendar", problem) for problem in problems)
    return found
