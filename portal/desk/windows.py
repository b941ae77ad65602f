"""/desk/windows: run-time windows (敏感时期) are opened, extended and closed here."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from office.windows import close_window, extend_window, is_open, open_window, windows_of
from portal.desk.bench import (
    Errors,
    Here,
    Office,
    Typed,
    clock_of_plan,
    refused_in_place,
    typed_instant,
)
from portal.rendering import page, see_other

router = APIRouter()
Text = Annotated[str, Form()]


@router.api_route("/desk/windows", methods=["GET", "HEAD"])
def windows(
    request: Request, at: Here, who: Office, done: Annotated[str, Query()] = ""
) -> Response:
    return _page(request, at, who, {}, [], 200, done)


def _page(
    request: Request, at: Here, who: Office, typed: Typed, errors: Errors, status: int,
    done: str = "",
) -> Response:  # fmt: skip
    found = [
        (window, spans, bool(spans) and is_open(spans[-1], at.clock()))
        for window, spans in windows_of(at.db, who.plan)
    ]
    clock = clock_of_plan(at, who.plan)
    return page(
        request, "desk/windows.html", status=status, windows=found, clock=clock, typed=typed,
        errors=errors, done=done,
    )  # fmt: skip


@router.post("/desk/windows/{name}/open")
def begin(
    request: Request, at: Here, who: Office, name: str, until: Text = "", reason: Text = ""
) -> Response:
    def act() -> object:
        return open_window(
            at.db, who.plan, name, by=who.name, now=at.clock(), until=_until(at, who, until),
            reason=reason,
        )  # fmt: skip

    return _done(request, at, who, "opened", name, {"until": until, "reason": reason}, act)


@router.post("/desk/windows/{name}/extend")
def prolong(
    request: Request, at: Here, who: Office, name: str, until: Text = "", reason: Text = ""
) -> Response:
    def act() -> object:
        end = typed_instant(clock_of_plan(at, who.plan), until)
        return extend_window(at.db, who.plan, name, end, by=who.name, now=at.clock(), reason=reason)

    return _done(request, at, who, "extended", name, {"until": until, "reason": reason}, act)


@router.post("/desk/windows/{name}/close")
def end(request: Request, at: Here, who: Office, name: str, reason: Text = "") -> Response:
    def act() -> object:
        return close_window(at.db, who.plan, name, by=who.name, now=at.clock(), reason=reason)

    return _done(request, at, who, "closed", name, {"reason": reason}, act)


def _until(at: Here, who: Office, typed: str) -> datetime | None:
    return typed_instant(clock_of_plan(at, who.plan), typed) if typed.strip() else None


def _done(
    request: Request, at: Here, who: Office, done: str, name: str, typed: Typed,
    act: Callable[[], object],
) -> Response:  # fmt: skip
    def acted() -> Response:
        act()
        return see_other(f"/desk/windows?done={done}")

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, {"window": name, **typed}, errors, status)

    return refused_in_place(request, acted, again, f"until-{name}")
