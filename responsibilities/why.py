"""Why a duty's dates are what they are: the phrase, what it counts from, the rest days, the notice.

Nothing is decided here: the dates are those of `occurrences`, and each is traced back.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice

from responsibilities.calendars.calendar_year import SATURDAY, YearStatus
from responsibilities.calendars.clock import Clock
from responsibilities.civil import Period
from responsibilities.holders import Holder
from responsibilities.language.saying import say_moment
from responsibilities.moments import EXACT, Scope, anchor_day, nominal_after, nominal_day
from responsibilities.occurrences import Dated, dated
from responsibilities.plan import Duty, Plan
from responsibilities.provisional import HANDED_OUT, of_the_school
from responsibilities.renewals import Chain, is_renewing, validities
from responsibilities.rhythm import Moment
from responsibilities.series import Series, series_of
from responsibilities.windows import NEVER, Spans
from responsibilities.words import Refused, Words

_BACK = timedelta(days=800)
"""No period opens later after its start: two academic years."""
_WEEK = timedelta(days=7)
_AHEAD = timedelta(days=1200)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one end of a window is when it is."""

    at: datetime
    phrase: Words
    """As the office wrote it, else what stands where nothing is written (期初, 期末)."""
    anchor: date
    """The day it is counted from: the period's first day, 放假, the opening."""
    nominal: date
    """The day that the phrase names, before rest days are looked at."""
    moved: Words | None
    """Why it is on another day than that."""
    make_up: bool = False
    """Whether it is a Saturday or Sunday that is worked (调休上班日)."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One period of a duty with its dates and the reasons for them."""

    period: str
    subject: str
    first: date
    last: date
    opens: Reason
    due: Reason
    lapses: Reason | None
    calendars: tuple[Words, ...]
    """Every notice and school calendar that the dates rest on, with its status."""
    provisional: bool
    holders: tuple[Holder, ...] = ()
    """Who is asked, where not simply every responsible unit."""
    counted: Words | None = None
    """What the period itself counts from, where that is the last time it was done."""


def explain(
    plan: Plan, duty: Duty, clock: Clock, after: datetime, count: int, spans: Spans = NEVER,
    chain: Chain | None = None,
) -> Iterator[Explained]:  # fmt: skip
    """The next `count` periods that open after `after`; then Refused where the calendars end."""
    if is_renewing(duty) and duty.when is not None:
        strand = Series(
            Scope(clock, None, plan.in_force, plan.issued),
            duty.when,
            0,
            None,
        )
        known = validities(plan, duty, clock, chain or Chain(after, {}))
        for next_ in islice(known, count):
            explained = _explained(plan, duty, strand, next_.period, next_.dated)
            yield replace(explained, counted=next_.counted)
        return
    series = series_of(plan, duty, clock)
    if series is None:
        return
    found, since = 0, after
    while since < after + _AHEAD:  # week by week: the end of the calendars is met when reached
        for one in dated(plan, duty, clock, since, since + _WEEK, spans):
            strand, period = _traced(series.strands, one, clock)
            yield _explained(plan, duty, strand, period, one)
            found += 1
            if found == count:
                return
        since += _WEEK


def _explained(plan: Plan, duty: Duty, strand: Series, period: Period, one: Dated) -> Explained:
    when, clock = strand.when, strand.clock

    def reason(moment: Moment, at: datetime) -> Reason:
        anchor, nominal = _days(moment, strand, period, one, last=moment is not when.opens)
        words = say_moment(moment)
        phrase = Words(moment.text or words.zh, words.en)
        exact = moment.unit in EXACT
        moved = None if exact else _moved(plan, duty, nominal, at, one, clock)
        return Reason(at, phrase, anchor, nominal, moved, _is_made_up(clock, clock.day(at)))

    opens, due = reason(when.opens, one.opens_at), reason(when.due, one.due_at)
    lapses = reason(when.lapses, one.lapses_at) if when.lapses and one.lapses_at else None
    days = [opens.nominal, due.nominal, *(clock.day(at) for at in (one.opens_at, one.due_at))]
    moments = [moment for moment in (when.opens, when.due, when.lapses) if moment is not None]
    school = of_the_school(strand.scope.rhythm, moments)
    return Explained(
        one.period, one.subject, period.first, period.last, opens, due, lapses,
        tuple(_calendars(clock, days, school=school)), one.provisional, one.holders or (),
    )  # fmt: skip


def _days(
    moment: Moment, strand: Series, period: Period, one: Dated, *, last: bool
) -> tuple[date, date]:
    """The day that a moment is counted from, and the day that it names."""
    clock = strand.clock
    if moment.name == HANDED_OUT:
        opened = clock.day(one.opens_at)
        exact = moment.unit in EXACT
        return opened, opened if exact else nominal_after(opened, moment, clock)
    anchor = anchor_day(moment, strand.scope, last=last)(period)
    return anchor, nominal_day(moment, strand.scope, last=last)(period)


