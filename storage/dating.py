"""When a file says that it was made, read inside the sandbox (see `sandbox`); it may lie.

A photo's EXIF DateTimeOriginal, an Office document's docProps/core.xml (or meta.xml), a PDF's
CreationDate and ModDate. Sought by their form in the bytes: no parser of XML or PDF meets a
stranger's file. Dates inside compressed PDF objects are not seen.
"""

import re
import zipfile
from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from PIL import Image

from storage.pictures import RASTER
from storage.structure import DOCUMENTS, IMAGES

EARLIEST = 1996
"""Before it are the resting places of clocks that were never set: 1970, 1980, 1601."""
_TAKEN, _EXIF = 36867, 0x8769
_MOST = 1 << 18
_ENDS = 4_000_000
"""Bytes at the head and at the end of a PDF in which its dates are sought."""
_DAY = re.compile(rb"(\d{4})[-:](\d\d)[-:](\d\d)")
_CORE = re.compile(rb"<(?:dcterms:(?:created|modified)|meta:creation-date|dc:date)\b[^>]{0,200}>([^<]{10,40})<")  # fmt: skip  # noqa: E501
_PDF = re.compile(rb"/(?:CreationDate|ModDate)\s{0,9}\(D:(\d{4})(\d\d)(\d\d)")
_SHEETS = ("docProps/core.xml", "meta.xml")


def dates_in(file: IO[bytes], ending: str) -> tuple[date, date] | None:
    """The first and the last day that the file names for itself; None where it names none."""
    file.seek(0)
    if ending in IMAGES:
        days = _photo(file)
    elif ending in DOCUMENTS:
        days = _document(file)
    elif ending == "pdf":
        days = _pdf(file)
    else:
        return None
    known = sorted(day for day in days if day.year >= EARLIEST)
    return (known[0], known[-1]) if known else None


def _photo(file: IO[bytes]) -> list[date]:
    image: Any = Image.open(file, formats=RASTER)
    taken = image.getexif().get_ifd(_EXIF).get(_TAKEN, "")
    return _days(_DAY.findall(str(taken).encode("ascii", "replace")))


def _document(file: IO[bytes]) -> list[date]:
    if not zipfile.is_zipfile(file):
        return []
    with zipfile.ZipFile(file) as archive:
        there = [name for name in _SHEETS if name in archive.NameToInfo]
        return [day for name in there for day in _sheet(archive, name)]


def _sheet(archive: zipfile.ZipFile, name: str) -> list[date]:
    with archive.open(name) as sheet:
        stamps = _CORE.findall(sheet.read(_MOST))
    return _days(match for stamp in stamps for match in _DAY.findall(stamp)[:1])


def _pdf(file: IO[bytes]) -> list[date]:
    data = file.read(_ENDS)
    file.seek(max(len(data), file.seek(0, 2) - _ENDS))
    return _days(_PDF.findall(data + file.read()))


def _days(found: Iterable[tuple[bytes, bytes, bytes]]) -> list[date]:
    days = []
    for year, month, day in found:
        try:
            days.append(date(int(year), int(month), int(day)))
        except ValueError:  # 2026-13-45, 0000-00-00
            continue
    return days
