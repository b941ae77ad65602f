"""What the pages of the desk share: who is there, times as they are typed, refusals in place."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Request, Response

from office.ledger import Detail, show_task
from office.workplace import only_plan
from portal.doors import Member, member
from portal.here import Portal, here
from portal.rendering import asks_for_a_fragment, language_of
from responsibilities.calendars.clock import Clock
from responsibilities.words import Refused, Words
from storage.engine import reading

Here = Annotated[Portal, Depends(here)]
Office = Annotated[Member, Depends(member("office"))]
Watcher = Annotated[Member, Depends(member("office", "leader"))]
"""Who looks at the matrix and at tasks: a leader at those of the units in their charge."""
Errors = list[tuple[str, str]]
"""(id of the field, sentence in the reader's language); an empty id for the form as a whole."""
Typed = Mapping[str, str]
"""What was typed, by name, to be shown again where it is refused."""


def clock_of_plan(at: Portal, plan: str) -> Clock:
    """The clock that a plan runs by."""
    with reading(at.db) as connection:
        return only_plan(connection, plan).clock


def own_task(request: Request, at: Portal, who: Member, number: int) -> Detail:
    """One task that is the member's to see; 404 for any other."""
    detail = show_task(at.db, number, at.clock(), language_of(request))
    task = detail.row.task
    if task.plan != who.plan or not who.sees(task.unit, task.duty):
        raise HTTPException(404)
    return detail


def typed_instant(clock: Clock, typed: str) -> datetime:
    """A moment as a form gives it: a day alone ends at the closing of the office."""
    try:
        if len(typed) <= 10:
            return clock.closing(date.fromisoformat(typed))
        given = datetime.fromisoformat(typed)
    except ValueError:
        raise Refused(
            Words(
                "请写明日期和时间，如 2026-12-11 17:00。",
                "Give a day and a time, such as 2026-12-11 17:00.",
            )
        ) from None
    return given.astimezone(UTC) if given.tzinfo else clock.at(given.date(), given.time())


def refused_in_place(
    request: Request, act: Callable[[], Response], again: Callable[[Errors, int], Response],
    field: str = "",
) -> Response:  # fmt: skip
    """What `act` gives; where it is refused, the page `again` with the sentence at `field`.

    htmx puts nothing on the page from an answer that is an error, so there it is a plain 200.
    """
    try:
        return act()
    except Refused as refused:
        sentence = refused.words.in_(language_of(request))
        return again([(field, sentence)], 200 if asks_for_a_fragment(request) else 422)
