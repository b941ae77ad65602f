"""S6: the outbox to a relay: lease, send, mark accepted with a commit of its own for each letter.

Limit: Postfix's smtp-source with the same number of letters of the same size over one connection.
Both talk to Postfix's smtp-sink, everything on one core. Then a relay that answers 20 ms later:
what 16 connections gain over one, and the same with TLS and login. Peer: Healthchecks flips and
sends 20 a second (performance.md).
"""

import asyncio
import os
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine

from benchmarks.measure import Timed, interleaved, report, table
from benchmarks.postfix_tools import Tools, free_port, serving, tools
from notifications.compose import compose
from notifications.smtp import Relay, Server
from notifications.specimen import specimen
from office.carriers import ByRelay
from office.sending import send
from storage.engine import open_engine, writing
from storage.migrations import upgrade
from storage.outbox import NewLetter, bind
from tests.notifications.servers import self_signed

LETTERS = 1000
SLOW_LETTERS = {1: 64, 16: 512}
"""By connections: enough for each that entering and leaving does not count."""
HEALTHCHECKS = 20
"""Letters a second of its loop on the machine of reference/performance.md."""
NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
BODY = compose(specimen("overdue", "zh"))


def outbox(folder: Path, count: int) -> Callable[[], Engine]:
    """Makes a database with `count` letters that wait, each time afresh."""

    def fresh() -> Engine:
        db = open_engine(f"sqlite:///{tempfile.mkdtemp(dir=folder)}/duban.sqlite")
        upgrade(db)
        with writing(db) as connection:
            bind(connection, [_letter(number) for number in range(count)], ())
        return db

    return fresh


def _letter(number: int) -> NewLetter:
    return NewLetter(
        message_id=f"<{number}@bench.example>",
        plan="bench",
        sender="duban@college.example",
        recipient="unit@college.example",
        to_name="",
        kind="overdue",
        subject="",
        body=BODY,
        urgent=False,
        useful_until=NOW + timedelta(days=1),
        created_at=NOW,
        notices=(),
        tasks=(),
    )


def sending(
    port: int, connections: int, count: int, context: ssl.SSLContext | None = None
) -> Callable[[Engine], None]:
    """Everything in the outbox to the relay on `port`; with a `context`, over TLS after a login."""
    user = "duban" if context else ""
    tls: Literal["none", "tls"] = "tls" if context else "none"

    async def run(db: Engine) -> None:
        server = Server(
            "127.0.0.1", port, tls=tls, name="bench.example", username=user, password=user,
            context=context,
        )  # fmt: skip
        async with Relay(server, connections) as relay:
            sent = await send(db, lambda: NOW, ByRelay(relay), connections=connections)
        assert sent.accepted == count, sent

    return lambda db: asyncio.run(run(db))


def by_source(found: Tools, port: int) -> Callable[[], object]:
    """Postfix's own sender: no database, no letters of its own."""
    command = [
        found.source, "-d", "-s", "1", "-m", str(LETTERS), "-l", str(len(BODY)),
        "-f", "duban@college.example", "-t", "unit@college.example", f"127.0.0.1:{port}",
    ]  # fmt: skip
    return lambda: subprocess.run(command, check=True, env=dict(found.environment))


def against_postfix(folder: Path) -> bool:
    """A message of ours in messages of smtp-source."""
    found, port = tools(), free_port()
    aside = ["-u", "nobody"] if os.geteuid() == 0 else []
    with serving([found.sink, *aside, f"127.0.0.1:{port}", "100"], port, found.environment):
        stats = interleaved(
            {
                "smtp-source": by_source(found, port),
                "outbox, 1 connection": Timed(outbox(folder, LETTERS), sending(port, 1, LETTERS)),
                "outbox, 16 connections": Timed(
                    outbox(folder, LETTERS), sending(port, 16, LETTERS)
                ),
            }
        )
    print(f"S6  {LETTERS} letters of {len(BODY)} bytes")
    table(stats)
    ours, limit = stats["outbox, 16 connections"], stats["smtp-source"]
    # smtp-source is another process: only the wall clock sees it.
    passed = report("S6 a letter against smtp-source", ours.median / limit.median, 10)
    pace = LETTERS / ours.median / HEALTHCHECKS
    return report("S6 faster than Healthchecks", pace, 20, at_least=True) and passed


def against_a_slow_relay(folder: Path, *, secured: bool) -> bool:
    """What more connections gain where every answer takes 20 ms; `secured`: TLS and login too."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.slow_relay", str(port), "20"]
    context = None
    if secured:
        _, context = self_signed(folder)
        command.append(str(folder / "relay.pem"))
    with serving(command, port, os.environ):
        stats = interleaved(
            {
                f"{count} letters, connections: {lines}": Timed(
                    outbox(folder, count), sending(port, lines, count, context)
                )
                for lines, count in SLOW_LETTERS.items()
            },
            rounds=3,
        )
    how = "TLS, login, 20 ms" if secured else "20 ms"
    print(f"S6  {how} an answer")
    table(stats)
    one, sixteen = (
        count / found.median
        for count, found in zip(SLOW_LETTERS.values(), stats.values(), strict=True)
    )
    print(f"  {one:.0f} and {sixteen:.0f} letters a second")
    return report(f"S6 gain of 16 connections ({how})", sixteen / one, 10, at_least=True)


def main() -> bool:
    """Print the ratios; True where all bars hold."""
    everywhere = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as folder:
        os.sched_setaffinity(0, {max(everywhere)})
        try:
            fast = against_postfix(Path(folder))
        finally:
            os.sched_setaffinity(0, everywhere)
        plain, secured = (
            against_a_slow_relay(Path(folder), secured=secured) for secured in (False, True)
        )
        return fast and plain and secured


if __name__ == "__main__":
    sys.exit(not main())
