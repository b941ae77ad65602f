"""Whether anything at all in the database has changed."""

from hashlib import sha256

from sqlalchemy import Engine

from storage.engine import reading
from storage.tables import metadata


def digest(db: Engine) -> str:
    """SHA-256 over every row of every table."""
    told = sha256()
    with reading(db) as connection:
        for table in metadata.sorted_tables:
            rows = connection.exec_driver_sql(f"SELECT * FROM {table.name}").fetchall()
            told.update(repr((table.name, sorted(map(repr, rows)))).encode())
    return told.hexdigest()
