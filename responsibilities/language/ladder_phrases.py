"""When a step is due (逾期1个工作日), how often an event is reported again, what it must be."""

import re
from dataclasses import dataclass
from typing import Final

from responsibilities.calendars.clock import Unit
from responsibilities.language.wording import AMOUNT, amount, normal, vague
from responsibilities.plan import Base, Condition, Interval
from responsibilities.words import Words


@dataclass(frozen=True, slots=True)
class StepTime:
    """When a step is due; the fields mean what those of `Step` mean."""

    base: Base
    offset: int = 0
    unit: Unit = Unit.DAY
    fraction: float | None = None
    working: bool = True


_DAY_WORDS: Final = r"(?P<on>当日|当天|日|时)"
_OPENED: Final = "下达|交办|开始"
_DUE: Final = "截止|到期|时限"
_SUBMITTED: Final = "报结|提交|反馈"
_ON: Final = re.compile(rf"(?P<base>{_OPENED}|{_DUE}|{_SUBMITTED}){_DAY_WORDS}")
_TARGET: Final = re.compile(r"(?:到|达到)?目标(?:日|当日|之日)")
_BEFORE: Final = re.compile(rf"(?:{_DUE})前{AMOUNT}")
_AFTER: Final = re.compile(rf"(?P<base>{_OPENED}|{_SUBMITTED}|{_DUE})后{AMOUNT}(?:之?内)?")
_LATE: Final = re.compile(rf"(?:逾期|超期)(?:满|第)?{AMOUNT}")
_LEFT: Final = re.compile(
    r"(?:剩余|还剩)(?:时间|时限)?(?P<percent>[0-9]{1,3}(?:\.[0-9]+)?)%"
    r"(?:\((?P<clock>全时|工作时间)\))?(?:时)?"
)


def step_time(text: str) -> StepTime | Words:
    """What the `when:` of a ladder step means, or the sentence saying what is wrong."""
    plain = normal(text)
    wrong = vague(plain)
    if wrong:
        return wrong
    left = _LEFT.fullmatch(plain)
    if left:
        return _fraction(left, text)
    if _TARGET.fullmatch(plain):
        return StepTime(Base.TARGET)
    on = _ON.fullmatch(plain)
    if on:
        return StepTime(_base(on["base"]), 0, Unit.MINUTE if on["on"] == "时" else Unit.DAY)
    for pattern, sign in ((_BEFORE, -1), (_AFTER, 1), (_LATE, 1)):
        match = pattern.fullmatch(plain)
        if match:
            read = amount(match)
            if isinstance(read, Words):
                return read
            base = _base(match["base"]) if pattern is _AFTER else Base.DUE
            return StepTime(base, sign * read.number, read.unit)
    return Words(
        f"看不懂步骤时间“{text}”；可写“下达时”“截止前3个工作日”“剩余30%”“截止当日”"
        "“逾期1个工作日”“报结后3个工作日”",
        f"the step time “{text}” is not understood; write 下达时, 截止前3个工作日, 剩余30%, "
        "截止当日, 逾期1个工作日 or 报结后3个工作日",
    )


def _fraction(match: "re.Match[str]", text: str) -> StepTime | Words:
    percent = float(match["percent"])
    if not 0 < percent < 100:
        return Words(f"“{text}”应在 0% 与 100% 之间", f"“{text}” must lie between 0% and 100%")
    return StepTime(Base.DUE, fraction=round(percent / 100, 6), working=match["clock"] != "全时")


_AGAIN: Final = re.compile(rf"每(?:隔)?{AMOUNT}(?:[续再]?报告?一次)?,?(?:直[至到](?:结案|办结))?")


def interval(text: str) -> Interval | Words:
    """What the `repeat:` of a stage means: 每4小时, 每4小时续报一次，直至结案."""
    match = _AGAIN.fullmatch(normal(text))
    if match is None:
        return Words(
            f"看不懂“{text}”；可写“每4小时”“每4小时续报一次，直至结案”",
            f"“{text}” is not understood; write 每4小时 or 每4小时续报一次，直至结案",
        )
    read = amount(match)
    return read if isinstance(read, Words) else Interval(read.number, read.unit.value)


_LENGTH: Final = re.compile(rf"(?:不少于|至少|不短于)?{AMOUNT}(?:以上)?")
_MINUTES: Final = {Unit.MINUTE: 1, Unit.HOUR: 60}


def minutes(text: str) -> int | Words:
    """The minutes that `min:` of a duration means: 30分钟, 不少于2小时."""
    match = _LENGTH.fullmatch(normal(text))
    read = amount(match) if match else None
    if isinstance(read, Words):
        return read
    if read is None or read.unit not in _MINUTES:
        return Words(
            f"看不懂时长“{text}”；可写“30分钟”“不少于2小时”",
            f"the length “{text}” is not understood; write 30分钟 or 不少于2小时",
        )
    return read.number * _MINUTES[read.unit]


def _base(word: str) -> Base:
    if word in _OPENED.split("|"):
        return Base.OPENED
    return Base.SUBMITTED if word in _SUBMITTED.split("|") else Base.DUE


_OPERATORS: Final = {
    ">=": ">=", "≥": ">=", "不少于": ">=", "不低于": ">=", "至少": ">=",
    "<=": "<=", "≤": "<=", "不超过": "<=", "不高于": "<=", "至多": "<=",
    "!=": "!=", "≠": "!=", "不是": "!=", "不为": "!=",
    ">": ">", "大于": ">", "超过": ">", "高于": ">",
    "<": "<", "小于": "<", "低于": "<", "不足": "<",
    "==": "=", "=": "=", "等于": "=", "是": "=", "为": "=",
}  # fmt: skip
ORDERED: Final = frozenset({">=", "<=", ">", "<"})
"""Operators that compare numbers."""
_LONGEST_FIRST: Final = "|".join(map(re.escape, sorted(_OPERATORS, key=len, reverse=True)))
_COMPARISON: Final = re.compile(rf"(?P<field>.+?)(?P<op>{_LONGEST_FIRST})(?P<value>.+)")


def _joins(plain: str, either: "re.Match[str]") -> bool:
    """Whether this 或 stands between two comparisons, not in a name (是否特殊或新发病原体)."""
    before = re.split(r"并且|且|,|;", plain[: either.start()])[-1]
    after = re.split(r"并且|且|,|;", plain[either.end() :])[0]
    return bool(_COMPARISON.fullmatch(before) and _COMPARISON.fullmatch(after))


def condition(text: str) -> tuple[Condition, ...] | Words:
    """`损失金额 >= 50000 且 身份 = 学生` as conditions on field *names*, all of which must hold."""
    plain = normal(text)
    if any(_joins(plain, match) for match in re.finditer("或者?", plain)):
        return Words(
            "条件只能用“且”连接；“或”请拆成两项职责",
            "conditions are joined by 且 only; split 或 (or) into two duties",
        )
    found = []
    for part in re.split(r"并且|且|,|;", plain):
        match = _COMPARISON.fullmatch(part)
        if match is None:
            return Words(
                f"看不懂条件“{part}”；可写“损失金额 >= 50000 且 身份 = 学生”",
                f"the condition “{part}” is not understood; write 损失金额 >= 50000 且 身份 = 学生",
            )
        value = match["value"].strip("“”\"'")
        found.append(Condition(match["field"], _OPERATORS[match["op"]], value))
    return tuple(found)
