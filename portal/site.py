"""What the portal answers: a unit's calendar under its secret address, and whether it is there.

Nothing here changes a record. Whatever is not a calendar that exists gets one and the same 404.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import FastAPI, HTTPException, Request, Response
from sqlalchemy import Engine

from office.feed import feed
from office.settings import Settings

MAX_AGE = 900
"""Seconds for which a calendar program need not ask again."""
_READ = ["GET", "HEAD"]


def site(settings: Settings, db: Engine, clock: Callable[[], datetime]) -> FastAPI:
    """The pages over `db`; `clock` gives the present instant."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)

    @app.middleware("http")
    async def guarded(
        request: Request, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await answer(request)
        # the address is the secret: it goes to no other site, and into no shared cache
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.api_route("/health", methods=_READ)
    def health() -> Response:
        return Response("ok\n", media_type="text/plain")

    @app.api_route("/calendar/{token}.ics", methods=_READ)
    def calendar(token: str, request: Request) -> Response:
        found = feed(db, token, settings.mail.sender, clock(), settings.language)
        if found is None:
            raise HTTPException(404)
        headers = {"ETag": found.etag, "Cache-Control": f"private, max-age={MAX_AGE}"}
        if _known(request.headers.get("If-None-Match", ""), found.etag):
            return Response(status_code=304, headers=headers)
        return Response(found.body, headers=headers, media_type="text/calendar")

    return app


def _known(if_none_match: str, etag: str) -> bool:
    """Whether the program has this version: RFC 9110, 13.1.2 (a weak comparison)."""
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return bool(tags & {etag, "*"})
