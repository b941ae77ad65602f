"""`python -m tests.inspections.bagit_suite FOLDER`: the bags of the BagIt conformance suite
(github.com/LibraryOfCongress/bagit-conformance-suite, unpacked there) read by our verifier.

Our verifier reads packs: BagIt 1.0 with both manifests that we write. So each deviation is listed,
with what the verifier says of the bag; docs/reference/pack.md has the table.
"""

import sys
from collections import Counter
from pathlib import Path

from inspections.verify import Pack, check_bag

VERDICTS = {"valid": True, "invalid": False}
"""Other folders (warning, linux-only, windows-only) leave the verdict to the reader."""


def bags(folder: Path) -> list[Path]:
    """Every bag: v0.97/valid/basic-bag."""
    return sorted(path for path in folder.glob("v*/*/*") if path.is_dir())


def judged(bag: Path) -> list[str]:
    """What is held against a bag; a bag that cannot be read is refused for that."""
    try:
        return [one.words[1] for one in check_bag(Pack(str(bag))) if not one.good]
    except (OSError, ValueError) as error:
        return [f"unreadable: {type(error).__name__}"]


def main(folder: Path) -> None:
    """One line a deviation, then the counts."""
    counts = Counter[str]()
    for bag in bags(folder):
        version, kind, name = bag.parts[-3:]
        found = judged(bag)
        expected = VERDICTS.get(kind)
        as_expected = expected is None or expected is not bool(found)
        counts[f"{version} {kind}: {'as expected' if as_expected else 'deviates'}"] += 1
        if not as_expected or expected is None:
            print(f"{version}/{kind}/{name}: {found[0] if found else 'accepted'}")
    for line, count in sorted(counts.items()):
        print(f"{count:3} {line}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
