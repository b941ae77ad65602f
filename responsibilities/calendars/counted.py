"""Some days of a range compiled into a table, so that counting and shifting take constant time."""

from abc import ABC, abstractmethod
from array import array
from collections.abc import Iterable
from datetime import date

from responsibilities.calendars.dates import ONE_DAY
from responsibilities.words import Refused


class CountedDays(ABC):
    """Some days of a closed range, counted in constant time; immutable.

    Every answer outside the range is refused, never guessed.
    """

    __slots__ = ("_days", "_origin", "_rank", "_size", "first", "last")

    def __init__(self, days: Iterable[date], first: date, last: date) -> None:
        self.first = first
        self.last = last
        self._origin = first.toordinal()
        self._days = tuple(sorted(day for day in set(days) if first <= day <= last))
        # _rank[i] = how many counted days lie before the i-th day of the range
        counted = {day.toordinal() - self._origin for day in self._days}
        self._size = last.toordinal() - self._origin + 1
        ranks = array("i", [0])
        for offset in range(self._size):
            ranks.append(ranks[-1] + (offset in counted))
        self._rank = ranks

    @abstractmethod
    def beyond(self, day: date) -> Refused:
        """What to raise for a day outside the range."""

    def rank(self, day: date) -> int:
        """How many counted days of the range lie before `day`."""
        offset = day.toordinal() - self._origin
        if 0 <= offset < self._size:
            return self._rank[offset]
        raise self.beyond(day)

    def nth(self, rank: int) -> date:
        """The counted day with `rank` counted days before it."""
        if rank < 0:
            raise self.beyond(self.first - ONE_DAY)
        if rank >= len(self._days):
            raise self.beyond(self.last + ONE_DAY)
        return self._days[rank]

    def counts(self, day: date) -> bool:
        """Whether `day` is one of the counted days."""
        offset = day.toordinal() - self._origin
        if 0 <= offset < self._size:
            return self._rank[offset] != self._rank[offset + 1]
        raise self.beyond(day)

    def on_or_after(self, day: date) -> date:
        """`day` itself if it counts, else the next that does."""
        return self.nth(self.rank(day))

    def on_or_before(self, day: date) -> date:
        """`day` itself if it counts, else the last that did."""
        return self.nth(self.rank(day) - 1 + self.counts(day))

    def shift(self, day: date, n: int) -> date:
        """The n-th counted day after (n > 0) or before (n < 0) `day`, which is not counted itself.

        n = 0 gives `on_or_after(day)`.
        """
        offset = day.toordinal() - self._origin
        if not 0 <= offset < self._size:
            raise self.beyond(day)
        rank = self._rank[offset + 1] + n - 1 if n > 0 else self._rank[offset] + n
        if 0 <= rank < len(self._days):
            return self._days[rank]
        return self.nth(rank)

    def count(self, first: date, last: date) -> int:
        """How many counted days in [first, last]; 0 when the span is empty."""
        if last < first:
            return 0
        return self.rank(last) + self.counts(last) - self.rank(first)
