"""Values said as sentences again: the inverse of the phrases, in both languages."""

from collections.abc import Mapping
from typing import Final

from responsibilities.calendars.clock import Unit
from responsibilities.language.ladder_phrases import StepTime
from responsibilities.language.moment_phrases import BEFORE_HOLIDAY
from responsibilities.plan import Base, Step
from responsibilities.rhythm import Anchor, Cycle, Moment, Rhythm, Season
from responsibilities.roles import ROLE_NAMES
from responsibilities.words import Words

_UNITS: Final[Mapping[Unit, Words]] = {
    Unit.MINUTE: Words("分钟", "minute"),
    Unit.HOUR: Words("小时", "hour"),
    Unit.WORKING_HOUR: Words("个工作小时", "working hour"),
    Unit.DAY: Words("日", "day"),
    Unit.WORKING_DAY: Words("个工作日", "working day"),
    Unit.TEACHING_DAY: Words("个教学日", "teaching day"),
    Unit.WEEK: Words("周", "week"),
    Unit.TEACHING_WEEK: Words("个教学周", "teaching week"),
    Unit.MONTH: Words("个月", "month"),
    Unit.YEAR: Words("年", "year"),
}
_CYCLES: Final[Mapping[Cycle, Words]] = {
    Cycle.DAY: Words("日", "day"),
    Cycle.WORKING_DAY: Words("工作日", "working day"),
    Cycle.TEACHING_DAY: Words("教学日", "teaching day"),
    Cycle.WEEK: Words("周", "week"),
    Cycle.TEACHING_WEEK: Words("教学周", "teaching week"),
    Cycle.XUN: Words("旬", "ten days (旬)"),
    Cycle.HALF_MONTH: Words("半月", "half month"),
    Cycle.MONTH: Words("月", "month"),
    Cycle.QUARTER: Words("季度", "quarter"),
    Cycle.HALF_YEAR: Words("半年", "half year"),
    Cycle.YEAR: Words("年", "year"),
    Cycle.TERM: Words("学期", "term"),
    Cycle.ACADEMIC_YEAR: Words("学年", "academic year"),
    Cycle.HOLIDAY: Words("节假日", "holiday"),
}
_WITH_GE: Final = frozenset({Cycle.TEACHING_WEEK, Cycle.MONTH, Cycle.TERM, Cycle.QUARTER})
NAMES: Final[Mapping[str, str]] = {
    "开课": "first lessons",
    "结课": "last lessons",
    "开学": "registration",
    "教职工返校": "staff return",
    "学生注册": "registration",
    "新生报到": "freshmen's arrival",
    "考试开始": "exams begin",
    "放假": "students leave",
    "教职工放假": "staff leave",
    "节前": "the holiday begins",
    "节后": "the holiday ends",
    "施行": "the plan takes force",
    "印发": "the plan is issued",
    "发生": "it happened",
    "活动": "the activity",
    "知悉": "it became known",
    "报告": "it was reported",
    "结案": "the case is closed",
    "下达": "the task was opened",
    "阶段初": "the phase begins",
    "阶段末": "the phase ends",
    "首报": "the first report",
    "续报": "the follow-up report",
    "终报": "the final report",
}
_MONTH_NAMES: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DAY_NAMES: Final = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
)
COLOURS: Final[Mapping[str, str]] = {"蓝": "blue", "黄": "yellow", "橙": "orange", "红": "red"}


