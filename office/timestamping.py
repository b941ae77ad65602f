"""A time stamp (RFC 3161) of the record's head, once a day: that it existed by then, said by an
authority that knows nothing of the office. Optional; the record never waits for it."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine

from inspections.checkpoint import Checkpoint, Signed, read_checkpoint
from inspections.verify import Finding, Pack, bad, good, roots_of
from notifications.timestamps import checked, stamped
from office.settings import Record
from responsibilities.words import Refused, Words
from storage import attestations, checkpoints
from storage.attestations import Attestation
from storage.engine import reading, writing
from storage.instants import whole

NOTE, ANSWER = "data/log/stamped", "data/log/stamped.tsr"
_EVERY = timedelta(hours=20)


def stamp_head(db: Engine, record: Record, now: datetime) -> Attestation | None:
    """Have the newest head stamped where that is due; None where it is not.

    Refused where the authority does not answer or answers wrongly: nothing is kept then.
    """
    if not record.tsa:
        return None
    with reading(db) as connection:
        kept = checkpoints.last(connection)
        last = newest_stamp(connection, kept.signed.checkpoint) if kept else None
    if kept is None or (last and now - last.at < _EVERY):
        return None
    head = kept.signed.checkpoint
    if last and last.size == head.size:
        return None
    answer, at = stamped(record.tsa, kept.signed.note(), roots_in(record.tsa_roots), now)
    made = Attestation(head.origin, head.size, "stamp", record.tsa, answer, whole(at))
    with writing(db) as connection:
        attestations.add(connection, made)
    return made


def newest_stamp(connection: Connection, head: Checkpoint) -> Attestation | None:
    """The stamp that reaches farthest up to `head`."""
    found = attestations.newest(connection, "stamp", head.origin, head.size)
    return found[0] if found else None


def stamped_head(connection: Connection, made: Attestation) -> Signed:
    """The head that was stamped; its note is the file that the stamp is of."""
    heads = checkpoints.at_size(connection, made.size)
    return next(one.signed for one in heads if one.signed.checkpoint.origin == made.origin)


def roots_in(path: Path) -> bytes:
    """The authority's root certificates; Refused where the file cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(
            Words(
                f"时间戳服务的根证书“{path}”无法读取；请核对 record.tsa_roots。",
                f"The root certificates “{path}” cannot be read; see record.tsa_roots.",
            )
        ) from error


def said_of_stamp(connection: Connection, head: Checkpoint) -> Words:
    """What may be said of time stamps up to `head`."""
    made = newest_stamp(connection, head)
    if made is None:
        return Words("没有时间戳。", "There is no time stamp.")
    return Words(
        f"前 {made.size} 条于 {made.at:%Y-%m-%d %H:%M}Z 之前已经存在（{made.by}）。",
        f"The first {made.size} existed by {made.at:%Y-%m-%d %H:%M}Z ({made.by}).",
    )


def check_stamp(pack: Pack, roots: bytes) -> list[Finding]:
    """The stamp in a pack against `roots` (PEM); without any, that there is one to be checked."""
    if NOTE not in pack.names:
        return [bad("真实", "没有时间戳", "there is no time stamp")] if roots else []
    with pack.open(NOTE) as note, pack.open(ANSWER) as answer:
        stamped_note, response = note.read(), answer.read()
    head = read_checkpoint(stamped_note.decode())
    if roots_of(pack, {head.size})[1].get(head.size) != head.root:
        return [bad("真实", "盖时间戳的检查点与记录不符", "the stamped head is of another record")]
    if not roots:
        return [
            good(
                "真实",
                "有时间戳，尚未核验：请用 --tsa 给出根证书",
                "a time stamp, unchecked: give --tsa",
            )
        ]
    try:
        at = checked(response, stamped_note, roots)
    except Refused as refused:
        return [bad("真实", refused.words.zh, refused.words.en)]
    return [
        good(
            "真实",
            f"时间戳：前 {head.size} 条于 {at:%Y-%m-%dT%H:%M:%SZ} 之前已经存在",
            f"time stamp: the first {head.size} existed by {at:%Y-%m-%dT%H:%M:%SZ}",
        )
    ]
