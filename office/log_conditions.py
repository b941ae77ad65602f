"""From a query of the completion log to conditions for the database."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import Connection

from inspections.log_query import LogQuery, Remit, words_of
from office.matters import numbered
from office.moments import Moment
from office.workplace import InForce, promise
from responsibilities.delegation import whole_of
from responsibilities.tasks import Promise
from storage import log, plans
from storage.instants import text, text_or_none
from storage.log import Condition


def leader_of(place: InForce | None, found: Promise, unit: str) -> str:
    """The post in charge (分管领导) of a task: the duty's own before the unit's; empty for none."""
    if found.leader or place is None:
        return found.leader or ""
    held = next((u for u in place.plan.units if u.id == whole_of(unit)), None)
    return (held.leader if held else None) or ""


def allowed(remit: Remit, moment: Moment) -> Iterator[Condition]:
    """What somebody may read at all: part of every question, so that nothing leaks by another."""
    if remit.plans is not None:
        yield log.one_of("plan", remit.plans)
    if remit.units is not None:
        yield log.of_units(remit.units)
    if remit.duties is not None:
        yield log.one_of("duty", remit.duties)
    yield from _due(moment, remit.since, remit.until)


def sought(
    connection: Connection, then: Connection, query: LogQuery, moment: Moment
) -> Iterator[Condition]:
    """What no facet counts: days, words, files used twice. `then` holds the tasks as of then."""
    yield from _due(moment, query.since, query.until)
    if query.reused:
        yield log.is_reused()
    for word in words_of(query):
        yield _says(connection, then, word, moment)


def chosen(query: LogQuery, moment: Moment, promises: Mapping[str, Promise]) -> Iterator[Condition]:
    """What was chosen in the facets; `promises` are those of the tasks in question, by digest."""
    for column in ("plan", "unit", "duty", "period"):
        if values := getattr(query, column):
            yield log.one_of(column, values)
    if query.clause:
        fits = [d for d, p in promises.items() if not sections_of(p).isdisjoint(query.clause)]
        yield log.one_of("promise", fits)
    if query.leader:
        yield _led_by(query.leader, moment, promises)
    if query.standing:
        yield log.stands(query.standing, text(moment.at))
    if query.late is not None:
        yield log.is_late(query.late, text(moment.at))
    if query.late_by_system is not None:
        yield log.is_late_by_system(query.late_by_system)


def sections_of(found: Promise) -> frozenset[str]:
    """The clauses of the plan that a task goes back to, as printed."""
    return frozenset(source.section for source in found.sources)


def _due(moment: Moment, since: date | None, until: date | None) -> Iterator[Condition]:
    clock = next((place.clock for place in moment.places.values()), None)
    if clock is None:
        return
    begins = None if since is None else clock.end_of_day(since - timedelta(days=1))
    ends = None if until is None else clock.end_of_day(until)
    yield from log.due(text_or_none(begins), text_or_none(ends))


def _led_by(leaders: Iterable[str], moment: Moment, promises: Mapping[str, Promise]) -> Condition:
    wanted = set(leaders)
    own = {digest: p.leader for digest, p in promises.items() if p.leader}
    ways = [log.one_of("promise", (d for d, leader in own.items() if leader in wanted))]
    for plan, place in moment.places.items():
        units = [u.id for u in place.plan.units if u.leader in wanted]
        rest = (d for d, p in promises.items() if p.plan == plan and d not in own)
        one, of = log.one_of("promise", rest), log.of_units(units)
        ways.append(Condition(f"{one.sql} AND {of.sql}", (*one.values, *of.values)))
    return log.any_of(ways)


def _says(connection: Connection, then: Connection, word: str, moment: Moment) -> Condition:
    """One word in a title, a clause, a unit's name, the name of a file; or a number."""
    known = ((d, promise(connection, d)) for d in plans.promise_digests(connection))
    titled = [digest for digest, p in known if _has(word, _texts(p))]
    units = [
        unit.id
        for place in moment.places.values()
        for unit in place.plan.units
        if _has(word, (unit.name, unit.id))
    ]
    ways = [log.one_of("promise", titled), log.of_units(units), log.names_file(then, word)]
    ways.append(Condition("tasks.event = ?", (word,)))
    number = numbered(word)
    if number is not None:
        ways.append(Condition("tasks.id = ?", (number,)))
    return log.any_of(ways)


def _texts(found: Promise) -> Iterator[str]:
    yield found.title
    for source in found.sources:
        yield source.section
        yield source.quote


def _has(word: str, texts: Iterable[str]) -> bool:
    return any(word.casefold() in text.casefold() for text in texts)
