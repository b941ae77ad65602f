"""A simulated year as a clerk reads it in a terminal, in either language."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from unicodedata import east_asian_width

from responsibilities.calendars.clock import Clock
from responsibilities.holders import member_named, unit_of
from responsibilities.plan import Plan
from responsibilities.same import Same
from responsibilities.simulation.conduct import Temper
from responsibilities.simulation.outcome import Happening, Simulation, UnitYear, Week
from responsibilities.words import Language, Words

_BARS = " ▁▂▃▄▅▆▇█"
_SHOWN = 12
"""Rows of a list that can be long."""
TEMPERS = {
    Temper.PROMPT: Words("及时", "prompt"),
    Temper.LATE: Words("拖延", "late"),
    Temper.SILENT: Words("沉默", "silent"),
}
WHAT = {
    "opened": "下达",
    "told": "发出",
    "submitted": "报结",
    "returned": "退回",
    "accepted": "办结",
    "extended": "延期",
    "lapsed": "终止",
    "watched": "升级督办",
    "waived": "免办",
    "reported": "事件",
}
_COLUMNS = (
    Words("单位", "unit"),
    Words("表现", "conduct"),
    Words("任务", "tasks"),
    Words("信件", "letters"),
    Words("升级", "escalated"),
    Words("按期", "on time"),
    Words("逾期", "late"),
    Words("未完", "open"),
    Words("终止", "lapsed"),
    Words("字段", "fields"),
    Words("文件", "files"),
    Words("工时", "hours"),
    Words("最忙周", "busiest"),
)


def text(simulation: Simulation, language: Language = "zh") -> str:
    """The terminal report; hours are an estimate by the rule of `burden`."""
    parts = (_head, _units, _weeks, _ladder, _posts, *([_beats] if simulation.beats else []))
    parts = (*parts, _clashes, _notes)
    return "\n\n".join("\n".join(part(simulation, language)) for part in parts).rstrip() + "\n"


def line(one: Happening, plan: Plan, clock: Clock) -> str:
    """One happening as a line of an approved text file: local time, what, key, detail."""
    when = f"{clock.local(one.at):%Y-%m-%d %H:%M}"
    if one.what == "reported":
        return f"{when} {WHAT[one.what]} {one.key} {one.detail}"
    _, period, duty, unit = one.key.split("/")
    titles, units = _titles(Same(plan))
    title = titles.get(duty.split(".")[0], duty)
    unit, member = unit_of(unit), member_named(plan, one.key)
    whose = units.get(unit, unit) + (f"·{member}" if member else "")
    found = f"{when} {WHAT[one.what]} {whose}《{title}》（{period}）"
    if not one.detail:
        return found
    return found + (
        f"{one.detail}" if one.what in ("told", "watched") else f"办理时限 {one.detail}"
    )


@lru_cache(maxsize=8)
def _titles(plan: Same[Plan]) -> tuple[dict[str, str], dict[str, str]]:
    return (
        {duty.id: duty.title for duty in plan.value.duties},
        {unit.id: unit.name for unit in plan.value.units},
    )


def _head(found: Simulation, language: Language) -> Iterator[str]:
    yield found.title
    yield Words(
        f"模拟 {found.first} 至 {found.last}，种子 {found.seed}",
        f"simulated {found.first} to {found.last}, seed {found.seed}",
    ).in_(language)
    yield Words(
        f"任务 {found.tasks} 项，信件 {found.letters} 封，升级 {found.escalations} 次，"
        f"事件 {found.events} 起，暂定日期 {found.provisional} 项",
        f"{found.tasks} tasks, {found.letters} letters, {found.escalations} escalations, "
        f"{found.events} events, {found.provisional} provisional dates",
    ).in_(language)


def _units(found: Simulation, language: Language) -> Iterator[str]:
    yield Words("各单位（工时为估算）", "Units (hours are estimates)").in_(language)
    rows = [[column.in_(language) for column in _COLUMNS]]
    rows += [_unit_row(unit, language) for unit in found.units if unit.tasks or unit.letters]
    yield from _aligned(rows, left=2)


def _unit_row(unit: UnitYear, language: Language) -> list[str]:
    busiest = max(unit.weeks, key=lambda week: unit.weeks[week].tasks, default="")
    return [
        unit.name,
        TEMPERS[unit.temper].in_(language),
        *map(str, (unit.tasks, unit.letters, unit.escalations, unit.on_time, unit.late)),
        *map(str, (unit.unfinished, unit.excused, unit.burden.fields, unit.burden.files)),
        f"{unit.burden.minutes / 60:.0f}",
        f"{busiest} ({unit.weeks[busiest].tasks})" if busiest else "",
    ]


def _weeks(found: Simulation, language: Language) -> Iterator[str]:
    first, last = found.weeks[0], found.weeks[-1]
    yield Words(
        f"各单位各周（{first} 至 {last}）：任务、信件、升级；右为一周最多",
        f"Units by week ({first} to {last}): tasks, letters, escalations; right: the most",
    ).in_(language)
    kinds = (
        Words("任务", "tasks"),
        Words("信件", "letters"),
        Words("升级", "escalated"),
    )
    rows = []
    for unit in found.units:
        name = unit.name
        for place, kind in enumerate(kinds):
            numbers = [unit.weeks.get(week, Week())[place] for week in found.weeks]
            if any(numbers):
                rows.append([name, kind.in_(language), f"{_bars(numbers)} {max(numbers)}"])
                name = ""
    yield from _aligned(rows, left=3)


def _bars(numbers: Sequence[int]) -> str:
    """Each number as a bar of eight heights, up to the largest; nothing for 0."""
    most = max(numbers)
    return "".join(_BARS[-(-number * 8 // most)] for number in numbers)


def _ladder(found: Simulation, language: Language) -> Iterator[str]:
    yield Words("阶梯用量", "Ladder load").in_(language)
    yield from _aligned([[name, str(number)] for name, number in found.ladder.items()], left=1)


def _posts(found: Simulation, language: Language) -> Iterator[str]:
    yield Words("校领导收信", "Letters to leadership posts").in_(language)
    yield from _aligned([[name, str(number)] for name, number in found.posts.items()], left=1)


BEAT_COLUMNS = (
    Words("机制", "mechanism"),
    Words("节拍", "beat"),
    Words("职责", "duties"),
    Words("任务", "tasks"),
    Words("按期", "on time"),
    Words("逾期", "late"),
    Words("未完", "open"),
    Words("终止", "lapsed"),
)


def beat_rows(found: Simulation) -> Iterator[list[str]]:
    """One row for each beat of each mechanism, as `BEAT_COLUMNS`; a name is said once."""
    said = ""
    for one in found.beats:
        name, said = one.mechanism if one.mechanism != said else "", one.mechanism
        yield [name, one.beat or "—", "、".join(one.duties), *map(str, one[3:])]


def _beats(found: Simulation, language: Language) -> Iterator[str]:
    yield Words("机制（逐个节拍）", "Mechanisms, beat by beat").in_(language)
    head = [column.in_(language) for column in BEAT_COLUMNS]
    yield from _aligned([head, *beat_rows(found)], left=3)


def _clashes(found: Simulation, language: Language) -> Iterator[str]:
    yield Words(
        f"扎堆到期 {len(found.clashes)} 处（一日3项、一周5项起）",
        f"{len(found.clashes)} clashes (from 3 dues a day, 5 a week)",
    ).in_(language)
    names = {unit.unit: unit.name for unit in found.units}
    rows = [[c.when, names.get(c.unit, c.unit), str(c.dues)] for c in found.clashes[:_SHOWN]]
    yield from _aligned(rows, left=2)
    if len(found.clashes) > _SHOWN:
        yield "  …"


def _notes(found: Simulation, language: Language) -> Iterator[str]:
    for duty, words in found.stuck.items():
        yield f"{duty}: {words.in_(language)}"


def _aligned(rows: Sequence[Sequence[str]], left: int) -> Iterator[str]:
    """Columns lined up by what they take on a terminal; the first `left` ones to the left."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = []
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(cell + gap if place < left else gap + cell)
        yield "  " + "  ".join(cells).rstrip()


def _width(cell: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in cell)
