"""Many things in one transaction, and one that fails holds up no other."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from storage.engine import writing

T = TypeVar("T")
R = TypeVar("R")


def together_or_alone(
    db: Engine,
    items: Sequence[T],
    act: Callable[[Connection, Sequence[T]], list[R]],
    name: Callable[[T], str],
    failures: list[Exception],
) -> list[R]:
    """Run `act` over all items in one transaction; where it fails, halve until the bad one stands
    alone, and go on with the others.

    The bad ones' exceptions are appended to `failures`, each with the item's name as a note. A
    database that cannot be reached at all is no item's fault and is raised.
    """
    if not items:
        return []
    try:
        with writing(db) as connection:
            return act(connection, items)
    except OperationalError:
        raise
    except Exception as error:
        if len(items) == 1:
            error.add_note(name(items[0]))
            failures.append(error)
            return []
    half = len(items) // 2
    first = together_or_alone(db, items[:half], act, name, failures)
    return first + together_or_alone(db, items[half:], act, name, failures)
