"""What a letter about an incident says of it: whose, since when, and what cannot name a person.

Letters lie in mailboxes for ever: of free text they say only that there is some.
"""

from collections.abc import Mapping

from notifications.dates import say_instant
from office.matters import unit_name
from office.report_incident import KNOWN
from office.workplace import InForce
from responsibilities.plan import EventField, FieldKind
from responsibilities.tasks import Event
from responsibilities.words import Language, Words

_UNIT = Words("事发单位", "Unit concerned")
_KNOWN = Words("知悉时间", "Known since")
_WITHHELD = Words("（不在邮件中显示）", "(not shown in mail)")
_YES, _NO = Words("是", "yes"), Words("否", "no")


def incident_lines(event: Event, place: InForce, language: Language) -> Mapping[str, str]:
    """Label -> value, in the order in which the plan asks for them."""
    kind = next((k for k in place.plan.event_types if k.id == event.type), None)
    lines = {_UNIT.in_(language): unit_name(place, event.unit)}
    if KNOWN in event.marks:
        known = place.clock.local(event.marks[KNOWN])
        lines[_KNOWN.in_(language)] = say_instant(known).in_(language)
    for field in kind.fields if kind else ():
        if field.id in event.fields and not field.private:
            lines[field.name] = _value(field, event.fields[field.id], place, language)
    return lines


def _value(field: EventField, value: object, place: InForce, language: Language) -> str:
    if field.kind is FieldKind.TEXT:
        return _WITHHELD.in_(language)
    if field.kind is FieldKind.YES_NO:
        return (_YES if value else _NO).in_(language)
    return unit_name(place, str(value)) if field.kind is FieldKind.UNIT else str(value)
