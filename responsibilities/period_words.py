"""Period ids in words: `2026-27-1.W08` is 2026-2027学年第一学期第8教学周."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from responsibilities.words import Words

WEEKDAYS = (
    Words("星期一", "Monday"),
    Words("星期二", "Tuesday"),
    Words("星期三", "Wednesday"),
    Words("星期四", "Thursday"),
    Words("星期五", "Friday"),
    Words("星期六", "Saturday"),
    Words("星期日", "Sunday"),
)
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
HOLIDAYS = {
    "new-year": Words("元旦", "New Year"),
    "spring-festival": Words("春节", "Spring Festival"),
    "qingming": Words("清明节", "Qingming Festival"),
    "labour-day": Words("劳动节", "Labour Day"),
    "dragon-boat": Words("端午节", "Dragon Boat Festival"),
    "mid-autumn": Words("中秋节", "Mid-Autumn Festival"),
    "national-day": Words("国庆节", "National Day"),
}
"""The statutory holidays by the ids of `calendars/cn` (《全国年节及纪念日放假办法》)."""
_HALVES = {
    "1": Words("上半月", "first half"),
    "2": Words("下半月", "second half"),
}
_NUMERALS = "零一二三四五六"
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth")
_XUN = ("", "上旬", "中旬", "下旬")
_THIRDS = ("", "first ten days", "middle ten days", "last days")


def say_period(period_id: str) -> Words:
    """What a period is called. An id of no known form is its own name in both languages."""
    whole, _, place = period_id.rpartition(".T")
    if whole and place.isdecimal():
        of = say_period(whole)
        return Words(f"{of.zh}第{place}次", f"time {place} of {of.en}")
    for pattern, say in _FORMS:
        found = pattern.fullmatch(period_id)
        if found is not None:
            words = say(*found.groups())
            if words is not None:
                return words
    return Words(period_id, period_id)


def say_day(day: date) -> Words:
    """2026年11月30日（星期一） / Monday, 30 November 2026."""
    weekday = WEEKDAYS[day.weekday()]
    return Words(
        f"{day.year}年{day.month}月{day.day}日（{weekday.zh}）",
        f"{weekday.en}, {day.day} {MONTHS[day.month - 1]} {day.year}",
    )


def _day(year: str, month: str, day: str) -> Words | None:
    try:
        return say_day(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _week(year: str, week: str) -> Words | None:
    try:
        first = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None
    last = first + timedelta(days=6)
    return Words(
        f"{year}年第{int(week)}周（{first.month}月{first.day}日至{last.month}月{last.day}日）",
        f"week {int(week)} of {year} ({first.day} {MONTHS[first.month - 1]} to "
        f"{last.day} {MONTHS[last.month - 1]})",
    )


def _xun(year: str, month: str, part: str) -> Words | None:
    of = _month(year, month)
    if of is None:
        return None
    return Words(f"{of.zh}{_XUN[int(part)]}", f"{_THIRDS[int(part)]} of {of.en}")


def _half_month(year: str, month: str, part: str) -> Words | None:
    of, half = _month(year, month), _HALVES[part]
    return None if of is None else Words(f"{of.zh}{half.zh}", f"{half.en} of {of.en}")


def _month(year: str, month: str) -> Words | None:
    if not 1 <= int(month) <= 12:
        return None
    return Words(f"{year}年{int(month)}月", f"{MONTHS[int(month) - 1]} {year}")


def _quarter(year: str, quarter: str) -> Words:
    return Words(
        f"{year}年第{_NUMERALS[int(quarter)]}季度", f"{_ORDINALS[int(quarter)]} quarter of {year}"
    )


def _half(year: str, half: str) -> Words:
    return Words(f"{year}年{'上下'[int(half) - 1]}半年", f"{_ORDINALS[int(half)]} half of {year}")


def _academic_year(first: str, last: str) -> Words | None:
    if (int(first) + 1) % 100 != int(last):
        return None
    return Words(f"{first}-{int(first) + 1}学年", f"academic year {first}-{int(first) + 1}")


def _term(first: str, last: str, number: str) -> Words | None:
    year = _academic_year(first, last)
    if year is None:
        return None
    return Words(
        f"{year.zh}第{_NUMERALS[int(number)]}学期", f"{_ORDINALS[int(number)]} term of {year.en}"
    )


def _teaching_week(first: str, last: str, number: str, week: str) -> Words | None:
    term = _term(first, last, number)
    if term is None:
        return None
    return Words(f"{term.zh}第{int(week)}教学周", f"teaching week {int(week)}, {term.en}")


def _holiday(year: str, holiday: str) -> Words | None:
    name = HOLIDAYS.get(holiday)
    return Words(f"{year}年{name.zh}", f"{name.en} {year}") if name else None


def _year(year: str) -> Words:
    return Words(f"{year}年", year)


def _validity(number: str) -> Words:
    return Words(f"第{number}期", f"round {number}")


def _once() -> Words:
    return Words("一次性任务", "one-off")


def _event(number: str) -> Words:
    return Words(f"事件{number}", f"incident {number}")


_FORMS: tuple[tuple[re.Pattern[str], Callable[..., Words | None]], ...] = (
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), _day),
    (re.compile(r"(\d{4})-W(\d\d)"), _week),
    (re.compile(r"(\d{4})-(\d\d)-([1-6])\.W(\d\d)"), _teaching_week),
    (re.compile(r"(\d{4})-(\d\d)\.X([123])"), _xun),
    (re.compile(r"(\d{4})-(\d\d)\.B([12])"), _half_month),
    (re.compile(r"(\d{4})-(\d\d)"), _month),
    (re.compile(r"(\d{4})-(\d\d)"), _academic_year),
    (re.compile(r"(\d{4})-Q([1-4])"), _quarter),
    (re.compile(r"(\d{4})-H([12])"), _half),
    (re.compile(r"(\d{4})"), _year),
    (re.compile(r"(\d{4})-(\d\d)-([1-6])"), _term),
    (re.compile(r"(\d{4})\.([a-z-]+)"), _holiday),
    (re.compile(r"once"), _once),
    (re.compile(r"V(\d+)"), _validity),
    (re.compile(r"(E\d{4}-\d+)"), _event),
)
