"""What the sealed seeds of a plan draw, from the populations that the record keeps."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from responsibilities.draws import Population, draw, label_of
from responsibilities.plan import Drawn
from responsibilities.tasks import FactKind
from storage import draw_seeds, facts


def key_of(plan: str, duty: str, period: str) -> str:
    """The key of the fact that seals a draw; `/revealed` follows for the one that reveals it."""
    return f"{plan}/draw/{duty}/{period}"


def population_of(body: Mapping[str, Any]) -> Population:
    """What was to be drawn from, as it was put on record."""
    return Population(
        tuple(date.fromisoformat(day) for day in body["days"]), body["times"], body["gap"],
        tuple(body["units"]), body["some_units"],
        tuple(body["inspectors"]), body["some_inspectors"],
    )  # fmt: skip


def outcome(label: str, seed: str, body: Mapping[str, Any]) -> Drawn:
    """What a seed draws from the population on record."""
    return draw(label, seed, population_of(body))


def drawn_of(connection: Connection, plan: str) -> Mapping[str, Sequence[Drawn]]:
    """Everything drawn for a plan so far, opened or not, by duty id."""
    seeds = draw_seeds.of_plan(connection, plan)
    found: dict[str, list[Drawn]] = {}
    for fact in facts.without_task(connection, f"{plan}/draw/") if seeds else ():
        if fact.kind is FactKind.DRAW_COMMITTED:
            label = label_of(plan, fact.body["duty"], fact.body["period"])
            drawn = outcome(label, seeds[label], fact.body)
            found.setdefault(fact.body["duty"], []).append(drawn)
    return found
