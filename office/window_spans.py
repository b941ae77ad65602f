"""When the run-time windows of a plan were open, as the facts tell it."""

from collections.abc import Iterable

from sqlalchemy import Connection

from responsibilities.tasks import Fact, FactKind
from responsibilities.windows import Span, Spans
from storage import facts
from storage.instants import instant, instant_or_none


def spans_of(connection: Connection, plan: str) -> Spans:
    """By window id, in the order they were opened."""
    return spans_in(facts.without_task(connection, f"{plan}/window/"))


def spans_in(known: Iterable[Fact]) -> Spans:
    """As `spans_of`, from the facts about windows in the order of the record."""
    found: dict[str, list[Span]] = {}
    for fact in known:
        spans = found.setdefault(fact.body["window"], [])
        closes_at = instant_or_none(fact.body.get("closes"))
        if fact.kind is FactKind.WINDOW_OPENED:
            spans.append(Span(instant(fact.body["opens"]), closes_at))
        else:
            spans[-1] = spans[-1]._replace(closes_at=closes_at)
    return found
