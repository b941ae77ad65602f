"""What the pages of inspections share: who works there, and the inspection in the address."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData

from office.inspecting import Doer
from office.inspection_views import InspectionView, show_inspection
from portal.doors import Member, member
from portal.here import Portal, here
from portal.rendering import language_of
from responsibilities.words import Refused

Here = Annotated[Portal, Depends(here)]
Office = Annotated[Member, Depends(member("office"))]
Inspecting = Annotated[Member, Depends(member("office", "inspector"))]


async def _form(request: Request) -> FormData:
    return await request.form()


Filled = Annotated[FormData, Depends(_form)]
"""A form with several values of one name, or with files."""


def doer_of(who: Member) -> Doer:
    """Who acts, for the acts of an inspection."""
    return Doer(who.name, who.address, "office" in who.roles)


def view_of(request: Request, at: Portal, who: Member, inspection: str) -> InspectionView:
    """The inspection of the address; 404 for whoever may not know of it."""
    try:
        return show_inspection(
            at.db, who.plan, inspection, doer_of(who), at.clock(), language_of(request)
        )
    except Refused:
        raise HTTPException(404) from None


def text_in(form: FormData, name: str) -> str:
    """One value of a form, as typed; empty where it is missing or a file."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""
