"""How often, by an attribute of whoever is asked (实验室等级) that takes effect on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from responsibilities.holders import Holder, holders
from responsibilities.plan import Attribute, Duty, Plan
from responsibilities.rhythm import Change, Rhythm, Varied
from responsibilities.same import Same

_DAY: Final = timedelta(days=1)


@lru_cache(maxsize=256)
def groups(plan: Same[Plan], duty: Same[Duty]) -> tuple[tuple[Rhythm, tuple[Holder, ...]], ...]:
    """The holders of a duty by the rhythm that each has, with its changes."""
    base, varied = duty.value.rhythm, duty.value.varied
    assert base is not None
    assert varied is not None
    found: dict[Rhythm, list[Holder]] = {}
    for holder in holders(plan.value, duty.value):
        changes = tuple(_in_time(holder, _changes(plan.value, varied, holder)))
        found.setdefault(replace(base, changes=changes), []).append(holder)
    return tuple((rhythm, tuple(some)) for rhythm, some in found.items())


def values_of(plan: Plan, holder: Holder, name: str) -> tuple[tuple[date | None, str], ...]:
    """From which day on the holder has which value: the member's own, else its unit's."""
    unit = next((one.attributes for one in plan.units if one.id == holder.unit), ())
    own: Sequence[Attribute] = holder.member.attributes if holder.member is not None else ()
    return next((one.values for one in (*own, *unit) if one.name == name), ())


def _changes(plan: Plan, varied: Varied, holder: Holder) -> Iterator[Change]:
    values = values_of(plan, holder, varied.attribute)
    if not values or values[0][0] is not None:
        yield Change(date.min, varied.other)
    for day, value in values:
        yield Change(day or date.min, varied.of(value))


def _in_time(holder: Holder, changes: Iterator[Change]) -> Iterator[Change]:
    """The changes that make a difference, while the member is on its roster."""
    member = holder.member
    joins = member.first if member is not None and member.first is not None else date.min
    leaves = member.last + _DAY if member is not None and member.last is not None else date.max
    known = list(changes)
    before: Rhythm | None = None
    yield Change(date.min, None)
    for change, following in zip(known, [*known[1:], Change(date.max, None)], strict=True):
        day = max(change.day, joins)
        if day < min(following.day, leaves) and change.rhythm != before:
            yield Change(day, change.rhythm)
            before = change.rhythm
    if leaves < date.max and before is not None:
        yield Change(leaves, None)
