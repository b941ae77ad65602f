"""/inspections: the list, a new one, and one with its draw, its sample and its checklist."""

import secrets
from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request, Response
from starlette.datastructures import FormData

from inspections.finding import STATES
from inspections.inspection import VERDICTS, Scope, Terms
from inspections.sampling import By
from office.inspecting import announce, draw_sample, open_inspection
from office.inspection_views import list_inspections
from office.workplace import in_force
from portal.desk.bench import Errors, refused_in_place, typed_instant
from portal.inspecting.bench import Filled, Here, Inspecting, Office, doer_of, text_in, view_of
from portal.rendering import language_of, page, see_other
from responsibilities.calendars.clock import Clock
from responsibilities.language.check_duties import TASK_KINDS
from responsibilities.words import Refused, Words
from storage.engine import reading

router = APIRouter()


@router.api_route("/inspections", methods=["GET", "HEAD"])
def listed(request: Request, at: Here, who: Inspecting) -> Response:
    found = list_inspections(at.db, who.plan, doer_of(who), at.clock(), language_of(request))
    return page(request, "inspecting/list.html", found=found)


@router.api_route("/inspections/new", methods=["GET", "HEAD"])
def blank(request: Request, at: Here, who: Office) -> Response:
    return _blank(request, at, who, FormData(), [], 200)


def _blank(
    request: Request, at: Here, who: Office, typed: FormData, errors: Errors, status: int
) -> Response:
    with reading(at.db) as connection:
        plan = in_force(connection, who.plan).plan
    return page(
        request, "inspecting/new.html", status=status, typed=typed, errors=errors,
        units=plan.units, duties=[duty for duty in plan.duties if duty.kind in TASK_KINDS],
    )  # fmt: skip


@router.post("/inspections/new")
def opened(request: Request, at: Here, who: Office, form: Filled) -> Response:
    def act() -> Response:
        with reading(at.db) as connection:
            clock = in_force(connection, who.plan).clock
        id_ = open_inspection(
            at.db, who.plan, _terms(form, clock), by=who.name, now=at.clock(),
            secret=secrets.token_hex(32),
        )  # fmt: skip
        return see_other(f"/inspections/{id_}")

    def again(errors: Errors, status: int) -> Response:
        return _blank(request, at, who, form, errors, status)

    return refused_in_place(request, act, again)


def _terms(form: FormData, clock: Clock) -> Terms:
    count = text_in(form, "count")
    scope = Scope(
        tuple(map(str, form.getlist("units"))), tuple(map(str, form.getlist("duties"))),
        _day(form, "first"), _day(form, "last"),
    )  # fmt: skip
    return Terms(
        text_in(form, "title"), scope, _inspectors(text_in(form, "inspectors")),
        typed_instant(clock, text_in(form, "since")), typed_instant(clock, text_in(form, "until")),
        int(count) if count.isascii() and count.isdigit() and len(count) < 6 else 0,
        tuple(By(one) for one in By if one.value in form.getlist("by")),
        bool(text_in(form, "unannounced")),
    )  # fmt: skip


def _day(form: FormData, name: str) -> date:
    try:
        return date.fromisoformat(text_in(form, name))
    except ValueError:
        raise Refused(
            Words("请写明所查期间的起止日。", "Give the first and last day of the period.")
        ) from None


def _inspectors(typed: str) -> Mapping[str, str]:
    """One a line: mailbox, then name or post."""
    lines = [line.split(maxsplit=1) for line in typed.splitlines() if line.strip()]
    return {parts[0].lower(): (parts[1] if len(parts) > 1 else parts[0]).strip() for parts in lines}


@router.api_route("/inspections/{inspection}", methods=["GET", "HEAD"])
def one(request: Request, at: Here, who: Inspecting, inspection: str) -> Response:
    return _page(request, at, who, inspection, "", [], 200)


def _page(
    request: Request, at: Here, who: Inspecting, inspection: str, typed: str, errors: Errors,
    status: int,
) -> Response:  # fmt: skip
    return page(
        request, "inspecting/inspection.html", status=status, errors=errors, typed=typed,
        view=view_of(request, at, who, inspection), verdicts=VERDICTS, states=STATES,
    )  # fmt: skip


@router.post("/inspections/{inspection}/draw")
def drawn(request: Request, at: Here, who: Inspecting, inspection: str, form: Filled) -> Response:
    number = text_in(form, "public_number")

    def act() -> Response:
        view_of(request, at, who, inspection)
        draw_sample(at.db, who.plan, inspection, number, doer=doer_of(who), now=at.clock())
        return see_other(f"/inspections/{inspection}")

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, inspection, number, errors, status)

    return refused_in_place(request, act, again, "public_number")


@router.post("/inspections/{inspection}/announce")
def announced(request: Request, at: Here, who: Inspecting, inspection: str) -> Response:
    view_of(request, at, who, inspection)
    announce(at.db, who.plan, inspection, doer=doer_of(who), now=at.clock())
    return see_other(f"/inspections/{inspection}")


@router.api_route("/inspections/{inspection}/checklist", methods=["GET", "HEAD"])
def checklist(request: Request, at: Here, who: Inspecting, inspection: str) -> Response:
    """The sample on paper."""
    view = view_of(request, at, who, inspection)
    return page(request, "inspecting/checklist.html", view=view, verdicts=VERDICTS)
