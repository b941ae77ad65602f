"""A simulated year as a workbook: every figure, every clash, everything that happened."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from duban.heat import monday
from duban.simulation_page import KINDS, RULE
from responsibilities.calendars.clock import Clock
from responsibilities.holders import member_named, unit_of
from responsibilities.plan import Plan
from responsibilities.simulation.outcome import Happening, Simulation
from responsibilities.simulation.telling import BEAT_COLUMNS, TEMPERS, WHAT
from responsibilities.words import Language, Words

Row = Sequence[str | int | float]
_UNIT = Words("单位", "unit")
_BURDEN = (
    Words("字段", "fields"),
    Words("文件", "files"),
    Words("名册", "names"),
    Words("分钟", "minutes"),
)


def write_xlsx(
    found: Simulation, happenings: Iterable[Happening], plan: Plan, clock: Clock,
    language: Language, path: Path,
) -> None:  # fmt: skip
    """Sheets with frozen heads; every text is written as text, never as a formula or a link.

    The mechanisms have a sheet of their own where the plan has any.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(path, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        for name, columns, widths, rows in (
            _units(found, language),
            _weeks(found, language),
            _clashes(found, language),
            _ladder(found, language),
            _burden(found, language),
            *([_beats(found)] if found.beats else []),
            _events(happenings, plan, clock, language),
        ):
            _sheet(book.add_worksheet(name.in_(language)), columns, widths, rows, language, head)


def _sheet(
    sheet: Any, columns: Sequence[Words], widths: Sequence[int], rows: Iterable[Row],
    language: Language, head: Any,
) -> None:  # fmt: skip
    for place in range(len(columns)):
        sheet.set_column(place, place, widths[min(place, len(widths) - 1)])
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.write_row(0, 0, [words.in_(language) for words in columns], head)
    line = 0
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, place, value)
            else:
                sheet.write_number(line, place, value)
    sheet.autofilter(0, 0, max(line, 1), len(columns) - 1)


Sheet = tuple[Words, Sequence[Words], Sequence[int], Iterable[Row]]


def _units(found: Simulation, language: Language) -> Sheet:
    columns = (
        _UNIT, Words("假定表现", "assumed"), *KINDS, Words("按期", "on time"),
        Words("逾期", "late"), Words("未完", "open"), Words("终止", "lapsed"),
        Words("退回", "returned"), Words("延期", "extended"),
    )  # fmt: skip
    rows = [
        (
            u.name, TEMPERS[u.temper].in_(language), u.tasks, u.letters, u.escalations, u.on_time,
            u.late, u.unfinished, u.excused, u.returned, u.extended,
        )
        for u in found.units
    ]  # fmt: skip
    return Words("单位", "units"), columns, (24, 10), rows


def _weeks(found: Simulation, language: Language) -> Sheet:
    columns = (_UNIT, Words("周", "week"), Words("起", "from"), *KINDS)
    rows = [
        (unit.name, week, monday(week).isoformat(), *unit.weeks[week])
        for unit in found.units
        for week in found.weeks
        if week in unit.weeks
    ]
    return Words("各周", "weeks"), columns, (24, 12), rows


def _clashes(found: Simulation, language: Language) -> Sheet:
    names = {unit.unit: unit.name for unit in found.units}
    columns = (_UNIT, Words("日期或周", "day or week"), Words("到期", "dues"))
    rows = [(names[clash.unit], clash.when, clash.dues) for clash in found.clashes]
    return Words("扎堆到期", "clashes"), columns, (24, 14), rows


def _ladder(found: Simulation, language: Language) -> Sheet:
    columns = (Words("文书或岗位", "notice or post"), Words("次数", "count"), Words("类别", "kind"))
    told, letters = Words("阶梯", "ladder"), Words("领导收信", "letters to posts")
    rows = [(name, number, told.in_(language)) for name, number in found.ladder.items()]
    rows += [(name, number, letters.in_(language)) for name, number in found.posts.items()]
    return Words("阶梯", "ladder"), columns, (36, 10, 18), rows


def _burden(found: Simulation, language: Language) -> Sheet:
    rows: list[Row] = [(unit.name, *unit.burden) for unit in found.units]
    rows.append((RULE.in_(language),))
    return Words("填报负担", "burden"), (_UNIT, *_BURDEN), (24, 10), rows


def _beats(found: Simulation) -> Sheet:
    rows = [(b.mechanism, b.beat or "—", "、".join(b.duties), *b[3:]) for b in found.beats]
    return Words("机制", "mechanisms"), BEAT_COLUMNS, (30, 12, 40, 10), rows


def _events(happenings: Iterable[Happening], plan: Plan, clock: Clock, language: Language) -> Sheet:
    columns = (
        Words("时间", "when"), Words("事项", "what"), _UNIT, Words("职责", "duty"),
        Words("期", "period"), Words("说明", "detail"),
    )  # fmt: skip
    rows = _happened(happenings, plan, clock, language)
    return Words("经过", "events"), columns, (18, 10, 18, 36, 14, 30), rows


def _happened(
    happenings: Iterable[Happening], plan: Plan, clock: Clock, language: Language
) -> Iterator[Row]:
    titles = {duty.id: duty.title for duty in plan.duties}
    names = {unit.id: unit.name for unit in plan.units}
    for one in happenings:
        when, what = f"{clock.local(one.at):%Y-%m-%d %H:%M}", one.what
        said = WHAT[what] if language == "zh" else what
        if what == "reported":
            yield when, said, "", one.key, "", one.detail
            continue
        _, period, duty, holder = one.key.split("/")
        duty, unit, member = duty.split(".")[0], unit_of(holder), member_named(plan, one.key)
        whose = names.get(unit, unit) + (f"·{member}" if member else "")
        yield when, said, whose, titles.get(duty, duty), period, one.detail
