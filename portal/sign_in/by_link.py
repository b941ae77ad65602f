"""Ways in for whoever has a letter: its short code, another link, and stopping its links."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from office import links
from office.links import Link, NoLink
from portal.doors import holder, public
from portal.here import Portal, here
from portal.rendering import language_of, page, see_other
from portal.security import failures_counted, source_of
from portal.sign_in.clock import clock_of
from responsibilities.words import Refused, Words

router = APIRouter()
_READ = ["GET", "HEAD"]
_ANYBODY = [Depends(public)]
_WRONG = Words("短码不对或已失效，请核对最近一封督办邮件。", "The code is wrong or no longer good.")
At = Annotated[Portal, Depends(here)]


@router.api_route("/code", methods=_READ, dependencies=_ANYBODY)
def code(request: Request) -> Response:
    """Where a letter's short code is typed."""
    return page(request, "sign_in/code.html", errors=[], code="")


@router.post("/code", dependencies=_ANYBODY)
def enter(request: Request, at: At, code: Annotated[str, Form()]) -> Response:
    """From the code to what it opens; for half a day, in this browser's address."""
    try:
        with failures_counted(request, at, "short_code"):
            token = links.enter_code(at.db, code, source_of(request), at.clock())
    except Refused as refused:
        words = _WRONG if isinstance(refused, NoLink) else refused.words
        errors = [("code", words.in_(language_of(request)))]
        return page(request, "sign_in/code.html", status=409, errors=errors, code=code)
    return see_other(f"/l/{token}")


@router.post("/l/{token}/fresh", dependencies=_ANYBODY)
def fresh(request: Request, at: At, token: str) -> Response:
    """Another link to the mailbox that this one went to; the answer never says whether."""
    links.fresh(at.db, token, source_of(request), at.clock())
    return page(request, "sign_in/fresh.html")


@router.api_route("/l/{token}/links", methods=_READ)
def mine(request: Request, at: At, token: str, link: Annotated[Link, Depends(holder)]) -> Response:
    """The links of this mailbox, to be stopped."""
    local = clock_of(at, link.plan)
    found = [(one.id, local(one.issued_at)) for one in links.of_bearer(at.db, link, at.clock())]
    return page(request, "sign_in/links.html", link=link, links=found, token=token)


@router.post("/l/{token}/links")
def stop(request: Request, at: At, link: Annotated[Link, Depends(holder)]) -> Response:
    """They open nothing any more."""
    count = links.revoke_all(at.db, link, at.clock())
    return page(request, "sign_in/stopped.html", count=count, link=link)
