"""The living matrix as a workbook: the same words as on the page, ready to filter and print."""

from io import BytesIO

from notifications.rows import STANDINGS
from office.matrix_view import Cell, MatrixView
from responsibilities.matrix import MARKS
from responsibilities.tasks import Standing
from responsibilities.words import Language, Words

_LOUD = {Standing.OVERDUE: "#fcebe9", Standing.DUE_SOON: "#fdf3dc"}


def write_matrix(view: MatrixView, language: Language) -> bytes:
    """One sheet; every text is written as text, never as a formula."""
    import xlsxwriter  # here, since only this page needs it

    written = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet(Words("责任分工表", "Responsibilities").in_(language))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        style = {"text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
        plain = book.add_format(style)
        loud = {s: book.add_format({**style, "bg_color": colour}) for s, colour in _LOUD.items()}
        own = [Words("条款", "Section").in_(language), Words("职责", "Duty").in_(language)]
        sheet.write_row(0, 0, [*own, *(column.name for column in view.columns)], bold)
        for row, line in enumerate(view.lines, 1):
            sheet.write_row(row, 0, [line.row.section, line.row.title], bold)
            for column, cell in enumerate(line.cells, len(own)):
                chosen = loud.get(cell.standing, plain) if cell.standing else plain
                sheet.write_string(row, column, say_cell(cell).in_(language), chosen)
        sheet.freeze_panes(1, len(own))
        sheet.autofilter(0, 0, len(view.lines), len(own) + len(view.columns) - 1)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 36)
        sheet.set_column(len(own), len(own) + len(view.columns) - 1, 12)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return written.getvalue()


def say_cell(cell: Cell) -> Words:
    """逾期 2/3; what a unit has to do with the duty where nothing was asked of it."""
    if cell.standing is None:
        return MARKS[cell.mark] if cell.mark is not None else Words("", "")
    said, count = STANDINGS[cell.standing], f" {cell.done}/{cell.total}" if cell.total else ""
    return Words(f"{said.zh}{count}", f"{said.en}{count}")
