"""A whole year of each worked plan: read by a person, and lived by the product."""

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import time, timedelta
from pathlib import Path

import pytest

from responsibilities.occurrences import occurrences
from responsibilities.simulation.simulate import Happening
from storage.instants import whole
from tests.stories.approve import LIVED, PLANS, YEARS, approved, as_read, simulated, written
from tests.stories.town import Town
from tests.stories.year import live


@pytest.fixture(params=YEARS)
def town(request: pytest.FixtureRequest, memory: Path, sqlite_template: Path) -> Iterable[Town]:
    """Where one of the worked plans is not yet in force."""
    shutil.copy(sqlite_template, memory / "duban.sqlite")
    found = Town(memory, written(request.param))
    yield found
    found.db.dispose()


def test_every_plan_that_is_shipped_has_a_year_that_somebody_has_read() -> None:
    assert {folder.name for folder in PLANS.iterdir() if folder.is_dir()} == set(YEARS)


def test_the_year_of_a_worked_plan_reads_as_it_was_approved(town: Town) -> None:
    _, year, happenings = simulated(town.plan, town.clock)
    found = as_read(year, happenings, town.plan, town.clock)
    assert found == approved(town.plan.id).read_text("utf-8"), (
        f"the year has changed: python -m tests.stories.approve {town.plan.id}, "
        "and read the difference in git"
    )


def test_the_year_lived_by_the_real_acts_is_the_year_simulated(town: Town, full: bool) -> None:
    # All that is opened, told, handed in, returned, extended and lapsed, to the second.
    days = None if full else LIVED.get(town.plan.id)
    scenario, _, wanted = simulated(town.plan, town.clock, days)
    start = town.clock.at(scenario.first, time(0))
    adopted = start - timedelta(minutes=1)
    town.begins(town.wall(adopted))
    by_lot = {duty.id for duty in town.plan.duties if duty.draw is not None}
    wanted = [one for one in wanted if _duty(one) not in by_lot]  # its lots are drawn anew
    found = [one for one in live(town, scenario, wanted) if _duty(one) not in by_lot]

    force = town.clock.at(town.plan.in_force, time(0))
    already = {
        one.key
        for duty in town.plan.duties
        if duty.rhythm is not None or (duty.when is not None and duty.event is None)
        for one in occurrences(town.plan, duty, town.clock, min(force, start), start)
        if one.opens_at < start and one.due_at > adopted
    }
    of_the_year = [one for one in found if one.key not in already]
    assert {one.key for one in found} - {one.key for one in of_the_year} == already
    assert _said(of_the_year) == _said(one for one in wanted if one.what != "reported")
    assert len(list(town.letterbox)) > (100 if days else 1000)


def _duty(one: Happening) -> str:
    return one.key.split("/")[2].split(".")[0] if one.what != "reported" else ""


def _said(happenings: Iterable[Happening]) -> Counter[tuple[object, ...]]:
    return Counter(
        (whole(one.at), one.what, one.key, one.detail if one.what in _DETAILED else "")
        for one in happenings
    )


_DETAILED = ("opened", "told", "extended")
