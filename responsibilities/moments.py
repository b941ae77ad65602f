"""From the words of a window to instants: when a period's task opens, is due and lapses.

    opens   when the office opens on the day (or at the time given); a rest day rolls to the next
            working day, but never past the day on which the task is due
    due     when the office closes on the day: 前 is inclusive; rolled as the duty says
    lapses  as due, and never before it

In a period of several weeks or months (每2周, 每季度) the window is as wide as the words allow:
the opening counts in its first week or month, the end in its last. Reading “4个教学周内” as the
end of the fourth teaching week follows 民法典 203; minutes and hours are exact and never rolled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Clock, Roll, Unit
from responsibilities.calendars.dates import Span
from responsibilities.civil import Period, number_of, numbered
from responsibilities.periods import neighbour
from responsibilities.provisional import COUNTED, HANDED_OUT, Day, haziness
from responsibilities.rhythm import PHASE_ENDS, Anchor, Cycle, Moment, Rhythm, When
from responsibilities.words import Refused, Words

EXACT: Final = frozenset({Unit.MINUTE, Unit.HOUR, Unit.WORKING_HOUR})
"""Units that lead to an instant; all others lead to a day."""


class Window(NamedTuple):
    """When one period's task opens, is due and lapses; UTC."""

    opens_at: datetime
    due_at: datetime
    lapses_at: datetime | None
    provisional: bool


class Resolver(NamedTuple):
    """The window of a duty, ready to be asked for one period after the other."""

    opens_on: Day
    """The nominal day of opening: not rolled, so that nothing beyond it need be known."""
    window: Callable[[Period], Window]
    """Raises Refused where the calendars do not reach."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the words of a window may refer to; `rhythm` is None for a one-off."""

    clock: Clock
    rhythm: Rhythm | None
    in_force: date
    issued: date
    phase: Span | None = None
    """The days of the plan's phase that limits the duty."""


def resolver(when: When, scope: Scope) -> Resolver:
    """Read the three moments once, then resolve any number of periods."""
    clock = scope.clock
    opens_on = _day(when.opens, scope, last=False)
    roll_open = Roll.NONE if when.roll is Roll.NONE else Roll.NEXT
    opens = _instant(when.opens, opens_on, roll_open, scope, closing=False)

    def end(moment: Moment) -> Callable[[Period], datetime]:
        if moment.name == HANDED_OUT:
            return _after_opening(moment, opens, when.roll, clock)
        day = _day(moment, scope, last=True)
        return _instant(moment, day, when.roll, scope, closing=True)

    due = end(when.due)
    lapses = end(when.lapses) if when.lapses else None
    given = [m for m in (when.opens, when.due, when.lapses) if m is not None]
    bases = [_BASES[m.anchor](m, scope, m is not when.opens) for m in given if _counted(m)]
    hazy = haziness(when.roll, given, bases, scope.rhythm, clock)

    def window(period: Period) -> Window:
        due_at = due(period)
        opens_at = opens(period)
        if opens_at > due_at:  # rolled past the end: opens on its day all the same
            opens_at = min(clock.opening(clock.day(due_at)), due_at)
        lapses_at = max(lapses(period), due_at) if lapses else None
        return Window(opens_at, due_at, lapses_at, hazy(period, opens_at, due_at))

    return Resolver(opens_on, window)


def anchor_day(moment: Moment, scope: Scope, *, last: bool) -> Day:
    """The day a moment is counted from; `last` for what ends a window."""
    return _BASES[moment.anchor](moment, scope, last)


def nominal_day(moment: Moment, scope: Scope, *, last: bool) -> Day:
    """The day of a moment, offset included, before rest days roll it; raises Refused."""
    return _day(moment, scope, last=last)


def nominal_after(opened: date, moment: Moment, clock: Clock) -> date:
    """As `nominal_day`, for what counts from the opening itself (下达后3个工作日内)."""
    return _shifted(opened, moment, clock, last=True)


def _counted(moment: Moment) -> bool:
    return moment.unit in COUNTED and moment.name != HANDED_OUT


def _instant(
    moment: Moment, on: Day, roll: Roll, scope: Scope, *, closing: bool
) -> Callable[[Period], datetime]:
    """The instant of a moment whose day is `on`: exact, or at its time of a rolled day."""
    clock = scope.clock
    if moment.unit in EXACT:
        ends = moment.anchor is Anchor.PERIOD_END or moment.name == "节后"
        start = clock.closing if ends else clock.opening
        return lambda period: clock.add(start(on(period)), moment.offset, moment.unit)
    at = moment.at or (clock.hours.closing if closing else clock.hours.opening)
    if roll is Roll.NONE:
        return lambda period: clock.at(on(period), at)
    rolled = clock.working.on_or_after if roll is Roll.NEXT else clock.working.on_or_before
    return lambda period: clock.at(rolled(on(period)), at)


def _after_opening(
    moment: Moment, opens: Callable[[Period], datetime], roll: Roll, clock: Clock
) -> Callable[[Period], datetime]:
    return lambda period: counted_from(opens(period), moment, roll, clock)


