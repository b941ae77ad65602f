"""Prefect's server beside us: its settings, its port, its life. Imports no Prefect itself."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from responsibilities.words import Refused, Words

DEFAULT_PORT = 4200
PORTS_TRIED = 50
START_SECONDS = 180.0
"""A slow machine needs 20 s for the first start (Prefect migrates its database); 9 times that."""
STOP_SECONDS = 8.0
KEEP_SECONDS = 30 * 24 * 3600
"""Prefect's own history of runs: the record is ours, so a month is plenty."""


_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Loopback is never behind the machine's proxy."""


class PrefectUnavailable(Refused):
    """Prefect's server, its port or our own lock would not; `words` is what the user sees."""

    exit_code = 4
    """As `duban.console.Exit.OUTSIDE`."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running Prefect server."""

    port: int
    home: Path
    process: "subprocess.Popen[bytes]"

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def alive(self) -> bool:
        return self.process.poll() is None


def environment(home: Path, port: int) -> dict[str, str]:
    """What Prefect must be told, server and client alike, before it is imported.

    No telemetry; no server of its own accord (it takes 20 s and outlives a kill); no late-runs
    service (after an outage it fills the database with lock errors, and reconcile is the truth);
    no stored events (five sixths of the database); runs are forgotten after a month.
    """
    return {
        "DO_NOT_TRACK": "1",
        "NO_PROXY": ",".join(filter(None, ["127.0.0.1", os.environ.get("NO_PROXY")])),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_HOME": str(home),
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEEP_SECONDS),
        "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    }


def free_port(first: int = DEFAULT_PORT) -> int:
    """`first`, or the next port on loopback that nobody listens on."""
    for port in range(first, first + PORTS_TRIED):
        with closing(socket.socket()) as probe, suppress(OSError):
            # as uvicorn will: a port in TIME_WAIT from our own last run is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    last = first + PORTS_TRIED - 1
    raise PrefectUnavailable(
        Words(
            f"本机端口 {first}–{last} 均被占用，Prefect 服务无法启动。请用 --port 另选端口。",
            f"ports {first} to {last} are all taken, so Prefect's server cannot start;"
            " choose another with --port.",
        )
    )


@contextmanager
def prefect_server(home: Path, first_port: int = DEFAULT_PORT) -> Iterator[Server]:
    """Prefect's server as a child that ends with us; yields at once, before it is ready.

    Its database and log lie in `home`. See `wait_until_ready`.
    """
    home.mkdir(parents=True, exist_ok=True)
    compact(home / "prefect.db")
    port = free_port(first_port)
    with (home / "server.log").open("wb") as log:
        # a session of its own: Ctrl-C reaches only us, and we stop it after the last run
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.server_process", str(port)],
            env={**os.environ, **environment(home, port)},
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Server(port, home, process)
    finally:
        _stop(process)


def wait_until_ready(
    server: Server, stop: threading.Event | None = None, seconds: float = START_SECONDS
) -> None:
    """Return when the server answers, or `stop` is set.

    Raises PrefectUnavailable when it died or takes too long.
    """
    deadline = time.monotonic() + seconds
    while not (stop and stop.is_set()) and not _healthy(server):
        if not server.alive:
            raise died(server)
        if time.monotonic() > deadline:
            raise PrefectUnavailable(
                Words(
                    f"Prefect 服务在 {seconds:.0f} 秒内没有就绪，日志见 {_log(server)}。",
                    f"Prefect's server was not ready within {seconds:.0f} s; its log is"
                    f" {_log(server)}.",
                )
            )
        time.sleep(0.1)


def compact(database: Path) -> None:
    """Give the file's free pages back while nobody uses it, if they are more than half of it."""
    if not database.exists():
        return
    with closing(sqlite3.connect(database)) as connection, suppress(sqlite3.DatabaseError):
        (free,) = connection.execute("PRAGMA freelist_count").fetchone()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        if free * 2 > pages:
            connection.execute("VACUUM")


def set_environment(variables: Mapping[str, str]) -> None:
    """Tell this process too; must come before the first import of Prefect."""
    os.environ.update(variables)


def _healthy(server: Server) -> bool:
    try:
        with _direct.open(f"{server.address}/api/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def died(server: Server) -> PrefectUnavailable:
    """What to say of a server that has ended by itself."""
    status = server.process.poll()
    return PrefectUnavailable(
        Words(
            f"Prefect 服务已停止（退出码 {status}），日志见 {_log(server)}。"
            "督办的记录不受影响，可先用 duban tick 办理到期事项。",
            f"Prefect's server ended (exit status {status}); its log is {_log(server)}."
            " Duban's records are untouched; `duban tick` does what is due meanwhile.",
        )
    )


def _log(server: Server) -> Path:
    return server.home / "server.log"


def _stop(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
    if process.stdin:
        process.stdin.close()
