"""Who may come in. Every route goes through exactly one door; `site` refuses any that has none.

`public`: anybody. `bearer`: whoever holds the link in the address; gives the `Link`. `member(…)`:
whoever is signed in as one of these; gives the `Member`, and asks every form for its `csrf`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hmac import compare_digest
from typing import Annotated, TypeVar

from fastapi import Depends, HTTPException, Request
from fastapi.dependencies.models import Dependant

from office import links, sessions
from office.links import Link, NoLink
from office.members import Capacity
from portal.guard import SAFE
from portal.here import Portal, here
from portal.security import note
from responsibilities.delegation import whole_of

Door = TypeVar("Door", bound=Callable[..., object])

COOKIE = "__Host-duban"
"""Only over https and from no other host; browsers take localhost for as good as https."""
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is signed in, in the plan that they are looking at."""

    name: str
    """The post, or the name in the grant: who did it, for the record."""
    address: str
    roles: frozenset[Capacity]
    units: tuple[str, ...]
    """Ids of the units whose tasks are theirs to see."""
    duties: tuple[str, ...]
    """Of an inspector: ids of the duties; empty for all."""
    plan: str
    plans: tuple[str, ...]
    session: str
    """Names the session; no secret."""
    csrf: str

    def sees(self, unit: str, duty: str = "") -> bool:
        """Whether the tasks of this unit (or delegate of it) and duty are theirs to see."""
        mine = whole_of(unit) in self.units
        return mine and (not duty or not self.duties or duty in self.duties)


class NotSignedIn(Exception):
    """Nobody is signed in, or no more: the sign-in page comes first."""


def door(name: str) -> Callable[[Door], Door]:
    """Marks a dependency as a door called `name`."""

    def mark(dependency: Door) -> Door:
        dependency.__dict__["door"] = name
        return dependency

    return mark


@door("public")
def public() -> None:
    """Anybody, and it is nobody's secret."""


def _followed(request: Request, token: str, at: Annotated[Portal, Depends(here)]) -> Link:
    """The link in the address; it opens its own task or unit, and no other `number`."""
    grace = timedelta(days=at.settings.portal.link_grace)
    link = links.open_link(at.db, token, at.clock(), grace)
    number = request.path_params.get("number")
    if number is not None and not (str(number).isdigit() and links.opens(at.db, link, int(number))):
        raise NoLink
    request.state.visitor = link
    return link


@door("bearer")
def bearer(request: Request, link: Annotated[Link, Depends(_followed)]) -> Link:
    """Whoever holds the link in the address, whose path has a `{token}`.

    Raises NoLink where it opens nothing or not this `{number}`; Refused where it only shows and the
    request would act.
    """
    if request.method not in SAFE:
        link.refuse_to_act()
    return link


@door("holder")
def holder(link: Annotated[Link, Depends(_followed)]) -> Link:
    """As `bearer`, for what a link that only shows may do too: stopping it."""
    return link


@cache
def member(*roles: Capacity) -> Callable[..., Member]:
    """The door for members who are one of `roles`; for any member where none is named."""

    @door("member")
    def come_in(
        request: Request,
        at: Annotated[Portal, Depends(here)],
        offered: Annotated[str, Depends(_offered)],
    ) -> Member:
        found = who(request, at)
        if found is None:
            raise NotSignedIn
        if roles and found.roles.isdisjoint(roles):
            raise HTTPException(403)
        request.state.visitor, request.state.csrf = found, found.csrf
        same = compare_digest(offered.encode(), found.csrf.encode())
        if request.method not in SAFE and not same:
            note(request, "form_of_no_session")
            raise HTTPException(403)
        return found

    come_in.__dict__["roles"] = roles
    return come_in


def who(request: Request, at: Portal) -> Member | None:
    """Who comes with the cookie; None for nobody that is signed in."""
    secret, chosen = request.cookies.get(COOKIE, ""), at.settings.portal
    if not secret:
        return None
    found = sessions.signed_in(
        at.db, secret, at.clock(), idle=timedelta(minutes=chosen.idle_minutes),
        lasts=timedelta(hours=chosen.session_hours),
    )  # fmt: skip
    if found is None:
        return None
    one = found.person
    return Member(
        one.name, one.address, one.roles, one.units, one.duties, one.plan, found.plans,
        found.session.hash, sessions.csrf_of(secret),
    )  # fmt: skip


async def _offered(request: Request) -> str:
    """What the form (or htmx, by its header) brings along to show that it is ours."""
    if request.method in SAFE:
        return ""
    given = request.headers.get("X-CSRF", "")
    if not given and request.headers.get("Content-Type", "").startswith(_FORMS):
        field = (await request.form()).get("csrf", "")
        given = field if isinstance(field, str) else ""
    return given


def doors_of(dependant: Dependant) -> Iterator[str]:
    """The names of the doors that a route's dependencies lead through, once for each time."""
    for one in dependant.dependencies:
        name = getattr(one.call, "door", None)
        if name is not None:
            yield name
        yield from doors_of(one)
