"""A plan as the workbook that an office would draw: duties, matrix, units, how to use it."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from responsibilities.exchange.cells import Shape, tidy
from responsibilities.exchange.columns import KIND, columns, headings_in
from responsibilities.exchange.rows import kind_of
from responsibilities.matrix import KIND_WORDS, MARKS, SYMBOLS, matrix
from responsibilities.plan import Plan
from responsibilities.words import Language, Words

DUTIES: Final = Words("职责", "duties")
MATRIX: Final = Words("责任分工表", "matrix")
UNITS: Final = Words("单位", "units")
GUIDE: Final = Words("说明", "guide")
SPARE: Final = 200
"""Empty rows below the duties that are ready to be filled in."""
_HEAD: Final = PatternFill("solid", fgColor="DDE6F0")
_GREY: Final = PatternFill("solid", fgColor="F2F2F2")
_THIN: Final = Side(style="thin", color="B0B0B0")
_BOX: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WIDE: Final = {Shape.EVIDENCE: 36, Shape.REASONS: 44, Shape.STAGES: 28}
_LISTS: Final = {"ladder": "ladders", "cover": "rosters", "on": "events", "leader": "posts"}
"""Key -> the section that its words come from."""
_UNITS: Final = ("responsible", "with", "inform", "review")

Listed = Mapping[str, Sequence[Mapping[str, object]]]


def put(cell: Cell | MergedCell, text: str) -> None:
    """A user's text as text, whatever it begins with; a plain number as a number."""
    number = text if text.isdigit() and (text == "0" or text[0] != "0") and len(text) < 10 else ""
    if number:
        cell.value = int(number)
        return
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = text[0] in "=+-@'"


def write_book(
    plan: Plan, rows: Sequence[Mapping[str, str]], sections: Listed, digest: str,
    language: Language,
) -> bytes:  # fmt: skip
    """The file's bytes. `rows`: each duty's texts by key; `sections`: the plan's lists as plain
    data; `digest`: which files it was made from (see `digest_of`).
    """
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = DUTIES.in_(language)
    lists = _units(book.create_sheet(UNITS.in_(language)), sections, language)
    _duties(first, rows, lists, language)
    _matrix(book.create_sheet(MATRIX.in_(language), 1), plan, language)
    _guide(book.create_sheet(GUIDE.in_(language)), plan, digest, language)
    book.properties.title = plan.title
    book.properties.creator = "duban"
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The workbook as a file's bytes."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def digest_of(files: Mapping[str, str]) -> str:
    """Names the state of a plan's files in the workbook made from them, 16 hex digits."""
    said = "\0".join(f"{name}\0{text}" for name, text in sorted(files.items()))
    return sha256(said.encode()).hexdigest()[:16]


def _head(sheet: Worksheet, headings: Iterable[str]) -> None:
    for place, heading in enumerate(headings, 1):
        cell = sheet.cell(1, place)
        put(cell, heading)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _BOX
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")


def _duties(
    sheet: Worksheet, rows: Sequence[Mapping[str, str]], lists: Mapping[str, str],
    language: Language,
) -> None:  # fmt: skip
    headings = list(headings_in(language))
    _head(sheet, headings)
    names = {column.heading.in_(language): column for column in columns()}
    last = len(rows) + 1 + SPARE
    for place, heading in enumerate(headings, 1):
        column, letter = names.get(heading), get_column_letter(place)
        if column is not None:
            note = Comment(f"{column.about}\n（{column.key}）", "duban", width=320, height=140)
            sheet.cell(1, place).comment = note
        key = column.key if column else KIND.en
        for number in range(2, last + 1):
            texts = rows[number - 2] if number < len(rows) + 2 else {}
            _cell(sheet.cell(number, place), key, texts, language)
        sheet.column_dimensions[letter].width = _WIDE.get(column.shape, 16) if column else 14
        _drop_down(sheet, key, f"{letter}2:{letter}{last}", lists, language)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 36
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{last}"
    _lock(sheet)


def _cell(cell: Cell | MergedCell, key: str, texts: Mapping[str, str], language: Language) -> None:
    kind = kind_of(texts) if key == KIND.en else None
    put(cell, (kind.in_(language) if kind else "") if key == KIND.en else texts.get(key, ""))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = _BOX
    held = key == "id" and bool(texts)
    cell.protection = Protection(locked=held)
    if held:
        cell.fill = _GREY
    elif cell.value is None:
        cell.number_format = "@"


def _drop_down(
    sheet: Worksheet, key: str, cells: str, lists: Mapping[str, str], language: Language
) -> None:
    choices = next((column.choices for column in columns() if column.key == key), ())
    if key == KIND.en:
        choices = tuple(words.in_(language) for words in KIND_WORDS.values())
    source = f'"{",".join(choices)}"' if choices else lists.get(key, "")
    if not source:
        return
    rule = DataValidation("list", formula1=source, allow_blank=True)
    rule.showErrorMessage = bool(choices)  # several units may stand in one cell
    rule.errorTitle, rule.error = "督办", "、".join(choices)[:200]
    rule.add(cells)
    sheet.add_data_validation(rule)


