"""Many rows at the driver's own speed: each statement is compiled once and given plain tuples.

SQLAlchemy's own executemany costs two to four times as much (reference/performance.md, section 1).
On PostgreSQL, rows beyond a few hundred go by COPY.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, insert

Row = tuple[Any, ...]
COPY_FROM = 200
"""Rows from which COPY is worth its round trips."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert complete rows, their values in the order of the table's columns.

    A row that is there already is an error: callers ask first, inside the same transaction.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql" and len(rows) >= COPY_FROM:
        _copy(connection, table, rows)
    else:
        connection.exec_driver_sql(_insert(connection.dialect, table), list(rows))


def run(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    """One statement, written with `?` for each value, once for every tuple."""
    if rows:
        connection.exec_driver_sql(placed(connection, statement), list(rows))


def placed(connection: Connection, statement: str) -> str:
    """`statement` with `?` in the driver's own style; it must hold no other `?` and no `%`."""
    return (
        statement.replace("?", "%s") if connection.dialect.paramstyle == "pyformat" else statement
    )


def chosen(connection: Connection, statement: str, values: Iterable[Any]) -> Sequence[Any]:
    """Rows of `statement`, whose one `(?)` stands for the list of `values`.

    One parameter whatever the length: a JSON list on SQLite, an array on PostgreSQL.
    """
    listed = list(values)
    if connection.dialect.name == "postgresql":
        return connection.exec_driver_sql(
            statement.replace("IN (?)", "= ANY(%s)"), (listed,)
        ).fetchall()
    from orjson import dumps

    statement = statement.replace("IN (?)", "IN (SELECT value FROM json_each(?))")
    return connection.exec_driver_sql(statement, (dumps(listed).decode(),)).fetchall()


def fetched(connection: Connection, statement: str, values: Row) -> list[Row]:
    """The rows of a query, written with `?` for each value, as the driver gives them: tuples."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(placed(connection, statement), values)
        return list(cursor.fetchall())
    finally:
        cursor.close()


@lru_cache(maxsize=64)
def _insert(dialect: Dialect, table: Table) -> str:
    names = [column.name for column in table.columns]
    statement = insert(table).values({name: bindparam(name) for name in names})
    compiled = statement.compile(dialect=dialect)
    if dialect.paramstyle == "pyformat":
        marks = ", ".join(["%s"] * len(names))
        return f"{str(compiled).split(' VALUES ')[0]} VALUES ({marks})"
    return str(compiled)


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    names = ", ".join(column.name for column in table.columns)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
