"""smtp-sink and smtp-source, Postfix's own tools for measuring: installed, or unpacked aside.

Unpacking the Debian package starts no mail server and changes nothing outside the folder.
"""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

UNPACKED = Path(__file__).parent.parent / ".venv" / "postfix"


@dataclass(frozen=True, slots=True)
class Tools:
    sink: str
    source: str
    environment: Mapping[str, str]


def tools() -> Tools:
    """Both programs; raises SystemExit with the one line that helps."""
    for folder, libraries in (
        ("/usr/sbin", ""),
        (f"{UNPACKED}/usr/sbin", f"{UNPACKED}/usr/lib/postfix"),
    ):
        sink = shutil.which("smtp-sink", path=folder)
        source = shutil.which("smtp-source", path=folder)
        if sink and source:
            environment = {**os.environ, **({"LD_LIBRARY_PATH": libraries} if libraries else {})}
            return Tools(sink, source, environment)
    if UNPACKED.exists() or not _unpack():
        raise SystemExit("缺少 smtp-sink / missing: sudo apt-get install postfix")
    return tools()


def _unpack() -> bool:
    UNPACKED.mkdir(parents=True)
    quiet = {"cwd": UNPACKED, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run(["apt-get", "download", "postfix"], check=True, **quiet)  # type: ignore[call-overload]
        (package,) = UNPACKED.glob("postfix*.deb")
        subprocess.run(["dpkg-deb", "-x", str(package), "."], check=True, **quiet)  # type: ignore[call-overload]
    except (OSError, subprocess.CalledProcessError, ValueError):
        shutil.rmtree(UNPACKED, ignore_errors=True)
        return False
    return True


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def serving(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[None]:
    """`command` for as long as the block lasts, from when it listens on `port`."""
    with subprocess.Popen(command, env=dict(environment)) as process:
        try:
            _wait_for(port)
            yield
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"no server on port {port}")
