"""A superior office cosigns what continues what it saw, and nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.checkpoint import Checkpoint, sign
from inspections.notes import NotSigned, Signer, open_note, read_verifier, seen_at, signatures_of
from inspections.tree import consistency, of_leaves, root
from inspections.witnessing import Fork, Request, Seen, cosigned, read_request
from responsibilities.words import Refused

LOG = Signer("school.example/duban", bytes(range(32)))
BUREAU = Signer("bureau.example/witness", bytes(range(1, 33)))
NOW = 1_795_000_000
# c2sp.org/tlog-cosignature as a public witness (Geomys' navigli, written in Go) speaks it: a head
# of Google's log coachandhorses2026h1, cosigned on 2026-08-02
NAVIGLI = (
    "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G"
)
COSIGNED = (
    "coachandhorses2026h1.staging.certificate.transparency.goog\n185550722\n"
    "YXAM0VmnrfvLaBCOOYSJhCaE5F10oGBOo+hkbDa1kng=\n\n"
    "— witness.navigli.sunlight.geomys.org o+AP4gAAAABqb7DzNrGFRJnQ9vrJ8xpnwZytnr/ZYczDIsvwvouiSjwO"
    "jn7a72ccxBk+lKnZ7dKqkYKER1s/KxLTaVwQD7lJZTC/CQ==\n"
).encode()


def head(count: int, last: int = 0) -> Checkpoint:
    """Of a record of so many leaves; with `last`, the first of them is another one."""
    leaves = leaves_of(count, last)
    return Checkpoint(LOG.name, count, root(count, of_leaves(leaves)))


def leaves_of(count: int, first: int = 0) -> list[bytes]:
    return [sha256(f"{number or -first}".encode()).digest() for number in range(count)]


def request(old: int, new: int, first: int = 0, by: Signer = LOG) -> Request:
    proof = consistency(old, new, of_leaves(leaves_of(new, first))) if old else []
    return Request(old, tuple(proof), sign(head(new, first), by).note())


def test_a_cosignature_of_the_public_witness_network_opens() -> None:
    key = read_verifier(NAVIGLI)
    assert str(key) == NAVIGLI
    _, by = signatures_of(COSIGNED, [key])
    assert seen_at(by[key]) == 0x6A6FB0F3
    with pytest.raises(NotSigned):
        open_note(COSIGNED.replace(b"185550722", b"185550723"), [key])


def test_a_key_that_signs_and_one_that_cosigns_are_told_apart() -> None:
    assert BUREAU.verifier.key_id != BUREAU.cosigner.key_id
    assert read_verifier(str(BUREAU.cosigner)) == BUREAU.cosigner
    text = b"school.example/duban\n1\n"
    moment = BUREAU.cosign(text, NOW)
    assert BUREAU.cosigner.signed(text, moment)
    assert not BUREAU.cosigner.signed(text, BUREAU.cosign(text, NOW + 1)[:8] + moment[8:])
    assert not BUREAU.verifier.signed(text, moment[8:])


@given(st.lists(st.integers(1, 70), min_size=1, max_size=6, unique=True).map(sorted))
def test_heads_that_only_grow_are_cosigned_one_after_the_other(sizes: list[int]) -> None:
    seen, old = Seen(LOG.verifier), 0
    for size in sizes:
        asked = read_request(request(old, size).text())
        seen, old = cosigned(seen, asked, BUREAU, NOW), size
        assert open_note(seen.note, [LOG.verifier, BUREAU.cosigner])[1] == (
            LOG.verifier, BUREAU.cosigner,
        )  # fmt: skip
        assert seen.head == head(size)


@given(st.integers(1, 70), st.integers(1, 70))
def test_a_rewritten_record_is_a_fork_whatever_proof_comes_with_it(old: int, new: int) -> None:
    seen = cosigned(Seen(LOG.verifier), request(0, old), BUREAU, NOW)
    forged = request(min(old, new), new, first=7)
    with pytest.raises(Fork if new >= old else Refused):
        cosigned(seen, forged, BUREAU, NOW)


def test_what_is_older_or_proved_from_elsewhere_is_not_cosigned_but_is_no_fork() -> None:
    seen = cosigned(Seen(LOG.verifier), request(0, 20), BUREAU, NOW)
    for asked in (request(0, 12), request(10, 30), Request(0, (), sign(head(30), LOG).note())):
        with pytest.raises(Refused) as refusal:
            cosigned(seen, asked, BUREAU, NOW)
        assert not isinstance(refusal.value, Fork)
    assert cosigned(seen, request(20, 20), BUREAU, NOW).head == head(20)  # seen once more


def test_another_key_and_another_record_are_not_cosigned() -> None:
    seen = Seen(LOG.verifier)
    with pytest.raises(NotSigned):
        cosigned(seen, request(0, 5, by=BUREAU), BUREAU, NOW)
    other = sign(Checkpoint("other.example/duban", 5, bytes(32)), LOG).note()
    with pytest.raises(NotSigned):
        cosigned(seen, Request(0, (), other), BUREAU, NOW)


@pytest.mark.parametrize("raw", [b"old 3\n????\n\nx", b"old 3\n" + b"AAAA\n" * 64 + b"\nx"])
def test_a_damaged_request_is_none(raw: bytes) -> None:
    with pytest.raises(NotSigned):
        read_request(raw)
