"""How far the record has come, signed: and what is found out when somebody has been at it."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from inspections.checkpoint import open_checkpoint
from inspections.notes import Signer, read_verifier
from inspections.proofs import open_proof
from inspections.tree import consistency, continues
from office.seal import (
    Forked,
    after,
    check_record,
    last_sealed,
    next_epoch,
    prove,
    rotate,
    seal,
)
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused
from storage import facts
from storage.engine import open_engine, reading, writing
from storage.key_file import read_key, write_key
from storage.migrations import upgrade
from storage.tree import subtrees
from tests.office.desk import WEEKLY, Desk, at

KEY = Signer("school.example/duban", bytes(range(32)))
MONDAY, TUESDAY = at("2026-11-23 09:00"), at("2026-11-24 09:00")


def forge(desk: Desk, statement: str) -> None:
    """Somebody with the database in hand, past the triggers."""
    with writing(desk.db) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS facts_no_{verb}"))
        connection.exec_driver_sql(statement)


def grown(desk: Desk, count: int, first: int = 0) -> None:
    """So many more facts."""
    new = [
        Fact(None, f"fire/note/{n}", FactKind.OUTAGE, MONDAY, "办公室", {"n": n})
        for n in range(first, first + count)
    ]
    with writing(desk.db) as connection:
        facts.append(connection, new)


def test_the_first_head_announces_its_key_and_covers_everything(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    signed = seal(desk.db, KEY, MONDAY)
    *_, (_, key, body) = desk.record()
    assert key == f"record/key/{KEY.verifier.key_id.hex()}"
    assert read_verifier(body["key"]) == KEY.verifier
    assert signed.checkpoint.size == len(desk.record())
    assert open_checkpoint(signed.note(), [KEY.verifier]) == signed.checkpoint
    assert check_record(desk.db, signed.checkpoint).wrong == ()


def test_where_nothing_has_come_since_the_head_stays_the_same(desk: Desk) -> None:
    grown(desk, 3)
    first = seal(desk.db, KEY, MONDAY)
    assert seal(desk.db, KEY, TUESDAY, first.checkpoint) == first
    kept = last_sealed(desk.db)
    assert kept is not None
    assert kept.at == MONDAY


def test_each_head_continues_the_one_before(desk: Desk) -> None:
    grown(desk, 3)
    first = seal(desk.db, KEY, MONDAY)
    grown(desk, 300, 3)
    second = seal(desk.db, KEY, TUESDAY, first.checkpoint)
    old, new = first.checkpoint, second.checkpoint
    with reading(desk.db) as connection:
        path = consistency(old.size, new.size, subtrees(connection))
    assert continues(old.size, new.size, old.root, new.root, path)


def test_a_long_record_is_read_by_its_tiles(desk: Desk) -> None:
    """Two levels of tiles: beyond 65,536 facts."""
    grown(desk, 66_000)
    signed = seal(desk.db, KEY, MONDAY)
    checked = check_record(desk.db, signed.checkpoint)
    assert (checked.size, checked.heads, checked.wrong) == (66_001, 1, ())
    for seq in (1, 256, 257, 65_536, 65_537, 66_001):
        record, index, head = open_proof(prove(desk.db, seq).text(), [KEY.verifier])
        assert (index, head) == (seq - 1, signed.checkpoint)
        assert b"fire/note/" in record or b"record/key/" in record


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE facts SET body = '{\"n\":9}' WHERE seq = 2", "第 2 条记录已被改动"),
        ("DELETE FROM facts WHERE seq = 2", "第 2 条记录缺失"),
        ("UPDATE facts SET by_ = '保卫处' WHERE seq = 3", "第 3 条记录已被改动"),
        ("DELETE FROM facts WHERE seq = 6", "旧备份"),
    ],
)
def test_what_somebody_did_to_the_record_is_found_out(
    desk: Desk, statement: str, said: str
) -> None:
    grown(desk, 5)
    held = seal(desk.db, KEY, MONDAY).checkpoint
    forge(desk, statement)
    wrong = check_record(desk.db, held).wrong
    assert any(said in words.zh for words in wrong)


def test_a_fact_changed_together_with_its_leaf_is_told_by_the_signed_head(desk: Desk) -> None:
    grown(desk, 5)
    held = seal(desk.db, KEY, MONDAY).checkpoint
    grown(desk, 1, 5)
    with reading(desk.db) as connection:
        (second,) = facts.as_held(connection, 1, 1)
    other = facts.parts(replace(second, body={"n": 99}))
    forge(desk, f"UPDATE facts SET body = '{other[5].decode()}' WHERE seq = 2")
    hexed = other[6].hex()
    mark = f"'\\x{hexed}'" if desk.db.dialect.name == "postgresql" else f"X'{hexed}'"
    forge(desk, f"UPDATE facts SET leaf = {mark} WHERE seq = 2")
    assert [words.zh for words in check_record(desk.db).wrong] == [
        words.zh for words in check_record(desk.db, held).wrong[:1]
    ]
    with pytest.raises(Forked, match="未签名"):
        seal(desk.db, KEY, TUESDAY)


def test_a_restored_backup_is_not_signed_until_a_new_epoch_names_what_was_lost(
    desk: Desk, tmp_path: Path
) -> None:
    grown(desk, 5)
    seal(desk.db, KEY, MONDAY)
    restored = replace(desk, db=open_engine(f"sqlite:///{tmp_path / 'backup.sqlite'}"))
    upgrade(restored.db)
    grown(restored, 5)
    seal(restored.db, KEY, MONDAY)  # the backup: this far both are one
    grown(desk, 5, 5)
    lost = seal(desk.db, KEY, TUESDAY).checkpoint
    grown(restored, 9, 50)
    with pytest.raises(Forked, match="--new-epoch"):
        seal(restored.db, KEY, TUESDAY, lost)

    second = Signer(after(KEY.name), KEY.secret)
    assert second.name == "school.example/duban/2"
    with pytest.raises(Refused, match="理由"):
        next_epoch(restored.db, second, lost, TUESDAY, "管理员", " ")
    signed = next_epoch(restored.db, second, lost, TUESDAY, "管理员", "磁盘损坏，恢复周一备份")
    assert signed.checkpoint.origin == "school.example/duban/2"
    assert restored.record()[-1][2]["lost"] == lost.text()
    assert seal(restored.db, second, TUESDAY, signed.checkpoint) == signed
    with pytest.raises(Refused, match="--rotate"):
        seal(restored.db, KEY, TUESDAY)


def test_a_new_key_follows_the_old_one_by_both_signatures(desk: Desk) -> None:
    grown(desk, 5)
    seal(desk.db, KEY, MONDAY)
    new = Signer(KEY.name, bytes(range(7, 39)))
    with pytest.raises(Refused, match="--rotate"):
        seal(desk.db, new, TUESDAY)
    signed = rotate(desk.db, KEY, new, TUESDAY, "管理员")
    body = desk.record()[-1][2]
    statement = f"{body['follows']}\n{body['key']}\n".encode()
    assert KEY.verifier.signed(statement, bytes.fromhex(body["signed_by_old"]))
    assert new.verifier.signed(statement, bytes.fromhex(body["signed_by_new"]))
    assert signed.by == new.verifier
    assert check_record(desk.db).heads == 2
    assert check_record(desk.db).wrong == ()


def test_nothing_is_proved_that_no_head_covers(desk: Desk) -> None:
    grown(desk, 2)
    with pytest.raises(Refused, match="--seal"):
        prove(desk.db, 1)
    seal(desk.db, KEY, MONDAY)
    assert prove(desk.db, 1).index == 0
    with pytest.raises(Refused, match="第 9 条"):
        prove(desk.db, 9)


def test_the_key_file_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "record.key"
    assert read_key(path) is None
    write_key(path, KEY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == KEY
    with pytest.raises(FileExistsError):
        write_key(path, KEY)
    path.write_text(path.read_text("ascii").replace("PRIVATE", "PUBLIC"), "ascii")
    with pytest.raises(Refused, match="已损坏"):
        read_key(path)
