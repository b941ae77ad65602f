"""What a file is, by its first bytes, and what to know before opening it.

Own tables rather than a library: the files that offices send are thirty kinds, among them OFD and
WPS, which puremagic and filetype do not tell; and a stranger's archive must not be unpacked.
"""

import zipfile
from io import BytesIO

from responsibilities.words import Words

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypqt", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"WAVE", "audio/wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"BEGIN:VCALENDAR", "text/calendar"),
)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_IN_ZIP = (
    ("word/", f"{_OFFICE}wordprocessingml.document"),
    ("xl/", f"{_OFFICE}spreadsheetml.sheet"),
    ("ppt/", f"{_OFFICE}presentationml.presentation"),
    ("OFD.xml", "application/ofd"),
)
_IN_OLE = (
    ("EncryptedPackage", "application/x-encrypted-office"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
)
ENDINGS = {
    "application/pdf": ("pdf", "ai"),
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic", "heif"),
    "video/mp4": ("mp4", "m4v", "m4a", "3gp"),
    "video/quicktime": ("mov", "qt"),
    "application/rtf": ("rtf", "doc", "wps"),
    "application/vnd.rar": ("rar",),
    "application/x-7z-compressed": ("7z",),
    f"{_OFFICE}wordprocessingml.document": ("docx", "docm", "dotx", "wps"),
    f"{_OFFICE}spreadsheetml.sheet": ("xlsx", "xlsm", "xltx", "et"),
    f"{_OFFICE}presentationml.presentation": ("pptx", "pptm", "ppsx", "dps"),
    "application/ofd": ("ofd",),
    "application/msword": ("doc", "wps", "dot", "wpt"),
    "application/vnd.ms-excel": ("xls", "et", "xlt"),
    "application/vnd.ms-powerpoint": ("ppt", "dps", "pps"),
    "application/vnd.ms-outlook": ("msg",),
    "application/zip": ("zip", "docx", "xlsx", "pptx", "ofd", "epub", "odt", "ods", "jar", "apk"),
    "text/calendar": ("ics",),
    "message/rfc822": ("eml",),
}
"""The endings that a kind of file honestly bears, the usual one first."""

_MOST_ENTRIES = 5000
_PROGRAMS = frozenset(
    {"exe", "com", "bat", "cmd", "scr", "pif", "vbs", "vbe", "js", "jse", "wsf", "hta", "lnk",
     "msi", "ps1", "jar", "apk", "reg", "cpl", "chm", "iso"}
)  # fmt: skip
# In two pieces, or the tree itself would be put into quarantine.
_TEST_VIRUS = b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE"

EMPTY = Words("文件为空（0字节），请重新发送。", "The file is empty (0 bytes); send it again.")
MACROS = Words("含有宏，请勿启用。", "It holds macros; do not enable them.")
LOCKED = Words(
    "文件已加密，无法查看，请发送未加密的文件。", "It is encrypted; send it without a password."
)
VIRUS = Words("疑似含有病毒，请勿打开。", "It looks like a virus; do not open it.")
PROGRAM = Words(
    "可执行文件，请勿打开，一般不能作为佐证材料。",
    "A program; do not open it, it is hardly evidence.",
)
TNEF = Words(
    "winmail.dat 无法读取，请以普通附件重新发送（在 Outlook 中改用 HTML 或纯文本格式）。",
    "winmail.dat cannot be read; send ordinary attachments (in Outlook: HTML or plain text).",
)
BROKEN = Words("附件编码有误，可能不完整。", "Its encoding is faulty; it may be incomplete.")


def media_type(data: bytes, declared: str) -> str:
    """The type that the content tells; else `declared`."""
    found = next((kind for at, magic, kind in _MAGIC if data.startswith(magic, at)), "")
    if found == "application/zip":
        return next((kind for inside, kind in _IN_ZIP if _any(_entries(data)[0], inside)), found)
    if found == "application/x-ole-storage":
        names = ((name.encode("utf-16-le"), kind) for name, kind in _IN_OLE)
        return next((kind for name, kind in names if name in data), found)
    if found == "image/bmp" and declared.startswith("text/"):
        return declared
    return found or declared


def _any(names: list[str], start: str) -> bool:
    return any(name.startswith(start) for name in names)


def _entries(data: bytes) -> tuple[list[str], bool]:
    """The names in a zip and whether any is encrypted; its directory alone is read, if small."""
    end = data.rfind(b"PK\x05\x06")
    listed = int.from_bytes(data[end + 10 : end + 12], "little")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if (
        end < 0
        or listed > _MOST_ENTRIES
        or size > 200 * _MOST_ENTRIES
        or b"PK\x06\x07" in data[-99:]
    ):
        return [], False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except Exception:  # a stranger's bytes raise a dozen kinds of errors in there
        return [], False
    return [entry.filename for entry in entries], any(entry.flag_bits & 1 for entry in entries)


def remarks(name: str, data: bytes, kind: str) -> tuple[Words, ...]:
    """What a person should know before opening the file."""
    if not data:
        return (EMPTY,)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    found = []
    if kind == "application/ms-tnef" or name.lower() == "winmail.dat":
        found.append(TNEF)
    if _TEST_VIRUS in data[:4096]:
        found.append(VIRUS)
    if kind.endswith(("portable-executable", "x-elf")) or ending in _PROGRAMS:
        found.append(PROGRAM)
    if _macros(data, kind, ending):
        found.append(MACROS)
    if _locked(data, kind):
        found.append(LOCKED)
    if ending and kind in ENDINGS and ending not in ENDINGS[kind] and PROGRAM not in found:
        found.append(_misnamed(ending, ENDINGS[kind][0]))
    return tuple(found)


def _misnamed(ending: str, usual: str) -> Words:
    return Words(
        f"扩展名为 {ending}，内容却是 {usual}。", f"It is called {ending}, but holds {usual}."
    )


def _macros(data: bytes, kind: str, ending: str) -> bool:
    if kind.startswith(_OFFICE) or kind == "application/zip":
        return any(one.endswith("vbaProject.bin") for one in _entries(data)[0])
    return kind.startswith(("application/msword", "application/vnd.ms-")) and (
        "_VBA_PROJECT".encode("utf-16-le") in data
    )


def _locked(data: bytes, kind: str) -> bool:
    if kind == "application/pdf":
        return b"/Encrypt" in data
    if kind == "application/zip" or kind.startswith(_OFFICE):
        return _entries(data)[1]
    return kind == "application/x-encrypted-office"


def looks_decorative(data: bytes, kind: str) -> bool:
    """A guess: is an image within the text a logo or a tracking pixel, rather than a photo?"""
    if not kind.startswith("image/"):
        return False
    if len(data) < 6_000:
        return True
    if kind != "image/png" or len(data) > 60_000:
        return False
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return max(width, height) <= 200 or width >= 4 * height
