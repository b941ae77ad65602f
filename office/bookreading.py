"""An office's workbook as rows, whatever program saved it, and its faults marked in a copy."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Final
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from office.bookwriting import DIGEST, DUTIES, GUIDE, put, saved
from responsibilities.exchange.cells import tidy
from responsibilities.exchange.columns import KIND, REMARK, Headings, find
from responsibilities.exchange.rows import Fault, Row
from responsibilities.words import Language, Refused, Words

_PATIENCE: Final = 1000
"""Blank rows after which a sheet has ended: programs write a million of them (max_row lies)."""
_RED: Final = PatternFill("solid", fgColor="FFC7CE")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The duties' sheet of a workbook as read."""

    rows: tuple[Row, ...]
    headings: Headings
    faults: tuple[Fault, ...]
    digest: str
    """The version of the plan that was exported; empty when the workbook does not say."""


def read_book(data: bytes, name: str) -> Sheet:
    """The bytes of the file `name`. Refused: no workbook, no sheet of duties, no id column, a
    column twice.
    """
    book = _open(data, name)
    sheet = _sheet(book, DUTIES)
    if sheet is None:
        raise Refused(
            Words(f"“{name}”中没有“职责”这张表。", f"“{name}” has no sheet “duties” (职责).")
        )
    headings = find([_text(cell) for cell in sheet[1]])
    _usable(headings, name)
    faults: list[Fault] = []
    rows = tuple(_rows(sheet, headings, faults))
    return Sheet(rows, headings, tuple(faults), _digest(book))


def _open(data: bytes, name: str) -> Workbook:
    try:
        return load_workbook(BytesIO(data))
    except (InvalidFileException, BadZipFile, KeyError, OSError) as error:
        raise Refused(
            Words(
                f"“{name}”打不开，请确认是 .xlsx 工作簿（.xls、.et 请另存为 .xlsx）。",
                f"“{name}” cannot be opened; it must be an .xlsx workbook.",
            )
        ) from error


def _sheet(book: Workbook, name: Words) -> Worksheet | None:
    found = next((sheet for sheet in book.worksheets if sheet.title.strip() in name), None)
    return found if isinstance(found, Worksheet) else None


def _usable(headings: Headings, name: str) -> None:
    if headings.twice:
        names = "、".join(headings.twice)
        raise Refused(
            Words(
                f"“{name}”中列名重复：{names}；请只留一列。",
                f"“{name}” has columns twice: {names}; keep one of each.",
            )
        )
    if "id" not in headings.places:
        raise Refused(
            Words(
                f"“{name}”的“职责”表第一行没有“代号”一列，无法对应到职责。",
                f"The first row of the duties in “{name}” has no column 代号 (id).",
            )
        )


def _rows(sheet: Worksheet, headings: Headings, faults: list[Fault]) -> Iterator[Row]:
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(min_row=2), 2):
        texts = {
            key: _text(cells[place]) if place < len(cells) else ""
            for key, place in headings.places.items()
        }
        if not any(texts.values()):
            blank += 1
            if blank > _PATIENCE:
                return
            continue
        blank = 0
        for key, place in headings.places.items():
            if place < len(cells) and cells[place].data_type == "f":
                faults.append(Fault(number, key, _FORMULA))
        kind = headings.kind
        said = _text(cells[kind]) if kind is not None and kind < len(cells) else ""
        yield Row(number, texts, said)


_FORMULA: Final = Words("此处是公式，请改为文字", "this is a formula; write its result as text")


def _text(cell: object) -> str:
    value = getattr(cell, "value", None)
    form = str(getattr(cell, "number_format", ""))
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return f"{value * 100:g}%" if "%" in form else f"{value:.15g}"
    return tidy(str(value))


def _digest(book: Workbook) -> str:
    sheet = _sheet(book, GUIDE)
    if sheet is None:
        return ""
    texts = [_text(row[0]) for row in sheet.iter_rows(max_row=40, max_col=1)]
    place = next((at for at, text in enumerate(texts) if text in DIGEST), None)
    return texts[place + 1] if place is not None and place + 1 < len(texts) else ""


def mark_faults(data: bytes, name: str, faults: Sequence[Fault], language: Language) -> bytes:
    """The office's own workbook again, wrong cells red, each row's faults in a last column."""
    book = _open(data, name)
    sheet = _sheet(book, DUTIES)
    assert sheet is not None
    heads = [_text(cell) for cell in sheet[1]]
    headings = find(heads)
    last = max((place for place, text in enumerate(heads, 1) if text), default=0) + 1
    remarks = next((place for place, text in enumerate(heads, 1) if text in REMARK), last)
    put(_at(sheet, 1, remarks), REMARK.in_(language))
    _at(sheet, 1, remarks).font = Font(bold=True)
    sheet.column_dimensions[_at(sheet, 1, remarks).column_letter].width = 60
    for number, row in sorted(_by_row(faults).items()):
        for fault in row:
            place = headings.kind if fault.key == KIND.en else headings.places.get(fault.key)
            if place is not None:
                _at(sheet, number, place + 1).fill = _RED
        cell = _at(sheet, number, remarks)
        said = (_said(fault, heads, headings, language) for fault in row)
        put(cell, "\n".join(dict.fromkeys(said)))
        cell.fill, cell.alignment = _RED, Alignment(wrap_text=True, vertical="top")
    book.active = book.sheetnames.index(sheet.title)
    return saved(book)


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def _by_row(faults: Sequence[Fault]) -> Mapping[int, list[Fault]]:
    found: dict[int, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.row, []).append(fault)
    return found


def _said(fault: Fault, heads: Sequence[str], headings: Headings, language: Language) -> str:
    place = headings.kind if fault.key == KIND.en else headings.places.get(fault.key)
    name = heads[place] if place is not None else ""
    colon = "：" if language == "zh" else ": "
    return (f"{name}{colon}" if name else "") + fault.what.in_(language)
