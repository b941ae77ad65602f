"""How fast a relay may be fed: so many letters a minute, so many an hour. Pure."""

from collections import deque
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Bucket:
    """Tokens that come back exactly a minute, and an hour, after they were taken.

    So no window of a minute or an hour ever holds more than its limit, where a bucket that drips
    would allow twice as many after a pause. None means no limit.
    """

    def __init__(self, per_minute: int | None = 20, per_hour: int | None = 200) -> None:
        self._windows = [
            (span, limit, deque[datetime](maxlen=limit))
            for span, limit in ((MINUTE, per_minute), (HOUR, per_hour))
            if limit is not None
        ]

    def take(self, now: datetime) -> float:
        """0.0 and a token is taken; or the seconds until one is back, and nothing is taken.

        A clock that jumps backwards is waited for at most one window: the tokens it seems to have
        taken in the future are counted as taken now.
        """
        waits = [self._wait(span, limit, taken, now) for span, limit, taken in self._windows]
        wait = max(waits, default=0.0)
        if wait == 0.0:
            for _, _, taken in self._windows:
                taken.append(now)
        return wait

    @staticmethod
    def _wait(span: timedelta, limit: int, taken: deque[datetime], now: datetime) -> float:
        if len(taken) < limit:
            return 0.0
        if not taken:  # a limit of nothing at all: the relay is closed
            return span.total_seconds()
        if taken[-1] > now:
            taken.extend([now] * limit)
        return max(0.0, (taken[0] + span - now).total_seconds())
