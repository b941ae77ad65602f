"""A task as a simulation holds it: the index that `Task` has, changed in place for speed."""

from dataclasses import dataclass
from datetime import datetime

from responsibilities.calendars.clock import Clock
from responsibilities.ladder import restart
from responsibilities.openings import Opening
from responsibilities.outages import after_review
from responsibilities.plan import Duty, Step, Watch
from responsibilities.simulation.conduct import Conduct
from responsibilities.tasks import Advance, State
from responsibilities.watching import Measured, Metric


@dataclass(slots=True, eq=False)
class Matter:
    """One matter in hand, with its ladder and what its unit is going to do about it."""

    key: str
    period: str
    unit: str
    duty: Duty
    steps: tuple[Step, ...]
    conduct: Conduct
    opens_at: datetime
    due_at: datetime
    original_due_at: datetime
    lapses_at: datetime | None
    step: int
    wake_at: datetime | None
    state: State = State.OPEN
    attempt: int = 0
    submitted_at: datetime | None = None
    round: int = 0
    review_step: int = 0
    late_by_system: bool = False
    waits_for: int = 0
    """How many parts of it delegates have still to hand in."""
    outcome: str = ""
    handed_in_at: datetime | None = None
    """When it was first handed in."""

    def submit(self, now: datetime) -> None:
        """Handed in: the reviewer's turn."""
        self.state, self.submitted_at = State.SUBMITTED, now
        self.handed_in_at = self.handed_in_at or now
        self.attempt, self.review_step = self.attempt + 1, 0

    def hand_back(self, now: datetime, clock: Clock) -> None:
        """Returned: the unit's turn again, the time under review given back."""
        self.due_at, self.state = after_review(self, clock, now), State.OPEN

    def extend(self, due_at: datetime, now: datetime, clock: Clock) -> None:
        """More time: a new round of the ladder."""
        self.step = restart(self.steps, self.opens_at, due_at, clock, now, self.original_due_at)
        self.round, self.due_at = self.round + 1, due_at

    def carry_out(self, found: Advance) -> None:
        """The index after its ladder was advanced."""
        self.step, self.review_step, self.wake_at = found.step, found.review_step, found.wake_at


def measured(matter: Matter, watch: Watch) -> Measured:
    """What a watch says of one period: a unit that hands in has covered all that it has to."""
    if watch.metric == Metric.DONE:
        return Measured(matter.period, float(matter.outcome == "accepted"))
    done_at = matter.handed_in_at
    in_time = done_at is not None and done_at <= matter.original_due_at
    covered = done_at is not None
    return Measured(matter.period, float(in_time if watch.metric == Metric.ON_TIME else covered))


def matter_of(opening: Opening, steps: tuple[Step, ...], conduct: Conduct) -> Matter:
    """The matter that an opening begins."""
    one = opening.occurrence
    return Matter(
        one.key, one.period, one.unit, opening.duty, steps, conduct, one.opens_at,
        opening.due_at, one.due_at, one.lapses_at, opening.step, opening.wake_at,
    )  # fmt: skip
