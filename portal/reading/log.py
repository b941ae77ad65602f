"""The completion log: filtered, paged, as of any day, taken away, sampled."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from inspections.log_query import POSITIONS, changed, parse, position_of, render
from office.completion_log import log_page
from office.log_export import Form, export
from office.samples import sample, seed_of
from portal.doors import Member
from portal.here import Portal, here
from portal.reading.room import inspector, remit
from portal.rendering import language_of, page
from portal.sign_in.clock import clock_of

router = APIRouter()
Here = Annotated[Portal, Depends(here)]
Inspector = Annotated[Member, Depends(inspector)]
_TYPES: dict[Form, str] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@router.api_route("/reading/log", methods=["GET", "HEAD"])
def log(request: Request, at: Here, who: Inspector) -> Response:
    query = parse(request.url.query)
    found = log_page(at.db, query, at.clock(), remit(at, who), language_of(request))
    return page(
        request, "reading/log.html", found=found, query=query, at=clock_of(at, who.plan)(found.at),
        render=render, changed=changed,
        positions=POSITIONS, position_of=position_of,
    )  # fmt: skip


@router.api_route("/reading/log.{form}", methods=["GET", "HEAD"])
def taken(request: Request, form: Form, at: Here, who: Inspector) -> Response:
    query = parse(request.url.query)
    pieces = export(at.db, query, form, at.clock(), remit(at, who), language_of(request))
    named = {"Content-Disposition": f'attachment; filename="duban-log.{form}"'}
    return StreamingResponse(pieces, media_type=_TYPES[form], headers=named)


@router.api_route("/reading/sample", methods=["GET", "HEAD"])
def draw(request: Request, at: Here, who: Inspector, seed: str = "") -> Response:
    """Ten of what the query finds; the same seed draws the same ten."""
    query, now = changed(parse(request.url.query)), at.clock()
    seed = seed.strip()[:64] or seed_of(at.db, query, now)
    rows = sample(at.db, query, seed, now, remit(at, who), language_of(request))
    return page(
        request, "reading/sample.html", rows=rows, seed=seed, query=query, render=render,
        positions=POSITIONS, position_of=position_of,
    )  # fmt: skip
