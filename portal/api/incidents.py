"""Incidents: report one, and the later moments of it."""

from fastapi import APIRouter, HTTPException

from office import report_incident
from office.report_incident import LateEntry, Reported
from portal.api.bearers import Actor, At, Decider, by, incident_within
from portal.api.shapes import IncidentId, IncidentShape, NewIncident, NewMark, of_event

router = APIRouter(prefix="/incidents", tags=["incidents"])


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
def mark(at: At, token: Decider, incident: IncidentId, given: NewMark) -> IncidentShape:
    """A later moment of an incident is known (结案); the same again changes nothing."""
    incident_within(at, token, incident)
    done = report_incident.mark(at.db, incident, given.name, given.at, by(token), at.clock())
    return _said(done)


def _said(done: Reported) -> IncidentShape:
    return of_event(done.event, [task.id for task in done.tasks])
