"""What the running installation writes to stderr, as text or as a JSON object a line."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import TracebackType

import orjson

from office.settings import LogFormat

OURS = ("duban", "uvicorn.error")
Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class AsText(logging.Formatter):
    """A line for people. Of a failure its kind and its place in the program, never its message:
    that may quote what somebody typed."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: Failure) -> str:
        """The frames and the kind of the failure."""
        kind, _, place = ei
        frames = "".join(traceback.format_tb(place))
        return f"{frames}{kind.__name__ if kind else ''}"


class AsJson(AsText):
    """A line for a collector of logs: at, level, logger, message, and what a request was."""

    def format(self, record: logging.LogRecord) -> str:
        """One object, without line breaks."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "request", {}),
        }
        if record.exc_info:
            said["failure"] = self.formatException(record.exc_info)
        return orjson.dumps(said).decode()


@contextmanager
def logged(format_: LogFormat) -> Iterator[None]:
    """Our loggers write to stderr for as long as this lasts."""
    handler = logging.StreamHandler()
    handler.setFormatter(AsJson() if format_ == "json" else AsText())
    loggers = [logging.getLogger(name) for name in OURS]
    for one in loggers:
        one.addHandler(handler)
        one.propagate = False  # or Prefect's own handlers would say it again, with the message
        one.setLevel(logging.INFO if one.name == "duban" else logging.WARNING)
    try:
        yield
    finally:
        for one in loggers:
            one.removeHandler(handler)
            one.propagate = True
