"""Duties as YAML, each with the tasks that it asks for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from tests.responsibilities.expansion.moments import (
    Ask,
    Point,
    Reader,
    handed_out,
    moment,
    offset,
)
from tests.responsibilities.expansion.rhythms import (
    Every,
    parts,
    rhythm,
    several,
    some_months,
    surged,
)
from tests.responsibilities.expansion.world import DAY, Span, World

LONG = timedelta(days=62)


class Asked(NamedTuple):
    """One task without its unit; wall time."""

    period: str
    subject: str
    opens: datetime
    due: datetime
    lapses: datetime | None


@dataclass(frozen=True)
class Frame:
    """The plan around the duties, and the time that is looked at."""

    world: World
    in_force: date
    issued: date
    ends: date | None
    since: datetime
    until: datetime
    spans: tuple[tuple[datetime, datetime | None], ...]
    """When the office has opened the run-time window, and closed it."""


@dataclass(frozen=True)
class Strand:
    """A rhythm with its window: the duty's own, or that of its surge."""

    spans: Sequence[Span]
    opens: Point
    due: Point
    lapses: Point | None
    about: int = 0
    subjects: Sequence[Span] = ()


@dataclass(frozen=True)
class Drawn:
    """A duty as written, and everything it ever asks for by the calendars alone."""

    yaml: str
    strands: tuple[Strand, ...]
    roll: str
    skips: bool
    window: bool

    def __repr__(self) -> str:
        return self.yaml


START, END = Point("", lambda s: s.first), Point("", lambda s: s.last)


def scheduled(frame: Frame, draw: st.DrawFn) -> Drawn:
    """A recurring or standing duty with any of the keys that change when it is asked for."""
    world = frame.world
    kind = draw(st.sampled_from(["plain"] * 6 + ["times", "surge", "surge", "window", "about"]))
    every = words = rhythm(world, draw, 31 if kind == "window" else 10_000)
    keys: dict[str, str] = {"every": every.phrase}
    if draw(st.integers(0, 4)) == 0:
        keys = {"standing": "常态化", "checkpoint": every.phrase}
    if kind == "times" and every.days >= 4 and "每3至" not in every.phrase:
        every, keys["times"] = several(every, draw)
        words = replace(every, size="none")  # each time has a span of its own
    opens, due = _window(world, words, draw)
    roll, skips = _rolling(draw, keys)
    lapses = moment(world, words, draw, closing=True) if draw(st.integers(0, 5)) == 0 else None
    keys |= {"about": {"about": "上一期"}, "window": {"window": "敏感时期"}}.get(kind, {})
    about = -1 if kind == "about" else 0
    strands = [Strand(every.spans, opens, due, lapses, about, every.awake_or_not)]
    if kind == "surge" and every.days >= 7 and every.size in ("week", "xun", "month"):
        strands = _with_surge(world, every, strands[0], draw, keys)
    keys |= {k: p.phrase for k, p in (("opens", opens), ("due", due)) if p.phrase}
    keys |= {"lapses": lapses.phrase} if lapses else {}
    skips = skips and every.size != "holiday"
    return Drawn(_yaml(keys), tuple(strands), roll, skips, kind == "window")


def _rolling(draw: st.DrawFn, keys: dict[str, str]) -> tuple[str, bool]:
    roll = draw(st.sampled_from(["顺延", "顺延", "提前", "不变"]))
    if roll != "顺延" or draw(st.booleans()):
        keys["roll"] = roll
    skips = draw(st.integers(0, 3)) == 0
    if skips:
        keys["no_workday"] = "免办"
    return roll, skips


def _window(world: World, every: Every, draw: st.DrawFn) -> tuple[Point, Point]:
    opens = moment(world, every, draw, closing=False) if draw(st.booleans()) else START
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return opens, handed_out(draw)
    return opens, END if kind == 1 else moment(world, every, draw, closing=True)


def _with_surge(
    world: World, every: Every, own: Strand, draw: st.DrawFn, keys: dict[str, str]
) -> list[Strand]:
    word, months = some_months(draw, 6)
    if every.days > 31 * len(months):
        return [own]
    if draw(st.integers(0, 2)) == 0:
        phrase, dense = "加倍", _doubled(every)
    else:
        dense = rhythm(world, draw, (every.days - 1) // 2)
        if dense.days * 2 > every.days or dense.size == "holiday" or "个教学周" in dense.phrase:
            return [own]
        phrase = dense.phrase
    stay, filled = surged(every, dense, months)
    given = {"during": word, "every": phrase}
    opens, due = START, END
    if phrase != "加倍" and draw(st.booleans()):
        opens, due = _window(world, dense, draw)
        given |= {k: p.phrase for k, p in (("opens", opens), ("due", due)) if p.phrase}
    keys["surge"] = "{" + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}"
    return [replace(own, spans=stay), Strand(filled, opens, due, None)]


def _doubled(every: Every) -> Every:
    return replace(every, spans=[p for s in every.spans for p in parts(s, 2, 0)])


