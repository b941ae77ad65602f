"""The bytes of a fact: one way to write it, on every machine, for ever."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.fact_words import KINDS
from inspections.record import NotCanonical, Private, canonical, leaf, record
from responsibilities.tasks import Fact, FactKind

NAMES = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0xFFFF), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_canonical_bytes_are_sorted_json_without_white_space(value: Any) -> None:
    expected = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert json.loads(canonical(value)) == json.loads(expected)
    assert canonical(json.loads(canonical(value))) == canonical(value)
    assert b"\n" not in canonical(value)


@given(st.dictionaries(NAMES, st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_in_which_names_were_given_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(NAMES, NAMES, NAMES, st.dictionaries(NAMES, VALUES, max_size=3))
def test_a_whole_record_is_canonical_itself(
    task: str, key: str, by: str, body: dict[str, Any]
) -> None:
    fact = Fact(task or None, key, FactKind.TOLD, datetime(2026, 11, 23, tzinfo=UTC), by, body)
    written = record(fact, "2026-11-23T00:00:00Z", canonical(body))
    assert written == canonical(json.loads(written))
    assert json.loads(written) == {
        "at": "2026-11-23T00:00:00Z", "body": body, "by": by, "key": key, "kind": "told",
        "task": task, "v": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"loss": 1.5}, "/loss"),
        ({"victims": ["A-1", Private("张某")]}, "/victims/1"),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, "/at"),
        ({"missing": None}, "/missing"),
        ({"kind": FactKind.TOLD}, "/kind"),
        ({"large": 2**53}, "/large"),
        ({"\U00020bb7": 1}, ""),
        ({"deep": {1: "x"}}, "/deep"),
    ],
)
def test_what_cannot_be_written_one_way_is_refused_with_its_place(
    body: dict[str, Any], where: str
) -> None:
    with pytest.raises(NotCanonical) as refused:
        canonical(body)
    assert refused.value.where == where
    assert "张某" not in str(refused.value)


def test_a_leaf_is_the_hash_of_rfc_9162() -> None:
    assert leaf(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert leaf(b"a") == sha256(b"\x00a").digest()


def test_every_kind_of_fact_has_a_name_in_both_languages() -> None:
    assert set(KINDS) == set(FactKind)
