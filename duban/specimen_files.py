"""The smallest honest file of each kind, with a text in it: for demonstrations and tests."""

import zlib
from base64 import b64decode
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from storage.structure import DOCUMENTS

_JPEG = b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////"
    "////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAA"
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)
"""One grey pixel."""


def file_of(ending: str, text: str) -> bytes:
    """A file that is what `.ending` says and holds `text` somewhere; alike for the same text."""
    said = text.encode()
    if ending == "pdf":
        return (
            b"%PDF-1.4\n" + b"".join(b"%% %s\n" % line for line in said.splitlines()) + b"%%EOF\n"
        )
    if ending in ("jpg", "jpeg"):
        return _JPEG[:2] + b"\xff\xfe" + (len(said) + 2).to_bytes(2) + said + _JPEG[2:]
    if ending == "png":
        header = b"\0\0\0\1\0\0\0\1\x08\0\0\0\0"
        chunks = (
            (b"IHDR", header),
            (b"tEXt", b"Comment\0" + said),
            (b"IDAT", zlib.compress(b"\0\x80")),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)
    if ending in DOCUMENTS or ending == "zip":
        return _zip({_part(DOCUMENTS.get(ending, "")): said})
    return said


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def _part(start: str) -> str:
    return f"{start}document.xml" if start.endswith("/") else start or "说明.txt"


def _zip(parts: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(ZipInfo(name), data)  # ZipInfo: always of 1980, so alike
    return made.getvalue()
