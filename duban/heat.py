"""The heat map unit by week as SVG, drawn here so that the page needs no script."""

from collections.abc import Sequence
from datetime import date
from html import escape

from responsibilities.simulation.outcome import Simulation, Week
from responsibilities.words import Language, Words

_CELL, _ROW, _TOP = 22, 20, 34
LEVELS = 5


def heat(found: Simulation, place: int, what: Words, language: Language) -> str:
    """One figure of `Week` (by its place) for all units and weeks; names stay in sight."""
    units = [unit for unit in found.units if unit.tasks or unit.letters]
    rows = [[unit.weeks.get(week, Week())[place] for week in found.weeks] for unit in units]
    most = max((number for row in rows for number in row), default=0)
    names = [unit.name for unit in units]
    height = _TOP + _ROW * len(rows) + 4
    label = Words(f"各单位各周：{what.zh}", f"By unit and week: {what.en}").in_(language)
    cells = "".join(
        _row(row, number, names[number], found.weeks, what, most, language)
        for number, row in enumerate(rows)
    )
    width = _CELL * len(found.weeks) + 6
    return (
        f"{_key(most, language)}"
        f'<div class="heat" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"{_names(names, height)}"
        f'<svg width="{width}" height="{height}" role="img" aria-label="{escape(label)}">'
        f"<title>{escape(label)}</title>{_weeks(found.weeks, language)}{cells}</svg></div>"
    )


def level(number: int, most: int) -> int:
    """Which of the five shades, 1 to 5; 0 for nothing. Even steps up to the largest number."""
    return -(-number * LEVELS // most) if number else 0


def _key(most: int, language: Language) -> str:
    """What the shades mean, in numbers."""
    found = []
    for shade in range(1, LEVELS + 1):
        numbers = [n for n in range(1, most + 1) if level(n, most) == shade]
        if numbers:
            said = f"{numbers[0]}–{numbers[-1]}" if numbers[1:] else f"{numbers[0]}"
            found.append(f'<li><i class="l{shade}"></i>{said}</li>')
    name = Words("颜色：", "shades:").in_(language)
    return f'<ul class="key soft"><li>{name}</li>{"".join(found)}</ul>'


def _names(names: Sequence[str], height: int) -> str:
    width = 14 + max((_width(name) for name in names), default=0)
    lines = "".join(
        f'<text x="6" y="{_TOP + _ROW * n + 14}">{escape(name)}</text>'
        for n, name in enumerate(names)
    )
    return f'<svg class="names" width="{width}" height="{height}" aria-hidden="true">{lines}</svg>'


def _width(name: str) -> int:
    """Roughly, in pixels at 11 px."""
    return sum(11 if ord(letter) > 0x2E80 else 6 for letter in name)


def _weeks(weeks: Sequence[str], language: Language) -> str:
    """Above the cells: the month where one begins, and every second ISO week."""
    found, month = [], 0
    for place, week in enumerate(weeks):
        x, day = 3 + _CELL * place, monday(week)
        if day.month != month:
            month = day.month
            said = f"{month}月" if language == "zh" else f"{day:%b}"
            found.append(f'<text x="{x}" y="13">{said}</text>')
        if place % 2 == 0:
            found.append(f'<text class="soft c" x="{x + 10}" y="28">{week[-2:]}</text>')
    return "".join(found)


def monday(week: str) -> date:
    """The first day of `2026-W48`."""
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _row(
    numbers: Sequence[int], place: int, name: str, weeks: Sequence[str], what: Words, most: int,
    language: Language,
) -> str:  # fmt: skip
    y = _TOP + _ROW * place
    width = _CELL * len(numbers)
    found = [f'<rect class="z" x="3" y="{y}" width="{width}" height="{_ROW - 2}"/>']
    for column, number in enumerate(numbers):
        if number:
            shade, x = level(number, most), 3 + _CELL * column
            told = f"{name} {weeks[column]}（{monday(weeks[column])}）{what.in_(language)} {number}"
            found.append(
                f'<g><title>{escape(told)}</title><rect class="l{shade}" x="{x}" y="{y}" '
                f'width="{_CELL - 2}" height="{_ROW - 2}" rx="2"/>'
                f'<text class="c i{shade}" x="{x + 10}" y="{y + 13}">{number}</text></g>'
            )
    return "".join(found)
