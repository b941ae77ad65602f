"""What an inspector asks of the completion log (办理记录), as a value and as a URL: the same thing.

Every view of the log is an address that can be sent to a colleague; `parse` and `render` are each
other's inverse.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl, urlencode

from responsibilities.tasks import Standing
from responsibilities.words import Refused, Words


class Position(StrEnum):
    """Where a task stands, as the log counts it: all that is not due yet is one thing."""

    OVERDUE = "overdue"
    UNDER_REVIEW = "under_review"
    IN_HAND = "in_hand"
    DONE = "done"
    DONE_LATE = "done_late"
    WAIVED = "waived"
    LAPSED = "lapsed"


POSITIONS: Final[Mapping[Position, Words]] = MappingProxyType(
    {
        Position.OVERDUE: Words("逾期未办结", "overdue"),
        Position.UNDER_REVIEW: Words("待审核", "under review"),
        Position.IN_HAND: Words("办理中，未到时限", "in hand, not due yet"),
        Position.DONE: Words("按期办结", "done in time"),
        Position.DONE_LATE: Words("逾期办结", "done, late"),
        Position.WAIVED: Words("免办", "waived"),
        Position.LAPSED: Words("未办结，已终止", "lapsed undone"),
    }
)
_NOT_DUE = (Standing.ON_TRACK, Standing.DUE_SOON)


def position_of(standing: Standing) -> Position:
    """How the log counts a standing."""
    return Position.IN_HAND if standing in _NOT_DUE else Position(standing.value)


@dataclass(frozen=True, slots=True)
class LogQuery:
    """Which tasks of the log are asked for. Empty lists and None ask for nothing in particular."""

    plan: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    duty: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    """As in the key of a task: 2026-W49, 2026-11."""
    clause: tuple[str, ...] = ()
    """Sections of the plan as printed: 三（二）2."""
    leader: tuple[str, ...] = ()
    """Posts of leaders in charge (分管领导), by id."""
    standing: tuple[Position, ...] = ()
    late: bool | None = None
    """Whether the unit missed the date, now or for ever."""
    late_by_system: bool | None = None
    reused: bool = False
    """Only tasks with a file that another task was given too."""
    since: date | None = None
    until: date | None = None
    """Due days, both included."""
    words: str = ""
    """Words that all occur: in title, clause, unit, name of a file; or a number."""
    as_of: date | None = None
    """As it stood at the end of this day; None: now."""
    after: int | None = None
    """The page of older tasks, behind this number."""
    before: int | None = None
    """The page of newer tasks, before this number."""


@dataclass(frozen=True, slots=True)
class Remit:
    """Which tasks somebody may read at all (督查范围); None: any. Due days, both included."""

    plans: frozenset[str] | None = None
    units: frozenset[str] | None = None
    duties: frozenset[str] | None = None
    since: date | None = None
    until: date | None = None


EVERYTHING: Final = Remit()
LISTED: Final = ("plan", "unit", "duty", "period", "clause", "leader", "standing")
"""Facets of which several values can be chosen."""
FLAGS: Final = ("late", "late_by_system")
"""Facets of yes or no."""
_TOLD: Final[Mapping[str, bool]] = MappingProxyType({"yes": True, "no": False})


def parse(query: str) -> LogQuery:
    """The query of a URL's query string (without `?`); Refused where a value cannot be read.

    Names that it does not know are passed over: an address may carry `lang` and the like.
    """
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=False, max_num_fields=500):
        given.setdefault(name, []).append(value)
    known = {field.name: given[field.name] for field in fields(LogQuery) if field.name in given}
    return LogQuery(**{name: _value(name, values) for name, values in known.items()})  # type: ignore[arg-type]


def render(query: LogQuery) -> str:
    """The query string of a URL, in the order of the fields; empty for the whole log."""
    return urlencode(list(_pairs(query)))


def toggled(query: LogQuery, facet: str, value: str) -> LogQuery:
    """`query` with one value of a facet chosen, or left again; from the first page on."""
    if facet in LISTED:
        now: tuple[str, ...] = getattr(query, facet)
        chosen = tuple(v for v in now if v != value) if value in now else (*now, value)
        return changed(query, **{facet: _value(facet, chosen)})
    wanted = _TOLD[value]
    return changed(query, **{facet: None if getattr(query, facet) is wanted else wanted})


def changed(query: LogQuery, **values: object) -> LogQuery:
    """`query` with other values, from the first page on."""
    held = {field.name: getattr(query, field.name) for field in fields(LogQuery)}
    return LogQuery(**(held | {"after": None, "before": None} | values))


def said(flag: bool) -> str:
    """A flag as a URL has it."""
    return "yes" if flag else "no"


def words_of(query: LogQuery) -> tuple[str, ...]:
    """The words that must all occur."""
    return tuple(dict.fromkeys(query.words.split()))


def day_of(name: str, value: str) -> date | None:
    """A day of an address, `2026-11-30`; None where it is left out, Refused where it is no day."""
    try:
        return _day(value) if value else None
    except ValueError:
        raise _unreadable(name, value) from None


def _pairs(query: LogQuery) -> Iterable[tuple[str, str]]:
    for field in fields(query):
        value = getattr(query, field.name)
        if isinstance(value, tuple):
            yield from ((field.name, str(one)) for one in value)
        elif isinstance(value, bool):
            if value or field.name in FLAGS:
                yield field.name, said(value)
        elif value not in (None, ""):
            yield field.name, value.isoformat() if isinstance(value, date) else str(value)


def _value(name: str, values: Iterable[str]) -> object:
    listed = tuple(dict.fromkeys(values))
    try:
        if name in LISTED:
            return tuple(map(Position, listed)) if name == "standing" else listed
        return _single(name, listed[-1])
    except (ValueError, KeyError):
        raise _unreadable(name, listed[-1]) from None


def _unreadable(name: str, value: str) -> Refused:
    return Refused(
        Words(
            f"无法识别“{name}={value[:50]}”，请从页面上的筛选项进入。",
            f"“{name}={value[:50]}” cannot be read; use the filters on the page.",
        )
    )


def _day(value: str) -> date:
    day = datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 (a day, no instant)
    if not 1971 <= day.year <= 9000:
        raise ValueError(value)
    return day


def _single(name: str, value: str) -> object:
    if name in (*FLAGS, "reused"):
        return _TOLD[value]
    if name in ("since", "until", "as_of"):
        return _day(value)
    if name in ("after", "before"):
        number = int(value)
        if not 0 <= number < 2**31:
            raise ValueError(value)
        return number
    return value.strip()[:200]
