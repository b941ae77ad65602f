"""/desk/crosscheck: an independent list, looked at before it is recorded."""

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
"""Bytes of a list."""
_MOST = 20
_looked_at: dict[str, bytes] = {}
"""By session, the list that was looked at last; in memory alone, for it may name people."""
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
        _keep(who.session, data)
        return _shown(request, at, who, found, typed, recorded=False)

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
        data = _kept(who.session, held)
        found = check_list(
            at.db, who.plan, type_, read_list(name, data), sha256(data).hexdigest(),
            by=who.name, now=at.clock(), days=_days(days),
        )  # fmt: skip
        return _shown(request, at, who, found, typed, recorded=True)

    def again(errors: Errors, status: int) -> Response:
        return _blank(request, at, who, typed, errors, status)

    return refused_in_place(request, act, again, "file")


def _shown(
    request: Request, at: Here, who: Office, found: Checked, typed: Typed, *, recorded: bool
) -> Response:  # fmt: skip
    _, kinds = event_types(at.db, who.plan)
    held = "" if recorded else sha256(_looked_at[who.session]).hexdigest()
    return page(
        request, "desk/crosscheck.html", typed=typed, errors=[], found=found, held=held,
        kinds=[(kind.id, kind.name) for kind in kinds], recorded=recorded,
    )  # fmt: skip


def _days(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and int(typed) <= 31):
        raise Refused(Words("相差天数应为0至31的整数。", "The days apart are a number up to 31."))
    return int(typed)


def _keep(session: str, data: bytes) -> None:
    _looked_at.pop(session, None)
    _looked_at[session] = data
    for oldest in list(_looked_at)[:-_MOST]:
        _looked_at.pop(oldest, None)


def _kept(session: str, held: str) -> bytes:
    """The list that this session looked at, where it is still the one that the page showed."""
    data = _looked_at.get(session, b"")
    if sha256(data).hexdigest() != held:
        raise Refused(Words("请重新上传名单。", "Upload the list again."))
    return data


def _refuse_size(data: bytes) -> None:
    if not data:
        raise Refused(Words("请选择名单文件。", "Choose the file of the list."))
    if len(data) > LARGEST:
        raise Refused(
            Words("名单不应大于500 KB，请分次上传。", "The list is larger than 500 kB; divide it.")
        )
