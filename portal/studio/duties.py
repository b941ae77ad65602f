"""/desk/plan/duties: one duty as a form or as YAML, beside it what that means."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from office import studio, studio_entries, studio_views
from office.studio import Stale, Target
from portal.rendering import page, see_other
from portal.studio.bench import Errors, Here, Typed, Who, show, shown_now, zone_of
from portal.studio.fields import cells_of, groups
from responsibilities.words import Refused

router = APIRouter()
Asked = Annotated[str, Query()]


@router.api_route("/desk/plan/duties", methods=["GET", "HEAD"])
def listed(request: Request, at: Here, who: Who, q: Asked = "") -> Response:
    rows = studio_views.duty_rows(at.db, who.plan, q)
    return show(request, "duties.html", at, who, rows=rows, q=q)


@router.api_route("/desk/plan/new-duty", methods=["GET", "HEAD"])
def blank(request: Request, at: Here, who: Who) -> Response:
    return _form(request, at, who, "", {})


@router.api_route("/desk/plan/duties/{name}", methods=["GET", "HEAD"])
def one(request: Request, at: Here, who: Who, name: str, done: Asked = "") -> Response:
    return _form(request, at, who, name, None, done=done)


@router.post("/desk/plan/duties")
@router.post("/desk/plan/duties/{name}")
def save(request: Request, at: Here, who: Who, typed: Typed, name: str = "") -> Response:
    cells = cells_of(typed, name)
    if not name:
        cells["id"] = typed.get("id", "").strip()
    try:
        saved, faults = studio_entries.save_duty(
            at.db, who.plan, cells, typed.get("seen", ""), who.name, at.clock(), new=not name
        )
    except Stale as stale:
        return _form(request, at, who, name, typed, [], stale)
    except Refused as refused:
        return _form(request, at, who, name, typed, [("", refused.words)])
    if faults:
        return _form(request, at, who, name, typed, [(one.key, one.what) for one in faults])
    return see_other(f"/desk/plan/duties/{saved}?done=saved")


@router.post("/desk/plan/duties/{name}/meaning")
def meaning(request: Request, at: Here, who: Who, typed: Typed, name: str) -> Response:
    """htmx, after a pause: what the duty would mean as it is typed; nothing is saved."""
    found, faults = studio_views.duty_as_typed(at.db, who.plan, cells_of(typed, name), at.clock())
    return page(
        request, "studio/meaning.html", meaning=found, zone=zone_of(at, who.plan),
        faults=[fault.what for fault in faults],
    )  # fmt: skip


@router.post("/desk/plan/duties/{name}/remove")
def remove(request: Request, at: Here, who: Who, typed: Typed, name: str) -> Response:
    try:
        shown = typed.get("seen", "")
        studio_entries.remove_duty(at.db, who.plan, name, shown, who.name, at.clock())
    except Stale as stale:
        return _form(request, at, who, name, None, [], stale)
    return see_other("/desk/plan/duties")


@router.api_route("/desk/plan/duties/{name}/yaml", methods=["GET", "HEAD"])
def as_yaml(request: Request, at: Here, who: Who, name: str, done: Asked = "") -> Response:
    return _yaml(request, at, who, name, done=done)


@router.post("/desk/plan/duties/{name}/yaml")
def save_yaml(request: Request, at: Here, who: Who, typed: Typed, name: str) -> Response:
    text = typed.get("text", "")
    target, shown = Target(section="duties", id=name), typed.get("seen", "")
    if typed.get("act") == "check":
        return _yaml(request, at, who, name, text, shown=shown)
    try:
        studio.save_text(at.db, who.plan, target, text, shown, who.name, at.clock())
    except Stale as stale:
        return _yaml(request, at, who, name, text, stale=stale)
    except Refused as refused:
        return _yaml(request, at, who, name, text, [("text", refused.words)], shown=shown)
    return see_other(f"/desk/plan/duties/{name}/yaml?done=saved")


@router.post("/desk/plan/duties/{name}/yaml/check")
def check_yaml(request: Request, at: Here, who: Who, typed: Typed, name: str) -> Response:
    """htmx, after a pause: the errors of what is typed, at their lines; nothing is saved."""
    target = Target(section="duties", id=name)
    lines = studio_views.text_view(at.db, who.plan, target, typed.get("text", ""))
    return page(request, "studio/checked.html", lines=lines, live=True)


def _form(
    request: Request, at: Here, who: Who, name: str, typed: dict[str, str] | None,
    errors: Errors | None = None, stale: Stale | None = None, done: str = "",
) -> Response:  # fmt: skip
    view = studio_views.duty_view(at.db, who.plan, name, at.clock()) if name else None
    cells = typed if typed is not None else dict(view.cells) if view else {}
    known = studio_views.choices(studio_views.files(at.db, who.plan))
    shown = view.lines.seen if view and typed is None else shown_now(stale, typed or {})
    return show(
        request, "duty.html", at, who, errors, stale, name=name, view=view,
        title=view.cells["title"] if view else "", id_typed=cells.get("id", ""),
        groups=list(groups(cells)), choices=known,
        meaning=view.meaning if view else None, seen=shown, done=done, faults=(),
    )  # fmt: skip


def _yaml(
    request: Request, at: Here, who: Who, name: str, typed: str | None = None,
    errors: Errors | None = None, *, stale: Stale | None = None, done: str = "", shown: str = "",
) -> Response:  # fmt: skip
    target = Target(section="duties", id=name)
    lines = studio_views.text_view(at.db, who.plan, target, typed)
    return show(
        request, "duty_yaml.html", at, who, errors, stale, name=name, lines=lines, done=done,
        title=studio_views.title_of(at.db, who.plan, name),
        action=f"/desk/plan/duties/{name}/yaml", check=f"/desk/plan/duties/{name}/yaml/check",
        seen=shown or lines.seen, live=False,
    )  # fmt: skip
