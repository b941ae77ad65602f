"""A mail's bytes taken apart: headers and leaves, in time linear in its length.

The library's parser takes quadratic time on mails nested for the purpose, five times the memory,
and cannot read the file names that Chinese programs write; a test holds the two against each other.
"""

import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from notifications.incoming.charsets import base64_bytes, header_text
from notifications.incoming.parameters import Parameters, parameters

DEEPEST = 20
"""Levels of multipart and nested mail that are followed."""
MOST = 500
"""Parts of one mail that are told apart."""
LONGEST = 256 * 1024
"""Octets of a header block that are read."""

_BLANK_LINE = re.compile(rb"\n\r?\n")
_FIELD = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]*")
_TYPE = re.compile(rb"\s*([\w!#$&^.+-]{1,100})/([\w!#$&^.+-]{1,100})", re.ASCII)
_REST_OF_LINE = re.compile(rb"(--)?[ \t\r]{0,80}(?:\n|\Z)")
_DELIMITER = re.compile(rb"\s*--(\S{1,70})")
_MESSAGES = frozenset({"message/rfc822", "message/global"})


@dataclass(frozen=True, slots=True)
class Headers:
    """The header fields of one entity, by name in lower case; values raw but unfolded."""

    by_name: Mapping[str, Sequence[bytes]]

    def all(self, name: str) -> Sequence[bytes]:
        """Every value of `name`, topmost first."""
        return self.by_name.get(name, ())

    def first(self, name: str) -> bytes:
        """The topmost value of `name`; empty where there is none."""
        return self.by_name.get(name, (b"",))[0]

    def text(self, name: str) -> str:
        """The topmost value, decoded."""
        return header_text(self.first(name)).text

    def __contains__(self, name: str) -> bool:
        return name in self.by_name


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part that holds no further parts, or a nested mail as a whole."""

    headers: Headers
    media_type: str
    """Lower case, as declared or as the standard supplies it."""
    parameters: Parameters
    """Of Content-Type."""
    body: bytes
    """As it came, still encoded."""
    alternative: int
    """Which multipart/alternative it is a choice of; 0 for none."""
    related: bool
    """Below multipart/related: shown within the HTML."""
    report: bool
    """Below multipart/report."""
    within: tuple[int, ...] = ()
    """Which nested mails it came in, outermost first."""

    def content(self) -> tuple[bytes, bool]:
        """The bytes meant, and whether their encoding was sound."""
        encoding = self.headers.first("content-transfer-encoding").strip().lower()
        if encoding.startswith(b"base64"):
            return base64_bytes(self.body)
        if encoding.startswith(b"quoted-printable"):
            return binascii.a2b_qp(self.body), True
        return self.body, not encoding.startswith((b"uu", b"x-uu"))


@dataclass(slots=True)
class _Walk:
    """What is shared while one mail is taken apart."""

    leaves: list[Leaf] = field(default_factory=list)
    sound: bool = True
    numbers: int = 0

    def number(self) -> int:
        self.numbers += 1
        return self.numbers


@dataclass(frozen=True, slots=True)
class _Place:
    depth: int = 0
    alternative: int = 0
    related: bool = False
    report: bool = False
    within: tuple[int, ...] = ()
    default: str = "text/plain"


def take_apart(raw: bytes) -> tuple[Headers, list[Leaf], bool]:
    """The headers of the mail, its leaves in order, and whether it was followed to the end."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    if raw.startswith((b"From ", b">From "), start):
        start = raw.find(b"\n", start) + 1
    walk = _Walk()
    headers = _descend(_Span(raw, start, len(raw)), _Place(), walk)
    return headers, walk.leaves, walk.sound


class _Span(NamedTuple):
    """A stretch of a mail: slices would copy an attachment once for every level."""

    raw: bytes
    start: int
    end: int

    def text(self) -> bytes:
        return self.raw[self.start : self.end]


