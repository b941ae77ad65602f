"""Whether the installation can do its work, and what is wrong where it cannot."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from office.heartbeat import beat
from office.readiness import ENOUGH_DISK, Check, readiness
from office.settings import Inbox, Settings
from storage.engine import open_engine, writing
from tests.office.desk import Desk, at

NOON = at("2026-11-30 12:00")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path)


def running(desk: Desk, *rounds: str) -> None:
    for name in rounds:
        beat(desk.db, name, at("2026-11-30 11:40"))


def failing(checks: tuple[Check, ...]) -> dict[str, str]:
    return {check.name: check.why.en for check in checks if check.why is not None}


def test_everything_runs(desk: Desk, settings: Settings) -> None:
    running(desk, "reconcile", "mailroom")
    checks = readiness(desk.db, settings, ENOUGH_DISK, NOON)
    assert [check.name for check in checks] == ["database", "reconcile", "mailroom", "disk"]
    assert failing(checks) == {}


def test_a_round_that_stopped_is_named_with_its_age(desk: Desk, settings: Settings) -> None:
    running(desk, "reconcile", "mailroom")
    late = readiness(desk.db, settings, ENOUGH_DISK, at("2026-11-30 12:11"))
    limits = "last ran 31 minutes ago; the limit is 30."
    assert failing(late) == {
        "reconcile": f"reconcile {limits}",
        "mailroom": f"the mailroom {limits}",
    }
    patient = replace(settings, outage_after=60)
    assert failing(readiness(desk.db, patient, ENOUGH_DISK, at("2026-11-30 12:11"))) == {}


def test_a_mailbox_that_is_configured_must_be_read(desk: Desk, settings: Settings) -> None:
    running(desk, "reconcile", "mailroom")
    reads = replace(settings, inbox=Inbox(host="imap.school.example"))
    assert failing(readiness(desk.db, reads, ENOUGH_DISK, NOON)) == {
        "inbox": "reading mail has never run."
    }


def test_a_disk_that_is_nearly_full_is_not_ready(desk: Desk, settings: Settings) -> None:
    running(desk, "reconcile", "mailroom")
    found = failing(readiness(desk.db, settings, 40_000_000, NOON))
    assert found == {"disk": "40 MB of disk free; it should be 1000 at least."}


def test_a_database_of_another_version_is_not_ready(desk: Desk, settings: Settings) -> None:
    running(desk, "reconcile", "mailroom")
    with writing(desk.db) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    found = failing(readiness(desk.db, settings, ENOUGH_DISK, NOON))
    assert found["database"].startswith("The database is at revision 0001;")


def test_a_database_that_does_not_answer_is_not_ready(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "duban.sqlite").write_bytes(b"no database at all" * 100)
    gone = open_engine(f"sqlite:///{tmp_path / 'duban.sqlite'}")
    assert failing(readiness(gone, settings, ENOUGH_DISK, NOON)) == {
        "database": "The database cannot be used."
    }
