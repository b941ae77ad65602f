"""What a draft asks of each unit in an average month, beside what the plan in force asks."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from office.calendars import site_days
from office.studio import compile_files, files_of
from office.workplace import InForce, in_force, place_of
from responsibilities.language.compile import Compiled
from responsibilities.plan import Plan
from responsibilities.simulation.conduct import Scenario, current_year, year_named
from responsibilities.simulation.outcome import UnitYear
from responsibilities.simulation.simulate import simulate
from responsibilities.words import Refused, Words
from storage.engine import reading

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Monthly:
    """What a month asks of a unit on average, under the version in force and under the draft."""

    name: str
    before: tuple[float, ...]
    """Letters, fields, files, minutes."""
    after: tuple[float, ...]


def load(db: Engine, plan: str, now: datetime) -> tuple[Monthly, ...]:
    """The burden of an average month by unit, before and after; the same year simulated twice."""
    with reading(db) as connection:
        held = in_force(connection, plan)
        compiled = compile_files(connection, files_of(connection, plan))
        working = site_days(connection)
    new = _usable(compiled)
    today = held.clock.day(now)
    before = {one.unit: one for one in _year(held, today)}
    after = {one.unit: one for one in _year(place_of(new, 0, "", working), today)}
    return tuple(
        Monthly(one.name, _monthly(before.get(id_)), _monthly(after.get(id_)))
        for id_, one in {**before, **after}.items()
    )


def _year(place: InForce, today: date) -> tuple[UnitYear, ...]:
    plan = place.plan
    named = current_year(plan, today)
    first, last = year_named(plan, named)
    return simulate(plan, place.clock, Scenario(first, last)).units


def _monthly(unit: UnitYear | None) -> tuple[float, ...]:
    if unit is None:
        return (0.0,) * 4
    asked = unit.burden
    counted = (unit.letters, asked.fields, asked.files, asked.minutes)
    return tuple(round(number / MONTHS, 1) for number in counted)


def _usable(compiled: Compiled) -> Plan:
    if compiled.plan is None:
        raise Refused(
            Words("方案无法编译，请先改正错误。", "The plan does not compile; mend the errors.")
        )
    return compiled.plan
