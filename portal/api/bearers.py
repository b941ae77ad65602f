"""Who may ask: a program with a token in its Authorization header (RFC 6750)."""

from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from inspections.log_query import Remit
from office import ledger, report_incident
from office.api_tokens import bearer
from office.ledger import Detail
from portal.doors import door
from portal.here import Portal, here
from responsibilities.words import Refused
from storage.api_tokens import ApiToken

_scheme = HTTPBearer(auto_error=False, description="duban token new")
Shown = Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]
At = Annotated[Portal, Depends(here)]


@door("api: read")
def may_read(shown: Shown, at: At) -> ApiToken:
    """Any token that is good now."""
    return _known(shown, at)


@door("api: act")
def may_act(shown: Shown, at: At) -> ApiToken:
    """A token of the role `office`; one limited to a unit does what the unit itself may do."""
    token = _known(shown, at)
    if token.role != "office":
        raise HTTPException(403)
    return token


@door("api: decide")
def may_decide(shown: Shown, at: At) -> ApiToken:
    """A token of the role `office` that is not a unit's: no unit judges its own work."""
    token = _known(shown, at)
    if token.role != "office" or token.unit:
        raise HTTPException(403)
    return token


@door("api: oversee")
def may_oversee(shown: Shown, at: At) -> ApiToken:
    """Any token that is not a unit's: what is noticed about the units is not for one of them."""
    token = _known(shown, at)
    if token.unit:
        raise HTTPException(403)
    return token


Reader = Annotated[ApiToken, Depends(may_read)]
Actor = Annotated[ApiToken, Depends(may_act)]
Decider = Annotated[ApiToken, Depends(may_decide)]
Overseer = Annotated[ApiToken, Depends(may_oversee)]


def _known(shown: HTTPAuthorizationCredentials | None, at: Portal) -> ApiToken:
    found = bearer(at.db, shown.credentials, at.clock()) if shown else None
    if found is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return found


def by(token: ApiToken) -> str:
    """Who acted, as the record says it."""
    return f"{token.name}（接口）"


def covers(token: ApiToken, plan: str, unit: str) -> bool:
    """Whether the token's limits include what belongs to `unit` under `plan`."""
    return token.plan in ("", plan) and token.unit in ("", unit)


def task_within(at: Portal, token: ApiToken, number: int) -> Detail:
    """The task, or one and the same 404 where there is none and where it is another's."""
    try:
        found = ledger.show_task(at.db, number, at.clock(), "zh")
    except Refused:
        raise HTTPException(404) from None
    if not covers(token, found.row.task.plan, found.row.task.unit):
        raise HTTPException(404)
    return found


def incident_within(at: Portal, token: ApiToken, incident: str) -> None:
    """One and the same 404 where there is no such incident and where it is another plan's."""
    plan = report_incident.plan_of(at.db, incident)
    if plan is None or token.plan not in ("", plan):
        raise HTTPException(404)


def remit_of(token: ApiToken) -> Remit:
    """What of the log the token may read."""
    return Remit(
        frozenset({token.plan}) if token.plan else None,
        frozenset({token.unit}) if token.unit else None,
    )
