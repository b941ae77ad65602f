"""S6: the outbox to a relay: lease, send, mark accepted with a commit of its own for each letter.

Limit: Postfix's smtp-source with the same number of letters of the same size over one connection.
Both talk to Postfix's smtp-sink, everything on one core. Then a relay that answers 20 ms later:
what 16 connections gain over one. Peer: Healthchecks flips and sends 20 a second (performance.md).
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

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


def sending(port: int, connections: int, count: int) -> Callable[[Engine], None]:
    """Everything in the outbox to the relay on `port`."""

    async def run(db: Engine) -> None:
        server = Server("127.0.0.1", port, tls="none", name="bench.example")
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


def against_a_slow_relay(folder: Path) -> bool:
    """What more connections gain where every answer takes 20 ms."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.slow_relay", str(port), "20"]
    with serving(command, port, os.environ):
        stats = interleaved(
            {
                f"{count} letters, connections: {lines}": Timed(
                    outbox(folder, count), sending(port, lines, count)
                )
                for lines, count in SLOW_LETTERS.items()
            },
            rounds=3,
        )
    print("S6  20 ms an answer")
    table(stats)
    one, sixteen = (
        count / found.median
        for count, found in zip(SLOW_LETTERS.values(), stats.values(), strict=True)
    )
    print(f"  {one:.0f} and {sixteen:.0f} letters a second")
    return report("S6 gain of 16 connections", sixteen / one, 10, at_least=True)


def main() -> bool:
    """Print the ratios; True where all bars hold."""
    everywhere = os.sched_getaffinity(0)
    with tempfile.TemporaryDirectory() as folder:
        os.sched_setaffinity(0, {max(everywhere)})
        try:
            fast = against_postfix(Path(folder))
        finally:
            os.sched_setaffinity(0, everywhere)
        return against_a_slow_relay(Path(folder)) and fast


if __name__ == "__main__":
    sys.exit(not main())
