"""The bytes of a fact, the same on every machine for ever, and their leaf in the log.

Canonical: JSON with sorted keys, UTF-8, no white space (RFC 8785 for the values allowed here).
Allowed are integers up to 2^53 - 1, strings, booleans, lists and maps with string keys. Floats are
refused, because two programs print them differently; names outside the Basic Multilingual Plane,
because RFC 8785 sorts them otherwise; `Private` text, because the record cannot be erased: it must
be sealed first.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Self, cast

import orjson

from responsibilities.tasks import Fact

_LARGEST = 2**53 - 1


class Private(str):
    """Text about a person, or free text: a fact holds only a commitment to it (see `sealing`).

    `case` says what it belongs to; empty: what the fact is about. It is erased with its case.
    """

    __slots__ = ("case",)
    case: str

    def __new__(cls, text: str, case: str = "") -> Self:
        made = super().__new__(cls, text)
        made.case = case
        return made


class NotCanonical(TypeError):
    """A value that a fact must not hold; `where` is its path inside the body."""

    def __init__(self, where: str, value: object) -> None:
        shown = "private text" if isinstance(value, Private) else f"a {type(value).__name__}"
        super().__init__(f"a fact cannot hold {shown} at {where or 'the top'}")
        self.where = where


def canonical(value: Any) -> bytes:
    """The canonical bytes of a fact's body; NotCanonical for what a fact must not hold."""
    _check(value, "")
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def record(fact: Fact, at: str, body: bytes) -> bytes:
    """The canonical bytes of a whole fact: `at` is its instant as ISO text, `body` canonical."""
    return framed(fact.key, fact.kind.value, at, fact.by, body, fact.task or "")


def framed(key: str, kind: str, at: str, by: str, body: bytes, task: str) -> bytes:
    """As `record`, from the parts."""
    return head(key, kind, at, by, body) + tail(task)


def head(key: str, kind: str, at: str, by: str, body: bytes) -> bytes:
    """The first part of a record, which the 50 units of one period share.

    The names stand in the order in which canonical JSON sorts them.
    """
    return b'{"at":%b,"body":%b,"by":%b,"key":%b,"kind":%b,"task":' % (
        orjson.dumps(at), body, orjson.dumps(by), orjson.dumps(key), orjson.dumps(kind),
    )  # fmt: skip


def tail(task: str) -> bytes:
    """The rest of a record: the task it is about, and the version of the format."""
    return b'%b,"v":1}' % orjson.dumps(task)


def leaf(record: bytes) -> bytes:
    """The leaf hash of RFC 9162, section 2.1.1: SHA-256(0x00 || record)."""
    return sha256(b"\0" + record).digest()


def _check(value: object, where: str) -> None:
    kind = type(value)
    if kind is str or kind is bool or (kind is int and abs(cast(int, value)) <= _LARGEST):
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            _check_name(name, where)
            _check(item, f"{where}/{name}")
    elif kind is list or kind is tuple:
        for number, item in enumerate(cast(list[object], value)):
            _check(item, f"{where}/{number}")
    else:
        raise NotCanonical(where, value)


def _check_name(name: object, where: str) -> None:
    if type(name) is not str or (not name.isascii() and max(name) > "\uffff"):
        raise NotCanonical(where, name)
