"""Signing how far the record has come, so that what was written before cannot change unseen.

A head is signed only if it continues the last one signed, and the one held outside the database
(`held`): a database restored from an old backup, or edited by hand, is found out before a second
history of the same name can exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from inspections.checkpoint import Checkpoint, Signed, sign
from inspections.notes import Signer
from inspections.proofs import Proof
from inspections.record import leaf
from inspections.tree import Growing, inclusion, root
from responsibilities.tasks import Fact, FactKind
from responsibilities.words import Refused, Words
from storage import checkpoints, facts
from storage.checkpoints import Kept
from storage.engine import reading, writing
from storage.instants import whole
from storage.tree import grow, subtrees


class Forked(Refused):
    """The record does not continue a head that was signed before: nothing is signed."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What reading the whole record through has come to."""

    size: int
    heads: int
    """Signed heads that were held against it."""
    wrong: tuple[Words, ...]


def seal(db: Engine, signer: Signer, now: datetime, held: Checkpoint | None = None) -> Signed:
    """The head of the record as it stands, signed; the last one where nothing has come since.

    The first one ever announces its key. Forked where the record is shorter than a head signed
    before or differs from it.
    """
    with reading(db) as connection:
        kept = checkpoints.last(connection)
        if kept is not None and kept.signed.checkpoint.size == facts.last_seq(connection):
            _check_signer(kept, signer)
            _check_held(connection, held)
            return kept.signed
    with writing(db) as connection:
        _check_signer(checkpoints.last(connection), signer)
        return _seal(connection, signer, whole(now), held)


def rotate(db: Engine, old: Signer, new: Signer, now: datetime, by: str) -> Signed:
    """Let `new` follow `old`: a fact that both have signed, and the next head."""
    statement = f"{old.verifier}\n{new.verifier}\n".encode()
    body = {
        "key": str(new.verifier),
        "follows": str(old.verifier),
        "signed_by_old": old.sign(statement).hex(),
        "signed_by_new": new.sign(statement).hex(),
    }
    with writing(db) as connection:
        key = f"record/key/{new.verifier.key_id.hex()}"
        facts.append(connection, [Fact(None, key, FactKind.KEY, whole(now), by, body)])
        return _seal(connection, new, whole(now), None)


def next_epoch(
    db: Engine, signer: Signer, lost: Checkpoint, now: datetime, by: str, reason: str
) -> Signed:
    """Go on after a restored backup, under a name of its own, saying which head was lost.

    `signer` signs under the new origin (see `after`). Refused without a reason.
    """
    if not reason.strip():
        raise Refused(Words("请写明恢复备份的理由。", "Say why the backup was restored."))
    with writing(db) as connection:
        body = {
            "origin": signer.name,
            "key": str(signer.verifier),
            "lost": lost.text(),
            "size": facts.last_seq(connection),
            "reason": reason,
        }
        key = f"record/epoch/{signer.name}"
        facts.append(connection, [Fact(None, key, FactKind.EPOCH, whole(now), by, body)])
        return _seal(connection, signer, whole(now), None)


def after(origin: str) -> str:
    """The origin of the next epoch: `school.example/duban`, then `…/2`, `…/3`."""
    base, _, number = origin.rpartition("/")
    return f"{base}/{int(number) + 1}" if number.isdecimal() else f"{origin}/2"


def last_sealed(db: Engine) -> Kept | None:
    """The head that was signed last."""
    with reading(db) as connection:
        return checkpoints.last(connection)


def forked(db: Engine, held: Checkpoint | None) -> Words | None:
    """What is wrong where the record does not continue its last head, or the one held outside."""
    with reading(db) as connection:
        kept = checkpoints.last(connection)
        try:
            for before in (kept.signed.checkpoint if kept else None, held):
                _check_held(connection, before)
        except Forked as found:
            return found.words
    return None


def prove(db: Engine, seq: int) -> Proof:
    """That the fact at `seq` is in the record; Refused where no signed head covers it yet."""
    with reading(db) as connection:
        kept, row = checkpoints.last(connection), checkpoints.record_at(connection, seq)
        if kept is None or row is None or seq > kept.signed.checkpoint.size:
            raise Refused(
                Words(
                    f"第 {seq} 条记录不存在，或还没有签名的检查点；请先运行 duban record --seal。",
                    f"There is no fact {seq}, or no signed head covers it; "
                    "run duban record --seal first.",
                )
            )
        path = inclusion(seq - 1, kept.signed.checkpoint.size, subtrees(connection))
        return Proof(seq - 1, row.record, tuple(path), kept.signed)


