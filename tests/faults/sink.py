"""A mail server that never lies: what it answers 250 to is on its disk first.

`python -m tests.faults.sink FILE` says its port on the first line and takes letters until its
standard input ends. Each letter is a line with its length and then its bytes, so that a letter
that was taken twice stands there twice. With `MAILDIR LATE` the journal's copies go into that
Maildir: before the 250, but each LATE-th only three letters later (0: none is late).
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesHeaderParser
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP

JOURNAL = "journal@school.example"
_LATENESS = 3


class Taken(NamedTuple):
    """One letter as the sink took it, byte for byte."""

    message_id: str
    to: str
    content: bytes


class _Keep:
    """aiosmtpd's hook: write, fsync, and only then say 250."""

    def __init__(self, path: Path, copies: "_Copies | None") -> None:
        self.handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.copies = copies

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        to, content = envelope.rcpt_tos[0], envelope.content
        if self.copies is not None and JOURNAL in envelope.rcpt_tos:
            self.copies.add(content)
        os.write(self.handle, b"%d %s\n%s" % (len(content), to.encode(), content))
        os.fsync(self.handle)
        return "250 2.0.0 kept"


class _Copies:
    """The relay's second recipient: a Maildir that an IMAP server shows."""

    def __init__(self, maildir: Path, late: int) -> None:
        self.maildir, self.late = maildir, late
        self.count = 0
        self.owed: list[tuple[int, bytes]] = []

    def add(self, content: bytes) -> None:
        """One more copy; those that are late and due now come with it."""
        self.count += 1
        is_late = bool(self.late) and self.count % self.late == 0
        self.owed.append((self.count + (_LATENESS if is_late else 0), content))
        due = [copy for when, copy in self.owed if when <= self.count]
        self.owed = [(when, copy) for when, copy in self.owed if when > self.count]
        for number, copy in enumerate(due):
            name = f"{os.getpid()}.{self.count}.{number}"
            (self.maildir / "tmp" / name).write_bytes(copy)
            (self.maildir / "tmp" / name).chmod(0o644)
            os.replace(self.maildir / "tmp" / name, self.maildir / "new" / name)


async def _serve(path: Path, copies: _Copies | None) -> None:
    loop = asyncio.get_running_loop()
    keep = _Keep(path, copies)
    server = await loop.create_server(lambda: SMTP(keep, loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


@contextmanager
def sink(path: Path, maildir: Path | None = None, late: int = 0) -> Iterator[int]:
    """The sink in a process of its own; its port on loopback."""
    journal = [] if maildir is None else [str(maildir), str(late)]
    command = [sys.executable, "-m", "tests.faults.sink", str(path), *journal]
    with Popen(command, stdin=PIPE, stdout=PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.stdin.close()


def taken(path: Path) -> list[Taken]:
    """Every letter the sink said 250 to, in order."""
    letters, data, at = [], path.read_bytes(), 0
    while at < len(data):
        line_end = data.index(b"\n", at)
        length, to = data[at:line_end].split(b" ")
        content = data[line_end + 1 : line_end + 1 + int(length)]
        head = BytesHeaderParser().parsebytes(content)
        letters.append(Taken(head["Message-ID"], to.decode(), content))
        at = line_end + 1 + len(content)
    return letters


if __name__ == "__main__":
    copies = _Copies(Path(sys.argv[2]), int(sys.argv[3])) if len(sys.argv) > 2 else None
    asyncio.run(_serve(Path(sys.argv[1]), copies))
