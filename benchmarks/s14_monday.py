"""S14: Monday at eight, the weekly duty of each of 30 departments: from due to last letter taken.

Ours: 30 department runs through Prefect, in the serving process, letters by SMTP to a sink that
writes to disk. Peers on the same machine, server and sink: one hand-written flow run per duty,
served as Prefect's guide does (a process per run), and by Prefect's process worker. Wall time; a
peer takes minutes, so it runs once and ours three times. With more duties a department ours stays
(one letter each), the peers grow.
"""

import asyncio
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import report
from benchmarks.town import MONDAY, SUNDAY
from benchmarks.year import plan_of, weekly
from flows.server import (
    environment,
    free_port,
    prefect_server,
    set_environment,
    wait_until_ready,
)
from office.adopt_plan import adopt
from office.settings import load
from responsibilities.language.compile import Compiled
from responsibilities.plan import Plan
from storage.engine import open_engine
from storage.migrations import upgrade
from tests.faults.sink import sink, taken

if TYPE_CHECKING:
    from flows.installation import Installation

Peer = Callable[[Path, int], AbstractContextManager[list[str]]]
DEPARTMENTS = 30
LEAD = timedelta(seconds=20)
"""The runs are planned this long before they are due: Prefect's own runners look every 10 s."""
FIRST, NEXT = 300.0, 90.0
"""Seconds until the first letter, and until another; after that no more are expected."""
OURS = "duban: a run per department, in process"
ROOT = Path(__file__).parents[1]


def main() -> bool:
    """The median of our three rounds against the faster peer."""
    folder = Path(tempfile.mkdtemp(prefix="duban-s14-"))
    port = free_port(14900)
    set_environment(environment(folder / "prefect", port))
    try:
        with prefect_server(folder / "prefect", port) as server:
            wait_until_ready(server)
            walls = _measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ours, *peers = (statistics.median(found) for found in walls.values())
    return report("S14 Monday morning, the faster peer / ours", min(peers) / ours, 5, at_least=True)


def _measure(folder: Path) -> dict[str, list[float]]:
    walls: dict[str, list[float]] = {OURS: [_ours(folder / "1")]}
    for number, (name, peer) in enumerate(PEERS.items()):
        walls[name] = [_peer(folder / f"peer-{number}", name, peer)]
        walls[OURS].append(_ours(folder / f"ours-{number}"))
    return walls


# ---- ours ----


def _ours(folder: Path) -> float:
    """Seconds from due to the last letter taken."""
    from flows.deployments import register
    from flows.executor import serve
    from flows.installation import working_on
    from flows.mailroom import keep_mailroom
    from flows.up import specs

    with _sink(folder) as (letters, smtp), working_on(_office(folder, smtp)) as office:
        wanted = specs(office, SUNDAY)
        asyncio.run(register(wanted))
        due = datetime.now(UTC) + LEAD
        # on the wall of the office it is eight o'clock at `due`
        office.clock = lambda: MONDAY + (datetime.now(UTC) - due)
        asyncio.run(_plan_runs([spec.name for spec in wanted if spec.name[:2] == "p."], due))
        stop = threading.Event()
        threads = [
            threading.Thread(target=lambda: asyncio.run(serve(stop))),
            threading.Thread(target=keep_mailroom, args=(office, stop)),
        ]
        for thread in threads:
            thread.start()
        wall = _until_all_taken(OURS, letters, due)
        stop.set()
        office.letters.set()
        for thread in threads:
            thread.join()
        asyncio.run(register([]))
    office.db.dispose()
    return wall


def _office(folder: Path, smtp: int) -> "Installation":
    """30 departments that adopted their plan on Sunday, and a relay without a limit."""
    from flows.installation import Installation

    settings = load(folder, _relay(smtp))
    settings.data.mkdir()
    db = open_engine(settings.url)
    upgrade(db)
    adopt(db, Compiled(_plan(), (), {}), SUNDAY, "bench")
    return Installation(settings, db)


