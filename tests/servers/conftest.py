"""The school's mail servers, started once; each test empties the mailboxes it uses."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from notifications.smtp import shared_context
from tests.databases import KINDS, empty, postgres_url, sqlite_template
from tests.servers.school import AVAILABLE, MISSING, WANTED, School, school
from tests.stories.conftest import memory

__all__ = ["memory", "postgres_url", "sqlite_template"]

collect_ignore_glob = [] if WANTED else ["test_*.py"]


Fresh = Callable[[], str]
"""Gives the URL of an empty database, each time it is asked."""


@pytest.fixture(scope="session")
def servers() -> Iterator[School]:
    """Postfix and Dovecot; mail for duban goes to its IMAP mailbox."""
    if not AVAILABLE:
        pytest.fail(MISSING)
    with school() as running:
        yield running


@pytest.fixture
def mail(servers: School, monkeypatch: pytest.MonkeyPatch) -> Iterator[School]:
    """The servers, trusted, with every mailbox empty.

    The process keeps one TLS context: a test before this one may have made it, of other roots.
    """
    servers.empty()
    monkeypatch.setenv("SSL_CERT_FILE", str(servers.trust))
    shared_context.cache_clear()
    yield servers
    shared_context.cache_clear()


@pytest.fixture(params=KINDS)
def fresh(request: pytest.FixtureRequest, memory: Path) -> Fresh:
    """One world after another on each kind of database."""
    worlds = count()

    def sqlite() -> str:
        path = memory / f"{next(worlds)}.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"

    def postgres() -> str:
        url: str = request.getfixturevalue("postgres_url")
        empty(url)
        return url

    return sqlite if request.param == "sqlite" else postgres
