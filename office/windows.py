"""敏感时期: the office opens a run-time window, extends it and closes it.

Every act is one transaction and can be repeated: what has been done already is left as it is. The
duties of the window look again at once; the next round opens what is asked for inside.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from office.window_spans import spans_of
from office.workplace import InForce, only_plan
from responsibilities.plan import RuntimeWindow
from responsibilities.problem import did_you_mean
from responsibilities.tasks import Fact, FactKind
from responsibilities.windows import Span
from responsibilities.words import Refused, Words
from storage import cursors, facts
from storage.engine import reading, writing
from storage.instants import text, whole

_INSTANT = timedelta(seconds=1)
_Act = Callable[[Span | None], tuple[FactKind, Span] | None]


def open_window(
    db: Engine, plan: str | None, name: str, *, by: str, now: datetime,
    until: datetime | None = None, reason: str = "",
) -> Span:  # fmt: skip
    """The window is open from now, until `until` or until it is closed.

    Refused while it is open already with another end: that is an extension.
    """
    now = whole(now)

    def act(last: Span | None) -> tuple[FactKind, Span] | None:
        _refuse_past(until, now)
        if last is None or not _is_open(last, now):
            return FactKind.WINDOW_OPENED, Span(now, until)
        if last.closes_at == until:
            return None
        raise Refused(
            Words(
                f"“{name}”正在进行，改变结束时间请用延长。",
                f"“{name}” is open already; to change its end, extend it.",
            )
        )

    return _on(db, plan, name, act, by, now, reason)


def extend_window(
    db: Engine, plan: str | None, name: str, until: datetime, *, by: str, now: datetime,
    reason: str = "",
) -> Span:  # fmt: skip
    """The open window ends at `until` instead, later or sooner, but not in the past."""
    now = whole(now)

    def act(last: Span | None) -> tuple[FactKind, Span] | None:
        _refuse_past(until, now)
        if last is None or not _is_open(last, now):
            raise Refused(
                Words(f"“{name}”没有在进行，请先开始。", f"“{name}” is not open; open it first.")
            )
        if last.closes_at == until:
            return None
        return FactKind.WINDOW_EXTENDED, last._replace(closes_at=until)

    return _on(db, plan, name, act, by, now, reason)


def close_window(
    db: Engine, plan: str | None, name: str, *, by: str, now: datetime, reason: str = ""
) -> Span:
    """The window ends now; what it has opened stays to be done."""
    now = whole(now)

    def act(last: Span | None) -> tuple[FactKind, Span] | None:
        if last is None:
            raise Refused(Words(f"“{name}”从未开始。", f"“{name}” was never opened."))
        if not _is_open(last, now):
            return None
        return FactKind.WINDOW_CLOSED, last._replace(closes_at=now)

    return _on(db, plan, name, act, by, now, reason)


def windows_of(db: Engine, plan: str | None) -> tuple[tuple[RuntimeWindow, tuple[Span, ...]], ...]:
    """Every window of the plan in force with all times it was open."""
    with reading(db) as connection:
        place = only_plan(connection, plan)
        return tuple((w, tuple(place.spans.get(w.id, ()))) for w in place.plan.windows)


def is_open(span: Span, now: datetime) -> bool:
    """Whether the window is open at `now`."""
    return _is_open(span, now)


def _is_open(span: Span, now: datetime) -> bool:
    return span.closes_at is None or span.closes_at > now


def _refuse_past(until: datetime | None, now: datetime) -> None:
    if until is not None and until <= now:
        raise Refused(
            Words(
                "结束时间已经过去，请写以后的时间。",
                "The end has passed already; give a later one.",
            )
        )


def _on(
    db: Engine, plan: str | None, name: str, act: _Act, by: str, now: datetime, reason: str
) -> Span:
    with writing(db) as connection:
        place = only_plan(connection, plan)
        window = _named(place, name)
        known = spans_of(connection, place.plan.id).get(window.id, ())
        done = act(known[-1] if known else None)
        if done is None:
            return known[-1]
        kind, span = done
        head = f"{place.plan.id}/window/{window.id}/"
        number = len(facts.without_task(connection, head)) + 1
        body = {"opens": text(span.opens_at), "reason": reason, "window": window.id}
        if span.closes_at is not None:
            body["closes"] = text(span.closes_at)
        facts.append(connection, [Fact(None, f"{head}{number:04d}", kind, now, by, body)])
        _wake(connection, place, window, span, now)
        return span


def _wake(
    connection: Connection, place: InForce, window: RuntimeWindow, span: Span, now: datetime
) -> None:
    """The duties of the window look again in the next round, from before it opened or changed."""
    known = cursors.of_plan(connection, place.plan.id)
    own = [duty.id for duty in place.plan.duties if duty.window == window.id]
    since = min(max(span.opens_at, now), now) - _INSTANT
    moved = [
        replace(known[id_], next_at=now, through=min(known[id_].through, since))
        for id_ in own
        if id_ in known
    ]
    cursors.save(connection, moved)


def _named(place: InForce, name: str) -> RuntimeWindow:
    for window in place.plan.windows:
        if name in (window.id, window.name):
            return window
    names = [window.name for window in place.plan.windows]
    near = did_you_mean(name, names)
    listed = "、".join(names) or "（无）"
    raise Refused(
        Words(
            f"方案没有名为“{name}”的时期，现有：{listed}。{near.zh if near else ''}",
            f"The plan has no window “{name}”; it has: {listed}. {near.en if near else ''}".strip(),
        )
    )
