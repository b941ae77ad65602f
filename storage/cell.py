"""The program inside the sandbox: forks a process for each file, which can do nothing but think.

What listens here never looks into a file. The fork gives up every means before it looks: no new
descriptor (so no file and no socket), no byte written to a file, memory and time bounded, and no
rights of root.
"""

import encodings.cp437  # noqa: F401  zipfile reads names by it, and imports it only then
import json
import os
import resource
import signal
import socket
import sys
from typing import IO

from PIL import Image

from storage.dating import dates_in
from storage.pictures import likeness, preview
from storage.structure import IMAGES, Found, look

MEMORY = 170_000_000
"""Bytes of address space above what the interpreter has."""
SECONDS, WAIT = 5, 20
"""Of the processor, and by the clock."""
NOBODY = 65_534


def main() -> None:
    """Answer on the given socket until its other side is gone."""
    if os.fork():  # whoever started us waits for this process only
        os._exit(0)
    os.setsid()  # a Ctrl-C is for those who started us: they close the line
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    Image.init()  # every decoder is in memory before the doors are shut
    line = socket.socket(fileno=int(sys.argv[1]))
    while True:
        asked, handles, _flags, _address = socket.recv_fds(line, 4096, 2)
        if not asked:
            return
        if os.fork() == 0:
            line.close()
            _answer(json.loads(asked), *handles)
        for handle in handles:
            os.close(handle)


def _answer(asked: dict[str, str], handle: int, out: int) -> None:
    with open(handle, "rb") as file, open(out, "wb") as answer:
        give_up()
        try:
            answer.write(work(asked, file))
            answer.flush()
        finally:  # a traceback would tell of the file
            os._exit(0)


def work(asked: dict[str, str], file: IO[bytes]) -> bytes:
    """What is asked, as the bytes of the answer."""
    if asked["work"] == "preview":
        return preview(file)
    if asked["work"] == "likeness":
        return likeness(file).encode() if asked["ending"] in IMAGES else b""
    if asked["work"] == "dates":
        days = dates_in(file, asked["ending"])
        return " ".join(day.isoformat() for day in days).encode() if days else b""
    try:
        return json.dumps(look(file, asked["ending"])).encode()
    except MemoryError:
        return json.dumps(Found("bomb")).encode()


def give_up() -> None:
    """Everything that this process might do besides computing."""
    with open("/proc/self/statm") as statm:
        base = int(statm.read().split()[0]) * resource.getpagesize()
    signal.alarm(WAIT)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    for what, limit in (
        (resource.RLIMIT_AS, base + MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
