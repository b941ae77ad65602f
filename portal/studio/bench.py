"""What the pages of the studio share: who is there, what was typed, refusals in place."""

from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request, Response
from starlette.datastructures import FormData

from office.studio import Stale, seen
from office.workplace import in_force
from portal.doors import Member, member
from portal.here import Portal, here
from portal.rendering import asks_for_a_fragment, language_of, page
from responsibilities.words import Refused, Words
from storage.engine import reading

Here = Annotated[Portal, Depends(here)]
Who = Annotated[Member, Depends(member("office", "leader"))]


async def _typed(request: Request) -> dict[str, str]:
    """Every text field of the form, by name; line ends as the house writes them."""
    form: FormData = await request.form()
    return {
        name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)
    }


Typed = Annotated[dict[str, str], Depends(_typed)]
Errors = list[tuple[str, Words]]
"""(id of the field, sentence); an empty id for the form as a whole."""


def zone_of(at: Portal, plan: str) -> ZoneInfo:
    """The zone that the plan's times are said in."""
    with reading(at.db) as connection:
        return ZoneInfo(in_force(connection, plan).plan.zone)


def show(
    request: Request, template: str, at: Portal, who: Member, errors: Errors | None = None,
    stale: Stale | None = None, **values: object,
) -> Response:  # fmt: skip
    """A page of the studio; 422 with errors (200 for htmx, which drops what is an error)."""
    language = language_of(request)
    told = [*(errors or ()), *([("", stale.words)] if stale else ())]
    found = [(field, words.in_(language)) for field, words in told]
    status = 422 if found and not asks_for_a_fragment(request) else 200
    return page(
        request, f"studio/{template}", status=status,
        errors=found, stale=stale, zone=zone_of(at, who.plan), plan=who.plan, **values,
    )  # fmt: skip


def shown_now(stale: Stale | None, typed: Mapping[str, str]) -> str:
    """What a form says it was shown: after a clash, what the page shows beside it now."""
    return seen(stale.held) if stale else typed.get("seen", "")


def number(text: str) -> int:
    """The revision that a form names; a form of ours always names one."""
    if not text.isascii() or not text.isdigit():
        raise Refused(Words("请重新打开本页后再办理。", "Open this page again first."))
    return int(text)
