"""One line a request: its route's template, never its address, which may be a secret; and what it
means for security, where it means anything.
"""

import logging
from time import perf_counter

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.security import EXPECTED, event_of, pseudonym, source_of

logger = logging.getLogger("duban.portal")
security = logging.getLogger("duban.security")


class RequestLog:
    """Around the whole application. No query, no body, no address of anybody is written."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), 500  # what is answered where the application breaks

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        finally:
            ms = round((perf_counter() - began) * 1000)
            said = {"method": _method(scope), "route": _template(scope), "status": status, "ms": ms}
            _write(Request(scope), status, said)


def _write(request: Request, status: int, said: dict[str, object]) -> None:
    event = event_of(request, status)
    if not event:
        logger.info(_LINE, said, extra={"request": said})
        return
    more = said | {"event": event, "source": pseudonym(source_of(request))}
    level = logging.INFO if event in EXPECTED else logging.WARNING
    security.log(level, f"{_LINE} %(event)s %(source)s", more, extra={"request": more})


_LINE = "%(method)s %(route)s %(status)d %(ms)d ms"


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _method(scope: Scope) -> str:
    """The method; `-` for one that somebody made up."""
    return scope["method"] if scope["method"] in _METHODS else "-"


def _template(scope: Scope) -> str:
    """`/l/{token}`; `-` where no route was found."""
    route = scope.get("route")
    mounted: str = scope.get("root_path", "")
    return mounted + route.path if isinstance(route, APIRoute) else mounted or "-"
