"""How often, as the office writes it, with every period that a calendar on the wall would show.

RRULE says the civil periods; what it cannot say is counted by hand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule
from hypothesis import strategies as st

from tests.responsibilities.expansion.world import DAY, Span, World

BEGIN, END = date(2022, 1, 1), date(2028, 6, 30)
_MONDAY = date(1, 1, 1) + 12 * 8764 * 7 * DAY
"""A Monday from which every second, third and fourth week counts as from the first of all."""


@dataclass(frozen=True)
class Every:
    """A rhythm: its phrase and its periods; `size` says what moments make sense in it."""

    phrase: str
    spans: Sequence[Span]
    size: str
    """day, week, xun, month, year, term, holiday"""
    days: int
    """How long a period is at the least."""
    asleep: Sequence[Span] = ()
    """Those outside its months too, where it has a mask."""

    @property
    def awake_or_not(self) -> Sequence[Span]:
        return self.asleep or self.spans


def _between(starts: Sequence[date], name: Callable[[date], str]) -> list[Span]:
    return [Span(name(a), a, b - DAY) for a, b in pairwise(starts)]


@cache
def _rule(frequency: int, start: date, **rule: object) -> list[date]:
    found = rrule(frequency, dtstart=start, until=END, **rule)  # type: ignore[arg-type]
    return [each.date() for each in found]


def _week_id(day: date) -> str:
    return day.strftime("%G-W%V")


def _month_id(day: date) -> str:
    return day.strftime("%Y-%m")


# ---- civil periods: RRULE ----


def _days(draw: st.DrawFn) -> Every:
    count = draw(st.sampled_from([1, 1, 2, 3]))
    starts = _rule(DAILY, BEGIN if count == 1 else date(2024, 1, 1), interval=count)
    phrase = draw(st.sampled_from(["每日", "每天"])) if count == 1 else f"每{count}天（自2024年起）"
    return Every(phrase, _between(starts, date.isoformat), "day", count)


def _weeks(draw: st.DrawFn) -> Every:
    count = draw(st.sampled_from([1, 1, 1, 2, 3, 4]))
    word = {1: "每周", 2: draw(st.sampled_from(["每两周", "每2周"])), 3: "每3周", 4: "每四个星期"}
    return _of_weeks(word[count], count, _MONDAY)


def _of_weeks(phrase: str, count: int, monday: date) -> Every:
    starts = _rule(WEEKLY, monday, interval=count)
    return Every(phrase, _between(starts, _week_id), "week", 7 * count)


def _xun(draw: st.DrawFn) -> Every:
    starts = _rule(MONTHLY, BEGIN, bymonthday=(1, 11, 21))
    name = {1: "X1", 11: "X2", 21: "X3"}
    return Every("每旬", _between(starts, lambda d: f"{_month_id(d)}.{name[d.day]}"), "xun", 8)


def _months(draw: st.DrawFn) -> Every:
    count = draw(st.sampled_from([1, 1, 1, 2, 3, 4, 6]))
    starts = _rule(MONTHLY, BEGIN, interval=count, bymonthday=1)
    words = ["每月", "每个月", "每月不少于1次"] if count == 1 else [f"每{count}个月"]
    words += ["每3至6个月"] if count == 6 else []
    phrase = draw(st.sampled_from(words))
    return Every(phrase, _between(starts, _month_id), "month", 28 * count)


def _quarters(draw: st.DrawFn) -> Every:
    starts = _rule(YEARLY, BEGIN, bymonth=(1, 4, 7, 10), bymonthday=1)
    spans = _between(starts, lambda d: f"{d.year}-Q{d.month // 3 + 1}")
    return Every(draw(st.sampled_from(["每季度", "每季"])), spans, "month", 90)


def _halves(draw: st.DrawFn) -> Every:
    starts = _rule(YEARLY, BEGIN, bymonth=(1, 7), bymonthday=1)
    return Every("每半年", _between(starts, lambda d: f"{d.year}-H{d.month // 7 + 1}"), "year", 181)


def _years(draw: st.DrawFn) -> Every:
    starts = [*_rule(YEARLY, BEGIN), date(2029, 1, 1)]
    return Every(draw(st.sampled_from(["每年", "每年度"])), _between(starts, _year_id), "year", 365)


def _year_id(day: date) -> str:
    return str(day.year)


def _some_years(draw: st.DrawFn) -> Every:
    since, count = draw(st.integers(2022, 2027)), draw(st.integers(2, 4))
    starts = [date(since + count * n, 1, 1) for n in range(4)]
    spans = _between(starts, _year_id)
    return Every(f"每{count}年（自{since}年起）", spans, "year", 365 * count)


def _season_of_year(draw: st.DrawFn) -> Every:
    first, last = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    starts = _rule(YEARLY, date(2022, first, 1))
    over = first > last
    spans = [Span(str(a.year), a, _month_end(date(a.year + over, last, 1))) for a in starts]
    phrase = f"每年{first}月" if first == last else f"每年{first}月至{'次年' * over}{last}月"
    return Every(phrase, spans, "year", 28)


def _month_end(day: date) -> date:
    return (day.replace(day=28) + 4 * DAY).replace(day=1) - DAY


# ---- what somebody has to publish: counted by hand ----


def _working_days(world: World, draw: st.DrawFn) -> Every:
    days = _rule(DAILY, BEGIN)
    spans = [Span(d.isoformat(), d, d) for d in days if world.works(d)]
    return Every("每工作日", spans, "day", 1)


def _teaching_days(world: World, draw: st.DrawFn) -> Every:
    spans = [Span(d.isoformat(), d, d) for d in sorted(world.teaching)]
    return Every("每教学日", spans, "day", 1)


def _teaching_weeks(world: World, draw: st.DrawFn) -> Every:
    count = draw(st.sampled_from([1, 1, 2, 3]))
    since = draw(st.integers(1, 3)) if count > 1 else 1
    spans: list[Span] = []
    for term in world.terms:
        own = [week for week in world.weeks if week.id.startswith(term.id)][since - 1 :]
        parts = [own[n : n + count] for n in range(0, len(own), count)]
        spans += [Span(part[0].id, part[0].first, part[-1].last) for part in parts]
    phrase = "每教学周" if count == 1 else f"每{count}个教学周（自第{since}教学周起）"
    return Every(phrase, spans, "week", 7)


def _weeks_from_week_one(world: World, draw: st.DrawFn) -> Every:
    number, count = draw(st.integers(1, 5)), draw(st.sampled_from([2, 3]))
    monday = world.terms[0].monday(number) - 52 * count * 7 * DAY
    return _of_weeks(f"每{count}周（自第{number}教学周起）", count, monday)


def _terms(world: World, draw: st.DrawFn) -> Every:
    count = draw(st.sampled_from([1, 1, 1, 2]))
    pairs = [world.terms[n : n + count] for n in range(0, len(world.terms), count)]
    spans = [Span(part[0].id, part[0].first, part[-1].last) for part in pairs]
    return Every("每学期" if count == 1 else "每2个学期", spans, "term", 112)


def _academic_years(world: World, draw: st.DrawFn) -> Every:
    years = world.years
    if draw(st.booleans()):
        return Every("每学年", years, "term", 250)
    since = draw(st.sampled_from([2024, 2025]))
    own = [y for y in years if int(y.id[:4]) >= since]
    pairs = [own[n : n + 2] for n in range(0, len(own), 2)]
    spans = [Span(part[0].id, part[0].first, part[-1].last) for part in pairs]
    return Every(f"每2学年（自{since}年起）", spans, "term", 250)


def _holidays(world: World, draw: st.DrawFn) -> Every:
    names = [h.name for h in world.holidays[:7]]
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=3))
    spans = [
        Span(f"{h.year}.{h.id}", h.first, h.last)
        for h in sorted(world.holidays, key=lambda h: (h.first, h.year, h.id))
        if not chosen or h.name in chosen
    ]
    phrase = f"每个节假日（{'、'.join(chosen)}）" if chosen else "每个节假日"
    return Every(phrase, spans, "holiday", 1)


_CIVIL = (_days, _weeks, _weeks, _xun, _months, _months, _quarters, _halves, _years, _some_years)
_PUBLISHED = (
    _working_days, _teaching_days, _teaching_weeks, _weeks_from_week_one, _terms,
    _academic_years, _holidays,
)  # fmt: skip


def rhythm(world: World, draw: st.DrawFn, most: int = 10_000) -> Every:
    """Any rhythm of the language, sometimes limited to months or to one side of the school year.

    `most`: how many days a period may have.
    """
    if draw(st.booleans()):
        found = draw(st.sampled_from((*_CIVIL, _season_of_year)))(draw)
        masked = found.days < 365 and found.phrase[1] != "年" and draw(st.integers(0, 3)) == 0
    else:
        found = draw(st.sampled_from(_PUBLISHED))(world, draw)
        masked = found.size in ("day", "week") and draw(st.integers(0, 4)) == 0
    if found.days > most or (most < 365 and found.phrase.startswith("每年")):
        found = _weeks(draw)
    return _masked(found, world, draw) if masked else found


def _masked(every: Every, world: World, draw: st.DrawFn) -> Every:
    if draw(st.integers(0, 2)) == 0:
        away = draw(st.booleans())
        start = world.years[0].first
        spans = [s for s in every.spans if _mid(s) >= start and world.on_vacation(_mid(s)) is away]
        word = draw(st.sampled_from(["假期内", "寒暑假期间"])) if away else "学期内"
        return replace(every, phrase=f"{every.phrase}，{word}", spans=spans, asleep=every.spans)
    word, months = some_months(draw)
    awake = [s for s in every.spans if _touches(s, months, every.size)]
    front = draw(st.booleans()) and "（" not in every.phrase
    phrase = f"{word}{every.phrase}" if front else f"{every.phrase}，{word}"
    return replace(every, phrase=phrase, spans=awake, asleep=every.spans)


def _mid(span: Span) -> date:
    return span.first + (span.last - span.first) // 2


def _touches(span: Span, months: Sequence[int], size: str) -> bool:
    """A week belongs to the month of its middle day, anything longer to all it reaches into."""
    if size in ("day", "week"):
        return _mid(span).month in months
    return any(
        (span.first + n * DAY).month in months for n in range((span.last - span.first).days + 1)
    )


def some_months(draw: st.DrawFn, most: int = 11) -> tuple[str, list[int]]:
    """`11月至次年3月` and its months; a list of single ones at times."""
    first, length = draw(st.integers(1, 12)), draw(st.integers(1, most))
    months = [(first - 1 + n) % 12 + 1 for n in range(length)]
    last = months[-1]
    if length == 1:
        return f"{first}月", months
    if length == 2 and draw(st.booleans()):
        return f"{first}月、{last}月", months
    return f"{first}月至{'次年' if last < first else ''}{last}月", months


# ---- several times a period; a denser season ----


def several(every: Every, draw: st.DrawFn) -> tuple[Every, str]:
    """The rhythm with n times in each period, and the `times:` phrase."""
    most = min(every.days // 2, 8)
    times = draw(st.integers(2, max(most, 2)))
    gap = draw(st.integers(0, (every.days - 1) // (times - 1) - 1))
    spans = [part for span in every.spans for part in parts(span, times, gap)]
    phrase = f"至少{times}次" + (f"，间隔不少于{gap}日" if gap else "")
    return replace(every, spans=spans), phrase


def parts(span: Span, times: int, gap: int) -> list[Span]:
    """Day by day: the n-th time has the days whose end falls into the n-th part of the period."""
    days = (span.last - span.first).days + 1
    own: list[list[int]] = [[] for _ in range(times)]
    for day in range(days):
        own[((day + 1) * times - 1) // days].append(day)
    last = [part[-1] for part in own]
    for place in reversed(range(times - 1)):
        last[place] = min(last[place], last[place + 1] - gap)
    return [
        Span(f"{span.id}.T{n + 1}", span.first + min(own[n][0], last[n]) * DAY,
             span.first + last[n] * DAY)
        for n in range(times)
    ]  # fmt: skip


def surged(own: Every, dense: Every, months: Sequence[int]) -> tuple[list[Span], list[Span]]:
    """What stays of a rhythm outside the months, and what of the denser one replaces the rest."""
    gone: set[date] = set()
    stay: list[Span] = []
    for span in own.spans:
        days = [span.first + n * DAY for n in range((span.last - span.first).days + 1)]
        if all(day.month in months for day in days):
            gone.update(days)
        else:
            stay.append(span)
    return stay, [span for span in dense.spans if _mid(span) in gone]
