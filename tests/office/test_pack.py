"""An inspector takes a pack away and checks it alone, with Python and nothing else."""

import csv
import io
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import bagit
import pytest

from duban.specimen_files import file_of
from inspections.checkpoint import sign
from inspections.notes import Signer, read_verifier
from inspections.verify import signed, verify
from office.handed_in import File
from office.pack import Scope, make_pack
from office.receive import submit
from office.seal import rotate, seal
from responsibilities.words import Refused
from tests.office.desk import WEEKLY, Desk, at

KEY = Signer("school.example/duban", bytes(range(32)))
MONDAY = at("2026-11-30 09:00")


@pytest.fixture
def packed(desk: Desk, tmp_path: Path) -> tuple[Desk, Path]:
    """One week of fire checks: nursing has handed in a record, pharmacy nothing; signed, packed."""
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    desk.reconcile("2026-11-23 08:30")
    submit(
        desk.db, desk.blobs, "fire/2026-W48/check/nursing", by="护理学院",
        now=at("2026-11-26 10:00"),
        files=[File("=检查记录 <11月>.pdf", file_of("pdf", "nothing was found"))],
    )  # fmt: skip
    desk.reconcile("2026-11-30 08:30")
    seal(desk.db, KEY, MONDAY)
    target = tmp_path / "pack.zip"
    make_pack(desk.db, desk.blobs, Scope(until=date(2026, 11, 27)), target)
    return desk, target


def wrong(path: Path, **options: object) -> list[str]:
    return [one.words[0] for one in verify(str(path), **options) if not one.good]  # type: ignore[arg-type]


