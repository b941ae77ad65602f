"""Files of a hand-in, one by one: each is screened and durable before its answer, and can be taken
out again. With the script of the page the answer is a piece of it; without, the page again."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import escape
from starlette.datastructures import FormData, UploadFile

from office.drafts import add_file, remove_file, reuse, uploading
from office.links import Link
from office.task_page import Line, TaskPage
from portal.department.filling import keep_typed, prepared, show
from portal.department.visits import (
    At,
    Bearer,
    Errors,
    Form,
    address_of,
    remembering,
    shown_task,
    text_in,
    wrong,
)
from portal.here import Portal
from portal.rendering import asks_for_a_fragment, page, see_other
from responsibilities.words import Refused

router = APIRouter()
_PIECE = 64 * 1024


@router.post("/l/{token}/tasks/{number}/files")
def add(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Put files into the draft: new ones, and those handed in before that were chosen again."""
    task = shown_task(request, at, number)
    keep_typed(at, link, task, form)
    errors = take_in(request, at, link, task, form)
    given = [name for name, value in form.multi_items() if _something(value)]
    chosen = [name.partition("-")[2] for name in given if name.startswith(("file-", "reuse-"))]
    return _answer(request, at, link, task, form, chosen, errors)


@router.post("/l/{token}/tasks/{number}/files/remove")
def remove(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Take one file out of the draft; what was handed in already stays."""
    task = shown_task(request, at, number)
    keep_typed(at, link, task, form)
    digest, _, line = text_in(form, "remove").partition("/")
    remove_file(at.db, number, link.recipient, line, digest, now=at.clock())
    return _answer(request, at, link, task, form, [line], ())


@router.post("/l/{token}/tasks/{number}/words")
def words(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Keep what has been typed so far, unless it was handed in meanwhile."""
    known = text_in(form, "attempt")
    attempt = int(known) if known.isascii() and known.isdigit() and len(known) < 10 else None
    keep_typed(at, link, shown_task(request, at, number), form, attempt)
    return Response(status_code=204)


def take_in(request: Request, at: Portal, link: Link, task: TaskPage, form: FormData) -> Errors:
    """Put the form's files into the draft, each by itself; the sentences on those refused."""
    errors: list[tuple[str, str]] = []
    for line in task.lines:
        name = f"file-{line.asked.id}"
        for given in [*form.getlist(name), text_in(form, f"reuse-{line.asked.id}")]:
            try:
                _take(at, link, task, line, given)
            except Refused as refused:
                errors += [(name, said) for _, said in wrong(request, refused.words)]
    return errors


def _take(at: Portal, link: Link, task: TaskPage, line: Line, given: UploadFile | str) -> None:
    whose, wanted, now = link.recipient, line.asked.id, at.clock()
    if isinstance(given, str):
        if given:
            reuse(at.db, task.id, whose, given, now=now, requirement=wanted)
    elif given.filename:
        with uploading(at.blobs, given.filename, given.size or 0) as coming:
            while piece := given.file.read(_PIECE):
                coming.write(piece)
            add_file(
                at.db, coming, task.id, whose, now=now, requirement=wanted,
                clamd=at.settings.screening.clamd,
            )  # fmt: skip


def _something(value: UploadFile | str) -> bool:
    return bool(value if isinstance(value, str) else value.filename)


def _answer(
    request: Request, at: Portal, link: Link, task: TaskPage, form: FormData, chosen: list[str],
    errors: Errors,
) -> Response:  # fmt: skip
    """`chosen`: ids of the lines that the request was about."""
    line = next((one for one in task.lines if one.asked.id in chosen), None)
    if asks_for_a_fragment(request):
        if errors or line is None:
            return HTMLResponse(escape(" ".join(said for _, said in errors)), 409)
        ready = prepared(at, link, task)
        here = address_of(request, task.id)
        return page(request, "department/held.html", line=line, ready=ready, here=here)
    doer = text_in(form, "doer")
    if errors:
        return show(request, at, link, task, errors, doer=doer)
    field = f"#file-{line.asked.id}" if line is not None else ""
    answer = see_other(f"{address_of(request, task.id, 'submit')}{field}")
    return remembering(answer, request, doer)
