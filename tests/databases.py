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
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from storage.engine import open_engine
from storage.migrations import HEAD, upgrade
from storage.tables import metadata

BINARIES = max(
    Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda p: int(p.parts[-2])
)
SERVER = os.environ.get("DUBAN_TEST_POSTGRES")
KINDS = ["sqlite", "postgresql"] if BINARIES or SERVER or os.environ.get("CI") else ["sqlite"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upgraded, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "duban.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of an upgraded PostgreSQL database; `database_url` empties it before each test."""
    if SERVER:
        yield from _upgraded(SERVER)
        return
    if BINARIES is None:
        pytest.fail("CI asks for PostgreSQL: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="duban-pg-"))
    try:
        yield from _upgraded(_start(BINARIES, folder))
    finally:
        _as_postgres(str(BINARIES / "pg_ctl"), "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an upgraded, empty database; once for each kind that Duban runs on."""
    if request.param == "sqlite":
        path = tmp_path / "duban.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("postgres_url")
    empty(url)
    return url


@pytest.fixture
def db(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    """The database of `database_url`, opened."""
    engine = open_engine(database_url, tmp_path / "vault.key")
    yield engine
    engine.dispose()


def _start(binaries: Path, folder: Path) -> str:
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",  # nothing here has to survive the machine
        "full_page_writes": "off",
        "shared_buffers": "16MB",
        "max_connections": "30",
    }
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    _as_postgres(str(binaries / "initdb"), "-D", f"{folder}/data", "-U", "duban", "-A", "trust")
    log = f"{folder}/log"
    _as_postgres(
        str(binaries / "pg_ctl"), "-D", f"{folder}/data", "-w", "-l", log, "-o", options, "start"
    )
    return f"postgresql+psycopg://duban@/postgres?host={folder}"


def _as_postgres(*command: str) -> None:
    prefix = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")


def _upgraded(server: str) -> Iterator[str]:
    """A database of our own on `server`, with the schema; gone at the end."""
    name = f"duban_{os.getpid()}"
    _administer(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _administer(server, f"CREATE DATABASE {name}")
    url = make_url(server).set(database=name).render_as_string(False)
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    yield url
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def empty(url: str) -> None:
    """Every row goes, facts too: only a superuser of the test cluster can put triggers aside."""
    tables = ", ".join(metadata.tables)
    _administer(
        url,
        "SET session_replication_role = replica",
        f"TRUNCATE {tables}",
        f"UPDATE alembic_version SET version_num = '{HEAD}'",
    )


def _administer(server: str, *statements: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