def check_record(
    db: Engine, held: Checkpoint | None = None, seen: Callable[[int], None] = lambda size: None
) -> Checked:
    """Read every fact again and hold the record against every head that was signed.

    Memory does not grow with the record. `held` is the copy outside the database; `seen` hears
    how many facts have been read.
    """
    wrong = list[Words]()
    tree = Growing()
    with reading(db) as connection:
        heads = [kept.signed for kept in checkpoints.every(connection)]
        due = {head.checkpoint.size for head in heads} | ({held.size} if held else set())
        roots = {0: tree.root()}
        for row in checkpoints.rows(connection):
            if row.seq != tree.size + 1:
                wrong.append(_gap(tree.size + 1, row.seq))
            if leaf(row.record) != row.leaf:
                wrong.append(_changed(row.seq))
            tree.add(leaf(row.record))
            if tree.size in due:
                roots[tree.size] = tree.root()
            seen(tree.size)
    wrong += [words for head in heads for words in _against(head, roots)]
    if held is not None and roots.get(held.size) != held.root:
        wrong.append(_forked(held).words)
    return Checked(tree.size, len(heads), tuple(wrong))


def _seal(connection: Connection, signer: Signer, now: datetime, held: Checkpoint | None) -> Signed:
    kept = checkpoints.last(connection)
    if kept is None:
        body = {"key": str(signer.verifier)}
        key = f"record/key/{signer.verifier.key_id.hex()}"
        facts.append(connection, [Fact(None, key, FactKind.KEY, now, "system", body)])
    size = facts.last_seq(connection)
    grow(connection, size)
    for before in (kept.signed.checkpoint if kept else None, held):
        _check_held(connection, before)
    head = Checkpoint(signer.name, size, root(size, subtrees(connection)))
    signed = sign(head, signer)
    checkpoints.add(connection, signed, now)
    return signed


def _check_signer(kept: Kept | None, signer: Signer) -> None:
    """Refused unless the key is the one of the last head: another one must be seen to follow it."""
    if kept is not None and kept.signed.by != signer.verifier:
        raise Refused(
            Words(
                f"密钥 {signer.verifier.key_id.hex()} 不是上次签名所用的密钥"
                f"（{kept.signed.by.key_id.hex()}）；更换密钥请用 duban record --rotate。",
                f"The key {signer.verifier.key_id.hex()} is not the one that signed last "
                f"({kept.signed.by.key_id.hex()}); change keys by duban record --rotate.",
            )
        )


def _check_held(connection: Connection, before: Checkpoint | None) -> None:
    """Forked unless the record begins with what `before` says it did."""
    if before is None:
        return
    if before.size > facts.last_seq(connection):
        raise _forked(before)
    if root(before.size, subtrees(connection)) != before.root:
        raise _forked(before)


def _against(head: Signed, roots: dict[int, bytes]) -> list[Words]:
    found = []
    if roots.get(head.checkpoint.size) != head.checkpoint.root:
        found.append(_forked(head.checkpoint).words)
    if not head.by.signed(head.checkpoint.text().encode(), head.signature):
        found.append(
            Words(
                f"第 {head.checkpoint.size} 条处检查点的签名不符",
                f"the signature of the head at {head.checkpoint.size} is not good",
            )
        )
    return found


def _forked(before: Checkpoint) -> Forked:
    return Forked(
        Words(
            f"现有记录与第 {before.size} 条处已签名的检查点（{before.short}）不符："
            "数据库可能由旧备份恢复，或被改动。未签名。请核对备份；"
            "确系恢复备份的，用 duban record --new-epoch 续记。",
            f"The record does not continue the head signed at {before.size} ({before.short}): the "
            "database was restored from an old backup, or changed. Nothing was signed. If a backup "
            "was restored on purpose, go on with duban record --new-epoch.",
        )
    )


def _gap(expected: int, found: int) -> Words:
    return Words(
        f"第 {expected} 条记录缺失（其后是第 {found} 条）",
        f"fact {expected} is missing ({found} follows)",
    )


def _changed(seq: int) -> Words:
    return Words(f"第 {seq} 条记录已被改动", f"fact {seq} was changed")
