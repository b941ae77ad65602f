"""Whatever comes in is looked at before it counts, where it can do no harm."""

import json
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from random import Random
from tempfile import TemporaryFile

import pytest
from PIL import Image

from duban.specimen_files import file_of
from office.screening import LARGEST, screen
from responsibilities.words import Refused
from storage import cell, sandbox
from storage.structure import ENDINGS
from tests.uploads.bombs import every_bomb, zipped
from tests.uploads.pdfs import HONEST, HOSTILE

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize("ending", ["pdf", "jpg", "png", "docx", "xlsx", "et", "ofd", "zip", "txt"])
def test_what_an_honest_unit_sends_is_taken(ending: str) -> None:
    assert screen(f"检查记录.{ending.upper()}", file_of(ending, "检查记录")) == ()


@pytest.mark.parametrize(
    ("name", "data", "remark"),
    [
        ("宏.docm", zipped({"word/a.xml": b"<a/>", "word/vbaProject.bin": b"x"}), "macros"),
        ("宏.xls", OLE + "_VBA_PROJECT".encode("utf-16-le"), "macros"),
        ("winmail.dat", b"\x78\x9f\x3e\x22 words", "tnef"),
        ("包.rar", b"Rar!\x1a\x07\x00", "unopened"),
        ("包.zip", zipped({"里.zip": zipped({"a": b"a"})}), "nested"),
        ("表.pdf", b"%PDF-1.7 /OpenAction << /JS (app.alert(1)) >> %%EOF", "active"),
        ("表.pdf", b"%PDF-1.7 /Encrypt 5 0 R %%EOF", "restricted"),
    ],
    ids=lambda value: "…" if isinstance(value, bytes) else None,
)
def test_what_should_be_opened_with_care_is_kept_with_a_remark(
    name: str, data: bytes, remark: str
) -> None:
    assert screen(name, data) == (remark,)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("空.pdf", b"", "是空的"),
        ("大.zip", bytes(LARGEST + 1), "超过50 MB"),
        ("程序.exe", b"MZ", "不能作为佐证材料"),
        ("图.svg", b"<svg onload='alert(1)'/>", "不能作为佐证材料"),
        ("页.html", b"<script>alert(1)</script>", "不能作为佐证材料"),
        ("无名", b"%PDF-1.4 %%EOF", "不能作为佐证材料"),
        ("照片.jpg", b"<html><script>alert(1)</script>", "不是 jpg 格式"),
        ("照片.jpg", b"\xff\xd8<?php system('id'); ?>", "不是 jpg 格式"),
        ("报告.docx", zipped({"a.txt": b"a"}), "不是 docx 格式"),
        ("报告.pdf", b"<html>", "不是 pdf 格式"),
        ("报告.txt", b"MZ\0\0", "不是 txt 格式"),
        ("报告.pdf", b"%PDF-1.4 and then the line broke", "已损坏"),
        ("照片.png", file_of("png", "x")[:-40], "已损坏"),
        ("报告.docx", file_of("docx", "x" * 99).replace(b"xx", b"yy"), "已损坏"),
        ("报告.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "设有口令"),
        ("册.zip", zipped({f"{n}": b"" for n in range(2_001)}), "超过2000个"),
    ],
    ids=lambda value: "…" if isinstance(value, bytes) else None,
)
def test_what_cannot_be_evidence_is_refused_in_a_sentence(
    name: str, data: bytes, says: str
) -> None:
    with pytest.raises(Refused, match=says) as refused:
        screen(name, data)
    assert f"“{name}”" in refused.value.words.zh
    assert f"“{name}”" in refused.value.words.en


LOOK = """
import json, sys
from storage import cell
path, ending, bounded = sys.argv[1:]
file, status = open(path, "rb"), open("/proc/self/status")
if bounded:
    cell.give_up()
    said = cell.work({"work": "look", "ending": ending}, file).decode()
else:
    import zipfile
    said = json.dumps(["", [str(len(zipfile.ZipFile(file).read("0.bin")))]])
most = next(line for line in status if line.startswith("VmHWM"))
print(said, most.split()[1], sep="\\n")
"""
"""Looks, in a process of its own, and says what it found and how many kB it took at most."""


def looked(path: Path, bounded: bool = True) -> tuple[str, int]:
    """The fault (where it died over it: died) and kB of memory."""
    ending = path.suffix[1:]
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(path), ending, "1" if bounded else ""],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        return "died", 0
    found, most = done.stdout.splitlines()
    return json.loads(found)[0], int(most)


