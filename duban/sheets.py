"""The responsibility matrix as a terminal table, a page and a workbook."""

from html import escape
from itertools import compress
from pathlib import Path

from responsibilities.matrix import KIND_WORDS, MARKS, SYMBOLS, Mark, Matrix, Row
from responsibilities.plan import Plan
from responsibilities.words import Language, Words

HEADINGS = (
    Words("条款", "Section"),
    Words("职责", "Duty"),
    Words("类别", "Kind"),
    Words("频次", "Rhythm"),
)
CHOSEN = Words("（办公室核定）", " (chosen by the office)")


def legend(language: Language) -> str:
    """What the signs mean."""
    return "  ".join(f"{SYMBOLS[mark]} {words.in_(language)}" for mark, words in MARKS.items())


BUNDLED = (Words("工作阶段", "Phase"), Words("机制", "Mechanism"))
"""Columns that a plan without phases or mechanisms does not have."""


def _bundled(matrix: Matrix) -> tuple[bool, bool]:
    """Whether any row names a phase, and a mechanism."""
    return any(row.phase for row in matrix.rows), any(row.mechanism for row in matrix.rows)


def _mechanism(row: Row) -> str:
    return f"{row.mechanism}：{row.beat}" if row.beat else row.mechanism


def _headings(matrix: Matrix, language: Language) -> list[str]:
    more = compress(BUNDLED, _bundled(matrix))
    return [words.in_(language) for words in (*HEADINGS, *more)]


def _rhythm(row: Row, language: Language) -> str:
    return row.rhythm + (CHOSEN.in_(language) if row.assumed and row.rhythm else "")


def _facts(row: Row, bundled: tuple[bool, bool], language: Language) -> list[str]:
    kind = KIND_WORDS[row.kind].in_(language)
    more = compress((row.phase, _mechanism(row)), bundled)
    return [row.section, row.title, kind, _rhythm(row, language), *more]


def as_text(matrix: Matrix, language: Language) -> str:
    """Numbered columns, so that it fits a terminal; their names and the signs stand below."""
    from duban.console import table

    bundled = _bundled(matrix)
    more = [words.in_(language) for words in compress(BUNDLED, bundled)]
    numbers = (str(n) for n in range(1, len(matrix.columns) + 1))
    head = ("", HEADINGS[1].in_(language), *more, *numbers)
    rows = [
        (
            row.section,
            row.title,
            *compress((row.phase, row.beat), bundled),
            *(SYMBOLS[cell[0]] if cell else "" for cell in cells),
        )
        for row, cells in zip(matrix.rows, matrix.cells, strict=True)
    ]
    names = "  ".join(f"{n} {column.name}" for n, column in enumerate(matrix.columns, 1))
    return f"{table(head, rows)}\n\n{legend(language)}\n{names}"


def as_html(plan: Plan, matrix: Matrix, language: Language) -> str:
    """One self-contained page; the first row and column stay in sight, and it prints."""
    heads = "".join(f"<th scope=col>{escape(text)}</th>" for text in _headings(matrix, language))
    heads += "".join(f"<th scope=col class=unit>{escape(c.name)}</th>" for c in matrix.columns)
    body = "\n".join(
        _html_row(row, _bundled(matrix), cells, language)
        for row, cells in zip(matrix.rows, matrix.cells, strict=True)
    )
    title = escape(plan.title)
    return _PAGE.format(
        lang="zh-CN" if language == "zh" else "en",
        title=title,
        number=escape(plan.number),
        legend=escape(legend(language)),
        heads=heads,
        body=body,
    )


def _html_row(
    row: Row, bundled: tuple[bool, bool], cells: tuple[tuple[Mark, ...], ...], language: Language
) -> str:
    section, title, *rest = (escape(text) for text in _facts(row, bundled, language))
    facts = "".join(f"<td>{text}</td>" for text in rest)
    marks = "".join(f"<td class=mark>{_html_mark(cell, language)}</td>" for cell in cells)
    return f"<tr><td>{section}</td><th scope=row>{title}</th>{facts}{marks}</tr>"


def _html_mark(cell: tuple[Mark, ...], language: Language) -> str:
    words = "、".join(MARKS[mark].in_(language) for mark in cell)
    signs = "".join(SYMBOLS[mark] for mark in cell)
    return f'<span title="{words}">{signs}<span class=said>{words}</span></span>' if cell else ""


_PAGE = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
body {{ font: 14px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; margin: 1.5rem; }}
h1 {{ font-size: 1.3rem; margin: 0; }}
div {{ overflow: auto; max-height: 85vh; border: 1px solid #8886; }}
table {{ border-collapse: separate; border-spacing: 0; }}
th, td {{ border: solid #8884; border-width: 0 1px 1px 0; padding: .3rem .5rem; text-align: left; }}
th {{ font-weight: 600; background: Canvas; }}
thead th {{ position: sticky; top: 0; z-index: 1; vertical-align: bottom; }}
.unit {{ writing-mode: vertical-rl; white-space: nowrap; padding: .5rem .2rem; }}
tbody th {{ position: sticky; left: 0; min-width: 14em; font-weight: 400; }}
td {{ position: relative; max-width: 16em; }}
td:first-child, td:nth-child(3) {{ white-space: nowrap; }}
td:nth-child(4) {{ min-width: 10em; }}
.mark {{ text-align: center; }}
.said {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
@media print {{ div {{ max-height: none; border: 0; }} @page {{ size: A3 landscape; }} }}
</style>
<h1>{title}</h1>
<p>{number}　{legend}</p>
<div tabindex="0"><table>
<thead><tr>{heads}</tr></thead>
<tbody>
{body}
</tbody></table></div>
</html>
"""


def write_xlsx(plan: Plan, matrix: Matrix, language: Language, path: Path) -> None:
    """One sheet, ready to filter and print; every text is written as text, never as a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet(Words("责任分工表", "Responsibilities").in_(language))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        plain = book.add_format({"text_wrap": True, "valign": "vcenter", "border": 1})
        centred = book.add_format({"align": "center", "valign": "vcenter", "border": 1})
        own, bundled = _headings(matrix, language), _bundled(matrix)
        heads = [*own, *(column.name for column in matrix.columns)]
        sheet.write_row(0, 0, heads, bold)
        for line, (row, cells) in enumerate(zip(matrix.rows, matrix.cells, strict=True), 1):
            sheet.write_row(line, 0, _facts(row, bundled, language), plain)
            words = ["、".join(MARKS[m].in_(language) for m in cell) for cell in cells]
            sheet.write_row(line, len(own), words, centred)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(matrix.rows), len(heads) - 1)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 40)
        sheet.set_column(2, len(own) - 1, 16)
        sheet.set_column(len(own), len(heads) - 1, 7)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_header(f"&C{plan.title}".replace("\n", " ")[:200])
