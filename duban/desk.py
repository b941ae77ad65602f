"""The installation that a command works on: its settings, its database, upgraded."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError

from duban.console import Exit, in_words
from office.calendars import import_years
from office.settings import FILE, Settings, load
from responsibilities.words import Refused, Words
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.plan_folder import read_folder


class SettingsRefused(Refused):
    """The settings cannot be read."""

    exit_code = Exit.SETTINGS


class Unreachable(Refused):
    """The database cannot be reached or written."""

    exit_code = Exit.OUTSIDE


@dataclass(frozen=True, slots=True)
class Desk:
    """What every command that touches the records needs."""

    settings: Settings
    db: Engine


def settings_of(home: Path) -> Settings:
    """The settings in `home`, DUBAN_… variables over them."""
    chosen = {name: value for name, value in os.environ.items() if name != "DUBAN_LANG"}
    try:
        return load(home, chosen)
    except Refused as refused:
        raise SettingsRefused(refused.words) from refused


def _import_calendars(settings: Settings, db: Engine) -> None:
    """The office's own years of working days; a broken file is told, and the old data stays."""
    if settings.calendars is None:
        return
    try:
        import_years(db, read_folder(settings.calendars), datetime.now(UTC), FILE)
    except Refused as refused:
        click.echo(in_words(refused.words), err=True)


def _make(data: Path) -> None:
    """The data folder, if it can be made."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unreachable(
            Words(
                f"数据文件夹“{data.resolve()}”无法使用（{error.strerror}）；"
                "请检查路径和权限，或在 duban.toml 中改写 data。",
                f"The data folder “{data.resolve()}” cannot be used ({error.strerror}); check the "
                "path and its permissions, or set `data` in duban.toml.",
            )
        ) from error


def _is_no_database(error: DatabaseError) -> bool:
    """SQLite finds something else in the file, or damage (SQLITE_NOTADB, SQLITE_CORRUPT)."""
    return getattr(error.orig, "sqlite_errorname", "") in ("SQLITE_NOTADB", "SQLITE_CORRUPT")


@contextmanager
def desk(home: Path, *, found: bool = False) -> Iterator[Desk]:
    """The installation in `home` with its database at the newest migration.

    Only a command that may be an installation's first makes one (`found`); all others refuse
    where there is none, and leave no folder behind.
    """
    settings = settings_of(home)
    if not (found or settings.database or settings.data.is_dir()):
        raise SettingsRefused(
            Words(
                f"“{home.resolve()}”中还没有督办数据；请先运行 duban up 或 duban adopt，"
                "或用 duban -C 文件夹 指明所在。",
                f"There are no records in “{home.resolve()}” yet; run duban up or duban adopt "
                "first, or name the folder with duban -C.",
            )
        )
    _make(settings.data)
    db = open_engine(settings.url, settings.record.vault_key)
    try:
        upgrade(db)
        _import_calendars(settings, db)
        yield Desk(settings, db)
    except DatabaseError as error:
        if not isinstance(error, OperationalError) and not _is_no_database(error):
            raise  # a constraint, a statement: a fault of our own
        reason = str(error.orig).splitlines()[0]
        raise Unreachable(
            Words(
                f"数据库无法使用（{reason}）；请检查磁盘空间、权限和数据库服务后重试，未做任何更改。",
                f"The database cannot be used ({reason}); check disk space, permissions and the "
                "database service, then try again. Nothing was changed.",
            )
        ) from error
    finally:
        db.dispose()
