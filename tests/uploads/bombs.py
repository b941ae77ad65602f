"""Twenty files made to exhaust whoever opens them."""

import gzip
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile

from PIL import Image

LAUGHS = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a0 'ha'>" + b"".join(
    b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)
ZEROS = bytes(1 << 20)


def zipped(parts: dict[str, bytes], how: int = ZIP_DEFLATED) -> bytes:
    """A zip of `parts`."""
    made = BytesIO()
    with ZipFile(made, "w", how) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def poured(name: str, megabytes: int, how: int = ZIP_DEFLATED) -> bytes:
    """A zip with one file of zeros."""
    made = BytesIO()
    with ZipFile(made, "w", how) as archive, archive.open(name, "w") as inside:
        for _ in range(megabytes):
            inside.write(ZEROS)
    return made.getvalue()


def png(width: int, height: int, data: bytes = b"") -> bytes:
    """Black, one bit a pixel, of any size; `data` instead of its pixels."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = data or zlib.compress(bytes((width // 8 + 1) * min(height, 20_000)))
    chunks = ((b"IHDR", head), (b"IDAT", body), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def picture(kind: str, width: int, height: int) -> bytes:
    """One colour, as Pillow writes it."""
    made = BytesIO()
    Image.new("L", (width, height)).save(made, kind)
    return made.getvalue()


def lying(data: bytes, declared: int) -> bytes:
    """The same zip, whose directory says that its first file is `declared` bytes."""
    at = data.rindex(b"PK\x01\x02") + 24
    return data[:at] + struct.pack("<I", declared) + data[at + 4 :]


def directory(entries: int) -> bytes:
    """A zip of nothing but a directory, the same entry over and over."""
    entry = zipped({"a": b""})
    first, end = entry.index(b"PK\x01\x02"), entry.index(b"PK\x05\x06")
    listed = entry[first:end] * entries
    tail = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, entries % 65536, entries % 65536, len(listed), first, 0
    )
    return entry[:first] + listed + tail


def every_bomb() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each."""
    plain = poured("0.bin", 250)
    yield "zeros.zip", plain
    yield "zeros-bzip2.zip", poured("0.bin", 60, ZIP_BZIP2)
    yield "zeros-lzma.zip", poured("0.bin", 60, ZIP_LZMA)
    yield "lying.zip", lying(plain, 10)
    yield "nested.zip", zipped({f"{n}.zip": plain for n in range(9)})
    yield "many.zip", zipped({f"{n}.txt": b"" for n in range(2_001)})
    yield "directory.zip", directory(900_000)
    yield "document.docx", poured("word/document.xml", 250)
    yield "laughs.xlsx", zipped({"xl/workbook.xml": LAUGHS + b"]><x>&a9;</x>"})
    yield (
        "laughs-16.xlsx",
        zipped({"xl/workbook.xml": (LAUGHS + b"]><x>&a9;</x>").decode().encode("utf-16")}),
    )
    yield (
        "external.docx",
        zipped({"word/document.xml": b"<!DOCTYPE x SYSTEM 'file:///dev/zero'><x/>"}),
    )
    yield (
        "gzip.docx",
        zipped({"word/media.gz": gzip.compress(ZEROS * 150), "word/a.xml": ZEROS * 150}),
    )
    yield "slides.pptx", zipped({f"ppt/slides/{n}.xml": ZEROS for n in range(250)})
    yield "wide.png", png(60_000, 60_000)
    yield "short.png", png(20_000, 1_900_000)
    yield "endless.png", png(6_000, 6_000, zlib.compress(ZEROS * 200))
    yield "big.gif", picture("GIF", 16_000, 16_000)
    yield "big.webp", picture("WEBP", 16_000, 16_000)
    yield "big.tiff", picture("TIFF", 8_000, 8_000)[:200] + bytes(100)
    yield "big.pdf", b"%PDF-1.4\n" + b"[" * 49_000_000
