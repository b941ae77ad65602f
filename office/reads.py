"""Reading what is sensitive is an act: no private value is shown without a fact of it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine

from office.matters import find
from office.report_incident import shown_fields
from office.workplace import in_force
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import blobs as evidence
from storage import events, facts
from storage.engine import reading, writing
from storage.instants import whole


def read_incident(db: Engine, event: str, *, by: str, now: datetime) -> Mapping[str, str]:
    """The fields of an incident that the record withholds, by their names in the plan.

    The fact and the answer are one transaction: each call adds one. Refused for an unknown incident
    and where nothing is withheld.
    """
    with writing(db) as connection:
        found = events.by_id(connection, event)
        kinds = in_force(connection, found.plan).plan.event_types if found else ()
        kind = next((k for k in kinds if found and k.id == found.type), None)
        if found is None or kind is None:
            raise Refused(Words(f"没有事件“{event}”。", f"There is no event “{event}”."))
        open_ = shown_fields(kind)
        withheld = [f for f in kind.fields if f.id in found.fields and f.id not in open_]
        if not withheld:
            raise Refused(Words("本事件没有隐去的内容。", "Nothing of this event is withheld."))
        place = facts.last_seq(connection) + 1
        body = {"event": event, "fields": [field.id for field in withheld]}
        key = f"{found.plan}/read/{place:09}"
        facts.append(connection, [Fact(None, key, FactKind.READ, whole(now), by, body)])
        return {field.name: str(found.fields[field.id]) for field in withheld}


def read_evidence(
    db: Engine, task: str | int, sha256: str, *, by: str, now: datetime
) -> evidence.Evidence:
    """A file that was handed in for the task, before it is shown to `by`: each call adds one fact.

    Refused where the task has no such file.
    """
    with writing(db) as connection:
        about = find(connection, task)
        held = [o for o in evidence.of_task(connection, about.task.id) if o.sha256 == sha256]
        if not held:
            raise Refused(Words("本事项没有这份材料。", "The task has no such file."))
        plan, place = about.task.plan, facts.last_seq(connection) + 1
        body = {"evidence": sha256, "task": about.task.key}
        key = f"{plan}/read/{place:09}"
        facts.append(connection, [Fact(None, key, FactKind.READ, whole(now), by, body)])
        return held[-1]


def note_view(db: Engine, plan: str, what: str, about: str, *, by: str, now: datetime) -> None:
    """That `by` was shown names and typed texts of the record: one fact a page or pack.

    `what` is "task", "unit", "incident" or "pack", `about` its number or id.
    """
    with writing(db) as connection:
        key = f"{plan}/read/{facts.last_seq(connection) + 1:09}"
        body = {"about": about, "what": what}
        facts.append(connection, [Fact(None, key, FactKind.READ, whole(now), by, body)])


def reads_of(db: Engine, plan: str, by: str | None = None) -> tuple[Fact, ...]:
    """Every recorded reading of sensitive values, oldest first; of one person where named."""
    with reading(db) as connection:
        found = facts.without_task(connection, f"{plan}/read/")
    return tuple(fact for fact in found if by is None or fact.by == by)
