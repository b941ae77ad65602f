"""/desk/tasks: the tasks of a cell of the matrix, and one task with what the office may do."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from office import review
from office.ledger import list_tasks
from office.nudging import nudge, nudge_missing
from office.reopening import reopen
from portal.desk.bench import (
    Errors,
    Here,
    Office,
    Typed,
    Watcher,
    clock_of_plan,
    own_task,
    refused_in_place,
    typed_instant,
)
from portal.desk.handed_in import handed_in, record_of
from portal.rendering import language_of, page, see_other
from responsibilities.tasks import State

router = APIRouter()
PAGE = 100
Text = Annotated[str, Form()]


@router.api_route("/desk/tasks", methods=["GET", "HEAD"])
def listed(
    request: Request, at: Here, who: Watcher, duty: Annotated[str, Query()] = "",
    unit: Annotated[str, Query()] = "", before: Annotated[int | None, Query()] = None,
    told: Annotated[str, Query()] = "",
) -> Response:  # fmt: skip
    """The newest first; `before` is the number behind which a further page begins."""
    rows = list_tasks(
        at.db, at.clock(), language_of(request), plan=who.plan, duty=duty or None,
        unit=unit or None, open_only=False, before=before, limit=PAGE + 1,
    )  # fmt: skip
    more = rows[PAGE - 1].task.id if len(rows) > PAGE else None
    own = [row for row in rows[:PAGE] if who.sees(row.task.unit, row.task.duty)]
    periods = dict.fromkeys(row.task.period for row in own)
    groups = [(period, [row for row in own if row.task.period == period]) for period in periods]
    return page(
        request, "desk/tasks.html", groups=groups, duty=duty, unit=unit, more=more, told=told
    )


@router.post("/desk/tasks/nudge")
def nudge_all(at: Here, who: Office, duty: Text = "", period: Text = "") -> Response:
    """One letter to each unit that has not done it."""
    done = nudge_missing(at.db, who.plan, duty, period, by=who.name, now=at.clock())
    told = "、".join(done.told) or "-"
    return see_other(f"/desk/tasks?duty={duty}&told={told}")


@router.api_route("/desk/tasks/{number}", methods=["GET", "HEAD"])
def one(
    request: Request, at: Here, who: Watcher, number: int, done: Annotated[str, Query()] = ""
) -> Response:
    return _page(request, at, who, number, {}, [], 200, done)


def _page(
    request: Request, at: Here, who: Office, number: int, typed: Typed, errors: Errors,
    status: int, done: str = "",
) -> Response:  # fmt: skip
    detail = own_task(request, at, who, number)
    state = detail.row.task.state
    return page(
        request, "desk/task.html", status=status, detail=detail, done=done, typed=typed,
        errors=errors, record=record_of(at, who.plan, detail.facts), open=state is State.OPEN,
        submitted=state is State.SUBMITTED, closed=state is State.CLOSED,
        handed_in=handed_in(at, detail),
    )  # fmt: skip


def _acted(
    request: Request, at: Here, who: Office, number: int, name: str, field: str, typed: Typed,
    act: Callable[[], object],
) -> Response:  # fmt: skip
    def done() -> Response:
        own_task(request, at, who, number)
        act()
        return see_other(f"/desk/tasks/{number}?done={name}")

    def again(errors: Errors, status: int) -> Response:
        return _page(request, at, who, number, {"act": name, **typed}, errors, status)

    return refused_in_place(request, done, again, field)


@router.post("/desk/tasks/{number}/extend")
def extend(
    request: Request, at: Here, who: Office, number: int, extend_until: Text = "",
    extend_reason: Text = "",
) -> Response:  # fmt: skip
    typed = {"extend_until": extend_until, "extend_reason": extend_reason}

    def act() -> object:
        due = typed_instant(clock_of_plan(at, who.plan), extend_until)
        return review.extend(at.db, number, due, by=who.name, now=at.clock(), reason=extend_reason)

    return _acted(request, at, who, number, "extended", "extend_until", typed, act)


@router.post("/desk/tasks/{number}/decline")
def decline(
    request: Request, at: Here, who: Office, number: int, decline_reason: Text = ""
) -> Response:
    def act() -> object:
        return review.decline(at.db, number, decline_reason, by=who.name, now=at.clock())

    typed = {"decline_reason": decline_reason}
    return _acted(request, at, who, number, "declined", "decline_reason", typed, act)


@router.post("/desk/tasks/{number}/waive")
def waive(
    request: Request, at: Here, who: Office, number: int, waive_reason: Text = ""
) -> Response:
    def act() -> object:
        return review.waive(at.db, number, waive_reason, by=who.name, now=at.clock())

    typed = {"waive_reason": waive_reason}
    return _acted(request, at, who, number, "waived", "waive_reason", typed, act)


@router.post("/desk/tasks/{number}/reopen")
def reopen_(
    request: Request, at: Here, who: Office, number: int, reopen_until: Text = "",
    reopen_reason: Text = "",
) -> Response:  # fmt: skip
    def act() -> object:
        due = typed_instant(clock_of_plan(at, who.plan), reopen_until)
        return reopen(at.db, number, due, reopen_reason, by=who.name, now=at.clock())

    typed = {"reopen_until": reopen_until, "reopen_reason": reopen_reason}
    field = "reopen_until" if reopen_reason.strip() else "reopen_reason"
    return _acted(request, at, who, number, "reopened", field, typed, act)


@router.post("/desk/tasks/{number}/nudge")
def nudge_one(request: Request, at: Here, who: Office, number: int, remark: Text = "") -> Response:
    def act() -> object:
        return nudge(at.db, number, by=who.name, now=at.clock(), remark=remark)

    return _acted(request, at, who, number, "nudged", "remark", {"remark": remark}, act)
