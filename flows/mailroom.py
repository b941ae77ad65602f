"""The loops beside Prefect: letters leave, answers come in, the heartbeats are watched.

They need no Prefect run of their own each minute, and go on when Prefect is gone.
"""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from flows.installation import Installation
from flows.watch import watch
from notifications.lmtp import listening
from office.reconcile import RoundFailed

LOOK_SECONDS = 20.0
"""Letters that another process put in (a command, a report) wait at most this long."""
WATCH_SECONDS = 30.0

logger = logging.getLogger("duban.mailroom")


def caught_up(installation: Installation, now: datetime) -> None:
    """One round and one post, before anything else is started; failures are logged."""
    _unharmed("reconcile", lambda: installation.reconcile(now))
    _unharmed("post", lambda: post(installation))


def keep_mailroom(installation: Installation, stop: threading.Event) -> None:
    """Post until `stop`: every few seconds, and at once when a round has left letters."""
    while not stop.is_set():
        installation.letters.wait(LOOK_SECONDS)
        installation.letters.clear()
        if not stop.is_set():
            _unharmed("post", lambda: post(installation))


def keep_inbox(installation: Installation, stop: threading.Event) -> None:
    """Look into the mailbox until `stop`, and at once into what the LMTP door has taken."""
    chosen = installation.settings.inbox
    if not (chosen.host or chosen.lmtp):
        return
    with ExitStack() as stack:
        if chosen.lmtp:
            door = listening(chosen.lmtp, installation.take_in)
            _unharmed("LMTP door", lambda: stack.enter_context(door))
        while not stop.is_set():
            _unharmed("inbox", installation.collect)
            installation.came.wait(max(chosen.every, 1))
            installation.came.clear()


def keep_watch(installation: Installation, stop: threading.Event) -> None:
    """Look after the loops until `stop`. Apart from the post, which may wait for a slow relay."""
    while not stop.wait(WATCH_SECONDS):
        _unharmed("watch", lambda: watch(installation, installation.clock()))
        _unharmed("tidying up", installation.tidy)


def post(installation: Installation) -> None:
    """Make the letters that wait to be made, and send what can leave."""
    asyncio.run(installation.post())


def _unharmed(name: str, act: Callable[[], object]) -> None:
    """No failure may end the loop: the next time may go better."""
    try:
        act()
    except RoundFailed:
        pass  # already logged, one by one
    except Exception:
        logger.exception("%s failed", name)
