"""Random draws as plans write them: 每学期随机2次，间隔不少于10日; 20%; 3个; 2名."""

import re
from typing import Final

from responsibilities.language.numerals import NUMBER, number
from responsibilities.language.rhythm_phrases import rhythm
from responsibilities.language.saying import say_rhythm
from responsibilities.language.wording import normal
from responsibilities.plan import Draw, Share
from responsibilities.words import Words

_LEAST: Final = "(?:不少于|至少|不低于)?"
_DRAWN: Final = re.compile(
    rf"(?P<every>每.+?)(?:,?(?:随机|不定期)(?:抽取|抽查|抽检|检查|开展)?{_LEAST}(?P<times>{NUMBER})次"
    rf"(?:[,(]?(?:每次)?(?:间隔|相隔){_LEAST}(?P<gap>{NUMBER})(?P<unit>日|天|周)\)?)?)?"
)
_SHARE: Final = re.compile(rf"(?P<number>{NUMBER})(?P<unit>%|个|家)(?:单位)?")
_PERSONS: Final = re.compile(rf"(?P<number>{NUMBER})(?:名|人|位)")
_DAYS: Final = {"日": 1, "天": 1, "周": 7}


def drawn_days(text: str) -> Draw | Words:
    """What `draw: 每学期随机2次` means: the periods, how many days of each, how far apart."""
    match = _DRAWN.fullmatch(normal(text))
    if match is None:
        return _not_understood(text)
    found = rhythm(match["every"])
    if isinstance(found, Words):
        return found
    times = number(match["times"]) if match["times"] else 1
    gap = number(match["gap"]) if match["gap"] else 0
    if not times or gap is None:
        return _not_understood(text)
    return Draw(found, times, gap * _DAYS[match["unit"] or "日"], text=text)


def _not_understood(text: str) -> Words:
    return Words(
        f"看不懂“{text}”；可写“每学期随机2次”“每月随机1次”“每学期随机2次，间隔不少于10日”",
        f"“{text}” is not understood: 每学期随机2次, 每月随机1次, 每学期随机2次，间隔不少于10日",
    )


def share(text: str) -> Share | Words:
    """What `units: 20%` or `units: 3个` means."""
    match = _SHARE.fullmatch(normal(text))
    found = number(match["number"]) if match else None
    if match is None or not found or (match["unit"] == "%" and found > 100):
        return Words(
            f"看不懂“{text}”；可写“20%”“3个”", f"“{text}” is not understood: write 20% or 3个"
        )
    return Share(found, match["unit"] == "%")


def persons(text: str) -> int | Words:
    """What `inspectors: 2名` means."""
    match = _PERSONS.fullmatch(normal(text))
    found = number(match["number"]) if match else None
    return found or Words(f"看不懂“{text}”；可写“2名”", f"“{text}” is not understood: write 2名")


def say_draw(draw: Draw, roster: str) -> Words:
    """What is drawn, as a phrase: 每学期随机2次，间隔不少于10日，每次抽取20%的单位."""
    every = say_rhythm(draw.rhythm)
    zh, en = f"{every.zh}随机{draw.times}次", f"{every.en}, {draw.times} days drawn by lot"
    if draw.gap:
        zh, en = f"{zh}，间隔不少于{draw.gap}日", f"{en}, at least {draw.gap} days apart"
    if draw.units is not None:
        several, percent = draw.units
        zh += f"，每次抽取{several}%的单位" if percent else f"，每次抽取{several}个单位"
        en += f", {several}{'%' if percent else ''} of the units each time"
    if draw.inspectors:
        zh += f"，自{roster}抽取{draw.inspectors}名"
        en += f", {draw.inspectors} of {roster}"
    return Words(zh, en)
