"""The tree over the record: against public vectors, and against the definition itself."""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.record import leaf
from inspections.tree import consistency, continues, includes, inclusion, of_leaves, root

VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "vectors" / "rfc6962.json").read_text("utf-8")
)
LEAVES = [leaf(b"fact %d" % number) for number in range(130)]
WHOLE = of_leaves(LEAVES)


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\1" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def decoded(proof: list[str] | None) -> list[bytes]:
    return [b64decode(one) for one in proof or []]


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=lambda case: str(case["desc"]))
def test_public_inclusion_vectors(case: dict[str, Any]) -> None:
    shown = includes(
        case["leafIdx"],
        case["treeSize"],
        b64decode(case["leafHash"] or ""),
        decoded(case["proof"]),
        b64decode(case["root"] or ""),
    )
    assert shown is not case["wantErr"]


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=lambda case: str(case["desc"]))
def test_public_consistency_vectors(case: dict[str, Any]) -> None:
    shown = continues(
        case["size1"],
        case["size2"],
        b64decode(case["root1"] or ""),
        b64decode(case["root2"] or ""),
        decoded(case["proof"]),
    )
    assert shown is not case["wantErr"]


@pytest.mark.parametrize("size", range(len(LEAVES) + 1))
def test_the_root_is_the_one_defined(size: int) -> None:
    assert root(size, WHOLE) == by_definition(LEAVES[:size])


def test_every_fact_of_every_small_record_can_be_shown() -> None:
    for size in range(1, 66):
        head = root(size, WHOLE)
        for index in range(size):
            proof = inclusion(index, size, WHOLE)
            assert includes(index, size, LEAVES[index], proof, head)


def test_every_small_record_is_shown_to_continue_every_shorter_one() -> None:
    for new in range(1, 66):
        for old in range(1, new + 1):
            proof = consistency(old, new, WHOLE)
            assert continues(old, new, root(old, WHOLE), root(new, WHOLE), proof)


@given(st.integers(1, 130), st.data())
def test_a_proof_with_one_bit_changed_shows_nothing(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    parts = [LEAVES[index], root(size, WHOLE), *inclusion(index, size, WHOLE)]
    which = data.draw(st.integers(0, len(parts) - 1))
    bit = data.draw(st.integers(0, 255))
    parts[which] = (int.from_bytes(parts[which], "big") ^ 1 << bit).to_bytes(32, "big")
    assert not includes(index, size, parts[0], parts[2:], parts[1])


@given(st.integers(2, 130), st.data())
def test_no_record_continues_one_that_was_edited(size: int, data: st.DataObject) -> None:
    """Edit, delete, insert or swap below the size of a held head: no proof can be made to fit."""
    held = root(size, WHOLE)
    where = data.draw(st.integers(0, size - 2))
    kind = data.draw(st.sampled_from(["edit", "delete", "insert", "swap"]))
    forged = list(LEAVES)
    if kind == "edit":
        forged[where] = leaf(b"another")
    elif kind == "delete":
        del forged[where]
    elif kind == "insert":
        forged.insert(where, leaf(b"another"))
    else:
        forged[where], forged[where + 1] = forged[where + 1], forged[where]
    tree = of_leaves(forged)
    new = data.draw(st.integers(size, len(forged))) if size <= len(forged) else len(forged)
    if new >= size:
        proof = consistency(size, new, tree)
        assert not continues(size, new, held, root(new, tree), proof)


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="no leaf 5"):
        inclusion(5, 5, WHOLE)
    with pytest.raises(ValueError, match="not the beginning"):
        consistency(6, 5, WHOLE)
    assert not includes(5, 5, LEAVES[5], [], root(5, WHOLE))
    assert not continues(0, 5, root(0, WHOLE), root(5, WHOLE), [])
