"""What a member sees of themselves: where they are signed in, their plans, their unit's page."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from office import links, sessions
from office.members import unit_post
from portal.doors import Member, member
from portal.here import Portal, here
from portal.rendering import page, see_other
from portal.sign_in.clock import clock_of
from responsibilities.words import Refused, Words
from storage.engine import writing

router = APIRouter()
At = Annotated[Portal, Depends(here)]
Anybody = Annotated[Member, Depends(member())]
Unit = Annotated[Member, Depends(member("unit"))]
_HALF_A_DAY = timedelta(hours=12)


@router.api_route("/account", methods=["GET", "HEAD"])
def account(request: Request, at: At, me: Anybody) -> Response:
    """Who is signed in, and where."""
    lasts = timedelta(hours=at.settings.portal.session_hours)
    found = sessions.sessions_of(at.db, me.address, at.clock(), lasts)
    local = clock_of(at, me.plan)
    shown = [(one.hash, local(one.at)) for one in found]
    return page(request, "sign_in/account.html", me=me, sessions=shown)


@router.post("/account/end")
def end(at: At, me: Anybody, session: Annotated[str, Form()]) -> Response:
    """End one of this member's other sessions."""
    sessions.end_one(at.db, me.address, session, at.clock())
    return see_other("/account")


@router.post("/account/plan")
def turn(at: At, me: Anybody, plan: Annotated[str, Form()]) -> Response:
    """Look at another plan."""
    sessions.turn_to(at.db, me.session, me.plans, plan)
    return see_other("/account")


@router.post("/account/unit")
def unit(at: At, me: Unit) -> Response:
    """The page of the member's own unit, as the link in a letter opens it, for half a day."""
    now = at.clock()
    with writing(at.db) as connection:
        found = unit_post(connection, me.plan, me.address)
        if found is None:
            raise Refused(Words("您的岗位不属于承办单位。", "Your post is in no unit."))
        token = links.issue(
            connection, me.plan, found.unit, None, me.address, found.role, found.name, acts=True,
            now=now, until=now + _HALF_A_DAY,
        )  # fmt: skip
    return see_other(f"/l/{token}")
