"""Checks of when: anchors exist, stages follow each other, school words have a calendar."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from responsibilities.calendars.clock import Unit
from responsibilities.calendars.terms import ANCHORS, anchor_word
from responsibilities.civil import Period
from responsibilities.incidents import ACTIVITY
from responsibilities.language.context import Context
from responsibilities.language.duty_language import DutyText
from responsibilities.language.entries import Entry, Finding
from responsibilities.plan import Duty, Kind, Plan
from responsibilities.problem import did_you_mean
from responsibilities.rhythm import PHASE_ENDS, Anchor, Cycle, Moment, Rhythm, Surge
from responsibilities.spread import fits
from responsibilities.surges import is_within
from responsibilities.words import Words

_SCHOOL_CYCLES: Final = frozenset(
    {Cycle.TEACHING_DAY, Cycle.TEACHING_WEEK, Cycle.TERM, Cycle.ACADEMIC_YEAR}
)
_SCHOOL_UNITS: Final = frozenset({Unit.TEACHING_DAY, Unit.TEACHING_WEEK})
_OF_THE_PLAN: Final = ("施行", "印发")
_OF_A_HOLIDAY: Final = ("节前", "节后")
_LEAP_YEAR: Final = date(2024, 1, 1)
HANDED_OUT: Final = "下达"
MARKS: Final = ("发生", "知悉", "报告", "结案")
"""The moments of an event that are known without a stage."""


def moments_of(
    entry: Entry[DutyText], duty: Duty
) -> Iterator[tuple[tuple[str | int, ...], Moment]]:
    """Every moment of a duty that was written, with its owner and key."""
    when, text = duty.when, entry.text
    if when is None:
        return
    for key, moment in (("opens", when.opens), ("lapses", when.lapses)):
        if getattr(text, key) is not None and moment is not None:
            yield (entry.owner, key), moment
    key = "once" if duty.kind is Kind.ONCE else "due"
    if getattr(text, key) is not None:
        yield (entry.owner, key), when.due
    for place, stage in enumerate(duty.stages):
        yield (entry.owner, "stages", place, "due"), stage.due
    yield from _of_surge(entry, duty)


def _of_surge(entry: Entry[DutyText], duty: Duty) -> Iterator[tuple[tuple[str | int, ...], Moment]]:
    for place, (text, surge) in enumerate(zip(entry.text.surge or (), duty.surges, strict=True)):
        for key, moment in (("opens", surge.when.opens), ("due", surge.when.due)):
            if getattr(text, key) is not None:
                yield (entry.owner, "surge", place, key), moment


def school_calendar(plan: Plan, context: Context) -> Iterator[Finding]:
    """What counts in terms, teaching weeks or 开课 needs a school calendar."""
    if plan.school is not None or context.draft.calendar.school is not None:
        return
    what = Words("需要校历，而方案没有校历", "this needs a school calendar, and there is none")
    right = Words("请在 calendar: school: 中填写校历", "declare it under `calendar: school:`")
    for entry, duty in context.duties():
        rhythm = duty.rhythm
        if rhythm and (rhythm.cycle in _SCHOOL_CYCLES or rhythm.season is not None):
            key = "every" if entry.text.every else "checkpoint"
            yield context.error((entry.owner, key), "no-school-calendar", what, right)
        for at, moment in moments_of(entry, duty):
            named = moment.anchor is Anchor.NAMED and anchor_word(moment.name) in ANCHORS
            if named or moment.anchor is Anchor.TEACHING_WEEK or moment.unit in _SCHOOL_UNITS:
                yield context.error(at, "no-school-calendar", what, right)


def anchors(plan: Plan, context: Context) -> Iterator[Finding]:
    """Every name that a moment counts from exists: in the calendar, the plan or the event."""
    declared = plan.school.anchor_names() if plan.school else ()
    for entry, duty in context.duties():
        holiday = duty.rhythm is not None and duty.rhythm.cycle is Cycle.HOLIDAY
        known = (*declared, *ANCHORS, "开学", *_OF_THE_PLAN, HANDED_OUT)
        known = (*known, *_OF_A_HOLIDAY) if holiday else known
        known = (*known, *PHASE_ENDS) if duty.phase else known
        for at, moment in moments_of(entry, duty):
            if duty.kind is Kind.EVENT or moment.anchor is not Anchor.NAMED:
                continue
            if anchor_word(moment.name) not in known:
                yield _unknown_anchor(context, at, moment.name, known)


def _unknown_anchor(
    context: Context, at: tuple[str | int, ...], name: str, known: tuple[str, ...]
) -> Finding:
    what = Words(f"没有名为“{name}”的时点", f"there is no moment “{name}” to count from")
    if name in _OF_A_HOLIDAY:
        right = Words("“节前”“节后”只用于 every: 每个节假日", "节前 needs `every: 每个节假日`")
    elif name in PHASE_ENDS:
        right = Words("请写明 phase:（所属的工作阶段）", "write `phase:`, the phase it belongs to")
    elif name in MARKS:
        right = Words("请改用 on:（事件触发）", "only an event duty (`on:`) counts from it")
    else:
        right = did_you_mean(name, known) or Words(
            f"可用：{'、'.join(dict.fromkeys(known))}；自定日期请写入校历 anchors",
            f"known: {', '.join(dict.fromkeys(known))}; declare your own under `anchors`",
        )
    return context.error(at, "unknown-anchor", what, right)


def event_marks(plan: Plan, context: Context) -> Iterator[Finding]:
    """An event duty counts from a mark of the event, or from an earlier stage."""
    for entry, duty in context.duties():
        if duty.kind is not Kind.EVENT:
            continue
        names = [stage.name for stage in duty.stages]
        for at, moment in moments_of(entry, duty):
            place = int(at[2]) if at[1] == "stages" else len(names)
            allowed = (*MARKS, *_of_ahead(plan, duty), HANDED_OUT, *names[:place])
            if moment.anchor is not Anchor.NAMED:
                what = Words("未从事件的时点起算", "it does not count from a moment of the event")
                right = Words("如“知悉后30分钟内”", "e.g. 知悉后30分钟内")
                yield context.error(at, "unknown-mark", what, right)
            elif moment.name in names[place:]:
                what = Words(
                    f"“{moment.name}”不在这一阶段之前", f"“{moment.name}” does not come before this"
                )
                yield context.error(at, "stage-order", what)
            elif moment.name not in allowed:
                what = Words(f"事件没有“{moment.name}”这一时点", f"no event has “{moment.name}”")
                listed = Words(f"可用：{'、'.join(allowed)}", f"known: {', '.join(allowed)}")
                right = did_you_mean(moment.name, allowed) or listed
                yield context.error(at, "unknown-mark", what, right)


def _of_ahead(plan: Plan, duty: Duty) -> tuple[str, ...]:
    """活动 is a moment only of an event that is entered ahead."""
    ahead = any(event.ahead for event in plan.event_types if event.id == duty.event)
    return (ACTIVITY,) if ahead else ()


def stage_names(plan: Plan, context: Context) -> Iterator[Finding]:
    """Two stages of a duty have two names."""
    for entry, _ in context.duties():
        seen: set[str] = set()
        for place, stage in enumerate(entry.text.stages or ()):
            for key, word in (("id", stage.id), ("name", stage.name)):
                if word in seen and not (key == "name" and word == stage.id):
                    what = Words(f"阶段“{word}”重复", f"the stage “{word}” comes twice")
                    at = (entry.owner, "stages", place, key)
                    yield context.error(at, "duplicate-id", what)
                seen.add(word)


_NOMINAL: Final = {
    Cycle.WEEK: 7, Cycle.TEACHING_WEEK: 7, Cycle.XUN: 8, Cycle.HALF_MONTH: 13, Cycle.MONTH: 28,
    Cycle.QUARTER: 90, Cycle.HALF_YEAR: 181, Cycle.YEAR: 365, Cycle.TERM: 112,
    Cycle.ACADEMIC_YEAR: 250,
}  # fmt: skip
"""Days that a period has at the least; days and holidays hold one time only."""


def times_fit(plan: Plan, context: Context) -> Iterator[Finding]:
    """Several times a period fit into it with their gap, and share its own window."""
    for entry, duty in context.duties():
        rhythm, when = duty.rhythm, duty.when
        if rhythm is None or when is None or rhythm.times == 1:
            continue
        at = (entry.owner, "times")
        days = nominal_days(rhythm)
        if rhythm.months and rhythm.cycle is Cycle.YEAR:
            days = 28 * len(rhythm.months)
        if not fits(days, rhythm.times, rhythm.gap):
            what = Words(
                f"一期约{days}天，容不下{rhythm.times}次及其间隔",
                f"a period of about {days} days does not hold {rhythm.times} times so far apart",
            )
            yield context.error(at, "times-too-many", what)
        for place, moment in moments_of(entry, duty):
            if moment.anchor not in EDGES and moment.name != HANDED_OUT:
                what = Words(
                    "一期多次的，每次有自己的一段时间，时间只能从“期初”“期末”“下达”起算",
                    "each of several times has a span of its own: count from 期初, 期末 or 下达",
                )
                yield context.error(place, "times-window", what)


EDGES: Final = (Anchor.PERIOD_START, Anchor.PERIOD_END)


def repeats(plan: Plan, context: Context) -> Iterator[Finding]:
    """What is reported again until the event is closed cannot begin when it is closed."""
    for entry, duty in context.duties():
        for place, stage in enumerate(duty.stages):
            if stage.repeat is not None and stage.due.name == "结案":
                what = Words(
                    f"“{stage.name}”在结案后起算，不能重复至结案",
                    f"“{stage.name}” counts from the closing and cannot repeat until then",
                )
                at = (entry.owner, "stages", place, "repeat")
                yield context.error(at, "bad-repeat", what)


def surges(plan: Plan, context: Context) -> Iterator[Finding]:
    """A surge is denser than the rhythm it replaces, its season holds whole periods of that, and
    no two seasons share a day.
    """
    for entry, duty in context.duties():
        taken: set[date] = set()
        for place, surge in enumerate(duty.surges):
            if duty.rhythm is not None and surge.rhythm.instead_of is not None:
                at = (entry.owner, "surge", place)
                yield from _wrong_surge(context, at, surge, duty.rhythm, taken)
                taken |= _season_days(surge)


def _wrong_surge(
    context: Context, at: tuple[str | int, ...], surge: Surge, own: Rhythm, taken: set[date]
) -> Iterator[Finding]:
    long, short = (nominal_days(one) / one.times for one in (own, surge.rhythm))
    days = _season_days(surge)
    if long <= short:
        what = Words(
            f"加密后的频次“{surge.text}”并不比“{own.text}”密",
            f"the surge “{surge.text}” is no denser than “{own.text}”",
        )
        right = Words("如 every: 每周，或 every: 加倍", "e.g. every: 每周, or every: 加倍")
        yield context.error((*at, "every"), "bad-surge", what, right)
    elif days and nominal_days(own) > len(days):
        what = Words(
            f"此期间容不下“{own.text}”的整整一期，加密不会起作用",
            f"the season holds no whole period of “{own.text}”; the surge replaces nothing",
        )
        yield context.error((*at, "during"), "bad-surge", what)
    elif days & taken:
        what = Words(
            f"“{surge.text}”与另一加密的期间重叠", f"“{surge.text}” overlaps another surge's season"
        )
        yield context.error((*at, "during"), "bad-surge", what)


def _season_days(surge: Surge) -> set[date]:
    """The days of a leap year that lie in the surge's season."""
    own = surge.rhythm.instead_of
    days = (date.fromordinal(_LEAP_YEAR.toordinal() + n) for n in range(366))
    rests = own.rests if own else ()
    return {day for day in days if any(is_within(Period("", day, day), part) for part in rests)}


