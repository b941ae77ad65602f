"""Watching over the loops: one that has not beaten for too long is replaced, and told of.

Prefect may be gone, its schedules paused, its runner stuck: then nobody reconciles. This watch
runs in the serving process but not through Prefect; `duban tick` from a timer is the one outside.
A gap longer than `outage_after` is recorded and told to the offices by the round that ends it.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from flows.installation import Installation
from office import heartbeat
from office.reconcile import RoundFailed

PATIENCE: Mapping[str, timedelta] = {
    "reconcile": timedelta(minutes=12),
    "mailroom": timedelta(hours=3),
}
"""Reconcile: two beats of five minutes and a little, less than the half hour that counts as an
outage. The mailroom may be at work for an hour and more where a relay takes 200 letters an hour."""

logger = logging.getLogger("duban.watch")


def missed(beats: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """The loops that have been silent for longer than their patience, by name, in order."""
    return tuple(
        sorted(name for name, at in beats.items() if now - at > PATIENCE.get(name, timedelta.max))
    )


def watch(installation: Installation, now: datetime) -> tuple[str, ...]:
    """Look after the loops at `now`; reconcile here where nobody else did. The silent ones."""
    silent = missed(heartbeat.missed(installation.db, now, timedelta(0)), now)
    for name in silent:
        logger.error("no sign of life from %s", name)
    if "reconcile" in silent:
        try:
            installation.reconcile(now)
        except RoundFailed:
            logger.error("the watch's own round had failures")
    return silent
