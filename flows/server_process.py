"""The child process that is Prefect's server. `python -m flows.server_process PORT`.

Standard input is a pipe whose other end only the parent holds: when the parent is gone, however it
went (kill -9 too), the pipe closes and the server ends. Nothing is ever written into it.
"""

import os
import signal
import sys
import threading
import time

GRACE = 5.0
"""Seconds the server gets to finish its requests once the parent is gone."""


def main() -> None:
    """Serve Prefect on loopback until told to stop, or until the parent is gone."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import uvicorn
    from prefect.server.api.server import create_app

    # --loop and --http stay uvicorn's choice; 5 s keep-alive is what `prefect server start` uses
    uvicorn.run(
        create_app(final=True),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        timeout_keep_alive=5,
        timeout_graceful_shutdown=int(GRACE),
    )


def _end_with_parent() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


if __name__ == "__main__":
    main()
