"""/inspections/…/findings: a problem is registered, ordered put right, and printed as a notice."""

from fastapi import APIRouter, Query, Request, Response
from starlette.datastructures import FormData

from inspections.finding import STATES
from office.inspecting import Found, order, register
from office.inspection_views import InspectionView, problem_of
from portal.desk.bench import Errors, refused_in_place
from portal.inspecting.bench import Filled, Here, Inspecting, Office, doer_of, text_in, view_of
from portal.rendering import page, see_other

router = APIRouter()


@router.api_route("/inspections/{inspection}/findings/new", methods=["GET", "HEAD"])
def blank(
    request: Request, at: Here, who: Inspecting, inspection: str, item: int = Query(default=0)
) -> Response:
    """About an item of the sample, its unit, clause and number are filled in."""
    view = view_of(request, at, who, inspection)
    return _blank(request, view, _about(view, item), [], 200)


def _about(view: InspectionView, item: int) -> FormData:
    found = next((one for one in view.items if one.number == item), None)
    if found is None:
        return FormData()
    note = found.inspected.note if found.inspected else ""
    return FormData({
        "item": str(item), "unit": found.row.task.unit, "duty": found.row.task.duty,
        "evidence": found.row.number, "fact": note,
    })  # fmt: skip


def _blank(
    request: Request, view: InspectionView, typed: FormData, errors: Errors, status: int
) -> Response:
    ids = view.file.terms.scope.units
    return page(
        request, "inspecting/finding_new.html", status=status, view=view, typed=typed,
        errors=errors,
        units=[(id_, name) for id_, name in view.names.items() if id_ in ids],
    )  # fmt: skip


@router.post("/inspections/{inspection}/findings/new")
def registered(
    request: Request, at: Here, who: Inspecting, inspection: str, form: Filled
) -> Response:
    view, item = view_of(request, at, who, inspection), text_in(form, "item")

    def act() -> Response:
        numbers = text_in(form, "evidence").replace("、", " ").split()
        found = Found(
            text_in(form, "unit"), text_in(form, "fact"), text_in(form, "clause"),
            text_in(form, "severity"), text_in(form, "demand"), text_in(form, "duty"),
            int(item) if item.isascii() and item.isdigit() else 0, tuple(numbers),
        )  # fmt: skip
        number = register(at.db, who.plan, inspection, found, doer=doer_of(who), now=at.clock())
        return see_other(f"/inspections/{inspection}/findings/{number}")

    def again(errors: Errors, status: int) -> Response:
        return _blank(request, view, form, errors, status)

    return refused_in_place(request, act, again)


@router.api_route("/inspections/{inspection}/findings/{finding}", methods=["GET", "HEAD"])
def notice(request: Request, at: Here, who: Inspecting, inspection: str, finding: int) -> Response:
    """整改通知书: as a page, and as it is printed."""
    view = view_of(request, at, who, inspection)
    problem = problem_of(view, finding)
    return page(request, "inspecting/notice.html", view=view, problem=problem, states=STATES)


@router.post("/inspections/{inspection}/findings/{finding}")
def ordered(request: Request, at: Here, who: Office, inspection: str, finding: int) -> Response:
    view_of(request, at, who, inspection)
    order(at.db, who.plan, inspection, finding, by=who.name, now=at.clock())
    return see_other(f"/inspections/{inspection}/findings/{finding}")
