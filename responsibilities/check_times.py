"""Checks of when: anchors exist, stages follow each other, windows are not backwards.

Windows are tried out on the calendars themselves, from the day the plan takes force over a bit
more than a year, so that what is checked is what will happen.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from responsibilities.clock import Clock, Roll, Unit
from responsibilities.context import Context
from responsibilities.duty_language import DutyText
from responsibilities.entries import Entry, Finding
from responsibilities.moments import Resolver, Scope, Window, resolver
from responsibilities.periods import ONCE, Period, periods
from responsibilities.plan import Base, Duty, Kind, Plan, Step
from responsibilities.problem import did_you_mean
from responsibilities.rhythm import Anchor, Cycle, Moment, When
from responsibilities.terms import ANCHORS
from responsibilities.words import Refused, Words
from responsibilities.workdays import BeyondCalendar

_SCHOOL_CYCLES: Final = frozenset(
    {Cycle.TEACHING_DAY, Cycle.TEACHING_WEEK, Cycle.TERM, Cycle.ACADEMIC_YEAR}
)
_SCHOOL_UNITS: Final = frozenset({Unit.TEACHING_DAY, Unit.TEACHING_WEEK})
_OF_THE_PLAN: Final = ("施行", "印发")
_OF_A_HOLIDAY: Final = ("节前", "节后")
HANDED_OUT: Final = "下达"
MARKS: Final = ("发生", "知悉", "报告", "结案")
"""The moments of an event that are known without a stage."""
_TRIED: Final = 120
_AHEAD: Final = timedelta(days=400)


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
            named = moment.anchor is Anchor.NAMED and moment.name in ANCHORS
            if named or moment.anchor is Anchor.TEACHING_WEEK or moment.unit in _SCHOOL_UNITS:
                yield context.error(at, "no-school-calendar", what, right)


def anchors(plan: Plan, context: Context) -> Iterator[Finding]:
    """Every name that a moment counts from exists: in the calendar, the plan or the event."""
    declared = plan.school.anchor_names() if plan.school else ()
    for entry, duty in context.duties():
        holiday = duty.rhythm is not None and duty.rhythm.cycle is Cycle.HOLIDAY
        known = (*declared, *ANCHORS, "开学", *_OF_THE_PLAN, HANDED_OUT)
        known = (*known, *_OF_A_HOLIDAY) if holiday else known
        for at, moment in moments_of(entry, duty):
            if duty.kind is Kind.EVENT or moment.anchor is not Anchor.NAMED:
                continue
            if moment.name not in known:
                yield _unknown_anchor(context, at, moment.name, known)


def _unknown_anchor(
    context: Context, at: tuple[str | int, ...], name: str, known: tuple[str, ...]
) -> Finding:
    what = Words(f"没有名为“{name}”的时点", f"there is no moment “{name}” to count from")
    if name in _OF_A_HOLIDAY:
        right = Words("“节前”“节后”只用于 every: 每个节假日", "节前 needs `every: 每个节假日`")
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
            allowed = (*MARKS, HANDED_OUT, *names[:place])
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


def windows(plan: Plan, context: Context) -> Iterator[Finding]:
    """Windows tried out: they open before they are due, lapse after, and are on the calendars."""
    try:
        clock = Clock(plan.zone, plan.hours, context.working, plan.school)
    except Refused:
        return  # said by `zone`
    wrong = {finding.owner for finding in context.draft.findings}
    for entry, duty in context.duties():
        if duty.when is not None and duty.kind is not Kind.EVENT and entry.owner not in wrong:
            yield from _Trial(plan, context, entry, duty, duty.when, clock).run()


class _Trial:
    """One duty tried out over the coming year."""

    def __init__(
        self,
        plan: Plan,
        context: Context,
        entry: Entry[DutyText],
        duty: Duty,
        when: When,
        clock: Clock,
    ) -> None:
        self.plan, self.context, self.entry, self.duty = plan, context, entry, duty
        self.when, self.clock = when, clock
        self.scope = Scope(clock, duty.rhythm, plan.in_force, plan.issued)
        self.due_key = "once" if duty.kind is Kind.ONCE else "due"

    def run(self) -> Iterator[Finding]:
        found = resolver(self.when, self.scope)
        nominal = resolver(replace(self.when, roll=Roll.NONE), self.scope)
        last_words, tried = None, 0
        for period in self.periods():
            if self.when.skip_empty and not self.works(period):
                continue
            try:
                found.window(period)
                window = nominal.window(period)
            except BeyondCalendar as refused:
                last_words = refused.words
                break
            except Refused as refused:
                yield self.error(self.due_key, "missing-anchor", refused.words)
                return
            tried += 1
            wrong = next(self.backwards(nominal, period, window), None)
            if wrong is not None:
                yield wrong
                return
        if not tried:
            yield self.never(last_words)

    def periods(self) -> Iterator[Period]:
        """The first periods from the day the plan takes force, or from where calendars begin."""
        start = max(self.plan.in_force, self.clock.working.first)
        if self.duty.rhythm is None:
            yield Period(ONCE, start, start)
            return
        if self.plan.school is not None:
            start = max(start, self.plan.school.first)
        try:
            last = min(start + _AHEAD, date.max)
            yield from islice(periods(self.duty.rhythm, start, last, self.clock), _TRIED)
        except (Refused, OverflowError):
            return

    def works(self, period: Period) -> bool:
        """Whether the period has a working day; a holiday is asked for whether it has or not."""
        if self.duty.rhythm is not None and self.duty.rhythm.cycle is Cycle.HOLIDAY:
            return True
        try:
            return self.clock.working.count(period.first, period.last) > 0
        except Refused:
            return True

    def backwards(self, found: Resolver, period: Period, window: Window) -> Iterator[Finding]:
        """What is backwards as it is written; a day that rest days roll over another is not."""
        opens, due = found.opens_on(period), self.clock.day(window.due_at)
        if opens > due:
            what = Words(
                f"{due}截止，而{opens}才下达（{period.id}）",
                f"due on {due}, but opened on {opens} ({period.id})",
            )
            key = "opens" if self.entry.text.opens else self.due_key
            yield self.error(key, "due-before-opens", what)
        if self.when.lapses is None:
            return
        after = replace(self.when, due=self.when.lapses, lapses=None, roll=Roll.NONE)
        lapses_at = resolver(after, self.scope).window(period).due_at
        if lapses_at < window.due_at:
            day = self.clock.day(lapses_at)
            what = Words(
                f"{due}截止，而{day}已失效（{period.id}）",
                f"due on {due}, but lapsed on {day} ({period.id})",
            )
            yield self.error("lapses", "lapses-before-due", what)
        else:
            yield from self.unreachable(window, period)

    def unreachable(self, window: Window, period: Period) -> Iterator[Finding]:
        """Steps that would come after the task has lapsed."""
        ladder = next((one for one in self.plan.ladders if one.id == self.duty.ladder), None)
        for step in ladder.steps if ladder else ():
            if step.base is Base.DUE and step.offset > 0 and step.fraction is None:
                try:
                    at = self.clock.add(window.due_at, step.offset, Unit(step.unit))
                except Refused:
                    continue
                if window.lapses_at is not None and at > window.lapses_at:
                    yield self.too_late(step)

    def too_late(self, step: Step) -> Finding:
        what = Words(
            f"步骤“{step.text}”在失效之后，永远不会到",
            f"the step “{step.text}” comes after the lapse",
        )
        right = Words("请推迟 lapses，或缩短步骤", "move `lapses` back, or the step forward")
        return self.context.warning((self.entry.owner, "lapses"), "unreachable-step", what, right)

    def never(self, words: Words | None) -> Finding:
        if words is not None:
            return self.error(self.due_key, "beyond-calendar", words)
        what = Words(
            "在已有的校历和工作日安排内不会产生任何事项",
            "within the calendars that are known it never becomes a task",
        )
        key = "every" if self.entry.text.every else "checkpoint"
        return self.context.warning((self.entry.owner, key), "never-due", what)

    def error(self, key: str, code: str, what: Words) -> Finding:
        return self.context.error((self.entry.owner, key), code, what)


TIME_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (
    school_calendar,
    anchors,
    event_marks,
    stage_names,
)
WINDOW_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (windows,)
"""Tried on duties that nothing else is wrong with: they come last."""
