"""S11: a bag of 1,000 files and 1 GiB, verified; memory flat from 100 MiB to 10 GiB.

Limit: SHA-256 of the same bytes by OpenSSL (one pass over the files). A bag is a stored zip with
four manifests, SHA-256 and SHA-512, so it hashes each byte three times and verifying twice.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import interleaved, peak_memory, ratio, report, table
from inspections.verify import Pack, check_bag
from storage.bags import Member, write_bag

FILES, GIB = 1_000, 1 << 30
_CHUNK = 1 << 20


def files_of(folder: Path, total: int) -> list[Path]:
    """So many bytes in 1,000 files."""
    folder.mkdir()
    block = os.urandom(_CHUNK)
    made = []
    for number in range(FILES):
        path = folder / f"{number:04}.bin"
        size = total // FILES
        with path.open("wb") as out:
            out.write(number.to_bytes(8, "big"))
            for left in range(size - 8, 0, -_CHUNK):
                out.write(block[:left])
        made.append(path)
    return made


def openssl(paths: list[Path]) -> None:
    """SHA-256 once over all files, by OpenSSL through hashlib, in pieces."""
    for path in paths:
        summed = hashlib.sha256()
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                summed.update(piece)


def bag(paths: list[Path], target: Path) -> None:
    """The pack's writer over the same files."""
    write_bag(target, [Member(f"data/evidence/{path.name}", path) for path in paths], {})


def check(target: Path) -> None:
    """The pack's verifier."""
    assert all(one.good for one in check_bag(Pack(str(target))))


def streamed(total: int) -> Iterator[bytes]:
    """So many bytes that nobody holds."""
    block = bytes(_CHUNK)
    for _ in range(total // _CHUNK):
        yield block


def memory(total: int, folder: Path) -> int:
    """The peak of a process of its own that packs and verifies so many bytes."""
    asked = [sys.executable, "-m", "benchmarks.s11_pack", "memory", str(total), str(folder)]
    return int(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)


def child(total: int, folder: Path) -> int:
    """As `memory`, here."""
    target = folder / "streamed.zip"
    write_bag(target, [Member("data/evidence/large.bin", lambda: streamed(total))], {})
    check(target)
    target.unlink()
    return peak_memory()


def main() -> bool:
    """Print the ratios; True where all bars hold."""
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as name:
        folder = Path(name)
        paths, target = files_of(folder / "files", GIB), folder / "pack.zip"
        bag(paths, target)
        stats = interleaved(
            {"SHA-256, OpenSSL": lambda: openssl(paths),
             "bag": lambda: bag(paths, target),
             "verify": lambda: check(target)}, 3,
        )  # fmt: skip
        print("S11 1,000 files, 1 GiB")
        table(stats)
        target.unlink()
        for path in paths:
            path.unlink()
        small, large = memory(100 << 20, folder), memory(10 * GIB, folder)
        print(f"S11 peak {small >> 20} MiB with 100 MiB, {large >> 20} MiB with 10 GiB")
        limit = stats["SHA-256, OpenSSL"]
        return all((
            report("S11 bag, against SHA-256 once", ratio(stats["bag"], limit), 2.6),
            report("S11 verify, against SHA-256 once", ratio(stats["verify"], limit), 1.2),
            report("S11 memory of 10 GiB over 100 MiB, in MiB", (large - small) / (1 << 20), 64),
        ))  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        print(child(int(sys.argv[2]), Path(sys.argv[3])))
        sys.exit(0)
    sys.exit(not main())
