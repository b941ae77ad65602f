"""Signing in by a mailed one-time link or code, and signing out.

The page that opens from the mailed link only shows a button: whatever merely follows links (a mail
scanner, a preview) uses nothing up and gets no session.
"""

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request, Response

from office import sessions
from office.sign_in_letter import send_way_in
from portal.doors import COOKIE, Member, member, public, who
from portal.here import Portal, here
from portal.rendering import language_of, page, see_other
from portal.security import failures_counted, note, source_of
from responsibilities.words import Refused

router = APIRouter()
_READ = ["GET", "HEAD"]
_ANYBODY = [Depends(public)]
_HOME = (("office", "/desk"), ("inspector", "/reading/log"), ("leader", "/desk/matrix"))
At = Annotated[Portal, Depends(here)]


@router.api_route("/sign-in", methods=_READ, dependencies=_ANYBODY)
def sign_in(request: Request, at: At, back: str = "") -> Response:
    """Where to send the one-time link to; whoever is in already goes on."""
    known = who(request, at)
    if known is not None:
        return see_other(within(back) or home_of(known))
    return _asking(request, at, back)


@router.post("/sign-in", dependencies=_ANYBODY)
def ask(
    request: Request, at: At, address: Annotated[str, Form()], back: Annotated[str, Form()] = ""
) -> Response:
    """The same page for every address, whether it is known or not."""
    now = at.clock()
    try:
        way = sessions.ask(at.db, address, source_of(request), now)
    except Refused as refused:
        return _asking(request, at, back, address, refused)
    if way is not None:
        send_way_in(at.db, way, at.settings, now)
    return page(request, "sign_in/sent.html", address=address, back=within(back), errors=[])


def _asking(
    request: Request, at: Portal, back: str, address: str = "", refused: Refused | None = None
) -> Response:
    said = [("address", refused.words.in_(language_of(request)))] if refused else []
    chosen = at.settings
    others = [one for one, on in (("oidc", chosen.oidc.issuer), ("cas", chosen.cas.url)) if on]
    return page(
        request, "sign_in/ask.html", status=429 if refused else 200, back=within(back),
        errors=said, address=address, others=others,
    )  # fmt: skip


@router.post("/sign-in/code", dependencies=_ANYBODY)
def by_code(
    request: Request, at: At, address: Annotated[str, Form()], code: Annotated[str, Form()],
    back: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Sign in with the code from the letter, in the browser that asked for it."""
    now = at.clock()
    try:
        with failures_counted(request, at, "code"):
            secret = sessions.sign_in(at.db, now, source_of(request), address=address, code=code)
    except Refused as refused:
        errors = [("code", refused.words.in_(language_of(request)))]
        return page(
            request, "sign_in/sent.html", status=409, address=address, back=within(back),
            errors=errors,
        )  # fmt: skip
    return come_in(request, at, secret, now, back)


@router.api_route("/sign-in/{token}", methods=_READ, dependencies=_ANYBODY)
def offered(request: Request, at: At, token: str) -> Response:
    """What the mailed link opens: a button."""
    good = sessions.is_offered(at.db, token, at.clock())
    return page(request, "sign_in/offered.html", good=good, status=200 if good else 404)


@router.post("/sign-in/{token}", dependencies=_ANYBODY)
def accept(request: Request, at: At, token: str) -> Response:
    """The button was pressed: the way in is used up, and there is a session."""
    now = at.clock()
    with failures_counted(request, at, "link"):
        secret = sessions.sign_in(at.db, now, source_of(request), token=token)
    return come_in(request, at, secret, now, "")


@router.post("/sign-out")
def sign_out(
    request: Request, at: At, _who: Annotated[Member, Depends(member())],
    everywhere: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """End this session, or all of this member."""
    _end(request, at, at.clock(), everywhere=bool(everywhere))
    note(request, "signed_out")
    answer = see_other("/sign-in")
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    return answer


def come_in(request: Request, at: Portal, secret: str, now: datetime, back: str) -> Response:
    """The answer that carries a new session; the one before it, if any, is over."""
    _end(request, at, now)
    note(request, "signed_in")
    request.cookies[COOKIE] = secret
    known = who(request, at)
    answer = see_other(within(back) or (home_of(known) if known else "/"))
    hours = at.settings.portal.session_hours
    answer.set_cookie(
        COOKIE, secret, max_age=int(timedelta(hours=hours).total_seconds()), secure=True,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


def _end(request: Request, at: Portal, now: datetime, *, everywhere: bool = False) -> None:
    secret, chosen = request.cookies.get(COOKIE, ""), at.settings.portal
    found = sessions.signed_in(
        at.db, secret, now, idle=timedelta(minutes=chosen.idle_minutes),
        lasts=timedelta(hours=chosen.session_hours),
    )  # fmt: skip
    if found is not None:
        sessions.sign_out(at.db, found.session, now, everywhere=everywhere)


def home_of(known: Member) -> str:
    """The first page of a member."""
    return next((path for role, path in _HOME if role in known.roles), "/account")


def within(back: str) -> str:
    """`back` where it is a path of ours, else nothing: never a way to another site."""
    parts = urlsplit(back)
    inside = back.startswith("/") and not back.startswith(("//", "/\\"))
    return back if inside and not (parts.scheme or parts.netloc) else ""
