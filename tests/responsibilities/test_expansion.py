"""Ten thousand duties, each against an expansion that shares nothing with the engine.

Duties are drawn as an office would write them, in a world of drawn rest days and school terms
(`expansion/`): dateutil's RRULE says the civil periods, everything else is counted day by day.
300 duties here, 10,000 under `make soak`.
"""

import ast
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from responsibilities.calendars.clock import Clock
from responsibilities.calendars.workdays import WorkingDays, read_year
from responsibilities.incidents import event_occurrences
from responsibilities.language.compile import compile_plan
from responsibilities.occurrences import dated
from responsibilities.plan import Duty, Plan
from responsibilities.problem import Problem, Severity
from responsibilities.tasks import Event
from responsibilities.windows import Span
from tests.responsibilities import expansion
from tests.responsibilities.expansion.duties import (
    Asked,
    Drawn,
    Frame,
    expected,
    frames,
    makes_sense,
    one_off,
    scheduled,
)
from tests.responsibilities.expansion.incidents import (
    Case,
    Due,
    EventDuty,
    case,
    due_reports,
    event_duty,
)
from tests.responsibilities.expansion.world import ZONES, World, world

EACH = 20
"""Duties to a plan."""


@lru_cache(maxsize=64)
def drawn_world(number: int) -> World:
    return world(number)


@lru_cache(maxsize=64)
def nation(number: int) -> WorkingDays:
    read = [read_year(text, "year.yaml") for text in drawn_world(number).national()]
    assert not [problem for _, problems in read for problem in problems]
    return WorkingDays(year for year, _ in read if year is not None)


def as_yaml(frame: Frame, duties: list[str]) -> str:
    hours = ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in frame.world.hours)
    head = f"""\
plan:
  id: p
  title: 方案
  issued: {frame.issued}
  in_force: {frame.in_force}
  zone: {frame.world.zone}
  office_hours: [{hours}]
  office: 办公室
  leadership: {{group_leader: 组长, deputy_group_leader: 组长}}
""" + (f"  until: {frame.ends}\n" if frame.ends else "")
    head += """\
posts: [{id: leader, name: 组长, mail: leader@school.example}]
units: [{id: office, name: 办公室, contact: office@school.example, head: h@school.example}]
windows: [{id: sensitive, name: 敏感时期}]
events: [{id: accident, name: 事故, fields: [{id: where, name: 地点, kind: text}]}]
ladders: [{id: l, name: 常规, steps: [{when: 下达时, tell: 联络员, notice: 任务下达}]}]
"""
    own = "source: {clause: 一, quote: 坚决防止火灾事故}"
    body = "".join(
        f"  - id: d{place}\n    title: 甲\n    responsible: 办公室\n    ladder: 常规\n    {own}\n"
        + one
        for place, one in enumerate(duties)
    )
    return f"{head}{frame.world.school()}duties:\n{body}"


def by_the_engine(plan: Plan, duty: Duty, clock: Clock, frame: Frame) -> list[Asked]:
    off = timedelta(hours=ZONES[frame.world.zone])

    def instant(wall: datetime) -> datetime:
        return clock.at((wall).date(), wall.time())

    spans = [Span(instant(a), instant(b) if b else None) for a, b in frame.spans]
    found = dated(
        plan, duty, clock, instant(frame.since), instant(frame.until), {"sensitive": spans}
    )
    wall = [
        Asked(
            one.period,
            one.subject,
            one.opens_at.replace(tzinfo=None) + off,
            one.due_at.replace(tzinfo=None) + off,
            one.lapses_at.replace(tzinfo=None) + off if one.lapses_at else None,
        )
        for one in found
    ]
    assert wall == sorted(wall, key=lambda one: one.opens), (duty.line, frame)
    return wall


