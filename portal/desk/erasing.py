"""/desk/erase: a person or a closed case is erased here, once it was seen what would go."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from office.erase import Erased, Found, Wanted, erase, look_for, places_of
from portal.desk.bench import Errors, Here, Office, Typed, refused_in_place
from portal.rendering import page
from responsibilities.words import Refused, Words

router = APIRouter()
Text = Annotated[str, Form()]


@router.api_route("/desk/erase", methods=["GET", "HEAD"])
def empty(request: Request, who: Office) -> Response:
    return _page(request, {}, [])


@router.post("/desk/erase")
def erased(
    request: Request, at: Here, who: Office, person: Text = "", case: Text = "", files: Text = "",
    reason: Text = "", sure: Text = "",
) -> Response:  # fmt: skip
    """Without `sure`, what would go; with it, gone. No address is made of it: names were typed."""
    typed = {"person": person, "case": case, "files": files, "reason": reason}

    def act() -> Response:
        wanted = _wanted(typed, who.plan)
        found = look_for(at.db, at.blobs, wanted)
        if not sure:
            return _page(request, typed, [], found=found)
        places = places_of(at.settings)
        done = erase(at.db, places, wanted, reason, by=who.name, now=at.clock())
        return _page(request, {}, [], done=done)

    def again(errors: Errors, status: int) -> Response:
        return _page(request, typed, errors, status)

    return refused_in_place(request, act, again)


def _wanted(typed: Typed, plan: str) -> Wanted:
    person = tuple(line.strip() for line in typed["person"].splitlines() if line.strip())
    case = typed["case"].strip()
    if bool(person) == bool(case):
        raise Refused(
            Words(
                "请写人，或写事件号、事项号，二者取一。", "Name a person, or a case: one of them."
            )
        )
    return Wanted(person, case, bool(typed["files"]), plan)


def _page(
    request: Request, typed: Typed, errors: Errors, status: int = 200, *,
    found: Found | None = None, done: Erased | None = None,
) -> Response:  # fmt: skip
    answer = page(
        request, "desk/erase.html", status=status, typed=typed, errors=errors, found=found,
        done=done,
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer
