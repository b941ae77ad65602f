"""A world to count in: rest days, make-up days and a school's terms, drawn from a number.

It counts day by day in plain sets and knows nothing of the engine, which is told the same world
in the YAML that an office would write.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

DAY = timedelta(days=1)
FIRST, LAST = date(2022, 1, 1), date(2031, 12, 31)
"""What the nation has published; the school follows from autumn 2024 to summer 2028."""
ZONES = {"Asia/Shanghai": 8, "Asia/Tokyo": 9, "UTC": 0}
OFFICE_HOURS = (
    ((8, 0, 12, 0), (14, 0, 17, 30)),
    ((9, 0, 17, 0),),
    ((8, 30, 11, 30), (13, 0, 16, 45)),
)
NAMES = (
    ("元旦", "new-year", 1, 1),
    ("春节", "spring-festival", 2, 8),
    ("清明节", "qingming", 4, 4),
    ("劳动节", "labour-day", 5, 1),
    ("端午节", "dragon-boat", 6, 12),
    ("中秋节", "mid-autumn", 9, 21),
    ("国庆节", "national-day", 10, 1),
)


class Span(NamedTuple):
    """A period: its name and its first and last day."""

    id: str
    first: date
    last: date


class Holiday(NamedTuple):
    name: str
    id: str
    year: int
    first: date
    last: date


@dataclass(frozen=True)
class Term:
    id: str
    year: str
    first: date
    last: date
    week1: date
    weeks: int
    marks: dict[str, date]
    """开课, 放假, … as plans say it."""
    yaml: str

    def monday(self, number: int) -> date:
        return self.week1 + (number - 1) * 7 * DAY


@dataclass(frozen=True)
class World:
    number: int
    holidays: tuple[Holiday, ...]
    make_up: frozenset[date]
    rest: frozenset[date]
    terms: tuple[Term, ...]
    named: dict[str, dict[str, date]]
    """A free anchor's date by academic year."""
    staff: dict[date, bool]
    students: dict[date, bool]
    hours: tuple[tuple[time, time], ...]
    zone: str

    def __repr__(self) -> str:
        return f"world({self.number})"

    # ---- days ----

    def of_nation(self, day: date) -> bool:
        return day in self.make_up or (day.weekday() < 5 and day not in self.rest)

    def works(self, day: date) -> bool:
        if not FIRST <= day <= LAST:
            raise LookupError(day)
        return self.staff.get(day, self.of_nation(day))

    def teaches(self, day: date) -> bool:
        if not self.years[0].first <= day <= self.years[-1].last:
            raise LookupError(day)
        return day in self.teaching

    @cached_property
    def teaching(self) -> frozenset[date]:
        """Every teaching day."""
        found: set[date] = set()
        for term in self.terms:
            for number in range(term.weeks * 7):
                day = term.week1 + number * DAY
                lessons = term.marks["开课"] <= day <= term.marks["结课"]
                if self.students.get(day, lessons and self.of_nation(day)):
                    found.add(day)
        return frozenset(found)

    @cached_property
    def weeks(self) -> list[Span]:
        return [
            Span(f"{t.id}.W{n:02d}", t.monday(n), t.monday(n) + 6 * DAY)
            for t in self.terms
            for n in range(1, t.weeks + 1)
        ]

    @cached_property
    def years(self) -> list[Span]:
        ids = sorted({t.year for t in self.terms})
        firsts = [
            min(date(int(i[:4]), 9, 1), next(t.first for t in self.terms if t.year == i))
            for i in ids
        ]
        end = max(date(int(ids[-1][:4]) + 1, 8, 31), self.terms[-1].last)
        lasts = [*(first - DAY for first in firsts[1:]), end]
        return [Span(*row) for row in zip(ids, firsts, lasts, strict=True)]

    def on_vacation(self, day: date) -> bool:
        for term, after in zip(self.terms, [*self.terms[1:], None], strict=True):
            back = after.marks["学生注册"] if after else LAST
            if term.marks["放假"] <= day < back:
                return True
        return False

    def nearest(self, day: date, step: int) -> date:
        """The day itself or the next working day in that direction."""
        while not self.works(day):
            day += step * DAY
        return day

    def shifted(self, day: date, number: int, unit: str, *, closing: bool = False) -> date:
        """民法典: the start day does not count; a month ends on the day of the same number."""
        if unit in ("个月", "年"):
            months = number if unit == "个月" else 12 * number
            return day + relativedelta(months=months)
        if unit in ("日", "周"):
            return day + number * (7 if unit == "周" else 1) * DAY
        if unit == "个教学周":
            return self._weeks_from(day, number, closing)
        counts = self.works if unit == "个工作日" else self.teaches
        step = DAY if number > 0 else -DAY
        left = abs(number)
        while left:
            day += step
            left -= counts(day)
        return day

    def _weeks_from(self, day: date, number: int, closing: bool) -> date:
        """“4个教学周内”: this week is the first of them, and the last one ends on its Sunday."""
        weeks = self.weeks
        if not self.years[0].first <= day <= self.years[-1].last:
            raise LookupError(day)
        inside = any(w.first <= day <= w.last for w in weeks)
        if number > 0:
            ahead = [w for w in weeks if w.last >= day]
            found = ahead[number - 1 + (inside and not closing)]
        else:
            found = [w for w in weeks if w.last < day][number]
        return found.last if closing and number > 0 else found.first + day.weekday() * DAY

    # ---- the clock on the wall ----

    @property
    def opening(self) -> time:
        return self.hours[0][0]

    @property
    def closing(self) -> time:
        return self.hours[-1][1]

    def wall(self, instant: datetime) -> datetime:
        """An instant as the wall clock shows it."""
        return instant.replace(tzinfo=None) + timedelta(hours=ZONES[self.zone])

    def added(self, start: datetime, number: int, unit: str) -> datetime:
        """Minutes, hours and office hours from an instant on the wall."""
        if unit != "个工作小时":
            return start + number * timedelta(**{"hours" if unit == "小时" else "minutes": 1})
        left = timedelta(hours=abs(number))
        for low, high in self._spans_from(start, back=number < 0):
            if high - low >= left:
                return high - left if number < 0 else low + left
            left -= high - low
        raise LookupError(start)

    def _spans_from(self, start: datetime, *, back: bool) -> Iterator[tuple[datetime, datetime]]:
        day = start.date()
        while FIRST <= day <= LAST:
            spans = self.hours[::-1] if back else self.hours
            for a, b in spans if self.works(day) else ():
                low, high = datetime.combine(day, a), datetime.combine(day, b)
                low, high = (low, min(high, start)) if back else (max(low, start), high)
                if low < high:
                    yield low, high
            day += -DAY if back else DAY

    # ---- as the office writes it ----

    def national(self) -> Iterator[str]:
        """One calendar file a year."""
        for year in range(FIRST.year, LAST.year + 1):
            lines = [
                f"year: {year}",
                "status: official",
                "revision: 1",
                "notice: 国办发明电〔0〕1号",
            ]
            lines += ["holidays:"]
            for one in (h for h in self.holidays if h.year == year):
                near = sorted(d for d in self.make_up if _belongs(d, one, self.holidays))
                lines.append(
                    f"  - {{name: {one.name}, id: {one.id}, rest: {one.first}..{one.last}, "
                    f"statutory: {_statutory(one)}, work: [{', '.join(map(str, near))}]}}"
                )
            yield "\n".join(lines) + "\n"

    def school(self) -> str:
        """The `calendar:` section of the plan."""
        lines = ["calendar:", "  school:"]
        for year in self.years:
            start = int(year.id[:4])
            lines += [f'    "{start}-{start + 1}":', "      terms:"]
            lines += [t.yaml for t in self.terms if t.year == year.id]
            own = [d for d in sorted({*self.staff, *self.students}) if year.first <= d <= year.last]
            lines += ["      overrides:"] if own else []
            lines += [f"        - {self._override(d)}" for d in own]
            given = ", ".join(f"{n}: {days[year.id]}" for n, days in self.named.items())
            lines += [f"      anchors: {{{given}}}"]
        return "\n".join(lines) + "\n"

    def _override(self, day: date) -> str:
        who = [w for w, days in (("staff", self.staff), ("students", self.students)) if day in days]
        work = self.staff.get(day, self.students.get(day))
        return f"{{date: {day}, work: {str(work).lower()}, applies_to: [{', '.join(who)}]}}"


def _statutory(one: Holiday) -> date:
    return one.first if one.first.year == one.year else one.last


def _belongs(day: date, one: Holiday, all_: tuple[Holiday, ...]) -> bool:
    return min(all_, key=lambda h: abs(h.first - day)) is one


def world(number: int) -> World:
    """The world with that number: always the same one."""
    chance = Random(number)
    holidays = tuple(_holidays(chance))
    rest = frozenset(
        h.first + n * DAY for h in holidays for n in range((h.last - h.first).days + 1)
    )
    terms = tuple(_terms(chance))
    ids = sorted({t.year for t in terms})
    named = {
        "录取通知书寄发": {i: date(int(i[:4]), 7, chance.randint(1, 20)) for i in ids},
        "运动会": {i: date(int(i[:4]), 10, chance.randint(12, 31)) for i in ids},
    }
    staff: dict[date, bool] = {}
    students: dict[date, bool] = {}
    for term in terms:
        for _ in range(chance.randint(0, 5)):
            day = term.first + chance.randint(0, (term.last - term.first).days) * DAY
            who = chance.choice(((staff,), (students,), (staff, students)))
            work = chance.random() < 0.4
            if day not in staff and day not in students:
                for own in who:
                    own[day] = work
    return World(
        number,
        holidays,
        frozenset(_make_up(chance, holidays, rest)),
        rest,
        terms,
        named,
        staff,
        students,
        tuple((time(a, b), time(c, d)) for a, b, c, d in chance.choice(OFFICE_HOURS)),
        chance.choice(list(ZONES)),
    )


