"""What modifies a rhythm and stands under a key of its own: 至少4次，间隔不少于10日."""

import re
from typing import Final, NamedTuple

from responsibilities.language.numerals import NUMBER, number
from responsibilities.language.rhythm_phrases import mask
from responsibilities.language.saying import say_days, say_months, say_rhythm
from responsibilities.language.wording import normal
from responsibilities.rhythm import Rhythm, Surge, YearPart
from responsibilities.words import Words

_LEAST: Final = "(?:不少于|至少|不低于|大于|超过)?"
_TIMES: Final = re.compile(
    rf"{_LEAST}(?P<times>{NUMBER})次"
    rf"(?:[,(、]?(?:每次)?(?:间隔|相隔){_LEAST}(?P<gap>{NUMBER})个?(?P<unit>小时|日|天|周|星期)\)?)?"
)
_HOURS: Final = {"小时": 1, "日": 24, "天": 24, "周": 168, "星期": 168}
_MOST: Final = 100
"""Nothing in a plan is done more often within one period without being a rhythm of its own."""


class Times(NamedTuple):
    """How often within a period, and how many hours apart at least."""

    times: int
    gap: int = 0


def times(text: str) -> Times | Words:
    """What a `times:` phrase means, or the sentence saying what is wrong."""
    match = _TIMES.fullmatch(normal(text))
    found = number(match["times"]) if match else None
    if match is None or not found:
        return Words(
            f"看不懂次数“{text}”；可写“至少4次”“至少4次，间隔不少于10日”“2次，间隔96小时”",
            f"“{text}” is not understood: 至少4次, 至少4次，间隔不少于10日, 2次，间隔96小时",
        )
    if found == 1:
        return Words(
            "一期一次无需写 times，请删去", "once a period needs no `times:`; leave it out"
        )
    if found > _MOST:
        return Words(
            f"一期{found}次过多，请改用更密的频次",
            f"{found} times is a rhythm of its own: `every:`",
        )
    gap = (number(match["gap"]) or 0) * _HOURS[match["unit"]] if match["gap"] else 0
    return Times(found, gap)


def say_times(rhythm: Rhythm) -> Words:
    """`Rhythm.times` and `gap` as a phrase that reads back to the same values; empty for once."""
    if rhythm.times == 1:
        return Words("", "")
    zh, en = f"至少{rhythm.times}次", f"at least {rhythm.times} times"
    if rhythm.gap:
        days, rest = divmod(rhythm.gap, 24)
        zh += f"，间隔不少于{rhythm.gap}小时" if rest else f"，间隔不少于{days}日"
        en += f", at least {rhythm.gap} hours apart" if rest else f", at least {days} days apart"
    return Words(zh, en)


def season(text: str) -> YearPart | Words:
    """The part of the year that the `during:` of a surge means, or the sentence saying why not."""
    found = mask(normal(text))
    if isinstance(found, Words):
        return found
    if found is None or found.season or len(found.months) == 12:
        return Words(
            f"看不懂期间“{text}”；请写月份或日期，如“6月至8月”“11月至次年3月”“4月15日至9月30日”",
            f"“{text}” is not understood: write months or days, e.g. 6月至8月, 11月至次年3月 or "
            "4月15日至9月30日",
        )
    return YearPart(found.months, found.days)


def say_surge(surge: Surge) -> Words:
    """What replaces a rhythm and when, as a clause behind it."""
    (part,) = surge.rhythm.instead_of.rests if surge.rhythm.instead_of else (YearPart(),)
    span = say_days(*part.days) if part.days else say_months(part.months)
    denser = say_rhythm(surge.rhythm)
    often = say_times(surge.rhythm)
    return Words(
        "，".join(filter(None, (f"{span.zh}改为{denser.zh}", often.zh))),
        ", ".join(filter(None, (f"{span.en} instead {denser.en}", often.en))),
    )
