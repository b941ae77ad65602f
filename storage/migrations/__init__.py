"""Bringing a database up to the schema this version of Duban needs."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from responsibilities.words import Refused, Words
from storage.engine import reading, writing

if TYPE_CHECKING:  # half a second that a database at head does not pay
    from alembic.config import Config

HEAD = "0015"
"""The newest revision in `versions/`; a test holds the two together."""


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(engine: Engine) -> None:
    """Bring the database to HEAD, all or nothing; at head already, this is one read.

    Refused for a database that a newer Duban has upgraded.
    """
    with reading(engine) as connection:
        found = revision(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise Refused(
            Words(
                f"数据库的版本 {found} 比本程序的 {HEAD} 新，请先升级程序。",
                f"The database is at revision {found}, newer than this program's {HEAD}; "
                "upgrade the program first.",
            )
        )
    from alembic import command

    with writing(engine) as connection:
        command.upgrade(config(connection), HEAD)


def config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration for our packaged scripts, without an ini file."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
