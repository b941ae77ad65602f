"""What storage promises its callers: single rows, bytes on the disk, leases, instants."""

import shutil
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from responsibilities.tasks import Fact, FactKind
from storage import bulk, facts, heartbeats, notices, outbox
from storage.blobs import Blobs
from storage.engine import open_engine, reading, writing
from storage.instants import instant, text
from storage.notices import Matter, Notice
from storage.outbox import LetterState, NewLetter
from storage.tables import heartbeats as heartbeat_rows

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14))
def test_an_instant_comes_back_in_whole_seconds_and_sorts_as_text(
    moment: datetime, hours: int
) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert instant(text(aware)) == aware.replace(microsecond=0)
    assert (text(aware) < text(NOON)) == (aware.replace(microsecond=0) < NOON)


def test_an_instant_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="naive"):
        text(datetime(2026, 11, 23))


@pytest.mark.parametrize("count", [1, bulk.COPY_FROM - 1, bulk.COPY_FROM, 1000])
def test_many_rows_and_few_arrive_alike(db: Engine, count: int) -> None:
    rows = [(f"名 '{n}' \\ \t", text(NOON)) for n in range(count)]
    with writing(db) as connection:
        bulk.insert_rows(connection, heartbeat_rows, rows)
    with reading(db) as connection:
        assert heartbeats.every(connection) == {name: NOON for name, _ in rows}


def test_what_fails_leaves_nothing_behind(db: Engine) -> None:
    fact = Fact(None, "a", FactKind.OUTAGE, NOON, "system", {})

    def act() -> None:
        with writing(db) as connection:
            facts.append(connection, [fact])
            notices.add(connection, [_notice("n")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    with reading(db) as connection:
        assert facts.last_seq(connection) == 0
        assert not notices.anything_waiting(connection, NOON)


def test_a_notice_is_queued_once(db: Engine) -> None:
    for _ in range(2):
        with writing(db) as connection:
            notices.add(connection, [_notice("a"), _notice("b"), _notice("a")])
    with reading(db) as connection:
        assert [(n.id, n.key) for n in notices.waiting(connection)] == [(1, "a"), (2, "b")]


def test_a_letter_is_leased_to_one_sender_and_again_after_the_lease(db: Engine) -> None:
    _put(db, "a")
    with writing(db) as connection:
        [mine] = outbox.lease(connection, NOON, "me", LEASE, 10)
        assert outbox.lease(connection, NOON, "you", LEASE, 10) == ()
    assert (mine.body, mine.letter.attempts) == (b"a", 1)
    with writing(db) as connection:
        [yours] = outbox.lease(connection, NOON + LEASE, "you", LEASE, 10)
        assert (yours.body, yours.letter.attempts) == (b"a", 2)
        late = outbox.settle(connection, mine.letter.id, "me", LetterState.REFUSED, NOON)
        assert not late, "the lease was lost: what I say about it no longer counts"
        assert outbox.settle(connection, mine.letter.id, "you", LetterState.ACCEPTED, NOON)
    with reading(db) as connection:
        assert outbox.counted(connection) == {LetterState.ACCEPTED: 1}
        assert not outbox.anything_to_send(connection, NOON + timedelta(days=9))


def test_urgent_letters_leave_first(db: Engine) -> None:
    for name in ("old", "urgent"):
        _put(db, name, urgent=name == "urgent")
    with writing(db) as connection:
        leased = outbox.lease(connection, NOON, "me", LEASE, 10)
    assert [one.body for one in leased] == [b"urgent", b"old"]


def test_the_bytes_of_evidence_are_found_by_their_digest(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "evidence")
    digest = blobs.put(b"photo")
    assert blobs.put(b"photo") == digest
    assert blobs.get(digest) == b"photo"
    assert [p.name for p in blobs.folder.rglob("*") if p.is_file()] == [digest]


def test_bytes_that_changed_on_the_disk_are_not_given_out(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    digest = blobs.put(b"photo")
    blobs.path(digest).write_bytes(b"phota")
    with pytest.raises(ValueError, match="changed"):
        blobs.get(digest)
    assert blobs.put(b"photo") == digest, "handing it in again mends it"
    assert blobs.get(digest) == b"photo"


def test_a_blob_that_cannot_be_written_leaves_no_part_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        Blobs(tmp_path).put(b"photo")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


def _notice(key: str) -> Notice:
    return Notice(
        key, "p", "opened", "u", "contact", (Matter(1, "1"),), False, NOON, NOON + LEASE, {}
    )


def _put(db: Engine, name: str, urgent: bool = False) -> None:
    letter = NewLetter(
        f"<{name}@x.example>", "p", "duban@x.example", "u@x.example", "某处", "opened", "题",
        name.encode(), urgent, NOON + timedelta(days=1), NOON, (), (),
    )  # fmt: skip
    with writing(db) as connection:
        outbox.bind(connection, [letter], ())


def test_only_what_can_be_found_out_again_is_written_without_waiting_for_the_disk(
    tmp_path: Path, sqlite_template: Path
) -> None:
    db = open_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'duban.sqlite')}")
    found = []
    for repeatable in (False, True, True, False):
        with writing(db, repeatable=repeatable) as connection:
            found.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
    db.dispose()
    assert found == [2, 1, 1, 2]
