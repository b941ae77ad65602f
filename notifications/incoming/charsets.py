"""Bytes to text, as mail programs in China really label them (domain.md 4.3)."""

import binascii
import re
from typing import NamedTuple

_GB = re.compile(
    r"x-?(?:gbk|gb2312|euc-cn)|gb_?-?2312(?:-80)?|gbk|cp936|ms936|936|windows-936|cn-gb|euc-?cn"
    r"|gb18030(?:-\d{4})?|chinese|csgb2312|ansi"
)
_LATIN = re.compile(r"us-ascii|ascii|iso-?8859-1|latin-?1|windows-1252|cp1252|ansi_x3.*|")
_KNOWN = re.compile(
    r"utf-?16(?:le|be)?|utf-?32(?:le|be)?|iso-?8859-\d{1,2}|(?:windows-|cp)125\d|cp(?:437|850|932|949|950)"
    r"|koi8-[ru]|big5(?:-?hkscs)?|euc-(?:jp|kr)|shift_?jis|iso-2022-(?:jp|kr)|hz(?:-gb-2312)?|tis-620"
)
"""Anything else is guessed: some of Python's codecs take quadratic time (punycode)."""

_STATEFUL = ("utf-16", "utf-32", "utf16", "utf32", "iso-2022", "hz")
_WORD = re.compile(rb"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""What cannot be seen: controls, zero widths, and directions that turn `cod.exe` around."""


class Reading(NamedTuple):
    """Text, and whether its bytes told it without doubt."""

    text: str
    certain: bool


def decoded(data: bytes, declared: str = "") -> Reading:
    """`data` as text. A label gb2312 or gbk means gb18030; a wrong one yields to what fits.

    No statistics: they take three Chinese characters for Big5.
    """
    label = declared.strip().strip("\"'").lower() if declared else ""
    if data.isascii() and not label.startswith(_STATEFUL):
        return Reading(data.decode("ascii"), True)
    for charset in _charsets(label, data):
        try:
            return Reading(data.decode(charset).removeprefix("\ufeff"), True)
        except (UnicodeError, LookupError):
            continue
    return Reading(data.decode("latin-1"), False)


def labelled(data: bytes, declared: str) -> Reading:
    """As `decoded`, but certain only where the label itself fits."""
    reading = decoded(data, declared)
    if not data.isascii() and declared.strip().lower() in ("utf-8", "utf8"):
        return reading._replace(certain=_is_utf8(data))
    return reading


def _charsets(label: str, data: bytes) -> tuple[str, ...]:
    """What to try, in order; each of them strictly."""
    if _GB.fullmatch(label):
        return ("utf-8", "gb18030") if _is_chinese_utf8(data) else ("gb18030", "utf-8")
    if _LATIN.fullmatch(label):
        named = ("windows-1252",) if label else ()
        return ("utf-8", "gb2312", *named, "gb18030")
    named = (label,) if _KNOWN.fullmatch(label) else ()
    return (*named, "utf-8", "gb18030")


def _is_chinese_utf8(data: bytes) -> bool:
    """Is text labelled gb2312 UTF-8 all the same? Two readings rarely both make Chinese."""
    return _is_utf8(data) and all(
        mark.isascii() or mark >= "\u2010" for mark in data.decode("utf-8")
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def header_text(raw: bytes) -> Reading:
    """One unfolded header value: RFC 2047 words, and raw bytes where there should be none.

    Neighbouring words of one charset are joined as bytes, since some programs cut a character in
    two between them.
    """
    if b"=?" not in raw:
        plain_one = decoded(raw)
        return plain_one._replace(text=_one_line(plain_one.text))
    pieces: list[tuple[str, bytes]] = []
    position = 0
    for found in _WORD.finditer(raw):
        between = raw[position : found.start()]
        if not pieces or between.strip():
            pieces.append(("", between))
        charset = found[1].partition(b"*")[0].decode("ascii", "replace").lower()
        data = _word(found[2], found[3])
        if pieces and pieces[-1][0] == charset:
            data = pieces.pop()[1] + data
        pieces.append((charset, data))
        position = found.end()
    pieces.append(("", raw[position:]))
    readings = [decoded(data, charset) for charset, data in pieces if data]
    text = "".join(reading.text for reading in readings)
    return Reading(_one_line(text), all(reading.certain for reading in readings))


def _one_line(text: str) -> str:
    return text.strip() if text.isprintable() else HIDDEN.sub(" ", text).strip()


def _word(kind: bytes, data: bytes) -> bytes:
    if kind in b"qQ":
        return binascii.a2b_qp(data, header=True)
    return base64_bytes(data)[0]


def base64_bytes(data: bytes) -> tuple[bytes, bool]:
    """What a base64 text holds, as much as can be told, and whether it was sound."""
    try:
        return binascii.a2b_base64(data), True
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
        kept = kept[: len(kept) - 1] if len(kept) % 4 == 1 else kept
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4)), False


def plain(text: str) -> str:
    """`text` with uniform line ends, without what no text may hold (NUL, halves of pairs)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text).encode("utf-8", "replace").decode("utf-8")
