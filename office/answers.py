"""What a unit's answer by mail does: one hand-in, a request for more time, a word to the office."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from notifications.incoming.drafts import ExtensionAsked, NotOurs
from notifications.incoming.understanding import read_drafts
from notifications.incoming.values import Incoming
from office import receive, review
from office.gathering import Gathered, gather, only_thanks
from office.matters import Matter, number_of
from office.progress import progress
from office.receipts import (
    asked_until_row,
    discreet,
    extension_said,
    name_of,
    not_ours_said,
    quoted,
    received,
)
from office.replies import Effect, Row
from responsibilities.tasks import State
from responsibilities.words import Refused, Words
from storage import facts
from storage.blobs import Blobs

_REASON = "来信未另写理由"
_WHICH_DAY = Words(
    "延期申请请写明延至何日，如“延期至2026年12月11日，因……”。",
    "Say until which day: “extend until 2026-12-11, because …”.",
)


def answer(
    connection: Connection, blobs: Blobs, matter: Matter, incoming: Incoming, *, by: str,
    now: datetime,
) -> Effect:  # fmt: skip
    """Do what the answer asks for, as part of a transaction; `by` is the post that wrote it."""
    said = _done(connection, blobs, matter, incoming, by, now)
    return discreet(matter, said, (file.name for file in incoming.files))


def _done(
    connection: Connection, blobs: Blobs, matter: Matter, incoming: Incoming, by: str, now: datetime
) -> Effect:
    day = matter.clock.day(now)
    drafts = read_drafts(incoming.answer, day, matter.promise.evidence)
    there = progress(matter, facts.of_task(connection, matter.task.key))
    span = receive.period_span(matter)
    found = gather(
        incoming, drafts, matter.promise.evidence, there, span, matter.promise.zero_report
    )
    not_ours = next((d for d in drafts if isinstance(d, NotOurs)), None)
    if not_ours is not None and not found.papers.files:
        return not_ours_said(matter, incoming.answer)
    asked = next((d for d in drafts if isinstance(d, ExtensionAsked)), None)
    rows: list[Row] = []
    if asked is not None:
        rows += _ask_extension(connection, matter, asked, found, by, now)
        if not (found.papers.files or found.papers.figures):
            return _extension(matter, found, rows)
    if found.empty:
        return _nothing(matter, incoming, found)
    return _hand_in(connection, blobs, matter, found, incoming, by, now, rows)


def _hand_in(
    connection: Connection, blobs: Blobs, matter: Matter, found: Gathered, incoming: Incoming,
    by: str, now: datetime, rows: list[Row],
) -> Effect:  # fmt: skip
    try:
        receipt = receive.submit_within(
            connection, blobs, matter.task.id, found.papers, by=by, now=now
        )
    except Refused as refused:
        return _refused(matter, found, incoming, refused.words)
    said = received(matter, found.papers, receipt)
    return replace(said, rows=(*rows, *said.rows), problems=tuple(found.problems))


def _refused(matter: Matter, found: Gathered, incoming: Incoming, why: Words) -> Effect:
    """Nothing could be recorded; the receipt says what would be right."""
    if matter.task.state is State.CLOSED and only_thanks(incoming.answer):
        return _silent()
    return Effect(
        "refused",
        Words("未计入", "not counted"),
        Words(
            f"请知悉：关于“{name_of(matter)}”的回复已收到并留存，未计入办理。",
            f"Please note: the answer about “{name_of(matter)}” is kept, but does not count.",
        ),
        problems=(why, *found.problems),
        answer=quoted(matter, incoming.answer),
    )


def _nothing(matter: Matter, incoming: Incoming, found: Gathered) -> Effect:
    """Thanks, or nothing at all: no answer, and a receipt that says what would be one."""
    if matter.task.state is not State.OPEN:
        return _silent()
    number = number_of(matter.task, matter.clock)
    wanted = Words(
        f"回复中没有可以计入“{number}”的内容；请在回复中附上佐证材料或写明办理情况。",
        f"There is nothing in the answer that counts for {number}; attach the evidence or say what "
        "was done.",
    )
    return Effect(
        "nothing",
        Words("未计入", "not counted"),
        Words(
            f"请报送“{name_of(matter)}”的材料：回复已收到，其中没有可以计入的内容。",
            f"Please hand in the evidence for “{name_of(matter)}”: nothing in the answer counts.",
        ),
        problems=(wanted, *found.problems),
        answer=quoted(matter, incoming.answer),
    )


def _silent() -> Effect:
    return Effect("thanks", Words("知悉", "noted"), Words("请知悉。", "Please note."), silent=True)


def _ask_extension(
    connection: Connection, matter: Matter, asked: ExtensionAsked, found: Gathered, by: str,
    now: datetime,
) -> list[Row]:  # fmt: skip
    """Put the request for more time to the office; what is wrong with it becomes a problem."""
    if asked.until is None:
        found.problems.append(_WHICH_DAY)
        return []
    until = matter.clock.closing(asked.until)
    try:
        review.ask_extension(
            connection, matter.task.id, until, asked.reason or _REASON, by=by, now=now
        )
    except Refused as refused:
        found.problems.append(refused.words)
        return []
    return [asked_until_row(matter, until)]


def _extension(matter: Matter, found: Gathered, rows: Sequence[Row]) -> Effect:
    title = name_of(matter)
    if rows:
        said = extension_said(matter)
        return replace(said, rows=tuple(rows), problems=tuple(found.problems))
    return Effect(
        "refused",
        Words("未计入", "not counted"),
        Words(
            f"请按原时限办理“{title}”：延期申请已收到，不符合要求。",
            f"Please keep to the due date of “{title}”: the request for more time cannot be taken.",
        ),
        problems=tuple(found.problems),
    )
