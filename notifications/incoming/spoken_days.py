"""Days as people write them in a mail: 11月30日, 十一月三十日, 下周五, 本月底."""

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final, Literal

from responsibilities.language.numerals import number

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
DAY: Final = (
    rf"(?:\d{{4}}年\s?{_N}月\s?{_N}[日号]|\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}日?|{_N}月\s?{_N}[日号]?"
    r"|\d{1,2}[./]\d{1,2}(?!\d)|[本这下]{0,2}个?(?:周|星期|礼拜)[一二三四五六日天]"
    rf"|[本这下]个?月(?:底|末|{_N}[日号])|[今明后]天|大后天|{_N}[日号])"
)
"""A regular expression of what `day` may be asked about."""

_FULL = re.compile(rf"(\d{{4}})[-年/.]\s?({_N})[-月/.]\s?({_N})[日号]?")
_MONTH_AND_DAY = re.compile(rf"({_N})[月./]\s?({_N})[日号]?")
_WEEKDAY = re.compile(r"([本这下]{0,2})个?(?:周|星期|礼拜)([一二三四五六日天])")
_OF_MONTH = re.compile(rf"([本这下])个?月(?:(底|末)|({_N})[日号])")
_DAY_ALONE = re.compile(rf"({_N})[日号]")
_NEAR = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}
_WEEK = "一二三四五六日"


def day(text: str, on: date, meant: Literal["ahead", "near"] = "near") -> date | None:
    """The day that `text` means in a mail of the day `on`; None where there is no such day.

    Without a year it is the next one (`ahead`), or the nearest on either side (`near`).
    """
    text = text.strip()
    if text in _NEAR:
        return on + timedelta(_NEAR[text])
    found = _FULL.fullmatch(text)
    if found:
        return _date(int(found[1]), _int(found[2]), _int(found[3]))
    found = _MONTH_AND_DAY.fullmatch(text)
    if found:
        return _yearless(_int(found[1]), _int(found[2]), on, meant)
    found = _WEEKDAY.fullmatch(text)
    if found:
        monday = on - timedelta(on.weekday()) + timedelta(7 * found[1].count("下"))
        return monday + timedelta(_WEEK.index(found[2].replace("天", "日")))
    return _in_month(text, on, meant)


def _in_month(text: str, on: date, meant: str) -> date | None:
    found = _OF_MONTH.fullmatch(text)
    if found:
        first = _month_after(on) if found[1] == "下" else on.replace(day=1)
        last = monthrange(first.year, first.month)[1]
        return _date(first.year, first.month, last if found[2] else _int(found[3]))
    found = _DAY_ALONE.fullmatch(text)
    if found is None:
        return None
    this = _date(on.year, on.month, _int(found[1]))
    if this is None or (meant == "ahead" and this < on):
        after = _month_after(on)
        return _date(after.year, after.month, _int(found[1]))
    return this


def _month_after(on: date) -> date:
    return (on.replace(day=1) + timedelta(32)).replace(day=1)


def _yearless(month: int, of_month: int, on: date, meant: str) -> date | None:
    years = (on.year, on.year + 1) if meant == "ahead" else (on.year - 1, on.year, on.year + 1)
    days = [one for year in years if (one := _date(year, month, of_month)) is not None]
    if meant == "ahead":
        return next((one for one in days if one >= on), None)
    return min(days, key=lambda one: abs(one - on), default=None)


def _date(year: int, month: int, of_month: int) -> date | None:
    try:
        return date(year, month, of_month)
    except ValueError:
        return None


def _int(text: str) -> int:
    return number(text) or 0
