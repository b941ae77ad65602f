"""/desk/plan/workbook: the draft as .xlsx, and an edited one shown as a diff before it is taken."""

from typing import Annotated

from fastapi import APIRouter, File, Request, Response, UploadFile

from office import studio_workbook
from office.studio_workbook import LARGEST
from portal.downloading import attachment
from portal.rendering import language_of, see_other
from portal.studio.bench import Errors, Here, Typed, Who, show
from responsibilities.exchange.columns import titles
from responsibilities.words import Refused

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.api_route("/desk/plan/workbook", methods=["GET", "HEAD"])
def waiting(request: Request, at: Here, who: Who) -> Response:
    return _page(request, at, who)


@router.post("/desk/plan/workbook")
def upload(request: Request, at: Here, who: Who, book: Annotated[UploadFile, File()]) -> Response:
    try:
        body = book.file.read(LARGEST + 1)
        name = book.filename or "duban.xlsx"
        studio_workbook.upload(at.db, who.plan, name, body, who.name, at.clock())
    except Refused as refused:
        return _page(request, at, who, [("book", refused.words)])
    return see_other("/desk/plan/workbook")


@router.post("/desk/plan/workbook/take")
def take(request: Request, at: Here, who: Who, typed: Typed) -> Response:
    try:
        studio_workbook.take_in(
            at.db, who.plan, typed.get("mark", ""), who.name, at.clock(), delete="delete" in typed
        )
    except Refused as refused:
        return _page(request, at, who, [("", refused.words)])
    return see_other("/desk/plan/diff")


@router.api_route("/desk/plan/workbook.xlsx", methods=["GET", "HEAD"])
def download(request: Request, at: Here, who: Who) -> Response:
    made = studio_workbook.workbook(at.db, who.plan, language_of(request))
    return attachment(made, f"{who.plan}.xlsx", XLSX)


@router.api_route("/desk/plan/workbook/marked.xlsx", methods=["GET", "HEAD"])
def marked(request: Request, at: Here, who: Who) -> Response:
    name, made = studio_workbook.marked(at.db, who.plan, language_of(request))
    return attachment(made, name, XLSX)


def _page(request: Request, at: Here, who: Who, errors: Errors | None = None) -> Response:
    found = studio_workbook.preview(at.db, who.plan)
    return show(request, "workbook.html", at, who, errors, found=found, titles=titles())
