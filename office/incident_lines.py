"""What a letter about an incident says of it: whose, since when, and what cannot name a person.

Letters lie in mailboxes for ever: of free text they say only that there is some. Of what an
inspection found they say the fields in full, for the unit is to mend it: no more, as unit and time
are the task's own.
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
    of_finding = kind is not None and bool(kind.finding)
    lines = {} if of_finding else {_UNIT.in_(language): unit_name(place, event.unit)}
    if KNOWN in event.marks and not of_finding:
        known = place.clock.local(event.marks[KNOWN])
        lines[_KNOWN.in_(language)] = say_instant(known).in_(language)
    for field in kind.fields if kind else ():
        if field.id in event.fields and not field.private:
            withheld = field.kind is FieldKind.TEXT and not of_finding
            value = event.fields[field.id]
            lines[field.name] = (
                _WITHHELD.in_(language) if withheld else _value(field, value, place, language)
            )
    return lines


def _value(field: EventField, value: object, place: InForce, language: Language) -> str:
    if field.kind is FieldKind.YES_NO:
        return (_YES if value else _NO).in_(language)
    return unit_name(place, str(value)) if field.kind is FieldKind.UNIT else str(value)
