"""The responsibility matrix: duties by units; who leads, helps, is told, is in charge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from responsibilities.mechanisms import named
from responsibilities.phases import phase_of
from responsibilities.plan import EVENT_UNIT, Duty, Kind, Mechanism, Plan
from responsibilities.words import Words


class Mark(StrEnum):
    """What a unit or post has to do with a duty, strongest first."""

    LEAD = "lead"
    CO_ACTING = "co_acting"
    IN_CHARGE = "in_charge"
    INFORMED = "informed"


MARKS: Final[Mapping[Mark, Words]] = {
    Mark.LEAD: Words("牵头", "leads"),
    Mark.CO_ACTING: Words("配合", "helps"),
    Mark.IN_CHARGE: Words("分管", "in charge"),
    Mark.INFORMED: Words("通报", "informed"),
}
SYMBOLS: Final[Mapping[Mark, str]] = {
    Mark.LEAD: "●",
    Mark.CO_ACTING: "○",
    Mark.IN_CHARGE: "◆",
    Mark.INFORMED: "△",
}
"""One character for each mark, where a table has no room for words."""

KIND_WORDS: Final[Mapping[Kind, Words]] = {
    Kind.RECURRING: Words("周期性任务", "recurring"),
    Kind.STANDING: Words("常态化工作", "standing"),
    Kind.EVENT: Words("事件触发任务", "event-driven"),
    Kind.ONCE: Words("一次性任务", "one-off"),
    Kind.POLICY: Words("管总要求", "policy"),
    Kind.METRIC: Words("指标", "metric"),
}


_RHYTHM_KEYS: Final = frozenset({"every", "checkpoint", "once", "on"})


@dataclass(frozen=True, slots=True)
class Row:
    """One duty."""

    duty: str
    title: str
    kind: Kind
    department: str
    section: str
    """Where it stands in the plan's text, 五（二）; empty without a source."""
    rhythm: str
    """Its rhythm or trigger as the office wrote it."""
    assumed: bool
    """Whether the office chose the rhythm, not the plan: 频次（办公室核定）."""
    phase: str = ""
    """The phase of the plan that it belongs to; empty for the whole plan."""
    mechanism: str = ""
    """The mechanism it belongs to (several with ；): 周提醒、月通报、年考核."""
    beat: str = ""
    """Which part of the mechanism it is: 周提醒."""


@dataclass(frozen=True, slots=True)
class Column:
    """One unit, or one leadership post (post=True)."""

    id: str
    name: str
    post: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """`cells[row][column]` holds the marks, strongest first; an empty tuple for nothing."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    cells: tuple[tuple[tuple[Mark, ...], ...], ...]


def matrix(plan: Plan) -> Matrix:
    """Every duty of the plan against its units, then the event's unit, then the posts in charge.

    Rows stand in the order of the plan's text, by the first sentence a duty comes from. A duty
    without a leader of its own is under the leaders of its responsible units.
    """
    columns = [Column(unit.id, unit.name, post=False) for unit in plan.units]
    if any(EVENT_UNIT in duty.responsible for duty in plan.duties):
        columns.append(Column(EVENT_UNIT, "事发单位", post=False))
    leaders = {leader for duty in plan.duties for leader in _leaders(plan, duty)}
    columns += [Column(p.id, p.name, post=True) for p in plan.posts if p.id in leaders]
    duties = _in_order_of_text(plan)
    cells = []
    for duty in duties:
        marks = _marks(plan, duty)
        cells.append(tuple(marks.get((column.id, column.post), ()) for column in columns))
    bundles = named(plan)
    rows = tuple(_row(plan, duty, bundles.get(duty.id, ())) for duty in duties)
    return Matrix(rows, tuple(columns), tuple(cells))


def _in_order_of_text(plan: Plan) -> list[Duty]:
    """Duties whose sources are no clauses of the text keep their places behind the others."""
    stands = {clause.id: clause.span for clause in plan.clauses}
    last = (len(plan.text), len(plan.text))
    return sorted(
        plan.duties,
        key=lambda duty: min((stands.get(s.clause, last) for s in duty.sources), default=last),
    )


def _leaders(plan: Plan, duty: Duty) -> tuple[str, ...]:
    if duty.leader is not None:
        return (duty.leader,)
    own = {unit.id: unit.leader for unit in plan.units}
    leaders = (own.get(unit) for unit in duty.responsible)
    return tuple(dict.fromkeys(leader for leader in leaders if leader is not None))


def _marks(plan: Plan, duty: Duty) -> dict[tuple[str, bool], tuple[Mark, ...]]:
    found: dict[tuple[str, bool], tuple[Mark, ...]] = {}
    given = (
        (Mark.LEAD, duty.responsible, False),
        (Mark.CO_ACTING, duty.co_acting, False),
        (Mark.IN_CHARGE, _leaders(plan, duty), True),
        (Mark.INFORMED, duty.inform, False),
    )
    for mark, holders, post in given:
        for holder in holders:
            if mark is Mark.INFORMED and (holder, post) in found:
                continue  # who leads or helps knows
            found[(holder, post)] = (*found.get((holder, post), ()), mark)
    return found


def _row(plan: Plan, duty: Duty, bundles: Sequence[tuple[Mechanism, str]]) -> Row:
    phase = phase_of(plan, duty)
    return Row(
        duty=duty.id,
        title=duty.title,
        kind=duty.kind,
        department=duty.department,
        section=next((source.section for source in duty.sources), ""),
        rhythm=_how_often(plan, duty),
        assumed=any(chosen.key in _RHYTHM_KEYS for chosen in duty.assumed),
        phase=phase.name if phase else "",
        mechanism="；".join(mechanism.name for mechanism, _ in bundles),
        beat="；".join(dict.fromkeys(beat for _, beat in bundles if beat)),
    )


def _how_often(plan: Plan, duty: Duty) -> str:
    if duty.rhythm is not None:
        each = next(
            (f"，{roster.name}逐一" for roster in plan.rosters if roster.id == duty.each), ""
        )
        return duty.rhythm.text + "".join(f"（{surge.text}）" for surge in duty.surges) + each
    if duty.event is not None:
        return next((event.name for event in plan.event_types if event.id == duty.event), "")
    return duty.when.due.text if duty.when is not None else duty.said
