"""Signs of life: written by the doors after a round, read by reconcile and by the watch."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Engine

from storage import heartbeats
from storage.engine import reading, writing
from storage.instants import whole

EVERY = timedelta(minutes=5)
PATIENCE: Mapping[str, timedelta] = {
    "reconcile": timedelta(minutes=12),
    "mailroom": timedelta(hours=3),
    "inbox": timedelta(minutes=30),
}
"""Reconcile: two beats of five minutes and a little, less than the half hour that counts as an
outage. The mailroom may be at work for an hour and more where a relay takes 200 letters an hour."""


def beat(db: Engine, name: str, now: datetime) -> None:
    """`name` ran through at `now`; written at most every five minutes.

    A door beats `reconcile` after the round, never before: the round finds outages by it.
    """
    now = whole(now)
    with reading(db) as connection:
        last = heartbeats.last(connection, name)
    if last is None or now - last >= EVERY:
        with writing(db) as connection:
            heartbeats.beat(connection, name, now)


def missed(db: Engine, now: datetime, after: timedelta) -> dict[str, datetime]:
    """The loops that have not beaten for longer than `after`, with their last beat."""
    with reading(db) as connection:
        known = heartbeats.every(connection)
    return {name: at for name, at in known.items() if now - at > after}
