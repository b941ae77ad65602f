"""Evidence as it came, from an origin of its own, where nothing of it can run.

Two ways there: `portal.evidence_listen` opens a door for it alone (`evidence_site`), whose address
is `portal.evidence_url`; without it the files come from the pages' own origin, only to be saved.
A page asks `closed` which files it cannot offer; the address that it offers answers with `sent_to`.
"""

from collections.abc import Collection, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Response
from fastapi.responses import FileResponse, RedirectResponse

from office.scanning import refuse_unscanned, unshown
from portal.doors import door
from portal.guard import Guard
from portal.here import Portal, here
from portal.refusing import refuse_in_words
from portal.request_log import RequestLog
from portal.tickets import Ticket, issue, redeem
from responsibilities.words import Refused, Words
from storage.previews import preview_of

_LOCKED = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@door("ticket")
def ticket_holder(ticket: str, at: Annotated[Portal, Depends(here)]) -> Ticket:
    """Whoever has a ticket that is still good."""
    found = redeem(ticket, at.clock())
    if found is None:
        raise HTTPException(404)
    return found


router = APIRouter()
"""For the pages' own site: files to be saved, no previews."""
At = Annotated[Portal, Depends(here)]
Held = Annotated[Ticket, Depends(ticket_holder)]


@router.api_route("/evidence/{ticket}", methods=["GET", "HEAD"])
def saved(at: At, held: Held) -> Response:
    """The file, to be saved under its name; a preview only where another origin shows it."""
    refuse_unscanned(at.db, held.sha256, at.settings.screening.clamd)
    if held.preview:
        return _preview(at, held)
    return FileResponse(
        at.blobs.path(held.sha256),
        filename=held.name,
        media_type="application/octet-stream",
        headers={**_LOCKED, "Cross-Origin-Resource-Policy": "same-origin"},
    )


def _preview(at: Portal, held: Ticket) -> Response:
    drawn = None
    if at.settings.portal.evidence_listen:
        drawn = preview_of(at.blobs, at.settings.data / "previews", held.sha256)
    if drawn is None:
        raise HTTPException(404)
    # whoever has the ticket may put the picture into a page: evidence_url may be any host
    headers = {**_LOCKED, "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(drawn, media_type="image/jpeg", headers=headers)


def evidence_site(portal: Portal) -> FastAPI:
    """The application behind the door for evidence: files and previews, and nothing else."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.portal = portal
    app.router.routes.extend(router.routes)
    refuse_in_words(app)
    app.add_middleware(Guard, url=portal.settings.portal.url)
    app.add_middleware(RequestLog)
    return app


def address_of(at: Portal, sha256: str, name: str, reader: str, *, preview: bool = False) -> str:
    """Where `reader` can fetch the file for the next minutes; Refused while nobody could."""
    origin = at.settings.portal.evidence_origin
    if origin is None:
        raise Refused(_NOWHERE)
    ticket = issue(sha256, name, reader, at.clock(), preview=preview)
    return f"{origin}/evidence/{ticket}"


def sent_to(
    at: Portal, sha256: str, name: str, reader: str, *, preview: bool = False
) -> RedirectResponse:
    """303 to the file, for a reader who may see it; Refused where `closed` names it."""
    refuse_unscanned(at.db, sha256, at.settings.screening.clamd)
    return RedirectResponse(address_of(at, sha256, name, reader, preview=preview), 303)


def closed(at: Portal, files: Collection[str]) -> Mapping[str, Words]:
    """Why each of these (by SHA-256) that nobody can open now cannot be opened."""
    held = unshown(at.db, files, at.settings.screening.clamd)
    nowhere = files if at.settings.portal.evidence_origin is None else ()
    return dict.fromkeys(nowhere, _NOWHERE) | held


_NOWHERE = Words(
    "系统管理员设置 portal.evidence_url 之后方可打开。",
    "It can be opened once the administrator has set portal.evidence_url.",
)
