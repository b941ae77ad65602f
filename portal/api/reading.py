"""What an inspector sees: the completion log by the same query as its page, and the signals."""

from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from inspections.log_query import FLAGS, LISTED, LogQuery, day_of, parse
from office.log_export import export
from office.signals_view import signals_of
from portal.api.bearers import At, Overseer, Reader, remit_of
from portal.api.shapes import LogShape, SignalList, of_signal

router = APIRouter(tags=["reading"])


def _described() -> dict[str, Any]:
    """The query string as the page has it, and the stream, for the OpenAPI document."""
    named = [one.name for one in fields(LogQuery) if one.name not in ("after", "before")]
    text = {"type": "string"}
    return {
        "parameters": [
            {"name": n, "in": "query", "required": False,
             "schema": {"type": "array", "items": text} if n in LISTED else
             {"type": "string", "enum": ["yes", "no"]} if n in (*FLAGS, "reused") else text}
            for n in named
        ],
        "responses": {"200": {"description": "The log", "content": {
            "application/json": {"schema": LogShape.model_json_schema()}}}},
    }  # fmt: skip


@router.get("/log", response_class=StreamingResponse, openapi_extra=_described())
def log(request: Request, at: At, token: Reader) -> StreamingResponse:
    """All tasks that a query of the log finds, in one stream: the query string is that of the page
    `/reading/log` (plan, unit, duty, period, clause, leader, standing, late, words, as_of, …)."""
    pieces = export(at.db, parse(request.url.query), "json", at.clock(), remit_of(token), "zh")
    return StreamingResponse(pieces, media_type="application/json")


@router.get("/signals")
def signals(at: At, token: Overseer, on: Annotated[str, Query(max_length=10)] = "") -> SignalList:
    """Signals, never verdicts. `on` is the day of an inspection (2026-11-30), up to which what
    came all at once is looked for."""
    found = signals_of(at.db, at.blobs, at.clock(), day_of("on", on), remit_of(token))
    return SignalList(signals=[of_signal(one) for one in found])
