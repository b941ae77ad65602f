"""What a unit's answer by mail does: one hand-in, a request for more time, a word to the office."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from notifications.dates import say_instant
from notifications.incoming.drafts import ExtensionAsked, NotOurs
from notifications.incoming.understanding import read_drafts
from notifications.incoming.values import Incoming
from office import receive, review
from office.gathering import Gathered, gather, only_thanks
from office.handed_in import Papers
from office.matters import Matter, number_of, title_of, unit_name
from office.progress import progress
from office.receive import Receipt
from office.replies import Effect, Row
from responsibilities.tasks import State
from responsibilities.words import Refused, Words
from storage import facts
from storage.blobs import Blobs

_SHA_SHOWN = 16
"""Hex digits of a SHA-256 that a receipt shows: enough to compare by eye."""
_REASON = "来信未另写理由"
_WHICH_DAY = Words(
    "延期申请请写明延至何日，如“延期至2026年12月11日，因……”。",
    "Say until which day: “extend until 2026-12-11, because …”.",
)
_AGAIN = Words("，与此前所报相同", ", the same as before")


def answer(
    connection: Connection, blobs: Blobs, matter: Matter, incoming: Incoming, *, by: str,
    now: datetime,
) -> Effect:  # fmt: skip
    """Do what the answer asks for, as part of a transaction; `by` is the post that wrote it."""
    day = matter.clock.day(now)
    drafts = read_drafts(incoming.answer, day, matter.promise.evidence)
    there = progress(matter, facts.of_task(connection, matter.task.key))
    span = receive.period_span(matter)
    found = gather(
        incoming, drafts, matter.promise.evidence, there, span, matter.promise.zero_report
    )
    not_ours = next((d for d in drafts if isinstance(d, NotOurs)), None)
    if not_ours is not None and not found.papers.files:
        return _question(matter, incoming)
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
    status, lead = _outcome(matter, receipt)
    return Effect(
        verdict="submitted" if receipt.complete else "kept",
        status=status,
        lead=lead,
        rows=(*rows, *_understood(matter, found.papers, receipt)),
        files=tuple(_file_lines(receipt)),
        problems=tuple(found.problems),
        answer=_quoted(matter, found.papers.text),
    )


def _outcome(matter: Matter, receipt: Receipt) -> tuple[Words, Words]:
    unit, title = unit_name(matter.place, matter.task.unit), _title(matter)
    if receipt.complete:
        again = _AGAIN if receipt.repeated else Words("", "")
        return Words("材料齐全", "complete"), Words(
            f"请知悉：{unit}关于“{title}”的回复已收到{again.zh}，材料齐全，已送审核。",
            f"Please note: the answer of {unit} about “{title}” came{again.en}; it is complete and "
            "with the reviewer.",
        )
    return Words("尚缺材料", "not complete"), Words(
        f"请{unit}补充“{title}”的材料：回复已收到，已收的部分予以保留。",
        f"Please add what is missing of “{title}” ({unit}): the answer came, what came is kept.",
    )


def _understood(matter: Matter, papers: Papers, receipt: Receipt) -> Iterator[Row]:
    """What the mail was taken to say, line by line."""
    names = {line.id: line.name for line in matter.promise.evidence}
    texts = papers.text if isinstance(papers.text, Mapping) and matter.task.event is None else {}
    for line, value in (*papers.figures.items(), *texts.items()):
        name = names.get(line, line)
        yield Words(name, name), Words(value, value)
    if papers.zero:
        yield Words("零报告", "Zero report"), Words("是", "yes")
    if papers.covered:
        count = f"{len(papers.covered)}"
        names_said = "、".join(papers.covered[:10]) + ("等" if len(papers.covered) > 10 else "")
        yield (
            Words("本次覆盖", "Covered now"),
            Words(f"{count}个：{names_said}", f"{count}: {names_said}"),
        )
    elif papers.heads:
        yield Words("覆盖人数", "Persons covered"), Words(str(papers.heads), str(papers.heads))
    if receipt.review_due is not None:
        due = say_instant(matter.clock.local(receipt.review_due))
        yield Words("审核提醒", "Reviewer reminded"), due


def _file_lines(receipt: Receipt) -> Iterator[Words]:
    """Which line of the checklist each file meets, and how to tell that it is the same file."""
    for line, name, sha256, size in receipt.files:
        digest = sha256[:_SHA_SHOWN]
        yield Words(
            f"{name}：{line}，{size:,}字节，校验值 {digest}",
            f"{name}: {line}, {size:,} bytes, SHA-256 {digest}",
        )


def _refused(matter: Matter, found: Gathered, incoming: Incoming, why: Words) -> Effect:
    """Nothing could be recorded; the receipt says what would be right."""
    if matter.task.state is State.CLOSED and only_thanks(incoming.answer):
        return _silent()
    return Effect(
        "refused",
        Words("未计入", "not counted"),
        Words(
            f"请知悉：关于“{_title(matter)}”的回复已收到并留存，未计入办理。",
            f"Please note: the answer about “{_title(matter)}” is kept, but does not count.",
        ),
        problems=(why, *found.problems),
        answer=_quoted(matter, incoming.answer),
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
            f"请报送“{_title(matter)}”的材料：回复已收到，其中没有可以计入的内容。",
            f"Please hand in the evidence for “{_title(matter)}”: nothing in the answer counts.",
        ),
        problems=(wanted, *found.problems),
        answer=_quoted(matter, incoming.answer),
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
    return [(Words("申请延至", "More time asked until"), say_instant(matter.clock.local(until)))]


def _extension(matter: Matter, found: Gathered, rows: Sequence[Row]) -> Effect:
    title = _title(matter)
    if rows:
        return Effect(
            "extension_asked",
            Words("已送审批", "with the office"),
            Words(
                f"请知悉：“{title}”的延期申请已收到，已送审批；批准之前仍按原时限办理。",
                f"Please note: the request for more time for “{title}” is with the office; the due "
                "date stands until it is granted.",
            ),
            rows=tuple(rows),
            problems=tuple(found.problems),
        )
    return Effect(
        "refused",
        Words("未计入", "not counted"),
        Words(
            f"请按原时限办理“{title}”：延期申请已收到，不符合要求。",
            f"Please keep to the due date of “{title}”: the request for more time cannot be taken.",
        ),
        problems=tuple(found.problems),
    )


def _question(matter: Matter, incoming: Incoming) -> Effect:
    """不属于我单位: nothing changes until the office has decided."""
    unit, title = unit_name(matter.place, matter.task.unit), _title(matter)
    return Effect(
        "question",
        Words("已转办公室", "with the office"),
        Words(
            f"请知悉：“{title}”的回复已收到，所提意见已转办公室研究；答复之前仍由{unit}承办。",
            f"Please note: the answer about “{title}” came and its question is with the office; "
            f"until it decides, the task stays with {unit}.",
        ),
        answer=_quoted(matter, incoming.answer),
        question=Words(
            f"请研究{unit}对“{title}”承办单位的意见：来信称不属于本单位。",
            f"Please decide about “{title}”: {unit} says that it is not its own.",
        ),
    )


def _quoted(matter: Matter, text: object) -> str:
    """The words taken as the answer; those about an incident stay out of every letter."""
    return text if isinstance(text, str) and matter.task.event is None else ""


def _title(matter: Matter) -> str:
    return title_of(matter.task, matter.promise, matter.place)
