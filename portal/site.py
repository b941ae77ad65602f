"""The portal as one application: every page's router, behind its door, under the guard."""

import re

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from portal import (
    calendars,
    checkpoint,
    department,
    desk,
    evidence,
    inspecting,
    language,
    operations,
    reading,
    schemas,
    studio,
    welcome,
)
from portal.api.application import PREFIX, api
from portal.doors import doors_of
from portal.guard import Guard
from portal.here import Portal
from portal.refusing import refuse_in_words
from portal.rendering import STATIC
from portal.request_log import RequestLog
from portal.sign_in import account, by_institution, by_link, people, signing
from portal.sign_in.refusals import show_the_way_in

ROUTERS = (
    welcome.router,
    language.router,
    calendars.router,
    operations.router,
    evidence.router,
    checkpoint.router,
    by_link.router,
    account.router,
    people.router,
    by_institution.router,
    signing.router,
    *department.ROUTERS,
    *desk.ROUTERS,
    *reading.ROUTERS,
    *inspecting.ROUTERS,
    *studio.ROUTERS,
    schemas.router,
)
"""One router a page or a few that belong together."""


def site(portal: Portal) -> FastAPI:
    """The application; raises ValueError where a route has no door, or more than one."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.portal = portal
    for router in ROUTERS:
        app.router.routes.extend(router.routes)  # include_router hides them from `app.routes`
    programs = api(portal)
    _refuse_doorless(app)
    _refuse_doorless(programs)
    app.router.routes.append(_whole(Mount(PREFIX, programs)))
    app.mount("/static", GZipMiddleware(_Static(directory=STATIC)))
    refuse_in_words(app)
    show_the_way_in(app)
    chosen = portal.settings.portal
    app.add_middleware(Guard, url=chosen.url, evidence=chosen.evidence_origin or "")
    app.add_middleware(RequestLog)
    return app


def _refuse_doorless(app: FastAPI) -> None:
    for route in app.routes:
        doors = list(doors_of(route.dependant)) if isinstance(route, APIRoute) else []
        if len(doors) != 1:
            raise ValueError(f"{getattr(route, 'path', route)} has the doors {doors}, not one")


def _whole(mount: Mount) -> Mount:
    """Everything below it, an address with a line break (%0A) too, whose refusal is its own."""
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


class _Static(StaticFiles):
    """Files that never change under one address: the address carries their digest."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        kept = b"v=" in scope["query_string"] and answer.status_code == 200
        answer.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if kept else "no-cache"
        )
        return answer
