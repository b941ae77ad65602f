"""A whole school year of the worked plan: read by a person, and lived by the product."""

from collections import Counter
from collections.abc import Iterable
from datetime import time

from responsibilities.occurrences import occurrences
from responsibilities.simulation.simulate import Happening
from storage.instants import whole
from tests.stories.approve import APPROVED, as_read, simulated
from tests.stories.town import Town
from tests.stories.year import live


def test_the_year_of_the_worked_plan_reads_as_it_was_approved(story: Town) -> None:
    _, year, happenings = simulated(story.plan, story.clock)
    assert as_read(year, happenings, story.plan, story.clock) == APPROVED.read_text("utf-8"), (
        "the year has changed: python -m tests.stories.approve, and read the difference in git"
    )


def test_the_year_lived_by_the_real_acts_is_the_year_simulated(story: Town) -> None:
    # All that is opened, told, handed in, returned, extended and lapsed, to the second.
    scenario, _, wanted = simulated(story.plan, story.clock)
    story.begins("2026-08-27 23:59")
    found = live(story, scenario, wanted)

    start = story.clock.at(scenario.first, time(0))
    force = story.clock.at(story.plan.in_force, time(0))
    already = {
        one.key
        for duty in story.plan.duties
        if duty.rhythm is not None or (duty.when is not None and duty.event is None)
        for one in occurrences(story.plan, duty, story.clock, force, start)
        if one.opens_at < start and one.due_at > story.at("2026-08-27 23:59")
    }
    of_the_year = [one for one in found if one.key not in already]
    assert {one.key for one in found} - {one.key for one in of_the_year} == already
    assert _said(of_the_year) == _said(one for one in wanted if one.what != "reported")
    assert len(list(story.letterbox)) > 2000


def _said(happenings: Iterable[Happening]) -> Counter[tuple[object, ...]]:
    return Counter(
        (whole(one.at), one.what, one.key, one.detail if one.what in _DETAILED else "")
        for one in happenings
    )


_DETAILED = ("opened", "told", "extended")
