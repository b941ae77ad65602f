"""Small plans in the plan's own phrases, for the tests of what should be."""

from datetime import UTC, date, datetime
from typing import Any

from responsibilities.calendars.clock import Clock, Roll
from responsibilities.language.phrases import moment, rhythm, step_time
from responsibilities.plan import (
    Base,
    Duty,
    Kind,
    Ladder,
    Plan,
    Role,
    Step,
    Unit,
)
from responsibilities.rhythm import Moment, Rhythm, When
from responsibilities.tasks import Occurrence, State, Task
from responsibilities.words import Words
from tests.responsibilities.school_year import HOURS, clock, school

CLOCK = clock()
COLLEGES = ("护理学院", "药学院", "口腔医学院")


def phrase(read: Any) -> Any:
    assert not isinstance(read, Words), read
    return read


def said(text: str) -> Moment:
    return phrase(moment(text))  # type: ignore[no-any-return]


def every(text: str) -> Rhythm:
    return phrase(rhythm(text))  # type: ignore[no-any-return]


def at(text: str, on: Clock = CLOCK) -> datetime:
    """`2026-11-23 08:00` on the wall of the school."""
    local = datetime.fromisoformat(text)
    return on.at(local.date(), local.time())


def wall(instant: datetime | None, on: Clock = CLOCK) -> str:
    """What the clock on the wall shows, as `2026-11-23 08:00`."""
    return "" if instant is None else f"{on.local(instant):%Y-%m-%d %H:%M}"


def step(when: str, *to: Role, id_: str = "", urgent: bool = False) -> Step:
    """A ladder step in the plan's words, e.g. `逾期1个工作日`."""
    read = phrase(step_time(when))
    return Step(
        id_ or when, read.base, read.offset, read.unit.value, read.fraction, read.working,
        to or (Role.CONTACT,), when, "opened" if read.base is Base.OPENED else "reminder",
        urgent=urgent, text=when,
    )  # fmt: skip


ORDINARY = (
    step("下达时"),
    step("截止前3个工作日"),
    step("截止当日"),
    step("逾期1个工作日", Role.CONTACT, Role.HEAD),
    step("逾期3个工作日", Role.LEADER),
    step("逾期5个工作日", Role.GROUP_LEADER),
    step("报结后3个工作日", Role.REVIEWER),
    step("报结后5个工作日", Role.OFFICE),
)
"""The phrases are the ids, so that tests read as the ladder does."""


def duty(
    name: str = "report",
    rhythm_text: str = "每月",
    *,
    opens: str = "期初",
    due: str = "期末",
    lapses: str | None = None,
    roll: Roll = Roll.NEXT,
    skip_empty: bool = False,
    kind: Kind = Kind.RECURRING,
    units: tuple[str, ...] = ("护理学院",),
    **more: Any,
) -> Duty:
    once = kind is Kind.ONCE
    return Duty(
        id=name,
        title=name,
        kind=kind,
        department="bwc",
        sources=(),
        responsible=units,
        rhythm=None if once else every(rhythm_text),
        when=When(said(opens), said(due), said(lapses) if lapses else None, roll, skip_empty),
        **{"ladder": "ordinary", "review": "保卫处", **more},
    )


def plan(*duties: Duty, steps: tuple[Step, ...] = ORDINARY, **more: Any) -> Plan:
    return Plan(
        **{
            "id": "p",
            "title": "方案",
            "number": "校字〔2025〕1号",
            "issued": date(2025, 7, 12),
            "in_force": date(2025, 9, 1),
            "until": None,
            "zone": "Asia/Shanghai",
            "hours": HOURS,
            "office": "保卫处",
            "group_leader": "组长",
            "deputy_group_leader": "常务副组长",
            "units": tuple(
                Unit(name, name, place, {Role.CONTACT: f"u{place}@school.example"}, "分管领导")
                for place, name in enumerate(("保卫处", *COLLEGES))
            ),
            "posts": (),
            "groups": (),
            "rosters": (),
            "ladders": (Ladder("ordinary", "常规", steps),),
            "event_types": (),
            "clauses": (),
            "duties": duties,
            "school": school(),
            **more,
        }
    )


def task(opens: str, due: str, *, opened: str = "", lapses: str = "", **more: Any) -> Task:
    """An open task of the ordinary ladder, its opening step behind it."""
    return Task(
        **{
            "id": 1,
            "key": "p/2026-11/report/护理学院",
            "plan": "p",
            "period": "2026-11",
            "subject": "2026-11",
            "duty": "report",
            "unit": "护理学院",
            "promise": "",
            "event": None,
            "opens_at": at(opens),
            "due_at": at(due),
            "original_due_at": at(due),
            "lapses_at": at(lapses) if lapses else None,
            "opened_at": at(opened or opens),
            "state": State.OPEN,
            "attempt": 0,
            "submitted_at": None,
            "round": 0,
            "step": 1,
            "review_step": 0,
            "wake_at": None,
            "closed_at": None,
            "outcome": "",
            "provisional": False,
            "late_by_system": False,
            **more,
        }
    )


def windows(found: list[Occurrence]) -> list[tuple[str, str, str]]:
    """(period, opens, due) as the wall shows them."""
    return [(one.period, wall(one.opens_at), wall(one.due_at)) for one in found]


EARLY = datetime(2025, 8, 1, tzinfo=UTC)
