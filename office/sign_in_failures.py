"""How often somebody failed to come in, by the way that was tried: never who, or from where."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Engine

from responsibilities.words import Refused, Words
from storage import throttles
from storage.engine import writing
from storage.instants import whole

Way = Literal["link", "code", "short_code", "oidc", "cas"]
"""One-time link or code by mail, short code of a letter, the institution's own systems."""
MANY = 20
"""Failures within a day that no forgetfulness explains."""
_NAME = "failed/"
_DAY = timedelta(days=1)
_SLOWLY = Words("尝试过于频繁，请15分钟后再试。", "Too many tries; wait for 15 minutes.")


class TooOften(Refused):
    """Somebody tries faster than the limits allow."""

    def __init__(self) -> None:
        super().__init__(_SLOWLY)


def count_failure(db: Engine, way: Way, now: datetime) -> None:
    """One more; a count begins anew a day after its first failure."""
    with writing(db) as connection:
        throttles.take(connection, f"{_NAME}{way}", 10**9, _DAY, whole(now))


def failures(connection: Connection, now: datetime) -> Mapping[str, int]:
    """By way, within the last day; nothing for a way by which nobody has failed."""
    found = throttles.counts(connection, _NAME, now - _DAY)
    return {name.removeprefix(_NAME): tries for name, tries in found.items()}
