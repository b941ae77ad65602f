"""/desk/matrix: the responsibility matrix, alive; the address says what of it is shown."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request, Response

from office.matrix_book import write_matrix
from office.matrix_view import Chosen, MatrixView, matrix_view
from portal.desk.bench import Here, Watcher
from portal.rendering import language_of, page

router = APIRouter()
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _view(at: Here, who: Watcher, section: str, leader: str, period: str) -> MatrixView:
    return matrix_view(at.db, who.plan, Chosen(section, leader, period), at.clock(), who.units)


@router.api_route("/desk/matrix", methods=["GET", "HEAD"])
def matrix(
    request: Request, at: Here, who: Watcher, section: Annotated[str, Query()] = "",
    leader: Annotated[str, Query()] = "", period: Annotated[str, Query()] = "",
) -> Response:  # fmt: skip
    view = _view(at, who, section, leader, period)
    return page(
        request, "desk/matrix.html", view=view, query=request.url.query,
        months=[(month, month) for month in view.months],
        sections=[(section, section) for section in view.sections],
        leaders=[(leader.id, leader.name) for leader in view.leaders],
    )  # fmt: skip


@router.api_route("/desk/matrix.xlsx", methods=["GET", "HEAD"])
def workbook(
    request: Request, at: Here, who: Watcher, section: Annotated[str, Query()] = "",
    leader: Annotated[str, Query()] = "", period: Annotated[str, Query()] = "",
) -> Response:  # fmt: skip
    view = _view(at, who, section, leader, period)
    name = quote(f"责任分工表-{at.clock():%Y%m%d}.xlsx")
    shown = f"attachment; filename=\"matrix.xlsx\"; filename*=UTF-8''{name}"
    headers = {"Content-Disposition": shown}
    return Response(write_matrix(view, language_of(request)), media_type=_BOOK, headers=headers)
