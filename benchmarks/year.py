"""A school year for the benchmarks: the packaged national calendar and plans of any size."""

from datetime import date, time

from responsibilities.calendars.clock import Clock, OfficeHours
from responsibilities.calendars.workdays import WorkingDays
from responsibilities.language.phrases import moment, rhythm, step_time
from responsibilities.plan import Base, Duty, Kind, Ladder, Plan, Role, Step, Unit
from responsibilities.rhythm import Moment, Rhythm, When
from storage.calendars import national

HOURS = OfficeHours(((time(8), time(12)), (time(14), time(17, 30))))
_OPENS = ("期初", "周二")
_DUES = ("周一前", "周二前", "周三前", "周四前", "周五前", "期末", "次周一前")
_STEPS = (
    ("下达时", Role.CONTACT),
    ("截止前1个工作日", Role.CONTACT),
    ("截止当日", Role.CONTACT),
    ("逾期1个工作日", Role.HEAD),
    ("逾期3个工作日", Role.LEADER),
    ("逾期5个工作日", Role.GROUP_LEADER),
    ("报结后3个工作日", Role.REVIEWER),
)


def clock_of() -> Clock:
    """A new clock over the packaged calendar: to what is kept by clock it is a stranger."""
    return Clock("Asia/Shanghai", HOURS, WorkingDays(national()[0]))


def _moment(text: str) -> Moment:
    read = moment(text)
    assert isinstance(read, Moment)
    return read


def weekly(name: str, number: int, units: tuple[str, ...] = ("u0",)) -> Duty:
    """A weekly duty of its own; `number` chooses its window."""
    every = rhythm("每周")
    assert isinstance(every, Rhythm)
    opens, due = _OPENS[number // 14 % 2], _DUES[number % len(_DUES)]
    when = When(_moment(opens), _moment(due))
    return Duty(
        name, name, Kind.RECURRING, f"dept{number % 30}", (), units, rhythm=every, when=when,
        subject=-(number % 2), ladder="l", review="u0",
    )  # fmt: skip


def _step(number: int, text: str, role: Role) -> Step:
    read = step_time(text)
    assert not isinstance(read, tuple)
    letter = "opened" if read.base is Base.OPENED else "reminder"
    return Step(
        str(number), read.base, read.offset, read.unit.value, read.fraction, read.working,
        (role,), text, letter, text=text,
    )  # fmt: skip


def plan_of(duties: list[Duty], units: int = 1) -> Plan:
    """A plan of these duties with units u0, u1, … and one ladder of seven steps."""
    members = tuple(
        Unit(
            f"u{n}", f"u{n}", n,
            {Role.CONTACT: f"c{n}@school.example", Role.HEAD: f"h{n}@school.example"},
        )
        for n in range(units)
    )  # fmt: skip
    steps = tuple(_step(n, text, role) for n, (text, role) in enumerate(_STEPS, 1))
    return Plan(
        "p", "方案", "", date(2025, 1, 1), date(2025, 1, 1), None, "Asia/Shanghai", HOURS, "u0",
        "", "", members, (), (), (), (Ladder("l", "常规", steps),), (), (), tuple(duties), None,
    )  # fmt: skip
