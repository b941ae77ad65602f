"""Asking a virus scanner: clamd over INSTREAM (clamd(8), COMMANDS).

By our own lines: the `clamd` package is of 2014.
"""

import socket
from typing import IO

SECONDS = 60
"""Until a scanner that does not answer counts as away."""
_BLOCK = 1 << 16


class Unscanned(Exception):
    """The scanner is away, or would not look at the file (its StreamMaxLength is too small)."""


def scan(address: str, file: IO[bytes]) -> str:
    """The signature that was found in the file; empty where it is clean.

    `address`: the path of a socket, or `host:port`. Raises Unscanned.
    """
    file.seek(0)
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            while block := file.read(_BLOCK):
                line.sendall(len(block).to_bytes(4) + block)
            line.sendall(bytes(4))
            answer = _answer(line)
    except OSError as error:
        raise Unscanned(str(error)) from error
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return ""
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise Unscanned(answer)


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), SECONDS)


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0"):
        more = line.recv(4096)
        if not more:
            break
        said += more
    return said.rstrip(b"\0").decode("utf-8", "replace")
