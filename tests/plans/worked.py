"""What the tests of the worked plans share: a plan's files, its compiled form, its obligations."""

import csv
from collections.abc import Sequence
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from office.calendars import working_days
from office.workplace import clock_of
from responsibilities.language.compile import Compiled, compile_plan
from responsibilities.occurrences import occurrences
from responsibilities.plan import Plan
from responsibilities.tasks import Occurrence
from storage.plan_folder import read_folder

PLANS = Path(__file__).parents[2] / "responsibilities" / "plans"
OBLIGATIONS = Path(__file__).parent / "obligations"
Entry = dict[str, Any]


@cache
def compiled(name: str) -> Compiled:
    """A plan of `responsibilities/plans`, compiled."""
    return compile_plan(read_folder(PLANS / name), working_days())


def plan_of(name: str) -> Plan:
    """The plan itself; it has no errors."""
    plan = compiled(name).plan
    assert plan is not None, compiled(name).problems
    return plan


def entries(name: str, section: str) -> dict[str, Entry]:
    """The entries of a section by id, as they are written."""
    listed: list[Entry] = []
    for file in sorted((PLANS / name).rglob("*.yaml")):
        listed += YAML(typ="safe").load(file.read_text("utf-8")).get(section, [])
    return {entry["id"]: entry for entry in listed}


def sources(duty: Entry) -> Sequence[str]:
    """The clauses that a duty cites."""
    cited = duty["source"]
    return [cited] if isinstance(cited, str) else list(cited)


def rows(name: str) -> dict[str, dict[str, str]]:
    """The plan's obligations, read out of its text by hand before the YAML was written."""
    table = csv.DictReader((OBLIGATIONS / f"{name}.csv").read_text("utf-8").splitlines())
    return {row["id"]: row for row in table}


class Year:
    """The dated tasks of a plan's duties in a civil year, as the clock on the wall shows them."""

    def __init__(self, name: str, year: int) -> None:
        self.plan = plan_of(name)
        self.clock = clock_of(self.plan)
        self.first = self.clock.at(datetime(year, 1, 1).date(), time(0))
        self.last = self.clock.at(datetime(year + 1, 1, 1).date(), time(0))

    def tasks(self, duty_id: str, unit: str = "") -> list[Occurrence]:
        """What a duty asks of one unit (by id; of its first where none is named)."""
        duty = next(duty for duty in self.plan.duties if duty.id == duty_id)
        found = occurrences(self.plan, duty, self.clock, self.first, self.last)
        return [one for one in found if one.unit == (unit or duty.responsible[0])]

    def wall(self, instant: datetime) -> str:
        """`05-15 17:00`"""
        return f"{self.clock.local(instant):%m-%d %H:%M}"

    def dates(self, duty_id: str, unit: str = "") -> list[tuple[str, str, str]]:
        """Period, opening and due date of every task of a duty."""
        return [
            (one.period, self.wall(one.opens_at), self.wall(one.due_at))
            for one in self.tasks(duty_id, unit)
        ]
