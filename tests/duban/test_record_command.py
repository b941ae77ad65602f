"""The sysadmin signs the record and reads it through; a restored backup is found out."""

import json
import shutil
import sqlite3
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from flows import sealing
from inspections.checkpoint import codes_in, open_checkpoint
from inspections.notes import Verifier, read_verifier
from inspections.proofs import open_proof
from office.settings import load
from storage.engine import open_engine
from storage.key_file import read_key, write_key
from tests.duban.test_commands import BEGAN, Run, run

__all__ = ["run"]
LATER = "2026-09-08T08:00"


def key(folder: Path) -> Verifier:
    """The public key of the installation."""
    found = read_key(folder / "data" / "record.key")
    assert found is not None
    return found.verifier


@pytest.fixture
def site(run: Run) -> Run:
    """The worked plan in force, one round run."""
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    assert run("tick", "--now", BEGAN)[0] == 0
    return run


def test_the_record_is_signed_checked_and_proved(site: Run) -> None:
    code, out, _ = site("record", "--seal", "--json", "--now", BEGAN)
    head = json.loads(out)["record"]
    assert (code, head["origin"]) == (0, "school.example/duban")
    assert len(head["code"]) == 150
    assert head["short"] in site("record")[1]
    code, out, _ = site("record", "--check")
    assert (code, "核对 2 个检查点：0 处不符" in out) == (0, True)
    proof = site("record", "--proof", "3")[1]
    fact, index, _ = open_proof(proof, [read_verifier(head["key"])])
    assert (json.loads(fact)["v"], index) == (1, 2)


def test_a_changed_fact_is_named_and_the_exit_code_says_so(site: Run, tmp_path: Path) -> None:
    site("record", "--seal", "--now", BEGAN)
    path = tmp_path / "data" / "duban.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER facts_no_update")
        connection.execute("UPDATE facts SET by_ = '保卫处' WHERE seq = 5")
    code, out, _ = site("record", "--check")
    assert code == 1
    assert "第 5 条记录已被改动" in out


def test_a_restored_backup_goes_on_in_an_epoch_of_its_own(site: Run, tmp_path: Path) -> None:
    database = tmp_path / "data" / "duban.sqlite"
    site("record", "--seal", "--now", BEGAN)
    shutil.copy(database, tmp_path / "backup.sqlite")
    assert site("record", "--new-epoch", "--reason", "试", "--now", LATER)[0] == 1
    site("tick", "--now", LATER)
    site("record", "--seal", "--now", LATER)
    shutil.copy(tmp_path / "backup.sqlite", database)
    site("tick", "--now", "2026-09-10T08:00")
    code, _, err = site("record", "--seal", "--now", LATER)
    assert (code, "旧备份" in err) == (1, True)
    code, out, _ = site("record", "--new-epoch", "--reason", "磁盘损坏", "--now", LATER)
    assert (code, "school.example/duban/2" in out) == (0, True)
    assert site("record", "--check")[0] == 0
    assert site("record", "--seal", "--now", "2026-09-09T08:00")[0] == 0


def test_a_change_of_keys_that_was_cut_short_is_finished_or_undone(
    site: Run, tmp_path: Path
) -> None:
    site("record", "--seal", "--now", BEGAN)
    settings = load(tmp_path, {})
    db = open_engine(settings.url)
    path = settings.record.key
    old = read_key(path)
    assert old is not None
    write_key(path.with_name("record.key.new"), sealing.signer(settings, db))
    assert sealing.signer(settings, db) == old  # the record never saw it
    assert not path.with_name("record.key.new").exists()

    assert site("record", "--rotate", "--now", BEGAN)[0] == 0
    new = read_key(path)
    assert new is not None
    path.replace(path.with_name("record.key.new"))
    path.with_name(f"record.key.{old.verifier.key_id.hex()}").replace(path)
    assert sealing.signer(settings, db) == new  # killed after the act, before the files
    assert site("record", "--check")[0] == 0
    db.dispose()


def test_every_letter_carries_the_head_that_its_round_signed(site: Run, tmp_path: Path) -> None:
    """Whoever keeps one mail can show later how long the record was, and what it said."""
    held = open_checkpoint((tmp_path / "data" / "record.checkpoint").read_bytes(), [key(tmp_path)])
    letters = sorted((tmp_path / "data" / "Maildir" / "new").iterdir())
    assert letters
    for path in letters:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        text = mail.get_body(("plain",))
        assert text is not None
        for carrier in (str(mail["Duban-Checkpoint"]), text.get_content()):
            (signed,) = codes_in(carrier, key(tmp_path), held.origin)
            assert signed.checkpoint == held


def test_letters_leave_without_a_head_when_the_record_was_changed(
    site: Run, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "duban.sqlite")) as connection, connection:
        connection.execute("DROP TRIGGER facts_no_delete")
        connection.execute("DELETE FROM facts WHERE seq > 5")
        connection.execute("DELETE FROM tiles")
    before = set((tmp_path / "data" / "Maildir" / "new").iterdir())
    assert site("tick", "--now", LATER)[0] == 0
    new = set((tmp_path / "data" / "Maildir" / "new").iterdir()) - before
    assert new
    assert not any(b"DUBAN1" in path.read_bytes() for path in new)
    code, out, _ = site("doctor", "--now", LATER)
    assert code == 1
    assert "旧备份" in out


def test_an_unsigned_record_says_how_to_sign_it(run: Run) -> None:
    assert run("adopt", "--yes", "--now", BEGAN)[0] == 0
    code, _, err = run("record")
    assert (code, "--seal" in err) == (1, True)


def test_one_thing_at_a_time(site: Run) -> None:
    assert site("record", "--seal", "--check")[0] == 2
