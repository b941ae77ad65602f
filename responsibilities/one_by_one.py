"""A series asked of holders one by one: whoever is on the roster on the day it opens."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from responsibilities.calendars.clock import Clock
from responsibilities.holders import Holder

if TYPE_CHECKING:
    from responsibilities.series import Braid, Dated, Series


class OneByOne:
    """Answers as its series does, each period with those who hold it."""

    def __init__(self, series: "Series | Braid", holders: tuple[Holder, ...], clock: Clock) -> None:
        self.series, self.holders, self.clock = series, holders, clock
        self.strands, self.life = series.strands, series.life

    def between(self, since: datetime, until: datetime) -> Iterator["Dated"]:
        """As `Series.between`; a period that nobody holds is left out."""
        for one in self.series.between(since, until):
            there = self._there(one)
            if there:
                yield one._replace(holders=there)

    def after(self, instant: datetime) -> "Dated | None":
        """As `Series.after`."""
        found = self.series.after(instant)
        while found is not None and not (there := self._there(found)):
            found = self.series.after(found.opens_at)
        return found and found._replace(holders=there)

    def _there(self, one: "Dated") -> tuple[Holder, ...]:
        day = self.clock.day(one.opens_at)
        return tuple(h for h in self.holders if h.member is None or h.member.on(day))