def test_twenty_bombs_are_refused_and_none_takes_more_than_200_megabytes(tmp_path: Path) -> None:
    found = {}
    for name, data in every_bomb():
        path = tmp_path / name
        path.write_bytes(data)
        found[name] = looked(path)
    print(found)
    assert len([name for name, (fault, _) in found.items() if fault]) == 20
    assert max(most for _, most in found.values()) < 200_000


def test_the_control_is_a_reader_without_bounds_and_takes_more(tmp_path: Path) -> None:
    name, data = next(every_bomb())
    (tmp_path / name).write_bytes(data)
    assert looked(tmp_path / name, bounded=False)[1] > 250_000


def test_whoever_is_inside_can_open_send_and_write_nothing() -> None:
    attempts: dict[str, Callable[[], object]] = {
        "a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
        "a socket": lambda: socket.socket(),
        "a program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "memory": lambda: bytearray(400_000_000),
    }
    inward, outward = os.pipe()
    if os.fork() == 0:
        cell.give_up()
        for what, attempt in attempts.items():
            try:
                attempt()
            except (OSError, MemoryError):
                os.write(outward, f"{what};".encode())
        os.write(outward, str(resource.getrlimit(resource.RLIMIT_FSIZE)).encode())
        os._exit(0)
    os.close(outward)
    with open(inward, "rb") as said:
        assert said.read().decode() == "a file;a socket;a program;memory;(0, 0)"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A wide photo with a place in its EXIF, a comment, and a script behind its end."""
    exif = Image.Exif()
    exif[0x010E] = "taken at the dormitory"
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (4000, 1000), "red").save(path, exif=exif, comment=b"the comment")
    path.write_bytes(path.read_bytes() + b"<script>alert(1)</script>")
    return path


def test_a_preview_is_drawn_anew_and_holds_nothing_but_the_picture(photo: Path) -> None:
    with open(photo, "rb") as file:
        made = sandbox.preview(file)
    assert made is not None
    with Image.open(BytesIO(made)) as image:
        assert (image.format, image.size) == ("JPEG", (1280, 320))
        assert not image.getexif()
    assert not any(word in made for word in (b"dormitory", b"comment", b"script"))


def drawn(data: bytes) -> bytes | None:
    with TemporaryFile() as file:
        file.write(data)
        file.flush()
        return sandbox.preview(file)


def test_the_first_page_of_a_pdf_is_drawn_anew_and_its_script_is_not_in_it() -> None:
    made = drawn(HONEST)
    assert made is not None
    with Image.open(BytesIO(made)) as image:
        assert (image.format, image.size) == ("JPEG", (905, 1280))
        assert image.getextrema() != ((255, 255),) * 3
    assert not any(word in made for word in (b"JavaScript", b"alert", b"PDF"))


@pytest.mark.parametrize("name", [*HOSTILE])
def test_a_hostile_pdf_is_drawn_small_or_not_at_all_and_the_next_is_drawn(name: str) -> None:
    made = drawn(HOSTILE[name]())
    assert made is None or max(Image.open(BytesIO(made)).size) <= 1280
    assert drawn(HONEST) is not None


def test_damaged_pdfs_take_down_no_sandbox(full: bool) -> None:
    """字节被随意改动的 PDF：画得出或画不出，其后的照画。"""
    dice = Random(1)
    for _ in range(2_000 if full else 60):
        data = bytearray(HONEST)
        for _ in range(dice.randint(1, 30)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        made = drawn(bytes(data))
        assert made is None or made.startswith(b"\xff\xd8")
    assert drawn(HONEST) is not None


def test_what_is_no_picture_has_no_preview(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"%PDF-1.4 %%EOF")
    with open(tmp_path / "a", "rb") as file:
        assert sandbox.preview(file) is None


def test_no_ending_that_a_browser_runs_is_taken() -> None:
    assert not ENDINGS & {"html", "htm", "svg", "xml", "xhtml", "js", "mjs", "mht", "swf", "php"}


def test_a_name_is_only_a_name() -> None:
    for name in ("../../etc/passwd.pdf", "C:\\a\\..\\b.pdf", "a\0b.pdf", "<script>.pdf", "‮fdp.pdf"):
        assert screen(name, file_of("pdf", "1")) == ()
