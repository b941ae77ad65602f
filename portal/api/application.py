"""The JSON API as an application of its own, mounted at /api/v1: its refusals are problems."""

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from portal.api import acts, incidents, reading, record, tasks
from portal.api.problems import MEDIA_TYPE, answer_with_problems
from portal.api.reference import page
from portal.api.shapes import ProblemShape
from portal.doors import public
from portal.here import Portal

PREFIX = "/api/v1"
_MAY = {
    401: "No token, or none that is good now",
    403: "Not for this token",
    404: "There is none, or it is not this token's",
    409: "The rules forbid it; zh and en say why",
    413: "Too large",
    422: "Malformed; errors says where",
}
router = APIRouter(dependencies=[Depends(public)], include_in_schema=False)


@router.get("/openapi.json")
def description(request: Request) -> JSONResponse:
    """OpenAPI 3.1."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
def docs(request: Request) -> Response:
    """The same for people, as plain text."""
    return Response(page(request.app.openapi()), media_type="text/plain; charset=utf-8")


def api(portal: Portal) -> FastAPI:
    """The application; its routes are checked for their doors by `site`."""
    app = _routed()
    app.state.portal = portal
    answer_with_problems(app)
    return app


def described() -> dict[str, Any]:
    """The OpenAPI document."""
    return _routed().openapi()


def _routed() -> FastAPI:
    app = FastAPI(
        title="督办 Duban", version="1", docs_url=None, redoc_url=None, openapi_url=None,
        redirect_slashes=False, servers=[{"url": PREFIX}], root_path_in_servers=False,
    )  # fmt: skip
    for one in (tasks.router, incidents.router, acts.router, reading.router, record.router):
        for route in one.routes:
            assert isinstance(route, APIRoute)
            route.responses = _PROBLEMS
        app.router.routes.extend(one.routes)
    app.router.routes.extend(router.routes)
    return app


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": why, "content": {MEDIA_TYPE: {"schema": ProblemShape.model_json_schema()}}
    }
    for status, why in _MAY.items()
}  # fmt: skip