def _holidays(chance: Random) -> Iterator[Holiday]:
    for year in range(FIRST.year, LAST.year + 1):
        for name, id_, month, day in NAMES:
            first = date(year, month, day) + chance.randint(-4, 4) * DAY
            last = first + chance.randint(0, 8) * DAY
            if last.year < year:
                last = date(year, 1, 1)
            yield Holiday(name, id_, year, max(first, FIRST), last)


def _make_up(
    chance: Random, holidays: tuple[Holiday, ...], rest: frozenset[date]
) -> Iterator[date]:
    for one in holidays:
        for _ in range(chance.randint(0, 3)):
            day = one.first + chance.randint(-12, 16) * DAY
            if day.weekday() > 4 and day not in rest and FIRST <= day <= LAST:
                yield day


def _terms(chance: Random) -> Iterator[Term]:
    before = date(2024, 8, 1)
    for year in range(2024, 2028):
        for place, earliest in ((1, date(year, 8, 25)), (2, date(year + 1, 2, 12))):
            week1 = max(earliest, before + 10 * DAY)
            week1 += (-week1.weekday() % 7 + 7 * chance.randint(0, 1)) * DAY
            weeks = chance.randint(13, 17)
            exams = week1 + (weeks - chance.randint(0, 1)) * 7 * DAY
            exams_end = exams + chance.randint(4, 11) * DAY
            leave = exams_end + chance.randint(1, 3) * DAY
            register = week1 - chance.randint(0, 3) * DAY
            back = max(register - chance.randint(0, 9) * DAY, before + DAY)
            marks = {
                "教职工返校": back,
                "学生注册": register,
                "开课": week1,
                "结课": min(week1 + (7 * weeks - 3) * DAY, exams - DAY),
                "考试开始": exams,
                "放假": leave,
                "教职工放假": leave + chance.randint(0, 6) * DAY,
            }
            if place == 1:
                marks["新生报到"] = week1 + chance.randint(-5, 10) * DAY
            term = _term(year, place, week1, weeks, marks, exams_end, prep=chance.random() < 0.5)
            before = term.last
            yield term


def _term(
    year: int, place: int, week1: date, weeks: int, marks: dict[str, date], exams_end: date, *,
    prep: bool,
) -> Term:  # fmt: skip
    freshmen = f"freshmen_register: {marks['新生报到']}, " if "新生报到" in marks else ""
    yaml = (
        f"        - {{staff_return: {marks['教职工返校']}, "
        f"students_register: {marks['学生注册']}, {freshmen}"
        f"teaching: {{week1: {week1}, weeks: {weeks}, prep_week: {str(prep).lower()}}}, "
        f"exams: {marks['考试开始']}..{exams_end}, students_leave: {marks['放假']}, "
        f"staff_leave: {marks['教职工放假']}}}"
    )
    starts = (marks["教职工返校"], marks["学生注册"], week1 - 7 * DAY * prep)
    short = f"{year}-{(year + 1) % 100:02d}"
    first, last = min(starts), marks["教职工放假"]
    return Term(f"{short}-{place}", short, first, last, week1, weeks, marks, yaml)