def changed(path: Path, name: str, data: bytes | None) -> Path:
    """The same pack with one file changed or (None) left out; the manifests stay as they were."""
    other = path.with_name("other.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for entry in old.infolist():
            if entry.filename != f"pack/{name}":
                new.writestr(entry, old.read(entry))
            elif data is not None:
                new.writestr(entry, data)
    return other


def content(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"pack/{name}")


def test_a_pack_verifies_with_nothing_but_python(packed: tuple[Desk, Path], tmp_path: Path) -> None:
    _, path = packed
    with zipfile.ZipFile(path) as archive:
        archive.extract("pack/verify.py", tmp_path)
    ran = subprocess.run(
        [sys.executable, "-I", "-S", tmp_path / "pack/verify.py", path, "--key", str(KEY.verifier)],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "核验通过" in ran.stdout
    assert "未增、未删、未改" in ran.stdout


def test_the_library_of_congress_accepts_the_bag(packed: tuple[Desk, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(packed[1]) as archive:
        archive.extractall(tmp_path / "out")
    bag = bagit.Bag(str(tmp_path / "out" / "pack"))
    bag.validate()
    assert bag.info["External-Identifier"].startswith("school.example/duban ")


def test_an_unpacked_pack_verifies_too(packed: tuple[Desk, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(packed[1]) as archive:
        archive.extractall(tmp_path / "out")
    assert wrong(tmp_path / "out" / "pack") == []
    (tmp_path / "out" / "pack" / "data" / "另存.txt").write_text("x")
    assert wrong(tmp_path / "out" / "pack")[0] == "多出文件：data/另存.txt"


def test_the_same_scope_and_head_give_the_same_bytes(packed: tuple[Desk, Path]) -> None:
    desk, path = packed
    twin = path.parent / "twin" / "pack.zip"
    twin.parent.mkdir()
    make_pack(desk.db, desk.blobs, Scope(until=date(2026, 11, 27)), twin)
    assert twin.read_bytes() == path.read_bytes()


def test_the_tables_open_in_excel_and_no_name_is_a_formula(packed: tuple[Desk, Path]) -> None:
    text = content(packed[1], "data/evidence.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["name"] == "'=检查记录 <11月>.pdf"
    tasks = csv.DictReader(io.StringIO(content(packed[1], "data/tasks.csv").decode("utf-8-sig")))
    shown = [(task["unit"], task["standing"]) for task in tasks]
    assert shown == [("护理学院", "待审核"), ("药学院", "逾期")]


def test_the_page_links_each_file_and_shows_hostile_names_as_text(
    packed: tuple[Desk, Path],
) -> None:
    html = content(packed[1], "data/index.html").decode()
    assert "=检查记录 &lt;11月&gt;.pdf" in html
    path = html.partition('<a href="')[2].partition('"')[0]
    assert content(packed[1], f"data/{path}") == file_of("pdf", "nothing was found")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("data/log/facts.jsonl", b"check/nursing", b"check/pharmacy", "与检查点"),
        ("data/log/checkpoint", b"\n1", b"\n2", "签名不符"),
        ("data/tasks.csv", "逾期".encode(), "办结".encode(), "已被改动：data/tasks.csv"),
        ("data/log/keys.txt", b"+", b"-", "签名不符"),
        ("verify.py", b"1", b"2", "已被改动：verify.py"),
    ],
)
def test_a_changed_file_is_found(
    packed: tuple[Desk, Path], name: str, old: bytes, new: bytes, said: str
) -> None:
    data = content(packed[1], name)
    assert old in data
    other = changed(packed[1], name, data.replace(old, new, 1))
    found = wrong(other)
    assert any(said in words for words in found), found


def test_evidence_that_was_left_out_is_named(packed: tuple[Desk, Path]) -> None:
    with zipfile.ZipFile(packed[1]) as archive:
        (name,) = (n for n in archive.namelist() if "/evidence/" in n)
    found = wrong(changed(packed[1], name.removeprefix("pack/"), None))
    assert found[0].startswith("缺少文件：data/evidence/")
    assert any("所载的文件" in words for words in found)


def test_a_fact_left_out_is_found_even_where_the_manifests_were_made_again(
    packed: tuple[Desk, Path],
) -> None:
    """(The forger has everything but the key.)"""
    facts = content(packed[1], "data/log/facts.jsonl").splitlines(keepends=True)
    for place in range(len(facts)):
        left = b"".join(facts[:place] + facts[place + 1 :])
        assert any("与检查点" in w for w in wrong(changed(packed[1], "data/log/facts.jsonl", left)))


def test_another_key_than_the_printed_one_is_found(packed: tuple[Desk, Path]) -> None:
    other = Signer(KEY.name, bytes(range(1, 33)))
    assert wrong(packed[1], key=str(other.verifier)) == ["签名的密钥不是所给的密钥"]
    assert wrong(packed[1], key=str(KEY.verifier)) == []


def test_a_change_of_keys_is_followed(packed: tuple[Desk, Path]) -> None:
    desk, path = packed
    new = Signer(KEY.name, bytes(range(9, 41)))
    rotate(desk.db, KEY, new, MONDAY, "管理员")
    make_pack(desk.db, desk.blobs, Scope(), path)
    assert wrong(path) == []
    keys = [str(KEY.verifier), str(new.verifier)]
    assert content(path, "data/log/keys.txt").decode().split() == keys


def test_a_saved_mail_is_held_against_the_record(packed: tuple[Desk, Path], tmp_path: Path) -> None:
    desk, path = packed
    head = seal(desk.db, KEY, MONDAY)
    mail, forged = tmp_path / "kept.eml", tmp_path / "forged.eml"
    frame = "Subject: =?utf-8?q?x?=\nContent-Type: text/plain; charset=utf-8\n\n正文\n> {}\n"
    mail.write_text(frame.format(head.code()), "utf-8")
    assert wrong(path, mails=(str(mail),)) == []
    other = sign(replace(head.checkpoint, root=bytes(32)), KEY)
    forged.write_text(frame.format(other.code()), "utf-8")
    assert wrong(path, mails=(str(forged),))[0].endswith("与记录不符")
    forged.write_text("Subject: x\n\nnothing\n")
    assert wrong(path, mails=(str(forged),))[0].endswith("没有可用的校验码")


def test_nothing_is_packed_when_a_file_is_damaged_or_the_record_is_not_signed(
    packed: tuple[Desk, Path],
) -> None:
    desk, path = packed
    (blob,) = (p for p in desk.blobs.folder.rglob("*") if p.is_file())
    blob.write_bytes(b"rot")
    before = path.read_bytes()
    with pytest.raises(Refused, match="损坏"):
        make_pack(desk.db, desk.blobs, Scope(), path)
    assert path.read_bytes() == before
    desk.reconcile("2026-12-07 08:30")
    with pytest.raises(Refused, match="--seal"):
        make_pack(desk.db, desk.blobs, Scope(), path)
    assert sorted(p.name for p in path.parent.iterdir() if p.name.startswith(".")) == []


def test_an_empty_scope_is_refused(packed: tuple[Desk, Path]) -> None:
    with pytest.raises(Refused, match="没有督办事项"):
        make_pack(packed[0].db, packed[0].blobs, Scope(duty="nothing"), packed[1])


def test_what_is_no_pack_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x03\x04 not a zip")
    assert wrong(path)
    assert wrong(tmp_path / "nothing")


def test_the_slow_signatures_agree_with_the_fast_ones() -> None:
    for number in range(20):
        key = Signer("a.example/b", bytes([number]) * 32)
        text = b"%d" % number
        good = key.sign(text)
        vkey = str(key.verifier)
        assert signed(vkey, text, good)
        assert read_verifier(vkey).signed(text, good)
        for bit in (0, 100, 255, 300, 511):
            spoiled = (int.from_bytes(good, "big") ^ 1 << bit).to_bytes(64, "big")
            assert not signed(vkey, text, spoiled)
            assert not read_verifier(vkey).signed(text, spoiled)
