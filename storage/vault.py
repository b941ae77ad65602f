"""Where the values behind the record's commitments lie, encrypted under a key for each case.

The keys stand in the database wrapped (RFC 3394) by a master key that lies in a file outside the
database and outside its backups. A value is a row: AES-256-GCM of salt and text under the key of
its case. Erasing deletes rows and keys: what remains is the commitment in the record.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap,
    aes_key_wrap,
)
from sqlalchemy import Connection

from inspections.record import Private
from inspections.sealing import SALT, commitment
from responsibilities.words import Refused, Words
from storage import bulk
from storage.engine import KEY_FILE
from storage.tables import vault, vault_keys

_KEY, _NONCE = 32, 12
CLOSED = "（无法打开：缺少密钥）"
"""What is read in the place of a value whose master key is not there."""


class Opening(Private):
    """A value with the salt that its commitment was made with."""

    __slots__ = ("salt",)
    salt: bytes


class Vault:
    """Values to be kept within one transaction; `store` writes them together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._keys: dict[str, AESGCM] = {}
        self._new: list[bulk.Row] = []
        self._rows: list[bulk.Row] = []

    def keep(self, case: str, value: str) -> str:
        """The commitment to a value that is to belong to `case`."""
        salt, nonce = token_bytes(SALT), token_bytes(_NONCE)
        given = commitment(salt, value)
        box = nonce + self._key(case).encrypt(nonce, salt + value.encode(), given.encode())
        self._rows.append((given, case, box))
        return given

    def store(self) -> None:
        """Write what was kept."""
        bulk.insert_rows(self._connection, vault_keys, self._new)
        bulk.insert_rows(self._connection, vault, self._rows)

    def _key(self, case: str) -> AESGCM:
        known = self._keys.get(case)
        if known is None:
            known = self._keys[case] = AESGCM(self._stored(case) or self._made(case))
        return known

    def _stored(self, case: str) -> bytes | None:
        query = "SELECT wrapped FROM vault_keys WHERE case_ = ?"
        for (wrapped,) in bulk.fetched(self._connection, query, (case,)):
            try:
                return aes_key_unwrap(_master(self._connection), bytes(wrapped))
            except InvalidUnwrap as error:
                raise _missing(_file(self._connection)) from error
        return None

    def _made(self, case: str) -> bytes:
        made = token_bytes(_KEY)
        self._new.append((case, aes_key_wrap(_master(self._connection), made)))
        return made


def values(connection: Connection, wanted: Iterable[str]) -> dict[str, Private]:
    """The values behind these commitments, by commitment; those that were erased are not there."""
    return {given: Private(one, one.case) for given, one in openings(connection, wanted).items()}


def openings(connection: Connection, wanted: Iterable[str]) -> dict[str, Opening]:
    """As `values`, with their salts."""
    listed = list(wanted)
    if not listed:
        return {}
    found = bulk.chosen(connection, f"{_ROWS} WHERE commitment IN (?)", listed)
    return _open(connection, [tuple(row) for row in found])


def of_case(connection: Connection, case: str) -> dict[str, Opening]:
    """Every value that belongs to a case, by commitment."""
    return _open(connection, bulk.fetched(connection, f"{_ROWS} WHERE vault.case_ = ?", (case,)))


def forget(connection: Connection, gone: Sequence[str], cases: Sequence[str] = ()) -> None:
    """Destroy the values behind these commitments with their salts, and keys that open nothing."""
    touched = bulk.chosen(connection, "SELECT case_ FROM vault WHERE commitment IN (?)", gone)
    bulk.run(connection, "DELETE FROM vault WHERE commitment = ?", [(one,) for one in gone])
    unused = (
        "DELETE FROM vault_keys WHERE case_ = ? "
        "AND NOT EXISTS (SELECT 1 FROM vault WHERE vault.case_ = vault_keys.case_)"
    )
    bulk.run(connection, unused, sorted({(case,) for (case,) in touched} | {(c,) for c in cases}))


