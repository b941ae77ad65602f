"""The monthly bulletin (月通报) from its figures: a draft for the office to complete and sign.

It counts; it judges nobody. A month without a case or an overdue task is a bulletin too. Counts of
cases below a limit are withheld with what would give them away (see `small_counts`), and sums over
so few cases are not printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from inspections.document import Block, Document, Heading, Paragraph, Table
from inspections.small_counts import said, withheld

HIDDEN: Final = "*"


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """What was due from a unit in the month; 应办 is without 免办."""

    unit: str
    due: int = 0
    done: int = 0
    late: int = 0
    """Handed in late, still overdue, or ended undone."""
    returns: int = 0
    waived: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """A number field added up over cases."""

    name: str
    total: Decimal
    unknown: int
    """Cases in which it is not filled in."""

    def __str__(self) -> str:
        rest = f"（{self.unknown}起未填写）" if self.unknown else ""
        return f"{self.name}合计{self.total:,f}{rest}"


@dataclass(frozen=True, slots=True)
class Cases:
    """The incidents of one type that became known in the month, by unit."""

    name: str
    by_unit: Mapping[str, int]
    sums: tuple[Sum, ...]
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """A task that is with its unit beyond its due date."""

    number: str
    title: str
    unit: str
    due: date
    days: int


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Everything that a bulletin says."""

    plan: str
    office: str
    month: date
    """Its first day."""
    day: date
    """As of when."""
    cases: tuple[Cases, ...]
    units: tuple[UnitFigures, ...]
    """In the order of the plan."""
    facts: tuple[int, ...]
    """Of the tasks that were due in the month."""
    overdue: tuple[Overdue, ...]
    overdue_facts: tuple[int, ...]


def bulletin(figures: MonthFigures, fewer_than: int) -> Document:
    """The draft; the number, the date and the seal are left to the office."""
    month = f"{figures.month.year}年{figures.month.month}月"
    blocks = (*_cases(figures, month, fewer_than), *_work(figures, month), *_rest(figures))
    withholds = any(HIDDEN in row for block in blocks if isinstance(block, Table)
                    for row in block.rows)  # fmt: skip
    note = f"“{HIDDEN}”表示数值较小或者可据以推算较小数值，不予列出"
    return Document(
        f"关于{month}《{figures.plan}》落实情况的通报",
        blocks,
        ("各有关单位",),
        signer=figures.office,
        notes=(note,) if withholds else (),
    )


def _cases(figures: MonthFigures, month: str, fewer_than: int) -> list[Block]:
    blocks: list[Block] = [Heading("总体情况")]
    seen = [one for one in figures.cases if any(one.by_unit.values())]
    none = [one.name for one in figures.cases if one not in seen]
    for one in seen:
        total = sum(one.by_unit.values())
        enough = total >= fewer_than
        sums = map(str, one.sums if enough else ())
        text = "，".join([f"{month}知悉{one.name}{said(total, fewer_than)}起", *sums])
        blocks.append(Paragraph(f"{text}。", one.facts))
        if enough:
            blocks.append(_by_unit(one, fewer_than))
    if none:
        blocks.append(Paragraph(f"{month}未接到{'、'.join(none)}报告。"))
    return blocks


def _by_unit(cases: Cases, fewer_than: int) -> Table:
    hidden = withheld(tuple(cases.by_unit.values()), fewer_than)
    rows = [
        (unit, HIDDEN if away else str(count))
        for (unit, count), away in zip(cases.by_unit.items(), hidden, strict=True)
        if count or away
    ]
    total = ("合计", str(sum(cases.by_unit.values())))
    return Table(f"{cases.name}分单位情况", ("单位", "起数"), (*rows, total), cases.facts)


_HEAD: Final = ("单位", "应办", "办结", "逾期", "退回", "免办")


def _work(figures: MonthFigures, month: str) -> list[Block]:
    units = figures.units
    sums = [
        sum(getattr(one, name) for one in units)
        for name in ("due", "done", "late", "returns", "waived")
    ]
    due, done, late, returns, waived = sums
    heading = Heading("工作落实情况")
    if not due + waived:
        return [heading, Paragraph(f"{month}没有到期的督办事项。")]
    text = (
        f"{month}到期应办督办事项{due}项，截至{_day(figures.day)}办结{done}项，逾期{late}项，"
        f"退回补充{returns}次，免办{waived}项。"
    )
    rows = [
        (one.unit, *map(str, (one.due, one.done, one.late, one.returns, one.waived)))
        for one in units
        if one.due + one.waived
    ]
    table = Table("各单位办理情况", _HEAD, (*rows, ("合计", *map(str, sums))), figures.facts)
    return [heading, Paragraph(text, figures.facts), table]


def _rest(figures: MonthFigures) -> list[Block]:
    late = figures.overdue
    if not late:
        return [
            Heading("存在问题"),
            Paragraph(f"截至{_day(figures.day)}，没有逾期未办结的督办事项。"),
        ]
    units = dict.fromkeys(one.unit for one in late)
    count = f"{len(units)}个单位共有{len(late)}项督办事项"
    text = f"截至{_day(figures.day)}，{count}逾期未办结，情况如下。"
    rows = tuple((one.number, one.title, one.unit, _day(one.due), str(one.days)) for one in late)
    head = ("编号", "事项", "单位", "办理时限", "逾期天数")
    return [
        Heading("存在问题"),
        Paragraph(text, figures.overdue_facts),
        Table("逾期未办结事项", head, rows, figures.overdue_facts),
        Heading("下一步工作"),
        Paragraph(f"请{'、'.join(units)}抓紧办结上述事项，并报送佐证材料。"),
    ]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
