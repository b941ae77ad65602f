"""What holds for every request, whatever the page: where it may come from, how big it may be, and
what a browser may do with the answer.
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST = 200 * 1024 * 1024
"""Bytes of one request; a route that takes files has limits of its own below it."""
_ELSEWHERE = PlainTextResponse("来源不符，未办理。 / From another site; nothing was done.", 403)
_TOO_LARGE = PlainTextResponse("内容过大，未收到。 / Too large; nothing was taken.", 413)
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)


class Guard:
    """Around the whole application. `url`: the portal's public address, empty where it has none;
    `evidence`: another address that files and pictures come from, or empty."""

    def __init__(self, app: ASGIApp, url: str, evidence: str = "") -> None:
        self.app = app
        self.own = _origin(url)
        self.headers = _headers(self.own, _origin(evidence))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    given.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        if scope["method"] not in SAFE and not self._from_here(headers):
            scope.setdefault("state", {})["event"] = "from_another_site"
            await _ELSEWHERE(scope, receive, send_guarded)
        elif _length(headers) > LARGEST:
            await _TOO_LARGE(scope, receive, send_guarded)
        else:
            await self.app(scope, _bounded(receive), send_guarded)

    def _from_here(self, headers: Headers) -> bool:
        """OWASP, Cross-Site Request Forgery Prevention: Fetch Metadata, else Origin.

        A program that is no browser sends neither, and has no cookie that could be ridden on.
        """
        site = headers.get("Sec-Fetch-Site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("Origin")
        return origin is None or _same(origin, headers.get("Host", ""), self.own)


def _bounded(receive: Receive) -> Receive:
    """Refuses as soon as more has come than one request may hold, whatever length it told."""
    come = 0

    async def receive_bounded() -> Message:
        nonlocal come
        message = await receive()
        come += len(message.get("body", b""))
        if come > LARGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return receive_bounded


def _same(origin: str, host: str, own: str) -> bool:
    return origin == own or (host != "" and urlsplit(origin).netloc == host)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _length(headers: Headers) -> int:
    given = headers.get("Content-Length", "0")
    return int(given) if given.isascii() and given.isdigit() else 0


def _headers(own: str, evidence: str) -> Mapping[str, str]:
    # a form that asks for a file is answered with its address, which form-action also governs
    pictures, forms = f"img-src 'self' data: blob: {evidence}", f"form-action 'self' {evidence}"
    given = {
        "Content-Security-Policy": f"{_POLICY}; {forms.rstrip()}; {pictures.rstrip()}",
        # addresses hold secrets: they go to no other site. (Not no-referrer: with it a browser
        # sends `Origin: null` with its own forms, Fetch standard 3.1.)
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
    if own.startswith("https://"):
        given["Strict-Transport-Security"] = "max-age=31536000"
    return given
