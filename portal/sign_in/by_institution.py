"""Signing in by the institution's own system: OpenID Connect, or CAS.

Coming back from there is a GET, so it shows a button like every other way in: only its POST asks
the other side, and makes the session.
"""

from secrets import token_urlsafe
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response

from office import sessions
from portal.doors import public
from portal.here import Portal, here
from portal.rendering import page
from portal.security import failures_counted
from portal.sign_in import cas, oidc
from portal.sign_in.signing import come_in
from portal.sign_in.vouching import NOT_VOUCHED, Unvouched

router = APIRouter(dependencies=[Depends(public)])
COOKIE = "__Host-duban-way"
_READ = ["GET", "HEAD"]
_MINUTES = 10
At = Annotated[Portal, Depends(here)]
System = Literal["oidc", "cas"]


@router.api_route("/sign-in/by/{system}", methods=_READ)
def start(request: Request, at: At, system: System) -> Response:
    """Off to the other side; the browser keeps a secret that shows it set out from here."""
    chosen, secret = at.settings, token_urlsafe(32)
    _refuse_unknown(at, system)
    if system == "oidc":
        where = oidc.start(chosen.oidc, _back(request, at, system), secret)
    else:
        where = cas.start(chosen.cas, _service(request, at, secret))
    answer = Response(status_code=303, headers={"Location": where})
    answer.set_cookie(
        COOKIE, secret, max_age=60 * _MINUTES, secure=True, httponly=True, samesite="lax"
    )
    return answer


@router.api_route("/sign-in/by/{system}/back", methods=_READ)
def back(
    request: Request, at: At, system: System, code: str = "", ticket: str = "", state: str = ""
) -> Response:
    """Back again: a button."""
    _refuse_unknown(at, system)
    return page(
        request, "sign_in/vouched.html", system=system, code=code or ticket, state=state,
        good=bool((code or ticket) and state),
    )  # fmt: skip


@router.post("/sign-in/by/{system}")
def finish(
    request: Request, at: At, system: System, code: Annotated[str, Form()] = "",
    state: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Ask the other side who this is."""
    _refuse_unknown(at, system)
    with failures_counted(request, at, system):
        secret = _vouched(request, at, system, code, state)
    answer = come_in(request, at, secret, at.clock(), "")
    answer.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
    return answer


def _vouched(request: Request, at: Portal, system: System, code: str, state: str) -> str:
    """The secret of a new session; Refused where the other side does not say who this is."""
    now, secret = at.clock(), request.cookies.get(COOKIE, "")
    if not (secret and code and state == oidc.state_of(secret)):
        raise Unvouched(NOT_VOUCHED)
    if system == "oidc":
        address = oidc.finish(
            at.settings.oidc, _back(request, at, system), secret, code, state, now
        )
    else:
        address = cas.finish(at.settings.cas, _service(request, at, secret), code)
    return sessions.sign_in_as(at.db, address, system, now)


def _refuse_unknown(at: Portal, system: System) -> None:
    chosen = at.settings
    on = bool(chosen.oidc.issuer) if system == "oidc" else bool(chosen.cas.url)
    if not on:
        raise HTTPException(404)


def _service(request: Request, at: Portal, secret: str) -> str:
    return f"{_back(request, at, 'cas')}?state={oidc.state_of(secret)}"


def _back(request: Request, at: Portal, system: System) -> str:
    """Our own address as the other side knows it."""
    home = at.settings.portal.url.rstrip("/") or str(request.base_url).rstrip("/")
    return f"{home}/sign-in/by/{system}/back"
