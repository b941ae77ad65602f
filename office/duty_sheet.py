"""A duty in force as its office reads it: what it means, whom the ladder tells, the next dates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from office.workplace import InForce
from responsibilities.calendars.clock import Clock
from responsibilities.holders import say_holder
from responsibilities.ladder import preview
from responsibilities.language.draw_phrases import say_draw
from responsibilities.language.rhythm_modifiers import say_surge, say_times
from responsibilities.language.saying import say_moment, say_step
from responsibilities.language.varied_phrases import say_often
from responsibilities.matrix import KIND_WORDS
from responsibilities.mechanisms import named, say_beat
from responsibilities.occurrences import Dated, dated
from responsibilities.openings import ladder_of
from responsibilities.period_words import say_period
from responsibilities.phases import phase_of, say_phase
from responsibilities.plan import EVENT_UNIT, Duty, Plan
from responsibilities.renewals import Chain, is_renewing
from responsibilities.words import Language, Refused, Words

SHOWN = 5
"""How many coming periods are listed."""
AHEAD = timedelta(days=400)
NOT_TOLD = Words(
    "抽取的日期和单位不预告，到日即下达。", "Days and units drawn are not told before."
)


def duty_sheet(
    place: InForce, duty: Duty, now: datetime, language: Language, chain: Chain | None = None
) -> dict[str, object]:
    """Label -> text or list of texts, in reading order.

    `chain`: how far its holders have come, for a duty that counts from the last time.
    """
    plan, clock = place.plan, place.clock

    def told(words: Words) -> str:
        return words.in_(language)

    coming, limit = next_periods(place, duty, now, chain)
    phase = phase_of(plan, duty)
    sheet: dict[str, object] = {
        told(Words("职责", "duty")): f"{duty.id}　{duty.title}",
        told(Words("类别", "kind")): told(KIND_WORDS[duty.kind]),
        told(Words("依据", "basis")): [f"{s.section}　“{s.quote}”" for s in duty.sources],
        told(Words("责任单位", "responsible")): "、".join(_units(plan, duty.responsible)),
        told(Words("配合单位", "helped by")): "、".join(_units(plan, duty.co_acting)),
        told(Words("频次", "rhythm")): _rhythm(plan, duty, language),
        told(Words("时期", "only in")): _only_in(plan, duty),
        told(Words("工作阶段", "phase")): told(say_phase(phase)) if phase else "",
        told(Words("机制", "mechanism")): [
            told(say_beat(mechanism, beat)) for mechanism, beat in named(plan).get(duty.id, ())
        ],
        told(Words("窗口", "window")): _window(duty, language),
        told(Words("升级阶梯", "ladder")): [told(say_step(s)) for s in ladder_of(plan, duty)],
        told(Words("最近各期", "coming")): [_line(one, plan, clock, language) for one in coming],
        told(Words("首期阶梯日期", "the ladder's dates")): _dates(
            plan, duty, coming, clock, language
        ),
        told(Words("办公室核定", "assumed")): [f"{a.key}：{a.reason}" for a in duty.assumed],
        told(Words("待答复", "open question")): duty.question,
        told(Words("日期所限", "dates end")): told(limit) if limit else "",
    }
    return {label: value for label, value in sheet.items() if value}


def _units(plan: Plan, ids: tuple[str, ...]) -> list[str]:
    names = {unit.id: unit.name for unit in plan.units} | {EVENT_UNIT: "事发单位"}
    return [names.get(one, one) for one in ids]


def _rhythm(plan: Plan, duty: Duty, language: Language) -> str:
    if duty.rhythm is None:
        return ""
    if duty.draw is not None:
        roster = next((one.name for one in plan.rosters if one.id == duty.draw.roster), "")
        return say_draw(duty.draw, roster).in_(language)
    said = (say_often(duty), say_times(duty.rhythm), *map(say_surge, duty.surges))
    parts = [words.in_(language) for words in said]
    return Words("，", ", ").in_(language).join(filter(None, parts))


def _window(duty: Duty, language: Language) -> str:
    if duty.when is None:
        return ""
    opens, due = say_moment(duty.when.opens), say_moment(duty.when.due)
    return Words(f"{opens.zh} 起，{due.zh} 止", f"from {opens.en} to {due.en}").in_(language)


def _only_in(plan: Plan, duty: Duty) -> str:
    return next((window.name for window in plan.windows if window.id == duty.window), "")


def next_periods(
    place: InForce, duty: Duty, now: datetime, chain: Chain | None
) -> tuple[list[Dated], Words | None]:
    """The next periods, as far as the calendars know, and why there are no more."""
    found: list[Dated] = []
    if duty.when is None or duty.event is not None:
        return found, None
    if duty.draw is not None:
        return found, NOT_TOLD
    try:
        found.extend(islice(_windows(place, duty, now, chain), SHOWN))
    except Refused as refused:
        return found, refused.words
    return found, None


def _windows(place: InForce, duty: Duty, now: datetime, chain: Chain | None) -> Iterator[Dated]:
    """Week by week, so that the end of the calendars is met only when it is reached."""
    if is_renewing(duty):
        yield from dated(place.plan, duty, place.clock, now, now + AHEAD, chain=chain)
        return
    step, since = timedelta(days=7), now
    while since < now + AHEAD:
        yield from dated(place.plan, duty, place.clock, since, since + step, place.spans)
        since += step


def _line(one: Dated, plan: Plan, clock: Clock, language: Language) -> str:
    opens, due = clock.local(one.opens_at), clock.local(one.due_at)
    period = say_period(one.period).in_(language)
    mark = Words("（暂定）", " (provisional)").in_(language) if one.provisional else ""
    whose = "、".join(say_holder(plan, holder) for holder in one.holders or ())
    period += f"（{whose}）" if whose else ""
    return f"{period}：{opens:%Y-%m-%d %H:%M} — {due:%Y-%m-%d %H:%M}{mark}"


def _dates(
    plan: Plan, duty: Duty, coming: list[Dated], clock: Clock, language: Language
) -> list[str]:
    if not coming:
        return []
    first = coming[0]
    rungs = preview(ladder_of(plan, duty), first.opens_at, first.due_at, clock)
    return [f"{clock.local(at):%Y-%m-%d %H:%M}　{say_step(s).in_(language)}" for at, s in rungs]
