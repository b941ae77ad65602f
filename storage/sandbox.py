"""Looking at strangers' files where they can do no harm: asked here, done in `cell`.

One process of its own is started with the first file and ends with ours; it forks for each file
(some 2 ms), so that a file that takes its looker down takes nothing else along.
"""

import json
import os
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path
from threading import Lock
from typing import IO, NamedTuple

from storage.structure import Found

_START = "import sys; sys.path.insert(0, sys.argv[2]); from storage.cell import main; main()"
_starting = Lock()
_lines: dict[int, socket.socket] = {}
"""By our own process: a fork of ours starts a sandbox of its own."""


def look(file: IO[bytes], ending: str) -> Found:
    """What `structure.look` finds; a file on which it dies or lingers is a bomb."""
    answer = _ask(file, {"work": "look", "ending": ending})
    if not answer:
        return Found("bomb")
    fault, remarks = json.loads(answer)
    return Found(fault, tuple(remarks))


def preview(file: IO[bytes]) -> bytes | None:
    """The image, or the first page of a PDF, drawn anew as a small JPEG.

    None where it is neither, or too much.
    """
    return _ask(file, {"work": "preview"}) or None


class Imprint(NamedTuple):
    """What can be read off a file for comparing it with others."""

    likeness: str = ""
    """`pictures.likeness`; empty for what is no photograph."""
    days: tuple[date, date] | None = None
    """The first and the last day that the file names for itself (`dating.dates_in`)."""


def imprint(file: IO[bytes], ending: str) -> Imprint:
    """Empty where a file holds nothing of the kind, or the reader dies over it."""
    days = _ask(file, {"work": "dates", "ending": ending}).decode().split()
    named = (date.fromisoformat(days[0]), date.fromisoformat(days[1])) if days else None
    return Imprint(_ask(file, {"work": "likeness", "ending": ending}).decode(), named)


def _ask(file: IO[bytes], asked: dict[str, str]) -> bytes:
    """The answer; empty where the process died over it (its time is limited, so this ends)."""
    file.seek(0)
    inward, outward = os.pipe()
    with open(inward, "rb") as answer:
        try:
            _send(json.dumps(asked).encode(), [file.fileno(), outward])
        finally:
            os.close(outward)
        return answer.read()


def _send(asked: bytes, handles: list[int]) -> None:
    try:
        socket.send_fds(_line(), [asked], handles)
    except ConnectionError:  # somebody ended it
        with _starting:
            _lines.pop(os.getpid()).close()
        socket.send_fds(_line(), [asked], handles)


def _line() -> socket.socket:
    """The line to the sandbox of this process; started where there is none."""
    with _starting:
        if os.getpid() not in _lines:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                _start(theirs)
            _lines[os.getpid()] = ours
        return _lines[os.getpid()]


def _start(line: socket.socket) -> None:
    """Detached by two forks: it ends when our side of the line does, and nobody waits for it."""
    house = str(Path(__file__).parent.parent)
    subprocess.run(
        [sys.executable, "-I", "-c", _START, str(line.fileno()), house],
        pass_fds=[line.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        env={},
        cwd="/",
        check=True,
    )
