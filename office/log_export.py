"""The completion log to take away: JSON, CSV, a workbook; each says what was asked and as of when.

Rows are written as they are read, so that memory does not grow with the log. No text of a user ever
becomes a formula.
"""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import orjson
from sqlalchemy import Engine

from inspections.log_query import POSITIONS, LogQuery, Remit, position_of, render
from office.completion_log import Stream, all_rows
from office.ledger import Row
from office.log_conditions import sections_of
from responsibilities.standing import is_late
from responsibilities.tasks import Promise
from responsibilities.words import Language, Words
from storage.engine import reading
from storage.instants import text

Form = Literal["json", "csv", "xlsx"]
COLUMNS = {
    "number": Words("督办编号", "Number"),
    "title": Words("督办事项", "Task"),
    "unit": Words("责任单位", "Unit"),
    "leader": Words("分管领导", "Leader in charge"),
    "clause": Words("条款", "Clause"),
    "period": Words("所属周期", "Period"),
    "due_at": Words("办理时限", "Due"),
    "original_due_at": Words("原定时限", "Originally due"),
    "standing": Words("办理状态", "Standing"),
    "late": Words("是否逾期", "Late"),
    "late_by_system": Words("因系统停运延迟", "Late by system"),
    "attempts": Words("报结次数", "Submissions"),
    "submitted_at": Words("报结时间", "Handed in"),
    "closed_at": Words("办结时间", "Closed"),
    "key": Words("键名", "Key"),
}
_QUERY, _AT = Words("查询条件", "Query"), Words("截至", "As of")
_SIZE, _CODE = Words("记录条数", "Facts on record"), Words("检查点校验码", "Checkpoint")
_TASKS = Words("事项数", "Tasks")
_CHUNK = 1 << 16


def export(
    db: Engine, query: LogQuery, form: Form, now: datetime, remit: Remit, language: Language
) -> Iterator[bytes]:
    """All that `query` finds within `remit`, as a file in pieces."""
    with reading(db) as connection:
        stream = all_rows(connection, query, now, remit, language)
        yield from _FORMS[form](stream, query, language)


def lines(stream: Stream, query: LogQuery, language: Language) -> list[tuple[str, str]]:
    """What every export says of itself: query, instant, length of the record, checkpoint."""
    said = [
        (_QUERY, f"?{render(query)}"),
        (_AT, text(stream.at)),
        (_TASKS, str(stream.total)),
        (_SIZE, str(stream.size)),
        (_CODE, stream.head.code() if stream.head else ""),
    ]
    return [(label.in_(language), value) for label, value in said]


def _cells(row: Row, promised: Promise, leader: str, at: datetime) -> tuple[str | int | bool, ...]:
    task = row.task
    return (
        row.number, row.title, row.unit, leader, "；".join(sorted(sections_of(promised))),
        row.period, _wall(row.due_at), _wall(row.original_due_at), row.standing.value,
        is_late(task, at), task.late_by_system, task.attempt, _local(task.submitted_at, row),
        _local(task.closed_at, row), task.key,
    )  # fmt: skip


def _said(cells: tuple[str | int | bool, ...], row: Row, language: Language) -> list[str | int]:
    """As a person reads them: a word for a standing, 是 or nothing for a flag."""
    yes = Words("是", "yes").in_(language)
    named: list[str | int] = [
        (yes if cell else "") if isinstance(cell, bool) else cell for cell in cells
    ]
    place = list(COLUMNS).index("standing")
    named[place] = POSITIONS[position_of(row.standing)].in_(language)
    return named


def _json(stream: Stream, query: LogQuery, language: Language) -> Iterator[bytes]:
    head = {
        "schema": "duban/log/1", "query": render(query), "as_of": text(stream.at),
        "facts": stream.size, "checkpoint": stream.head.code() if stream.head else None,
        "total": stream.total,
    }  # fmt: skip
    yield orjson.dumps(head)[:-1] + b',"tasks":['
    comma = b""
    for row, promised, leader in stream.rows:
        cells = dict(zip(COLUMNS, _cells(row, promised, leader, stream.at), strict=True))
        yield comma + orjson.dumps(cells)
        comma = b",\n"
    yield b"]}\n"


def _csv(stream: Stream, query: LogQuery, language: Language) -> Iterator[bytes]:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerows([label, _plain(value)] for label, value in lines(stream, query, language))
    writer.writerow([])
    writer.writerow([column.in_(language) for column in COLUMNS.values()])
    for row, promised, leader in stream.rows:
        cells = _said(_cells(row, promised, leader, stream.at), row, language)
        writer.writerow([_plain(cell) if isinstance(cell, str) else cell for cell in cells])
        if out.tell() > _CHUNK:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _xlsx(stream: Stream, query: LogQuery, language: Language) -> Iterator[bytes]:
    with TemporaryDirectory(prefix="duban-log-") as folder:
        path = Path(folder) / "log.xlsx"
        _write_xlsx(path, stream, query, language)
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                yield piece


def _write_xlsx(path: Path, stream: Stream, query: LogQuery, language: Language) -> None:
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }  # fmt: skip
    with Workbook(path, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(Words("台账", "Log").in_(language))
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.repeat_rows(0)
        for place, width in enumerate((18, 32, 16, 12, 14, 16, 17, 17, 16, 8, 8, 8, 17, 17, 30)):
            sheet.set_column(place, place, width)
        sheet.write_row(0, 0, [column.in_(language) for column in COLUMNS.values()], bold)
        last = 0
        for last, (row, promised, leader) in enumerate(stream.rows, 1):
            cells = _said(_cells(row, promised, leader, stream.at), row, language)
            for place, cell in enumerate(cells):
                write = sheet.write_string if isinstance(cell, str) else sheet.write_number
                write(last, place, cell)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
        about = book.add_worksheet(_QUERY.in_(language))
        about.set_column(0, 0, 18)
        about.set_column(1, 1, 80)
        for place, (label, value) in enumerate(lines(stream, query, language)):
            about.write_string(place, 0, label, bold)
            about.write_string(place, 1, value)


_FORMS: dict[Form, Callable[[Stream, LogQuery, Language], Iterator[bytes]]] = {
    "json": _json,
    "csv": _csv,
    "xlsx": _xlsx,
}


def _wall(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _local(at: datetime | None, row: Row) -> str:
    return "" if at is None else _wall(at.astimezone(row.due_at.tzinfo))


def _plain(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
