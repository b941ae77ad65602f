"""What a member may read of the log: their plan, units and duties."""

from collections.abc import Collection

from sqlalchemy import Engine

from inspections.log_query import Remit
from office.workplace import in_force
from storage.engine import reading


def remit_of(db: Engine, plan: str, units: Collection[str], duties: Collection[str]) -> Remit:
    """The remit of somebody who sees these units, and of them these duties (empty: all).

    Who sees every unit of the plan sees those too that the plan no longer has.
    """
    with reading(db) as connection:
        everyone = {unit.id for unit in in_force(connection, plan).plan.units}
    return Remit(
        frozenset({plan}),
        None if everyone <= set(units) else frozenset(units),
        frozenset(duties) or None,
    )
