"""A compiled plan as bytes: canonical JSON, the same on every machine, and back again."""

from functools import cache
from hashlib import sha256
from typing import Any, Final

import orjson
from pydantic import TypeAdapter

from responsibilities.plan import Plan

_DERIVED: Final = frozenset({"_weeks", "_mondays", "_students", "_vacations"})
"""What a school calendar works out again when it is made."""


@cache
def _plans() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def dump(plan: Plan) -> bytes:
    """The plan as JSON, UTF-8, keys sorted, without white space: equal plans give equal bytes."""
    data = _plans().dump_python(plan, mode="json", exclude={"school": set(_DERIVED)})
    return canonical(data)


def load(snapshot: bytes | str) -> Plan:
    """The plan that `dump` was given; raises pydantic's ValidationError on anything else."""
    return _plans().validate_json(snapshot)


def digest(snapshot: bytes) -> str:
    """SHA-256 of the bytes, 64 hex digits: the name of this version of the plan."""
    return sha256(snapshot).hexdigest()


def canonical(data: Any) -> bytes:
    """JSON with sorted keys and no white space."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
