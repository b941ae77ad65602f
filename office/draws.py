"""Random draws on record: a seed is sealed before anything is drawn, revealed after the last lot.

The round draws nothing itself: what the sealed seed draws opens like any other task. The seeds are
made by the doors, so that a draw can be told again in a test.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from office.draw_outcomes import key_of, outcome, population_of
from office.workplace import InForce, all_in_force, in_force
from responsibilities import draws
from responsibilities.draws import Population, commitment, dated_days, label_of
from responsibilities.plan import Drawn, Duty
from responsibilities.tasks import SYSTEM, Fact, FactKind
from responsibilities.words import Refused, Words
from storage import draw_seeds, facts, tasks
from storage.engine import reading, writing
from storage.instants import whole

_DAY = timedelta(days=1)
_MANY = 100_000


def tend_draws(db: Engine, now: datetime, fresh: Callable[[], str]) -> None:
    """Seal a seed for each draw whose period has begun, reveal those whose last lot is open.

    `fresh` gives a new secret seed (64 hex digits). Asked again it changes nothing.
    """
    now = whole(now)
    with reading(db) as connection:
        places = all_in_force(connection)
    for plan in (id_ for id_, place in places.items() if _drawing(place)):
        with writing(db) as connection:
            place = in_force(connection, plan)
            for duty in _drawing(place):
                _seal(connection, place, duty, now, fresh)
            place = in_force(connection, plan)
            for duty in _drawing(place):
                _reveal(connection, place, duty, now)


def _drawing(place: InForce) -> list[Duty]:
    return [duty for duty in place.plan.duties if duty.draw is not None]


def _seal(
    connection: Connection, place: InForce, duty: Duty, now: datetime, fresh: Callable[[], str]
) -> None:
    """Put on record what will be drawn from and the seed's hash; only days to come are drawn."""
    plan, clock = place.plan, place.clock
    day = clock.day(now)
    if day < plan.in_force or (plan.until and day > plan.until):
        return
    since = day if now < clock.opening(day) else day + _DAY
    try:
        known = list(draws.periods_in(plan, duty, clock, day, day))
        given = [(one, draws.population(plan, duty, clock, one, since)) for one in known]
    except Refused:
        return  # beyond the calendars: said where the duty's next date is looked for
    for period, population in given:
        key = key_of(plan.id, duty.id, period.id)
        if not population.days or facts.has(connection, None, key):
            continue
        label, seed = label_of(plan.id, duty.id, period.id), fresh()
        draw_seeds.keep(connection, label, seed)
        body = {"commitment": commitment(label, seed), **_body(duty, period.id, population)}
        fact = Fact(None, key, FactKind.DRAW_COMMITTED, now, SYSTEM, body)
        facts.append(connection, [fact])


def _body(duty: Duty, period: str, given: Population) -> dict[str, Any]:
    return {
        "days": [day.isoformat() for day in given.days],
        "duty": duty.id,
        "gap": given.gap,
        "inspectors": list(given.inspectors),
        "period": period,
        "some_inspectors": given.some_inspectors,
        "some_units": given.some_units,
        "times": given.times,
        "units": list(given.units),
    }


def _reveal(connection: Connection, place: InForce, duty: Duty, now: datetime) -> None:
    seeds = draw_seeds.of_plan(connection, place.plan.id)
    for drawn in duty.drawn:
        key = key_of(place.plan.id, duty.id, drawn.period)
        opened = _opened(place, duty, drawn, now)
        if len(opened) < len(drawn.days) or facts.has(connection, None, f"{key}/revealed"):
            continue
        body = {
            "days": [day.isoformat() for day in drawn.days],
            "duty": duty.id,
            "inspectors": [list(some) for some in drawn.inspectors],
            "period": drawn.period,
            "seed": seeds[label_of(place.plan.id, duty.id, drawn.period)],
            "units": [list(some) for some in drawn.units],
        }
        fact = Fact(None, f"{key}/revealed", FactKind.DRAW_REVEALED, now, SYSTEM, body)
        facts.append(connection, [fact])


