"""An incident (事件): reported once, it opens its chain of duties; the clock runs from 知悉."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, Engine

from office.handed_in import TOO_LARGE
from office.matters import Matter, stage_of
from office.opening import Batch, Opened, open_batches
from office.telling import Bundles
from office.workplace import InForce, in_force
from responsibilities.openings import open_event
from responsibilities.plan import EventField, EventType, FieldKind, Kind
from responsibilities.problem import did_you_mean
from responsibilities.tasks import Event, Fact, FactKind, Task
from responsibilities.words import Refused, Words
from storage import events, facts, notices, tasks
from storage.engine import writing
from storage.instants import text, whole

HAPPENED, KNOWN, REPORTED, CLOSED = "发生", "知悉", "报告", "结案"
_SKEW = timedelta(minutes=2)
"""How far ahead of ours the clock may run of somebody who reports."""
_YES = {"是": True, "yes": True, "true": True, "否": False, "no": False, "false": False}


@dataclass(frozen=True, slots=True)
class Reported:
    """The event and the tasks of its chain that are open now or were; `new` ones just opened."""

    event: Event
    tasks: tuple[Task, ...]
    new: tuple[Opened, ...]


def report(
    db: Engine, plan: str, type_: str, unit: str, fields: Mapping[str, Any],
    happened_at: datetime | None, known_at: datetime, now: datetime, by: str,
) -> Reported:  # fmt: skip
    """Record an event of `type_` (id or name) at `unit` (事发单位) and open what hangs on it.

    The very same report again finds the first. Refused: an unknown type, unit or field, a missing
    or impossible value, times in the wrong order or in the future.
    """
    now = whole(now)
    with writing(db) as connection:
        place = in_force(connection, plan)
        kind = _type(place, type_)
        marks = _marks(happened_at, known_at, now)
        event = Event("", plan, kind.id, _unit(place, unit), _fields(kind, fields), marks, now)
        for known in events.of_plan(connection, plan):
            if _same(known, event):
                return Reported(known, tasks.of_event(connection, known.id), ())
        event = replace(event, id=_new_id(connection, place, now))
        events.add(connection, event)
        facts.append(connection, [_fact(event, kind, by)])
        bundles = Bundles(now)
        new = _open(connection, place, event, now, bundles)
        notices.add(connection, bundles.notices())
        return Reported(event, tasks.of_event(connection, event.id), tuple(new))


def mark(db: Engine, event: str, name: str, at: datetime, by: str, now: datetime) -> Reported:
    """A later moment of an event is known (结案): open the stages that count from it.

    The same moment again changes nothing; another time for it is refused.
    """
    now = whole(now)
    with writing(db) as connection:
        found = events.by_id(connection, event)
        if found is None:
            raise Refused(Words(f"没有事件“{event}”。", f"There is no event “{event}”."))
        place = in_force(connection, found.plan)
        _refuse_unknown_mark(place, found, name)
        if at > now + _SKEW or at < min(found.marks.values()):
            raise Refused(
                Words(f"“{name}”的时间不对。", f"The time given for “{name}” cannot be right.")
            )
        bundles = Bundles(now)
        marked, new = _mark(connection, place, found, name, whole(at), by, now, bundles)
        notices.add(connection, bundles.notices())
        return Reported(marked, tasks.of_event(connection, event), tuple(new))


def handed_in(
    connection: Connection, matter: Matter, by: str, now: datetime, bundles: Bundles
) -> None:
    """A stage of an event (首报) was handed in: its mark is set, what counts from it opens."""
    stage = stage_of(matter.task, matter.place)
    if stage is None or matter.task.event is None:
        return
    event = events.by_id(connection, matter.task.event)
    if event is not None and stage.name not in event.marks:
        _mark(connection, matter.place, event, stage.name, now, by, now, bundles)


def _mark(
    connection: Connection, place: InForce, event: Event, name: str, at: datetime, by: str,
    now: datetime, bundles: Bundles,
) -> tuple[Event, list[Opened]]:  # fmt: skip
    known = event.marks.get(name)
    if known == at:
        return event, []
    if known is not None:
        raise Refused(
            Words(
                f"“{name}”已登记为另一时间，不能更改。",
                f"“{name}” is already recorded with another time.",
            )
        )
    closed = at if name == CLOSED else event.closed_at
    after = replace(event, marks={**event.marks, name: at}, closed_at=closed)
    events.mark(connection, event.id, after.marks, closed)
    key = f"{event.plan}/event/{event.id}/mark/{name}"
    body = {"at": text(at), "event": event.id, "mark": name}
    facts.append(connection, [Fact(None, key, FactKind.EVENT_MARKED, now, by, body)])
    return after, _open(connection, place, after, now, bundles)


def _open(
    connection: Connection, place: InForce, event: Event, now: datetime, bundles: Bundles
) -> list[Opened]:
    kind = next(t for t in place.plan.event_types if t.id == event.type)
    batches = [
        Batch(place, duty, openings, event.id, kind.urgent)
        for duty in place.plan.duties
        if duty.kind is Kind.EVENT
        and (openings := list(open_event(place.plan, duty, event, place.clock, now)))
    ]
    return open_batches(connection, batches, now, bundles)


def _fact(event: Event, kind: EventType, by: str) -> Fact:
    """Private fields and free text stay out of the record: only that they were given."""
    shown = {f.id for f in kind.fields if not f.private and f.kind is not FieldKind.TEXT}
    body = {
        "event": event.id,
        "fields": {id_: value for id_, value in event.fields.items() if id_ in shown},
        "marks": {name: text(at) for name, at in event.marks.items()},
        "type": event.type,
        "unit": event.unit,
        "withheld": sorted(id_ for id_ in event.fields if id_ not in shown),
    }
    key = f"{event.plan}/event/{event.id}/reported"
    return Fact(None, key, FactKind.REPORTED, event.reported_at, by, body)


def _new_id(connection: Connection, place: InForce, now: datetime) -> str:
    prefix = f"E{place.clock.local(now).year}-"
    return f"{prefix}{events.count_like(connection, prefix) + 1:04d}"


def _same(known: Event, event: Event) -> bool:
    marks = {name: at for name, at in known.marks.items() if name in (HAPPENED, KNOWN)}
    mine = {name: at for name, at in event.marks.items() if name in (HAPPENED, KNOWN)}
    return (known.type, known.unit, known.fields, marks) == (
        event.type, event.unit, event.fields, mine,
    )  # fmt: skip


def _marks(happened_at: datetime | None, known_at: datetime, now: datetime) -> dict[str, datetime]:
    known = whole(known_at)
    happened = whole(happened_at) if happened_at else known
    if happened > known:
        raise Refused(
            Words("发生时间不应晚于知悉时间。", "It cannot have been known before it happened.")
        )
    if known > now + _SKEW:
        raise Refused(
            Words("知悉时间不应晚于当前时间。", "The time it became known lies in the future.")
        )
    return {HAPPENED: happened, KNOWN: known, REPORTED: now}


def _type(place: InForce, name: str) -> EventType:
    kinds = place.plan.event_types
    for kind in kinds:
        if name in (kind.id, kind.name):
            return kind
    raise _unknown(Words("事件类型", "event type"), name, [kind.name for kind in kinds])


def _unit(place: InForce, name: str) -> str:
    for unit in place.plan.units:
        if name in (unit.id, unit.name):
            return unit.id
    raise _unknown(Words("单位", "unit"), name, [unit.name for unit in place.plan.units])


def _fields(kind: EventType, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {f.id: f for f in kind.fields} | {f.name: f for f in kind.fields}
    found: dict[str, Any] = {}
    for name, value in given.items():
        field = known.get(name)
        if field is None:
            names = [f.name for f in kind.fields]
            raise _unknown(Words("事件字段", "field"), name, names)
        if value not in (None, ""):
            found[field.id] = _field(field, value)
    missing = [f.name for f in kind.fields if f.required and f.id not in found]
    if missing:
        listed = "、".join(missing)
        raise Refused(Words(f"请补填：{listed}。", f"Still to be filled in: {listed}."))
    return found


def _field(field: EventField, value: Any) -> Any:
    """Numbers as plain decimal text, yes and no as booleans, the rest as text."""
    written = str(value).strip()
    if field.kind is FieldKind.NUMBER:
        try:
            number = Decimal(written.replace(",", "").replace("，", ""))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= TOO_LARGE:
            raise _wrong(field, value, Words("数字", "a number"))
        return f"{number:f}"
    if field.kind is FieldKind.YES_NO:
        if written.lower() not in _YES:
            raise _wrong(field, value, Words("是或否", "yes or no"))
        return _YES[written.lower()]
    if field.kind is FieldKind.CHOICE and written not in field.choices:
        listed = "、".join(field.choices)
        raise _wrong(field, value, Words(listed, listed))
    return written


def _wrong(field: EventField, value: Any, right: Words) -> Refused:
    shown = "" if field.private else f"“{value}”"
    return Refused(
        Words(
            f"“{field.name}”的值{shown}不对，应为：{right.zh}。",
            f"“{field.name}” cannot be {shown or 'that'}; it should be {right.en}.",
        )
    )


def _unknown(what: Words, name: str, known: list[str]) -> Refused:
    near = did_you_mean(name, known)
    listed = "、".join(known)
    return Refused(
        Words(
            f"没有{what.zh}“{name}”，应为：{listed}。{near.zh if near else ''}",
            f"There is no {what.en} “{name}”; known: {listed}. {near.en if near else ''}".strip(),
        )
    )


def _refuse_unknown_mark(place: InForce, event: Event, name: str) -> None:
    stages = [
        stage.name
        for duty in place.plan.duties
        if duty.event == event.type
        for stage in duty.stages
    ]
    known = [CLOSED, *dict.fromkeys(stages)]
    if name not in known and name not in event.marks:
        raise _unknown(Words("时间节点", "moment"), name, known)
