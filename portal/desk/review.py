"""/desk/review: what was handed in beside what was asked; accept, or return with a reason."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from office import review
from office.desk_view import desk_view, next_to_review
from portal.desk.bench import Errors, Here, Office, Typed, own_task, refused_in_place
from portal.desk.handed_in import handed_in
from portal.rendering import language_of, page, see_other
from responsibilities.tasks import State

router = APIRouter()
Text = Annotated[str, Form()]


@router.api_route("/desk/review", methods=["GET", "HEAD"])
def queue(request: Request, at: Here, who: Office, done: Annotated[str, Query()] = "") -> Response:
    view = desk_view(at.db, who.plan, at.clock(), language_of(request))
    return page(request, "desk/review_queue.html", queue=view.review, done=done)


@router.api_route("/desk/review/{number}", methods=["GET", "HEAD"])
def one(
    request: Request, at: Here, who: Office, number: int, done: Annotated[str, Query()] = ""
) -> Response:
    return _page(request, at, who, number, {}, [], 200, done)


def _page(
    request: Request, at: Here, who: Office, number: int, typed: Typed, errors: Errors,
    status: int, done: str = "",
) -> Response:  # fmt: skip
    detail = own_task(request, at, who, number)
    return page(
        request, "desk/review.html", status=status, detail=detail, typed=typed, errors=errors,
        done=done, waiting=detail.row.task.state is State.SUBMITTED,
        handed_in=handed_in(at, detail), following=next_to_review(at.db, who.plan, number),
    )  # fmt: skip


@router.post("/desk/review/{number}/accept")
def accept(request: Request, at: Here, who: Office, number: int, note: Text = "") -> Response:
    def act() -> object:
        return review.accept(at.db, number, by=who.name, now=at.clock(), note=note.strip())

    return _judged(request, at, who, number, "accepted", "note", {"note": note}, act)


@router.post("/desk/review/{number}/return")
def return_(request: Request, at: Here, who: Office, number: int, reason: Text = "") -> Response:
    def act() -> object:
        return review.return_(at.db, number, reason, by=who.name, now=at.clock())

    return _judged(request, at, who, number, "returned", "reason", {"reason": reason}, act)


def _judged(
    request: Request, at: Here, who: Office, number: int, name: str, field: str, typed: Typed,
    act: Callable[[], object],
) -> Response:  # fmt: skip
    """Done: the next one follows."""

    def done() -> Response:
        own_task(request, at, who, number)
        act()
        following = next_to_review(at.db, who.plan, number)
        where = f"/desk/review/{following}" if following else "/desk/review"
        return see_other(f"{where}?done={name}")

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, number, typed, errors, status)

    return refused_in_place(request, done, again, field)
