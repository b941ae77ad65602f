"""Handing in by a link: the form, its check, the zero report in one tap, the receipt."""

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from office.handed_in import Papers
from office.handing_in import hand_in
from office.task_page import TaskPage
from portal.department.files import take_in
from portal.department.filling import keep_typed, show
from portal.department.visits import (
    READ,
    At,
    Bearer,
    Form,
    address_of,
    remembering,
    shown_task,
    text_in,
    wrong,
)
from portal.rendering import page, see_other
from responsibilities.plan import EvidenceKind
from responsibilities.words import Refused, Words

router = APIRouter()
_WRITTEN = (EvidenceKind.TEXT, EvidenceKind.SIGNERS)


@router.api_route("/l/{token}/tasks/{number}/submit", methods=READ)
def form(request: Request, at: At, link: Bearer, number: int) -> Response:
    """The form, with what was prepared or handed in before."""
    return show(request, at, link, shown_task(request, at, number))


@router.api_route("/l/{token}/tasks/{number}/check", methods=READ)
def checked(request: Request, at: At, link: Bearer, number: int) -> Response:
    """What would be handed in, to be looked over once."""
    return show(request, at, link, shown_task(request, at, number), template="check")


@router.post("/l/{token}/tasks/{number}/check")
def check(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Keep everything and show it for a last look; nothing is handed in yet."""
    task, doer = shown_task(request, at, number), text_in(form, "doer")
    keep_typed(at, link, task, form)
    errors = take_in(request, at, link, task, form)
    if errors:
        return show(request, at, link, task, errors, doer=doer)
    return remembering(see_other(address_of(request, number, "check")), request, doer)


@router.post("/l/{token}/tasks/{number}/submit")
def submit(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Hand in the draft with what the form holds; with an error the form again, nothing is lost."""
    task, doer = shown_task(request, at, number), text_in(form, "doer")
    keep_typed(at, link, task, form)
    errors = take_in(request, at, link, task, form)
    if errors:
        return show(request, at, link, task, errors, doer=doer)
    try:
        hand_in(
            at.db, at.blobs, number, _papers(form, task), by=link.by(doer), role=link.role,
            now=at.clock(), owner=link.recipient,
        )  # fmt: skip
    except Refused as refused:
        errors = wrong(request, refused.words, _field_of(refused.words, task))
        return show(request, at, link, task, errors, doer=doer)
    return remembering(see_other(address_of(request, number, "receipt")), request, doer)


@router.post("/l/{token}/tasks/{number}/zero")
def zero(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Nothing to report this time; files that were prepared go with it."""
    task, doer = shown_task(request, at, number), text_in(form, "doer")
    keep_typed(at, link, task, form)
    try:
        hand_in(
            at.db, at.blobs, number, Papers(zero=True), by=link.by(doer), role=link.role,
            now=at.clock(), owner=link.recipient,
        )  # fmt: skip
    except Refused as refused:
        return show(request, at, link, task, wrong(request, refused.words), doer=doer)
    return remembering(see_other(address_of(request, number, "receipt")), request, doer)


@router.api_route("/l/{token}/tasks/{number}/receipt", methods=READ)
def receipt(request: Request, at: At, link: Bearer, number: int) -> Response:
    """What is there, with its fingerprints, what is missing, and how to correct it."""
    return page(
        request, "department/receipt.html", task=shown_task(request, at, number), link=link,
        here=address_of(request, number), token=request.path_params["token"],
    )  # fmt: skip


def _papers(form: FormData, task: TaskPage) -> Papers:
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
    return Papers((), figures, covered, _heads(form), False, texts, (*unticked, *gone))


def _heads(form: FormData) -> int:
    given = text_in(form, "heads")
    if given and not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Refused(Words("“覆盖人数”应为整数。", "The persons covered are a whole number."))
    return int(given or 0)


def _field_of(words: Words, task: TaskPage) -> str:
    """The field that a refusal is about, by the name that it quotes."""
    for line in task.lines:
        if f"“{line.asked.name}”" in words.zh:
            prefix = "file" if line.asked.kind is EvidenceKind.FILE else "value"
            return f"{prefix}-{line.asked.id}"
    return ""