def _descend(entity: _Span, place: _Place, walk: _Walk) -> Headers:
    head, body = _split(entity)
    headers = headers_of(head.raw[head.start : min(head.end, head.start + LONGEST)])
    walk.sound &= head.end - head.start <= LONGEST
    media_type, given = _type_of(headers, place.default)
    leaf = Leaf(headers, media_type, given, b"", place.alternative, place.related, place.report,
                place.within)  # fmt: skip
    if place.depth >= DEEPEST or len(walk.leaves) >= MOST:
        walk.sound = False
        walk.leaves.append(replace(leaf, body=body.text()))
    elif media_type in _MESSAGES:
        _nested(replace(leaf, body=body.text()), place, walk)
    elif media_type.startswith("multipart/"):
        _parts(leaf, body, place, walk)
    else:
        walk.leaves.append(replace(leaf, body=body.text()))
    return headers


def _split(entity: _Span) -> tuple[_Span, _Span]:
    raw, start, end = entity
    if raw.startswith((b"\n", b"\r\n"), start):
        return _Span(raw, start, start), _Span(raw, raw.find(b"\n", start) + 1, end)
    found = _BLANK_LINE.search(raw, start, end)
    if found is None:
        return entity, _Span(raw, end, end)
    return _Span(raw, start, found.start()), _Span(raw, found.end(), end)


def _nested(leaf: Leaf, place: _Place, walk: _Walk) -> None:
    """A mail within a mail: kept whole, then its own parts."""
    walk.leaves.append(leaf)
    if place.report:
        return
    within = (*place.within, len(walk.leaves) - 1)
    data, sound = leaf.content()
    walk.sound &= sound
    _descend(_Span(data, 0, len(data)), _Place(place.depth + 1, within=within), walk)


def _parts(leaf: Leaf, body: _Span, place: _Place, walk: _Walk) -> None:
    subtype = leaf.media_type.partition("/")[2]
    guess = _DELIMITER.match(body.raw, body.start, body.end)
    boundary = leaf.parameters.raw("boundary") or (guess[1] if guess else b"")
    inner = _Place(
        place.depth + 1,
        place.alternative or (walk.number() if subtype == "alternative" else 0),
        place.related or subtype == "related",
        place.report or subtype == "report",
        place.within,
        "message/rfc822" if subtype == "digest" else "text/plain",
    )
    before = len(walk.leaves)
    for part in _between(body, b"--" + boundary) if boundary else ():
        if len(walk.leaves) >= MOST:
            walk.sound = False
            break
        _descend(part, inner, walk)
    if len(walk.leaves) == before:
        # Where no part can be found it is text, so that somebody sees it.
        walk.sound = False
        walk.leaves.append(replace(leaf, media_type="text/plain", body=body.text()))


def _between(body: _Span, delimiter: bytes) -> Iterator[_Span]:
    """The parts between the delimiter lines; a missing last delimiter is forgiven."""
    raw, _, end = body
    first, at = -1, raw.find(delimiter, body.start, end)
    while at >= 0:
        after = at + len(delimiter)
        found = _REST_OF_LINE.match(raw, after, end)
        if found and (at == body.start or raw[at - 1] == 10):
            if first >= 0:
                yield _Span(raw, first, max(_without_newline(raw, at), first))
            first = found.end()
            if found[1]:
                return
        at = raw.find(delimiter, after, end)
    if first >= 0:
        yield _Span(raw, first, end)


def _without_newline(raw: bytes, at: int) -> int:
    """The newline before a delimiter belongs to the delimiter."""
    return at - (2 if raw[at - 2 : at] == b"\r\n" else 1)


def head_of(mail: bytes) -> Headers:
    """The header fields of a whole mail; those of its body do not count."""
    head, _ = _split(_Span(mail, 0, len(mail)))
    return headers_of(mail[head.start : min(head.end, LONGEST)])


def headers_of(head: bytes) -> Headers:
    """The fields of a header block; lines that are none are passed over."""
    found: dict[str, list[bytes]] = {}
    for field_ in _FIELD.finditer(head):
        value = _FOLD.sub(b" ", field_[2]) if b"\n" in field_[2] else field_[2]
        found.setdefault(field_[1].decode("ascii").lower(), []).append(value.strip())
    return Headers(found)


def _type_of(headers: Headers, default: str) -> tuple[str, Parameters]:
    value = headers.first("content-type")
    found = _TYPE.match(value)
    if found is None:
        return default, parameters(value)
    return found[0].strip().decode("ascii").lower(), parameters(value)
