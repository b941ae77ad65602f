"""`duban up`: Prefect's server, the runner of its runs and the post, in one process tree.

    main thread    signals, the server child, deployments, what the user reads
    runner         polls Prefect and runs flows here (an event loop of its own)
    mailroom       sends letters
    inbox          takes answers in and does what they ask for
    watch          reconciles when Prefect does not

The records are brought up to date before Prefect is even started, and nothing is lost without it.
Prefect itself is imported only after its settings are in the environment.
"""

import asyncio
import fcntl
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

from flows import schedules
from flows.installation import FOLDER, Installation, working_on
from flows.mailroom import caught_up, keep_inbox, keep_mailroom, keep_watch
from flows.server import (
    DEFAULT_PORT,
    PrefectUnavailable,
    Server,
    died,
    environment,
    prefect_server,
    set_environment,
    wait_until_ready,
)
from office.settings import Settings
from responsibilities.words import Words

RESTARTS = 3
"""A server that ends by itself is started again; one that keeps ending is not."""
STOP_SECONDS = 10.0
LOOK_EVERY = 20
"""Seconds between two looks whether another version of a plan is in force."""

logger = logging.getLogger("duban.up")
Say = Callable[[Words], None]


def up(settings: Settings, db: Engine, say: Say, port: int = DEFAULT_PORT) -> None:
    """Run until Ctrl-C or SIGTERM; the database is there and upgraded, plans are adopted.

    `say` prints a sentence in the user's language. Raises PrefectUnavailable (exit code 4).
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    installation = Installation(settings, db)
    stop = threading.Event()
    with (
        only_one(settings.data / "up.lock"),
        _signals(stop),
        working_on(installation),
    ):
        caught_up(installation, installation.clock())
        loops = [
            threading.Thread(target=loop, args=(installation, stop), daemon=True)
            for loop in (keep_mailroom, keep_inbox, keep_watch)
        ]
        for loop in loops:
            loop.start()
        try:
            _serve(installation, stop, say, port)
        finally:
            stop.set()
            installation.letters.set()
            installation.came.set()
            for loop in loops:
                # a letter that waits for a slow relay is leased, and goes out next time
                loop.join(STOP_SECONDS)


def specs(installation: Installation, as_of: datetime) -> tuple[schedules.DeploymentSpec, ...]:
    """Every deployment of the plans in force, the heartbeats first."""
    places = list(installation.plans().values())
    found = list(schedules.heartbeats([place.plan for place in places]))
    for place in places:
        found += schedules.deployments(place.plan, place.clock, as_of)
    return tuple(found)


def _serve(installation: Installation, stop: threading.Event, say: Say, port: int) -> None:
    say(Words("正在启动 Prefect，约需十余秒……", "Starting Prefect; this takes some ten seconds …"))
    home = (installation.settings.data / "prefect").resolve()
    ready = threading.Event()
    runner = threading.Thread(target=_run, args=(ready, stop), name="runner")
    runner.start()
    try:
        for start in range(RESTARTS + 1):
            with prefect_server(home, port) as server:
                if start and server.port != port:
                    raise died(server)
                port = server.port
                _begin(installation, server, stop)
                if not (start or stop.is_set()):
                    say(what_you_see(installation.settings, server))
                ready.set()
                _tend(installation, server, stop)
                if stop.is_set():
                    runner.join()  # while the server can still hear how the runs ended
                    return
        raise died(server)
    finally:
        stop.set()
        ready.set()
        runner.join()


def _begin(installation: Installation, server: Server, stop: threading.Event) -> None:
    """The server is ready and holds our deployments (or `stop` is set).

    This process hears where Prefect is, and imports it while the server starts.
    """
    set_environment(environment(server.home, server.port))
    set_environment({FOLDER: str(installation.settings.folder)})
    from flows import deployments, executor  # noqa: F401  # takes seconds; the server more

    wait_until_ready(server, stop)
    if not stop.is_set():
        _register(installation)


def _tend(installation: Installation, server: Server, stop: threading.Event) -> None:
    """Until the server or we are to end. A version adopted meanwhile gets its deployments."""
    known = _versions(installation)
    looks = 0
    while server.alive and not stop.wait(1):
        looks += 1
        if looks % LOOK_EVERY == 0 and (now := _versions(installation)) != known:
            try:
                _register(installation)
                known = now
            except PrefectUnavailable as refused:
                logger.error("%s", refused)
    if not stop.is_set():
        logger.error("Prefect's server ended with status %s", server.process.returncode)


def _versions(installation: Installation) -> dict[str, str]:
    return {plan: place.digest for plan, place in installation.plans().items()}


def _register(installation: Installation) -> None:
    import httpx

    from flows.deployments import register

    try:
        asyncio.run(register(specs(installation, installation.clock())))
    except httpx.HTTPError as error:
        raise PrefectUnavailable(
            Words(
                f"未能向 Prefect 登记部门排程：{type(error).__name__}。请稍后重新运行 duban up。",
                f"The deployments could not be registered: {type(error).__name__};"
                " please run `duban up` again.",
            )
        ) from error


def _run(ready: threading.Event, stop: threading.Event) -> None:
    """Execute runs from when the server is ready until `stop`."""
    ready.wait()
    if stop.is_set():
        return
    from flows.executor import serve

    try:
        asyncio.run(serve(stop))
    except Exception:
        logger.exception("the runner ended; the watch reconciles in its stead")


def what_you_see(settings: Settings, server: Server) -> Words:
    """The page that `duban up` shows once everything runs."""
    relay, folder = settings.mail.host, _short(settings.mail.maildir)
    post = Words(
        f"发信服务器 {relay}" if relay else f"{folder}（未配置邮件服务器，信函存于此文件夹）",
        f"relay {relay}" if relay else f"{folder} (no relay is configured: a Maildir)",
    )
    return Words(
        f"督办已启动。按 Ctrl-C 结束。\n"
        f"  排程    {server.address}    各部门的排程与办理记录（Prefect）\n"
        f"  信函    {post.zh}\n"
        "  另开一个终端：\n"
        "    duban tasks    督办事项台账\n"
        "    duban mail     已发信函\n"
        "    duban show     一个事项或一项职责的全部情况",
        f"Duban is running. Ctrl-C ends it.\n"
        f"  schedules  {server.address}    every department's schedules and runs (Prefect)\n"
        f"  letters    {post.en}\n"
        "  In another terminal:\n"
        "    duban tasks    the tasks\n"
        "    duban mail     the letters that left\n"
        "    duban show     everything about a task or a duty",
    )


def _short(path: Path) -> Path:
    """Relative to where the user stands, if it lies below."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path


@contextmanager
def only_one(path: Path) -> Iterator[IO[str]]:
    """Two servers on one data folder would take each other's runs for those of the dead."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PrefectUnavailable(
                Words(
                    "督办已在运行（同一数据文件夹）。如需重启，请先在原终端按 Ctrl-C。",
                    "Duban is already running on this data folder; end it there with Ctrl-C first.",
                )
            ) from None
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield lock


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM ask for an orderly end; so does a closed terminal, unless under nohup."""
    asked = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        asked.append(signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
