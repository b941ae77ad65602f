"""Every storage test runs on each kind of database."""

from tests.databases import database_url, db, postgres_url, sqlite_template

__all__ = ["database_url", "db", "postgres_url", "sqlite_template"]
