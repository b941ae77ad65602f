"""/desk: everything that wants the office today."""

from fastapi import APIRouter, Request, Response

from office.desk_view import desk_view
from portal.desk.bench import Here, Office
from portal.rendering import language_of, page

router = APIRouter()


@router.api_route("/desk", methods=["GET", "HEAD"])
def front(request: Request, at: Here, who: Office) -> Response:
    view = desk_view(at.db, who.plan, at.clock(), language_of(request))
    return page(request, "desk/front.html", view=view)
