"""What a link shows: the unit's tasks, one task, its history, the calendar."""

from fastapi import APIRouter, Request, Response

from office.feed import subscribe
from office.unit_page import unit_page
from portal.department.visits import READ, At, Bearer, address_of, shown_task
from portal.rendering import language_of, page, see_other
from responsibilities.words import Words

router = APIRouter()


@router.api_route("/l/{token}", methods=READ)
def unit(request: Request, at: At, link: Bearer, before: int | None = None) -> Response:
    """All tasks of the unit; or the one task that the link is for."""
    if link.task is not None:
        return see_other(address_of(request, link.task))
    return _unit(request, at, link, "department/unit.html", before)


@router.api_route("/l/{token}/history", methods=READ)
def done(request: Request, at: At, link: Bearer, before: int | None = None) -> Response:
    """What the unit has done, a page at a time."""
    return _unit(request, at, link, "department/done.html", before)


def _unit(
    request: Request, at: At, link: Bearer, template: str, before: int | None
) -> Response:  # fmt: skip
    found = unit_page(
        at.db, link.plan, link.unit, at.clock(), language_of(request), before=before
    )  # fmt: skip
    token = request.path_params["token"]
    return page(request, template, unit=found, link=link, token=token, calendar="")


@router.post("/l/{token}/calendar")
def calendar(request: Request, at: At, link: Bearer) -> Response:
    """A calendar address for the unit, shown once; the one before is void."""
    path = subscribe(at.db, link.plan, link.unit, at.clock(), new=True)
    found = unit_page(at.db, link.plan, link.unit, at.clock(), language_of(request))
    base = at.settings.portal.url.rstrip("/") or str(request.base_url).rstrip("/")
    token = request.path_params["token"]
    return page(
        request, "department/unit.html", unit=found, link=link, token=token, calendar=base + path
    )


@router.api_route("/l/{token}/tasks/{number}", methods=READ)
def task(request: Request, at: At, link: Bearer, number: int) -> Response:
    """One task: what, until when, what is missing, what comes next."""
    return page(
        request, "department/task.html", task=shown_task(request, at, number), link=link,
        done=_DONE.get(request.query_params.get("done", "")), here=address_of(request, number),
        token=request.path_params["token"],
    )  # fmt: skip


_DONE = {
    "more-time": Words(
        "延期申请已送审批；批准之前仍按原时限办理。",
        "The request for more time is with the office; the due date stands until it is granted.",
    ),
    "hand-over": Words(
        "已转交，所选岗位将收到任务信函。", "Handed over; the post gets it by letter."
    ),
    "not-ours": Words(
        "所提意见已转办公室研究；答复之前仍由本单位承办。",
        "It is with the office; until it decides, the task stays with the unit.",
    ),
}
