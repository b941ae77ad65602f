"""How often: 每月, 每2个教学周（自第1教学周起）, 每周，11月至次年3月, read into a `Rhythm`."""

import re
from calendar import monthrange
from dataclasses import replace
from typing import Final, NamedTuple

from responsibilities.civil import CIVIL
from responsibilities.language.numerals import NUMBER, number
from responsibilities.language.wording import normal, vague
from responsibilities.renewals import COUNTABLE
from responsibilities.rhythm import Cycle, Rhythm, Season
from responsibilities.words import Words

CYCLES: Final = {
    "工作日": Cycle.WORKING_DAY,
    "教学日": Cycle.TEACHING_DAY,
    "教学周": Cycle.TEACHING_WEEK,
    "周": Cycle.WEEK,
    "星期": Cycle.WEEK,
    "旬": Cycle.XUN,
    "半个月": Cycle.HALF_MONTH,
    "半月": Cycle.HALF_MONTH,
    "季度": Cycle.QUARTER,
    "季": Cycle.QUARTER,
    "半年": Cycle.HALF_YEAR,
    "学年": Cycle.ACADEMIC_YEAR,
    "学期": Cycle.TERM,
    "年度": Cycle.YEAR,
    "年": Cycle.YEAR,
    "月": Cycle.MONTH,
    "法定节假日": Cycle.HOLIDAY,
    "节假日": Cycle.HOLIDAY,
    "日": Cycle.DAY,
    "天": Cycle.DAY,
}
_NEVER_COUNTED: Final = frozenset({Cycle.XUN, Cycle.HALF_MONTH, Cycle.HALF_YEAR, Cycle.HOLIDAY})
_LONGEST: Final = {Cycle.YEAR: 20, Cycle.ACADEMIC_YEAR: 20, Cycle.TERM: 40, Cycle.MONTH: 240}
_EVERY: Final = re.compile(
    rf"每(?:(?P<target>{NUMBER})个?(?:月|周|年|日|天)?(?:至|到|-|~))?"
    rf"(?P<count>{NUMBER})?个?(?P<cycle>{'|'.join(CYCLES)})"
    r"(?:\((?P<paren>[^()]*)\))?,?(?P<mask>.*)"
)
_SINCE: Final = re.compile(rf"自第?(?P<since>{NUMBER})(?P<of>教学周|周|年|学年)(?:度)?起")
_AFTER_DONE: Final = re.compile(
    "自(?:上次|前次|上一次)(?:[一-鿿]{0,4})(?:之日|当日)?起(?:算|计算)?"
)
_SINCE_WEEK: Final = frozenset({Cycle.WEEK, Cycle.TEACHING_WEEK})
_SINCE_NO_YEAR: Final = frozenset({Cycle.TEACHING_WEEK, Cycle.TERM})
_SPAN: Final = re.compile(rf"(?P<first>{NUMBER})月(?:至|到|-|~)(?P<next>次年)?(?P<last>{NUMBER})月")
_DAYS: Final = re.compile(
    rf"(?P<month>{NUMBER})月(?P<day>{NUMBER})日(?:至|到|-|~)(?P<next>次年)?"
    rf"(?P<last_month>{NUMBER})月(?P<last_day>{NUMBER})日"
)
_MONTHS: Final = re.compile(rf"{NUMBER}月?(?:、{NUMBER}月?)*")
_SEASONS: Final = {
    "学期内": Season.TERM,
    "学期中": Season.TERM,
    "假期内": Season.VACATION,
    "假期": Season.VACATION,
    "寒暑假": Season.VACATION,
    "寒暑假期间": Season.VACATION,
}
_ONCE: Final = re.compile(r",?(?:不少于|至少|不低于)?[1一]次(?=$|[,(])")
"""每月不少于1次 is 每月."""
_AHEAD: Final = re.compile(r"(?P<mask>[^每]+?),?(?P<rest>每.+)")


class Mask(NamedTuple):
    """When a rhythm is awake."""

    months: tuple[int, ...] = ()
    season: Season | None = None
    days: tuple[int, int] | None = None


def rhythm(text: str) -> Rhythm | Words:
    """What an `every:` or `checkpoint:` phrase means, or the sentence saying what is wrong."""
    plain = normal(text)
    plain = _ONCE.sub("", plain)
    wrong = vague(plain) or _written_otherwise(plain)
    if wrong:
        return wrong
    ahead = _AHEAD.fullmatch(plain)
    if ahead:
        plain = f"{ahead['rest']},{ahead['mask']}"
    match = _EVERY.fullmatch(plain)
    if match is None:
        return _not_understood(text)
    return _read(match, text)


