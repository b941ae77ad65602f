"""How many letters a plan itself expects in a day: the measure that a storm of them is held to."""

from collections.abc import Iterable

from responsibilities.decide import ladder_of
from responsibilities.plan import Duty, Kind, Plan
from responsibilities.tasks import Event


def expected(plan: Plan, fresh: Iterable[Event]) -> int:
    """One daily letter for every mailbox, and every urgent notice that can fall on one day.

    `fresh` are the incidents reported within the day; each brings its urgent notices at once.
    """
    boxes = {post.mailbox for post in plan.posts if post.mailbox}
    boxes |= {mailbox for unit in plan.units for mailbox in unit.mailboxes.values()}
    urgent_types = {kind.id for kind in plan.event_types if kind.urgent}
    found = len(boxes)
    found += sum(_urgent(plan, duty, False) for duty in plan.duties if duty.kind is not Kind.EVENT)
    called = [duty for duty in plan.duties if duty.kind is Kind.EVENT]
    for event in fresh:
        mine = (duty for duty in called if duty.event == event.type)
        found += sum(_urgent(plan, duty, event.type in urgent_types) for duty in mine)
    return found


def _urgent(plan: Plan, duty: Duty, always: bool) -> int:
    """The urgent notices of one period of a duty: its steps, to each of their posts and units."""
    said = sum(len(step.to) for step in ladder_of(plan, duty) if always or step.urgent)
    return said * max(len(duty.responsible), 1) * max(len(duty.stages), 1)
