"""The first and last day of a phase: 2026-04-01, 2026年4月20日, 2026年4月上旬, 2026年6月底."""

import re
from datetime import date
from typing import Final

from responsibilities.calendars.dates import Span
from responsibilities.civil import last_day, number_of
from responsibilities.language.wording import normal
from responsibilities.rhythm import Cycle
from responsibilities.words import Words

_DAY: Final = re.compile(r"([12]\d{3})[-/年](\d{1,2})[-/月](\d{1,2})[日号]?")
_PART: Final = re.compile(r"([12]\d{3})年(\d{1,2})月(上旬|中旬|下旬|底|末)?")
_THIRDS: Final = {"上旬": 1, "中旬": 11, "下旬": 21}


def phase_days(text: str) -> Span | Words:
    """The days that a phrase stands for: a phase begins on the first and ends on the last."""
    plain = normal(text)
    try:
        if day := _DAY.fullmatch(plain):
            one = date(*map(int, day.groups()))
            return Span(one, one)
        if part := _PART.fullmatch(plain):
            return _part(int(part[1]), int(part[2]), part[3])
    except ValueError:
        return Words(f"没有“{text}”这一天", f"there is no day “{text}”")
    return Words(
        f"看不懂日期“{text}”；可写“2026-04-01”“2026年4月20日”“2026年4月上旬”“2026年6月底”",
        f"“{text}” is not understood: 2026-04-01, 2026年4月20日, 2026年4月上旬, 2026年6月底",
    )


def _part(year: int, month: int, part: str | None) -> Span:
    first = date(year, month, _THIRDS.get(part or "", 1))
    end = last_day(Cycle.MONTH, number_of(Cycle.MONTH, first) + 1)
    if part in _THIRDS:
        return Span(first, last_day(Cycle.XUN, number_of(Cycle.XUN, first) + 1))
    return Span(end if part else first, end)
