"""A checkpoint: how long the record was and its root, signed (c2sp.org/tlog-checkpoint).

Two forms of one statement. The note is a file that other people's verifiers read. The code is one
line for the foot of a letter: a mail client may wrap, quote or recolour it and it still reads (the
note's text survived 4 of 14 manglings of a mail, such a code 13: reference/reliability.md, 0).
"""

import re
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from inspections.notes import NotSigned, Signer, Verifier, open_note, signed_note

_CODE = re.compile(r"DUBAN1((?:[A-Za-z0-9_-][\s>|]*){144})")
"""White space and quote marks that a mail client put between the characters are read over."""
_BLANK = re.compile(r"[\s>|]+")
_SIZE = 8


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a record."""

    origin: str
    """Which record: `school.example/anti-fraud`, and `/2` for its second epoch."""
    size: int
    """Facts."""
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @property
    def short(self) -> str:
        """Sixteen hexadecimal digits for paper, in fours."""
        digits = self.root[:8].hex()
        return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the signature of the record's own key."""

    checkpoint: Checkpoint
    by: Verifier
    signature: bytes

    def note(self) -> bytes:
        """The checkpoint as a file."""
        return signed_note(self.checkpoint.text(), [(self.by, self.signature)])

    def code(self) -> str:
        """The checkpoint as 150 characters: key id, size, root, signature."""
        size = self.checkpoint.size.to_bytes(_SIZE, "big")
        packed = self.by.key_id + size + self.checkpoint.root + self.signature
        return "DUBAN1" + urlsafe_b64encode(packed).decode()


def sign(checkpoint: Checkpoint, signer: Signer) -> Signed:
    """The checkpoint, signed. Whoever calls has checked that it continues the last one signed."""
    return Signed(checkpoint, signer.verifier, signer.sign(checkpoint.text().encode()))


def read_checkpoint(text: str) -> Checkpoint:
    """The three lines of a note's text; further lines are not read. NotSigned where malformed."""
    origin, size, root, *_ = [*text.split("\n"), "", "", ""]
    try:
        hashed = b64decode(root, validate=True)
    except ValueError:
        raise NotSigned("the root is not base64") from None
    if not origin or not re.fullmatch(r"0|[1-9][0-9]{0,15}", size) or len(hashed) != 32:
        raise NotSigned("not a checkpoint")
    return Checkpoint(origin, int(size), hashed)


def open_checkpoint(note: bytes, trusted: Sequence[Verifier]) -> Checkpoint:
    """The checkpoint in a note that one of `trusted` signed; NotSigned otherwise."""
    return read_checkpoint(open_note(note, trusted)[0])


def codes_in(text: str, by: Verifier, origin: str) -> list[Signed]:
    """Every checkpoint of `origin` in a mail's text whose code is signed by `by`, oldest first.

    Codes of other keys and damaged ones are passed over.
    """
    found = set[Signed]()
    for match in _CODE.finditer(text):
        packed = urlsafe_b64decode(_BLANK.sub("", match[1]))
        key_id, rest = packed[:4], packed[4:]
        head = Checkpoint(origin, int.from_bytes(rest[:_SIZE], "big"), rest[_SIZE : _SIZE + 32])
        signature = rest[_SIZE + 32 :]
        if key_id == by.key_id and by.signed(head.text().encode(), signature):
            found.add(Signed(head, by, signature))
    return sorted(found, key=lambda one: one.checkpoint.size)
