"""An incident (事件): reported once, it opens its chain of duties; the clock runs from 知悉.

What was phoned first and entered later, or known for a while already, needs a reason and a second
signer; both stand in the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from office import review
from office.incident_chain import PHONED, mark_event, open_chain
from office.incident_form import fields_of, refuse_elsewhere, type_of, unit_of, unknown, withheld
from office.matters import matter
from office.opening import Opened
from office.telling import Bundles
from office.workplace import InForce, in_force
from responsibilities import incidents
from responsibilities.plan import EventType
from responsibilities.rectification import CLOSED
from responsibilities.tasks import Event, Fact, FactKind, State, Task
from responsibilities.words import Refused, Words
from storage import events, facts, notices, tasks
from storage.engine import reading, writing
from storage.instants import text, whole

HAPPENED, KNOWN, REPORTED = "发生", "知悉", "报告"
PROMPT = timedelta(minutes=15)
"""How long after it was known an incident may be entered without a word of explanation."""
ENDED = "事件已结案，续报终止"
_SKEW = timedelta(minutes=2)
"""How far ahead of ours the clock may run of somebody who reports."""


@dataclass(frozen=True, slots=True)
class Reported:
    """The event and the tasks of its chain that are open now or were; `new` ones just opened."""

    event: Event
    tasks: tuple[Task, ...]
    new: tuple[Opened, ...]


@dataclass(frozen=True, slots=True)
class LateEntry:
    """Why an incident is entered only now, who signs beside, and when it was told by phone."""

    reason: str
    second_signer: str
    phoned_at: datetime | None = None


def report(
    db: Engine, plan: str, type_: str, unit: str, fields: Mapping[str, Any],
    happened_at: datetime | None, known_at: datetime, now: datetime, by: str,
    late: LateEntry | None = None,
) -> Reported:  # fmt: skip
    """Record an event of `type_` (id or name) at `unit` (事发单位) and open what hangs on it.

    The very same report again finds the first. Refused: an unknown type, unit or field, a missing
    or impossible value, times in the wrong order or in the future; one entered more than `PROMPT`
    after it was known, or phoned first, without a reason and a second signer.
    """
    with writing(db) as connection:
        return report_within(
            connection, plan, type_, unit, fields, happened_at, known_at, now, by, late
        )


def report_within(
    connection: Connection, plan: str, type_: str, unit: str, fields: Mapping[str, Any],
    happened_at: datetime | None, known_at: datetime, now: datetime, by: str,
    late: LateEntry | None = None,
) -> Reported:  # fmt: skip
    """As `report`, as part of another act's transaction."""
    now = whole(now)
    place = in_force(connection, plan)
    kind = type_of(place, type_)
    planned = _planned(kind, happened_at)
    happened = None if planned else happened_at
    marks = _marks(happened, known_at, late.phoned_at if late else None, now) | planned
    at = unit_of(place, unit)
    refuse_elsewhere(place, kind, at)
    event = Event("", plan, kind.id, at, fields_of(kind, fields), marks, now)
    for known in events.of_plan(connection, plan):
        if _same(known, event):
            return Reported(known, tasks.of_event(connection, known.id), ())
    _refuse_unattested(marks, late, by, now)
    event = replace(event, id=_new_id(connection, place, now))
    events.add(connection, event)
    facts.append(connection, [_fact(event, kind, by, late)])
    bundles = Bundles(now)
    new = open_chain(connection, place, event, now, bundles)
    notices.add(connection, bundles.notices())
    return Reported(event, tasks.of_event(connection, event.id), tuple(new))


def plan_of(db: Engine, event: str) -> str | None:
    """The plan under which the incident was reported; None where there is none."""
    with reading(db) as connection:
        found = events.by_id(connection, event)
    return None if found is None else found.plan


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
        marked, new = mark_event(connection, place, found, name, whole(at), by, now, bundles)
        notices.add(connection, bundles.notices())
        if name == CLOSED:
            _end_repeats(connection, place, event, whole(at), by, now)
        return Reported(marked, tasks.of_event(connection, event), tuple(new))


def _end_repeats(
    connection: Connection, place: InForce, event: str, closed_at: datetime, by: str, now: datetime
) -> None:
    """The closed event asks for no further report: what was not due yet need not be handed in."""
    for task in tasks.of_event(connection, event):
        duty = place.duties.get(task.duty)
        found = incidents.stage_of(duty, task.key) if duty is not None else None
        repeats = found is not None and found[0].repeat is not None
        if repeats and task.state is not State.CLOSED and task.due_at > closed_at:
            review.waive_within(connection, matter(connection, task), ENDED, by, now)


def shown_fields(kind: EventType) -> frozenset[str]:
    """The fields that the record may show: neither private nor free text."""
    return frozenset(f.id for f in kind.fields if not withheld(f))


def _fact(event: Event, kind: EventType, by: str, late: LateEntry | None) -> Fact:
    """Private fields and free text stay out of the record: only that they were given."""
    shown = shown_fields(kind)
    body: dict[str, Any] = {
        "event": event.id,
        "fields": {id_: value for id_, value in event.fields.items() if id_ in shown},
        "marks": {name: text(at) for name, at in event.marks.items()},
        "type": event.type,
        "unit": event.unit,
        "withheld": sorted(id_ for id_ in event.fields if id_ not in shown),
    }
    if late is not None:
        body |= {"reason": late.reason.strip(), "second_signer": late.second_signer.strip()}
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


def _refuse_unattested(
    marks: Mapping[str, datetime], late: LateEntry | None, by: str, now: datetime
) -> None:
    """An entry behind its time is attested by two, with a reason."""
    if PHONED not in marks and marks[KNOWN] >= now - PROMPT:
        return
    if late is None or not late.reason.strip() or not late.second_signer.strip():
        minutes = int((now - marks[KNOWN]).total_seconds() // 60)
        raise Refused(
            Words(
                f"补录（知悉至登记已{minutes}分钟，或已电话报告）须写明理由和第二签字人。",
                f"Entered {minutes} minutes after it was known, or phoned first: "
                "give a reason and a second signer.",
            )
        )
    if late.second_signer.strip() == by.strip():
        raise Refused(Words("第二签字人不应是经办人本人。", "The second signer is somebody else."))


def _planned(kind: EventType, at: datetime | None) -> dict[str, datetime]:
    """When an activity that is entered ahead will take place; nothing for what has happened."""
    if not kind.ahead:
        return {}
    if at is None:
        raise Refused(
            Words(
                f"“{kind.name}”须写明举办时间（--happened）。",
                f"“{kind.name}” needs the time it takes place (--happened).",
            )
        )
    return {incidents.ACTIVITY: whole(at)}


def _marks(
    happened_at: datetime | None, known_at: datetime, phoned_at: datetime | None, now: datetime
) -> dict[str, datetime]:
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
    marks = {HAPPENED: happened, KNOWN: known, REPORTED: now}
    if phoned_at is None:
        return marks
    if not known <= whole(phoned_at) <= now + _SKEW:
        raise Refused(
            Words(
                "电话报告的时间应在知悉之后、登记之前。",
                "The phone call lies between the time it was known and now.",
            )
        )
    return {**marks, PHONED: whole(phoned_at)}


def _refuse_unknown_mark(place: InForce, event: Event, name: str) -> None:
    stages = [
        stage.name
        for duty in place.plan.duties
        if duty.event == event.type
        for stage in duty.stages
    ]
    known = [CLOSED, *dict.fromkeys(stages)]
    if name not in known and name not in event.marks:
        raise unknown(Words("时间节点", "moment"), name, known)
