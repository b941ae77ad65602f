"""What all phrases share: a normal form, amounts of time, and words without a number."""

import re
import unicodedata
from typing import Final, NamedTuple

from responsibilities.calendars.clock import Unit
from responsibilities.language.numerals import NUMBER, number
from responsibilities.words import Words


class Amount(NamedTuple):
    """So much of a unit, e.g. 4 teaching weeks."""

    number: int
    unit: Unit


_UNITS: Final = {
    "分钟": Unit.MINUTE,
    "工作小时": Unit.WORKING_HOUR,
    "小时": Unit.HOUR,
    "工作日": Unit.WORKING_DAY,
    "教学日": Unit.TEACHING_DAY,
    "教学周": Unit.TEACHING_WEEK,
    "自然日": Unit.DAY,
    "日": Unit.DAY,
    "天": Unit.DAY,
    "周": Unit.WEEK,
    "星期": Unit.WEEK,
    "月": Unit.MONTH,
    "年": Unit.YEAR,
}
LONGEST: Final = {
    **{Unit.YEAR: 20, Unit.MONTH: 240, Unit.WEEK: 1000, Unit.TEACHING_WEEK: 400},
    **{Unit.DAY: 7300, Unit.WORKING_DAY: 2000, Unit.TEACHING_DAY: 2000},
}
"""Nothing in a plan is longer than twenty years; what is, is a slip of the pen."""
_HALVES: Final = {
    Unit.HOUR: Amount(30, Unit.MINUTE),
    Unit.MONTH: Amount(15, Unit.DAY),
    Unit.YEAR: Amount(6, Unit.MONTH),
}
AMOUNT: Final = rf"(?P<count>{NUMBER}|半)个?(?P<half>半)?(?P<unit>{'|'.join(_UNITS)})"
EXACT: Final = frozenset({Unit.MINUTE, Unit.HOUR, Unit.WORKING_HOUR})
"""Units that count from an instant to an instant; all others count whole days."""


def normal(text: str) -> str:
    """Full-width forms made plain and white space removed, so that 5 日 = ５日 = 5日."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def amount(match: "re.Match[str]") -> Amount | Words:
    """What the groups of `AMOUNT` stand for; half an hour is 30 minutes, half a year 6 months."""
    unit, whole = _UNITS[match["unit"]], number(match["count"])
    written = f"{match['count']}{match['half'] or ''}{match['unit']}"
    if whole is None and match["count"] != "半":
        return Words(f"“{match['count']}”不是数字", f"“{match['count']}” is not a number")
    if whole == 0:
        return Words(f"“{written}”请写成“当日”或“时”", f"for nothing ({written}) write 当日 or 时")
    if whole is not None and whole > LONGEST.get(unit, 9999):
        return Words(f"“{written}”过长，请核对", f"“{written}” is too long to be meant")
    if not (match["half"] or whole is None):
        return Amount(whole, unit)
    half = _HALVES.get(unit)
    if half is None or (whole is not None and unit is not Unit.HOUR):
        return Words(
            f"“{written}”不能折半计算，请用更小的单位，如“4个工作小时”",
            f"half of this unit cannot be counted (“{written}”); use a smaller one, "
            "e.g. 4个工作小时",
        )
    return Amount((whole or 0) * 60 + half.number, half.unit)


_WITHIN = Words(
    "请由办公室核定时限，如“知悉后30分钟内”“知悉后1个工作日内”，并在 assumed 中注明",
    "let the office give a number, e.g. 知悉后30分钟内 or 知悉后1个工作日内, "
    "and state it under `assumed`",
)
_RHYTHM = Words(
    "请由办公室核定频次，如“每月”“每学期”，并在 assumed 中注明",
    "let the office give a rhythm, e.g. 每月 or 每学期, and state it under `assumed`",
)
_STANDING = Words(
    "常态化工作请写 standing: 原词，并以 checkpoint: 给出核查频次，如“每月”",
    "write `standing:` with the plan's word and a `checkpoint:` rhythm, e.g. 每月",
)
_OPTIONAL = Words(
    "不设时限的事项请写 policy:，或写 standing: 并给出 checkpoint:",
    "write `policy:`, or `standing:` with a `checkpoint:`",
)
_VAGUE: Final = (
    (("不定期", "定期", "随时"), _RHYTHM),
    (("第一时间", "及时", "立即", "马上", "立刻", "尽快", "尽早", "即时"), _WITHIN),
    (("常态化", "持续", "长期坚持", "长期", "不间断", "不断", "日常", "经常"), _STANDING),
    (("适时", "视情", "必要时", "根据需要", "酌情"), _OPTIONAL),
)


def vague(text: str) -> Words | None:
    """The advice for a word that carries no number (定期, 及时, …); None when there is no such."""
    for words, advice in _VAGUE:
        for word in words:
            if text.startswith(word):
                return Words(
                    f"“{word}”没有数字，无法计时；{advice.zh}",
                    f"“{word}” carries no number; {advice.en}",
                )
    return None