def _read(match: "re.Match[str]", text: str) -> Rhythm | Words:
    cycle = CYCLES[match["cycle"]]
    count = number(match["count"]) if match["count"] else 1
    if not count or (count > 1 and cycle in _NEVER_COUNTED):
        return _not_understood(text)
    if count > _LONGEST.get(cycle, 366):
        return Words(f"“{text}”过长，请核对", f"“{text}” is too long to be meant")
    target = number(match["target"]) or 0 if match["target"] else 0
    if match["target"] and not (0 < target < count and cycle in CIVIL):
        return _wrong_range(text)
    found = _Suffix(None, (), Mask())
    after_done = False
    for part in filter(None, (match["paren"], match["mask"])):
        if _AFTER_DONE.fullmatch(part):
            after_done = True
            continue
        read = _suffix(part, cycle)
        if isinstance(read, Words):
            return read
        found = _Suffix(
            read.since or found.since,
            read.holidays or found.holidays,
            Mask(
                read.mask.months or found.mask.months,
                read.mask.season or found.mask.season,
                read.mask.days or found.mask.days,
            ),
        )
    known = (*found.mask, found.holidays, text)
    whole = Rhythm(cycle, count, found.since, *known, target=target)
    if after_done:
        return _counted_from_last(whole)
    return _complete(whole, match)


def _counted_from_last(rhythm: Rhythm) -> Rhythm | Words:
    """What counts from the last time it was done has no phase and no season of its own."""
    masked = rhythm.since is not None or rhythm.months or rhythm.season or rhythm.days
    if rhythm.cycle not in COUNTABLE or masked:
        return Words(
            f"“{rhythm.text}”从上次完成起算的，只能以日、周、月、季度、半年、年计，"
            "不再写起算年份和月份",
            f"“{rhythm.text}”: what counts from the last time is in days, weeks, months, quarters, "
            "half-years or years, without a phase or season",
        )
    return replace(rhythm, after_done=True)


def _wrong_range(text: str) -> Words:
    return Words(
        f"“{text}”应先写目标、后写最迟，如“每3至6个月”（日、周、月、季度、年）",
        f"“{text}” names the target first and the latest second, as 每3至6个月 does",
    )


def _complete(rhythm: Rhythm, match: "re.Match[str]") -> Rhythm | Words:
    """A rhythm of several years has no phase unless it says from when."""
    years = rhythm.cycle in (Cycle.YEAR, Cycle.ACADEMIC_YEAR)
    span = f"{match['target']}至" if match["target"] else ""
    written = f"每{span}{match['count'] or ''}{match['cycle']}"
    if rhythm.count > 1 and years and rhythm.since is None:
        return Words(
            f"“{written}”未写明自哪一年起算，请写“{written}（自2024年起）”",
            f"“{written}” does not say from which year it counts; write {written}（自2024年起）",
        )
    if rhythm.since is not None and rhythm.count == 1:
        return Words(
            "每一期都有的频次无需“自…起”，请删去",
            "a rhythm of every period needs no 自…起; leave it out",
        )
    return rhythm


class _Suffix(NamedTuple):
    since: int | None
    holidays: tuple[str, ...]
    mask: Mask


def _suffix(text: str, cycle: Cycle) -> _Suffix | Words:
    since = _SINCE.fullmatch(text)
    if since:
        return _since(number(since["since"]) or 0, since["of"] in ("教学周", "周"), cycle, text)
    read = mask(text)
    if read is not None:
        return read if isinstance(read, Words) else _Suffix(None, (), read)
    if cycle is Cycle.HOLIDAY and re.fullmatch(r"[一-鿿]+(?:、[一-鿿]+)*", text):
        return _Suffix(None, tuple(text.split("、")), Mask())
    return Words(
        f"看不懂“{text}”；可写“3月至12月”“11月至次年3月”“5月15日至9月30日”“学期内”“假期内”“自2024年起”",
        f"“{text}” is not understood; write 3月至12月, 11月至次年3月, 5月15日至9月30日, 学期内, "
        "假期内 or 自2024年起",
    )


def _since(value: int, weeks: bool, cycle: Cycle, text: str) -> _Suffix | Words:
    known = _SINCE_WEEK if weeks else frozenset(Cycle) - _SINCE_NO_YEAR
    if cycle not in known or value not in (range(1, 31) if weeks else range(1949, 2101)):
        return Words(f"“{text}”有误，请核对", f"“{text}” cannot be meant")
    return _Suffix(value, (), Mask())


def mask(text: str) -> Mask | Words | None:
    """What a rhythm is limited to: months, days of the year, 学期内 or 假期内; None otherwise."""
    season = _SEASONS.get(text)
    if season:
        return Mask((), season)
    days = _DAYS.fullmatch(text)
    if days:
        return _days(days, text)
    span = _SPAN.fullmatch(text)
    if span:
        first, last = number(span["first"]) or 0, number(span["last"]) or 0
        if span["next"]:
            return _checked((*range(first, 13), *range(1, last + 1)), (first, last))
        if last < first:
            return Words(
                f"“{text}”跨年，请写“{first}月至次年{last}月”",
                f"“{text}” crosses the year's end; write {first}月至次年{last}月",
            )
        return _checked(tuple(range(first, last + 1)), (first, last))
    if _MONTHS.fullmatch(text) and text.endswith("月"):
        given = tuple(number(part.removesuffix("月")) or 0 for part in text.split("、"))
        return _checked(given, given)
    return None


