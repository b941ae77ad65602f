"""Units, posts, groups, rosters, ladders and events: the entries as values of the plan."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import time
from itertools import pairwise

from responsibilities.calendars.clock import OfficeHours, Unit
from responsibilities.language.entries import Draft, Entry
from responsibilities.language.institution_language import (
    VACANT,
    Attributes,
    DelegateText,
    EventFieldText,
    EventText,
    GroupText,
    LadderText,
    MemberText,
    PostText,
    RosterText,
    StepText,
    UnitText,
)
from responsibilities.language.ladder_phrases import StepTime, step_time
from responsibilities.language.wording import normal
from responsibilities.plan import (
    ROLE_WORDS,
    Attribute,
    Base,
    Delegate,
    EventField,
    EventType,
    FieldKind,
    Group,
    Ladder,
    Member,
    Post,
    Role,
    Roster,
    Step,
)
from responsibilities.plan import Unit as PlanUnit
from responsibilities.problem import did_you_mean
from responsibilities.rectification import of_finding
from responsibilities.words import Refused, Words

_OWN = frozenset({Role.CONTACT, Role.DEPUTY, Role.HEAD})
DEFAULT_HOURS = OfficeHours(((time(8), time(12)), (time(13, 30), time(17))))


def office_hours(draft: Draft, written: Sequence[str]) -> OfficeHours:
    """`08:00-11:30` spans; the default (and a problem) where they cannot be read."""
    spans: list[tuple[time, time]] = []
    for text in written:
        start, _, end = normal(text).replace("~", "-").partition("-")
        try:
            spans.append((time.fromisoformat(start.zfill(5)), time.fromisoformat(end.zfill(5))))
        except ValueError:
            what = Words(f"“{text}”不是办公时段", f"“{text}” is no span of office hours")
            right = Words("应写作 08:00-11:30", "write 08:00-11:30")
            draft.note(("plan", "office_hours"), "bad-hours", what, right)
            return DEFAULT_HOURS
    try:
        return OfficeHours(tuple(spans))
    except Refused as refused:
        draft.note(("plan", "office_hours"), "bad-hours", refused.words)
        return DEFAULT_HOURS


def posts(draft: Draft) -> tuple[Post, ...]:
    """The leadership posts as declared."""
    return tuple(Post(e.text.id, e.text.name, _mailbox(e.text.mail)) for e in draft.of(PostText))


def _mailbox(written: str | None) -> str | None:
    return None if written in (None, VACANT) else written


def units(draft: Draft) -> tuple[PlanUnit, ...]:
    """The units in the order in which the institution lists them."""
    known = draft.names("posts")
    found = []
    for order, entry in enumerate(draft.of(UnitText)):
        text = entry.text
        given = (
            (Role.CONTACT, _mailbox(text.contact)),
            (Role.DEPUTY, _mailbox(text.deputy)),
            (Role.HEAD, _mailbox(text.head)),
        )
        mailboxes = {role: address for role, address in given if address}
        leader = known.get(text.leader) if text.leader else None
        rest = (text.phone, _attributes(text.attributes))
        found.append(PlanUnit(text.id, text.name, order, mailboxes, leader, *rest))
    return tuple(found)


def delegates(draft: Draft) -> tuple[Delegate, ...]:
    """The delegates, by the ids of their units and rosters; what is unknown is left out."""
    units, rosters = draft.names("units"), draft.names("rosters")
    return tuple(
        Delegate(
            e.text.id,
            e.text.name,
            units[e.text.unit],
            e.text.as_,
            _mailbox(e.text.mail),
            {rosters[name]: own for name, own in e.text.covers.items() if name in rosters},
        )
        for e in draft.of(DelegateText)
        if e.text.unit in units
    )


def groups(draft: Draft, listed: Sequence[PlanUnit]) -> tuple[Group, ...]:
    """Every group flattened to its units, in the institution's order."""
    by_name = {name: entry for entry in draft.of(GroupText) for name in _called(entry)}
    own = draft.names("units")
    order = {unit.id: unit.order for unit in listed}

    def members(name: str, above: tuple[str, ...]) -> Iterator[str]:
        if name in own:
            yield own[name]
        elif name in by_name and by_name[name].text.id not in above:
            entry = by_name[name]
            for inner in entry.text.units:
                yield from members(inner, (*above, entry.text.id))

    found = []
    for entry in draft.of(GroupText):
        flat = {unit for name in entry.text.units for unit in members(name, (entry.text.id,))}
        ordered = tuple(sorted(flat, key=lambda unit: order[unit]))
        found.append(Group(entry.text.id, entry.text.name, ordered))
    return tuple(found)


def _called(entry: Entry[GroupText]) -> tuple[str, str]:
    return entry.text.name, entry.text.id


def rosters(draft: Draft) -> tuple[Roster, ...]:
    """The rosters, keyed by unit id; a unit that is not known is left to the checks."""
    own = draft.names("units")
    plain = {
        e.text.id: Roster(
            e.text.id,
            e.text.name,
            e.text.as_of,
            {
                own[name]: tuple(map(_member, listed))
                for name, listed in e.text.members.items()
                if name in own
            },
            {own[name]: count for name, count in e.text.counts.items() if name in own},
        )
        for e in draft.of(RosterText)
    }
    known = draft.names("rosters")
    return tuple(
        _paired(plain[e.text.id], [plain.get(known.get(n, "")) for n in e.text.pairs or ()])
        for e in draft.of(RosterText)
    )


def _attributes(written: Attributes) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(name, tuple((one.from_, one.value) for one in values))
        for name, values in written.items()
    )


