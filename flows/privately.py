"""Acts inside flow runs: in a thread, and Prefect hears nothing of a failure that may name people.

An exception's text can hold what a row or a letter holds. It goes to the installation's own log;
Prefect's states, logs and pages get the kind of failure and how many.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flows.installation import Installation
from office.reconcile import Round, RoundFailed
from responsibilities.words import Words

logger = logging.getLogger("duban.flows")
T = TypeVar("T")


class ActFailed(Exception):
    """What Prefect hears of a failure."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.zh} / {words.en}")


async def privately(act: Callable[[], T]) -> T:
    """What `act` returns; ActFailed for whatever it raises but RoundFailed."""
    try:
        return await asyncio.to_thread(act)
    except RoundFailed:
        raise
    except Exception as error:
        logger.exception("an act failed")
        kind = type(error).__name__
        raise ActFailed(
            Words(
                f"办理失败（{kind}），下次对账会再办；原因见数据文件夹中的 duban.log。",
                f"failed ({kind}); the next round tries again; see duban.log in the data folder.",
            )
        ) from None


async def reconciled(installation: Installation, as_of: datetime) -> tuple[Round, ActFailed | None]:
    """The round at `as_of`, and what to say of the matters that failed in it, each alone."""
    try:
        return await privately(lambda: installation.reconcile(as_of)), None
    except RoundFailed as failed:
        count = len(failed.exceptions)
        words = Words(
            f"{count} 项未能办理，其余已办理完毕；原因见数据文件夹中的 duban.log。",
            f"{count} matters failed, all others are done; see duban.log in the data folder.",
        )
        return failed.round, ActFailed(words)
