"""When, as the office writes it, with the day a person would put a finger on in a calendar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from hypothesis import strategies as st

from tests.responsibilities.expansion.rhythms import Every
from tests.responsibilities.expansion.world import DAY, Span, World

FIGURES = ("", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")
EXACT = ("个工作小时", "小时", "分钟")
ROLLS = {"顺延": 1, "提前": -1, "不变": 0}


@dataclass(frozen=True)
class Point:
    """A moment: its phrase, the day it means in a period, and what is counted from there."""

    phrase: str
    on: Callable[[Span], date]
    at: time | None = None
    exact: tuple[int, str] | None = None
    """So many hours or minutes, instead of a time of day."""
    from_close: bool = False
    """Hours count from when the office closes on the day, because the day is an end."""
    handed_out: tuple[int, str] | None = None
    """So much after the task was handed out."""
    bare: bool = False
    """A name alone, which only 前 makes a moment: 放假前."""


@dataclass(frozen=True)
class Ask:
    """For whom a moment is drawn: opening in the period's first week, due in its last."""

    world: World
    every: Every
    draw: st.DrawFn
    closing: bool

    def edge(self, span: Span, ahead: int = 0) -> date:
        return span.last if self.closing or ahead else span.first


def moment(world: World, every: Every, draw: st.DrawFn, *, closing: bool) -> Point:
    """Any moment that can be written for this rhythm."""
    ask = Ask(world, every, draw, closing)
    makers = [_at_edge, _at_edge, _around_edge, _around_edge, *_SIZED[every.size]]
    if every.size not in ("holiday", "none"):
        makers += [_named, _teaching_week] if draw(st.integers(0, 2)) == 0 else []
    found = draw(st.sampled_from(makers))(ask)
    if found.exact is None and draw(st.integers(0, 3)) == 0:
        found = replace(found, at=draw(st.sampled_from([time(9), time(12), time(17, 15)])))
        found = replace(found, phrase=f"{found.phrase}{found.at:%H:%M}")
    if closing and found.exact is None and found.handed_out is None:
        ends = ["前", "之前"] if found.bare else ["前", "之前", ""]
        found = replace(found, phrase=f"{found.phrase}{draw(st.sampled_from(ends))}")
    return found


def figure(draw: st.DrawFn, number: int) -> str:
    """15, or 十五."""
    if draw(st.booleans()) or number > 10:
        return str(number)
    return FIGURES[number]


# ---- edges of the period ----


def _at_edge(ask: Ask) -> Point:
    late = ask.closing if ask.draw(st.integers(0, 4)) else not ask.closing
    word = ask.draw(st.sampled_from(["期末", "当日"] if ask.every.size == "day" else ["期末"]))
    if ask.every.size == "day" and ask.closing and ask.draw(st.integers(0, 3)) == 0:
        return Point("次日", lambda s: s.last + DAY)
    return Point(word, lambda s: s.last) if late else Point("期初", lambda s: s.first)


_UNITS = ("日", "天", "个工作日", "个工作日", "周", "个教学日", "个教学周", "个月", *EXACT)


def _around_edge(ask: Ask) -> Point:
    late = ask.draw(st.booleans())
    word = "期末" if late else "期初"
    return offset(ask, word, lambda s: s.last if late else s.first, is_end=late)


def offset(ask: Ask, word: str, base: Callable[[Span], date], *, is_end: bool = False) -> Point:
    number, unit = ask.draw(st.integers(1, 10)), ask.draw(st.sampled_from(_UNITS))
    number = min(number, {"个月": 3, "周": 4, "个教学周": 6}.get(unit, 10))
    back = ask.draw(st.booleans())
    phrase = f"{word}{'前' if back else '后'}{figure(ask.draw, number)}{unit}"
    phrase += "" if back or ask.draw(st.booleans()) else "内"
    signed = -number if back else number
    if unit in EXACT:
        return Point(phrase, base, exact=(signed, unit), from_close=is_end)
    of, closing = unit.replace("天", "日"), ask.closing
    return Point(phrase, lambda s: ask.world.shifted(base(s), signed, of, closing=closing))


# ---- weeks, months, years ----


def _weekday(ask: Ask) -> Point:
    day, ahead = ask.draw(st.integers(0, 6)), ask.draw(st.integers(0, 1)) if ask.closing else 0
    word = ask.draw(st.sampled_from(["周", "星期"]))

    def on(span: Span) -> date:
        edge = ask.edge(span, ahead)
        return edge + (7 * ahead + day - edge.weekday()) * DAY

    return Point(f"{'次' * ahead}{word}{'一二三四五六日'[day]}", on)


def _day_of_month(ask: Ask) -> Point:
    day, ahead = ask.draw(st.integers(1, 31)), ask.draw(st.integers(0, 1)) if ask.closing else 0
    last = ask.draw(st.integers(0, 4)) == 0
    word = f"{figure(ask.draw, day)}{ask.draw(st.sampled_from('日号'))}"
    prefix = ask.draw(st.sampled_from(["次月", "下月"])) if ahead else ""
    phrase = (
        f"{'次' if ahead else ''}月{ask.draw(st.sampled_from('底末'))}" if last else prefix + word
    )

    def on(span: Span) -> date:
        edge = ask.edge(span, ahead)
        return _in_month(edge.year, edge.month + ahead, 31 if last else day)

    return Point(phrase, on)


