"""Who may come in, for the office: members by post, grants, and the links of a unit."""

from datetime import datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response

from office import links, members
from office.workplace import InForce, in_force
from portal.doors import Member, member
from portal.here import Portal, here
from portal.rendering import language_of, page, see_other
from responsibilities.words import Refused, Words
from storage.engine import reading

router = APIRouter()
At = Annotated[Portal, Depends(here)]
Office = Annotated[Member, Depends(member("office", "admin"))]
_SAID = {
    "inspector": Words("督导组", "inspector"),
    "office": Words("办公室", "office"),
    "admin": Words("管理员", "administrator"),
}
_DATES = Words("请填写起止日期，如 2026-11-30。", "Give both dates, as 2026-11-30.")


@router.api_route("/desk/people", methods=["GET", "HEAD"])
def people(request: Request, at: At, me: Office, unit: str = "") -> Response:
    """Everybody who may come in, and how."""
    return _shown(request, at, me, unit, [], {})


@router.post("/desk/people/grants")
def let_in(
    request: Request, at: At, me: Office, address: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "", role: Annotated[str, Form()] = "inspector",
    since: Annotated[str, Form()] = "", until: Annotated[str, Form()] = "",
    units: Annotated[list[str] | None, Form()] = None, duties: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Let an address in for a time; both days count."""
    place = _place(at, me.plan)
    typed = {
        "address": address, "name": name, "role": role, "since": since, "until": until,
        "duties": duties,
    }  # fmt: skip
    try:
        _refuse_higher(me, role)
        members.grant(
            at.db, me.plan, address, role, name=name, since=_day(place, since, last=False),
            until=_day(place, until, last=True), by=me.name, now=at.clock(),
            units=tuple(units or ()), duties=tuple(duties.replace("、", " ").split()),
        )  # fmt: skip
    except Refused as refused:
        errors = [("address", refused.words.in_(language_of(request)))]
        return _shown(request, at, me, "", errors, typed, status=409)
    return see_other("/desk/people")


@router.post("/desk/people/grants/{grant}/end")
def end(at: At, me: Office, grant: int) -> Response:
    """End a grant before its time."""
    members.end_grant(at.db, me.plan, grant, by=me.name, now=at.clock())
    return see_other("/desk/people")


@router.post("/desk/people/links")
def stop(
    at: At, me: Office, unit: Annotated[str, Form()],
    link: Annotated[list[int] | None, Form()] = None,
) -> Response:  # fmt: skip
    """Stop the links that were ticked, or all of the unit where none was."""
    chosen = link or [one.id for one in links.of_unit(at.db, me.plan, unit, at.clock())]
    links.revoke(at.db, me.plan, chosen, by=me.name, now=at.clock())
    return see_other(f"/desk/people?unit={unit}")


def _shown(
    request: Request, at: Portal, me: Member, unit: str, errors: list[tuple[str, str]],
    typed: dict[str, str], *, status: int = 200,
) -> Response:  # fmt: skip
    place, now = _place(at, me.plan), at.clock()
    local = place.clock.local
    granted = [
        (one, local(one.since), local(one.until), one.holds(now) or now < one.since)
        for one in members.grants_in(at.db, me.plan)
    ]
    issued = [
        (one, local(one.issued_at), local(one.expires_at))
        for one in (links.of_unit(at.db, me.plan, unit, now) if unit else ())
    ]
    said = [(one, _SAID[one].in_(language_of(request))) for one in _grantable(me)]
    return page(
        request, "sign_in/people.html", status=status, units=place.plan.units, unit=unit,
        posts=members.by_post(at.db, me.plan), granted=granted, issued=issued, errors=errors,
        typed=typed, choices=[(one.id, one.name) for one in place.plan.units], roles=said,
    )  # fmt: skip


def _grantable(me: Member) -> list[members.Capacity]:
    return [one for one in members.GRANTED if one == "inspector" or "admin" in me.roles]


def _refuse_higher(me: Member, role: str) -> None:
    """The office lets inspectors in; whoever may change the system is an administrator's to say."""
    if role not in _grantable(me):
        raise Refused(Words("只有管理员可以授予此角色。", "Only administrators grant that role."))


def _place(at: Portal, plan: str) -> InForce:
    with reading(at.db) as connection:
        return in_force(connection, plan)


def _day(place: InForce, given: str, *, last: bool) -> datetime:
    """The beginning of a day, or its end."""
    try:
        day = datetime.fromisoformat(given.strip()).date()
    except ValueError as error:
        raise Refused(_DATES) from error
    return place.clock.at(day, time(23, 59) if last else time(0))
