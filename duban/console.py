"""How the command line talks: data to stdout, talk to stderr, in the reader's language."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from responsibilities.language.report import width
from responsibilities.words import Language, Words

Command = TypeVar("Command", bound=Callable[..., Any])

HOME_ZONE = ZoneInfo("Asia/Shanghai")


class Exit(IntEnum):
    """Exit codes, the same for every command (reference: docs/reference/commands.md)."""

    OK = 0
    FOUND = 1
    """check, doctor, coverage found something wrong."""
    USAGE = 2
    SETTINGS = 3
    OUTSIDE = 4
    """A mail server, a database or a port would not."""
    BUG = 70
    INTERRUPTED = 130


def language() -> Language:
    """`DUBAN_LANG` decides, else the locale; Chinese unless it plainly says English."""
    wanted = (
        os.environ.get("DUBAN_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    )
    return "en" if wanted.lower().startswith("en") else "zh"


def say(zh: str, en: str) -> str:
    """One of two sentences, by the reader's language."""
    return zh if language() == "zh" else en


def in_words(words: Words) -> str:
    """`words` in the reader's language."""
    return words.in_(language())


def tell(zh: str, en: str) -> None:
    """A remark to the person at the terminal, on stderr."""
    click.echo(say(zh, en), err=True)


def put_json(kind: str, value: Any) -> None:
    """`value` as JSON on stdout, with the name and version of its shape."""
    text = json.dumps({"schema": f"duban.{kind}/1", kind: value}, ensure_ascii=False, default=str)
    click.echo(text)


def pad(text: str, columns: int) -> str:
    """`text` filled with blanks up to `columns` terminal columns."""
    return text + " " * (columns - width(text))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A plain table: aligned by terminal width, a rule under the head, no box."""
    cells = [list(head), *[list(row) for row in rows]]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    lines = ["  ".join(pad(cell, w) for cell, w in zip(row, widths, strict=True)) for row in cells]
    lines.insert(1, "  ".join("─" * w for w in widths))
    return "\n".join(line.rstrip() for line in lines)


def as_json(command: Command) -> Command:
    """The `--json` option."""
    return click.option(
        "--json", "as_json", is_flag=True, help=say("输出 JSON", "print JSON instead of text")
    )(command)


def _instant(_: click.Context, __: click.Parameter, value: str | None) -> datetime:
    if value is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        given = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            say(
                f"“{value}”不是时间；请写成 2026-11-23 或 2026-11-23T08:00",
                f"“{value}” is not a time; write 2026-11-23 or 2026-11-23T08:00",
            )
        ) from None
    return (given if given.tzinfo else given.replace(tzinfo=HOME_ZONE)).astimezone(UTC)


def now_option(command: Command) -> Command:
    """The `--now` option: the one place where a command's clock is read."""
    return click.option(
        "--now",
        callback=_instant,
        metavar="TIME",
        help=say("以此时间代替当前时间", "use this time instead of the clock"),
    )(command)


def by_option(command: Command) -> Command:
    """The `--by` option: who acts, as the record will say."""
    return click.option(
        "--by",
        default="office",
        show_default=True,
        help=say("经办人（记入办理记录）", "who acts, for the record"),
    )(command)


def on_terminal() -> bool:
    """Is a person watching stderr (progress bars, colours)."""
    return sys.stderr.isatty()
