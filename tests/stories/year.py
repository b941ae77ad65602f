"""A year of a worked plan, twice: simulated, and lived through by the product's own acts.

The simulation says how each unit behaves. Living it means that the real acts, on a real database,
are asked to do the same at the same instants, while reconcile and the post run as they would.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from itertools import groupby

from office import report_incident, review
from office.report_incident import LateEntry
from office.windows import open_window
from responsibilities.simulation.imagined import closed_at, incidents, windows
from responsibilities.simulation.simulate import (
    Happening,
    Scenario,
)
from responsibilities.tasks import Event, FactKind
from storage import facts
from storage.engine import reading
from storage.instants import instant, whole
from tests.stories.papers import hand_in_everything
from tests.stories.town import Town

_DID = {
    FactKind.OPENED: "opened", FactKind.TOLD: "told", FactKind.SUBMITTED: "submitted",
    FactKind.RETURNED: "returned", FactKind.ACCEPTED: "accepted", FactKind.EXTENDED: "extended",
    FactKind.LAPSED: "lapsed", FactKind.WAIVED: "waived", FactKind.WATCHED: "watched",
}  # fmt: skip


def live(town: Town, scenario: Scenario, script: Sequence[Happening]) -> list[Happening]:
    """Do with the real acts what the units of `script` do; what then happened, by the record."""
    year = _Year(town, scenario)
    acts = [
        one for one in script if one.what not in ("opened", "told", "lapsed", "waived", "watched")
    ]
    closings = [one for one in year.closings(acts) if one.at < year.end]
    agenda = sorted([*year.windows(), *closings, *acts], key=lambda one: one.at)
    for at, group in groupby(agenda, key=lambda one: whole(one.at)):
        town.live_until(at)
        for one in group:
            year.act(one, at)
    town.live_until(year.end)
    return year.record()


class _Year:
    """Which real incident stands for which imagined one, and who has handed in how often."""

    def __init__(self, town: Town, scenario: Scenario) -> None:
        self.town = town
        self.start = start = town.clock.at(scenario.first, time(0))
        self.scenario, self.end = scenario, town.clock.end_of_day(scenario.last)
        self.imagined = {
            event.id: event
            for kind in town.plan.event_types
            for event in incidents(town.plan, kind, scenario, start)
        }
        self.real: dict[str, str] = {}
        self.count = 0

    def closings(self, acts: Sequence[Happening]) -> list[Happening]:
        """When the incidents are closed."""
        plan, clock = self.town.plan, self.town.clock
        return [
            Happening(closed_at(plan, one.detail, one.at, clock), "closed", one.key, "")
            for one in acts if one.what == "reported"
        ]  # fmt: skip

    def windows(self) -> Iterator[Happening]:
        """When the run-time windows are opened, and until when."""
        for window, spans in windows(self.town.plan, self.scenario, self.start).items():
            for span in spans:
                if span.opens_at < self.end:
                    yield Happening(span.opens_at, "window", window, self.town.wall(span.closes_at))

    def act(self, one: Happening, now: datetime) -> None:
        """One thing that a unit, a reviewer or the office does."""
        db = self.town.db
        self.count += 1
        if one.what == "window":
            until = self.town.at(one.detail)
            open_window(db, self.town.plan.id, one.key, by="办公室", now=now, until=until)
        elif one.what == "reported":
            self._report(self.imagined[one.key], now)
        elif one.what == "closed":
            report_incident.mark(db, self.real[one.key], "结案", now, "值班员", now)
        elif one.what == "submitted":
            hand_in_everything(db, self.town.blobs, self._key(one), now, str(self.count))
        elif one.what == "accepted":
            review.accept(db, self._key(one), by="审核人", now=now)
        elif one.what == "returned":
            review.return_(db, self._key(one), "请补充材料", by="审核人", now=now)
        else:
            due = self.town.at(one.detail)
            review.extend(db, self._key(one), due, by="领导小组办公室", now=now)

    def _report(self, event: Event, now: datetime) -> None:
        fields = {
            k: "是" if v is True else "否" if v is False else v for k, v in event.fields.items()
        }
        done = report_incident.report(
            self.town.db, event.plan, event.type, event.unit, fields,
            event.marks.get("活动", event.marks["发生"]), event.marks["知悉"],
            now, "值班员", LateEntry("电话报告后补录", "带班领导"),
        )  # fmt: skip
        self.real[event.id] = done.event.id

    def _key(self, one: Happening) -> str:
        plan, period, *rest = one.key.split("/")
        return "/".join([plan, self.real.get(period, period), *rest])

    def record(self) -> list[Happening]:
        """Everything on the record, as the simulation would say it."""
        imagined = {real: event for event, real in self.real.items()}
        with reading(self.town.db) as connection:
            known = facts.since(connection, 0, 1_000_000)
        found = []
        for fact in known:
            if fact.task is None or fact.kind not in _DID:
                continue
            plan, period, *rest = fact.task.split("/")
            key = "/".join([plan, imagined.get(period, period), *rest])
            due = fact.body.get("due") if fact.kind in _DATED else None
            detail = self.town.wall(instant(due)) if due else str(fact.body.get("notice", ""))
            found.append(Happening(fact.at, _DID[fact.kind], key, detail))
        return found


_DATED = (FactKind.OPENED, FactKind.EXTENDED)
