"""The record signed by this installation: its key, and the last head kept outside the database."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from inspections.checkpoint import Checkpoint, Signed, read_checkpoint
from inspections.notes import NotSigned, Signer
from office import seal
from office.binding import Seal
from office.settings import Settings
from responsibilities.words import Refused, Words
from storage.key_file import read_held, read_key, write_held, write_key

logger = logging.getLogger("duban.record")


def sealing(settings: Settings, db: Engine) -> Seal:
    """What the mailroom signs with. Where the record cannot be signed, letters leave without a
    head and the log says why; `duban doctor` says it too."""

    def seal_now(now: datetime) -> Signed | None:
        try:
            return sealed(settings, db, now)
        except Refused as refused:
            logger.error("the record is not signed: %s", refused.words.en)
            return None

    return seal_now


def sealed(settings: Settings, db: Engine, now: datetime) -> Signed:
    """Sign how far the record has come, and keep the head outside the database."""
    return _kept(settings, seal.seal(db, signer(settings, db), now, held(settings)))


def rotated(settings: Settings, db: Engine, now: datetime, by: str) -> Signed:
    """Change to a new key; the old file stays beside it, named by its id."""
    sealed(settings, db, now)
    old = signer(settings, db)
    new = _fresh(old.name)
    return _changed(settings, db, new, lambda: seal.rotate(db, old, new, now, by))


def restored(settings: Settings, db: Engine, now: datetime, by: str, reason: str) -> Signed:
    """Go on in a new epoch after a restored backup; Refused where nothing was lost."""
    old, lost = signer(settings, db), held(settings)
    if lost is None or not _forked(settings, db, now):
        raise Refused(
            Words(
                "现有记录与已签名的检查点相符，不必另起。",
                "The record continues its signed head; there is nothing to take up again.",
            )
        )
    new = Signer(seal.after(lost.origin), old.secret)
    return _changed(settings, db, new, lambda: seal.next_epoch(db, new, lost, now, by, reason))


def signer(settings: Settings, db: Engine) -> Signer:
    """The installation's key; a new one is made where there is none.

    A change of keys that was cut short is finished here if the record has seen it, else undone.
    """
    path = settings.record.key
    coming = read_key(_coming(path))
    if coming is not None:
        kept = seal.last_sealed(db)
        if kept is not None and kept.signed.by == coming.verifier:
            _swap(path)
        else:
            _coming(path).unlink()
    found = read_key(path)
    if found is None:
        found = _fresh(settings.origin)
        write_key(path, found)
    return found


def held(settings: Settings) -> Checkpoint | None:
    """The head kept outside the database; Refused where the file is no head."""
    note = read_held(settings.held)
    if note is None:
        return None
    try:
        return read_checkpoint(note.decode())
    except (NotSigned, UnicodeDecodeError) as error:
        raise Refused(
            Words(
                f"“{settings.held}”已损坏，无法核对记录是否由旧备份恢复；请从存档信函中恢复。",
                f"“{settings.held}” is damaged, so nobody can say whether the record was "
                "restored from an old backup; put it back from a letter on file.",
            )
        ) from error


def _changed(settings: Settings, db: Engine, new: Signer, act: Callable[[], Signed]) -> Signed:
    """`new` is on the disk before the record knows it, and in its place after."""
    write_key(_coming(settings.record.key), new)
    signed = act()
    _swap(settings.record.key)
    return _kept(settings, signed)


def _swap(path: Path) -> None:
    old = read_key(path)
    if old is not None:
        path.replace(path.with_name(f"{path.name}.{old.verifier.key_id.hex()}"))
    _coming(path).replace(path)


def _coming(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _kept(settings: Settings, signed: Signed) -> Signed:
    note = signed.note()
    if read_held(settings.held) != note:
        write_held(settings.held, note)
    return signed


def _forked(settings: Settings, db: Engine, now: datetime) -> bool:
    try:
        sealed(settings, db, now)
    except seal.Forked:
        return True
    return False


def _fresh(origin: str) -> Signer:
    return Signer(origin, Ed25519PrivateKey.generate().private_bytes_raw())
