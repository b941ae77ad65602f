"""/desk/crosscheck: an independent list, looked at before it is recorded."""

from base64 import b64decode, b64encode
from binascii import Error as Malformed
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from office.crosscheck_incidents import Checked, check_list, preview_list
from office.incidents_view import event_types
from office.list_files import read_list
from portal.desk.bench import Errors, Here, Office, Typed, refused_in_place
from portal.rendering import page
from responsibilities.words import Refused, Words

router = APIRouter()
LARGEST = 500_000
"""Bytes of a list; it goes to the browser and back between the look and the record."""
Text = Annotated[str, Form()]


@router.api_route("/desk/crosscheck", methods=["GET", "HEAD"])
def blank(request: Request, at: Here, who: Office) -> Response:
    return _blank(request, at, who, {}, [], 200)


def _blank(
    request: Request, at: Here, who: Office, typed: Typed, errors: Errors, status: int
) -> Response:
    _, kinds = event_types(at.db, who.plan)
    return page(
        request, "desk/crosscheck.html", status=status, typed=typed, errors=errors, found=None,
        kinds=[(kind.id, kind.name) for kind in kinds], recorded=False, held="",
    )  # fmt: skip


@router.post("/desk/crosscheck")
def look(
    request: Request, at: Here, who: Office, file: Annotated[UploadFile | None, File()] = None,
    type_: Annotated[str, Form(alias="type")] = "", days: Text = "3",
) -> Response:  # fmt: skip
    """What the list would come to; nothing is written."""
    typed = {"type": type_, "days": days, "name": (file.filename if file else "") or ""}

    def act() -> Response:
        data = file.file.read(LARGEST + 1) if file else b""
        _refuse_size(data)
        found = preview_list(
            at.db, who.plan, type_, read_list(typed["name"], data), sha256(data).hexdigest(),
            now=at.clock(), days=_days(days),
        )  # fmt: skip
        return _shown(request, at, who, found, typed, b64encode(data).decode(), recorded=False)

    def again(errors: Errors, status: int) -> Response:
        return _blank(request, at, who, typed, errors, status)

    return refused_in_place(request, act, again, "file")


@router.post("/desk/crosscheck/record")
def record(
    request: Request, at: Here, who: Office, held: Text = "", name: Text = "",
    type_: Annotated[str, Form(alias="type")] = "", days: Text = "3",
) -> Response:  # fmt: skip
    """The same list again, and this time it is a fact; repeated, it is none."""
    typed = {"type": type_, "days": days, "name": name}

    def act() -> Response:
        data = _held(held)
        found = check_list(
            at.db, who.plan, type_, read_list(name, data), sha256(data).hexdigest(),
            by=who.name, now=at.clock(), days=_days(days),
        )  # fmt: skip
        return _shown(request, at, who, found, typed, "", recorded=True)

    def again(errors: Errors, status: int) -> Response:
        return _blank(request, at, who, typed, errors, status)

    return refused_in_place(request, act, again, "file")


def _shown(
    request: Request, at: Here, who: Office, found: Checked, typed: Typed, held: str, *,
    recorded: bool,
) -> Response:  # fmt: skip
    _, kinds = event_types(at.db, who.plan)
    return page(
        request, "desk/crosscheck.html", typed=typed, errors=[], found=found, held=held,
        kinds=[(kind.id, kind.name) for kind in kinds], recorded=recorded,
    )  # fmt: skip


def _days(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and int(typed) <= 31):
        raise Refused(Words("相差天数应为0至31的整数。", "The days apart are a number up to 31."))
    return int(typed)


def _held(held: str) -> bytes:
    try:
        data = b64decode(held, validate=True)
    except Malformed:
        raise Refused(Words("请重新上传名单。", "Upload the list again.")) from None
    _refuse_size(data)
    return data


def _refuse_size(data: bytes) -> None:
    if not data:
        raise Refused(Words("请选择名单文件。", "Choose the file of the list."))
    if len(data) > LARGEST:
        raise Refused(
            Words("名单不应大于500 KB，请分次上传。", "The list is larger than 500 kB; divide it.")
        )
