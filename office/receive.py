"""Taking in what a unit hands in (报结). Mail, browser and command all call `submit`.

What is incomplete is recorded and kept, the receipt says what is missing, and the task stays with
the unit; what is complete goes to the reviewer. Until a task is closed, anything can be added.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from inspections.record import Private
from office.figures import match_figures, refuse_contradiction
from office.handed_in import (
    File,
    HandedIn,
    Kept,
    Papers,
    match_covered,
    match_files,
    match_texts,
)
from office.handing_over import Content, hand_over, submission
from office.matters import Matter, find, number_of, title_of
from office.parts import gather
from office.progress import Progress, progress
from office.review import done_by_unit
from office.silence import hush
from office.spacing import refuse_too_soon
from responsibilities.ladder import review_rungs
from responsibilities.spans import Span, span_of
from responsibilities.tasks import Fact, FactKind, State
from responsibilities.words import Refused, Words
from storage import blobs as evidence
from storage import facts, tasks
from storage.blobs import Blobs, Evidence
from storage.engine import reading, writing
from storage.instants import whole

__all__ = ["File", "Receipt", "submit", "submit_within"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was understood, what is there and what is missing."""

    number: str
    key: str
    title: str
    attempt: int
    state: State
    files: tuple[tuple[str, str, str, int], ...]
    """(line of the checklist, file name, SHA-256, bytes) of this submission."""
    checklist: tuple[tuple[str, bool], ...]
    """(line, whether it is there) over all submissions so far."""
    covered: tuple[int, int] | None
    """n of N where coverage is asked."""
    uncovered: tuple[str, ...]
    zero: bool
    review_due: datetime | None
    """When the reviewer is first reminded; None while something is missing."""
    repeated: bool
    """This very submission was received before; nothing was changed."""

    @property
    def complete(self) -> bool:
        """Whether the task has gone to the reviewer."""
        return self.state is State.SUBMITTED

    @property
    def missing(self) -> tuple[str, ...]:
        """The lines of the checklist that are not there."""
        return tuple(name for name, there in self.checklist if not there)


def submit(
    db: Engine, blobs: Blobs, task: str | int, *, by: str, now: datetime,
    files: Sequence[File] = (), figures: Mapping[str, str] | None = None,
    covered: Sequence[str] = (), heads: int = 0, zero: bool = False,
    text: Mapping[str, str] | str = "", taken_back: Sequence[str] = (),
    also: Callable[[Connection, Receipt], None] | None = None,
) -> Receipt:  # fmt: skip
    """Record what was handed in for `task` (key or number) by `by`.

    Refused: a closed task, an unknown line of the checklist or name of the roster, a file of the
    wrong kind, a zero report where none is allowed, an empty submission, a time too near the last.
    `also` is done in the same transaction.
    """
    now = whole(now)
    papers = Papers(files, figures or {}, covered, heads, zero, text, taken_back)
    with reading(db) as connection:
        given = _understand(connection, find(connection, task), papers, now)
    stored = _store(blobs, given)  # durable before the row that points at it
    with writing(db) as connection:
        receipt = _record(connection, find(connection, task), given, stored, by, now)
        if also is not None:
            also(connection, receipt)
        return receipt


def submit_within(
    connection: Connection, blobs: Blobs, task: int, papers: Papers, *, by: str, now: datetime
) -> Receipt:
    """As `submit`, as part of another act's transaction."""
    matter = find(connection, task)
    given = _understand(connection, matter, papers, now)
    return _record(connection, matter, given, _store(blobs, given), by, now)


def _understand(connection: Connection, matter: Matter, papers: Papers, now: datetime) -> HandedIn:
    refuse_too_soon(connection, matter, now)
    _refuse_closed(matter)
    there = _progress(connection, matter)
    checklist = matter.promise.evidence
    zero, heads = papers.zero, papers.heads
    _refuse_uncalled(matter, there, papers)
    given = HandedIn(
        match_files(papers.files, checklist, _counted(there, papers.taken_back)),
        match_figures(papers.figures, checklist, period_span(matter)),
        match_texts(papers.text, checklist),
        match_covered(papers.covered, there.roster),
        heads,
        zero,
        _known(papers.taken_back, there),
    )
    refuse_contradiction(zero, given.figures, given.covered, checklist)
    bare = (given.files, given.figures, given.texts, given.covered, heads, zero, given.taken_back)
    if not any(bare) and (checklist or there.roster or there.heads_all):
        raise Refused(Words("没有提交任何内容。", "Nothing was handed in."))
    return given


def _counted(there: Progress, taken_back: Sequence[str]) -> dict[str, int]:
    """How many files each line keeps, by id."""
    return {
        line: sum(file not in taken_back for file in found) for line, found in there.files.items()
    }


def _known(taken_back: Sequence[str], there: Progress) -> tuple[str, ...]:
    """What is taken back, which must have been handed in."""
    held = {*there.covered, *(file for found in there.files.values() for file in found)}
    if not held.issuperset(taken_back):
        raise Refused(
            Words(
                "要撤回的材料已不在本事项中，请刷新页面后再试。",
                "What is to be taken back is no longer there; load the page again.",
            )
        )
    return tuple(dict.fromkeys(taken_back))


def _refuse_uncalled(matter: Matter, there: Progress, papers: Papers) -> None:
    """A zero report or a count of persons where the task takes none."""
    if papers.zero and not matter.promise.zero_report:
        raise Refused(
            Words("本事项不接受零报告，请提交佐证材料。", "This task takes no zero report.")
        )
    if papers.heads and not there.heads_all:
        raise Refused(Words("本事项不按人数填报覆盖情况。", "This task does not count persons."))
    if not 0 <= papers.heads <= there.heads_all:
        raise Refused(
            Words(
                f"覆盖人数应在 0 至 {there.heads_all} 之间。",
                f"The persons covered are between 0 and {there.heads_all}.",
            )
        )


