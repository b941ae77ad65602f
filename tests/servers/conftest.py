"""The school's mail servers, started once; each test empties the mailboxes it uses."""

from collections.abc import Iterator

import pytest

from notifications.smtp import shared_context
from tests.databases import sqlite_template
from tests.servers.school import AVAILABLE, MISSING, WANTED, School, school
from tests.stories.conftest import memory

__all__ = ["memory", "sqlite_template"]

collect_ignore_glob = [] if WANTED else ["test_*.py"]


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
