"""What came of a submission, in words: the receipt, by mail or by a link."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from notifications.dates import say_instant
from office.handed_in import Papers
from office.matters import Matter, title_of, unit_name
from office.receive import Receipt
from office.replies import Effect, Row
from responsibilities.words import Words

SHA_SHOWN = 16
"""Hex digits of a SHA-256 that a receipt shows: enough to compare by eye."""
_AGAIN = Words("，与此前所报相同", ", the same as before")


def received(matter: Matter, papers: Papers, receipt: Receipt) -> Effect:
    """What was understood of `papers`, and what is still missing."""
    status, lead = _outcome(matter, receipt)
    return Effect(
        verdict="submitted" if receipt.complete else "kept",
        status=status,
        lead=lead,
        rows=tuple(_understood(matter, papers, receipt)),
        files=tuple(_file_lines(receipt)),
        answer=quoted(matter, papers.text),
    )


def _outcome(matter: Matter, receipt: Receipt) -> tuple[Words, Words]:
    unit, title = unit_name(matter.place, matter.task.unit), name_of(matter)
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
        digest = sha256[:SHA_SHOWN]
        yield Words(
            f"{name}：{line}，{size:,}字节，校验值 {digest}",
            f"{name}: {line}, {size:,} bytes, SHA-256 {digest}",
        )


def extension_said(matter: Matter) -> Effect:
    """The request for more time is with whoever grants it."""
    title = name_of(matter)
    return Effect(
        "extension_asked",
        Words("已送审批", "with the office"),
        Words(
            f"请知悉：“{title}”的延期申请已收到，已送审批；批准之前仍按原时限办理。",
            f"Please note: the request for more time for “{title}” is with the office; the due "
            "date stands until it is granted.",
        ),
    )


def asked_until_row(matter: Matter, until: datetime) -> Row:
    """Until when more time is asked for."""
    return Words("申请延至", "More time asked until"), say_instant(matter.clock.local(until))


def passed_on_said(matter: Matter, to: Words) -> Effect:
    """Another post of the unit is in charge of it now."""
    unit, title = unit_name(matter.place, matter.task.unit), name_of(matter)
    return Effect(
        "passed_on",
        Words("已转交", "handed over"),
        Words(
            f"请知悉：“{title}”已转交{unit}{to.zh}办理，时限不变。",
            f"Please note: “{title}” is handed over to the {to.en} of {unit}; the due date stands.",
        ),
    )


def not_ours_said(matter: Matter, why: str) -> Effect:
    """不属于我单位: nothing changes until the office has decided."""
    unit, title = unit_name(matter.place, matter.task.unit), name_of(matter)
    return Effect(
        "question",
        Words("已转办公室", "with the office"),
        Words(
            f"请知悉：“{title}”的回复已收到，所提意见已转办公室研究；答复之前仍由{unit}承办。",
            f"Please note: the answer about “{title}” came and its question is with the office; "
            f"until it decides, the task stays with {unit}.",
        ),
        answer=quoted(matter, why),
        question=Words(
            f"请研究{unit}对“{title}”承办单位的意见：来信称不属于本单位。",
            f"Please decide about “{title}”: {unit} says that it is not its own.",
        ),
    )


def by_row(by: str) -> Row:
    """Who did it, where a link leaves more than one person possible."""
    return Words("办理人", "Done by"), Words(by, by)


def discreet(matter: Matter, effect: Effect, names: Iterable[str]) -> Effect:
    """The same; about an incident, without the names of these files, which may name people."""
    if matter.task.event is None:
        return effect
    numbered = {name: number for number, name in enumerate(dict.fromkeys(names), 1) if name}

    def without(words: Words) -> Words:
        zh, en = words
        for name in sorted(numbered, key=len, reverse=True):  # one may be part of another
            zh = zh.replace(name, f"附件{numbered[name]}")
            en = en.replace(name, f"file {numbered[name]}")
        return Words(zh, en)

    return replace(
        effect,
        files=tuple(map(without, effect.files)),
        problems=tuple(map(without, effect.problems)),
    )


def quoted(matter: Matter, text: object) -> str:
    """The words taken as the answer; those about an incident stay out of every letter."""
    return text if isinstance(text, str) and matter.task.event is None else ""


def name_of(matter: Matter) -> str:
    """What the task is called."""
    return title_of(matter.task, matter.promise, matter.place)
