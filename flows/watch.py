"""Watching over the loops: one that has not beaten for too long is replaced, and told of.

Prefect may be gone, its schedules paused, its runner stuck: then nobody reconciles. This watch
runs in the serving process but not through Prefect; `duban tick` from a timer is the one outside.
A gap longer than `outage_after` is recorded and told to the offices by the round that ends it.
"""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from flows.installation import Installation
from office import clockguard, heartbeat
from office.alarms import alarm
from office.post import mail_round
from office.reconcile import RoundFailed
from responsibilities.words import Words
from storage.engine import writing
from storage.instants import text

logger = logging.getLogger("duban.watch")


def missed(beats: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """The loops that have been silent for longer than their patience, by name, in order."""
    return tuple(
        sorted(
            name
            for name, at in beats.items()
            if now - at > heartbeat.PATIENCE.get(name, timedelta.max)
        )
    )


def watch(installation: Installation, now: datetime) -> tuple[str, ...]:
    """Look after the loops at `now`; reconcile here where nobody else did. The silent ones."""
    silent = missed(heartbeat.missed(installation.db, now, timedelta(0)), now)
    if clockguard.frozen(installation.db):
        return ()  # nothing runs, and the office has been told why
    for name in silent:
        logger.error("no sign of life from %s", name)
    if "mailroom" in silent:
        _dead_mans_letter(installation, now)
    if "reconcile" in silent:
        try:
            installation.reconcile(now)
        except RoundFailed:
            logger.error("the watch's own round had failures")
    return silent


def _dead_mans_letter(installation: Installation, now: datetime) -> None:
    """The office is told that no letters leave: by a letter that the watch sends itself."""
    last = heartbeat.missed(installation.db, now, timedelta(0))["mailroom"]
    with writing(installation.db) as connection:
        alarm(connection, f"mailroom/{text(last)}", _WHAT, _REMEDY, now)
    settings = installation.settings
    asyncio.run(
        mail_round(installation.db, lambda: now, settings.mail, settings.language, frozen=True)
    )


_WHAT = Words(
    "收发室已3小时以上没有运行，信函未能发出；本信由值守程序单独发出。",
    "The mailroom has not run for three hours and more, and letters wait; the watch sends this.",
)
_REMEDY = Words(
    "请重新启动督办（duban up）；仍不恢复的，查看数据文件夹中的 duban.log 和 duban doctor。",
    "Start Duban again (duban up); if that does not help, see duban.log and duban doctor.",
)
