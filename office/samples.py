"""A random sample (抽查) of the log that anybody can draw again from its seed."""

from datetime import datetime
from heapq import nsmallest

from sqlalchemy import Engine

from inspections.log_query import EVERYTHING, LogQuery, Remit
from inspections.sampling import order
from office.completion_log import drawn_from, shown_row
from office.ledger import Row
from office.moments import moment
from responsibilities.words import Language
from storage import facts
from storage.engine import reading

SAMPLE = 10


def seed_of(db: Engine, query: LogQuery, now: datetime) -> str:
    """A seed that nobody chose: from the leaf of the newest fact at the time of the query."""
    with reading(db) as connection:
        found = moment(connection, query.as_of, now)
        return facts.leaf_of(connection, found.size).hex()[:12]


def sample(
    db: Engine, query: LogQuery, seed: str, now: datetime, remit: Remit = EVERYTHING,
    language: Language = "zh", count: int = SAMPLE,
) -> tuple[Row, ...]:  # fmt: skip
    """`count` tasks of those that `query` finds: the smallest by SHA-256 of `seed/key`."""
    with reading(db) as connection:
        found = moment(connection, query.as_of, now)
        tasks = drawn_from(connection, query, now, remit)
        chosen = nsmallest(count, tasks, key=lambda task: order(seed, task.key))
        return tuple(shown_row(connection, task, found, language) for task in chosen)