def one_off(frame: Frame, draw: st.DrawFn) -> Drawn:
    """`once:`, counted from the plan's own days or a day of the school, or on a day given."""
    world = frame.world
    whole = Span("once", frame.in_force, frame.ends or date(2031, 12, 31))
    life = Every("", [whole], "none", 1)
    form = draw(st.integers(0, 3))
    if form == 0:
        day = frame.in_force + draw(st.integers(0, 300)) * DAY
        shape = draw(st.sampled_from(["{0:%Y-%m-%d}", "{0.year}年{0.month}月{0.day}日"]))
        due = Point(f"{shape.format(day)}前", lambda s: day)
    else:
        base = frame.in_force if form < 3 else frame.issued
        word = "施行" if form < 3 else "印发"
        due = offset(Ask(world, life, draw, True), word, lambda s: base)
    keys = {"once": due.phrase}
    roll, _ = _rolling(draw, keys)
    keys.pop("no_workday", None)
    opens = Point("", lambda s: frame.in_force)
    strand = Strand([whole], opens, due, None, 0, [whole])
    return Drawn(_yaml(keys), (strand,), roll, skips=False, window=False)


def _yaml(keys: dict[str, str]) -> str:
    return "".join(f"    {key}: {value}\n" for key, value in keys.items())


# ---- what it asks for ----


def makes_sense(drawn: Drawn, frame: Frame) -> bool:
    """Whether what is written runs forward on the days it names, wherever it is looked at.

    The calendars may end first, or an anchor be missing: then nobody could say.
    """
    plain = Reader(frame.world, "不变")
    try:
        for strand in drawn.strands:
            for span in strand.spans:
                if not _looked_at(span, frame):
                    continue
                opens, due, lapses = _dates(strand, span, plain)
                if opens.date() > due.date() or (lapses and lapses < due):
                    return False
                _dates(strand, span, Reader(frame.world, drawn.roll))
    except (LookupError, IndexError, StopIteration):
        return False
    return True


def _looked_at(span: Span, frame: Frame) -> bool:
    return span.last >= date(2025, 1, 1) and span.first <= date(2027, 10, 1)


def _dates(
    strand: Strand, span: Span, reader: Reader
) -> tuple[datetime, datetime, datetime | None]:
    opens = reader.opening(strand.opens, span)
    due = reader.end(strand.due, span, opens)
    return opens, due, reader.end(strand.lapses, span, opens) if strand.lapses else None


def expected(drawn: Drawn, frame: Frame) -> list[Asked]:
    """Everything that opens after `since` up to `until`, in order of opening."""
    found = sorted(_by_the_calendars(drawn, frame), key=lambda one: one.opens)
    if drawn.window:
        found = list(_while_open(found, frame))
    return [one for one in found if frame.since < one.opens <= frame.until]


def _by_the_calendars(drawn: Drawn, frame: Frame) -> Iterator[Asked]:
    """What was running when the plan took force is asked for on that day; earlier is not."""
    world, reader = frame.world, Reader(frame.world, drawn.roll)
    force = datetime.combine(world.nearest(frame.in_force, 1), world.opening)
    midnight = datetime.combine(frame.in_force, time(0))
    end = datetime.combine(frame.ends + DAY, time(0)) if frame.ends else None
    for strand in drawn.strands:
        for span in strand.spans:
            days = (span.first + n * DAY for n in range((span.last - span.first).days + 1))
            if not _looked_at(span, frame) or (drawn.skips and not any(map(world.works, days))):
                continue
            opens, due, lapses = _dates(strand, span, reader)
            if opens > due:  # a rest day moved it past its end
                opens = min(datetime.combine(due.date(), world.opening), due)
            if opens < midnight:
                if due <= force:
                    continue
                opens = force
            if end is None or opens < end:
                lapses = max(lapses, due) if lapses else None
                yield Asked(span.id, _subject(strand, span), opens, due, lapses)


def _subject(strand: Strand, span: Span) -> str:
    if not strand.about:
        return span.id
    place = [one.id for one in strand.subjects].index(span.id)
    return strand.subjects[place - 1].id if place else span.id


def _while_open(found: Sequence[Asked], frame: Frame) -> Iterator[Asked]:
    """What is not over yet when the window opens is asked for at once."""
    seen: set[str] = set()
    for opened, closed in frame.spans:
        for one in found:
            opens = max(one.opens, opened)
            if one.period in seen or one.due <= opened or (closed and opens >= closed):
                continue
            seen.add(one.period)
            yield one._replace(opens=opens)


def frames(world: World) -> st.SearchStrategy[Frame]:
    """A plan that takes force in 2026, looked at for a while, with a window opened now and then."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Frame:
        in_force = date(2026, 1, 1) + draw(st.integers(0, 300)) * DAY * draw(st.booleans())
        ends = in_force + draw(st.integers(30, 500)) * DAY if draw(st.booleans()) else None
        since = datetime(2025, 12, 1) + timedelta(hours=draw(st.integers(0, 8000)))
        until = since + timedelta(hours=draw(st.integers(1, 9000)))
        opened = datetime(2026, 1, 1) + timedelta(minutes=draw(st.integers(0, 500_000)))
        closed = opened + timedelta(minutes=draw(st.integers(1, 90_000)))
        again = closed + timedelta(minutes=draw(st.integers(0, 90_000)))
        spans: tuple[tuple[datetime, datetime | None], ...] = ((opened, closed), (again, None))
        issued = in_force - draw(st.integers(0, 90)) * DAY
        until = min(until, datetime(2027, 6, 20))
        return Frame(world, in_force, issued, ends, since, until, spans[: draw(st.integers(1, 2))])

    return drawn()
