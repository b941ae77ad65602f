"""Until when who joins a roster still counts: 截止前5日, 下达后10个工作日内, 不计入."""

import re
from typing import Final

from responsibilities.language.wording import AMOUNT, EXACT, amount, normal
from responsibilities.plan import Base, LateJoiners
from responsibilities.words import Words

_UNTIL: Final = re.compile(
    rf"(?:(?P<due>截止前)|(?:下达|开始)后){AMOUNT}(?:内|以前|及以前)?(?:加入的)?(?:计入本期)?"
)
_NEVER: Final = re.compile(r"(?:中途加入的)?(?:本期)?不计入?(?:本期)?")


def late_joiners(text: str) -> LateJoiners | Words:
    """What `late_joiners:` means."""
    written = normal(text)
    if _NEVER.fullmatch(written):
        return LateJoiners(Base.OPENED, None, "day")
    match = _UNTIL.fullmatch(written)
    found = amount(match) if match else None
    if match is None or found is None:
        return Words(
            f"看不懂“{text}”；可写“截止前5日”“下达后10日内”“不计入”",
            f"“{text}” is not understood; write 截止前5日, 下达后10日内 or 不计入",
        )
    if isinstance(found, Words):
        return found
    if found.unit in EXACT:
        return Words(f"“{text}”应按日以上计", f"“{text}” is counted in days or longer")
    return LateJoiners(Base.DUE if match["due"] else Base.OPENED, found.number, found.unit.value)


def say_late_joiners(rule: LateJoiners | None) -> Words:
    """The rule as a sentence; the default too."""
    if rule is None:
        return Words("截止以前加入的计入本期", "who joins up to the due date counts")
    if rule.number is None:
        return Words("中途加入的不计入本期", "who joins later does not count")
    zh, en = _UNITS.get(rule.unit, (rule.unit, rule.unit))
    if rule.base is Base.DUE:
        return Words(
            f"截止前{rule.number}{zh}以前加入的计入本期",
            f"who joins at least {rule.number} {en} before the due date counts",
        )
    return Words(
        f"下达后{rule.number}{zh}内加入的计入本期",
        f"who joins within {rule.number} {en} of the opening counts",
    )


_UNITS: Final = {
    "day": ("日", "days"),
    "working_day": ("个工作日", "working days"),
    "teaching_day": ("个教学日", "teaching days"),
    "week": ("周", "weeks"),
    "teaching_week": ("个教学周", "teaching weeks"),
    "month": ("个月", "months"),
    "year": ("年", "years"),
}
