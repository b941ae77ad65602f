"""What a link's bearer says besides handing in: more time, another post, not ours."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from office.figures import day_of
from office.links import Link
from office.passing_on import ask_more_time, pass_on, say_not_ours
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
from responsibilities.plan import Role
from responsibilities.words import Refused, Words

router = APIRouter()


@router.api_route("/l/{token}/tasks/{number}/more-time", methods=READ)
def more_time(request: Request, at: At, link: Bearer, number: int) -> Response:
    return _asked(request, at, link, number, "more-time")


@router.post("/l/{token}/tasks/{number}/more-time")
def ask(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """The request goes to whoever grants it; the due date stands until then."""

    def act(by: str) -> None:
        until = day_of(text_in(form, "until"))
        reason, now = text_in(form, "reason"), at.clock()
        ask_more_time(at.db, number, until, reason, by=by, role=link.role, now=now)

    return _do(request, at, link, number, "more-time", form, act)


@router.api_route("/l/{token}/tasks/{number}/hand-over", methods=READ)
def hand_over(request: Request, at: At, link: Bearer, number: int) -> Response:
    return _asked(request, at, link, number, "hand-over")


@router.post("/l/{token}/tasks/{number}/hand-over")
def give(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """Another post of the unit gets the task by letter."""

    def act(by: str) -> None:
        to, note, now = _post(text_in(form, "to")), text_in(form, "note"), at.clock()
        pass_on(at.db, number, to, note, by=by, role=link.role, now=now)

    return _do(request, at, link, number, "hand-over", form, act)


@router.api_route("/l/{token}/tasks/{number}/not-ours", methods=READ)
def not_ours(request: Request, at: At, link: Bearer, number: int) -> Response:
    return _asked(request, at, link, number, "not-ours")


@router.post("/l/{token}/tasks/{number}/not-ours")
def say(request: Request, at: At, link: Bearer, number: int, form: Form) -> Response:
    """The office is asked to decide; until then nothing changes."""

    def act(by: str) -> None:
        reason, now = text_in(form, "reason"), at.clock()
        say_not_ours(at.db, number, reason, by=by, role=link.role, now=now)

    return _do(request, at, link, number, "not-ours", form, act)


def _post(value: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        raise Refused(Words("请选择转交的岗位。", "Choose the post to hand over to.")) from None


def _do(
    request: Request, at: Portal, link: Link, number: int, what: str, form: FormData,
    act: Callable[[str], None],
) -> Response:  # fmt: skip
    """Do it as the one who is named; with an error the form again, and nothing typed is lost."""
    doer = text_in(form, "doer")
    try:
        act(link.by(doer))
    except Refused as refused:
        typed = {name: text_in(form, name) for name in ("until", "reason", "to", "note")}
        errors = wrong(request, refused.words, _FIELDS[what])
        return _asked(request, at, link, number, what, typed, doer, errors)
    return remembering(
        see_other(address_of(request, number) + f"?done={what}"), request, doer
    )  # fmt: skip


_FIELDS = {"more-time": "until", "hand-over": "to", "not-ours": "reason"}
"""The field that an error of each form is shown at."""


def _asked(
    request: Request, at: Portal, link: Link, number: int, what: str,
    typed: Mapping[str, str] | None = None, doer: str = "", errors: Errors = (),
) -> Response:  # fmt: skip
    return page(
        request, f"department/{what}.html", status=409 if errors else 200,
        task=shown_task(request, at, number), link=link, typed=typed or {}, errors=errors,
        doer=doer or doer_of(request), here=address_of(request, number),
        token=request.path_params["token"],
    )  # fmt: skip
