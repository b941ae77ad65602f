"""The flows that run whatever the plans say: reconcile, the post, and Prefect's own house."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from prefect import flow
from prefect.artifacts import acreate_table_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.installation import current, utc_now
from flows.legible import all_rows, heading, summary
from flows.privately import privately, reconciled
from flows.schedules import TAG

KEEP = timedelta(days=30)
KEEP_HEARTBEATS = timedelta(days=2)
"""A heartbeat of last week tells nothing; there are 600 a day."""
BATCH = 50
"""The most runs Prefect deletes at a time."""
FINISHED = ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]


def beat_name() -> str:
    """What a beat is called in Prefect's UI."""
    at = flow_run.scheduled_start_time or utc_now()
    return f"{flow_run.flow_name} {at:%Y-%m-%d %H:%M}Z"


@flow(name="reconcile", flow_run_name=beat_name, persist_result=False)
async def reconcile() -> State[None]:
    """对账：补办一切到期事项，不论排程是否运行。"""
    done, failed = await reconciled(current(), current().clock())
    table = all_rows(done)
    if table:
        await acreate_table_artifact(key="reconcile", table=table, description=heading(table))
    if failed is not None:
        raise failed
    return Completed(message=summary(table))


@flow(name="mailroom", flow_run_name=beat_name, persist_result=False)
async def mailroom() -> None:
    """收发：成函并寄出待发信件。"""
    # a loop of its own, so that making letters does not hold up the runner's
    await privately(lambda: asyncio.run(current().post()))


@flow(name="housekeeping", flow_run_name=beat_name, persist_result=False)
async def housekeeping() -> int:
    """清理：删除 Prefect 中过期的运行记录；督办自己的记录不受影响。"""
    # Prefect's own age, by Prefect's own clock
    now = utc_now()
    return await forget(now - KEEP_HEARTBEATS, ["heartbeat"]) + await forget(now - KEEP, [])


async def forget(before: datetime, tags: Sequence[str]) -> int:
    """Delete our runs that ended before then and carry all of `tags`; how many.

    Prefect deletes their logs at once, and their artifacts by its daily vacuum of orphans.
    """
    chosen = {
        "state": {"type": {"any_": FINISHED}},
        "end_time": {"before_": before.isoformat()},
        "tags": {"all_": [*tags, TAG]},
    }
    count = 0
    async with get_client() as client:
        while True:
            answer = await client.request(
                "POST",
                "/flow_runs/bulk_delete",  # type: ignore[arg-type]  # Prefect's own list lacks it
                json={"flow_runs": chosen, "limit": BATCH},
            )
            answer.raise_for_status()
            deleted = len(answer.json()["deleted"])
            count += deleted
            if deleted < BATCH:
                return count