def compiled(number: int, frame: Frame, duties: list[str]) -> tuple[Plan, Clock]:
    """The plan of these duties; nothing that makes sense to the clerk may be refused."""
    text = as_yaml(frame, duties)
    result = compile_plan({"plan.yaml": text}, nation(number))
    wrong = [p for p in result.problems if p.severity is Severity.ERROR]
    assert not wrong, "\n".join(f"{p.what.zh}\n{_around(text, p)}" for p in wrong)
    assert result.plan is not None
    plan = result.plan
    return plan, Clock(plan.zone, plan.hours, nation(number), plan.school)


def differences(number: int, frame: Frame, duties: list[Drawn]) -> list[str]:
    """Each duty that the engine reads otherwise, as the office wrote it."""
    plan, clock = compiled(number, frame, [one.yaml for one in duties])
    found: list[str] = []
    for one, duty in zip(duties, plan.duties, strict=True):
        meant, read = expected(one, frame), by_the_engine(plan, duty, clock, frame)
        if sorted(meant) != sorted(read):
            missing, extra = sorted({*meant} - {*read}), sorted({*read} - {*meant})
            found.append(
                f"{one.yaml}in force {frame.in_force} to {frame.ends}, "
                f"looked at from {frame.since} to {frame.until}, open {frame.spans}\n"
                f"missing ({len(missing)}): {missing[:3]}\nextra ({len(extra)}): {extra[:3]}\n"
            )
    return found


def _around(text: str, problem: Problem) -> str:
    line = problem.place.line
    return "\n".join(text.splitlines()[line - 8 : line + 4])


@st.composite
def plans(draw: st.DrawFn) -> tuple[int, Frame, list[Drawn]]:
    number = draw(st.integers(0, 40))
    frame = draw(frames(drawn_world(number)))
    duties: list[Drawn] = []
    while len(duties) < EACH:
        one = one_off(frame, draw) if draw(st.integers(0, 9)) == 0 else scheduled(frame, draw)
        if makes_sense(one, frame):
            duties.append(one)
    return number, frame, duties


def test_every_duty_asks_for_what_a_person_with_a_calendar_would_find(full: bool) -> None:
    @settings(max_examples=450 if full else 12)
    @given(plans())
    def holds(drawn: tuple[int, Frame, list[Drawn]]) -> None:
        assert differences(*drawn) == []

    holds()


def reports_by_the_engine(
    plan: Plan, duty: Duty, clock: Clock, frame: Frame, case: Case
) -> list[Due]:
    off = timedelta(hours=ZONES[frame.world.zone])
    marks = {name: clock.at(at.date(), at.time()) for name, at in case.marks.items()}
    event = Event("E2026-1", "p", "accident", "office", {}, marks, marks["报告"], marks.get("结案"))
    return sorted(
        Due(
            one.key.split("/")[2],
            one.opens_at.replace(tzinfo=None) + off,
            one.due_at.replace(tzinfo=None) + off,
        )
        for one in event_occurrences(plan, duty, event, clock)
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[int, Frame, list[EventDuty], Case]:
    number = draw(st.integers(0, 40))
    frame = draw(frames(drawn_world(number)))
    return number, frame, [event_duty(draw) for _ in range(EACH)], case(draw)


def event_differences(number: int, frame: Frame, duties: list[EventDuty], case: Case) -> list[str]:
    plan, clock = compiled(number, frame, [one.yaml for one in duties])
    found: list[str] = []
    for one, duty in zip(duties, plan.duties, strict=True):
        meant = due_reports(one, duty.id, case, frame.world)
        read = reports_by_the_engine(plan, duty, clock, frame, case)
        if meant != read:
            found.append(f"{one.yaml}{case}\nmeant {meant}\nread {read}\n")
    return found


def test_every_event_duty_asks_for_what_a_person_with_a_watch_would_find(full: bool) -> None:
    @settings(max_examples=50 if full else 3)
    @given(cases())
    def holds(drawn: tuple[int, Frame, list[EventDuty], Case]) -> None:
        assert event_differences(*drawn) == []

    holds()


def test_the_expansion_imports_nothing_of_ours() -> None:
    for path in Path(next(iter(expansion.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.startswith("responsibilities")], path
