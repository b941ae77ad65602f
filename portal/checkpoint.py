"""Whether a checkpoint on paper is of this record; for anybody who holds the paper.

A reader of a sealed bulletin has no account, and what is answered is no more than the paper says:
so the page is public. The system vouches for itself here, and says so.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from office.prints import check_print
from portal.doors import public
from portal.here import Portal, here
from portal.rendering import page
from responsibilities.words import Refused

router = APIRouter(dependencies=[Depends(public)])
_LONGEST = 500


@router.api_route("/checkpoint", methods=["GET", "HEAD"])
def checkpoint(
    request: Request, at: Annotated[Portal, Depends(here)], printed: str = ""
) -> Response:
    answer = wrong = None
    if printed.strip():
        try:
            answer = check_print(at.db, printed[:_LONGEST])
        except Refused as refused:
            wrong = refused.words
    status = 200 if wrong is None else 400
    return page(
        request, "checkpoint.html", answer=answer, wrong=wrong, printed=printed, status=status
    )
