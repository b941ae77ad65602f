"""`next`: the next dates of a duty as sentences, and why each of them is what it is."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click

from duban.commands.plans import compiled
from duban.console import Exit, as_json, in_words, now_option, put_json, say
from duban.desk import desk
from office.chains import taken_up
from office.duty_sheet import NOT_TOLD
from office.workplace import InForce, all_in_force, place_of
from responsibilities.calendars.clock import Clock
from responsibilities.holders import say_holder
from responsibilities.language.rhythm_modifiers import say_surge
from responsibilities.language.varied_phrases import say_often
from responsibilities.matrix import KIND_WORDS
from responsibilities.occurrences import beyond
from responsibilities.period_words import say_day, say_period
from responsibilities.phases import phase_of, say_phase
from responsibilities.plan import EVENT_UNIT, Duty, Kind, Plan
from responsibilities.problem import did_you_mean
from responsibilities.renewals import Chain, is_renewing
from responsibilities.why import Explained, Reason, explain, say_reason
from responsibilities.words import Refused, Words
from storage.engine import reading
from storage.instants import text


@click.command(
    help=say(
        "列出一项职责此后几期的下达、截止日期，逐个写明缘由：依据的说法、从何时起算、是否因休息日移动、"
        "所据日历及其状态。不给文件夹时按施行中的方案。",
        "The next dates of a duty and why each is what it is: the phrase, what it counts from, the "
        "rest days it was moved by, the calendar and its status. By default the plan in force.",
    )
)
@click.argument("duty", metavar=say("职责", "DUTY"))
@click.argument(
    "folder", required=False, type=click.Path(path_type=Path), metavar=say("[方案文件夹]", "[PLAN]")
)
@click.option(
    "--count",
    default=3,
    show_default=True,
    type=click.IntRange(1, 100),
    help=say("几期", "so many"),
)
@now_option
@as_json
@click.pass_obj
def next_(
    home: Path, duty: str, folder: Path | None, count: int, now: datetime, as_json: bool
) -> int:
    place, found, chain = _found(home, folder, duty)
    dates: list[Explained] = []
    limit: Words | None = None
    try:
        for one in explain(place.plan, found, place.clock, now, count, place.spans, chain):
            dates.append(one)
    except Refused as refused:
        limit = refused.words
    if limit is None and folder is not None and is_renewing(found):
        limit = _NO_RECORD
    if limit is None and len(dates) < count:
        limit = _ends(place, found, now)
    if as_json:
        put_json("next", _data(place.plan, found, dates, place.clock, limit))
    else:
        click.echo("\n".join(_told(place.plan, found, dates, place.clock, limit)))
    return Exit.OK


_AFTER_DONE = Words(
    "在办的办结之后，下一期从完成之日起算。",
    "Once what is in hand is done, the next counts from that day.",
)
_NO_RECORD = Words(
    "方案文件夹中没有办理记录，以上按名册和施行之日推算，可能早于今天；实际的下一期，请不带文件夹运行本命令。",
    "A plan folder has no record, so these follow from the roster and the day of force and may lie "
    "before today; for the real next ones, run this without the folder.",
)


def _found(home: Path, folder: Path | None, wanted: str) -> tuple[InForce, Duty, Chain | None]:
    """The duty by id or title, in the folder or in any plan in force, and how far it has come."""
    if folder is not None:
        source, plan = compiled(folder)
        place = place_of(plan, 0, "", source.working)
        return place, _named([place], wanted)[1], None
    with desk(home) as at, reading(at.db) as connection:
        place, duty = _named(list(all_in_force(connection).values()), wanted)
        return place, duty, taken_up(connection, place, duty)


def _named(places: Sequence[InForce], wanted: str) -> tuple[InForce, Duty]:
    duties = [(place, duty) for place in places for duty in place.plan.duties]
    for place, duty in duties:
        if wanted in (duty.id, duty.title):
            return place, duty
    names = [name for _, duty in duties for name in (duty.id, duty.title)]
    near = did_you_mean(wanted, names)
    raise Refused(
        Words(
            f"没有职责“{wanted}”。{near.zh if near else ''}",
            f"There is no duty “{wanted}”. {near.en if near else ''}".rstrip(),
        )
    )


def _ends(place: InForce, duty: Duty, now: datetime) -> Words | None:
    """Why there are no more dates."""
    if duty.kind is Kind.EVENT:
        due = [f"{stage.name} {stage.due.text}".strip() for stage in duty.stages]
        listed = "、".join(due or [duty.when.due.text if duty.when else ""])
        return Words(
            f"事件触发的职责没有预定日期；发生事件后：{listed}。",
            f"An event duty has no dates of its own; once there is an event: {listed}.",
        )
    if duty.when is None:
        return Words("此类职责不形成任务。", "Such a duty never becomes a task.")
    if duty.draw is not None:
        return NOT_TOLD
    if is_renewing(duty):
        return _AFTER_DONE
    if duty.window is not None and not place.spans.get(duty.window):
        name = next(w.name for w in place.plan.windows if w.id == duty.window)
        return Words(f"“{name}”尚未开始。", f"“{name}” has not been opened.")
    if duty.kind is Kind.ONCE:
        return Words("一次性任务，此后不再下达。", "A one-off: nothing opens after this.")
    why = beyond(place.plan, duty, place.clock, now, place.spans)
    return why or Words("此后不再下达。", "Nothing opens after this.")


def _told(
    plan: Plan, duty: Duty, dates: Sequence[Explained], clock: Clock, limit: Words | None
) -> Iterator[str]:
    yield f"{duty.title}（{duty.id}）"
    yield say("类别：", "kind: ") + in_words(KIND_WORDS[duty.kind])
    if duty.rhythm is not None:
        rhythm = Words(duty.rhythm.text, say_often(duty).en)
        surges = "".join(f"；{in_words(say_surge(surge))}" for surge in duty.surges)
        yield say("频次：", "rhythm: ") + in_words(rhythm) + surges
    if phase := phase_of(plan, duty):
        yield say("工作阶段：", "phase: ") + in_words(say_phase(phase))
    yield say("责任单位：", "responsible: ") + "、".join(_units(plan, duty))
    for number, one in enumerate(dates, 1):
        yield ""
        whose = "、".join(say_holder(plan, holder) for holder in one.holders)
        whose = f"（{whose}）" if whose else ""
        yield f"{number}. {in_words(say_period(one.period))}{whose}" + _about(one)
        if one.counted is not None:
            yield "   " + in_words(_validity(one, one.counted))
        yield from _lines(one, clock)
    if limit is not None:
        yield ""
        yield in_words(limit)


def _validity(one: Explained, counted: Words) -> Words:
    return Words(
        f"有效期：{one.first}至{one.last}（{counted.zh}）",
        f"validity: {one.first} to {one.last} ({counted.en})",
    )


def _about(one: Explained) -> str:
    if one.subject == one.period:
        return ""
    subject = in_words(say_period(one.subject))
    return say(f"，针对{subject}", f", about {subject}")


def _lines(one: Explained, clock: Clock) -> Iterator[str]:
    ends = [(say("下达：", "opens: "), one.opens), (say("截止：", "due: "), one.due)]
    if one.lapses is not None:
        ends.append((say("失效：", "lapses: "), one.lapses))
    for word, reason in ends:
        yield f"   {word}{_day(reason, clock)}"
        yield f"         {in_words(say_reason(reason, clock))}"
    for words in one.calendars:
        yield f"   {in_words(words)}"
    if one.provisional:
        yield "   " + say("暂定日期", "provisional dates")


def _day(reason: Reason, clock: Clock) -> str:
    local = clock.local(reason.at)
    made_up = reason.make_up and say("，调休上班日", ", a make-up working day")
    return f"{in_words(say_day(local.date()))} {local:%H:%M}{made_up or ''}"


def _units(plan: Plan, duty: Duty) -> list[str]:
    names = {unit.id: unit.name for unit in plan.units} | {EVENT_UNIT: "事发单位"}
    return [names.get(one, one) for one in duty.responsible]


def _data(
    plan: Plan, duty: Duty, dates: Sequence[Explained], clock: Clock, limit: Words | None
) -> dict[str, object]:
    return {
        "duty": duty.id,
        "title": duty.title,
        "responsible": list(duty.responsible),
        "dates": [
            {
                "period": one.period,
                "subject": one.subject,
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "opens": _reason(one.opens, clock),
                "due": _reason(one.due, clock),
                "lapses": _reason(one.lapses, clock) if one.lapses else None,
                "calendars": [words._asdict() for words in one.calendars],
                "provisional": one.provisional,
                "counted": one.counted._asdict() if one.counted else None,
            }
            for one in dates
        ],
        "limit": limit._asdict() if limit else None,
    }


def _reason(reason: Reason, clock: Clock) -> dict[str, object]:
    return {
        "at": text(reason.at),
        "phrase": reason.phrase.zh,
        "anchor": reason.anchor.isoformat(),
        "nominal": reason.nominal.isoformat(),
        "moved": reason.moved._asdict() if reason.moved else None,
        "why": say_reason(reason, clock)._asdict(),
    }
