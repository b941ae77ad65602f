"""The proof of one fact as a file of its own (c2sp.org/tlog-proof): checked offline, by anybody."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from inspections.checkpoint import Checkpoint, Signed, read_checkpoint
from inspections.notes import NotSigned, Verifier, open_note
from inspections.record import leaf
from inspections.tree import includes

_FORMAT = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """That one fact is in the record under a signed head."""

    index: int
    """Place in the record, counted from 0."""
    record: bytes
    """The fact's canonical bytes; they stand in the proof's `extra` line."""
    path: tuple[bytes, ...]
    signed: Signed

    def text(self) -> str:
        """The proof as a file."""
        lines = [_FORMAT, f"extra {_coded(self.record)}", f"index {self.index}"]
        lines += [_coded(hashed) for hashed in self.path]
        return "\n".join(lines) + "\n\n" + self.signed.note().decode()


def open_proof(text: str, trusted: Sequence[Verifier]) -> tuple[bytes, int, Checkpoint]:
    """The fact's bytes, its index and the head it is under; NotSigned where anything is amiss."""
    proof, blank, note = text.partition("\n\n")
    lines = proof.split("\n")
    try:
        if not blank or lines[0] != _FORMAT or len(lines) < 3:
            raise NotSigned("not a proof")
        record, index = _after("extra", lines[1]), int(_after("index", lines[2]))
        path = [b64decode(line, validate=True) for line in lines[3:]]
        found = b64decode(record, validate=True)
    except ValueError as error:
        raise NotSigned("not a proof") from error
    head = read_checkpoint(open_note(note.encode(), trusted)[0])
    if not includes(index, head.size, leaf(found), path, head.root):
        raise NotSigned("the fact is not under this head")
    return found, index, head


def _after(word: str, line: str) -> str:
    """What stands behind `word` and a blank."""
    first, _, rest = line.partition(" ")
    if first != word:
        raise NotSigned(f"no {word} in the proof")
    return rest


def _coded(value: bytes) -> str:
    return b64encode(value).decode()