def _days(match: "re.Match[str]", text: str) -> Mask | Words:
    first, last = (
        (number(match[month]) or 0) * 100 + (number(match[day]) or 0)
        for month, day in (("month", "day"), ("last_month", "last_day"))
    )
    for one in (first, last):
        if one // 100 not in range(1, 13) or not 1 <= one % 100 <= monthrange(2024, one // 100)[1]:
            return Words(f"“{text}”中没有这一天，请核对", f"there is no such day in “{text}”")
    if bool(match["next"]) is not (last < first):
        return Words(
            f"“{text}”跨年的写“次年”，不跨年的不写",
            f"“{text}”: write 次年 where the span crosses the year's end, and only there",
        )
    return Mask((), None, (first, last))


def _checked(months: tuple[int, ...], written: tuple[int, ...]) -> Mask | Words:
    wrong = [month for month in written if not 1 <= month <= 12]
    if wrong:
        return Words(f"没有{wrong[0]}月", f"there is no month {wrong[0]}")
    return Mask(tuple(dict.fromkeys(months)))


_OTHERWISE: Final = (
    (
        r"每(?:[0-9一二两三四五六七八九十]+)?个?(?:小时|分钟|餐|课间|节课|班次).*",
        "小于一日的动作不单独成为督办事项，请以“每日”或“每周”汇总核查",
        "what happens within a day is not a task of its own; attest it by 每日 or 每周",
    ),
    (
        r".*随机.*",
        "随机的写在 draw: 中，如 draw: 每学期随机2次",
        "what is random is written as `draw:`, e.g. draw: 每学期随机2次",
    ),
    (
        r".*(?:动态更新|变动时|变更时).*",
        "请写 standing: 动态更新 并给出 checkpoint:",
        "write `standing: 动态更新` with a `checkpoint:`",
    ),
    (
        r".*连续.+(?:次|个月|季度).*",
        "连续几期未达标的写在 watch: 中",
        "what falls short period after period is written as `watch:`",
    ),
)


_OFTEN: Final = re.compile(
    rf"(?P<every>每.+?),?(?P<times>(?:不少于|至少|不低于)?{NUMBER}次(?:[,(].*)?)"
)


def _written_otherwise(text: str) -> Words | None:
    if re.search("到期|有效期|届满", text):
        return Words(
            f"“{text}”请写在 renew: 中，如 renew: 有效期1年，到期前30日",
            f"write “{text}” as `renew:`, e.g. renew: 有效期1年，到期前30日",
        )
    for pattern, zh, en in _OTHERWISE:
        if re.fullmatch(pattern, text):
            return Words(f"“{text}”不是频次；{zh}", f"“{text}” is no rhythm; {en}")
    if re.search("敏感时期|重要时期|重大活动|汛期|冬防|行动期间", text):
        return Words(
            f"“{text}”请分开写：起止由办公室临时确定的写 window:；每年固定月份加密的写 surge:",
            f"split “{text}”: `window:` where the office opens it, `surge:` for months of the year",
        )
    often = _OFTEN.fullmatch(text)
    if often:
        return Words(
            f"“{text}”请分开写：every: {often['every']}，times: {often['times']}",
            f"split “{text}”: every: {often['every']} and times: {often['times']}",
        )
    split = re.fullmatch(r"每(?P<cycle>周|星期)(?P<day>[一二三四五六日天])", text)
    if split:
        return Words(
            f"“{text}”请分开写：every: 每周，due: 周{split['day']}前",
            f"split “{text}”: every: 每周 and due: 周{split['day']}前",
        )
    dated = re.fullmatch(rf"每(?P<cycle>月|年)(?P<day>(?:{NUMBER}月)?{NUMBER}[日号]|底|末).*", text)
    if dated and not _DAYS.search(text):
        due = f"{dated['cycle'] if dated['day'] in '底末' else ''}{dated['day']}前"
        return Words(
            f"“{text}”请分开写：every: 每{dated['cycle']}，due: {due}",
            f"split “{text}”: every: 每{dated['cycle']} and due: {due}",
        )
    return None


def _not_understood(text: str) -> Words:
    return Words(
        f"看不懂频次“{text}”；可写“每周”“每教学周”“每2周”“每月”“每学期”“每年9月”"
        "“每个节假日”“每周，3月至12月”等",
        f"the rhythm “{text}” is not understood; write e.g. 每周, 每教学周, 每2周, 每月, 每学期, "
        "每年9月, 每个节假日 or 每周，3月至12月",
    )