def counted_from(mark: datetime, moment: Moment, roll: Roll, clock: Clock) -> datetime:
    """`moment.offset` counted from an instant: exact, or to the close of the (rolled) day."""
    if moment.unit in EXACT:
        return clock.add(mark, moment.offset, moment.unit)
    day = clock.roll(_shifted(clock.day(mark), moment, clock, last=True), roll)
    return clock.at(day, moment.at or clock.hours.closing)


def _day(moment: Moment, scope: Scope, *, last: bool) -> Day:
    """The day of a moment, offset included, not rolled; exact units are left to `_instant`."""
    base = _BASES[moment.anchor](moment, scope, last)
    if moment.unit in EXACT or (moment.offset == 0 and moment.unit is Unit.DAY):
        return base
    clock = scope.clock
    return lambda period: _shifted(base(period), moment, clock, last)


def _shifted(day: date, moment: Moment, clock: Clock, last: bool) -> date:
    if moment.unit is not Unit.TEACHING_WEEK or not last or moment.offset <= 0:
        return clock.shift(day, moment.offset, moment.unit) if moment.offset else day
    school = clock.school
    inside = school is not None and school.week_of(day) is not None
    in_last = clock.shift(day, moment.offset - inside, Unit.TEACHING_WEEK)
    return date.fromordinal(in_last.toordinal() + 6 - in_last.weekday())


def _period_start(moment: Moment, scope: Scope, last: bool) -> Day:
    if not moment.periods or scope.rhythm is None:
        return lambda period: period.first
    rhythm, clock = scope.rhythm, scope.clock
    return lambda period: neighbour(rhythm, period, moment.periods, clock).first


def _period_end(moment: Moment, scope: Scope, last: bool) -> Day:
    if not moment.periods or scope.rhythm is None:
        return lambda period: period.last
    rhythm, clock = scope.rhythm, scope.clock
    return lambda period: neighbour(rhythm, period, moment.periods, clock).last


def _month_day(moment: Moment, scope: Scope, last: bool) -> Day:
    day, month, ahead = moment.day, moment.month, moment.periods

    def in_month(number: int) -> date:
        whole = numbered(Cycle.MONTH, number)
        end = day == 0 or day > whole.last.day
        return whole.last if end else whole.first.replace(day=day)

    if month is None:
        late = last or ahead > 0
        return lambda period: in_month(
            number_of(Cycle.MONTH, period.last if late else period.first) + ahead
        )

    def in_year(period: Period) -> date:
        first = period.first
        year = first.year + (ahead or int(month < first.month))
        return in_month(year * 12 + month - 1)

    return in_year


def _weekday(moment: Moment, scope: Scope, last: bool) -> Day:
    late = last or moment.periods > 0
    shift = 7 * moment.periods + moment.day

    def on(period: Period) -> date:
        ordinal = (period.last if late else period.first).toordinal()
        return date.fromordinal(ordinal - (ordinal - 1) % 7 - 1 + shift)

    return on


def _fixed(moment: Moment, scope: Scope, last: bool) -> Day:
    given = moment.date
    if given is None:
        raise Refused(Words(f"“{moment.text}”缺少日期。", f"“{moment.text}” lacks its date."))
    return lambda period: given


def _teaching_week(moment: Moment, scope: Scope, last: bool) -> Day:
    def on(period: Period) -> date:
        terms = scope.clock.school.terms if scope.clock.school else ()
        for term in terms:
            if term.last >= period.first:
                monday = term.monday(moment.day)
                return date.fromordinal(monday.toordinal() + (6 if last else 0))
        raise _no_anchor(moment, period)

    return on


def _named(moment: Moment, scope: Scope, last: bool) -> Day:
    name, phase = moment.name, scope.phase
    if phase is not None and name in PHASE_ENDS:
        edge = phase.first if name == PHASE_ENDS[0] else phase.last
        return lambda period: edge
    known: Mapping[str, Day] = {
        "节前": lambda period: period.first,
        "节后": lambda period: period.last,
        "施行": lambda period: scope.in_force,
        "印发": lambda period: scope.issued,
    }
    return known.get(name) or _of_school(moment, scope)


def _of_school(moment: Moment, scope: Scope) -> Day:
    """The anchor of the period's own term or year, else the first one from its start on."""
    school = scope.clock.school
    dated = school.anchor_periods(moment.name) if school else ()
    own = dict(dated)
    terms = {term.id for term in school.terms} if school else set()

    def on(period: Period) -> date:
        found = own.get(period.id)
        if found is None and not (period.id in terms and own.keys() <= terms):
            found = next((day for _, day in dated if day >= period.first), None)
        if found is None:
            raise _no_anchor(moment, period)
        return found

    return on


_BASES: Final[Mapping[Anchor, Callable[[Moment, Scope, bool], Day]]] = {
    Anchor.PERIOD_START: _period_start,
    Anchor.PERIOD_END: _period_end,
    Anchor.MONTH_DAY: _month_day,
    Anchor.WEEKDAY: _weekday,
    Anchor.DATE: _fixed,
    Anchor.NAMED: _named,
    Anchor.TEACHING_WEEK: _teaching_week,
}


def _no_anchor(moment: Moment, period: Period) -> Refused:
    return Refused(
        Words(
            f"校历中没有“{moment.name or moment.text}”的日期（{period.id}），请在校历中补充。",
            f"The school calendar has no date for “{moment.name or moment.text}” in {period.id}; "
            "add it there.",
        )
    )
