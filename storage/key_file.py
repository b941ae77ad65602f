"""The key that signs the record's heads, and the last head: small files outside the database.

The line is Go's form of a note's private key (golang.org/x/mod/sumdb/note), so other tools sign
with it too: `PRIVATE+KEY+name+id+base64(0x01 || seed)`.
"""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from inspections.notes import Signer, is_name
from responsibilities.words import Refused, Words

_PREFIX = "PRIVATE+KEY+"


def read_key(path: Path) -> Signer | None:
    """The key in the file; None where there is none; Refused where it is damaged."""
    try:
        line = path.read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    try:
        name, shown, coded = line.removeprefix(_PREFIX).split("+", 2)
        found = Signer(name, b64decode(coded, validate=True)[1:])
        good = line.startswith(_PREFIX) and is_name(name) and len(found.secret) == 32
        if not good or found.verifier.key_id.hex() != shown:
            raise ValueError
    except ValueError as error:
        raise _damaged(path) from error
    return found


def write_key(path: Path, signer: Signer) -> None:
    """Put the key where only its owner reads it; a file that is there is never written over."""
    coded = b64encode(b"\1" + signer.secret).decode()
    line = f"{_PREFIX}{signer.name}+{signer.verifier.key_id.hex()}+{coded}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as opened:
        opened.write(line)
        opened.flush()
        os.fsync(opened.fileno())


def read_held(path: Path) -> bytes | None:
    """The note of the head that was signed last; None where none was."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write_held(path: Path, note: bytes) -> None:
    """Keep the note of a head, whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("wb") as opened:
        opened.write(note)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(path)


def _damaged(path: Path) -> Refused:
    return Refused(
        Words(
            f"密钥文件“{path}”无法读取或已损坏；请从密钥的备份恢复，不要删除。",
            f"The key file “{path}” cannot be read or is damaged; restore it from the key's own "
            "backup and do not delete it.",
        )
    )
