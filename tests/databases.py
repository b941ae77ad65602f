"""A fresh database for a test: SQLite always, PostgreSQL too where it is installed.

PostgreSQL comes from DUBAN_TEST_POSTGRES (the URL of a server where databases may be made) or from
a private cluster, started on a Unix socket with the installed binaries. CI must have it.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from storage.engine import open_engine
from storage.migrations import upgrade

BINARIES = max(
    Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda p: int(p.parts[-2])
)
SERVER = os.environ.get("DUBAN_TEST_POSTGRES")
KINDS = ["sqlite", "postgresql"] if BINARIES or SERVER or os.environ.get("CI") else ["sqlite"]
_numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upgraded, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "duban.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a PostgreSQL server with an upgraded, empty database named duban_template."""
    if SERVER:
        yield from _with_template(SERVER)
        return
    if BINARIES is None:
        pytest.fail("CI asks for PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="duban-pg-"))
    try:
        yield from _with_template(_start(BINARIES, folder))
    finally:
        _as_postgres(str(BINARIES / "pg_ctl"), "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of an upgraded, empty database; once for each kind that Duban runs on."""
    if request.param == "sqlite":
        path = tmp_path / "duban.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = make_url(request.getfixturevalue("postgres_server"))
    name = f"duban_{os.getpid()}_{next(_numbers)}"
    _administer(server.render_as_string(False), f"CREATE DATABASE {name} TEMPLATE duban_template")
    yield server.set(database=name).render_as_string(False)
    _administer(server.render_as_string(False), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def db(database_url: str) -> Iterator[Engine]:
    """The database of `database_url`, opened."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def _start(binaries: Path, folder: Path) -> str:
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    options = "-c listen_addresses='' -c fsync=off -c max_connections=30 -k " + str(folder)
    _as_postgres(str(binaries / "initdb"), "-D", f"{folder}/data", "-U", "duban", "-A", "trust")
    log = f"{folder}/log"
    _as_postgres(
        str(binaries / "pg_ctl"), "-D", f"{folder}/data", "-w", "-l", log, "-o", options, "start"
    )
    return f"postgresql+psycopg://duban@/postgres?host={folder}"


def _as_postgres(*command: str) -> None:
    prefix = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _with_template(server: str) -> Iterator[str]:
    _administer(server, "DROP DATABASE IF EXISTS duban_template")
    _administer(server, "CREATE DATABASE duban_template")
    engine = open_engine(make_url(server).set(database="duban_template").render_as_string(False))
    upgrade(engine)
    engine.dispose()
    yield server


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
