"""Our signature, checked by the library that others check with."""

from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from notifications.compose import compose
from notifications.dkim import Signer, signed, signer
from notifications.letters import KINDS
from notifications.specimen import DATE, specimen
from responsibilities.words import Refused

SECONDS = int(DATE.timestamp())


@cache
def pem(whose: str = "ours") -> str:
    """A key of `whose`, the same for the whole run."""
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def ours(whose: str = "ours") -> Signer:
    return signer("college.example", "duban", pem(whose))


def holds(message: bytes, by: Signer) -> bool:
    """Whether dkimpy believes it, with our record in the DNS."""

    def answer(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"duban._domainkey.college.example."
        return by.record.encode()

    return bool(dkim.verify(message, dnsfunc=answer))


@pytest.mark.parametrize("letter", KINDS)
def test_every_kind_of_letter_is_signed_so_that_others_believe_it(letter: str) -> None:
    for language in ("zh", "en"):
        message = signed(compose(specimen(letter, language)), ours(), SECONDS)
        assert holds(message, ours())
        assert max(map(len, message.split(b"\r\n"))) <= 998


def test_a_relay_that_folds_anew_or_adds_lines_at_the_end_breaks_nothing() -> None:
    message = signed(compose(specimen("digest", "zh")), ours(), SECONDS)
    relayed = b"Received: from a\r\n by b\r\n" + message.replace(b"\r\n ", b"\r\n\t ") + b"\r\n\r\n"
    assert holds(relayed, ours())


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (b"To: ", b"To: x"),
        (b"Date: Mon", b"Date: Tue"),
        (b"\r\n\r\n--=_", b"\r\n\r\nhello\r\n--=_"),
    ],
)
def test_what_was_changed_on_the_way_is_not_believed(was: bytes, now: bytes) -> None:
    message = signed(compose(specimen("overdue", "zh")), ours(), SECONDS)
    assert was in message
    assert not holds(message.replace(was, now, 1), ours())


def test_the_same_letter_has_the_same_signature() -> None:
    message = compose(specimen("overdue", "zh"))
    assert signed(message, ours(), SECONDS) == signed(message, ours(), SECONDS)


@pytest.mark.parametrize("key", ["", "not a key", "-----BEGIN PRIVATE KEY-----\nsecret\n"])
def test_a_key_that_is_none_is_refused_without_a_word_of_it(key: str) -> None:
    with pytest.raises(Refused) as refused:
        signer("college.example", "duban", key)
    assert "secret" not in str(refused.value)
    assert "PRIVATE" not in repr(ours())


@pytest.mark.parametrize(
    ("domain", "selector"), [("college.example; x", "duban"), ("college.example", "du ban")]
)
def test_names_that_are_none_are_refused(domain: str, selector: str) -> None:
    with pytest.raises(Refused):
        signer(domain, selector, pem("ours"))
