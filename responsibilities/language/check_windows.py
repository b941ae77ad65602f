"""Windows tried out: they open before they are due, lapse after, and are on the calendars.

They are tried on the calendars themselves, from the day the plan takes force over a bit more than
a year, so that what is checked is what will happen.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from responsibilities.calendars.clock import Clock, Roll, Unit
from responsibilities.calendars.dates import Span
from responsibilities.calendars.workdays import BeyondCalendar
from responsibilities.draws import DAY
from responsibilities.language.context import Context
from responsibilities.language.duty_language import DutyText
from responsibilities.language.entries import Entry, Finding
from responsibilities.moments import Resolver, Scope, Window, resolver
from responsibilities.periods import ONCE, Period, periods
from responsibilities.phases import days_of, parts_in
from responsibilities.plan import Base, Duty, Kind, Plan, Step
from responsibilities.renewals import is_renewing
from responsibilities.rhythm import Cycle, When
from responsibilities.words import Refused, Words

_TRIED: Final = 120
_AHEAD: Final = timedelta(days=400)


def windows(plan: Plan, context: Context) -> Iterator[Finding]:
    """Windows tried out: they open before they are due, lapse after, and are on the calendars."""
    try:
        clock = Clock(plan.zone, plan.hours, context.working, plan.school)
    except Refused:
        return  # said by `zone`
    wrong = {finding.owner for finding in context.draft.findings}
    for entry, duty in context.duties():
        if duty.when is None or duty.kind is Kind.EVENT or is_renewing(duty):
            continue
        if entry.owner not in wrong:
            tried = replace(duty, rhythm=DAY, draw=None) if duty.draw else duty
            yield from _Trial(plan, context, entry, tried, duty.when, clock).run()
            for surge in duty.surges:
                dense = replace(duty, rhythm=surge.rhythm)
                yield from _Trial(plan, context, entry, dense, surge.when, clock, "surge").run()


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
        key: str = "",
    ) -> None:
        self.plan, self.context, self.entry, self.duty = plan, context, entry, duty
        self.when, self.clock = when, clock
        self.phase = days_of(plan, duty)
        self.scope = Scope(clock, duty.rhythm, plan.in_force, plan.issued, self.phase)
        self.due_key = key or ("once" if duty.kind is Kind.ONCE else "due")

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
            yield Period(ONCE, *(self.phase or (start, start)))
            return
        if self.plan.school is not None:
            start = max(start, self.plan.school.first)
        try:
            days = self.phase or Span(start, min(start + _AHEAD, date.max))
            found = periods(self.duty.rhythm, max(start, days.first), days.last, self.clock)
            yield from islice(parts_in(days, found) if self.phase else found, _TRIED)
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


WINDOW_CHECKS: Final[tuple[Callable[[Plan, Context], Iterator[Finding]], ...]] = (windows,)
"""Tried on duties that nothing else is wrong with: they come last."""
