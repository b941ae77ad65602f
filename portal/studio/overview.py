"""/desk/plan: the plan in force, its draft, what adopting it would change, and adopting it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from office import studio, studio_adopting, studio_load, studio_overview, studio_views
from office.adopt_plan import side_by_side
from office.studio_workbook import difference_lines
from portal.rendering import see_other
from portal.studio.bench import Here, Typed, Who, number, show
from responsibilities.words import Refused, Words
from storage import plans
from storage.engine import reading

router = APIRouter()


@router.api_route("/desk/plan", methods=["GET", "HEAD"])
def overview(request: Request, at: Here, who: Who, done: Annotated[str, Query()] = "") -> Response:
    found = studio_overview.overview(at.db, who.plan)
    return show(request, "overview.html", at, who, view=found, done=done)


@router.post("/desk/plan/begin")
def begin(at: Here, who: Who) -> Response:
    studio.begin(at.db, who.plan, who.name, at.clock())
    return see_other("/desk/plan/duties")


@router.post("/desk/plan/discard")
def discard(at: Here, who: Who) -> Response:
    studio.discard(at.db, who.plan)
    return see_other("/desk/plan?done=discarded")


@router.api_route("/desk/plan/diff", methods=["GET", "HEAD"])
def diff(request: Request, at: Here, who: Who) -> Response:
    with reading(at.db) as connection:
        files = studio.files_of(connection, who.plan)
        held = plans.current_version(connection, who.plan)
        base = plans.source(connection, who.plan, held[0]) if held else None
    compiled = studio_views.compile_draft(at.db, who.plan)
    found = side_by_side(at.db, compiled.plan, at.clock()) if compiled.plan else None
    return show(
        request, "diff.html", at, who, found=found, lines=difference_lines(base or {}, files),
        errors_in_draft=len(compiled.errors), units=studio_overview.holders(compiled.plan),
    )  # fmt: skip


@router.api_route("/desk/plan/load", methods=["GET", "HEAD"])
def load(request: Request, at: Here, who: Who) -> Response:
    return show(request, "load.html", at, who, rows=studio_load.load(at.db, who.plan, at.clock()))


@router.api_route("/desk/plan/adopt", methods=["GET", "HEAD"])
def before_adopting(request: Request, at: Here, who: Who) -> Response:
    return _adopting(request, at, who)


@router.post("/desk/plan/adopt")
def adopting(request: Request, at: Here, who: Who, typed: Typed) -> Response:
    """One of four: propose, approve, adopt, or take the version in force as the draft's base."""
    second = at.settings.adoption == "two"
    now, act = at.clock(), typed.get("act", "")
    try:
        revision = number(typed.get("revision", ""))
        if act == "propose":
            studio_adopting.propose(at.db, who.plan, revision, who.name, now)
        elif act == "approve":
            studio_adopting.approve(at.db, who.plan, revision, who.name, now)
        elif act == "renew":
            studio_adopting.renew_base(at.db, who.plan, revision, who.name, now)
        elif act == "adopt":
            studio_adopting.adopt_draft(at.db, who.plan, revision, who.name, now, second=second)
            return see_other("/desk/plan?done=adopted")
    except Refused as refused:
        return _adopting(request, at, who, refused.words)
    return see_other("/desk/plan/adopt")


def _adopting(request: Request, at: Here, who: Who, wrong: Words | None = None) -> Response:
    found = studio_overview.overview(at.db, who.plan)
    draft = found.draft
    own = draft is not None and who.name in (*draft.authors, draft.proposed_by)
    return show(
        request, "adopt.html", at, who, [("", wrong)] if wrong else None, view=found, own=own,
        second=at.settings.adoption == "two",
        problems=studio_views.problems(at.db, who.plan) if draft else (),
    )  # fmt: skip
