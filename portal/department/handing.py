"""Handing in by a link: the form, the zero report in one tap, the receipt, corrections."""

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response, UploadFile
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as Upload

from office.handed_in import File, Papers
from office.handing_in import hand_in
from office.links import Link
from office.task_page import Line, TaskPage
from portal.department.visits import (
    READ,
    At,
    Bearer,
    Errors,
    Form,
    address_of,
    doer_of,
    remembering,
    shown_task,
    text_in,
    wrong,
)
from portal.here import Portal
from portal.rendering import page, see_other
from responsibilities.plan import EvidenceKind
from responsibilities.words import Refused, Words

router = APIRouter()
LARGEST = 50 * 1024 * 1024
"""Bytes of one file: what a mail server would take, and more."""
_WRITTEN = (EvidenceKind.TEXT, EvidenceKind.SIGNERS)


@router.api_route("/l/{token}/tasks/{number}/submit", methods=READ)
def form(request: Request, at: At, link: Bearer, number: int) -> Response:
    """The form, with what was handed in before."""
    task = shown_task(request, at, number)
    return _form(request, link, task, typed_before(task), doer_of(request), ())


@router.post("/l/{token}/tasks/{number}/submit")
def submit(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Hand in what the form holds; with an error the form again, and nothing typed is lost."""
    task, doer = shown_task(request, at, number), text_in(form, "doer")
    kept: tuple[str, ...] = ()
    try:
        by, files = link.by(doer), list(_files(form, task))
        papers = _papers(form, task, files)
        try:
            hand_in(at.db, at.blobs, number, papers, by=by, role=link.role, now=at.clock())
        except Refused:
            kept = _files_alone(at, link, number, files, by)
            raise
    except Refused as refused:
        errors = wrong(request, refused.words, _field_of(refused.words, task))
        task = shown_task(request, at, number) if kept else task
        return _form(request, link, task, _typed(form, task), doer, errors, kept)
    return remembering(see_other(address_of(request, number, "receipt")), request, doer)


@router.post("/l/{token}/tasks/{number}/zero")
def zero(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Nothing to report this time."""
    doer = text_in(form, "doer")
    try:
        papers = Papers(zero=True)
        hand_in(at.db, at.blobs, number, papers, by=link.by(doer), role=link.role, now=at.clock())
    except Refused as refused:
        task = shown_task(request, at, number)
        errors = wrong(request, refused.words)
        return _form(request, link, task, typed_before(task), doer, errors)
    return remembering(see_other(address_of(request, number, "receipt")), request, doer)


@router.api_route("/l/{token}/tasks/{number}/receipt", methods=READ)
def receipt(request: Request, at: At, link: Bearer, number: int) -> Response:
    """What is there, with its fingerprints, what is missing, and how to correct it."""
    return page(
        request, "department/receipt.html", task=shown_task(request, at, number), link=link,
        here=address_of(request, number), token=request.path_params["token"],
    )  # fmt: skip


def typed_before(task: TaskPage) -> dict[str, str]:
    """The values of the last hand-in, by field; every name ticked where none has been yet."""
    typed = {f"value-{line.asked.id}": line.value for line in task.lines}
    none_yet = not any(done for _, done in task.roster)
    typed |= {f"cover-{name}": "1" for name, done in task.roster if done or none_yet}
    if task.heads is not None and task.heads[0]:
        typed["heads"] = str(task.heads[0])
    return typed


def _typed(form: FormData, task: TaskPage) -> dict[str, str]:
    """What was typed and ticked, by field, to be shown again."""
    ticked = form.getlist("cover")
    typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return typed | {f"cover-{name}": "1" for name, _ in task.roster if name in ticked}


def _form(
    request: Request, link: Link, task: TaskPage, typed: dict[str, str], doer: str,
    errors: Errors, kept: tuple[str, ...] = (),
) -> Response:  # fmt: skip
    return page(
        request, "department/submit.html", status=409 if errors else 200, task=task, link=link,
        typed=typed, doer=doer, errors=errors, kept=kept, here=address_of(request, task.id),
        token=request.path_params["token"],
    )  # fmt: skip


def _papers(form: FormData, task: TaskPage, files: list[File]) -> Papers:
    """What the form holds that is not so already."""
    figures: dict[str, str] = {}
    texts: dict[str, str] = {}
    for line in task.lines:
        value = text_in(form, f"value-{line.asked.id}")
        if value and value != line.value:
            (texts if line.asked.kind in _WRITTEN else figures)[line.asked.id] = value
    ticked = {str(name) for name in form.getlist("cover")}
    covered = [name for name, done in task.roster if name in ticked and not done]
    unticked = [name for name, done in task.roster if done and name not in ticked]
    gone = [str(digest) for digest in form.getlist("back")]
    return Papers(files, figures, covered, _heads(form), False, texts, (*unticked, *gone))


def _heads(form: FormData) -> int:
    given = text_in(form, "heads")
    if given and not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Refused(Words("“覆盖人数”应为整数。", "The persons covered are a whole number."))
    return int(given or 0)


def _files(form: FormData, task: TaskPage) -> Iterator[File]:
    for line in task.lines:
        for given in form.getlist(f"file-{line.asked.id}"):
            if isinstance(given, Upload) and given.filename:
                yield _file(given, line)


def _file(given: UploadFile | Upload, line: Line) -> File:
    name = given.filename or ""
    if (given.size or 0) > LARGEST:
        most = LARGEST // 2**20
        raise Refused(
            Words(
                f"文件“{name}”超过{most}兆字节，请压缩或分成几份。",
                f"“{name}” is larger than {most} MB; make it smaller or split it.",
            )
        )
    kind = given.content_type or "application/octet-stream"
    return File(name, given.file.read(), line.asked.id, kind)


def _files_alone(
    at: Portal, link: Link, number: int, files: list[File], by: str
) -> tuple[str, ...]:
    """Files cannot be put back into a form: those in order are kept as a hand-in of their own."""
    if not files:
        return ()
    try:
        hand_in(
            at.db, at.blobs, number, Papers(files), by=by, role=link.role, now=at.clock()
        )  # fmt: skip
    except Refused:
        return ()
    return tuple(file.name for file in files)


def _field_of(words: Words, task: TaskPage) -> str:
    """The field that a refusal is about, by the name that it quotes."""
    for line in task.lines:
        if f"“{line.asked.name}”" in words.zh:
            prefix = "file" if line.asked.kind is EvidenceKind.FILE else "value"
            return f"{prefix}-{line.asked.id}"
    return ""
