"""The responsibility matrix, alive: every cell says how far its unit has come with its duty.

Two questions to the database, however many cells there are: the closed tasks counted by cell, and
the open ones, whose standing depends on the calendars.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import Engine

from office.workplace import InForce, only_plan
from responsibilities import matrix as roles
from responsibilities.matrix import Column, Mark
from responsibilities.plan import EVENT_UNIT
from responsibilities.standing import standing
from responsibilities.tasks import Standing, Task
from responsibilities.words import Refused, Words
from storage import tasks
from storage.engine import reading
from storage.tasks import Closed, Due

OPEN, ALL = "", "all"
"""Periods besides a month (2026-11): this month and whatever is open; everything."""
_WORST: Final = (
    Standing.OVERDUE, Standing.DUE_SOON, Standing.UNDER_REVIEW, Standing.ON_TRACK,
    Standing.LAPSED, Standing.DONE_LATE, Standing.DONE, Standing.WAIVED,
)  # fmt: skip
"""The standing that a cell shows is the first of these that any of its tasks has."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the matrix is looked at; as in the address."""

    section: str = ""
    """Only duties from this section of the plan."""
    leader: str = ""
    """Only duties that this post is in charge of."""
    period: str = OPEN


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's part in a duty. No standing: nothing was asked of it in the period."""

    mark: Mark | None
    standing: Standing | None = None
    done: int = 0
    total: int = 0
    """Without what was waived."""
    task: int = 0
    """The number of the task that the standing is of, or of the newest."""
    count: int = 0
    """How many tasks there are, with the waived ones."""


@dataclass(frozen=True, slots=True)
class Line:
    """One duty."""

    row: roles.Row
    cells: tuple[Cell, ...]
    overdue: int


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix of one plan at one moment."""

    plan: str
    title: str
    chosen: Chosen
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    sections: tuple[str, ...]
    leaders: tuple[Column, ...]
    months: tuple[str, ...]
    """What the period may be, besides OPEN and ALL; the newest first."""

    @property
    def overdue(self) -> int:
        """How many tasks are overdue in what is shown."""
        return sum(line.overdue for line in self.lines)


def matrix_view(
    db: Engine, plan: str | None, chosen: Chosen, now: datetime,
    units: Collection[str] | None = None,
) -> MatrixView:  # fmt: skip
    """The matrix of `plan` (the only one by default), of these units only where they are given.

    Refused for a period that is no month.
    """
    with reading(db) as connection:
        place = only_plan(connection, plan)
        due = _due(place, chosen.period, now)
        # what is still open is shown in the present period even where it was due before
        opens: Due = (None, None) if chosen.period == OPEN else due
        closed = tasks.closed_by_cell(connection, place.plan.id, due)
        open_ = tasks.open_of_plan(connection, place.plan.id, opens)
    return _view(place, chosen, closed, open_, now, units)


def _view(
    place: InForce, chosen: Chosen, closed: Iterable[Closed], open_: Iterable[Task],
    now: datetime, own: Collection[str] | None,
) -> MatrixView:  # fmt: skip
    whole = roles.matrix(place.plan)
    posts = [n for n, column in enumerate(whole.columns) if column.post]
    units = [
        n
        for n, column in enumerate(whole.columns)
        if not column.post and column.id != EVENT_UNIT and (own is None or column.id in own)
    ]
    known = _counted(place, closed, open_, now)
    lines = []
    for row, marks in zip(whole.rows, whole.cells, strict=True):
        in_charge = {whole.columns[n].id for n in posts if marks[n]}
        if chosen.section not in ("", row.section) or chosen.leader not in ("", *in_charge):
            continue
        found = [known.get((row.duty, whole.columns[n].id)) for n in units]
        cells = [_cell(marks[n], f) for n, f in zip(units, found, strict=True)]
        overdue = sum(f.standings.count(Standing.OVERDUE) for f in found if f is not None)
        lines.append(Line(row, tuple(cells), overdue))
    return MatrixView(
        place.plan.id,
        place.plan.title,
        chosen,
        tuple(whole.columns[n] for n in units),
        tuple(lines),
        tuple(dict.fromkeys(row.section for row in whole.rows if row.section)),
        tuple(whole.columns[n] for n in posts),
        _months(place, now),
    )


@dataclass(slots=True)
class _Found:
    """What there is in one cell, while it is counted."""

    closed: Closed | None
    standings: list[Standing]
    first: int = 0
    """The task of the worst standing among the open ones."""


def _counted(
    place: InForce, closed: Iterable[Closed], open_: Iterable[Task], now: datetime
) -> Mapping[tuple[str, str], _Found]:
    found = {(one.duty, one.unit): _Found(one, []) for one in closed}
    for task in open_:
        duty = place.duties.get(task.duty)
        rhythm = duty.rhythm if duty is not None else None
        cell = found.setdefault((task.duty, task.unit), _Found(None, []))
        there = standing(task, now, place.clock, rhythm)
        if not cell.standings or _rank(there) < min(map(_rank, cell.standings)):
            cell.first = task.id
        cell.standings.append(there)
    return found


def _rank(one: Standing) -> int:
    return _WORST.index(one)


def _cell(marks: Sequence[Mark], found: _Found | None) -> Cell:
    mark = marks[0] if marks else None
    if found is None:
        return Cell(mark)
    past = found.closed or Closed("", "", 0, 0, 0, 0, 0)
    ended = (
        (Standing.LAPSED, past.lapsed), (Standing.DONE_LATE, past.late),
        (Standing.DONE, past.done - past.late), (Standing.WAIVED, past.waived),
    )  # fmt: skip
    there = [*found.standings, *(one for one, count in ended if count)]
    asked = len(found.standings) + past.done + past.lapsed
    return Cell(
        mark, min(there, key=_rank), past.done, asked, found.first or past.last, asked + past.waived
    )


def _due(place: InForce, period: str, now: datetime) -> Due:
    if period == ALL:
        return None, None
    month = f"{place.clock.day(now):%Y-%m}" if period == OPEN else period
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Refused(
            Words(
                f"“{period}”不是月份，应写作 2026-11。", f"“{period}” is no month; write 2026-11."
            )
        ) from None
    return place.clock.at(first, time()), place.clock.at(_after(first), time())


def _after(first: date) -> date:
    """The first day of the month after that of `first`."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


_MONTHS = 12


def _months(place: InForce, now: datetime) -> tuple[str, ...]:
    """The next month, this one, and those before, back to when the plan came into force."""
    today = place.clock.day(now)
    number = today.year * 12 + today.month  # counted from 0, this is the next one
    found = [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(number, number - _MONTHS, -1)]
    return tuple(month for month in found if month >= f"{place.plan.in_force:%Y-%m}")
