"""The portal's socket and the thread that serves it."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from responsibilities.words import Refused, Words

GRACE = 3
"""Seconds that answers under way get at the end."""


class _Unlogged(H11Protocol):
    """Logs no address, whatever else in this process configures logging (`access_log` alone is
    undone by the next dictConfig)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access_log = False


@contextmanager
def serving(app: FastAPI, host: str, port: int) -> Iterator[int]:
    """Serve at `host` and `port` (0: any that is free) in a thread; gives the port.

    Refused where nobody can listen there. No access log: the addresses are secrets.
    """
    with closing(_bound(host, port)) as door:
        config = uvicorn.Config(
            app, http=_Unlogged, log_config=None, lifespan="off", server_header=False,
            proxy_headers=False, timeout_graceful_shutdown=GRACE,
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([door],), name="portal", daemon=True)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise Refused(
            Words(
                f"无法在 {host} 的端口 {port} 提供网页或材料（{error.strerror}）；"
                "请检查 portal.listen 和 portal.evidence_listen，或停止占用该端口的程序。",
                f"Nothing can be served at {host}, port {port} ({error.strerror}); check"
                " portal.listen and portal.evidence_listen, or end the program that has the port.",
            )
        ) from error