def _plan() -> Plan:
    """A department, a unit and a weekly duty each; what opens on Monday at eight."""
    duties = [
        replace(weekly(f"d{n:02}", 4, (f"u{n}",)), department=f"d{n:02}")
        for n in range(DEPARTMENTS)
    ]
    return plan_of(duties, DEPARTMENTS)


def _relay(port: int) -> dict[str, str]:
    return {
        "DUBAN_MAIL__HOST": "127.0.0.1",
        "DUBAN_MAIL__PORT": str(port),
        "DUBAN_MAIL__TLS": "none",
        "DUBAN_MAIL__PER_MINUTE": "0",
        "DUBAN_MAIL__PER_HOUR": "0",
    }


# ---- the peers ----


def _peer(folder: Path, name: str, running: Peer) -> float:
    with _sink(folder) as (letters, smtp), ExitStack() as stack:
        names = stack.enter_context(running(folder, smtp))
        due = datetime.now(UTC) + LEAD
        asyncio.run(_plan_runs(names, due))
        return _until_all_taken(name, letters, due)


@contextmanager
def _served(folder: Path, smtp: int) -> Iterator[list[str]]:
    names = [f"served-{n}" for n in range(DEPARTMENTS)]
    with _process("-m", "benchmarks.monday_peer", "serve", str(folder), str(smtp)):
        asyncio.run(_until_deployed(names))
        yield names


@contextmanager
def _worked(folder: Path, smtp: int) -> Iterator[list[str]]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.types.entrypoint import EntrypointType

    from benchmarks.monday_peer import parameters, weekly_duty

    async def deploy() -> None:
        async with get_client() as client:
            await client.create_work_pool(WorkPoolCreate(name="peer", type="process"))
        for n in range(DEPARTMENTS):
            made = await weekly_duty.ato_deployment(
                f"worked-{n}", parameters=parameters(folder, smtp, n), work_pool_name="peer",
                entrypoint_type=EntrypointType.MODULE_PATH,
            )  # fmt: skip
            await made.aapply()

    asyncio.run(deploy())
    with _process("-m", "prefect", "worker", "start", "--pool", "peer"):
        yield [f"worked-{n}" for n in range(DEPARTMENTS)]


@contextmanager
def _process(*arguments: str) -> Iterator[None]:
    """A Python of its own and everything it starts, ended together."""
    running = subprocess.Popen(
        [sys.executable, *arguments], env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()


PEERS: dict[str, Peer] = {
    "serve(): a process per duty": _served,
    "process worker: a process per duty": _worked,
}


# ---- both ----


@contextmanager
def _sink(folder: Path) -> Iterator[tuple[Path, int]]:
    folder.mkdir()
    with sink(folder / "letters") as port:
        yield folder / "letters", port


async def _plan_runs(names: Sequence[str], due: datetime) -> None:
    """One run of each deployment at `due`, as Prefect's scheduler plans them ahead."""
    from prefect.client.orchestration import get_client
    from prefect.states import Scheduled

    async with get_client() as client:
        for deployment in await client.read_deployments(limit=200):
            if deployment.name in names:
                await client.create_flow_run_from_deployment(
                    deployment.id, state=Scheduled(scheduled_time=due)
                )


async def _until_deployed(names: Sequence[str]) -> None:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        while True:
            there = {one.name for one in await client.read_deployments(limit=200)}
            if there.issuperset(names):
                return
            await asyncio.sleep(0.5)


def _until_all_taken(name: str, letters: Path, due: datetime) -> float:
    """Seconds from `due` until the sink took the last letter.

    A peer's process may fail (“database is locked” of Prefect's own server) and never mail: where
    nothing more comes, the last letter that came counts, in the peer's favour.
    """
    count, last = 0, 0.0
    while count < DEPARTMENTS and _since(due) - last < (NEXT if count else FIRST):
        time.sleep(0.02)
        found = len(taken(letters)) if letters.exists() else 0
        if found > count:
            count, last = found, _since(due)
    print(f"  {name:<40} {count} of {DEPARTMENTS} letters in {last:.2f} s", flush=True)
    if not count:
        raise TimeoutError(f"{name}: no letter at all")
    return last


def _since(due: datetime) -> float:
    return (datetime.now(UTC) - due).total_seconds()


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
