"""Every act runs on each kind of database."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.databases import database_url, db, postgres_url, sqlite_template
from tests.office.desk import Desk

__all__ = ["database_url", "db", "postgres_url", "sqlite_template"]


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """An office with an empty database."""
    return Desk(db, tmp_path)
