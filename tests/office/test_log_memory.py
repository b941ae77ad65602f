"""However long the log is, showing it, as of a day gone by too, and taking it away need no more."""

import subprocess
import sys
from pathlib import Path

from duban.specimen_files import file_of
from office.handed_in import File
from office.receive import submit
from storage.engine import writing
from storage.tables import metadata
from tests.office.desk import WEEKLY, Desk, at

SHORT, LONG = 10_000, 120_000
MORE = 6_000
"""Kilobytes: a row that stayed would cost some hundred bytes, the long log 20,000 and more."""
CHILD = """
import sys
from datetime import UTC, datetime
from sqlalchemy import event
from inspections.log_query import Remit, parse
from office.completion_log import log_page
from office.log_export import export
from storage.engine import open_engine
url, key, form, query = sys.argv[1:]
db = open_engine(url, key)
if db.dialect.name == "sqlite":  # its own cache, up to 64 MiB, is not what is asked about
    event.listen(db, "connect", lambda held, _: held.execute("PRAGMA cache_size = -2048"))
now, asked = datetime(2026, 12, 2, 1, tzinfo=UTC), parse(query)
print(log_page(db, asked, now).total)
print(sum(len(piece) for piece in export(db, asked, form, now, Remit(), "zh")))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
"""Shows the first page, takes all of it away, and says how many kB that took at most."""


def lengthen(desk: Desk, first: int, last: int) -> None:
    """Copies of the first task and of its evidence, by number."""
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
    )
    with writing(desk.db) as connection:
        for table, own in (
            ("tasks", {"id": "n.i", "key": "'fire/2026-W49/check' || n.i || '/nursing'"}),
            ("evidence", {"task": "n.i"}),
        ):
            columns = [column.name for column in metadata.tables[table].columns]
            chosen = ", ".join(own.get(name, f"o.{name}") for name in columns)
            which = "o.id = 1" if table == "tasks" else "o.task = 1"
            connection.exec_driver_sql(
                f"{numbers} INSERT INTO {table} ({', '.join(columns)}) "
                f"SELECT {chosen} FROM {table} AS o, n WHERE {which}"
            )


def taken(desk: Desk, form: str, query: str) -> tuple[int, int]:
    """How many tasks, and kB at most."""
    url = desk.db.url.render_as_string(hide_password=False)
    arguments = [url, str(desk.folder / "vault.key"), form, query]
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *arguments], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    total, _, most = done.stdout.split()
    return int(total), int(most)


def test_the_log_takes_no_more_memory_for_being_long(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    files = [File("检查记录.pdf", file_of("pdf", "one"))]
    submit(desk.db, desk.blobs, 1, by="x", now=at("2026-11-30 09:00"), files=files)
    asked = [("json", ""), ("csv", ""), ("xlsx", ""), ("csv", "as_of=2026-11-30")]
    lengthen(desk, 3, SHORT)
    before = [taken(desk, *one) for one in asked]
    lengthen(desk, SHORT + 1, LONG)
    after = [taken(desk, *one) for one in asked]
    print(before, after)
    assert {total for total, _ in before} == {SHORT}
    assert {total for total, _ in after} == {LONG}
    grown = [long - short for (_, short), (_, long) in zip(before, after, strict=True)]
    assert max(grown) < MORE, grown
