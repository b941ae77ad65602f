"""The portal over the small school's records, on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from office.settings import load
from portal.serving import serving
from portal.site import site
from tests.databases import database_url, db, postgres_url, sqlite_template
from tests.office.desk import WEEKLY, Desk, at

__all__ = ["database_url", "db", "postgres_url", "sqlite_template"]

NOON = at("2026-11-30 12:00")


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """Monday noon; the weekly check is open."""
    desk = Desk(db, tmp_path)
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    return desk


@pytest.fixture
def browser(desk: Desk, tmp_path: Path) -> Iterator[httpx.Client]:
    """A program that asks over real HTTP on loopback."""
    with (
        serving(site(load(tmp_path, {}), desk.db, lambda: NOON), "127.0.0.1", 0) as port,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client
