"""BagIt 1.0 bags (RFC 8493) as one zip: the same files give the same bytes, whole or not at all."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256, sha512
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_CHUNK = 1 << 20
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_LARGE = 1 << 31


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a bag: `data` in memory, in pieces, or a file on the disk."""

    name: str
    """Inside the bag; the payload begins with `data/`."""
    data: bytes | Path | Callable[[], Iterator[bytes]]


def write_bag(
    target: Path, members: Iterable[Member], info: Mapping[str, str],
    seen: Callable[[int], None] = lambda written: None,
) -> str:  # fmt: skip
    """Write the bag to `target`; the SHA-256 of the zip.

    Payload goes first, then what the manifests do not cover is made from it. `seen` hears how many
    bytes have been written. Memory does not grow with the size of the files.
    """
    with NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as temporary:
        try:
            with ZipFile(temporary, "w", ZIP_STORED) as archive:
                _Bag(archive, target.stem, seen).fill(members, info)
            temporary.flush()
            os.fsync(temporary.fileno())
            os.rename(temporary.name, target)
        except BaseException:
            os.unlink(temporary.name)
            raise
    return _digest(target)


class _Bag:
    def __init__(self, archive: ZipFile, base: str, seen: Callable[[int], None]) -> None:
        self.archive, self.base, self.seen = archive, base, seen
        self.sums = dict[str, tuple[int, str, str]]()
        self.written = 0

    def fill(self, members: Iterable[Member], info: Mapping[str, str]) -> None:
        for member in members:
            self.put(member)
        payload = {name: s for name, s in self.sums.items() if name.startswith("data/")}
        octets = sum(size for size, _, _ in payload.values())
        lines = {**info, "Payload-Oxum": f"{octets}.{len(payload)}"}
        self.text("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        self.text("bag-info.txt", "".join(f"{key}: {lines[key]}\n" for key in sorted(lines)))
        for place, algorithm in ((1, "sha256"), (2, "sha512")):
            self.text(f"manifest-{algorithm}.txt", _manifest(payload, place))
        tags = {name: s for name, s in self.sums.items() if not name.startswith("data/")}
        for place, algorithm in ((1, "sha256"), (2, "sha512")):
            self.text(f"tagmanifest-{algorithm}.txt", _manifest(tags, place))

    def text(self, name: str, content: str) -> None:
        self.put(Member(name, content.encode()))

    def put(self, member: Member) -> None:
        if member.name in self.sums:
            raise ValueError(f"{member.name} twice in one bag")
        entry = ZipInfo(f"{self.base}/{member.name}", _LONG_AGO)
        entry.create_system, entry.external_attr = 3, 0o644 << 16
        large = isinstance(member.data, Path) and member.data.stat().st_size >= _LARGE
        large = large or callable(member.data)
        size, first, second = 0, sha256(), sha512()
        with self.archive.open(entry, "w", force_zip64=large) as out:
            for piece in _pieces(member.data):
                out.write(piece)
                first.update(piece)
                second.update(piece)
                size += len(piece)
                self.written += len(piece)
                self.seen(self.written)
        self.sums[member.name] = size, first.hexdigest(), second.hexdigest()


def _pieces(data: bytes | Path | Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    if isinstance(data, bytes):
        yield data
    elif isinstance(data, Path):
        with data.open("rb") as file:
            yield from _read(file)
    else:
        yield from data()


def _read(file: IO[Any]) -> Iterator[bytes]:
    while piece := file.read(_CHUNK):
        yield piece


def _manifest(sums: Mapping[str, tuple[int, str, str]], place: int) -> str:
    """`digest  name` in the order of names; RFC 8493 escapes line ends and the percent sign."""
    lines = []
    for name in sorted(sums):
        shown = name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
        lines.append(f"{sums[name][place]}  {shown}\n")
    return "".join(lines)


def _digest(path: Path) -> str:
    summed = sha256()
    with path.open("rb") as file:
        for piece in _read(file):
            summed.update(piece)
    return summed.hexdigest()
