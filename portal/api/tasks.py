"""Tasks: list, show, hand in, and what the office decides. Repeating an act changes nothing."""

from typing import Annotated

from fastapi import APIRouter, File, Form, HTTPException, Query, UploadFile
from fastapi.exceptions import RequestValidationError

from office import ledger, receive, review
from office.handed_in import File as Handed
from portal.api.bearers import Actor, At, Decider, Reader, by, task_within
from portal.api.shapes import (
    Accept,
    Before,
    Extend,
    Number,
    ReceiptShape,
    Return,
    StateShape,
    TaskDetail,
    TaskPage,
    TaskShape,
    Text,
    Waive,
    of_detail,
    of_receipt,
    of_row,
    of_task,
)
from responsibilities.tasks import Standing

router = APIRouter(prefix="/tasks", tags=["tasks"])
FILES, BYTES = 20, 50 * 1024 * 1024
"""As many files, and bytes of all of them together, in one submission."""


@router.get("")
def list_tasks(
    at: At, token: Reader, plan: Text | None = None, unit: Text | None = None,
    duty: Text | None = None, open_only: bool = True, standing: Standing | None = None,
    before: Before = None, limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TaskPage:  # fmt: skip
    """The newest tasks first; `next` of one page is `before` of the following."""
    limits = (token.plan, plan), (token.unit, unit)
    if any(own and asked not in (None, own) for own, asked in limits):
        return TaskPage(tasks=[], next=None)
    rows = ledger.list_tasks(
        at.db, at.clock(), "zh", plan=token.plan or plan, unit=token.unit or unit, duty=duty,
        open_only=open_only, standings=frozenset({standing}) if standing else None,
        before=before, limit=limit,
    )  # fmt: skip
    more = rows[-1].task.id if len(rows) == limit else None
    return TaskPage(tasks=[TaskShape(**of_row(row)) for row in rows], next=more)


@router.get("/{number}")
def show_task(at: At, token: Reader, number: Number) -> TaskDetail:
    """One task with its checklist, its evidence and its record."""
    return of_detail(task_within(at, token, number))


@router.post("/{number}/evidence")
def submit(
    at: At, token: Actor, number: Number,
    files: Annotated[list[UploadFile], File(max_length=FILES)] = [],  # noqa: B006
    lines: Annotated[list[Text], Form(max_length=FILES)] = [],  # noqa: B006
    figures: Annotated[list[Text], Form(max_length=100)] = [],  # noqa: B006
    texts: Annotated[list[Text], Form(max_length=100)] = [],  # noqa: B006
    covered: Annotated[list[Text], Form(max_length=2000)] = [],  # noqa: B006
    heads: Annotated[int, Form(ge=0, le=10**6)] = 0,
    zero: Annotated[bool, Form()] = False,
) -> ReceiptShape:  # fmt: skip
    """Hand in evidence. `lines` names the line of the checklist for each file, or is left out;
    `figures` and `texts` are `name=value`, as often as there are any."""
    task_within(at, token, number)
    receipt = receive.submit(
        at.db, at.blobs, number, by=by(token), now=at.clock(), files=_read(files, lines),
        figures=_pairs("figures", figures), text=_pairs("texts", texts), covered=covered,
        heads=heads, zero=zero,
    )  # fmt: skip
    return of_receipt(receipt)


@router.post("/{number}/accept")
def accept(at: At, token: Decider, number: Number, given: Accept) -> StateShape:
    """The submission is in order: the task is closed."""
    task_within(at, token, number)
    return of_task(review.accept(at.db, number, by=by(token), now=at.clock(), note=given.note))


@router.post("/{number}/return")
def send_back(at: At, token: Decider, number: Number, given: Return) -> StateShape:
    """The submission goes back to the unit, with a reason."""
    task_within(at, token, number)
    done = review.return_(
        at.db, number, given.reason, by=by(token), now=at.clock(), due_at=given.due_at
    )
    return of_task(done)


@router.post("/{number}/extend")
def extend(at: At, token: Decider, number: Number, given: Extend) -> StateShape:
    """The unit gets more time."""
    task_within(at, token, number)
    done = review.extend(
        at.db, number, given.due_at, by=by(token), now=at.clock(), reason=given.reason
    )
    return of_task(done)


@router.post("/{number}/waive")
def waive(at: At, token: Decider, number: Number, given: Waive) -> StateShape:
    """Nobody need do it this time, for a reason."""
    task_within(at, token, number)
    return of_task(review.waive(at.db, number, given.reason, by=by(token), now=at.clock()))


def _read(files: list[UploadFile], lines: list[str]) -> list[Handed]:
    if lines and len(lines) != len(files):
        raise _wrong("lines", "one_for_each_file")
    if sum(file.size or 0 for file in files) > BYTES:
        raise HTTPException(413)
    wanted: list[str | None] = [*lines] or [None] * len(files)
    return [
        Handed(_name(file), file.file.read(), line, file.content_type or "application/octet-stream")
        for file, line in zip(files, wanted, strict=True)
    ]


def _name(file: UploadFile) -> str:
    name = file.filename or "file"
    if len(name) > 255 or not name.isprintable():
        raise _wrong("files", "name")
    return name


def _pairs(field: str, given: list[str]) -> dict[str, str]:
    split = [pair.partition("=") for pair in given]
    if not all(sign for _, sign, _ in split):
        raise _wrong(field, "name=value")
    return {name: value for name, _, value in split}


def _wrong(field: str, what: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", field), "type": what}])
