"""/desk/calendar: the years of working days, and a new notice looked at before it is imported."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile

from office.calendar_import import Preview, import_notice, preview
from office.calendars import years_held
from portal.desk.bench import Errors, Here, Office, clock_of_plan, refused_in_place
from portal.rendering import page, see_other
from responsibilities.words import Refused, Words
from storage.engine import reading

router = APIRouter()
LARGEST = 200_000
Text = Annotated[str, Form()]


@router.api_route("/desk/calendar", methods=["GET", "HEAD"])
def years(request: Request, at: Here, who: Office, done: Annotated[str, Query()] = "") -> Response:
    return _page(request, at, who, [], 200, done=done)


def _page(
    request: Request, at: Here, who: Office, errors: Errors, status: int,
    found: Preview | None = None, text: str = "", done: str = "",
) -> Response:  # fmt: skip
    with reading(at.db) as connection:
        held = years_held(connection)
    return page(
        request, "desk/calendar.html", status=status, years=[held[year] for year in sorted(held)],
        found=found, text=text, errors=errors, done=done, clock=clock_of_plan(at, who.plan),
    )  # fmt: skip


@router.post("/desk/calendar")
def look(
    request: Request, at: Here, who: Office, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Which dates the notice would move; nothing is written."""

    def act() -> Response:
        text = _text(file.file.read(LARGEST + 1) if file else b"")
        found = preview(at.db, {_NAME: text})
        return _page(request, at, who, [], 200, found, text)

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, errors, status)

    return refused_in_place(request, act, again, "file")


_NAME = "notice.yaml"


@router.post("/desk/calendar/import")
def bring_in(
    request: Request, at: Here, who: Office, text: Text = "",
    earlier: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    def act() -> Response:
        _refuse_size(text)
        import_notice(at.db, {_NAME: text}, at.clock(), who.name, earlier=earlier)
        return see_other("/desk/calendar?done=imported")

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, errors, status)

    return refused_in_place(request, act, again, "file")


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Words("文件应为 UTF-8 编码的 YAML。", "The file is YAML in UTF-8.")) from None
    _refuse_size(text)
    return text


def _refuse_size(text: str) -> None:
    if not text.strip():
        raise Refused(Words("请选择工作日安排文件。", "Choose the file of the calendar."))
    if len(text) > LARGEST:
        raise Refused(Words("文件不应大于200 KB。", "The file is larger than 200 kB."))
