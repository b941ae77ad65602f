"""How often, and when: the values that the phrases of a duty stand for.

The phrases themselves (“每月”, “次月5日前”, “开课后4个教学周内”) are read by `phrases`.
"""

from dataclasses import dataclass
from datetime import date as Date
from datetime import time
from enum import StrEnum
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Roll, Unit


class Cycle(StrEnum):
    """What a rhythm counts in; each has its own nominal periods (see `periods`)."""

    DAY = "day"
    WORKING_DAY = "working_day"
    TEACHING_DAY = "teaching_day"
    WEEK = "week"
    TEACHING_WEEK = "teaching_week"
    XUN = "xun"
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    TERM = "term"
    ACADEMIC_YEAR = "academic_year"
    HOLIDAY = "holiday"


class Season(StrEnum):
    """A part of the school year outside which a rhythm rests."""

    TERM = "term"
    VACATION = "vacation"


class YearPart(NamedTuple):
    """A part of every year: some months, or the days from one to another (month x 100 + day)."""

    months: tuple[int, ...] = ()
    days: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Every `count` cycles, within `months` or `season` where they are given."""

    cycle: Cycle
    count: int = 1
    since: int | None = None
    """For count > 1: the year (or teaching week) from which the phase is counted."""
    months: tuple[int, ...] = ()
    """Active months, e.g. (11, 12, 1, 2, 3); empty means all. “每年9月” is YEAR with (9,)."""
    season: Season | None = None
    days: tuple[int, int] | None = None
    """Active from one day of the year to another, month x 100 + day, both included: 汛期 is
    (515, 930). May cross the year's end. With YEAR these days are the period, as with months."""
    holidays: tuple[str, ...] = ()
    """For HOLIDAY: the names, e.g. ("元旦", "国庆节"); empty means every holiday."""
    text: str = ""
    """The phrase as the office wrote it."""
    times: int = 1
    """How often within each period, each time a task of its own (see `spread`)."""
    gap: int = 0
    """Hours that must lie between two times at least."""
    target: int = 0
    """每3至6个月: amber after so many cycles of each period, red after all `count`; 0 for none."""
    after_done: bool = False
    """Counted from the last time it was done, not by the calendar (see `renewals`)."""
    rests: tuple["YearPart", ...] = ()
    """The seasons of its surges: a period that lies wholly in one of them is left out."""
    instead_of: "Rhythm | None" = None
    """For a surge: the rhythm whose resting periods it fills (see `surges`)."""
    changes: tuple["Change", ...] = ()
    """Which rhythm really holds from which day on, in order, the first since ever (see
    `changing`); empty where this one always does."""


class Change(NamedTuple):
    """From `day` on `rhythm` holds; None: nothing is asked for."""

    day: Date
    rhythm: Rhythm | None


@dataclass(frozen=True, slots=True)
class Varied:
    """How often, by an attribute of whoever is asked: 实验室等级, Ⅰ级: 每月, 其他: 每3个月."""

    attribute: str
    rhythms: tuple[tuple[str, Rhythm], ...]
    other: Rhythm | None = None
    """For every value that is not named, and for none."""

    def of(self, value: str) -> Rhythm | None:
        """The rhythm that goes with a value."""
        return dict(self.rhythms).get(value, self.other)


class Anchor(StrEnum):
    """From where a moment is counted."""

    PERIOD_START = "period_start"
    PERIOD_END = "period_end"
    MONTH_DAY = "month_day"
    """Day `day` of the period's month (0 = last day); of month `month` where given."""
    WEEKDAY = "weekday"
    """ISO weekday `day` (1 = Monday) of the period's week."""
    DATE = "date"
    """The fixed `date` (one-off duties)."""
    NAMED = "named"
    """`name`: an anchor of the school calendar (开课, 放假, …), 节前/节后 of a holiday period
    (节前 = its first rest day, 节后 = its last), 施行/印发 of the plan, a mark of an event
    (发生, 知悉, 报告, 结案) or an earlier stage (首报)."""
    TEACHING_WEEK = "teaching_week"
    """Teaching week number `day` of the period's term."""


PHASE_ENDS: Final = ("阶段初", "阶段末")
"""The first and last day of the phase that limits a duty, as names to count from."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time relative to a period or an event: anchor, signed offset, time of day.

    `before=True` is the inclusive 前: the whole of the day still counts.
    """

    anchor: Anchor
    day: int = 0
    month: int | None = None
    date: Date | None = None
    name: str = ""
    periods: int = 0
    """次月, 次周, 次年: how many periods after the nominal one the anchor lies."""
    offset: int = 0
    unit: Unit = Unit.DAY
    at: time | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class When:
    """The window of a duty: when it opens, is due and (where declared) lapses."""

    opens: Moment
    due: Moment
    lapses: Moment | None = None
    roll: Roll = Roll.NEXT
    skip_empty: bool = False
    """A period without any working day: True = no task (免办), False = rolled on (顺延)."""


@dataclass(frozen=True, slots=True)
class Surge:
    """汛期加倍、冬防加密: another rhythm of the same duty for some months of the year."""

    rhythm: Rhythm
    when: When
    text: str = ""
    """As the office wrote it: 6月至8月，每周."""
