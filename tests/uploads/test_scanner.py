"""A real clamd with a signature of our own; while it is away, evidence is kept and not shown."""

import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from duban.specimen_files import file_of
from office import drafts
from office.receive import File, submit
from office.scanning import refuse_unscanned, scan_waiting
from responsibilities.words import Refused
from tests.office.desk import Desk, at
from tests.uploads.conftest import CHECK, CONTACT

pytestmark = [pytest.mark.xdist_group("clamd")]
VIRUS = file_of("jpg", "X5O-OUR-OWN-TEST-SIGNATURE")
CLEAN = file_of("jpg", "a dormitory")
NOON = at("2026-11-30 12:00")


@contextmanager
def clamd(folder: Path) -> Iterator[str]:
    """The scanner on a socket in `folder`; it knows one virus."""
    signatures, socket = folder / "signatures", folder / "clamd.sock"
    signatures.mkdir(parents=True)
    digest = hashlib.md5(VIRUS, usedforsecurity=False).hexdigest()
    (signatures / "own.hdb").write_text(f"{digest}:{len(VIRUS)}:Duban.Test\n")
    (folder / "clamd.conf").write_text(
        f"LocalSocket {socket}\nDatabaseDirectory {signatures}\nForeground yes\n"
        f"StreamMaxLength 60M\nUser root\n"
    )
    found = shutil.which("clamd") or "/usr/sbin/clamd"
    process = subprocess.Popen(
        [found, f"--config-file={folder / 'clamd.conf'}"], stdout=subprocess.DEVNULL
    )
    try:
        while not socket.exists() and process.poll() is None:
            time.sleep(0.05)
        assert process.poll() is None, "clamd did not start"
        yield str(socket)
    finally:
        process.terminate()
        process.wait()


def upload(desk: Desk, name: str, data: bytes, scanner: str) -> str:
    with drafts.uploading(desk.blobs, name) as coming:
        coming.write(data)
        return drafts.add_file(desk.db, coming, CHECK, CONTACT, now=NOON, clamd=scanner).sha256


def test_a_virus_is_refused_at_the_door_and_a_clean_file_shown_at_once(
    desk: Desk, tmp_path: Path
) -> None:
    with clamd(tmp_path / "clamd") as scanner:
        with pytest.raises(Refused, match="含有病毒"):
            upload(desk, "病毒.jpg", VIRUS, scanner)
        clean = upload(desk, "照片.jpg", CLEAN, scanner)
    assert [p.name for p in desk.blobs.folder.rglob("*") if p.is_file()] == [clean]
    refuse_unscanned(desk.db, clean, scanner)


def test_while_the_scanner_is_away_evidence_is_kept_and_not_shown_until_it_is_back(
    desk: Desk, tmp_path: Path
) -> None:
    away = str(tmp_path / "clamd" / "clamd.sock")
    files = [File("病毒.jpg", VIRUS), File("照片.jpg", CLEAN)]
    receipt = submit(desk.db, desk.blobs, CHECK, by="联络员", now=NOON, files=files)
    virus, clean = (digest for _line, _name, digest, _size in receipt.files)
    assert upload(desk, "照片.jpg", CLEAN, away) == clean
    assert scan_waiting(desk.db, desk.blobs, away, NOON) == 0
    for digest in (virus, clean):
        with pytest.raises(Refused, match="尚待病毒扫描"):
            refuse_unscanned(desk.db, digest, away)
    with clamd(tmp_path / "clamd") as scanner:
        assert scan_waiting(desk.db, desk.blobs, scanner, NOON) == 2
        assert scan_waiting(desk.db, desk.blobs, scanner, NOON) == 0
    refuse_unscanned(desk.db, clean, away)
    for known in (away, ""):
        with pytest.raises(Refused, match="已隔离保存"):
            refuse_unscanned(desk.db, virus, known)
    assert desk.blobs.get(virus) == VIRUS


def test_a_file_that_the_scanner_will_not_look_at_waits(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "clamd.sock").write_bytes(b"")
    receipt = submit(
        desk.db, desk.blobs, CHECK, by="联络员", now=NOON, files=[File("照片.jpg", CLEAN)]
    )
    assert scan_waiting(desk.db, desk.blobs, str(tmp_path / "clamd.sock"), NOON) == 0
    with pytest.raises(Refused, match="尚待病毒扫描"):
        refuse_unscanned(desk.db, receipt.files[0][2], "127.0.0.1:1")
