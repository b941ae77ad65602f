"""Numbers, dates, choices, signatures and lengths of time, held against the checklist's conditions.

Whatever does not meet them is refused with what would be right; what is written is kept one way.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from responsibilities.plan import EvidenceKind, Requirement
from responsibilities.problem import did_you_mean
from responsibilities.spans import Span
from responsibilities.words import Refused, Words

_DAY = r"(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})日?"
_DATE = re.compile(_DAY)
_CLOCK = r"(\d{1,2})[:：](\d{2})"
_SPAN = re.compile(rf"{_DAY}[\sT]*{_CLOCK}\s*[-—–~～/至到]+\s*(?:{_DAY}[\sT]*)?{_CLOCK}")
_FIGURES = (
    EvidenceKind.NUMBER, EvidenceKind.DATE, EvidenceKind.CHOICE, EvidenceKind.DURATION,
)  # fmt: skip


def named(name: str, lines: Iterable[Requirement]) -> Requirement:
    """The line of the checklist called `name` (or with that id)."""
    known = list(lines)
    for line in known:
        if name in (line.id, line.name):
            return line
    near = did_you_mean(name, [line.name for line in known])
    listed = "、".join(line.name for line in known) or "（无）"
    raise Refused(
        Words(
            f"材料清单中没有“{name}”，应为：{listed}。{near.zh if near else ''}",
            f"The checklist has no “{name}”; it has: {listed}. {near.en if near else ''}".strip(),
        )
    )


def match_figures(
    given: Mapping[str, str], checklist: Sequence[Requirement], span: Span | None = None
) -> dict[str, str]:
    """Numbers, dates, choices and durations by the id of their line, written one way.

    `span`: the days of the period, for lines that must lie inside it.
    """
    lines = [r for r in checklist if r.kind in _FIGURES]
    found = {}
    for name, value in given.items():
        line = named(name, lines)
        found[line.id] = _figure(line, value.strip(), span if line.within else None)
    return found


def _figure(line: Requirement, value: str, span: Span | None) -> str:
    if line.kind is EvidenceKind.NUMBER:
        return _number(line, value)
    if line.kind is EvidenceKind.CHOICE:
        return _choice(line, value)
    if line.kind is EvidenceKind.DURATION:
        return _duration(line, value, span)
    day = day_of(value)
    _refuse_outside(line, day, day, span)
    return day.isoformat()


TOO_LARGE = Decimal(10**15)
"""No count or sum of an institution comes near it: a slip of the hand."""


def _number(line: Requirement, value: str) -> str:
    try:
        number = Decimal(value.replace(",", "").replace("，", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= TOO_LARGE:
        raise Refused(
            Words(f"“{line.name}”应为数字，不是“{value}”。", f"“{line.name}” is a number.")
        )
    if number < line.minimum:
        raise Refused(
            Words(
                f"“{line.name}”不应小于 {line.minimum}。",
                f"“{line.name}” cannot be less than {line.minimum}.",
            )
        )
    if line.maximum is not None and number > line.maximum:
        raise Refused(
            Words(
                f"“{line.name}”不应大于 {line.maximum}。",
                f"“{line.name}” cannot be more than {line.maximum}.",
            )
        )
    return f"{number:f}"


def _choice(line: Requirement, value: str) -> str:
    if value in line.choices:
        return value
    near, listed = did_you_mean(value, line.choices), "、".join(line.choices)
    raise Refused(
        Words(
            f"“{line.name}”没有选项“{value}”，应为：{listed}。{near.zh if near else ''}",
            f"“{line.name}” is one of {listed}, not “{value}”.",
        )
    )


def _duration(line: Requirement, value: str, span: Span | None) -> str:
    """`2026-11-23 09:00至09:40`; an end before the start is on the next day."""
    start, end = _start_and_end(line, value)
    length = end - start
    if not timedelta() < length <= timedelta(days=31):
        _refuse_duration(line, value)
    if length < timedelta(minutes=line.minimum):
        minutes = int(length.total_seconds() // 60)
        raise Refused(
            Words(
                f"“{line.name}”应不少于{line.minimum}分钟，所填为{minutes}分钟。",
                f"“{line.name}” lasts at least {line.minimum} minutes, not {minutes}.",
            )
        )
    _refuse_outside(line, start.date(), end.date(), span)
    return f"{start:%Y-%m-%dT%H:%M}/{end:%Y-%m-%dT%H:%M}"


def _start_and_end(line: Requirement, value: str) -> tuple[datetime, datetime]:
    match = _SPAN.fullmatch(value)
    if match is None:
        _refuse_duration(line, value)
    parts = [int(part) if part else 0 for part in match.groups()]
    try:
        first = date(*parts[:3])
        last = date(*parts[5:8]) if parts[5] else first
        start = datetime.combine(first, time(parts[3], parts[4]))
        end = datetime.combine(last, time(parts[8], parts[9]))
    except ValueError:
        _refuse_duration(line, value)
    return start, end + timedelta(days=1) if end <= start and not parts[5] else end


def _refuse_duration(line: Requirement, value: str) -> NoReturn:
    raise Refused(
        Words(
            f"“{line.name}”应写作 2026-11-23 09:00至09:40，不是“{value}”。",
            f"“{line.name}” is written 2026-11-23 09:00至09:40, not “{value}”.",
        )
    )


def day_of(value: str) -> date:
    """2026-11-30, 2026/11/30 or 2026年11月30日; Refused for anything else."""
    match = _DATE.fullmatch(value)
    try:
        if match is not None:
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise Refused(
        Words(
            f"“{value}”不是日期，应写作 2026-11-30 或 2026年11月30日。",
            f"“{value}” is no date; write 2026-11-30.",
        )
    )


def _refuse_outside(line: Requirement, first: date, last: date, span: Span | None) -> None:
    if span is None or (span.first <= first and last <= span.last):
        return
    raise Refused(
        Words(
            f"“{line.name}”应在本期（{span.first}至{span.last}）之内。",
            f"“{line.name}” lies within the period, {span.first} to {span.last}.",
        )
    )


def signed(line: Requirement, text: str) -> str:
    """The text of a line; where it asks for signers, enough different ones must be named."""
    if line.kind is not EvidenceKind.SIGNERS:
        return text
    names = dict.fromkeys(name for name in re.split(r"[\s,，、;；/]+", text) if name)
    if len(names) < line.minimum:
        raise Refused(
            Words(
                f"“{line.name}”应有不少于{line.minimum}人签名，所填为{len(names)}人。",
                f"“{line.name}” needs {line.minimum} different signers, not {len(names)}.",
            )
        )
    return "、".join(names)


def refuse_contradiction(
    zero: bool, figures: Mapping[str, str], covered: Sequence[str], checklist: Sequence[Requirement]
) -> None:
    """A zero report says that there was nothing: no figure beside it may say otherwise."""
    if not zero:
        return
    numbers = [r for r in checklist if r.kind is EvidenceKind.NUMBER]
    more = [r.name for r in numbers if Decimal(figures.get(r.id, "0")) > max(r.minimum, 0)]
    if more or covered:
        shown = "、".join(more) or "覆盖名单"
        raise Refused(
            Words(
                f"零报告与所填“{shown}”不符：有情况的请如实填报，不作零报告。",
                f"A zero report contradicts “{shown}”: report what there is instead.",
            )
        )