def _member(written: str | MemberText) -> Member:
    if isinstance(written, str):
        return Member(written)
    return Member(
        written.name, written.from_, written.until, written.id or "", written.valid_until,
        written.last_done, _attributes(written.attributes),
    )  # fmt: skip


def _paired(roster: Roster, of: Sequence[Roster | None]) -> Roster:
    """`roster` with every pair of the two rosters, unit by unit; what is unknown is left out.

    A unit that the second roster does not list is paired with all that it lists.
    """
    first, second = of if len(of) == 2 else (None, None)
    if first is None or second is None:
        return roster
    everything = tuple(dict.fromkeys(one for listed in second.members.values() for one in listed))
    pairs = {
        unit: tuple(
            _pair(one, other) for one in listed for other in second.members.get(unit, everything)
        )
        for unit, listed in first.members.items()
    }
    return replace(roster, members=pairs, pairs_of=first.id)


def _pair(one: Member, other: Member) -> Member:
    """A pair is there while both of them are."""
    firsts = [day for day in (one.first, other.first) if day is not None]
    lasts = [day for day in (one.last, other.last) if day is not None]
    id_ = f"{one.key}×{other.key}" if one.id or other.id else ""
    name = f"{one.name}×{other.name}"
    return Member(name, max(firsts, default=None), min(lasts, default=None), id_)


def ladders(draft: Draft) -> tuple[Ladder, ...]:
    """The ladders with their steps numbered from 1."""
    return tuple(
        Ladder(
            e.text.id,
            e.text.name,
            tuple(_step(draft, e.owner, i, step) for i, step in enumerate(e.text.steps)),
        )
        for e in draft.of(LadderText)
    )


def _step(draft: Draft, owner: str, index: int, text: StepText) -> Step:
    when = step_time(text.when)
    if isinstance(when, Words):
        draft.note((owner, "steps", index, "when"), "bad-step-time", when)
        when = StepTime(Base.DUE)
    roles = []
    for place, word in enumerate(text.tell):
        role = ROLE_WORDS.get(word.strip())
        if role is None:
            right = did_you_mean(word, ROLE_WORDS) or Words(
                f"可写：{'、'.join(ROLE_WORDS)}", f"one of {', '.join(ROLE_WORDS)}"
            )
            what = Words(f"不认识的岗位“{word}”", f"unknown role “{word}”")
            draft.note((owner, "steps", index, "tell", place), "unknown-role", what, right)
        elif role not in roles:
            roles.append(role)
    return Step(
        id=str(index + 1),
        base=when.base,
        offset=when.offset,
        unit=when.unit.value,
        fraction=when.fraction,
        working=when.working,
        to=tuple(roles),
        notice=text.notice,
        letter=_letter(when, roles),
        colour=text.colour,
        urgent=text.urgent,
        text=text.when,
    )


def _letter(when: StepTime, roles: Sequence[Role]) -> str:
    """Which letter a step sends: by when it is told, and whether it leaves the unit."""
    if when.base is Base.SUBMITTED:
        return "review"
    if when.base is Base.TARGET:
        return "reminder"
    if when.base is Base.OPENED:
        return "reminder" if when.offset else "opened"
    exact = when.fraction is None and when.offset == 0 and when.unit is Unit.MINUTE
    if when.fraction is None and (when.offset > 0 or exact):
        return "overdue" if _OWN.issuperset(roles) else "escalated"
    return "reminder"


def backwards(steps: Sequence[Step]) -> Iterator[tuple[int, Step, Step]]:
    """Steps of one base that stand after a later one: their index, they, and the one before."""
    indexed = list(enumerate(steps))
    for chased in (True, False):
        own = [(i, s) for i, s in indexed if (s.base is Base.SUBMITTED) is chased]
        for (_, before), (i, after) in pairwise(own):
            if _rank(after) < _rank(before):
                yield i, after, before


_MINUTES = {
    Unit.MINUTE: 1,
    Unit.HOUR: 60,
    Unit.WORKING_HOUR: 180,
    Unit.DAY: 1440,
    Unit.WORKING_DAY: 1440,
    Unit.TEACHING_DAY: 1440,
    Unit.WEEK: 10080,
    Unit.TEACHING_WEEK: 10080,
    Unit.MONTH: 43200,
    Unit.YEAR: 525600,
}


_LATEST = float("inf")
"""The target lies behind what counts from the opening, and before what counts to the due date."""


def _rank(step: Step) -> tuple[int, float]:
    """When a step comes, roughly: opened, then before it is due, then after."""
    minutes = step.offset * _MINUTES[Unit(step.unit)]
    if step.base is Base.OPENED:
        return (0, minutes)
    if step.base is Base.TARGET:
        return (0, _LATEST)
    if step.fraction is not None:
        return (1, -step.fraction)
    return (2 if minutes >= 0 else 1, minutes)


def events(draft: Draft, listed: Sequence[Group]) -> tuple[EventType, ...]:
    """The event types with the fields that are asked for, and where they can happen."""
    own = {name: (unit,) for name, unit in draft.names("units").items()}
    known = {name: group.units for group in listed for name in (group.id, group.name)} | own
    return tuple(
        EventType(
            e.text.id,
            e.text.name,
            (*of_finding(severities := tuple(e.text.finding or ())), *map(_field, e.text.fields)),
            e.text.urgent,
            tuple(dict.fromkeys(unit for n in e.text.units or () for unit in known.get(n, ()))),
            e.text.ahead,
            severities,
        )
        for e in draft.of(EventText)
    )


def _field(text: EventFieldText) -> EventField:
    kind, choices = FieldKind(text.kind), tuple(text.choices or ())
    bounds = (text.min, text.max)
    return EventField(text.id, text.name, kind, text.required, choices, text.private, *bounds)
