"""The form of a hand-in: what was prepared before, on whatever phone, stands in it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.datastructures import FormData

from office.drafts import draft_of, keep_words, reusable
from office.links import Link
from office.screening import REMARKS
from office.task_page import Line, TaskPage
from portal.department.visits import Errors, address_of, doer_of
from portal.here import Portal
from portal.rendering import page
from responsibilities.words import Words
from storage.blobs import Evidence
from storage.drafts import Draft, DraftFile
from storage.structure import ending_of

_OURS = ("value-", "cover-", "back-")
_WHOLE = ("doer", "heads", "cover", "back")


@dataclass(frozen=True, slots=True)
class Held:
    """A file of the draft; `origin` numbers the task it was handed in for before, or is empty."""

    file: DraftFile
    remarks: tuple[Words, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is ready to be handed in, by line of the checklist."""

    typed: Mapping[str, str]
    held: Mapping[str, tuple[Held, ...]]
    earlier: Mapping[str, tuple[tuple[str, Evidence], ...]]
    """(number of its task, file) of what the line could use again."""


def prepared(at: Portal, link: Link, task: TaskPage) -> Prepared:
    """The draft of the link's mailbox, else what was handed in last."""
    draft = draft_of(at.db, task.id, link.recipient)
    known = reusable(at.db, task.id)
    held = _held(draft, known, task)
    earlier = {line.asked.id: _usable(line, held[line.asked.id], known) for line in task.lines}
    typed = draft.words if draft is not None and draft.words else _handed_in(task)
    return Prepared(typed, held, earlier)


def _held(
    draft: Draft | None, known: Sequence[tuple[str, Evidence]], task: TaskPage
) -> dict[str, tuple[Held, ...]]:
    origins = {one.sha256: number for number, one in known}
    held: dict[str, tuple[Held, ...]] = {line.asked.id: () for line in task.lines}
    for file in draft.files if draft is not None else ():
        remarks = tuple(REMARKS[key] for key in file.remarks)
        one = Held(file, remarks, origins.get(file.sha256, ""))
        held[file.requirement] = (*held.get(file.requirement, ()), one)
    return held


def _usable(
    line: Line, held: Sequence[Held], known: Sequence[tuple[str, Evidence]]
) -> tuple[tuple[str, Evidence], ...]:
    """What the line takes by its kind and does not have yet."""
    there = {one.file.sha256 for one in held} | {piece.sha256 for piece in line.files}
    kinds = {kind.lower() for kind in line.asked.kinds}
    return tuple(
        (number, one)
        for number, one in known
        if one.sha256 not in there and (not kinds or ending_of(one.name) in kinds)
    )


def show(
    request: Request, at: Portal, link: Link, task: TaskPage, errors: Errors = (),
    *, doer: str | None = None, template: str = "submit",
) -> Response:  # fmt: skip
    """The form, or the page to check it by; with `errors` nothing that was prepared is lost."""
    ready = prepared(at, link, task)
    return page(
        request, f"department/{template}.html", status=409 if errors else 200, task=task,
        link=link, typed=ready.typed, ready=ready, errors=errors,
        doer=doer_of(request) if doer is None else doer, here=address_of(request, task.id),
        token=request.path_params["token"],
    )  # fmt: skip


def keep_typed(
    at: Portal, link: Link, task: TaskPage, form: FormData, attempt: int | None = None
) -> None:
    """Keep what was typed and ticked, where the whole form was sent (and not one file of it).

    The name of the doer is for this browser alone; `attempt` as in `keep_words`.
    """
    if not any(name in _WHOLE or name.startswith(_OURS) for name in form):
        return
    ticked, back = form.getlist("cover"), form.getlist("back")
    typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    words = {n: v for n, v in typed.items() if n.startswith(_OURS) or n == "heads"}
    words["form"] = "kept"  # so that a form of nothing but unticked names is one too
    words |= {f"cover-{name}": "1" for name, _ in task.roster if name in ticked}
    files = {one.sha256 for line in task.lines for one in line.files}
    words |= {f"back-{digest}": "1" for digest in files if digest in back}
    keep_words(at.db, task.id, link.recipient, words, now=at.clock(), attempt=attempt)


def _handed_in(task: TaskPage) -> dict[str, str]:
    """The values of the last hand-in, by field; every name ticked where none has been yet."""
    typed = {f"value-{line.asked.id}": line.value for line in task.lines}
    none_yet = not any(done for _, done in task.roster)
    typed |= {f"cover-{name}": "1" for name, done in task.roster if done or none_yet}
    if task.heads is not None and task.heads[0]:
        typed["heads"] = str(task.heads[0])
    return typed
