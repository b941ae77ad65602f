"""A mail's bytes taken apart: headers and leaves, in time linear in its length.

The library's parser takes quadratic time on mails nested for the purpose, five times the memory,
and cannot read the file names that Chinese programs write; a test holds the two against each other.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from notifications.incoming.charsets import base64_bytes, header_text
from notifications.incoming.parameters import Parameters, parameters

DEEPEST = 20
"""Levels of multipart and nested mail that are followed."""
MOST = 500
"""Parts of one mail that are told apart."""
LONGEST = 256 * 1024
"""Octets of a header block that are read."""

_HEAD = re.compile(rb"\r?\n\r?\n|\A\r?\n")
_FIELD = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:(.*(?:\n[ \t].*)*)", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]*")
_TYPE = re.compile(rb"\s*([\w!#$&^.+-]{1,100})/([\w!#$&^.+-]{1,100})", re.ASCII)
_MESSAGES = frozenset({"message/rfc822", "message/global"})


@dataclass(frozen=True, slots=True)
class Headers:
    """The header fields of one entity, by name in lower case; values raw but unfolded."""

    fields: tuple[tuple[str, bytes], ...]

    def all(self, name: str) -> tuple[bytes, ...]:
        """Every value of `name`, topmost first."""
        return tuple(value for known, value in self.fields if known == name)

    def first(self, name: str) -> bytes:
        """The topmost value of `name`; empty where there is none."""
        return next((value for known, value in self.fields if known == name), b"")

    def text(self, name: str) -> str:
        """The topmost value, decoded."""
        return header_text(self.first(name)).text

    def __contains__(self, name: str) -> bool:
        return any(known == name for known, _ in self.fields)


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
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]
    walk = _Walk()
    headers = _descend(raw, _Place(), walk)
    return headers, walk.leaves, walk.sound


def _descend(raw: bytes, place: _Place, walk: _Walk) -> Headers:
    found = _HEAD.search(raw)
    head, body = (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")
    headers = headers_of(head[:LONGEST])
    walk.sound &= len(head) <= LONGEST
    media_type, given = _type_of(headers, place.default)
    leaf = Leaf(headers, media_type, given, body, place.alternative, place.related, place.report,
                place.within)  # fmt: skip
    boundary = given.raw("boundary") if media_type.startswith("multipart/") else b""
    if place.depth >= DEEPEST or len(walk.leaves) >= MOST:
        walk.sound = False
        walk.leaves.append(leaf)
    elif media_type in _MESSAGES:
        _nested(leaf, place, walk)
    elif boundary:
        _parts(leaf, boundary, place, walk)
    else:
        walk.sound &= not media_type.startswith("multipart/")
        walk.leaves.append(leaf)
    return headers


def _nested(leaf: Leaf, place: _Place, walk: _Walk) -> None:
    """A mail within a mail: kept whole, then its own parts."""
    walk.leaves.append(leaf)
    if place.report:
        return
    within = (*place.within, len(walk.leaves) - 1)
    data, sound = leaf.content()
    walk.sound &= sound
    _descend(data, _Place(place.depth + 1, within=within), walk)


def _parts(leaf: Leaf, boundary: bytes, place: _Place, walk: _Walk) -> None:
    subtype = leaf.media_type.partition("/")[2]
    inner = _Place(
        place.depth + 1,
        place.alternative or (walk.number() if subtype == "alternative" else 0),
        place.related or subtype == "related",
        place.report or subtype == "report",
        place.within,
        "message/rfc822" if subtype == "digest" else "text/plain",
    )
    before = len(walk.leaves)
    for part in _between(leaf.body, b"--" + boundary):
        if len(walk.leaves) >= MOST:
            walk.sound = False
            break
        _descend(part, inner, walk)
    if len(walk.leaves) == before:
        walk.sound = False
        walk.leaves.append(leaf)


def _between(body: bytes, delimiter: bytes) -> Iterator[bytes]:
    """The parts between the delimiter lines; a missing last delimiter is forgiven."""
    body = b"\n" + body
    start, search = -1, 0
    while (at := body.find(b"\n" + delimiter, search)) >= 0:
        after = at + 1 + len(delimiter)
        newline = body.find(b"\n", after)
        line_end = len(body) if newline < 0 else newline
        rest = body[after : min(line_end, after + 80)].strip()
        search = after
        if rest not in (b"", b"--"):
            continue
        if start >= 0:
            yield body[start:at].removesuffix(b"\r")
        start = min(line_end + 1, len(body))
        search = max(line_end, after)
        if rest == b"--":
            return
    if start >= 0:
        yield body[start:]


def headers_of(head: bytes) -> Headers:
    """The fields of a header block; lines that are none are passed over."""
    return Headers(
        tuple(
            (found[1].decode("ascii").lower(), _FOLD.sub(b" ", found[2]).strip())
            for found in _FIELD.finditer(head)
        )
    )


def _type_of(headers: Headers, default: str) -> tuple[str, Parameters]:
    value = headers.first("content-type")
    found = _TYPE.match(value)
    if found is None:
        return default, parameters(value)
    return found[0].strip().decode("ascii").lower(), parameters(value)
