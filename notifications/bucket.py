"""How fast a relay may be fed: so many letters a minute, so many an hour. Pure."""

from collections import deque
from datetime import datetime, timedelta

ROBOT = "robot:"
"""What the place of a group robot begins with, where a mail has its domain."""
PER_MINUTE = 20
"""Of WeCom's and DingTalk's robots: who says more is shut out for ten minutes."""
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
        wait = self.wait(now)
        if wait == 0.0:
            for _, _, taken in self._windows:
                taken.append(now)
        return wait

    def wait(self, now: datetime) -> float:
        """The seconds until `take` gives a token; 0.0 now."""
        waits = [self._wait(span, limit, taken, now) for span, limit, taken in self._windows]
        return max(waits, default=0.0)

    @staticmethod
    def _wait(span: timedelta, limit: int, taken: deque[datetime], now: datetime) -> float:
        if len(taken) < limit:
            return 0.0
        if not taken:  # a limit of nothing at all: the relay is closed
            return span.total_seconds()
        if taken[-1] > now:
            taken.extend([now] * limit)
        return max(0.0, (taken[0] + span - now).total_seconds())


class Limits:
    """A bucket for the relay, one for each domain that letters go to, and one for each robot."""

    def __init__(
        self, relay: Bucket, domain_per_minute: int | None = None,
        domain_per_hour: int | None = None,
    ) -> None:  # fmt: skip
        self._relay = relay
        self._each = domain_per_minute, domain_per_hour
        self._domains: dict[str, Bucket] = {}

    def wait_of(self, domain: str, now: datetime) -> float:
        """The seconds for which `domain` alone has to wait; others need not."""
        return self._bucket(domain).wait(now)

    def take(self, domain: str, now: datetime) -> float:
        """As `Bucket.take`, from both at once or from neither."""
        bucket = self._bucket(domain)
        if domain.startswith(ROBOT):
            return bucket.take(now)
        wait = max(self._relay.wait(now), bucket.wait(now))
        if wait == 0.0:
            self._relay.take(now)
            bucket.take(now)
        return wait

    def _bucket(self, domain: str) -> Bucket:
        if domain not in self._domains:
            robot = domain.startswith(ROBOT)
            self._domains[domain] = Bucket(PER_MINUTE, None) if robot else Bucket(*self._each)
        return self._domains[domain]
