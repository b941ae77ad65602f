"""Parameters of Content-Type and Content-Disposition, in every way that file names are written."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from notifications.incoming.charsets import Reading, decoded, header_text, labelled
from notifications.incoming.hypertext import unescaped

_PARAMETER = re.compile(
    rb';\s*([A-Za-z][\w.-]{0,60}(?:\*\d{1,3})?\*?)\s*=\s*'
    # A high byte takes the next one with it: in GBK that may be a backslash.
    rb'(?:"((?:[\x81-\xfe][\x40-\xfe]|\\.|[^"\\])*+)"?|([^;]*))', re.DOTALL | re.ASCII)  # fmt: skip
_ESCAPED = re.compile(rb"([\x81-\xfe][\x40-\xfe])|\\(.)", re.DOTALL)
_SECTION = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*?)")
_PERCENT = re.compile(rb"(?:%[0-9A-Fa-f]{2})")
_ENTITY = re.compile(r"&#x?[0-9A-Fa-f]{2,6};")


@dataclass(frozen=True, slots=True)
class Parameters:
    """By name in lower case, as raw bytes; of repeats the first counts."""

    given: tuple[tuple[str, bytes], ...]

    def raw(self, name: str) -> bytes:
        """The bytes of a plain parameter; empty where there is none."""
        return next((value for known, value in self.given if known == name), b"")

    def text(self, name: str) -> Reading | None:
        """The parameter in words; RFC 2231 (`name*`, `name*0*`) before the plain one."""
        return self._extended(name) or self._plain(name)

    def readings(self, name: str) -> list[tuple[Reading, bytes]]:
        """Every way the parameter was written, the standard's first, each with its raw bytes."""
        found = [
            (self._extended(name), self._raw_extended(name)),
            (self._plain(name), self.raw(name)),
        ]
        return [(reading, raw) for reading, raw in found if reading is not None]

    def _sections(self, name: str) -> list[tuple[int, bool, bytes]]:
        found: dict[int, tuple[int, bool, bytes]] = {}
        for known, value in self.given:
            section = _SECTION.fullmatch(known)
            if section is None or section[1] != name or known == name:
                continue
            number = int(section[2] or 0)
            found.setdefault(number, (number, bool(section[3]), value))
        return [found[number] for number in sorted(found)]

    def _raw_extended(self, name: str) -> bytes:
        return b"".join(value for _, _, value in self._sections(name))

    def _extended(self, name: str) -> Reading | None:
        sections = self._sections(name)
        if not sections:
            return None
        # Some programs cut a percent escape in two, so the sections are joined first.
        joined = b"".join(
            value if starred else value.replace(b"%", b"%25") for _, starred, value in sections
        )
        charset = b""
        if sections[0][1] and joined.count(b"'") >= 2:
            charset, _, joined = joined.split(b"'", 2)
        data = unquote_to_bytes(joined)
        if not charset and b"=?" in data:
            return header_text(data)
        return labelled(data, charset.decode("ascii", "replace"))

    def _plain(self, name: str) -> Reading | None:
        raw = self.raw(name)
        if not raw:
            return None
        if b"=?" in raw:
            return header_text(raw)
        if _PERCENT.search(raw):
            reading = decoded(unquote_to_bytes(raw))
            if reading.certain and not reading.text.isascii():
                return reading
        reading = decoded(raw)
        if _ENTITY.search(reading.text):
            return Reading(unescaped(reading.text), reading.certain)
        return reading


def parameters(value: bytes) -> Parameters:
    """The parameters after the first `;` of an unfolded header value."""
    return Parameters(
        tuple(
            (found[1].decode("ascii").lower(), _unquoted(found))
            for found in _PARAMETER.finditer(value)
        )
    )


def _unquoted(found: re.Match[bytes]) -> bytes:
    if found[2] is None:
        return found[3].strip()
    return _ESCAPED.sub(lambda hit: hit[1] or hit[2], found[2])