def _many(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _amount(count: int, unit: Unit) -> Words:
    return Words(f"{count}{_UNITS[unit].zh}", _many(count, _UNITS[unit].en))


def say_moment(moment: Moment) -> Words:
    """The moment as a phrase that reads back to the same value, and in English."""
    said = _SAY[moment.anchor](moment)
    if moment.at is None:
        return said
    clock = f"{moment.at:%H:%M}"
    head = said.zh.removesuffix("前") if moment.anchor is not Anchor.NAMED else said.zh
    return Words(head + clock + ("前" if head != said.zh else ""), f"{said.en}, {clock}")


def _say_edge(moment: Moment) -> Words:
    start = moment.anchor is Anchor.PERIOD_START
    named = (
        Words("期初", "the start of the period")
        if start
        else Words("期末", "the end of the period")
    )
    return _say_around(moment, named)


def _say_around(moment: Moment, named: Words) -> Words:
    side, en = ("前", "before") if moment.offset < 0 else ("后", "after")
    if not moment.offset:
        return named
    amount = _amount(abs(moment.offset), moment.unit)
    name = "节" if named.zh in ("节前", "节后") else named.zh
    return Words(f"{name}{side}{amount.zh}", f"{amount.en} {en} {named.en}")


def _say_named(moment: Moment) -> Words:
    english = NAMES.get(moment.name, moment.name)
    if moment.offset:
        backwards = (moment.offset < 0) == (moment.name == BEFORE_HOLIDAY)
        if moment.name not in ("节前", "节后") or backwards:
            return _say_around(moment, Words(moment.name, english))
    if moment.unit is Unit.MINUTE:
        return Words(f"{moment.name}时", f"when {english}")
    return Words(f"{moment.name}当日", f"the day of: {english}")


def _say_month_day(moment: Moment) -> Words:
    if moment.month is not None:
        head = "次年" if moment.periods else ""
        year = " of next year" if moment.periods else ""
        name = _MONTH_NAMES[moment.month - 1]
        if not moment.day:
            return Words(f"{head}{moment.month}月底前", f"by the end of {name}{year}")
        return Words(f"{head}{moment.month}月{moment.day}日前", f"by {moment.day} {name}{year}")
    head = "次月" if moment.periods else ""
    month = "next month" if moment.periods else "the month"
    if not moment.day:
        return Words(f"{head or '月'}底前", f"by the end of {month}")
    return Words(f"{head}{moment.day}日前", f"by day {moment.day} of {month}")


def _say_weekday(moment: Moment) -> Words:
    head = "次周" if moment.periods else "周"
    week = " of next week" if moment.periods else ""
    char = "一二三四五六日"[moment.day - 1]
    return Words(f"{head}{char}前", f"by {_DAY_NAMES[moment.day - 1]}{week}")


def _say_date(moment: Moment) -> Words:
    day = moment.date
    if day is None:
        return Words("", "")
    return Words(f"{day.year}年{day.month}月{day.day}日前", f"by {day.isoformat()}")


def _say_teaching_week(moment: Moment) -> Words:
    return Words(f"第{moment.day}教学周前", f"by the end of teaching week {moment.day}")


_SAY = {
    Anchor.PERIOD_START: _say_edge,
    Anchor.PERIOD_END: _say_edge,
    Anchor.MONTH_DAY: _say_month_day,
    Anchor.WEEKDAY: _say_weekday,
    Anchor.DATE: _say_date,
    Anchor.NAMED: _say_named,
    Anchor.TEACHING_WEEK: _say_teaching_week,
}


def say_rhythm(rhythm: Rhythm) -> Words:
    """The rhythm as a phrase that reads back to the same value, and in English."""
    cycle = _CYCLES[rhythm.cycle]
    ge = "个" if rhythm.cycle in _WITH_GE else ""
    zh = f"每{rhythm.count}{ge}{cycle.zh}" if rhythm.count > 1 else f"每{cycle.zh}"
    en = f"every {_many(rhythm.count, cycle.en)}" if rhythm.count > 1 else f"every {cycle.en}"
    if rhythm.target:
        zh = f"每{rhythm.target}至{rhythm.count}{ge}{cycle.zh}"
        en = f"every {rhythm.target} to {_many(rhythm.count, cycle.en)}"
    start = _say_start(rhythm)
    zh, en = zh + start.zh, en + start.en
    if rhythm.holidays:
        zh += f"（{'、'.join(rhythm.holidays)}）"
        en += f" ({', '.join(rhythm.holidays)})"
    if rhythm.months:
        said = say_months(rhythm.months)
        zh, en = zh + ("" if said.zh.count("月") == 1 else "，") + said.zh, f"{en}, {said.en}"
    if rhythm.days is not None:
        said = say_days(*rhythm.days)
        zh, en = f"{zh}，{said.zh}", f"{en}, {said.en}"
    if rhythm.season is not None:
        term = rhythm.season is Season.TERM
        zh += "，学期内" if term else "，假期内"
        en += ", in term" if term else ", in vacations"
    return Words(zh, en)


def _say_start(rhythm: Rhythm) -> Words:
    """From when it is counted; empty where nothing is said."""
    since = rhythm.since
    if rhythm.after_done:
        return Words("（自上次完成起）", " from when it was last done")
    if since is None:
        return Words("", "")
    if since < 100:
        return Words(f"（自第{since}教学周起）", f" from teaching week {since}")
    return Words(f"（自{since}年起）", f" from {since}")


def say_days(first: int, last: int) -> Words:
    """5月15日至9月30日, 11月15日至次年3月15日."""
    (month, day), (end, end_day) = divmod(first, 100), divmod(last, 100)
    head = "次年" if last < first else ""
    return Words(
        f"{month}月{day}日至{head}{end}月{end_day}日",
        f"from {day} {_MONTH_NAMES[month - 1]} to {end_day} {_MONTH_NAMES[end - 1]}",
    )


def say_months(months: tuple[int, ...]) -> Words:
    """Months of a year as a span or a list."""
    first, last = months[0], months[-1]
    names = [_MONTH_NAMES[month - 1] for month in months]
    if len(months) > 2 and months == tuple((first + i - 1) % 12 + 1 for i in range(len(months))):
        head = "次年" if last < first else ""
        return Words(f"{first}月至{head}{last}月", f"from {names[0]} to {names[-1]}")
    return Words("、".join(f"{month}月" for month in months), "in " + ", ".join(names))


def say_step_time(step: StepTime | Step) -> Words:
    """When a ladder step is due, as a phrase that reads back to the same value."""
    if step.fraction is not None:
        percent = f"{step.fraction * 100:.4f}".rstrip("0").rstrip(".") + "%"
        zh = f"剩余{percent}" + ("" if step.working else "（全时）")
        en = f"with {percent} of the {'working ' if step.working else ''}time left"
        return Words(zh, en)
    if step.base is Base.TARGET:
        return Words("目标日", "on the target day")
    zh, en = _BASES[step.base]
    unit = Unit(step.unit)
    if not step.offset:
        if unit is Unit.MINUTE:
            return Words(f"{zh}时", f"when {en}")
        return Words(f"{zh}当日", f"on the day it is {en}")
    amount = _amount(abs(step.offset), unit)
    if step.base is Base.DUE:
        before = step.offset < 0
        return Words(
            f"截止前{amount.zh}" if before else f"逾期{amount.zh}",
            f"{amount.en} before it is due" if before else f"{amount.en} overdue",
        )
    return Words(f"{zh}后{amount.zh}", f"{amount.en} after it is {en}")


_BASES: Final[Mapping[Base, Words]] = {
    Base.OPENED: Words("下达", "opened"),
    Base.DUE: Words("截止", "due"),
    Base.SUBMITTED: Words("报结", "submitted"),
}


def say_step(step: Step) -> Words:
    """One rung as a sentence: when, to whom, which notice, which colour, how urgent."""
    when = say_step_time(step)
    to_zh = "、".join(ROLE_NAMES[role].zh for role in step.to)
    to_en = ", ".join(ROLE_NAMES[role].en for role in step.to)
    shade = COLOURS.get(step.colour, step.colour)
    colour = Words(f"（{step.colour}色）", f" ({shade})") if step.colour else Words("", "")
    urgent = Words("，随即发出", ", at once") if step.urgent else Words("", "")
    return Words(
        f"{when.zh}，向{to_zh}发送《{step.notice}》{colour.zh}{urgent.zh}",
        f"{when.en}: 《{step.notice}》 to the {to_en}{colour.en}{urgent.en}",
    )
