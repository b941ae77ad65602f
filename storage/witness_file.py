"""What a witness remembers: one small file, JSON, whole or not at all.

Whoever copies an old one back makes the witness forget; so it is written before any cosignature
leaves (c2sp.org/tlog-witness).
"""

import json
from pathlib import Path

from inspections.notes import NotSigned, read_verifier
from inspections.witnessing import Seen
from responsibilities.words import Refused, Words
from storage.key_file import read_held, write_held


def read_seen(path: Path) -> dict[str, Seen]:
    """Each record by its name; none where there is no file; Refused where it is damaged."""
    held = read_held(path)
    if held is None:
        return {}
    try:
        seen = [Seen(read_verifier(one["key"]), one["note"].encode()) for one in json.loads(held)]
        assert all(one.head is None or one.head.origin == one.log.name for one in seen)
    except (ValueError, KeyError, TypeError, AttributeError, NotSigned, AssertionError) as error:
        raise Refused(
            Words(
                f"“{path}”已损坏，不知道此前见证到哪里；请从备份恢复最近的一份，不要删除。",
                f"“{path}” is damaged, so nobody can say what was witnessed; restore its newest "
                "copy and do not delete it.",
            )
        ) from error
    return {one.log.name: one for one in seen}


def write_seen(path: Path, seen: dict[str, Seen]) -> None:
    """Keep all of it."""
    rows = [{"key": str(one.log), "note": one.note.decode()} for one in seen.values()]
    write_held(path, json.dumps(rows, ensure_ascii=False, indent=1).encode() + b"\n")
