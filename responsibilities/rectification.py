"""Putting right what an inspection found (整改): which duties of the plan are about it.

An event type with `finding` is reported for each finding that is ordered put right; its duties open
like those of any event. Those that count from 结案, which is when a finding is struck off, look
back (回头看); the others of the unit concerned are the rectification.
"""

from typing import Final

from responsibilities.plan import EVENT_UNIT, Duty, EventField, EventType, FieldKind, Kind, Plan

CLOSED: Final = "结案"
"""The mark of an event that is over; of a finding, that it is struck off (销号)."""
NUMBER, CLAUSE, FACT, DEMAND, SEVERITY = "number", "clause", "fact", "demand", "severity"


def of_finding(severities: tuple[str, ...]) -> tuple[EventField, ...]:
    """The fields that every finding has; none for an event that is no finding."""
    if not severities:
        return ()
    return (
        EventField(NUMBER, "问题编号", FieldKind.TEXT),
        EventField(FACT, "存在问题", FieldKind.TEXT),
        EventField(CLAUSE, "依据条款", FieldKind.TEXT),
        EventField(SEVERITY, "严重程度", FieldKind.CHOICE, choices=severities),
        EventField(DEMAND, "整改要求", FieldKind.TEXT),
    )


def finding_type(plan: Plan) -> EventType | None:
    """The event type by which findings are ordered put right; None where the plan has none."""
    return next((kind for kind in plan.event_types if kind.finding), None)


def about_findings(plan: Plan) -> tuple[Duty, ...]:
    """The duties that hang on findings."""
    kind = finding_type(plan)
    return tuple(
        duty for duty in plan.duties
        if kind is not None and duty.kind is Kind.EVENT and duty.event == kind.id
    )  # fmt: skip


def looks_back(duty: Duty) -> bool:
    """Whether a duty about findings counts from when they are struck off."""
    return duty.when is not None and duty.when.due.name == CLOSED


def rectifies(duty: Duty) -> bool:
    """Whether a duty about findings is the rectification itself."""
    return duty.responsible == (EVENT_UNIT,) and not looks_back(duty)
