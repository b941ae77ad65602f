"""Signed heads of the record, as files and as a line under a letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.checkpoint import (
    Checkpoint,
    codes_in,
    open_checkpoint,
    read_checkpoint,
    sign,
)
from inspections.notes import NotSigned, Signer, Verifier, open_note, read_verifier, signed_note
from inspections.proofs import Proof, open_proof
from inspections.record import leaf
from inspections.tree import inclusion, of_leaves, root

# the example of c2sp.org/signed-note
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2"
    "ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
ORIGIN = "school.example/anti-fraud"
KEY = Signer(ORIGIN, bytes(range(32)))
OTHER = Signer("bureau.example/witness", bytes(range(1, 33)))
HEAD = Checkpoint(ORIGIN, 20852163, bytes(range(100, 132)))


def test_the_example_of_the_specification_opens() -> None:
    key = read_verifier(VKEY)
    assert str(key) == VKEY
    assert open_note(NOTE, [key]) == ("This is an example message.\n", (key,))


def test_a_checkpoint_is_a_note_that_other_verifiers_read() -> None:
    signed = sign(HEAD, KEY)
    lines = signed.note().decode().splitlines()
    assert lines[:4] == [ORIGIN, "20852163", "ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=", ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert open_checkpoint(signed.note(), [KEY.verifier]) == HEAD


def test_a_witness_signs_beside_the_record() -> None:
    text = HEAD.text()
    both = [(one.verifier, one.sign(text.encode())) for one in (KEY, OTHER)]
    note = signed_note(text, both)
    assert open_note(note, [KEY.verifier, OTHER.verifier])[1] == (KEY.verifier, OTHER.verifier)
    assert open_note(note, [OTHER.verifier])[1] == (OTHER.verifier,)


def test_a_note_of_an_unknown_key_is_refused() -> None:
    with pytest.raises(NotSigned, match="none of the keys"):
        open_checkpoint(sign(HEAD, KEY).note(), [OTHER.verifier])


def test_a_wrong_signature_of_a_known_key_spoils_the_note() -> None:
    text = HEAD.text()
    good, bad = (OTHER.verifier, OTHER.sign(text.encode())), (KEY.verifier, bytes(64))
    wrong = signed_note(text, [good, bad])
    with pytest.raises(NotSigned, match="not good"):
        open_note(wrong, [OTHER.verifier, KEY.verifier])


@given(st.integers(0, len(NOTE) - 1), st.integers(1, 255))
def test_no_byte_of_a_note_can_be_changed(place: int, change: int) -> None:
    """(The key's name and id only say who claims to have signed: then nobody known has.)"""
    changed = bytearray(NOTE)
    changed[place] ^= change
    with pytest.raises(NotSigned):
        open_note(bytes(changed), [read_verifier(VKEY)])


@given(st.binary(max_size=300))
def test_any_bytes_are_a_note_or_refused(note: bytes) -> None:
    with pytest.raises(NotSigned):
        open_note(note, [KEY.verifier])


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n01\nAAAA\n", f"{ORIGIN}\n-1\n{'A' * 43}=\n", f"{ORIGIN}\n7\n{'A' * 8}\n",
     f"\n7\n{'A' * 43}=\n", f"{ORIGIN}\n7\n{'!' * 44}\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotSigned):
        read_checkpoint(text)


@pytest.mark.parametrize("vkey", ["", "a", "a+b", VKEY[:-4], VKEY.replace("530d", "530e"), "+a+b"])
def test_what_is_no_key_is_refused(vkey: str) -> None:
    with pytest.raises(NotSigned):
        read_verifier(vkey)


@pytest.mark.parametrize(
    "mangled",
    [
        lambda code: code,
        lambda code: f"> {code[:76]}\n> {code[76:]}",
        lambda code: f"> > {code[:60]}\r\n> > {code[60:120]}\r\n> > {code[120:]}",
        lambda code: "\n".join(code[at : at + 40] for at in range(0, len(code), 40)),
        lambda code: f"记录校验码：{code}。",
        lambda code: f"<p>{code}</p>",
        lambda code: f"| {code[:70]} |\n| {code[70:]} |",
    ],
)
def test_the_code_is_found_again_in_a_mail_that_was_wrapped_or_quoted(mangled) -> None:  # type: ignore[no-untyped-def]
    signed = sign(HEAD, KEY)
    assert len(signed.code()) == 150
    text = f"各单位：\n……\n{mangled(signed.code())}\n此致"
    assert codes_in(text, KEY.verifier, ORIGIN) == [signed]


def test_a_code_of_another_record_or_a_damaged_one_is_passed_over() -> None:
    code = sign(HEAD, KEY).code()
    assert codes_in(code, KEY.verifier, "school.example/other") == []
    assert codes_in(code, Verifier(ORIGIN, OTHER.verifier.public), ORIGIN) == []
    assert codes_in(code[:-1] + ("A" if code[-1] != "A" else "B"), KEY.verifier, ORIGIN) == []
    assert codes_in(code[:-5], KEY.verifier, ORIGIN) == []


def test_the_short_print_is_for_paper() -> None:
    assert HEAD.short == "6465 6667 6869 6a6b"


def test_a_secret_is_never_shown() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert repr(KEY) == f"Signer('{ORIGIN}')"


def test_a_proof_is_a_file_that_stands_alone() -> None:
    records = [b'{"n":%d}' % number for number in range(20)]
    tree = of_leaves([leaf(record) for record in records])
    signed = sign(Checkpoint(ORIGIN, 20, root(20, tree)), KEY)
    proof = Proof(7, records[7], tuple(inclusion(7, 20, tree)), signed).text()
    assert open_proof(proof, [KEY.verifier]) == (records[7], 7, signed.checkpoint)
    for spoiled in (
        proof.replace("index 7", "index 8"),
        proof.replace("index 7", "index seven"),
        proof.replace("extra eyJ", "extra eyK"),
        proof.replace("tlog-proof@v1", "tlog-proof@v2"),
        proof.partition("\n\n")[0],
        "",
    ):
        with pytest.raises(NotSigned):
            open_proof(spoiled, [KEY.verifier])
    with pytest.raises(NotSigned):
        open_proof(proof, [OTHER.verifier])
