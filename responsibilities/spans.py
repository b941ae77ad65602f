"""From a period's id back to its days: when what is dated “inside the period” may lie."""

from datetime import date, timedelta
from typing import NamedTuple

from responsibilities.calendars.clock import Clock
from responsibilities.periods import periods
from responsibilities.plan import Duty
from responsibilities.renewals import is_renewing
from responsibilities.tasks import Task
from responsibilities.words import Refused

_AROUND = timedelta(days=400)
_STEPS = (timedelta(days=62), _AROUND)


class Span(NamedTuple):
    """From day to day, both included."""

    first: date
    last: date


def span_of(duty: Duty, task: Task, clock: Clock) -> Span:
    """The days of the period that `task` is about; from its opening to its due date where the
    rhythm no longer knows that period.
    """
    first, last = clock.day(task.opens_at), clock.day(task.original_due_at)
    for around in (
        _STEPS if duty.rhythm is not None and not is_renewing(duty) and duty.varied is None else ()
    ):
        assert duty.rhythm is not None
        low = max(first - around, clock.working.first)
        high = min(last + around, clock.working.last)
        try:
            for period in periods(duty.rhythm, low, high, clock):
                if period.id == task.subject:
                    return Span(period.first, period.last)
        except Refused:
            continue
    return Span(first, last)
