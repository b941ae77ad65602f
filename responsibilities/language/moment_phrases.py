"""When: 次月5日前, 开课后4个教学周内, 知悉后30分钟内, read into a `Moment`."""

import re
from collections.abc import Callable
from datetime import date, time
from typing import Final

from responsibilities.calendars.clock import Unit
from responsibilities.language.numerals import NUMBER, number
from responsibilities.language.wording import AMOUNT, EXACT, amount, normal, vague
from responsibilities.rhythm import PHASE_ENDS, Anchor, Moment
from responsibilities.words import Words

_END: Final = re.compile(
    r"(?P<body>.*?)(?:(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})|[时点](?P<half>半)?))?"
    r"(?P<before>之前|以前|前)?"
)
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_AHEAD: Final = {"次": 1, "下": 1, "明": 1}
_WEEKDAYS: Final = "一二三四五六日"
BEFORE_HOLIDAY: Final = "节前"
AFTER_HOLIDAY: Final = "节后"
_NAME: Final = r"(?P<name>[^0-9:,、()每前后][^0-9:,、()前后]{0,19}?)"
_Reader = Callable[["re.Match[str]"], "Moment | Words"]


def moment(text: str) -> Moment | Words:
    """What an `opens:`, `due:`, `once:` or `lapses:` phrase means, or the sentence saying why not.

    The Moment carries the phrase as written in `text`.
    """
    plain = normal(text)
    end = _END.fullmatch(plain)
    wrong = vague(plain) or _for_later(plain)
    if plain.startswith("提前"):
        wrong = _without_anchor(plain)
    if wrong or end is None:
        return wrong or _not_understood(text)
    at = _time_of_day(end)
    if isinstance(at, Words):
        return at
    found = _body(end["body"], at is not None, bool(end["before"]))
    if found is None:
        return _without_anchor(plain) or _not_understood(text)
    if isinstance(found, Words):
        return found
    if at is not None and (found.unit in EXACT or (found.unit is Unit.MINUTE)):
        return Words(
            f"“{text}”以分钟或小时计，不能再写钟点",
            f"“{text}” counts minutes or hours and cannot also have a time of day",
        )
    return _with(found, at, text)


def _with(found: Moment, at: time | None, text: str) -> Moment:
    return Moment(
        found.anchor, found.day, found.month, found.date, found.name,
        found.periods, found.offset, found.unit, at, text,
    )  # fmt: skip


def _time_of_day(end: "re.Match[str]") -> time | Words | None:
    if end["hour"] is None:
        return None
    hour = int(end["hour"])
    minute = int(end["minute"] or (30 if end["half"] else 0))
    if (hour, minute) == (24, 0):
        return time(23, 59)
    if hour > 23 or minute > 59:
        return Words(f"没有{hour}:{minute:02d}这一时刻", f"there is no time {hour}:{minute:02d}")
    return time(hour, minute)


def _body(body: str, timed: bool, before: bool) -> Moment | Words | None:
    if not body:
        return Moment(Anchor.PERIOD_END) if timed else None
    for pattern, read in _FORMS:
        match = pattern.fullmatch(body)
        if match:
            return read(match)
    bare = re.fullmatch(_NAME, body)
    if before and bare:
        return _named(body)
    return None


def _date(match: "re.Match[str]") -> Moment | Words:
    year, month, day = (int(match[key]) for key in ("year", "month", "day"))
    wrong = _no_such_day(month, day)
    if wrong:
        return wrong
    try:
        return Moment(Anchor.DATE, date=date(year, month, day))
    except ValueError:
        return Words(
            f"{year}年没有{month}月{day}日", f"{year}-{month:02d}-{day:02d} does not exist"
        )


def _day_of_month(match: "re.Match[str]") -> Moment | Words:
    day = number(match["day"]) or 0
    if not 1 <= day <= 31:
        return Words(f"没有{match['day']}日", f"no month has a day {match['day']}")
    return Moment(Anchor.MONTH_DAY, day, periods=_AHEAD.get(match["ahead"] or "", 0))


def _month_end(match: "re.Match[str]") -> Moment:
    return Moment(Anchor.MONTH_DAY, 0, periods=_AHEAD.get(match["ahead"] or "", 0))


def _day_of_year(match: "re.Match[str]") -> Moment | Words:
    month, last = number(match["month"]) or 0, match["day"] in "底末"
    day = 0 if last else number(match["day"]) or -1
    wrong = _no_such_day(month, 1 if last else day)
    if wrong:
        return wrong
    periods = _AHEAD.get((match["ahead"] or "")[:1], 0)
    return Moment(Anchor.MONTH_DAY, day, month, periods=periods)


def _year_end(match: "re.Match[str]") -> Moment:
    return Moment(Anchor.MONTH_DAY, 0, 12, periods=_AHEAD.get(match["ahead"] or "", 0))


def _no_such_day(month: int, day: int) -> Words | None:
    if not 1 <= month <= 12:
        return Words(f"没有{month}月", f"there is no month {month}")
    if not 1 <= day <= _LONGEST[month - 1]:
        return Words(
            f"{month}月没有{day}日，如指月末请写“{month}月底前”",
            f"month {month} has no day {day}; for its last day write {month}月底前",
        )
    if (month, day) == (2, 29):
        return Words(
            "2月29日并非每年都有，请写“2月底前”",
            "29 February does not come every year; write 2月底前",
        )
    return None


def _weekday(match: "re.Match[str]") -> Moment:
    day = _WEEKDAYS.find(match["day"].replace("天", "日")) + 1
    return Moment(Anchor.WEEKDAY, day, periods=_AHEAD.get(match["ahead"] or "", 0))


