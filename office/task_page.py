"""One task as its unit sees it: what is asked, until when, what is missing, what comes next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from office.fact_lines import done_by, fact_line
from office.lettering import asked_until, co_acting_said, line, next_step, period_of
from office.matters import Matter, find, number_of, title_of, unit_name
from office.passing_on import posts_of
from office.progress import Progress, progress
from responsibilities.calendars.clock import Clock
from responsibilities.ladder import review_rungs
from responsibilities.plan import EvidenceKind, Requirement, Role
from responsibilities.standing import standing
from responsibilities.tasks import Fact, FactKind, Standing, State
from responsibilities.words import Language, Words
from storage import blobs as evidence
from storage import facts
from storage.blobs import Blobs, Evidence
from storage.engine import reading

_WRITTEN = (EvidenceKind.TEXT, EvidenceKind.SIGNERS)
_SHOWN = frozenset(FactKind) - {
    FactKind.DELIVERED, FactKind.UNDELIVERED, FactKind.WATCHED, FactKind.ROSTER,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the checklist, and what was handed in for it so far."""

    asked: Requirement
    said: str
    """With its conditions: 现场照片（不少于3份）."""
    there: bool
    value: str
    """The figure, date, choice or text; empty where there is none."""
    files: tuple[Evidence, ...]
    """Those that count, the newest last."""

    @property
    def ranges(self) -> tuple[int | None, int | None]:
        """Least and greatest value of a number."""
        return self.asked.minimum, self.asked.maximum


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history; `at` in the plan's zone."""

    at: datetime
    said: Words
    by: Words


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Everything that the page of a task shows. Instants are in the plan's zone."""

    id: int
    plan: str
    unit: str
    number: str
    title: str
    unit_name: str
    period: str
    state: State
    attempt: int
    """How often something was handed in."""
    standing: Standing
    due_at: datetime
    original_due_at: datetime
    days_left: int
    provisional: bool
    basis: tuple[tuple[str, str], ...]
    """(section, verbatim quote) of the plan."""
    lines: tuple[Line, ...]
    roster: tuple[tuple[str, bool], ...]
    """Names to be covered, and whether they are."""
    heads: tuple[int, int] | None
    """Persons covered, of how many, where only head counts are declared."""
    missing: tuple[str, ...]
    zero_allowed: bool
    zero: bool
    next_step: str
    """What happens if nothing is handed in, with the day and the post."""
    reviewer: str
    review_due: datetime | None
    """When the reviewer is first reminded."""
    returned: str
    """Why the last hand-in came back; empty where none did since."""
    asked_until: datetime | None
    """Until when more time was asked for, while that waits for its answer."""
    co_acting: str
    posts: tuple[Role, ...]
    """To whom it can be handed over."""
    is_part: bool
    history: tuple[Happened, ...]

    @property
    def open(self) -> bool:
        """Whether it is the unit's turn."""
        return self.state is State.OPEN

    @property
    def closed(self) -> bool:
        """Whether nothing can be handed in any more."""
        return self.state is State.CLOSED

    @property
    def covered(self) -> tuple[int, int] | None:
        """n of N."""
        if self.roster:
            return sum(done for _, done in self.roster), len(self.roster)
        return self.heads


def task_page(
    db: Engine, blobs: Blobs, number: int, now: datetime, language: Language = "zh"
) -> TaskPage:
    """The task `number` as of `now`; Refused where there is none."""
    with reading(db) as connection:
        matter = find(connection, number)
        known = facts.of_task(connection, matter.task.key)
        there = progress(matter, known)
        lines = tuple(_lines(connection, blobs, matter, there, language))
    return _page(matter, known, there, lines, now, language)


def _page(
    matter: Matter, known: Sequence[Fact], there: Progress, lines: tuple[Line, ...],
    now: datetime, language: Language,
) -> TaskPage:  # fmt: skip
    task, promise, clock = matter.task, matter.promise, matter.clock
    done = set(there.covered)
    return TaskPage(
        id=task.id,
        plan=task.plan,
        unit=task.unit,
        number=number_of(task, clock),
        title=title_of(task, promise, matter.place),
        unit_name=unit_name(matter.place, task.unit),
        period=period_of(matter, language),
        state=task.state,
        attempt=task.attempt,
        standing=standing(task, now, clock, matter.rhythm),
        due_at=clock.local(task.due_at),
        original_due_at=clock.local(task.original_due_at),
        days_left=(clock.day(task.due_at) - clock.day(now)).days,
        provisional=task.provisional,
        basis=tuple((source.section, source.quote) for source in promise.sources),
        lines=lines,
        roster=tuple((name, name in done) for name in there.roster),
        heads=there.counted if not there.roster else None,
        missing=() if there.zero else (*there.missing, *there.uncovered),
        zero_allowed=promise.zero_report,
        zero=there.zero,
        next_step=next_step(matter, now, language),
        reviewer=unit_name(matter.place, matter.reviewer),
        review_due=_review_due(matter),
        returned=_returned(known),
        asked_until=asked_until(matter, known) if _waits(known) else None,
        co_acting=co_acting_said(matter),
        posts=posts_of(matter),
        is_part=matter.is_part,
        history=tuple(_history(known, clock)),
    )


def _history(known: Sequence[Fact], clock: Clock) -> Iterator[Happened]:
    """What concerns the unit, the newest first."""
    for fact in reversed(known):
        if fact.kind in _SHOWN:
            yield Happened(clock.local(fact.at), fact_line(fact, clock), done_by(fact))


def _lines(
    connection: Connection, blobs: Blobs, matter: Matter, there: Progress, language: Language
) -> list[Line]:
    pieces = evidence.of_task(connection, matter.task.id)
    return [
        Line(
            asked,
            line(asked, language),
            there.has(asked),
            _value(blobs, asked, there),
            tuple(
                {
                    piece.sha256: piece
                    for piece in pieces
                    if piece.requirement == asked.id
                    and piece.sha256 in there.files.get(asked.id, ())
                }.values()
            ),
        )
        for asked in matter.promise.evidence
    ]


def _value(blobs: Blobs, asked: Requirement, there: Progress) -> str:
    held = there.values.get(asked.id, "")
    return blobs.get(held).decode() if held and asked.kind in _WRITTEN else held


def _review_due(matter: Matter) -> datetime | None:
    task = matter.task
    if task.state is not State.SUBMITTED or task.submitted_at is None:
        return None
    rungs = review_rungs(matter.promise.steps, task.submitted_at, matter.clock)
    at = rungs[0].at if rungs else None
    return matter.clock.local(at) if at is not None else None


def _returned(known: Sequence[Fact]) -> str:
    turns = [f for f in known if f.kind is FactKind.SUBMITTED or f.kind in _BACK]
    return str(turns[-1].body["reason"]) if turns and turns[-1].kind in _BACK else ""


_BACK = (FactKind.RETURNED, FactKind.REOPENED)


_ANSWERED = (FactKind.EXTENDED, FactKind.EXTENSION_DECLINED)


def _waits(known: Sequence[Fact]) -> bool:
    """Whether the last request for more time has no answer yet."""
    asked = [f for f in known if f.kind is FactKind.EXTENSION_ASKED or f.kind in _ANSWERED]
    return bool(asked) and asked[-1].kind is FactKind.EXTENSION_ASKED
