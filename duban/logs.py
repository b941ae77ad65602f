"""What the running installation writes: to stderr, as text or as a JSON object a line, and to
`duban.log` in its data folder, always as text. Nothing of it goes to Prefect.
"""

import logging
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

import orjson

from office.settings import LogFormat

OURS = ("duban", "uvicorn.error")
Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class AsText(logging.Formatter):
    """A line for people, in UTC. Of a failure its kind and its place in the program, never its
    message: that may quote what somebody typed."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """The instant, with its offset."""
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """One line, whatever it is about: nothing in it can pass for a line of its own."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def formatException(self, ei: Failure) -> str:
        """The frames and the kind of the failure, of what it came from and of its parts."""
        return places(ei[1]) if ei[1] else ""


def places(error: BaseException) -> str:
    """Where in the program it failed and with what kind of failure; none of its words."""
    return "".join(_told(error)).rstrip()


def _told(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__qualname__}\n"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from _told(one)


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
def logged(format_: LogFormat, file: Path) -> Iterator[None]:
    """Our loggers write to stderr and to `file` for as long as this lasts."""
    shown = logging.StreamHandler()
    shown.setFormatter(AsJson() if format_ == "json" else AsText())
    with _opened(file) as kept:
        written = logging.StreamHandler(kept)
        written.setFormatter(AsText())
        loggers = [logging.getLogger(name) for name in OURS]
        for one in loggers:
            one.addHandler(shown)
            one.addHandler(written)
            one.propagate = False  # or Prefect's own handlers would say it again, with the message
            one.setLevel(logging.INFO if one.name == "duban" else logging.WARNING)
        try:
            yield
        finally:
            for one in loggers:
                one.removeHandler(shown)
                one.removeHandler(written)
                one.propagate = True


def _opened(file: Path) -> TextIOWrapper:
    """To be written at its end, readable by nobody else."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    return open(handle, "a", encoding="utf-8")