def period_span(matter: Matter) -> Span | None:
    """The days of the period, where a line of the checklist must lie inside it."""
    duty = matter.place.duties.get(matter.task.duty)
    if duty is None or not any(line.within for line in matter.promise.evidence):
        return None
    return span_of(duty, matter.task, matter.clock)


def _refuse_closed(matter: Matter) -> None:
    if matter.task.state is State.CLOSED:
        number = number_of(matter.task, matter.clock)
        raise Refused(
            Words(
                f"{number}已经办结或终止，不能再提交材料。",
                f"{number} is closed; nothing more can be handed in.",
            )
        )


def _progress(connection: Connection, matter: Matter) -> Progress:
    known = facts.of_task(connection, matter.task.key)
    return progress(matter, known)


@dataclass(frozen=True, slots=True)
class _Stored:
    requirement: str
    name: str
    sha256: str
    size: int
    media_type: str


def _store(blobs: Blobs, given: HandedIn) -> list[_Stored]:
    found = [
        _Stored(line.id, file.name, _durable(blobs, file), file.size, file.media_type)
        for line, file in given.files
    ]
    for line_id, text in given.texts.items():
        data = text.encode()
        digest = blobs.put(data)
        found.append(_Stored(line_id, "", digest, len(data), "text/plain; charset=utf-8"))
    return found


def _durable(blobs: Blobs, file: File) -> str:
    return file.data.sha256 if isinstance(file.data, Kept) else blobs.put(file.data)


def _record(
    connection: Connection, matter: Matter, given: HandedIn, stored: list[_Stored], by: str,
    now: datetime,
) -> Receipt:  # fmt: skip
    _refuse_closed(matter)
    task = matter.task
    known = facts.of_task(connection, task.key)
    body = submission(_content(given, stored), task.attempt + 1)
    if _repeats(known, body):
        there = progress(matter, known)
        return _receipt(matter, there, stored, repeated=True)
    fact = Fact(task.key, f"submitted/{body['attempt']}", FactKind.SUBMITTED, now, by, body)
    there = progress(matter, (*known, fact))
    body["complete"] = there.complete
    _refuse_gap(matter, there)
    facts.append(connection, [fact])
    evidence.add(connection, _evidence(task.id, body["attempt"], stored, now))
    after = replace(task, attempt=task.attempt + 1)
    if there.complete:
        after = hand_over(connection, matter, after, fact, now)
    tasks.save(connection, [after])
    hush(connection, after, now)
    if matter.is_part:
        gather(connection, matter, fact, now)
    elif there.complete:
        done_by_unit(connection, matter, now)
    return _receipt(replace(matter, task=after), there, stored, repeated=False)


def _refuse_gap(matter: Matter, there: Progress) -> None:
    """What the reviewer already has in hand may be corrected, not made incomplete."""
    if matter.task.state is State.SUBMITTED and not there.complete:
        lacking = "、".join((*there.missing, *there.uncovered))
        raise Refused(
            Words(
                f"本事项正待审核，更正后将缺少：{lacking}。请同时补齐，或请审核人退回。",
                f"The task is under review and would lack: {lacking}. Add it in the same step, or "
                "have the reviewer return the task.",
            )
        )


def _content(given: HandedIn, stored: list[_Stored]) -> Content:
    texts = {s.requirement: Private(s.sha256) for s in stored if s.requirement in given.texts}
    files = [
        {"name": Private(s.name), "requirement": s.requirement, "sha256": s.sha256, "size": s.size}
        for s in stored
        if s.requirement not in given.texts
    ]
    values = {**given.figures, **texts}
    return Content(
        tuple(given.covered), tuple(files), given.heads, values, given.zero, given.taken_back
    )


def _repeats(known: Sequence[Fact], body: Mapping[str, Any]) -> bool:
    """Whether the last thing that happened was this very submission."""
    turns = [f for f in known if f.kind in _TURNS]
    return bool(turns) and turns[-1].body.get("content") == body["content"]


_TURNS = (FactKind.SUBMITTED, FactKind.RETURNED, FactKind.REOPENED)


def _evidence(task: int, attempt: int, stored: list[_Stored], now: datetime) -> list[Evidence]:
    unique = {(s.requirement, s.sha256): s for s in stored}
    return [
        Evidence(task, attempt, s.requirement, s.sha256, s.name, s.size, s.media_type, now)
        for s in unique.values()
    ]


def _receipt(matter: Matter, there: Progress, stored: list[_Stored], *, repeated: bool) -> Receipt:
    task, names = matter.task, {r.id: r.name for r in matter.promise.evidence}
    rungs = review_rungs(matter.promise.steps, task.submitted_at or task.opens_at, matter.clock)
    submitted = task.state is State.SUBMITTED
    return Receipt(
        number=number_of(task, matter.clock),
        key=task.key,
        title=title_of(task, matter.promise, matter.place),
        attempt=task.attempt,
        state=task.state,
        files=tuple(
            (names.get(s.requirement, s.requirement), s.name, s.sha256, s.size)
            for s in stored
            if s.name
        ),
        checklist=tuple(
            (r.name, there.meets(r))
            for r in matter.promise.evidence
            if there.has(r) or not r.optional
        ),
        covered=there.counted,
        uncovered=there.uncovered,
        zero=there.zero,
        review_due=rungs[0].at if submitted and rungs else None,
        repeated=repeated,
    )