def _opened(place: InForce, duty: Duty, drawn: Drawn, now: datetime) -> list[int]:
    """Which lots have opened, by number from 0."""
    far = datetime.min.replace(tzinfo=now.tzinfo) + _DAY
    known = {one.period for one in dated_days(place.plan, duty, place.clock, far, now)}
    return [n for n in range(len(drawn.days)) if f"{drawn.period}.T{n + 1}" in known]


@dataclass(frozen=True, slots=True)
class Lot:
    """One drawn day that has opened."""

    day: date
    units: tuple[str, ...]
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawFile:
    """One draw as the record has it, drawn again."""

    duty: str
    title: str
    period: str
    committed_at: datetime
    commitment: str
    population: Population
    lots: tuple[Lot, ...]
    """Those that have opened; the others are nobody's to know."""
    seed: str | None
    """Once revealed."""
    wrong: tuple[Words, ...]
    """What does not agree; empty for a draw that anybody may trust."""


def draw_files(db: Engine, now: datetime, plan: str | None = None) -> tuple[DrawFile, ...]:
    """Every draw of every plan (or of `plan`), each drawn again from what is on record."""
    with reading(db) as connection:
        places = all_in_force(connection)
        return tuple(
            one
            for id_, place in places.items()
            if plan in (None, id_)
            for one in _files(connection, place, now)
        )


def _files(connection: Connection, place: InForce, now: datetime) -> Iterator[DrawFile]:
    plan = place.plan.id
    record = {fact.key: fact for fact in facts.without_task(connection, f"{plan}/draw/")}
    seeds = draw_seeds.of_plan(connection, plan)
    for key, fact in record.items():
        if fact.kind is not FactKind.DRAW_COMMITTED:
            continue
        duty = place.duties.get(fact.body["duty"])
        label = label_of(plan, fact.body["duty"], fact.body["period"])
        revealed = record.get(f"{key}/revealed")
        drawn = outcome(label, seeds.get(label, ""), fact.body)
        opened = _opened(place, duty, drawn, now) if duty else range(len(drawn.days))
        lots = tuple(Lot(drawn.days[n], drawn.units[n], drawn.inspectors[n]) for n in opened)
        wrong = tuple(_wrong(connection, label, fact, revealed)) if revealed else ()
        yield DrawFile(
            fact.body["duty"], duty.title if duty else fact.body["duty"], fact.body["period"],
            fact.at, fact.body["commitment"], population_of(fact.body), lots,
            revealed.body["seed"] if revealed else None, wrong,
        )  # fmt: skip


def _wrong(connection: Connection, label: str, committed: Fact, revealed: Fact) -> Iterator[Words]:
    """Nothing but the two facts is believed: the seed fits the hash, and draws what was opened."""
    seed, body = revealed.body["seed"], committed.body
    if commitment(label, seed) != body["commitment"]:
        yield Words("种子与封存的校验值不符", "the seed does not fit the hash on record")
    drawn = outcome(label, seed, body)
    if _said(drawn) != {name: revealed.body[name] for name in ("days", "units", "inspectors")}:
        yield Words("按种子重抽，结果不同", "drawn again from the seed, the outcome differs")
    plan, duty, period = label.split("/")
    expected = {
        f"{plan}/{period}.T{number}/{duty}/{unit}"
        for number, units in enumerate(drawn.units, 1)
        for unit in units
    }
    listed = tasks.listed(connection, plan=plan, duty=duty, limit=_MANY)
    found = {task.key for task in listed if task.period.rpartition(".T")[0] == period}
    if found != expected:
        yield Words("下达的事项与抽取结果不符", "the tasks opened are not those that were drawn")


def _said(drawn: Drawn) -> Mapping[str, object]:
    return {
        "days": [day.isoformat() for day in drawn.days],
        "units": [list(some) for some in drawn.units],
        "inspectors": [list(some) for some in drawn.inspectors],
    }
