"""The first page: what this is, and the ways in."""

from fastapi import APIRouter, Depends, Request, Response

from portal.doors import public
from portal.rendering import page

router = APIRouter(dependencies=[Depends(public)])


@router.api_route("/", methods=["GET", "HEAD"])
def welcome(request: Request) -> Response:
    return page(request, "welcome.html")
