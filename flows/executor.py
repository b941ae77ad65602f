"""Runs scheduled flow runs inside this process.

A process per run costs 2 to 5 s of CPU and leaves the last of thirty simultaneous runs waiting for
a minute; here a run costs a quarter of a second. No Prefect concurrency limits: their slots leak
when a holder is killed. Our database keeps effects single.
"""

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from uuid import UUID

import httpx
from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.context import AsyncClientContext
from prefect.exceptions import Abort, ObjectNotFound
from prefect.flow_engine import run_flow_async
from prefect.flows import load_flow_from_entrypoint
from prefect.states import Cancelled, Crashed, Pending
from prefect.utilities.engine import propose_state

from flows.schedules import POOL

POLL_SECONDS = 2.0
AHEAD = timedelta(seconds=5)
"""Runs are fetched this early and wait here, so that they start at their second."""
HEARTBEAT_SECONDS = 30.0
AT_ONCE = 8
"""Runs in progress at a time; after an outage there may be hundreds."""
GRACE_SECONDS = 30.0
"""How long a run may go on once we are told to stop; an act is one short transaction."""
OUR_FLOWS = "flows."
"""Only our own modules are loaded into this process, whatever somebody puts into the pool."""
FETCH = 200

logger = logging.getLogger("duban.executor")


async def serve(stop: threading.Event, poll_seconds: float = POLL_SECONDS) -> None:
    """Execute what falls due in the work pool until `stop`; then let running runs finish.

    A server that does not answer is asked again; it never ends this loop.
    """
    async with AsyncClientContext() as context:
        executor = _Executor(context.client)
        heartbeat = asyncio.create_task(_beating(context.client, stop))
        try:
            await _patiently(partial(_mark, context.client))
            while not stop.is_set():
                await _patiently(executor.take)
                await _pause(stop, poll_seconds)
        finally:
            heartbeat.cancel()
            await executor.finish()


async def _mark(client: PrefectClient) -> None:
    await mark_crashed(client)


async def mark_crashed(client: PrefectClient) -> int:
    """Runs that a killed predecessor left Pending or Running become Crashed; how many.

    Nothing else would ever end them. A run of Prefect's own worker names its process
    (`infrastructure_pid`) and is left alone.
    """
    unfinished = FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING])
    found = await client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=unfinished)),
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[POOL])),
        limit=FETCH,
    )
    left = [run for run in found if not run.infrastructure_pid]
    for run in left:
        state: State[None] = Crashed(
            message="The serving process was gone; reconcile has caught up."
        )
        await client.set_flow_run_state(run.id, state, force=True)
    return len(left)


class _Executor:
    """The runs in progress in this process."""

    def __init__(self, client: PrefectClient) -> None:
        self.client = client
        self.running: dict[UUID, asyncio.Task[None]] = {}
        self.started: set[UUID] = set()
        self.entrypoints: dict[UUID, str] = {}
        self.places = asyncio.Semaphore(AT_ONCE)

    async def take(self) -> None:
        """Start whatever the pool has for the next seconds."""
        due = await self.client.get_scheduled_flow_runs_for_work_pool(
            POOL, scheduled_before=datetime.now(UTC) + AHEAD
        )
        for found in due:
            run = found.flow_run
            if run.id not in self.running:
                self.running[run.id] = asyncio.create_task(self._run(run))

    async def finish(self) -> None:
        """Wait for the runs in progress; those that wait for their second stay scheduled."""
        started = [task for run, task in self.running.items() if run in self.started]
        for run, task in self.running.items():
            if run not in self.started:
                task.cancel()
        if started:
            await asyncio.wait(started, timeout=GRACE_SECONDS)

    async def _run(self, run: FlowRun) -> None:
        try:
            await _until(run.expected_start_time)
            async with self.places:
                self.started.add(run.id)
                flow = await self._flow(run)
                if flow is not None and await self._claimed(run):
                    await run_flow_async(flow, run, run.parameters, return_type="state")
        except (Abort, ObjectNotFound):
            pass  # deleted or taken by somebody else meanwhile
        except httpx.HTTPError as error:
            logger.warning("Prefect did not answer for run %s: %s", run.id, type(error).__name__)
        except Exception:
            # the engine has marked the run itself; none may end the executor
            logger.exception("run %s failed", run.id)
        finally:
            self.started.discard(run.id)
            del self.running[run.id]

    async def _claimed(self, run: FlowRun) -> bool:
        """Whether the run is now ours: the server lets only one take it to Pending."""
        run.state = await propose_state(self.client, Pending(), flow_run_id=run.id)
        return run.state.is_pending()

    async def _flow(self, run: FlowRun) -> "Flow[..., object] | None":
        if run.deployment_id is None:
            return None
        if run.deployment_id not in self.entrypoints:
            deployment = await self.client.read_deployment(run.deployment_id)
            self.entrypoints[run.deployment_id] = deployment.entrypoint or ""
        entrypoint = self.entrypoints[run.deployment_id]
        if entrypoint.startswith(OUR_FLOWS):
            return _loaded(entrypoint)
        state: State[None] = Cancelled(
            message=f"This pool runs Duban's own flows only, not {entrypoint}."
        )
        await self.client.set_flow_run_state(run.id, state, force=True)
        return None


@cache
def _loaded(entrypoint: str) -> "Flow[..., object]":
    return load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)


async def _until(instant: datetime | None) -> None:
    if instant is not None:
        await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))


async def _beating(client: PrefectClient, stop: threading.Event) -> None:
    """The pool shows a live worker."""
    name = f"duban {socket.gethostname()} {os.getpid()}"

    async def beat() -> None:
        await client.send_worker_heartbeat(POOL, name, HEARTBEAT_SECONDS)

    while not stop.is_set():
        await _patiently(beat)
        await asyncio.sleep(HEARTBEAT_SECONDS)


async def _patiently(act: Callable[[], Awaitable[None]]) -> None:
    """A server that is away for a moment is no reason to stop."""
    try:
        await act()
    except ObjectNotFound:
        logger.warning("the work pool %s is missing", POOL)
    except httpx.HTTPError as error:
        logger.warning("Prefect does not answer: %s", type(error).__name__)


async def _pause(stop: threading.Event, seconds: float) -> None:
    for _ in range(max(1, round(seconds / 0.1))):
        if stop.is_set():
            return
        await asyncio.sleep(0.1)
