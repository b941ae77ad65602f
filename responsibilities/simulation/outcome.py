"""What a simulated year came to: per unit and ISO week, with burden, clashes and ladder load."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from responsibilities.simulation.burden import Burden
from responsibilities.simulation.conduct import Temper
from responsibilities.words import Words


class Week(NamedTuple):
    """One unit in one ISO week: tasks opened, letters received, steps told after the due date."""

    tasks: int = 0
    letters: int = 0
    escalations: int = 0


@dataclass(frozen=True, slots=True)
class UnitYear:
    """One unit over the whole run."""

    unit: str
    name: str
    temper: Temper
    weeks: Mapping[str, Week]
    """By ISO week (`2026-W48`); weeks without anything are absent."""
    tasks: int
    on_time: int
    late: int
    """Handed in after the due date."""
    unfinished: int
    """Still open at the end of the run."""
    excused: int
    """Lapsed, or waived because the incident is closed: need not be done any more."""
    returned: int
    extended: int
    burden: Burden

    @property
    def letters(self) -> int:
        """All letters to the unit's mailboxes, bundled as the product bundles them."""
        return sum(week.letters for week in self.weeks.values())

    @property
    def escalations(self) -> int:
        """All steps told after a due date about the unit's tasks."""
        return sum(week.escalations for week in self.weeks.values())


class BeatYear(NamedTuple):
    """One beat of a mechanism (周提醒) over the whole run."""

    mechanism: str
    beat: str
    """Empty for duties that belong to no part of the mechanism's name."""
    duties: tuple[str, ...]
    """Their titles."""
    tasks: int
    on_time: int
    late: int
    unfinished: int
    excused: int


class Clash(NamedTuple):
    """Too much at once: how many tasks of one unit are due on one day, or in one ISO week."""

    unit: str
    when: str
    """`2026-09-30` or `2026-W40`."""
    dues: int


class Happening(NamedTuple):
    """One thing that happened in the run."""

    at: datetime
    what: str
    """opened, told, submitted, returned, accepted, extended, lapsed, reported."""
    key: str
    """The task's key; for `reported` the event's id."""
    detail: str
    """The notice told, the (new) due date by the wall clock, the type of an event."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """A run, ready to be printed or compared; every figure is a count, nothing is rounded."""

    plan: str
    title: str
    first: date
    last: date
    seed: str
    zone: str
    weeks: tuple[str, ...]
    """All ISO weeks of the span, in order."""
    units: tuple[UnitYear, ...]
    """In the institution's order."""
    posts: Mapping[str, int]
    """Letters to each leadership post, by its name."""
    clashes: tuple[Clash, ...]
    """The worst first; days from three dues on, weeks from five."""
    ladder: Mapping[str, int]
    """How often each notice was given, by its name."""
    provisional: int
    """Tasks whose dates rest on a calendar that is not final."""
    provisional_duties: Mapping[str, int]
    """The same by the title of the duty, the most first."""
    events: int
    """Incidents reported in the run."""
    happenings: int
    stuck: Mapping[str, Words]
    """Duties whose dates the calendars do not know up to the end of the span, and why."""
    beats: tuple[BeatYear, ...] = ()
    """The mechanisms of the plan, each beat by itself."""

    @property
    def tasks(self) -> int:
        """All tasks opened."""
        return sum(unit.tasks for unit in self.units)

    @property
    def letters(self) -> int:
        """All letters, to units and to leadership posts."""
        return sum(unit.letters for unit in self.units) + sum(self.posts.values())

    @property
    def escalations(self) -> int:
        """All steps told after a due date."""
        return sum(unit.escalations for unit in self.units)
