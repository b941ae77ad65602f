"""The wall clock of a plan, for what pages show."""

from collections.abc import Callable
from datetime import datetime

from office.workplace import in_force
from portal.here import Portal
from storage.engine import reading


def clock_of(at: Portal, plan: str) -> Callable[[datetime], datetime]:
    """Turns an instant into what the clock on the wall shows where the plan is in force."""
    with reading(at.db) as connection:
        return in_force(connection, plan).clock.local
