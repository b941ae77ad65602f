"""All tasks of one unit as it sees them: the open ones first, those done a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from office.ledger import Row, list_tasks
from office.matters import unit_name
from office.workplace import in_force
from responsibilities.delegation import whole_of
from responsibilities.plan import Role
from responsibilities.roles import resolve
from responsibilities.tasks import State
from responsibilities.words import Language
from storage import feeds
from storage.engine import reading

A_PAGE = 30
_POSTS = (Role.CONTACT, Role.DEPUTY, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Held:
    """A post of the unit as the plan has it."""

    role: Role
    mailbox: str
    """Empty while it is vacant."""


@dataclass(frozen=True, slots=True)
class UnitPage:
    """What the page of a unit shows."""

    plan: str
    plan_title: str
    unit: str
    name: str
    open: tuple[Row, ...]
    """The unit's turn, the most urgent first."""
    waiting: tuple[Row, ...]
    """Handed in, with the reviewer."""
    done: tuple[Row, ...]
    """Closed, the newest first."""
    older: int | None
    """The number behind which the next page of `done` begins; None on the last."""
    posts: tuple[Held, ...]
    leader: str
    """The post in charge (分管领导); empty where the plan names none."""
    has_calendar: bool


def unit_page(
    db: Engine, plan: str, unit: str, now: datetime, language: Language = "zh", *,
    before: int | None = None,
) -> UnitPage:  # fmt: skip
    """The unit `unit` (an id) of `plan`; `before` turns the page of what is done."""
    current = list_tasks(db, now, language, plan=plan, unit=unit)
    done, older = _done(db, plan, unit, now, language, before)
    with reading(db) as connection:
        place = in_force(connection, plan)
        held = next((u for u in place.plan.units if u.id == whole_of(unit)), None)
        mailboxes = held.mailboxes if held is not None else {}
        above = resolve(place.plan, unit, Role.LEADER).addressees
        return UnitPage(
            plan=plan,
            plan_title=place.plan.title,
            unit=unit,
            name=unit_name(place, unit),
            open=tuple(sorted((r for r in current if r.task.state is State.OPEN), key=_urgency)),
            waiting=tuple(r for r in current if r.task.state is State.SUBMITTED),
            done=done,
            older=older,
            posts=tuple(Held(role, mailboxes.get(role, "")) for role in _POSTS),
            leader=next((a.name for a in above if a.role is Role.LEADER), ""),
            has_calendar=feeds.has(connection, plan, unit),
        )


def _done(
    db: Engine, plan: str, unit: str, now: datetime, language: Language, before: int | None
) -> tuple[tuple[Row, ...], int | None]:
    """One page of closed tasks, and where the next one begins."""
    found: list[Row] = []
    while len(found) <= A_PAGE:
        rows = list_tasks(
            db, now, language, plan=plan, unit=unit, open_only=False, before=before,
            limit=2 * A_PAGE,
        )  # fmt: skip
        found += [row for row in rows if row.task.state is State.CLOSED]
        if len(rows) < 2 * A_PAGE:
            break
        before = rows[-1].task.id
    shown = tuple(found[:A_PAGE])
    return shown, shown[-1].task.id if len(found) > A_PAGE else None


def _urgency(row: Row) -> tuple[datetime, int]:
    return row.task.due_at, row.task.id
