"""/desk/letters: what did not arrive, what leaves, and letting go on what was held back."""

from email import message_from_bytes, policy
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response

from office import brake, mailboxes
from office.desk_view import desk_view
from office.ledger import letter_bytes, list_letters
from portal.desk.bench import Here, Office, clock_of_plan
from portal.rendering import language_of, page, see_other
from storage.engine import reading, writing

router = APIRouter()
PAGE = 50
Text = Annotated[str, Form()]


@router.api_route("/desk/letters", methods=["GET", "HEAD"])
def letters(
    request: Request, at: Here, who: Office, before: Annotated[int | None, Query()] = None,
    done: Annotated[str, Query()] = "",
) -> Response:  # fmt: skip
    found = list_letters(at.db, before=before, plan=who.plan, limit=PAGE + 1)
    view = desk_view(at.db, who.plan, at.clock(), language_of(request))
    with reading(at.db) as connection:
        stopped = who.plan in brake.held(connection)
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return page(
        request, "desk/letters.html", letters=found[:PAGE], more=more, undelivered=view.undelivered,
        troubled=view.troubled, stopped=stopped, done=done,
        local=clock_of_plan(at, who.plan).local,
    )  # fmt: skip


@router.api_route("/desk/letters/{number}", methods=["GET", "HEAD"])
def letter(request: Request, at: Here, who: Office, number: int) -> Response:
    """The text of a letter as it left."""
    own = list_letters(at.db, before=number + 1, plan=who.plan, limit=1)
    if [one.id for one in own] != [number]:
        raise HTTPException(404)
    message = message_from_bytes(letter_bytes(at.db, number), policy=policy.default)
    body = message.get_body(("plain",))
    said = body.get_content() if body is not None else ""
    heads = [(name, str(message[name] or "")) for name in ("Date", "To", "Subject", "Message-ID")]
    return page(request, "desk/letter.html", heads=heads, said=said)


@router.post("/desk/letters/release")
def release(at: Here, who: Office) -> Response:
    """The brake is let go: what the office has looked at may leave."""
    with writing(at.db) as connection:
        brake.release(connection, who.name, at.clock(), who.plan)
    return see_other("/desk/letters?done=released")


@router.post("/desk/letters/restore")
def restore(at: Here, who: Office, mailbox: Text = "") -> Response:
    """The mailbox works again."""
    mailboxes.restore(at.db, mailbox, by=who.name, now=at.clock())
    return see_other("/desk/letters?done=restored")
