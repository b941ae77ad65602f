"""Opening a database, and the two kinds of transaction: reading and writing.

SQLite runs in WAL with synchronous=FULL: what was acknowledged survives a power cut, and a round
that opens ten thousand tasks in one transaction pays one fsync for it (measured: no difference to
NORMAL; a letter marked by itself costs 0.3 ms instead of 0.07 ms).

There is one writer at a time on both databases: BEGIN IMMEDIATE on SQLite, a transaction-scoped
advisory lock on PostgreSQL. So the record has no gaps, and an act sees what it decides about.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

BUSY_TIMEOUT = 60_000
"""Milliseconds that a writer waits for the one before it."""
_WRITER = 0x64756261  # “duba”: names our lock among those of the PostgreSQL server

KEY_FILE = "duban_vault_key"
"""The option of an engine that names the file of the vault's master key."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT}",
    "PRAGMA recursive_triggers = ON",  # or INSERT OR REPLACE would get past the facts' triggers
    "PRAGMA cache_size = -65536",
    "PRAGMA secure_delete = ON",  # what was erased is overwritten, not only forgotten
)


def open_engine(url: str, key_file: Path | None = None) -> Engine:
    """The database at `url` (`sqlite:///path` or `postgresql+psycopg://…`); it is not upgraded.

    `key_file` is where the vault's master key lies: `vault.key` beside a SQLite file by default.
    Without one, on PostgreSQL, no personal value can be written or read.
    """
    file = make_url(url).database if url.startswith("sqlite") else None
    if key_file is None and file:
        key_file = Path(file).with_name("vault.key")
    engine = create_engine(
        url,
        hide_parameters=True,  # no personal data in a traceback
        execution_options={KEY_FILE: key_file},
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only looks; it holds up nobody and is rolled back at its end."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, *, repeatable: bool = False) -> Iterator[Connection]:
    """A transaction that may write, alone; commits at its end, rolls back on any exception.

    `repeatable`: what it writes can be found out again, so a power cut (never a crash) may undo it:
    no fsync of its own. Only a letter's acceptance is so: it would be sent again, the same bytes.
    """
    options = {"duban_writing": True, "duban_repeatable": repeatable}
    with engine.connect() as connection:
        connection = connection.execution_options(**options)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")
                if repeatable:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
            yield connection


def copy_into(source: Engine, target: Engine) -> None:
    """All of one SQLite database becomes all of another, in one transaction of the other."""
    with source.connect() as there, target.connect() as here:
        made: Any = there.connection.driver_connection
        wanted: Any = here.connection.driver_connection
        made.backup(wanted)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where the driver does
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("duban_writing", False):
        connection.exec_driver_sql("BEGIN")
        return
    wanted = "NORMAL" if options.get("duban_repeatable", False) else "FULL"
    if connection.info.get("synchronous", "FULL") != wanted:  # cannot be changed inside
        raw: Any = connection.connection.driver_connection
        raw.execute(f"PRAGMA synchronous = {wanted}")
        connection.info["synchronous"] = wanted
    connection.exec_driver_sql("BEGIN IMMEDIATE")
