"""/desk/bulletin: the draft of a month's bulletin, to read and to take away as a Word file."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response

from inspections.document import date_of, listed_attachments, numbered, said_facts
from office.bulletin import FEWER_THAN, Asked, draft_bulletin, summable
from office.word_draft import write_draft
from portal.desk.bench import Here, Office
from portal.rendering import page

router = APIRouter()
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _asked(
    month: Annotated[str, Query()] = "",
    sums: Annotated[tuple[str, ...], Query(alias="sum")] = (),
    fewer: Annotated[int, Query(ge=1, le=100)] = FEWER_THAN,
) -> Asked:
    return Asked(month, frozenset(sums), fewer)


Wanted = Annotated[Asked, Depends(_asked)]


@router.api_route("/desk/bulletin", methods=["GET", "HEAD"])
def bulletin(request: Request, at: Here, who: Office, asked: Wanted) -> Response:
    document = draft_bulletin(at.db, who.plan, asked, at.clock())
    return page(
        request, "desk/bulletin.html", paper=document, blocks=tuple(numbered(document)),
        attachments=listed_attachments(document), signed_on=date_of(document),
        said_facts=said_facts, asked=asked, fields=summable(at.db, who.plan),
        query=request.url.query,
    )  # fmt: skip


@router.api_route("/desk/bulletin.docx", methods=["GET", "HEAD"])
def word(at: Here, who: Office, asked: Wanted) -> Response:
    document = draft_bulletin(at.db, who.plan, asked, at.clock())
    name = quote(f"{document.title}.docx")
    shown = f"attachment; filename=\"bulletin.docx\"; filename*=UTF-8''{name}"
    return Response(write_draft(document), media_type=_WORD, headers={"Content-Disposition": shown})
