"""/desk/plan/files and /desk/plan/ladders: the plan's own texts, and its ladders as forms."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from office import studio, studio_entries, studio_views
from office.studio import Stale, Target, find_passage, seen
from portal.downloading import attachment
from portal.rendering import page, see_other
from portal.studio.bench import Errors, Here, Typed, Who, show, shown_now
from responsibilities.exchange.rungs import STEP, rungs
from responsibilities.language.saying import COLOURS
from responsibilities.plan import ROLE_WORDS
from responsibilities.words import Refused
from storage.engine import reading

router = APIRouter()
Asked = Annotated[str, Query()]
SPARE = 2
"""Empty rows below a ladder's steps."""


@router.api_route("/desk/plan/files", methods=["GET", "HEAD"])
def listed(request: Request, at: Here, who: Who) -> Response:
    wrong: dict[str, int] = {}
    for problem in studio_views.problems(at.db, who.plan):
        wrong[problem.place.file] = wrong.get(problem.place.file, 0) + 1
    files = studio_views.files(at.db, who.plan)
    return show(request, "files.html", at, who, files=files, wrong=wrong)


@router.api_route("/desk/plan/download/{name:path}", methods=["GET", "HEAD"])
def download(at: Here, who: Who, name: str) -> Response:
    with reading(at.db) as connection:
        held = find_passage(studio.files_of(connection, who.plan), Target(file=name))
    return attachment(held.text.encode(), name.rpartition("/")[2], "text/yaml; charset=utf-8")


@router.api_route("/desk/plan/files/{name:path}", methods=["GET", "HEAD"])
def one(request: Request, at: Here, who: Who, name: str, done: Asked = "") -> Response:
    return _file(request, at, who, name, done=done)


@router.post("/desk/plan/check/{name:path}")
def check(request: Request, at: Here, who: Who, typed: Typed, name: str) -> Response:
    """htmx, after a pause: the errors of what is typed, at their lines; nothing is saved."""
    lines = studio_views.text_view(at.db, who.plan, Target(file=name), typed.get("text", ""))
    return page(request, "studio/checked.html", lines=lines, live=True)


@router.post("/desk/plan/files/{name:path}")
def save(request: Request, at: Here, who: Who, typed: Typed, name: str) -> Response:
    text, shown = typed.get("text", ""), typed.get("seen", "")
    if typed.get("act") == "check":
        return _file(request, at, who, name, text, kept=shown)
    try:
        studio.save_text(at.db, who.plan, Target(file=name), text, shown, who.name, at.clock())
    except Stale as stale:
        return _file(request, at, who, name, text, stale)
    return see_other(f"/desk/plan/files/{name}?done=saved")


def _file(
    request: Request, at: Here, who: Who, name: str, typed: str | None = None,
    stale: Stale | None = None, done: str = "", kept: str = "",
) -> Response:  # fmt: skip
    lines = studio_views.text_view(at.db, who.plan, Target(file=name), typed)
    return show(
        request, "file.html", at, who, None, stale, name=name, lines=lines, done=done,
        action=f"/desk/plan/files/{name}", check=f"/desk/plan/check/{name}",
        seen=kept or lines.seen, live=False,
    )  # fmt: skip


@router.api_route("/desk/plan/ladders", methods=["GET", "HEAD"])
def ladders(request: Request, at: Here, who: Who) -> Response:
    held = studio_views.ladders(studio_views.files(at.db, who.plan))
    names = {one["id"] for one in held}
    offered = [one for one in studio_entries.presets() if one["id"] not in names]
    return show(request, "ladders.html", at, who, ladders=held, offered=offered)


@router.post("/desk/plan/ladders")
def add(at: Here, who: Who, typed: Typed) -> Response:
    wanted = typed.get("preset", "")
    studio_entries.add_preset(at.db, who.plan, wanted, who.name, at.clock())
    return see_other(f"/desk/plan/ladders/{wanted}")


@router.api_route("/desk/plan/ladders/{name}", methods=["GET", "HEAD"])
def ladder(request: Request, at: Here, who: Who, name: str, done: Asked = "") -> Response:
    return _ladder(request, at, who, name, None, done=done)


@router.post("/desk/plan/ladders/{name}")
def save_ladder(request: Request, at: Here, who: Who, typed: Typed, name: str) -> Response:
    rows = _rows(typed)
    try:
        shown = typed.get("seen", "")
        faults = studio_entries.save_ladder(
            at.db, who.plan, name, rows, shown, who.name, at.clock()
        )
    except Stale as stale:
        return _ladder(request, at, who, name, typed, stale=stale)
    except Refused as refused:
        return _ladder(request, at, who, name, typed, [("", refused.words)])
    if faults:
        wrong = [(f"{one.key}-{one.row}" if one.row else "", one.what) for one in faults]
        return _ladder(request, at, who, name, typed, wrong)
    return see_other(f"/desk/plan/ladders/{name}?done=saved")


def _rows(typed: dict[str, str]) -> list[dict[str, str]]:
    count = max((int(name[5:]) for name in typed if name[:5] == "when-" and name[5:].isdigit()),
                default=0)  # fmt: skip
    return [{key: typed.get(f"{key}-{place}", "") for key in STEP} for place in range(1, count + 1)]


def _ladder(
    request: Request, at: Here, who: Who, name: str, typed: dict[str, str] | None,
    errors: Errors | None = None, stale: Stale | None = None, done: str = "",
) -> Response:  # fmt: skip
    with reading(at.db) as connection:
        files = studio.files_of(connection, who.plan)
        entry = studio_entries.ladder(files, name)
        held = find_passage(files, Target(section="ladders", id=name))
    said, used = studio_views.ladder_said(studio_views.compile_draft(at.db, who.plan), name)
    blank = [dict.fromkeys(STEP, "")] * SPARE
    return show(
        request, "ladder.html", at, who, errors, stale, name=name, title=entry.get("name", name),
        rows=_rows(typed) if typed is not None else [*rungs(entry), *blank],
        seen=seen(held.text) if typed is None else shown_now(stale, typed), done=done,
        sentences=said, used=used, roles=tuple(ROLE_WORDS),
        colours=[("", "—"), *((one, one) for one in COLOURS)],
    )  # fmt: skip
