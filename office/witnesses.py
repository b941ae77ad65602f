"""The office's side of a witness: what it is asked to cosign, and what it answers."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from inspections.checkpoint import Checkpoint, Signed, read_checkpoint
from inspections.notes import (
    NotSigned,
    Verifier,
    read_verifier,
    seen_at,
    signatures_of,
    signed_note,
)
from inspections.tree import consistency
from inspections.witnessing import Request
from notifications.incoming.values import Incoming
from office.cosigning import ANSWER
from responsibilities.words import Refused, Words
from storage import attestations, checkpoints
from storage.attestations import Attestation
from storage.engine import writing
from storage.tree import subtrees


def request_for(
    connection: Connection, head: Signed, witnesses: Sequence[Verifier] = ()
) -> Request:
    """The head with the proof that it continues what `witnesses` saw last; of several, what the
    one that is farthest behind saw."""
    point = head.checkpoint
    known = {one.by: one.size for one in attestations.newest(connection, "witness", point.origin)}
    old = min((known.get(str(one), 0) for one in witnesses), default=0)
    proof = consistency(old, point.size, subtrees(connection)) if old else []
    return Request(old, tuple(proof), head.note())


def take_cosigned(
    db: Engine, note: bytes, witnesses: Sequence[Verifier]
) -> tuple[Attestation, ...]:
    """Keep what `witnesses` have cosigned; those kept before are given again.

    Refused where no signature is of one of them, or the head is not one of this record.
    """
    with writing(db) as connection:
        return take_in(connection, note, witnesses)


def take_in(
    connection: Connection, note: bytes, witnesses: Sequence[Verifier]
) -> tuple[Attestation, ...]:
    """As `take_cosigned`, as part of a transaction."""
    try:
        text, by = signatures_of(note.replace(b"\r\n", b"\n"), witnesses)
        head = read_checkpoint(text)
    except NotSigned as error:
        raise Refused(
            Words(
                "不是 record.witnesses 所列见证单位的有效副署。",
                "This is no valid cosignature of a witness of record.witnesses.",
            )
        ) from error
    if not any(
        kept.signed.checkpoint == head for kept in checkpoints.at_size(connection, head.size)
    ):
        raise Refused(
            Words(
                f"副署的检查点（第{head.size}条，{head.short}）不是本记录的。",
                f"The head that was cosigned ({head.size}, {head.short}) is not of this record.",
            )
        )
    found = tuple(
        Attestation(
            head.origin, head.size, "witness", str(key), cosignature,
            datetime.fromtimestamp(seen_at(cosignature), UTC),
        )
        for key, cosignature in by.items()
    )  # fmt: skip
    for one in found:
        attestations.add(connection, one)
    return found


def took_cosignature(
    connection: Connection, incoming: Incoming, witnesses: Sequence[Verifier]
) -> bool:
    """Whether a mail brought a cosignature of this record, which is kept now. It proves itself:
    who sent it does not matter."""
    for file in incoming.files:
        if file.name == ANSWER:
            with suppress(Refused):
                return bool(take_in(connection, file.data, witnesses))
    return False


def attested(connection: Connection, head: Checkpoint) -> Words:
    """What may be said of witnesses of the record up to `head`."""
    found = attestations.newest(connection, "witness", head.origin, head.size)
    if not found:
        return Words("没有见证单位的副署。", "No witness has cosigned a head.")
    rest = head.size - found[0].size
    zh = [f"“{one.by.partition('+')[0]}”副署至第 {one.size} 条" for one in found]
    en = [f"“{one.by.partition('+')[0]}” cosigned the first {one.size}" for one in found]
    return Words(
        f"{'；'.join(zh)}。见证单位核对过记录只增不改。"
        + (f"其后 {rest} 条没有副署。" if rest else ""),
        f"{'; '.join(en)}, having seen that the record only grew."
        + (f" Nobody has cosigned the {rest} after them." if rest else ""),
    )


def cosigned_note(connection: Connection, origin: str, within: int) -> tuple[bytes, list[str]]:
    """The newest head of at most `within` facts that was cosigned, with every signature on it, as
    a file, and the keys of the witnesses; nothing where none was."""
    found = attestations.newest(connection, "witness", origin, within)
    same = [one for one in found if one.size == found[0].size]
    heads = checkpoints.at_size(connection, found[0].size) if found else []
    signed = next((k.signed for k in heads if k.signed.checkpoint.origin == origin), None)
    if signed is None:
        return b"", []
    lines = [(signed.by, signed.signature)]
    lines += [(read_verifier(one.by), one.body) for one in same]
    return signed_note(signed.checkpoint.text(), lines), [one.by for one in same]
