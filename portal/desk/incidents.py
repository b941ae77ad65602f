"""/desk/incidents: reported on a phone in under a minute; then their clocks, marks, corrections."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from starlette.datastructures import FormData

from inspections.lateness import say_delay
from office import correct_incident, report_incident
from office.incidents_view import event_types, list_incidents, show_incident
from office.report_incident import LateEntry
from office.workplace import InForce
from portal.desk.bench import Errors, Here, Office, Typed, refused_in_place, typed_instant
from portal.desk.handed_in import record_of
from portal.rendering import page, see_other
from responsibilities.plan import EventType
from responsibilities.words import Refused, Words

router = APIRouter()
Event = Annotated[str, Path(pattern=r"^E[0-9]{4}-[0-9]{4,9}$")]
"""Whatever else stands in an address is not repeated on the page that refuses it."""
Text = Annotated[str, Form()]


async def _form(request: Request) -> FormData:
    return await request.form()


Filled = Annotated[FormData, Depends(_form)]
"""The fields of the plan's own form, which nobody knows before the plan is read."""


@router.api_route("/desk/incidents", methods=["GET", "HEAD"])
def incidents(request: Request, at: Here, who: Office) -> Response:
    found = list_incidents(at.db, who.plan, at.clock())
    return page(request, "desk/incidents.html", incidents=found, now=at.clock())


@router.api_route("/desk/incidents/new", methods=["GET", "HEAD"])
def new(
    request: Request, at: Here, who: Office, type_: Annotated[str, Query(alias="type")] = ""
) -> Response:
    return _blank(request, at, who, type_, {}, [], 200)


def _blank(
    request: Request, at: Here, who: Office, type_: str, typed: Typed, errors: Errors, status: int
) -> Response:
    place, kinds = event_types(at.db, who.plan)
    chosen = next((kind for kind in kinds if kind.id == type_), None)
    if chosen is None and len(kinds) == 1:
        chosen = kinds[0]
    now = place.clock.local(at.clock())
    known = {"known": f"{now:%Y-%m-%dT%H:%M}", **typed}
    return page(
        request, "desk/incident_new.html", status=status, kinds=kinds, kind=chosen,
        units=_units(place, chosen), typed=known, errors=errors,
        others=_units(place, None),
        choices={f.id: [(one, one) for one in f.choices] for f in chosen.fields} if chosen else {},
    )  # fmt: skip


def _units(place: InForce, kind: EventType | None) -> list[tuple[str, str]]:
    allowed = kind.units if kind is not None else ()
    return [(u.id, u.name) for u in place.plan.units if not allowed or u.id in allowed]


@router.post("/desk/incidents/new")
def report(request: Request, at: Here, who: Office, filled: Filled) -> Response:
    typed = {name: str(value) for name, value in filled.items()}

    def act() -> Response:
        place, kinds = event_types(at.db, who.plan)
        kind = next((kind for kind in kinds if kind.id == typed.get("type")), None)
        if kind is None:
            raise Refused(Words("请选择事件类型。", "Choose the type of the incident."))
        done = _report(at, who, place, kind, typed)
        return see_other(f"/desk/incidents/{done.event.id}?done=reported")

    def again(errors: Errors, status: int) -> Response:
        return _blank(request, at, who, typed.get("type", ""), typed, errors, status)

    return refused_in_place(request, act, again)


def _report(
    at: Here, who: Office, place: InForce, kind: EventType, typed: Mapping[str, str]
) -> report_incident.Reported:
    def moment(name: str) -> datetime | None:
        given = typed.get(name, "").strip()
        return typed_instant(place.clock, given) if given else None

    now = at.clock()
    fields = {field.id: typed.get(f"f-{field.id}", "") for field in kind.fields}
    late = LateEntry(typed.get("reason", ""), typed.get("second", ""), moment("phoned"))
    given = late.phoned_at or late.reason.strip() or late.second_signer.strip()
    # a minute's precision must not put what is known now into the future
    known = min(moment("known") or now, now)
    return report_incident.report(
        at.db, who.plan, kind.id, typed.get("unit", ""), fields, moment("happened"), known, now,
        who.name, late if given else None,
    )  # fmt: skip


@router.api_route("/desk/incidents/{event}", methods=["GET", "HEAD"])
def one(
    request: Request, at: Here, who: Office, event: Event, done: Annotated[str, Query()] = ""
) -> Response:
    return _page(request, at, who, event, {}, [], 200, done)


def _page(
    request: Request, at: Here, who: Office, event: Event, typed: Typed, errors: Errors,
    status: int, done: str = "",
) -> Response:  # fmt: skip
    view = show_incident(at.db, event, at.clock(), who.plan)
    return page(
        request, "desk/incident.html", status=status, view=view, typed=typed, errors=errors,
        done=done, now=view.clock.local(at.clock()), left=lambda left: say_delay(abs(left)),
        fields=[*((f.id, f.name) for f in view.kind.fields), *zip(_TIMES, _TIMES, strict=True)],
        record=record_of(at, who.plan, view.file.facts),
    )  # fmt: skip


_TIMES = correct_incident.TIMES


@router.post("/desk/incidents/{event}/mark")
def mark(
    request: Request, at: Here, who: Office, event: Event, name: Text = "", moment: Text = ""
) -> Response:
    def act() -> Response:
        clock = show_incident(at.db, event, at.clock(), who.plan).clock
        when = min(typed_instant(clock, moment), at.clock()) if moment else at.clock()
        report_incident.mark(at.db, event, name, when, who.name, at.clock())
        return see_other(f"/desk/incidents/{event}?done=marked")

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, event, {"moment": moment}, errors, status)

    return refused_in_place(request, act, again, "moment")


@router.post("/desk/incidents/{event}/correct")
def correct(
    request: Request, at: Here, who: Office, event: Event, field: Text = "", value: Text = "",
    reason: Text = "",
) -> Response:  # fmt: skip
    def act() -> Response:
        clock = show_incident(at.db, event, at.clock(), who.plan).clock
        time = field in correct_incident.TIMES
        given = {field: typed_instant(clock, value) if time else value}
        correct_incident.correct(at.db, event, given, reason, by=who.name, now=at.clock())
        return see_other(f"/desk/incidents/{event}?done=corrected")

    def again(errors: Errors, status: int) -> Response:
        typed = {"field": field, "value": value, "reason": reason}
        return _page(request, at, who, event, typed, errors, status)

    return refused_in_place(request, act, again, "value" if reason.strip() else "reason")
