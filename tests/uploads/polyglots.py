"""Fifty files that are one thing to us and a script to a browser that guesses."""

from collections.abc import Iterator

from duban.specimen_files import file_of
from tests.uploads.bombs import zipped

HTML = b"<html><body><script>alert('ran')</script></body></html>"
PAYLOADS = {
    "html": HTML,
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('ran')\"></svg>",
    "js": b"/*\n*/=1;alert('ran');//",
    "php": b"<?php system('id'); ?>" + HTML,
    "img": b"<img src=x onerror=\"alert('ran')\">",
}


def carriers(payload: bytes) -> Iterator[tuple[str, bytes]]:
    """(ending, bytes): `payload` in ten files."""
    gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff"
    frame = b",\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0"
    said = payload.decode()
    yield "gif", gif + b"!\xfe" + bytes([len(payload)]) + payload + b"\0" + frame + b";"
    yield "gif", b"GIF89a" + payload
    yield "jpg", file_of("jpg", said)
    yield "jpg", file_of("jpg", "x") + payload
    yield "png", file_of("png", said)
    yield "pdf", payload + file_of("pdf", "x")
    yield "pdf", file_of("pdf", "x").replace(b"%%EOF", payload + b"%%EOF")
    yield "zip", payload + zipped({"a.txt": b"a"})
    yield "docx", zipped({"word/document.xml": payload})
    yield "txt", payload


def every_polyglot() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each."""
    for kind, payload in PAYLOADS.items():
        for number, (ending, data) in enumerate(carriers(payload)):
            yield f"{kind}{number}.{ending}", data
