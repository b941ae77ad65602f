"""A list that somebody hands over (CSV, xlsx): lines by the names of their columns."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zipfile import BadZipFile

from office.screening import screen
from responsibilities.words import Refused, Words


def read_list(name: str, data: bytes) -> list[dict[str, str]]:
    """The lines of the file called `name`; Refused where it is empty or cannot be read."""
    return _workbook(data) if name.lower().endswith(".xlsx") else _csv(data)


def _csv(data: bytes) -> list[dict[str, str]]:
    """Offices save CSV as UTF-8 or as GB18030; both are told apart by trying."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    return _rows(csv.reader(io.StringIO(text)))


def _workbook(data: bytes) -> list[dict[str, str]]:
    try:
        from openpyxl import load_workbook
    except ImportError as missing:
        raise Refused(
            Words(
                "此处没有安装 openpyxl，不能读取 xlsx；请另存为 CSV。",
                "openpyxl is not installed here; save the list as CSV.",
            )
        ) from missing
    screen("名单.xlsx", data)  # unpacked in the sandbox first: a small file may hold gigabytes
    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise Refused(
            Words(
                "此文件不是完好的 xlsx 工作簿，请重新另存后上传。",
                "This is no sound xlsx workbook; save it again.",
            )
        ) from error
    return _rows([_cell(value) for value in row] for row in sheet.iter_rows(values_only=True))


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def _rows(cells: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    """Lines by heading; the first line that is not empty is the heading."""
    filled = [list(row) for row in cells if any(cell.strip() for cell in row)]
    if not filled:
        raise Refused(Words("名单是空的。", "The list is empty."))
    head = [cell.strip() for cell in filled[0]]
    return [
        {name: cell.strip() for name, cell in zip(head, row, strict=False) if name}
        for row in filled[1:]
    ]