def _teaching_week(match: "re.Match[str]") -> Moment | Words:
    week = number(match["week"]) or 0
    if not 1 <= week <= 30:
        return Words(f"没有第{match['week']}教学周", f"there is no teaching week {match['week']}")
    return Moment(Anchor.TEACHING_WEEK, week)


def _next_day(match: "re.Match[str]") -> Moment:
    return Moment(Anchor.PERIOD_END, offset=1)


_STARTS: Final = ("期初", "学期初", "学年初")
_ENDS: Final = (
    *("期末", "学期末", "学年末", "当日", "当天", "季末", "季度末", "旬末"),
    *("到期", "期满", "届满"),
)


def _named(name: str, offset: int = 0, unit: Unit = Unit.DAY) -> Moment:
    """A name with an offset; 节前 alone is the last working day before, 节后 the first after."""
    if name in (*_STARTS, *_ENDS) and not offset:
        unit = Unit.DAY
    if name in _STARTS:
        return Moment(Anchor.PERIOD_START, offset=offset, unit=unit)
    if name in _ENDS:
        return Moment(Anchor.PERIOD_END, offset=offset, unit=unit)
    if name in (BEFORE_HOLIDAY, AFTER_HOLIDAY) and not offset:
        offset, unit = (-1 if name == BEFORE_HOLIDAY else 1), Unit.WORKING_DAY
    return Moment(Anchor.NAMED, name=name, offset=offset, unit=unit)


def _on(match: "re.Match[str]") -> Moment:
    exact = match["on"] == "时"
    return _named(match["name"], 0, Unit.MINUTE if exact else Unit.DAY)


def _around(match: "re.Match[str]") -> Moment | Words:
    read = amount(match)
    if isinstance(read, Words):
        return read
    name = match["name"] + match["side"] if match["name"] == "节" else match["name"]
    return _named(name, -read.number if match["side"] == "前" else read.number, read.unit)


def _alone(match: "re.Match[str]") -> Moment:
    return _named(match["name"])


_MONTH: Final = r"(?P<ahead>次|下|本|当|每)?个?月?"
_YEAR: Final = r"(?P<ahead>次年|下年|明年|本年|当年|每年)?度?"
_FORMS: Final[tuple[tuple["re.Pattern[str]", _Reader], ...]] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (r"(?P<year>[12][0-9]{3})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})", _date),
        (r"(?P<year>[12][0-9]{3})年(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号]", _date),
        (rf"{_MONTH}(?P<day>{NUMBER})[日号]", _day_of_month),
        (r"(?P<ahead>次|下|本|当|每)?个?月(?:底|末)", _month_end),
        (rf"{_YEAR}(?P<month>{NUMBER})月(?P<day>{NUMBER})[日号]", _day_of_year),
        (rf"{_YEAR}(?P<month>{NUMBER})月(?P<day>底|末)", _day_of_year),
        (r"(?P<ahead>次|下|明|本|当)?年(?:底|末)", _year_end),
        (r"(?P<ahead>次|下|本|当)?个?(?:周|星期)(?P<day>[一二三四五六日天])", _weekday),
        (rf"第(?P<week>{NUMBER})个?教学周(?:末|内)?", _teaching_week),
        (r"次日", _next_day),
        (rf"(?P<name>{'|'.join((*_STARTS, *_ENDS, *PHASE_ENDS))}|节前|节后)", _alone),
        (rf"{_NAME}(?P<on>当日|当天|时)", _on),
        (rf"{_NAME}(?P<side>前|后|起){AMOUNT}(?:之内|以内|内)?", _around),
        (r"(?P<name>节)", lambda match: _named(BEFORE_HOLIDAY)),
    )
)


def _for_later(text: str) -> Words | None:
    if re.match(r"每[0-9一二两三四五六七八九十]*个?(?:小时|分钟|日|天).*(?:续报|一次)", text):
        return Words(
            f"“{text}”是重复的间隔，请写在 stages 某一阶段的 repeat: 中",
            f"“{text}” says how often; write it as the `repeat:` of a stage",
        )
    if re.match(r".*(?:有效期|上次)", text):
        return Words(
            f"“{text}”请分开写：renew: 有效期1年，到期前30日；或 every: 每2年（自上次完成起）",
            f"split “{text}”: `renew: 有效期1年，到期前30日` or `every: 每2年（自上次完成起）`",
        )
    if text in ("月初", "月中", "年初", "学期中"):
        return Words(
            f"“{text}”没有数字；请写日期，如“10日前”“3月10日前”“第9教学周前”",
            f"“{text}” carries no number; write a day, e.g. 10日前, 3月10日前 or 第9教学周前",
        )
    return None


_UNANCHORED: Final = re.compile(rf"(?:提前)?{AMOUNT}(?:之内|以内|内|前|后)?")


def _without_anchor(text: str) -> Words | None:
    if _UNANCHORED.fullmatch(text):
        return Words(
            f"“{text}”未写明从何时起算；请写如“知悉后30分钟内”“开课后4个教学周内”",
            f"“{text}” does not say from when it counts; write e.g. 知悉后30分钟内 "
            "or 开课后4个教学周内",
        )
    return None


def _not_understood(text: str) -> Words:
    return Words(
        f"看不懂时间“{text}”；可写“5日前”“次月5日前”“月底前”“周五前”“9月30日前”“期末”"
        "“第4教学周前”“开课后4个教学周内”“知悉后30分钟内”“2026-12-31前”等",
        f"the time “{text}” is not understood; write e.g. 5日前, 次月5日前, 月底前, 周五前, "
        "9月30日前, 期末, 第4教学周前, 开课后4个教学周内, 知悉后30分钟内 or 2026-12-31前",
    )
