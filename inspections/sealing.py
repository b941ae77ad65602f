"""Personal values and free text in a fact: the record holds commitments, the values lie elsewhere.

A commitment is HMAC-SHA256(salt, value) under 32 random bytes of its own. Nobody can guess a value
from it, and whoever is given salt and value can check it. When both are gone the record still
proves that something was there, and no longer what.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hmac import digest
from typing import Any

from inspections.record import Private
from responsibilities.tasks import SYSTEM, Fact, FactKind

SALT = 32
"""Bytes of a salt."""
ERASED = Private("（已删除）")
"""What is read in the place of a value that was erased."""
TYPED = frozenset({"reason", "note", "remark", "second_signer"})
"""Names under which a body holds what a person typed: sealed without being marked `Private`."""
_SEALED = "sealed"
_BY = "sealed:"
_MARK = '{"sealed":"'


def commitment(salt: bytes, value: str) -> str:
    """What the record holds of a value: 64 hexadecimal digits."""
    return digest(salt, value.encode(), "sha256").hex()


def sealed(fact: Fact, keep: Callable[[str, str], str]) -> Fact:
    """The fact as the record holds it: `keep` is given the case and text of what is private and
    returns the commitment. Private are `Private` texts, and, unless the system did it, the doer
    and what stands under TYPED names."""
    case, by_system = case_of(fact), fact.by == SYSTEM

    def private(value: str) -> dict[str, str]:
        own = value.case if isinstance(value, Private) else ""
        return {_SEALED: keep(own or case, str(value))}

    typed = {} if by_system else {n: v for n, v in fact.body.items() if n in TYPED and v}
    body = {**_mapped(fact.body, private), **{name: private(v) for name, v in typed.items()}}
    return replace(fact, by=fact.by if by_system else _BY + keep(case, fact.by), body=body)


def case_of(fact: Fact) -> str:
    """What a value belongs to that names no case: the task, the incident, or the fact alone.

    Who has read of an incident does not go with it.
    """
    if fact.kind is FactKind.READ:
        return fact.key
    return fact.task or str(fact.body.get("event") or fact.key)


def holds_sealed(by: str, body: str) -> bool:
    """Whether a stored fact can hold a commitment: a glance at its text, for many facts."""
    return by.startswith(_BY) or _MARK in body


def commitments(fact: Fact) -> Iterator[str]:
    """Every commitment in a fact as the record holds it."""
    if fact.by.startswith(_BY):
        yield fact.by.removeprefix(_BY)
    yield from sealed_within(fact.body)


def opened(fact: Fact, values: Mapping[str, Private]) -> Fact:
    """The fact with the values behind its commitments; what is not among `values` is ERASED."""
    by = fact.by
    if by.startswith(_BY):
        by = values.get(by.removeprefix(_BY), ERASED)
    return replace(fact, by=by, body=opened_values(fact.body, values))


def sealed_values(value: Any, case: str, keep: Callable[[str, str], str]) -> Any:
    """As `sealed`, for a value of any depth: its `Private` texts belong to `case`."""
    return _mapped(value, lambda text: {_SEALED: keep(case, str(text))})


def _is_sealed(value: object) -> bool:
    return isinstance(value, dict) and value.keys() == {_SEALED} and type(value[_SEALED]) is str


def _mapped(value: Any, private: Callable[[str], dict[str, str]]) -> Any:
    if isinstance(value, Private):
        return private(value)
    if isinstance(value, Mapping):
        return {name: _mapped(item, private) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mapped(item, private) for item in value]
    return value


def sealed_within(value: Any) -> Iterator[str]:
    """Every commitment inside a value, at any depth."""
    if _is_sealed(value):
        yield value[_SEALED]
    elif isinstance(value, dict):
        for item in value.values():
            yield from sealed_within(item)
    elif isinstance(value, list):
        for item in value:
            yield from sealed_within(item)


def opened_values(value: Any, values: Mapping[str, Private]) -> Any:
    """As `opened`, for a value of any depth."""
    if _is_sealed(value):
        return values.get(value[_SEALED], ERASED)
    if isinstance(value, dict):
        return {name: opened_values(item, values) for name, item in value.items()}
    if isinstance(value, list):
        return [opened_values(item, values) for item in value]
    return value