def _in_month(year: int, month: int, day: int) -> date:
    """That day, or the month's last where it has no such day."""
    year, month = (year + 1, month - 12) if month > 12 else (year, month)
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def _day_of_year(ask: Ask) -> Point:
    month, day = ask.draw(st.integers(1, 12)), ask.draw(st.integers(1, 28))
    ahead = ask.draw(st.integers(0, 5)) == 0 and ask.closing
    prefix = ask.draw(st.sampled_from(["次年", "明年"])) if ahead else ""
    end = ask.draw(st.integers(0, 2)) == 0
    phrase = f"{prefix}{month}月{'底' if end else f'{day}日'}"
    if ask.draw(st.integers(0, 5)) == 0:
        month, end, phrase = (
            12,
            True,
            f"{'次' if ahead else ''}年{ask.draw(st.sampled_from('底末'))}",
        )

    def on(span: Span) -> date:
        year = span.first.year + (1 if ahead else month < span.first.month)
        return _in_month(year, month, 31 if end else day)

    return Point(phrase, on)


# ---- the school's year ----


def _teaching_week(ask: Ask) -> Point:
    number = ask.draw(st.integers(1, 13))

    def on(span: Span) -> date:
        term = next(t for t in ask.world.terms if t.last >= span.first)
        return term.monday(number) + (6 * DAY if ask.closing else 0 * DAY)

    return Point(f"第{figure(ask.draw, number)}{ask.draw(st.sampled_from(['个', '']))}教学周", on)


_MARKS = {
    "开课": "开课", "正式上课": "开课", "结课": "结课", "教职工返校": "教职工返校",
    "学生注册": "学生注册", "开学": "学生注册", "新生报到": "新生报到", "考试开始": "考试开始",
    "放假": "放假", "教职工放假": "教职工放假",
}  # fmt: skip


def _named(ask: Ask) -> Point:
    names = [*_MARKS, *ask.world.named]
    word = ask.draw(st.sampled_from(names))
    base = _mark_of(ask.world, word)
    if ask.draw(st.integers(0, 2)):
        return offset(ask, word, base)
    if ask.closing and ask.draw(st.booleans()):
        return Point(word, base, bare=True)
    return Point(f"{word}当日", base)


def _mark_of(world: World, word: str) -> Callable[[Span], date]:
    """The term's own, the year's own, else the next one that comes."""
    if word in world.named:
        own = world.named[word]
    else:
        own = {t.id: t.marks[_MARKS[word]] for t in world.terms if _MARKS[word] in t.marks}
    terms = {t.id for t in world.terms}

    def on(span: Span) -> date:
        if span.id in own:
            return own[span.id]
        if span.id in terms and word not in world.named:
            raise LookupError(word)
        return min((day for day in own.values() if day >= span.first), default=None) or _none(word)

    return on


def _none(word: str) -> date:
    raise LookupError(word)


def _holiday(ask: Ask) -> Point:
    before = ask.draw(st.booleans())
    word = "节前" if before else "节后"
    number = ask.draw(st.integers(0, 5))
    unit = ask.draw(st.sampled_from(["个工作日", "日", "周"])) if number else "个工作日"
    phrase = f"{word}{figure(ask.draw, number)}{unit}" if number else word
    shift = (number or 1) * (-1 if before else 1)

    def on(span: Span) -> date:
        return ask.world.shifted(span.first if before else span.last, shift, unit)

    return Point(phrase, on)


def handed_out(draw: st.DrawFn) -> Point:
    """`下达后3个工作日内`."""
    unit = draw(
        st.sampled_from(["个工作日", "日", "天", "周", "个月", "个工作小时", "小时", "分钟"])
    )
    number = draw(st.integers(1, 3 if unit == "个月" else 9))
    phrase = f"下达后{figure(draw, number)}{unit}{draw(st.sampled_from(['内', '之内', '']))}"
    return Point(phrase, lambda s: s.first, handed_out=(number, unit.replace("天", "日")))


_Maker = Callable[[Ask], Point]
_SIZED: dict[str, Sequence[_Maker]] = {
    "day": (_at_edge,),
    "week": (_weekday, _weekday, _weekday),
    "xun": (_day_of_month,),
    "month": (_day_of_month, _day_of_month, _day_of_month),
    "year": (_day_of_year, _day_of_year, _day_of_month),
    "term": (_named, _named, _teaching_week, _day_of_year),
    "holiday": (_holiday, _holiday, _holiday),
    "none": (),
}


# ---- from the day to the clock ----


@dataclass(frozen=True)
class Reader:
    """Reads the three moments of a duty as a clerk would; wall time throughout."""

    world: World
    roll: str

    def opening(self, point: Point, span: Span) -> datetime:
        return self._clock(point, span, self.world.opening, 0 if self.roll == "不变" else 1)

    def end(self, point: Point, span: Span, opened: datetime) -> datetime:
        step = ROLLS[self.roll]
        if point.handed_out is None:
            return self._clock(point, span, self.world.closing, step)
        return self.counted(opened, *point.handed_out, step, point.at)

    def counted(
        self, mark: datetime, number: int, unit: str, step: int, at: time | None = None
    ) -> datetime:
        """So much after an instant: to the minute, or to the close of the day it leads to."""
        if unit in EXACT:
            return self.world.added(mark, number, unit)
        day = self._rolled(self.world.shifted(mark.date(), number, unit, closing=True), step)
        return datetime.combine(day, at or self.world.closing)

    def _clock(self, point: Point, span: Span, usual: time, step: int) -> datetime:
        day = point.on(span)
        if point.exact is not None:
            start = self.world.closing if point.from_close else self.world.opening
            return self.world.added(datetime.combine(day, start), *point.exact)
        return datetime.combine(self._rolled(day, step), point.at or usual)

    def _rolled(self, day: date, step: int) -> date:
        return self.world.nearest(day, step) if step else day
