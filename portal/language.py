"""The language that a reader is spoken to in: Chinese first, English complete."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response

from portal.doors import public
from portal.rendering import COOKIE, see_other
from portal.security import over_https

router = APIRouter(dependencies=[Depends(public)])
_YEAR = 365 * 24 * 3600


@router.post("/language")
def choose(
    request: Request, language: Annotated[str, Form()], back: Annotated[str, Form()] = "/"
) -> Response:
    """Remember the reader's choice in the browser and show the page again."""
    answer = see_other(_within(back))
    if language in ("zh", "en"):
        answer.set_cookie(
            COOKIE, language, max_age=_YEAR, httponly=True, samesite="lax",
            secure=over_https(request),
        )  # fmt: skip
    return answer


def _within(back: str) -> str:
    """`back` where it is a path of ours, else the first page: never a way to another site."""
    parts = urlsplit(back)
    inside = back.startswith("/") and not back.startswith(("//", "/\\"))
    return back if inside and not (parts.scheme or parts.netloc) else "/"
