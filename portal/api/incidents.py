"""Incidents: report one, and the later moments of it."""

from typing import Annotated

from fastapi import APIRouter, HTTPException
from fastapi import Path as InPath

from office import report_incident
from office.report_incident import LateEntry, Reported
from portal.api.bearers import Actor, At, Decider, by
from portal.api.shapes import IncidentShape, NewIncident, NewMark, of_event
from portal.here import Portal
from storage.api_tokens import ApiToken

router = APIRouter(prefix="/incidents", tags=["incidents"])
Id = Annotated[str, InPath(pattern=r"^E[0-9]{4}-[0-9]{4,9}$")]


@router.post("")
def report(at: At, token: Actor, given: NewIncident) -> IncidentShape:
    """Record an incident and open what hangs on it; the same report again finds the first.

    A token limited to a unit names that unit by its id.
    """
    if token.plan not in ("", given.plan) or token.unit not in ("", given.unit):
        raise HTTPException(403)
    late = None
    if given.late is not None:
        late = LateEntry(given.late.reason, given.late.second_signer, given.late.phoned_at)
    done = report_incident.report(
        at.db, given.plan, given.type, given.unit, given.fields, given.happened_at,
        given.known_at, at.clock(), by(token), late,
    )  # fmt: skip
    return _said(done)


@router.post("/{incident}/marks")
def mark(at: At, token: Decider, incident: Id, given: NewMark) -> IncidentShape:
    """A later moment of an incident is known (结案); the same again changes nothing."""
    _refuse_elsewhere(at, token, incident)
    done = report_incident.mark(at.db, incident, given.name, given.at, by(token), at.clock())
    return _said(done)


def _refuse_elsewhere(at: Portal, token: ApiToken, incident: str) -> None:
    plan = report_incident.plan_of(at.db, incident)
    if plan is None or token.plan not in ("", plan):
        raise HTTPException(404)


def _said(done: Reported) -> IncidentShape:
    return of_event(done.event, [task.id for task in done.tasks])
