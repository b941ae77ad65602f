"""What the pages of a link have in common: the name of the doer, the task, and what is wrong."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData

from office.links import Link
from office.task_page import TaskPage, task_page
from portal.doors import bearer
from portal.here import Portal, here
from portal.rendering import language_of
from portal.security import over_https
from responsibilities.words import Words

At = Annotated[Portal, Depends(here)]
Bearer = Annotated[Link, Depends(bearer)]
READ = ["GET", "HEAD"]
Errors = Sequence[tuple[str, str]]
"""(id of the field, sentence), for `error_summary`."""
_DOER = "doer"
_YEAR = 365 * 24 * 3600


async def form_of(request: Request) -> AsyncIterator[FormData]:
    """The form that was sent; files above 1 MB wait on the disk, and are gone after the answer."""
    async with request.form(max_files=200, max_fields=3000, max_part_size=256 * 1024) as form:
        yield form


Form = Annotated[FormData, Depends(form_of)]


def text_in(form: FormData, name: str) -> str:
    """What was typed into a field; empty where it is missing."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def doer_of(request: Request) -> str:
    """The name that was given in this browser before."""
    return unquote(request.cookies.get(_DOER, ""))


def remembering(answer: Response, request: Request, doer: str) -> Response:
    """The name stays in the browser of the doer, for the pages of this link only."""
    answer.set_cookie(
        _DOER, quote(doer.strip()), max_age=_YEAR, path=f"/l/{request.path_params['token']}",
        httponly=True, samesite="lax", secure=over_https(request),
    )  # fmt: skip
    return answer


def shown_task(request: Request, at: Portal, number: int) -> TaskPage:
    """The task as the reader sees it now."""
    return task_page(at.db, at.blobs, number, at.clock(), language_of(request))


def address_of(request: Request, number: int, page: str = "") -> str:
    """The address of a task's page."""
    address = f"/l/{request.path_params['token']}/tasks/{number}"
    return f"{address}/{page}" if page else address


def wrong(request: Request, words: Words, field: str = "") -> Errors:
    """One sentence as errors of a form; that about the name stands at the name."""
    at_name = "办理人姓名" in words.zh
    return [(_DOER if at_name else field, words.in_(language_of(request)))]
