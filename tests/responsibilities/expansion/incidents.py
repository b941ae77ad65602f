"""Event duties as YAML: stages and repeats, against one event with the marks that it has so far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from tests.responsibilities.expansion.moments import EXACT, ROLLS, Reader, figure
from tests.responsibilities.expansion.world import World

MARKS = ("发生", "知悉", "报告", "结案")


class Due(NamedTuple):
    """One report that is asked for; wall time."""

    key: str
    opens: datetime
    due: datetime


@dataclass(frozen=True)
class Stage:
    name: str
    mark: str
    number: int
    unit: str
    every: tuple[int, str] | None = None


@dataclass(frozen=True)
class Case:
    """What has happened: each mark with its wall time, closed or not."""

    marks: dict[str, datetime]

    def __getitem__(self, mark: str) -> datetime | None:
        return self.marks.get(mark, self.marks.get(f"{mark}1"))


@dataclass(frozen=True)
class EventDuty:
    yaml: str
    stages: tuple[Stage, ...]
    roll: str


def case(draw: st.DrawFn) -> Case:
    """An event of 2026; its reports come when they come."""
    instant = datetime(2026, 1, 1) + timedelta(minutes=draw(st.integers(0, 500_000)))
    marks: dict[str, datetime] = {}
    names = ["发生", "知悉", "报告", "首报", *(f"续报{n}" for n in range(1, 5))]
    for name in names[: draw(st.integers(3, len(names)))]:
        marks[name] = instant
        instant += timedelta(minutes=draw(st.integers(1, 3000)))
    if draw(st.booleans()):
        marks["结案"] = instant
    return Case(marks)


def event_duty(draw: st.DrawFn) -> EventDuty:
    """One due date, or a first, a repeating and a final report."""
    roll = draw(st.sampled_from(list(ROLLS)))
    if draw(st.booleans()):
        phrase, stage = _stage(draw, "", MARKS)
        return EventDuty(f"    on: 事故\n    due: {phrase}\n    roll: {roll}\n", (stage,), roll)
    given = [_stage(draw, "首报", MARKS[:3]), _stage(draw, "续报", ("首报",))]
    given.append(_stage(draw, "终报", ("结案",)))
    lines: list[str] = []
    for place, (phrase, stage) in enumerate(given):
        repeat = ""
        if stage.name == "续报" and draw(st.booleans()):
            number, unit = (
                draw(st.integers(1, 12)),
                draw(st.sampled_from(["小时", "日", "个工作日"])),
            )
            given[place] = phrase, replace(stage, every=(number, unit))
            repeat = f", repeat: 每{number}{unit}"
        lines.append(f"      - {{id: s{place}, name: {stage.name}, due: {phrase}{repeat}}}\n")
    yaml = f"    on: 事故\n    stages:\n{''.join(lines)}    roll: {roll}\n"
    return EventDuty(yaml, tuple(stage for _, stage in given), roll)


def _stage(draw: st.DrawFn, name: str, marks: Sequence[str]) -> tuple[str, Stage]:
    mark = draw(st.sampled_from(marks))
    form = draw(st.integers(0, 9))
    if form == 0:
        return f"{mark}当日", Stage(name, mark, 0, "日")
    if form == 1:
        return f"{mark}时", Stage(name, mark, 0, "分钟")
    if form == 2:
        return f"{mark}后半小时内", Stage(name, mark, 30, "分钟")
    unit = draw(st.sampled_from([*EXACT, *EXACT, "日", "个工作日", "个工作日", "周", "个月"]))
    number = draw(st.integers(1, 30 if unit == "分钟" else 10))
    return f"{mark}后{figure(draw, number)}{unit}内", Stage(name, mark, number, unit)


def due_reports(one: EventDuty, duty: str, case: Case, world: World) -> list[Due]:
    """The reports asked for so far."""
    return sorted(_reports(one, duty, case, world))


def _reports(one: EventDuty, duty: str, case: Case, world: World) -> Iterator[Due]:
    reader, step = Reader(world, one.roll), ROLLS[one.roll]
    for place, stage in enumerate(one.stages):
        mark = case[stage.mark]
        if mark is None:
            continue
        key = f"{duty}.s{place}" if stage.name else duty
        due = reader.counted(mark, stage.number, stage.unit, step)
        if stage.every is None:
            yield Due(key, min(mark, due), due)
        else:
            for number, opens, at in _again(stage, mark, due, case, world):
                yield Due(f"{key}.{number}", min(opens, at), at)


def _again(
    stage: Stage, mark: datetime, due: datetime, case: Case, world: World
) -> Iterator[tuple[int, datetime, datetime]]:
    """One at a time, on the clock of the first, until the case is closed."""
    number, opens, at, closed = 1, mark, due, case.marks.get("结案")
    while closed is None or opens <= closed:
        yield number, opens, at
        handed_in = case.marks.get(f"{stage.name}{number}")
        if handed_in is None:
            return
        opens, number = handed_in, number + 1
        while (at := _later(stage, due, number - 1, world)) <= handed_in:
            number += 1


def _later(stage: Stage, due: datetime, times: int, world: World) -> datetime:
    assert stage.every is not None
    number, unit = stage.every
    if unit in EXACT:
        return world.added(due, number * times, unit)
    return datetime.combine(world.shifted(due.date(), number * times, unit), world.closing)
