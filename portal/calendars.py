"""A unit's calendar under its secret address, for the calendar program of its contact."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from office.feed import feed
from portal.doors import door
from portal.here import Portal, here

MAX_AGE = 900
"""Seconds for which a calendar program need not ask again."""


@door("calendar")
def subscriber(token: str) -> str:
    """Whoever knows the secret address; it shows one calendar and nothing else."""
    return token


router = APIRouter()


@router.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"])
def calendar(
    request: Request,
    token: Annotated[str, Depends(subscriber)],
    at: Annotated[Portal, Depends(here)],
) -> Response:
    """One and the same 404 for whatever is not a calendar that exists."""
    chosen = at.settings
    found = feed(at.db, token, chosen.mail.sender, at.clock(), chosen.language)
    if found is None:
        return Response("not found\n", 404, media_type="text/plain")
    headers = {"ETag": found.etag, "Cache-Control": f"private, max-age={MAX_AGE}"}
    if _known(request.headers.get("If-None-Match", ""), found.etag):
        return Response(status_code=304, headers=headers)
    return Response(found.body, headers=headers, media_type="text/calendar")


def _known(if_none_match: str, etag: str) -> bool:
    """Whether the program has this version: RFC 9110, 13.1.2 (a weak comparison)."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return bool(tags & {etag, "*"})