def commitments_in(connection: Connection, case: str) -> list[str]:
    """The commitments whose values belong to a case."""
    query = "SELECT commitment FROM vault WHERE case_ = ? ORDER BY commitment"
    return [given for (given,) in bulk.fetched(connection, query, (case,))]


_ROWS = (
    "SELECT vault.commitment, vault.case_, vault.box, vault_keys.wrapped "
    "FROM vault JOIN vault_keys ON vault_keys.case_ = vault.case_"
)


def _open(connection: Connection, rows: Sequence[bulk.Row]) -> dict[str, Opening]:
    if not rows:
        return {}
    path, keys = _file(connection), dict[bytes, AESGCM | None]()
    master = _read(path) if path is not None else None
    found = dict[str, Opening]()
    for given, case, box, wrapped in rows:
        sealed_key = bytes(wrapped)
        if sealed_key not in keys:
            keys[sealed_key] = _unwrapped(master, sealed_key)
        found[given] = _opened(keys[sealed_key], given, case, bytes(box))
    return found


def _unwrapped(master: bytes | None, wrapped: bytes) -> AESGCM | None:
    try:
        return AESGCM(aes_key_unwrap(master, wrapped)) if master else None
    except InvalidUnwrap:
        return None


def _opened(key: AESGCM | None, given: str, case: str, box: bytes) -> Opening:
    salt, text = b"", CLOSED
    if key is not None:
        try:
            plain = key.decrypt(box[:_NONCE], box[_NONCE:], given.encode())
            salt, text = plain[:SALT], plain[SALT:].decode()
        except InvalidTag:
            pass
    made = Opening(text, case)
    made.salt = salt
    return made


def forget_again(connection: Connection, erased: Iterable[str]) -> int:
    """Keep the list of what was erased beside the master key, and destroy what is on it once more.

    So a database restored from an old backup loses again what was erased since; how many values.
    """
    path = _file(connection)
    if path is None:
        return 0
    beside = path.with_name("vault.erased")
    before = set(beside.read_text("ascii").split()) if beside.exists() else set()
    listed = before | set(erased)
    query = "SELECT commitment FROM vault WHERE commitment IN (?)"
    back = [given for (given,) in bulk.chosen(connection, query, listed)]
    forget(connection, back)
    if listed != before:
        fresh = beside.with_name(f".{beside.name}.new")
        fresh.write_text("".join(f"{given}\n" for given in sorted(listed)), "ascii")
        fresh.replace(beside)
    return len(back)


def _file(connection: Connection) -> Path | None:
    found: Mapping[str, Path | None] = connection.get_execution_options()
    return found.get(KEY_FILE)


def _master(connection: Connection) -> bytes:
    """The master key, made where nothing was ever sealed; Refused where it has been lost."""
    path = _file(connection)
    found = _read(path) if path is not None else None
    if found is not None:
        return found
    if path is None or bulk.fetched(connection, "SELECT 1 FROM vault_keys LIMIT 1", ()):
        raise _missing(path)
    made = token_bytes(_KEY)
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="ascii") as opened:
        opened.write(f"{made.hex()}\n")
        opened.flush()
        os.fsync(opened.fileno())
    _durable(path.parent)
    return made


def _durable(folder: Path) -> None:
    """The key's name is on the disk before anything is sealed with it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> bytes | None:
    try:
        key = bytes.fromhex(path.read_text("ascii"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _missing(path) from error
    if len(key) != _KEY:
        raise _missing(path)
    return key


def _missing(path: Path | None) -> Refused:
    named = path or "vault.key"
    return Refused(
        Words(
            f"保险库密钥文件“{named}”缺失、损坏或不是本库所用；请从密钥的备份恢复，未做任何更改。",
            f"The vault's key file “{named}” is missing, damaged or another one's; restore it from "
            "the key's own backup. Nothing was changed.",
        )
    )