def _lock(sheet: Worksheet) -> None:
    """Locked without a password: what is locked is not to be changed by accident."""
    sheet.protection.sheet = True
    for name in ("insertRows", "deleteRows", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(sheet.protection, name, False)


def _units(sheet: Worksheet, sections: Listed, language: Language) -> dict[str, str]:
    """Units, groups and the other words that cells may hold; returns key -> range of words."""
    heads = (
        *(
            Words("单位、单位组", "units and groups"),
            Words("代号", "id"),
            Words("联络员", "contact"),
        ),
        *(Words("负责人", "head"), Words("分管领导", "leader"), Words("督办梯次", "ladders")),
        *(Words("名册", "rosters"), Words("事件", "events"), Words("职务", "posts")),
    )
    _head(sheet, (words.in_(language) for words in heads))
    units = [*sections.get("units", ()), *sections.get("groups", ())]
    for number, unit in enumerate(units, 2):
        for place, key in enumerate(("name", "id", "contact", "head", "leader"), 1):
            put(sheet.cell(number, place), tidy(str(unit.get(key) or "")))
    found = dict.fromkeys(_UNITS, _words(sheet, 1, len(units), language))
    for place, (key, section) in enumerate(_LISTS.items(), 6):
        names = [tidy(str(one.get("name") or one["id"])) for one in sections.get(section, ())]
        for number, name in enumerate(names, 2):
            put(sheet.cell(number, place), name)
        found[key] = _words(sheet, place, len(names), language)
    for place in range(1, len(heads) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 22
    sheet.freeze_panes = "B2"
    _lock(sheet)
    return found


def _words(sheet: Worksheet, place: int, count: int, language: Language) -> str:
    letter = get_column_letter(place)
    return f"'{sheet.title}'!${letter}$2:${letter}${count + 1}" if count else ""


def _matrix(sheet: Worksheet, plan: Plan, language: Language) -> None:
    found = matrix(plan)
    heads = [
        Words("条款", "section"), Words("职责", "duty"), Words("频次", "rhythm"),
        Words("工作阶段", "phase"), Words("机制", "mechanism"),
    ]  # fmt: skip
    _head(sheet, [*(w.in_(language) for w in heads), *(one.name for one in found.columns)])
    for number, (row, cells) in enumerate(zip(found.rows, found.cells, strict=True), 2):
        marks = ["".join(SYMBOLS[mark] for mark in cell) for cell in cells]
        said = (row.section, row.title, row.rhythm, row.phase, row.beat)
        for place, text in enumerate((*said, *marks), 1):
            cell = sheet.cell(number, place)
            put(cell, tidy(text))
            cell.border = _BOX
            cell.alignment = Alignment(
                wrap_text=place <= len(said),
                vertical="center",
                horizontal="left" if place <= len(said) else "center",
            )
    for place in range(1, len(heads) + len(found.columns) + 1):
        width = {1: 14, 2: 40, 3: 16, 4: 14, 5: 20}.get(place, 6)
        sheet.column_dimensions[get_column_letter(place)].width = width
    legend = "  ".join(f"{SYMBOLS[mark]} {words.in_(language)}" for mark, words in MARKS.items())
    put(sheet.cell(len(found.rows) + 3, 2), legend)
    sheet.freeze_panes = "C2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", "8"
    sheet.page_setup.fitToHeight = 0
    _lock(sheet)


GUIDANCE: Final = (
    Words("只改“{duties}”一张表；其他表由系统生成，导入时不读。",
          "Edit the sheet “{duties}” only; the others are made by the system and are not read."),
    Words("列按列名识别，次序可以调整，可以增加自己的列（导入时忽略），也可以删去不用的列（原值不变）。",
          "Columns are found by name: reorder them, add your own, or drop some (values stay)."),
    Words("“代号”一列是每项职责的身份，已锁定；新增职责写在最后的空行，代号可以留空。",
          "The id column names each duty and is locked; add duties below, the id may be empty."),
    Words("多个单位用“、”分开；材料每行一件，如：文件：通报正文（pdf/docx，至少1份）。",
          "Separate units by 、; evidence a line each: 文件：通报正文（pdf/docx，至少1份）."),
    Words("把格子清空即删去该值；删去整行不会删去职责，除非导入时写明 --delete。",
          "An emptied cell removes the value; a removed row removes a duty only with --delete."),
    Words("改好后运行 duban import，先看改动，确认后才写入方案文件。",
          "Then run duban import: it shows the changes first and writes only when confirmed."),
    Words("鼠标停在列名上可以看到该列的写法。",
          "Hold the pointer over a heading to read how its column is written."),
)  # fmt: skip
DIGEST: Final = Words("导出时的方案版本", "version exported")


def _guide(sheet: Worksheet, plan: Plan, digest: str, language: Language) -> None:
    lines = [plan.title, plan.number]
    lines += [words.in_(language).replace("{duties}", DUTIES.in_(language)) for words in GUIDANCE]
    for number, line in enumerate(lines, 1):
        cell = sheet.cell(number, 1)
        put(cell, tidy(line))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    put(sheet.cell(len(lines) + 2, 1), DIGEST.in_(language))
    put(sheet.cell(len(lines) + 3, 1), digest)
    sheet.column_dimensions["A"].width = 100
    _lock(sheet)
