"""Witnessing somebody else's record: it only ever grows from what was seen of it before.

A superior office remembers one head of each record. A newer one is cosigned only with the proof
that it continues the one remembered; so nobody can be shown two histories under one cosignature.
The request is the body of c2sp.org/tlog-witness, the answer a note with both signatures. Pure.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace

from inspections.checkpoint import Checkpoint, open_checkpoint
from inspections.notes import NotSigned, Signer, Verifier, signatures_of, signed_note
from inspections.tree import continues
from responsibilities.words import Refused, Words


class Fork(Refused):
    """Two heads of one record that no one history has: to be kept, and reported."""


@dataclass(frozen=True, slots=True)
class Request:
    """A newer head, and the proof that it continues the first `old` facts."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def text(self) -> bytes:
        """As a file."""
        lines = [f"old {self.old}", *(b64encode(one).decode() for one in self.proof)]
        return "\n".join(lines).encode() + b"\n\n" + self.note


@dataclass(frozen=True, slots=True)
class Seen:
    """What a witness remembers of a record."""

    log: Verifier
    """The record's key, as its office has printed it; a person compared it."""
    note: bytes = b""
    """The newest head that was cosigned, with both signatures; empty before the first."""

    @property
    def head(self) -> Checkpoint | None:
        """The newest head that was cosigned."""
        return open_checkpoint(self.note, [self.log]) if self.note else None


def read_request(text: bytes) -> Request:
    """A request, or a bare note (which proves nothing about what came before); NotSigned where it
    is neither."""
    text = text.replace(b"\r\n", b"\n")  # as mail programs save it
    head, blank, note = text.partition(b"\n\n")
    first, *lines = head.decode("ascii", "replace").split("\n")
    old = re.fullmatch(r"old (0|[1-9][0-9]{0,15})", first)
    if old is None:
        return Request(0, (), text)
    try:
        proof = tuple(b64decode(line, validate=True) for line in lines)
    except ValueError:
        raise NotSigned("the proof is not base64") from None
    if not blank or len(proof) > 63:
        raise NotSigned("not a request")
    return Request(int(old[1]), proof, note)


def cosigned(seen: Seen, asked: Request, signer: Signer, at: int) -> Seen:
    """What the witness remembers once it has cosigned; `at` in seconds since 1970.

    Fork where the head contradicts the one remembered. Refused where it is older, or where the
    proof does not begin at the one remembered: nothing is wrong with the record then. NotSigned
    where the record's key has not signed it.
    """
    new, old = open_checkpoint(asked.note, [seen.log]), seen.head
    if new.origin != seen.log.name:
        raise NotSigned("a checkpoint of another record")
    if old is not None:
        _check(old, new, asked)
    text, by = signatures_of(asked.note, [seen.log])
    both = [(seen.log, by[seen.log]), (signer.cosigner, signer.cosign(text.encode(), at))]
    return replace(seen, note=signed_note(text, both))


def _check(old: Checkpoint, new: Checkpoint, asked: Request) -> None:
    if new.size == old.size and new.root != old.root:
        raise _fork(old, new)
    if new.size < old.size:
        raise Refused(
            Words(
                f"送来的检查点只有{new.size}条，已见证到第{old.size}条；未副署。记录不应变短："
                "如非迟到的旧件，请向对方查问。",
                f"This head has {new.size} facts and {old.size} were witnessed before; not "
                "cosigned. A record never gets shorter: unless this came late, ask its office.",
            )
        )
    if new.size > old.size and asked.old != old.size:
        raise Refused(
            Words(
                f"缺少由第{old.size}条接续的证明（送来的由第{asked.old}条起）；未副署。"
                "请把上次的副署回给对方，对方会补来证明。",
                f"The proof begins at {asked.old}, not at {old.size} where the last head stands; "
                "not cosigned. Send the last cosignature once more, and a fitting proof comes.",
            )
        )
    if not continues(old.size, new.size, old.root, new.root, asked.proof):
        raise _fork(old, new)


def _fork(old: Checkpoint, new: Checkpoint) -> Fork:
    return Fork(
        Words(
            f"记录分叉：第{new.size}条处的检查点（{new.short}）不接续见证过的第{old.size}条"
            f"（{old.short}），或没有有效的证明。未副署。请保存两份检查点并报告。",
            f"The head at {new.size} ({new.short}) does not continue the one witnessed at "
            f"{old.size} ({old.short}), or its proof is not good. Not cosigned: keep both and "
            "report it.",
        )
    )
