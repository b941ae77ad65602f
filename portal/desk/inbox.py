"""/desk/inbox: mails that wait for a person; each is taken or declined, and kept either way."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from notifications.incoming.reading import read_mail
from office import inbox as mails
from office.ledger import find_mail, list_mails
from portal.desk.bench import Errors, Here, Office, Typed, clock_of_plan, refused_in_place
from portal.rendering import page, see_other
from storage.inbox import MessageState

router = APIRouter()
SHOWN = 200
RAW = 60_000
"""Characters of a raw mail that a page shows."""
Text = Annotated[str, Form()]


@router.api_route("/desk/inbox", methods=["GET", "HEAD"])
def inbox(
    request: Request, at: Here, who: Office, every: Annotated[bool, Query(alias="all")] = False,
    done: Annotated[str, Query()] = "",
) -> Response:  # fmt: skip
    found = list_mails(at.db, held_only=not every, limit=SHOWN)
    local = clock_of_plan(at, who.plan).local
    return page(request, "desk/inbox.html", mails=found, every=every, done=done, local=local)


@router.api_route("/desk/inbox/{number}", methods=["GET", "HEAD"])
def mail(request: Request, at: Here, who: Office, number: int) -> Response:
    return _page(request, at, who, number, {}, [], 200)


def _page(
    request: Request,
    at: Here,
    who: Office,
    number: int,
    typed: Typed,
    errors: Errors,
    status: int,
) -> Response:
    message = find_mail(at.db, number)
    data = at.blobs.get(message.sha256)
    incoming = read_mail(data)
    return page(
        request, "desk/mail.html", status=status, message=message, incoming=incoming,
        raw=data[:RAW].decode("utf-8", "replace"), typed=typed, errors=errors,
        held=message.state is MessageState.HELD,
        local=clock_of_plan(at, who.plan).local,
    )  # fmt: skip


@router.post("/desk/inbox/{number}/accept")
def accept(request: Request, at: Here, who: Office, number: int, task: Text = "") -> Response:
    def act() -> object:
        return mails.accept(
            at.db, at.blobs, number, at.settings.mail, by=who.name, now=at.clock(),
            task=task.strip() or None,
        )  # fmt: skip

    return _settled(request, at, who, number, "accepted", {"task": task}, act)


@router.post("/desk/inbox/{number}/decline")
def decline(request: Request, at: Here, who: Office, number: int) -> Response:
    def act() -> object:
        mails.decline(at.db, number, by=who.name, now=at.clock())
        return None

    return _settled(request, at, who, number, "declined", {}, act)


def _settled(
    request: Request,
    at: Here,
    who: Office,
    number: int,
    name: str,
    typed: Typed,
    act: Callable[[], object],
) -> Response:
    def done() -> Response:
        act()
        return see_other(f"/desk/inbox?done={name}")

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, number, typed, errors, status)

    return refused_in_place(request, done, again, "task")
