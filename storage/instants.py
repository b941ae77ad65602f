"""Instants as the database holds them: `2026-11-23T08:00:00Z`, of one width, so text sorts as time.

Whole seconds: what lies below is cut off on the way in, never rounded up.
"""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=8192)
def text(instant: datetime) -> str:
    """The stored form of an aware instant; a naive one is a bug."""
    if instant.tzinfo is None:
        raise ValueError(f"naive instant {instant!r}")
    return f"{instant.astimezone(UTC).isoformat()[:19]}Z"


@lru_cache(maxsize=8192)
def instant(stored: str) -> datetime:
    """The aware UTC instant that `stored` stands for."""
    return datetime.fromisoformat(stored).astimezone(UTC)


def text_or_none(moment: datetime | None) -> str | None:
    """As `text`, where there may be none."""
    return None if moment is None else text(moment)


def instant_or_none(stored: str | None) -> datetime | None:
    """As `instant`, where there may be none."""
    return None if stored is None else instant(stored)


def whole(now: datetime) -> datetime:
    """`now` as an act records it: UTC, whole seconds."""
    return now.astimezone(UTC).replace(microsecond=0)
