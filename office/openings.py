"""What a pack opens of the record's commitments: salt and value of all that its scope is about."""

from collections.abc import Collection, Iterator

import orjson
from sqlalchemy import Connection

from inspections.sealing import commitments
from responsibilities.tasks import Fact, FactKind
from storage import facts, vault

_ALWAYS = frozenset({
    FactKind.ADOPTED, FactKind.PLAN_PROPOSED, FactKind.PLAN_APPROVED, FactKind.CALENDAR,
    FactKind.WINDOW_OPENED, FactKind.WINDOW_EXTENDED, FactKind.WINDOW_CLOSED, FactKind.RELEASED,
    FactKind.KEY, FactKind.EPOCH,
})  # fmt: skip
"""Acts of the office that every task rests on; not who signed in, read or was let in."""
_PAGE = 10_000


def openings(
    connection: Connection, tasks: Collection[str], events: Collection[str], within: int
) -> Iterator[bytes]:
    """One line of JSON for each value: its commitment, its salt (hexadecimal), the value.

    Opened are the facts about `tasks`, about the incidents `events`, and the office's general acts,
    in the order of the record, among its first `within` facts.
    """
    seq = 0
    while chunk := facts.as_held(connection, seq, _PAGE):
        seq = chunk[-1].seq
        known = (fact for fact in chunk if fact.seq <= within and _is_open(fact, tasks, events))
        wanted = [one for fact in known for one in commitments(fact)]
        held = vault.openings(connection, wanted)
        for given in wanted:
            if given in held and held[given].salt:
                line = {"commitment": given, "salt": held[given].salt.hex(), "value": held[given]}
                yield orjson.dumps(line) + b"\n"


def _is_open(fact: Fact, tasks: Collection[str], events: Collection[str]) -> bool:
    if fact.task is not None:
        return fact.task in tasks
    return fact.kind in _ALWAYS or fact.body.get("event") in events
