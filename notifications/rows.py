"""The facts table of an item: one list for the text and the HTML of both languages."""

from collections.abc import Iterator

from notifications.dates import say_days_left, say_instant
from notifications.letters import Item
from responsibilities.tasks import Standing
from responsibilities.words import Language, Words

DUE = Words("办理时限", "Due")
ORIGINAL = Words("原定时限", "Originally due")
ASKED = Words("申请延至", "Asked until")
PROGRESS = Words("当前进度", "Progress")
MISSING = Words("尚缺", "Still missing")
CO_ACTING = Words("配合单位", "Helped by")
DELEGATES = Words("受托岗位", "Delegates")
ROSTER = Words("名册变动", "Roster changed")
EVIDENCE = Words("材料清单", "Evidence")
REASON = Words("说明", "Remark")
NEXT = Words("下一步", "Next")
UNIT = Words("承办单位", "Unit")
REVIEWER = Words("审核单位", "Reviewed by")
PERIOD = Words("所属周期", "Period")
NUMBER = Words("督办编号", "Number")
NOTICE = Words("通知名称", "Notice")
STANDING = Words("办理状态", "Standing")

FEW = 10
"""Missing names that a digest spells out."""

STANDINGS = {
    Standing.ON_TRACK: Words("正常推进", "on track"),
    Standing.DUE_SOON: Words("临期", "due soon"),
    Standing.OVERDUE: Words("逾期", "overdue"),
    Standing.UNDER_REVIEW: Words("待审核", "under review"),
    Standing.DONE: Words("按期办结", "done in time"),
    Standing.DONE_LATE: Words("逾期办结", "done, late"),
    Standing.WAIVED: Words("免办", "waived"),
    Standing.LAPSED: Words("未办结，已终止", "lapsed undone"),
}


def facts(item: Item, language: Language) -> list[tuple[str, str]]:
    """(label, value) in the order in which they are asked: when, how far, who."""
    return [(label.in_(language), value) for label, value in _facts(item, language) if value]


def rows(item: Item, language: Language) -> list[tuple[str, str]]:
    """The facts, then what the HTML shows in its heading: notice and number."""
    heading = [(NOTICE.in_(language), item.notice)] if item.notice else []
    return [*facts(item, language), *heading, (NUMBER.in_(language), item.number)]


def brief(item: Item, language: Language) -> list[tuple[str, str]]:
    """What a digest says of an item after its due date."""
    return [(label.in_(language), value) for label, value in _brief(item, language) if value]


def _brief(item: Item, language: Language) -> Iterator[tuple[Words, str]]:
    if item.original_due_at != item.due_at:
        yield ORIGINAL, say_instant(item.original_due_at).in_(language)
    if item.asked_until:
        yield ASKED, say_instant(item.asked_until).in_(language)
    yield from ((Words(label, label), value) for label, value in item.incident.items())
    if not item.closed:
        yield _wanted(item, language)
    yield REASON, item.reason
    yield NEXT, item.next_step


def _wanted(item: Item, language: Language) -> tuple[Words, str]:
    """What is still to come: all of the evidence at first, later what is missing of it."""
    if item.missing and item.kind != "opened":
        label, lines = MISSING, _few(item.missing, language)
    else:
        label, lines = EVIDENCE, list(item.required)
    if item.zero_report:
        zero = Words("本期无相关情况的，也请回复“零报告”", "or answer “zero report”")
        lines.append(zero.in_(language))
    return label, ("；" if language == "zh" else "; ").join(lines)


def _few(names: tuple[str, ...], language: Language) -> list[str]:
    """At most FEW names, the last of them saying how many there are."""
    if len(names) <= FEW:
        return list(names)
    last = names[FEW - 1]
    return [
        *names[: FEW - 1],
        Words(f"{last}等{len(names)}项", f"{last} and {len(names) - FEW} more").in_(language),
    ]


def _facts(item: Item, language: Language) -> Iterator[tuple[Words, str]]:
    yield DUE, _due(item, language)
    if item.original_due_at != item.due_at:
        yield ORIGINAL, say_instant(item.original_due_at).in_(language)
    if item.asked_until:
        yield ASKED, say_instant(item.asked_until).in_(language)
    yield from ((Words(label, label), value) for label, value in item.incident.items())
    yield PROGRESS, progress(item)
    if item.kind != "opened":  # when nothing can be there yet, everything would be missing
        yield MISSING, ("、" if language == "zh" else ", ").join(item.missing)
    yield DELEGATES, item.delegates
    yield ROSTER, item.roster
    if item.closed or item.standing is Standing.UNDER_REVIEW:
        yield STANDING, STANDINGS[item.standing].in_(language)
    yield UNIT, item.unit
    yield CO_ACTING, item.co_acting
    yield REVIEWER, item.reviewer
    yield PERIOD, item.period


def _due(item: Item, language: Language) -> str:
    due = say_instant(item.due_at).in_(language)
    notes = [] if item.closed else [say_left(item).in_(language)]
    if item.provisional:
        provisional = Words(
            "暂定，待放假通知公布后确认", "provisional until the notice is published"
        )
        notes.append(provisional.in_(language))
    comma = "，" if language == "zh" else ", "
    return comma.join([due, *notes])


def say_left(item: Item) -> Words:
    """剩3天, 今日截止, 今日已逾期, 已逾期2天."""
    if item.standing is Standing.OVERDUE and item.days_left == 0:
        return Words("今日已逾期", "overdue since today")
    return say_days_left(item.days_left)


def progress(item: Item) -> str:
    """`23/25` where full coverage is asked, else empty."""
    return f"{item.covered[0]}/{item.covered[1]}" if item.covered else ""
