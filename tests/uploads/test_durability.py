"""A receipt means durable bytes (P23), a full disk is told (P24), rot is found (P26)."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine

from duban.specimen_files import file_of
from office import drafts
from office.receive import File, submit
from storage.blobs import Blobs
from storage.engine import open_engine, reading
from storage.scrub import Fault, scrub
from tests.office.desk import Desk, at
from tests.uploads.conftest import CHECK, CONTACT, PLAN
from tests.uploads.hander import NOON, PHOTO

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("durability")]

CALLS = ("write", "fsync", "fdatasync", "rename", "pwrite64", "mkdir", "openat", "unlink")
BROKEN = {"EIO": "error=EIO", "ENOSPC": "error=ENOSPC", "KILL": "signal=KILL"}
LATER = at("2026-12-31 12:00")


@pytest.fixture
def school(tmp_path: Path, sqlite_template: Path) -> Path:
    """A folder with the small school's database: its check is open."""
    folder = tmp_path / "school"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "duban.sqlite")
    desk = Desk(open_engine(f"sqlite:///{folder / 'duban.sqlite'}"), folder)
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    with desk.db.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    desk.db.dispose()
    return folder


def traced(folder: Path, *how: str, way: str = "honest") -> str:
    """What the program said, run under strace; its trace is in `trace`."""
    words = ["strace", "-f", "--seccomp-bpf", "-y", "-s", "12", "-o", str(folder / "trace"), *how]
    done = subprocess.run(
        [*words, sys.executable, "-m", "tests.uploads.hander", str(folder), way],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


def calls(folder: Path) -> dict[str, list[int]]:
    """Of each call, the numbers of those that an honest run makes on files of the folder."""
    traced(folder, "-e", "trace=" + ",".join(CALLS))
    found: dict[str, list[int]] = {call: [] for call in CALLS}
    seen = dict.fromkeys(CALLS, 0)
    lines = (folder / "trace").read_text(errors="replace").splitlines()
    own = lines[0].split()[0]  # strace counts the calls of each process by themselves
    for line in lines:
        named = re.match(rf"{own} +(\w+)\(", line)
        if named and named[1] in found:
            seen[named[1]] += 1
            if str(folder) in line and "trace" not in line:
                found[named[1]].append(seen[named[1]])
    return found


def test_no_receipt_is_shown_for_bytes_that_are_not_there(
    school: Path, tmp_path: Path, full: bool
) -> None:
    again = tmp_path / "counted"
    shutil.copytree(school, again)
    places = [(call, n) for call, numbers in calls(again).items() for n in numbers]
    runs = [(call, n, how) for call, n in places for how in BROKEN]
    chosen = runs if full else Random(23).sample(runs, 5)
    receipts = bad = 0
    for number, (call, n, how) in enumerate(chosen):
        folder = tmp_path / str(number)
        shutil.copytree(school, folder)
        said = traced(folder, "-e", f"trace={call}", "-e", f"inject={call}:{BROKEN[how]}:when={n}")
        shown = "RECEIPT" in said
        receipts += shown
        bad += shown and not durable(folder)
        still_works(folder)
    print({"faults": len(chosen), "of": len(runs), "receipts": receipts, "bad": bad})
    assert bad == 0
    assert receipts < len(chosen)


def durable(folder: Path) -> bool:
    """Whether the file is there, whole, with its row."""
    path = Blobs(folder / "evidence").path(sha256(PHOTO).hexdigest())
    db = open_engine(f"sqlite:///{folder / 'duban.sqlite'}")
    with reading(db) as connection:
        wrong = [one for one in scrub(connection, Blobs(folder / "evidence"), LATER) if one.loses]
    db.dispose()
    return path.is_file() and path.read_bytes() == PHOTO and not wrong


def still_works(folder: Path) -> None:
    """Whatever was broken, the unit hands in again and gets its receipt."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.uploads.hander", str(folder), "honest"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "RECEIPT" in done.stdout, done.stderr
    assert durable(folder)


@pytest.mark.parametrize(("way", "lost"), [("honest", 0), ("rowfirst", 1)])
def test_a_power_cut_after_the_receipt_finds_every_write_already_on_the_disk(
    school: Path, way: str, lost: int
) -> None:
    """Of the evidence, what was not synced by the time the receipt was shown would be lost."""
    assert "RECEIPT" in traced(school, "-e", "trace=write,fsync,rename,mkdir", way=way)
    assert bool(unsynced(school)) == bool(lost)


def unsynced(folder: Path) -> set[str]:
    """Files with writes, and folders with entries, that no fsync has followed at the receipt."""
    open_ = set()
    for line in (folder / "trace").read_text(errors="replace").splitlines():
        if "RECEIPT" in line:
            break
        paths = re.findall(rf"{folder}(?:/evidence[^>\"]*)?(?=[>\"])", line)
        if " write(" in line and paths:
            open_.add(paths[0])
        elif " fsync(" in line and paths:
            open_.discard(paths[0])
        elif " rename(" in line and paths:
            if paths[0] in open_:  # renamed before it was synced: it may come back empty
                open_.add(f"early {paths[1]}")
            open_.add(os.path.dirname(paths[1]))
        elif " mkdir(" in line and paths:
            open_.add(os.path.dirname(paths[0]))
    return open_


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_refused_leaves_nothing_and_recovers(
    small_disk: Path, tmp_path: Path, sqlite_template: Path, full: bool
) -> None:
    shutil.copy(sqlite_template, tmp_path / "duban.sqlite")
    desk = Desk(open_engine(f"sqlite:///{tmp_path / 'duban.sqlite'}"), tmp_path)
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    blobs, filled = Blobs(small_disk / "evidence"), 0
    for number in range(100 if full else 10):
        weight = small_disk / "weight"
        weight.write_bytes(bytes(2_000_000 + number * 10_000))
        data = file_of("png", f"{number} " + "x" * 1_200_000)
        with pytest.raises(OSError, match="No space left"):
            put(desk, blobs, data)
        filled += 1
        assert [p for p in blobs.folder.rglob("*") if p.is_file()] == []
        weight.unlink()
        put(desk, blobs, data)
        with reading(desk.db) as connection:
            assert list(scrub(connection, blobs, LATER)) == []
        clear(desk.db, blobs)
    print({"fills": filled})


def put(desk: Desk, blobs: Blobs, data: bytes) -> None:
    with drafts.uploading(blobs, "1.png", len(data)) as coming:
        coming.write(data)
        drafts.add_file(desk.db, coming, CHECK, CONTACT, now=NOON)


def clear(db: Engine, blobs: Blobs) -> None:
    """The unit takes its file out again, and somebody sweeps."""
    with db.begin() as connection:
        for table in ("draft_files", "blobs"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    shutil.rmtree(blobs.folder)


def test_every_flipped_bit_is_found_in_one_reading(desk: Desk, full: bool) -> None:
    random, flips = Random(26), 1_000 if full else 60
    files = [File(f"{n}.jpg", file_of("jpg", f"photo {n}")) for n in range(150)]
    submit(desk.db, desk.blobs, CHECK, by="联络员", now=NOON, files=files)
    paths = sorted(path for path in desk.blobs.folder.rglob("*") if path.is_file())
    assert findings(desk) == []
    found = 0
    for number in range(flips):
        path = paths[number % len(paths)]
        data = bytearray(path.read_bytes())
        at_bit = random.randrange(len(data) * 8)
        data[at_bit // 8] ^= 1 << at_bit % 8
        path.write_bytes(data)
        found += findings(desk) == [(Fault.CHANGED, path.name)]
        data[at_bit // 8] ^= 1 << at_bit % 8
        path.write_bytes(data)
    print({"flips": flips, "found": found})
    assert found == flips


def test_what_is_missing_or_belongs_to_nothing_is_told_apart(desk: Desk) -> None:
    submit(desk.db, desk.blobs, CHECK, by="联络员", now=NOON, files=[File("1.jpg", PHOTO)])
    [path] = [path for path in desk.blobs.folder.rglob("*") if path.is_file()]
    orphan = desk.blobs.put(b"nobody's")
    (desk.blobs.folder / ".new-broken").write_bytes(b"half")
    for one in desk.blobs.folder.rglob("*"):
        os.utime(one, (NOON.timestamp(), NOON.timestamp()))
    path.unlink()
    assert sorted(findings(desk)) == sorted(
        [(Fault.MISSING, path.name), (Fault.ORPHANED, orphan), (Fault.LEFTOVER, ".new-broken")]
    )


def findings(desk: Desk) -> list[tuple[Fault, str]]:
    with reading(desk.db) as connection:
        return [(one.fault, one.name) for one in scrub(connection, desk.blobs, LATER)]