def _traced(strands: Sequence[Series], one: Dated, clock: Clock) -> tuple[Series, Period]:
    """The rhythm that a period belongs to (the duty's own, a surge's, a level's), and its days."""
    day = clock.day(one.opens_at)
    for strand in strands:
        with suppress(Refused):
            for period in strand.candidates(day - _BACK, day):
                if period.id == one.period and strand.window(period).due_at == one.due_at:
                    return strand, period
    raise KeyError(one.period)


def _moved(
    plan: Plan, duty: Duty, nominal: date, at: datetime, one: Dated, clock: Clock
) -> Words | None:
    """Why an end of the window is not on the day that the phrase names."""
    day = clock.day(at)
    if day == nominal:
        return None
    rests = _rest(nominal, clock)
    if rests is not None:
        to = say_short(day)
        later = day > nominal
        return Words(
            f"{rests.zh}，{'顺延' if later else '提前'}至{to.zh}",
            f"{rests.en}; {'moved on' if later else 'brought forward'} to {to.en}",
        )
    if nominal < plan.in_force:
        return Words(f"方案自{plan.in_force}起施行", f"the plan is in force from {plan.in_force}")
    if at != one.opens_at:
        return Words("不早于截止之日", "not before it is due")
    if is_renewing(duty):
        return Words("于上一期办结之后下达", "handed out after the last was closed")
    if duty.window is not None:
        return Words("时期自此开始", "the window opens then")
    return Words("于截止当日下达", "handed out on the day it is due")


def _is_made_up(clock: Clock, day: date) -> bool:
    known = clock.working.first <= day <= clock.working.last
    return known and day.weekday() >= SATURDAY and clock.working.is_working(day)


def _rest(day: date, clock: Clock) -> Words | None:
    """Why nobody works on `day`; None where they do, or nobody knows."""
    working = clock.working
    try:
        if working.is_working(day):
            return None
        if working.is_national_working(day):
            return Words("该日按校历休息", "the school rests that day")
        named = working.holidays(day, day)
    except Refused:
        return None
    if named:
        return Words(f"该日为{named[0].name}假期", f"a holiday ({named[0].name})")
    return Words("该日为休息日", "a day of rest")


def say_short(day: date) -> Words:
    """12月7日（星期一）."""
    name = "一二三四五六日"[day.weekday()]
    return Words(f"{day.month}月{day.day}日（星期{name}）", f"{day:%a} {day.day} {day:%b}")


def _calendars(clock: Clock, days: Sequence[date], *, school: bool) -> Iterator[Words]:
    working = clock.working
    for number in sorted({day.year for day in days}):
        day = date(number, 1, 1)
        if not working.first <= day <= working.last:
            continue
        year = working.year_of(day)
        if year.status is YearStatus.PROVISIONAL:
            yield Words(
                f"{number}年工作日安排为暂定，待国务院放假通知公布后确认",
                f"the working days of {number} are provisional until the notice is published",
            )
        else:
            word = Words("已调整", "amended") if year.amendments else Words("正式", "official")
            notice = "、".join(filter(None, (year.notice, *(a.notice for a in year.amendments))))
            yield Words(
                f"{number}年工作日安排为{word.zh}（{notice}）",
                f"the working days of {number} are {word.en} ({notice})",
            )
    if school and clock.school is not None:
        with suppress(Refused):
            for school_year in dict.fromkeys(clock.school.year_of(day) for day in days):
                published = Words("已公布", "published")
                status = Words("为草案", "a draft") if school_year.draft else published
                yield Words(
                    f"{school_year.name}校历{status.zh}",
                    f"the school calendar of {school_year.id}: {status.en}",
                )


def say_reason(reason: Reason, clock: Clock) -> Words:
    """“5日前”，即12月5日（星期六）；该日为休息日，顺延至12月7日（星期一）."""
    zh, en = f"“{reason.phrase.zh}”", f"“{reason.phrase.en}”"
    anchor, nominal = say_short(reason.anchor), say_short(reason.nominal)
    if reason.anchor != reason.nominal:
        zh, en = f"{zh}，自{anchor.zh}起算", f"{en}, counted from {anchor.en}"
    if reason.nominal != clock.day(reason.at) or reason.anchor != reason.nominal:
        zh, en = f"{zh}，为{nominal.zh}", f"{en}: {nominal.en}"
    if reason.moved is not None:
        zh, en = f"{zh}；{reason.moved.zh}", f"{en}; {reason.moved.en}"
    return Words(zh, en)
