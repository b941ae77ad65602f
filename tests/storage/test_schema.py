"""The schema: made by migrations, equal to the tables, and facts that stay."""

import sqlite3
from datetime import UTC, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused
from storage import facts
from storage.engine import reading, writing
from storage.migrations import HEAD, config, revision, upgrade
from storage.tables import metadata

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OPENED = Fact("p/2026-11/d/u", "opened", FactKind.OPENED, NOON, "system", {"due": "x"})


def test_the_head_that_is_checked_at_start_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_an_upgraded_database_has_exactly_the_tables_that_the_code_knows(db: Engine) -> None:
    with reading(db) as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        assert differences == []


def test_upgrading_twice_changes_nothing(db: Engine) -> None:
    upgrade(db)
    with reading(db) as connection:
        assert revision(connection) == HEAD


def test_a_database_of_a_newer_program_is_refused(db: Engine) -> None:
    with writing(db) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Refused, match="9999"):
        upgrade(db)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE facts SET body = '{}'",
        "UPDATE facts SET leaf = leaf WHERE seq = 1",
        "DELETE FROM facts",
    ],
)
def test_the_database_refuses_to_change_a_fact(db: Engine, statement: str) -> None:
    with writing(db) as connection:
        facts.append(connection, [OPENED])
    with pytest.raises(DBAPIError, match="append-only"), writing(db) as connection:
        connection.execute(text(statement))
    with reading(db) as connection:
        assert facts.since(connection)[0].body == {"due": "x"}


def test_a_fact_cannot_be_replaced_or_truncated_either(db: Engine) -> None:
    with writing(db) as connection:
        facts.append(connection, [OPENED])
    statement = {
        "sqlite": "INSERT OR REPLACE INTO facts SELECT seq, task, key, kind, at, 'x', body, leaf "
        "FROM facts",
        "postgresql": "TRUNCATE facts",
    }[db.dialect.name]
    with pytest.raises(DBAPIError, match="append-only"), writing(db) as connection:
        connection.execute(text(statement))


def test_a_fact_is_recorded_once(db: Engine) -> None:
    with writing(db) as connection:
        facts.append(connection, [OPENED])
    with pytest.raises(IntegrityError), writing(db) as connection:
        facts.append(connection, [OPENED])


def test_two_programs_upgrading_at_once_both_find_the_schema(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from storage.engine import open_engine

    path = tmp_path_factory.mktemp("twice") / "duban.sqlite"
    engines = [open_engine(f"sqlite:///{path}") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, engines))
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    assert found == [(HEAD,)]
