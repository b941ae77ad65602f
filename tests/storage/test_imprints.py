"""What is read off a stranger's file, in the sandbox: how it looks, when it says it was made."""

import zipfile
from datetime import date, datetime
from io import BytesIO
from itertools import combinations
from tempfile import TemporaryFile
from zlib import compress

import pytest
from PIL import Image

from inspections.signals import NEAR
from storage.sandbox import Imprint, imprint
from tests.storage.scenes import form, jpeg, scene, sent_on

MAY = datetime(2025, 5, 6, 9, 30)
CORE = (
    '<?xml version="1.0"?><cp:coreProperties>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">2025-03-02T01:02:03Z</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2025-04-01T01:02:03Z</dcterms:modified>'
    "</cp:coreProperties>"
)


def read(data: bytes, ending: str = "jpg") -> Imprint:
    with TemporaryFile() as file:
        file.write(data)
        file.flush()
        return imprint(file, ending)


def zipped(**members: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return made.getvalue()


def apart(a: str, b: str) -> int:
    return (int(a, 16) ^ int(b, 16)).bit_count()


def test_a_photograph_is_known_again_and_another_is_not(full: bool) -> None:
    """Missed and mistaken are counted: none of 7 copies each, none among all pairs."""
    scenes = [scene(n) for n in range(200 if full else 24)]
    looks = [read(jpeg(one)).likeness for one in scenes]
    copies = [
        (look, read(data, "png" if data[:4] == b"\x89PNG" else "jpg").likeness)
        for one, look in zip(scenes, looks, strict=True)
        for data in sent_on(one)
    ]
    missed = sum(not copy or apart(look, copy) > NEAR for look, copy in copies)
    mistaken = sum(apart(a, b) <= NEAR for a, b in combinations(looks, 2))
    assert (missed, mistaken) == (0, 0)


def test_forms_on_paper_and_plain_surfaces_have_no_likeness() -> None:
    for image in (form(1), form(2), Image.new("RGB", (800, 600), (20, 20, 20))):
        assert read(jpeg(image)).likeness == ""


@pytest.mark.parametrize(
    ("data", "ending", "days"),
    [
        (jpeg(scene(1), taken=MAY), "jpg", (MAY.date(), MAY.date())),
        (zipped(docProps__core_xml=CORE), "docx", (date(2025, 3, 2), date(2025, 4, 1))),
        (b"%PDF-1.4 /CreationDate (D:20250709101112+08'00') %%EOF", "pdf", (date(2025, 7, 9),) * 2),
        (zipped(docProps__core_xml=CORE.replace("2025", "1980")), "xlsx", None),
        (zipped(docProps__core_xml=CORE.replace("-0", "-9")), "docx", None),
        (jpeg(scene(1)), "jpg", None),
        (CORE.encode(), "txt", None),
    ],
    ids=["photo", "document", "pdf", "never set", "no such day", "undated", "text"],
)  # fmt: skip
def test_a_file_says_when_it_was_made(
    data: bytes, ending: str, days: tuple[date, date] | None
) -> None:
    assert read(data, ending).days == days


@pytest.mark.parametrize("ending", ["jpg", "docx", "pdf", "odt", "heic"])
@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xd8\xff\xe1\xff\xff" + b"Exif\0\0MM\0*" + b"\xff" * 4000, b"PK\x05\x06" * 5000,
        zipped(docProps__core_xml="<dcterms:created>" * 200_000), compress(bytes(1 << 26)),
        b"/CreationDate (D:" * 200_000, zipped(docProps__core_xml="0" * 60_000_000),
    ],
    ids=["empty", "exif", "zip", "open tags", "zeros", "pdf", "bomb"],
)  # fmt: skip
def test_a_hostile_file_says_nothing_and_the_next_is_read(data: bytes, ending: str) -> None:
    assert read(data, ending) == Imprint()
    assert read(jpeg(scene(3), taken=MAY)).days == (MAY.date(), MAY.date())
