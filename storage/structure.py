"""What a stranger's file really is, found out inside the sandbox (see `sandbox`).

An ending alone proves nothing, nor do the first bytes: a bare zip bomb passes for a document. So a
zip is unpacked and counted, an image decoded, a PDF must have its head and its end. A fault is a
code; the sentence to it is the office's (`office.screening`).
"""

import os
import re
import zipfile
from pathlib import PurePosixPath
from typing import IO, NamedTuple

from PIL import UnidentifiedImageError

from storage.pictures import TooManyPixels, decoded

MEMBERS, UNPACKED, RATIO = 2_000, 500_000_000, 100
"""Limits of an archive: files in it, bytes unpacked, unpacked to packed."""
ALWAYS_FINE = 2_000_000
"""Bytes unpacked below which the ratio does not matter: empty tables pack well."""

IMAGES = frozenset({"jpg", "jpeg", "jfif", "png", "gif", "webp", "bmp", "tif", "tiff"})
DOCUMENTS = {
    **dict.fromkeys(("docx", "docm", "wps"), "word/"),
    **dict.fromkeys(("xlsx", "xlsm", "et"), "xl/"),
    **dict.fromkeys(("pptx", "pptm", "ppsx", "dps"), "ppt/"),
    **dict.fromkeys(("odt", "ods", "odp"), "content.xml"),
    "ofd": "OFD.xml",
}
"""What must stand in the zip that a document is."""
OLE = frozenset({"doc", "xls", "ppt", "pps", "msg", "wps", "et", "dps"})
TEXT = frozenset({"txt", "csv", "md", "ics", "eml", "rtf"})
MAGIC: dict[str, re.Pattern[bytes]] = {
    **dict.fromkeys(("heic", "heif"), re.compile(rb"(?s)....ftyp(hei|hev|mif1|msf1)")),
    **dict.fromkeys(
        ("mp4", "m4v", "m4a", "mov", "3gp"), re.compile(rb"(?s)....(ftyp|moov|wide|mdat)")
    ),
    "mp3": re.compile(rb"ID3|\xff[\xe2-\xff]"),
    "wav": re.compile(rb"(?s)RIFF....WAVE"),
    "avi": re.compile(rb"(?s)RIFF....AVI "),
    "amr": re.compile(rb"#!AMR"),
    "rar": re.compile(rb"Rar!\x1a\x07"),
    "7z": re.compile(rb"7z\xbc\xaf\x27\x1c"),
    "dat": re.compile(rb"\x78\x9f\x3e\x22"),
}
"""Kinds that are not opened: their first bytes are all that is looked at."""
UNOPENED = {"rar": "unopened", "7z": "unopened", "dat": "tnef"}
ENDINGS = frozenset({"pdf", "zip", *IMAGES, *DOCUMENTS, *OLE, *TEXT, *MAGIC})
"""Every ending that can be evidence."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED, _MACROS = (name.encode("utf-16-le") for name in ("EncryptedPackage", "_VBA_PROJECT"))
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C|E\0N\0T)")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_PACKED = (".zip", ".rar", ".7z", ".gz", ".tar")
_BLOCK = 1 << 16
_DIRECTORY = MEMBERS * 1_024


class Found(NamedTuple):
    """What came of looking: a fault for which the file is refused, or remarks to keep it with."""

    fault: str = ""
    """empty, wrong_type, misnamed, damaged, locked, bomb, too_many, pixels; none: it is fine."""
    remarks: tuple[str, ...] = ()
    """macros, locked_archive, tnef, unopened, nested, active, restricted."""


def ending_of(name: str) -> str:
    """The ending of a file name, lower case, without its dot; empty where there is none."""
    return PurePosixPath(name.replace("\\", "/").rstrip(". ")).suffix[1:].lower()


def look(file: IO[bytes], ending: str) -> Found:
    """What is wrong with the file that is called `.ending`, or worth knowing of it."""
    size = os.fstat(file.fileno()).st_size
    head = file.read(64)
    file.seek(0)
    if ending not in ENDINGS or not size:
        return Found("wrong_type" if size else "empty")
    if ending in IMAGES:
        return _image(file)
    if ending in MAGIC:
        known = MAGIC[ending].match(head) is not None
        return Found(remarks=_unopened(ending)) if known else Found("misnamed")
    if head.startswith(_OLE) and (ending in OLE or ending in DOCUMENTS):
        return _ole(file)
    if ending in DOCUMENTS or ending == "zip":
        return _zip(file, ending, size) if zipfile.is_zipfile(file) else Found("misnamed")
    if ending == "pdf":
        return _pdf(file)
    return _text(file) if ending in TEXT else Found("misnamed")


def _unopened(ending: str) -> tuple[str, ...]:
    return (UNOPENED[ending],) if ending in UNOPENED else ()


def _image(file: IO[bytes]) -> Found:
    """Decoded to its end, so that a damaged photo is told while the unit still has it."""
    try:
        decoded(file, 256)
    except UnidentifiedImageError:
        return Found("misnamed")
    except TooManyPixels:
        return Found("pixels")
    except Exception:  # a stranger's bytes raise a dozen kinds of errors in there
        return Found("damaged")
    return Found()


def _ole(file: IO[bytes]) -> Found:
    """The old Office container: enough to see a password and macros by the names in it."""
    data = file.read()
    if _LOCKED in data:
        return Found("locked")
    return Found(remarks=("macros",) if _MACROS in data else ())


def _pdf(file: IO[bytes]) -> Found:
    """Its head in the first KiB and its end in the last two, as readers look for them."""
    data = file.read()
    if b"%PDF-" not in data[:1024]:
        return Found("misnamed")
    if b"%%EOF" not in data[-2048:]:
        return Found("damaged")
    remarks = ("restricted",) if b"/Encrypt" in data else ()
    return Found(remarks=(*remarks, "active") if _ACTIVE.search(data) else remarks)


def _text(file: IO[bytes]) -> Found:
    """Text in any encoding holds no zero bytes, unless it begins as UTF-16 does."""
    head = file.read(_BLOCK)
    return Found("misnamed" if b"\0" in head and head[:2] not in (b"\xff\xfe", b"\xfe\xff") else "")


def _zip(file: IO[bytes], ending: str, size: int) -> Found:
    """Its directory first, then every file unpacked and counted: declared sizes may lie."""
    if _directory_size(file, size) > _DIRECTORY:
        return Found("too_many")
    try:
        with zipfile.ZipFile(file) as archive:
            return _unpacked(archive, ending, size)
    except _Bomb:
        return Found("bomb")
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        return Found("damaged")
    except Exception:  # zlib, lzma and struct have errors of their own
        return Found("damaged")


class _Bomb(Exception):
    pass


def _directory_size(file: IO[bytes], size: int) -> int:
    """As the end of the archive declares it; zipfile would read that much at once."""
    file.seek(max(0, size - _BLOCK - 22))
    tail = file.read()
    file.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    return int.from_bytes(tail[end + 12 : end + 16], "little")


def _unpacked(archive: zipfile.ZipFile, ending: str, size: int) -> Found:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MEMBERS:
        return Found("too_many")
    if ending != "zip" and not any(name.startswith(DOCUMENTS[ending]) for name in names):
        return Found("misnamed")
    locked = any(entry.flag_bits & 1 for entry in entries)
    if locked and ending != "zip":
        return Found("locked")
    most = min(UNPACKED, max(ALWAYS_FINE, RATIO * size))
    for entry in entries:
        if not entry.flag_bits & 1:
            most -= _count(archive, entry, most, document=ending != "zip")
    seen = {
        "locked_archive": locked,
        "macros": any(name.lower().endswith("vbaproject.bin") for name in names),
        "nested": any(name.lower().endswith(_PACKED) for name in names),
    }
    return Found(remarks=tuple(remark for remark, there in seen.items() if there))


def _count(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, document: bool) -> int:
    """Bytes of one file, read to its end, where its checksum is compared."""
    total = 0
    with archive.open(entry) as inside:
        while block := inside.read(_BLOCK):
            # No format of documents allows a DTD; one is an attack on whoever parses it.
            if document and not total and _DTD.search(block):
                raise _Bomb
            total += len(block)
            if total > most:
                raise _Bomb
    return total
