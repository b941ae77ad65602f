"""The facets of the completion log: every value to click, with how many tasks it leads to.

A facet counts under all that is chosen in the others: so no value leads to an empty page.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inspections.log_query import (
    FLAGS,
    LISTED,
    POSITIONS,
    LogQuery,
    Position,
    said,
    toggled,
)
from office.log_conditions import leader_of, sections_of
from office.matters import unit_name
from office.moments import Moment
from office.workplace import InForce
from responsibilities.period_words import say_period
from responsibilities.tasks import Promise
from responsibilities.words import Words
from storage.log import Cell


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet, and the view that a click on it leads to."""

    value: str
    label: Words
    count: int
    chosen: bool
    leads_to: LogQuery


@dataclass(frozen=True, slots=True)
class Facet:
    """A side of the tasks by which they can be told apart; the largest values first, the newest
    of the periods."""

    name: str
    label: Words
    values: tuple[Value, ...]


LABELS: Mapping[str, Words] = {
    "standing": Words("办理状态", "Standing"),
    "late": Words("是否逾期", "Late"),
    "late_by_system": Words("因系统停运延迟", "Late by system"),
    "unit": Words("责任单位", "Unit"),
    "leader": Words("分管领导", "Leader in charge"),
    "period": Words("所属周期", "Period"),
    "clause": Words("条款", "Clause"),
    "duty": Words("职责", "Duty"),
    "plan": Words("工作方案", "Plan"),
}
_YES = {"yes": Words("是", "yes"), "no": Words("否", "no")}


def facets(
    cells: Sequence[Cell], periods: Mapping[str, int], query: LogQuery, moment: Moment,
    promises: Mapping[str, Promise],
) -> tuple[tuple[Facet, ...], int]:  # fmt: skip
    """The facets with more than one value, or a chosen one; and how many tasks there are.

    `cells` are those of the chosen periods; `periods` counts under all that is chosen besides.
    """
    sides = [_sides(cell, moment, promises[cell.promise]) for cell in cells]
    asked = {name: _asked(query, name) for name in LABELS}
    counts: dict[str, Counter[str]] = {name: Counter() for name in LABELS}
    counts["period"].update(periods)
    total = 0
    for cell, side in zip(cells, sides, strict=True):
        failed = [n for n in side if asked[n] and asked[n].isdisjoint(side[n])]
        total += 0 if failed else cell.tasks
        if len(failed) > 1:
            continue
        for name in failed or side:
            for value in side[name]:
                counts[name][value] += cell.tasks
    say = _labels(moment, promises)
    made = [_facet(name, counts[name], query, say[name]) for name in LABELS]
    return tuple(f for f in made if len(f.values) > 1 or asked[f.name]), total


def _sides(cell: Cell, moment: Moment, found: Promise) -> dict[str, frozenset[str]]:
    leader = leader_of(moment.places.get(cell.plan), found, cell.unit)
    return {
        "standing": frozenset({cell.standing}),
        "late": frozenset({said(cell.late)}),
        "late_by_system": frozenset({said(cell.late_by_system)}),
        "unit": frozenset({cell.unit}),
        "leader": frozenset({leader} if leader else ()),
        "clause": sections_of(found),
        "duty": frozenset({cell.duty}),
        "plan": frozenset({cell.plan}),
    }


def _asked(query: LogQuery, name: str) -> frozenset[str]:
    if name in LISTED:
        return frozenset(map(str, getattr(query, name)))
    wanted: bool | None = getattr(query, name)
    return frozenset() if wanted is None else frozenset({said(wanted)})


def _facet(name: str, counts: Counter[str], query: LogQuery, say: Callable[[str], Words]) -> Facet:
    chosen = _asked(query, name)
    if name == "period":
        listed = sorted(counts.items(), reverse=True)  # the newest first
    else:
        listed = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    values = (
        Value(value, say(value), count, value in chosen, toggled(query, name, value))
        for value, count in listed
    )
    return Facet(name, LABELS[name], tuple(values))


def _labels(
    moment: Moment, promises: Mapping[str, Promise]
) -> Mapping[str, Callable[[str], Words]]:
    places = moment.places
    posts = {post.id: post.name for place in places.values() for post in place.plan.posts}
    titles = {p.duty: p.title for p in promises.values()}
    titles |= {d.id: d.title for place in places.values() for d in place.duties.values()}
    return {
        "standing": lambda value: POSITIONS[Position(value)],
        **{flag: _YES.__getitem__ for flag in FLAGS},
        "unit": lambda value: _plain(_named(places, value)),
        "leader": lambda value: _plain(posts.get(value, value)),
        "period": say_period,
        "clause": _plain,
        "duty": lambda value: _plain(titles.get(value, value)),
        "plan": lambda value: _plain(places[value].plan.title if value in places else value),
    }


def _named(places: Mapping[str, InForce], unit: str) -> str:
    named = (unit_name(place, unit) for place in places.values())
    return next((name for name in named if name != unit), unit)


def _plain(name: str) -> Words:
    return Words(name, name)