def nominal_days(rhythm: Rhythm) -> int:
    """Days that a period of the rhythm has at the least."""
    return _NOMINAL.get(rhythm.cycle, 1) * rhythm.count


def inner_rhythm(plan: Plan, context: Context) -> Iterator[Finding]:
    """A rhythm inside a run-time window is a month at most, and the window is declared."""
    noun = Words("时期", "window")
    for entry, duty in context.duties():
        at = (entry.owner, "window")
        if duty.window is None or duty.rhythm is None:
            continue
        unknown = context.unknown(at, "unknown-window", noun, entry.text.window or "", "windows")
        if unknown is not None:
            yield unknown
        elif nominal_days(duty.rhythm) > 31:
            what = Words(
                f"时期之内的频次“{duty.rhythm.text}”过疏，最长为每月",
                f"“{duty.rhythm.text}” is too rare inside a window: a month at most",
            )
            yield context.error(at, "window-rhythm", what)


def times_alone(plan: Plan, context: Context) -> Iterator[Finding]:
    """Several times a period have no target and are not about the period before."""
    for entry, duty in context.duties():
        if duty.rhythm is None or duty.rhythm.times == 1:
            continue
        if duty.rhythm.target:
            what = Words("有目标和最迟的频次不能再写次数", "a target and several times exclude")
            yield context.error((entry.owner, "times"), "stray-key", what)
        if duty.subject:
            what = Words("一期多次的，不能针对上一期", "several times a period are about itself")
            yield context.error((entry.owner, "about"), "stray-key", what)


TIME_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    school_calendar,
    anchors,
    event_marks,
    stage_names,
    repeats,
    times_fit,
    times_alone,
    surges,
    inner_rhythm,
)
