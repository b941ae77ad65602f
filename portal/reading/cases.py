"""One task, one unit, one incident: what was required, told, handed in and decided, as of a day."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from inspections.log_query import POSITIONS, Remit, parse, position_of, render
from office.reads import note_view, read_evidence, read_incident
from office.seal import prove
from office.timeline import Trace, incident_trace, timeline, unit_trace
from portal.doors import Member
from portal.evidence import closed, sent_to
from portal.here import Portal, here
from portal.reading.room import inspector, remit, sees_all
from portal.rendering import language_of, page
from portal.sign_in.clock import clock_of

router = APIRouter()
Here = Annotated[Portal, Depends(here)]
Inspector = Annotated[Member, Depends(inspector)]


@router.api_route("/reading/tasks/{number}", methods=["GET", "HEAD"])
def task(request: Request, number: int, at: Here, who: Inspector) -> Response:
    found = timeline(at.db, number, at.clock(), remit(at, who), language_of(request))
    if found is None:
        raise HTTPException(404)
    _noted(request, at, who, "task", str(number))
    shut = closed(at, {one.sha256 for one in found.versions})
    return page(request, "reading/task.html", found=found, number=number, closed=shut)


@router.post("/reading/tasks/{number}/files/{digest}")
def opened(number: int, digest: str, at: Here, who: Inspector) -> Response:
    """To one version of one file; that it was read, and by whom, is a fact."""
    return _sent(number, digest, at, who, preview=False)


@router.post("/reading/tasks/{number}/pictures/{digest}")
def seen(number: int, digest: str, at: Here, who: Inspector) -> Response:
    """To the image, or the first page, drawn anew: a reading as any other."""
    return _sent(number, digest, at, who, preview=True)


def _sent(number: int, digest: str, at: Portal, who: Member, *, preview: bool) -> Response:
    found = timeline(at.db, number, at.clock(), remit(at, who))
    version = next((v for v in found.versions if v.sha256 == digest), None) if found else None
    if version is None:
        raise HTTPException(404)
    name = version.name or f"{version.line}-{version.attempt}.txt"
    answer = sent_to(at, digest, name, who.name, preview=preview)
    read_evidence(at.db, number, digest, by=who.name, now=at.clock())
    return answer


@router.api_route("/reading/tasks/{number}/proofs/{seq}", methods=["GET", "HEAD"])
def proof(number: int, seq: int, at: Here, who: Inspector) -> Response:
    """That one entry of the task is under the newest checkpoint, for other people's tools."""
    found = timeline(at.db, number, at.clock(), remit(at, who))
    if found is None or seq not in {entry.seq for entry in found.entries}:
        raise HTTPException(404)
    named = {"Content-Disposition": f'attachment; filename="duban-{seq}.tlog-proof"'}
    return Response(prove(at.db, seq).text(), media_type="text/plain", headers=named)


@router.api_route("/reading/units/{unit}", methods=["GET", "HEAD"])
def unit(request: Request, unit: str, at: Here, who: Inspector) -> Response:
    allowed = remit(at, who)
    if allowed.units is not None and unit not in allowed.units:
        raise HTTPException(404)
    query = replace(parse(request.url.query), unit=(unit,))
    found = unit_trace(at.db, query, at.clock(), allowed, language_of(request))
    _noted(request, at, who, "unit", unit)
    name = found.cases[0].row.unit if found.cases else unit
    return page(
        request, "reading/unit.html", found=found, name=name, at=clock_of(at, who.plan)(found.at),
        unit=unit, query=query, whole=sees_all(at, who),
        render=render, positions=POSITIONS, position_of=position_of,
    )  # fmt: skip


@router.api_route("/reading/incidents/{event}", methods=["GET", "HEAD"])
def incident(request: Request, event: str, at: Here, who: Inspector) -> Response:
    shown = _incident(request, event, at, who, {})
    _noted(request, at, who, "incident", event)
    return shown


@router.post("/reading/incidents/{event}")
def withheld(request: Request, event: str, at: Here, who: Inspector) -> Response:
    """Shows what the record withholds; that it was shown, and to whom, is a fact."""
    _traced(request, event, at, remit(at, who))
    values = read_incident(at.db, event, by=who.name, now=at.clock())
    answer = _incident(request, event, at, who, values)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _noted(request: Request, at: Portal, who: Member, what: str, about: str) -> None:
    """Names and typed texts were shown to somebody who is not of the office: a fact a page."""
    if request.method == "GET" and "office" not in who.roles:
        note_view(at.db, who.plan, what, about, by=who.name, now=at.clock())


def _traced(request: Request, event: str, at: Portal, allowed: Remit) -> Trace:
    day = parse(request.url.query).as_of
    found = incident_trace(at.db, event, day, at.clock(), allowed, language_of(request))
    if found is None:
        raise HTTPException(404)
    return found


def _incident(
    request: Request, event: str, at: Portal, who: Member, values: Mapping[str, str]
) -> Response:
    found = _traced(request, event, at, remit(at, who))
    return page(
        request, "reading/incident.html", found=found, event=event,
        at=clock_of(at, who.plan)(found.at),
        values=values, whole=sees_all(at, who),
        query=parse(request.url.query), positions=POSITIONS, position_of=position_of,
    )  # fmt: skip
