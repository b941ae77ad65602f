"""Signed notes: a text and who signed it, as c2sp.org/signed-note says (Ed25519, type 0x01), and
who has witnessed it and when (c2sp.org/tlog-cosignature, type 0x04).

Go's sumdb, Sigstore and the witness network read the same files, so an inspector need not trust
our own verifier.
"""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = b"\1", b"\4"
_MOMENT = 8
"""Bytes of the seconds since 1970 that stand before a cosignature."""
_MOST = 100
"""Signatures on one note; more is an attack on the reader."""
_LARGEST = 1_000_000


class NotSigned(ValueError):
    """A note that is malformed, or not signed by the key that was expected."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key and the name it signs under; printed in the plan's appendix as `vkey`."""

    name: str
    public: bytes
    """32 bytes (RFC 8032)."""
    kind: bytes = ED25519
    """One byte: what it signs, the text alone or (COSIGNATURE) when it saw the text."""

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart; no proof of anything."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(self.kind + self.public).decode()}"

    def signed(self, text: bytes, signature: bytes) -> bool:
        """Whether `signature` is this key's over `text`."""
        if self.kind == COSIGNATURE:
            text, signature = _dated(text, signature[:_MOMENT]), signature[_MOMENT:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the name it signs under."""

    name: str
    secret: bytes
    """The 32-byte seed (RFC 8032); lives in a file of its own, outside database and backups."""

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.secret).public_key()
        return Verifier(self.name, public.public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """The 64 bytes of this key's signature over `text`."""
        return Ed25519PrivateKey.from_private_bytes(self.secret).sign(text)

    @property
    def cosigner(self) -> Verifier:
        """The public half as that of a witness."""
        return Verifier(self.name, self.verifier.public, COSIGNATURE)

    def cosign(self, text: bytes, at: int) -> bytes:
        """That this key saw `text` at `at`, seconds since 1970: 72 bytes."""
        moment = at.to_bytes(_MOMENT, "big")
        return moment + self.sign(_dated(text, moment))


def seen_at(cosignature: bytes) -> int:
    """When a cosignature says that it was made, in seconds since 1970."""
    return int.from_bytes(cosignature[:_MOMENT], "big")


def _dated(text: bytes, moment: bytes) -> bytes:
    """What a witness signs; the first line keeps it apart from all that others sign."""
    return b"cosignature/v1\ntime %d\n" % int.from_bytes(moment, "big") + text


def read_verifier(vkey: str) -> Verifier:
    """`name+key id+base64` as printed; NotSigned where the parts do not belong together."""
    name, _, rest = vkey.strip().partition("+")
    shown, _, coded = rest.partition("+")
    key = _decoded(coded)
    if not is_name(name) or len(key) != 33 or key[:1] not in (ED25519, COSIGNATURE):
        raise NotSigned("not a verifier key")
    found = Verifier(name, key[1:], key[:1])
    if found.key_id.hex() != shown:
        raise NotSigned("the key's id does not match its name and bytes")
    return found


def signed_note(text: str, signatures: Sequence[tuple[Verifier, bytes]]) -> bytes:
    """The note as a file. `text` ends with a line end and holds no other control characters."""
    if not text.endswith("\n") or any(c < " " and c != "\n" for c in text):
        raise ValueError("a note's text is lines, the last one ended")
    lines = [
        f"— {key.name} {b64encode(key.key_id + signature).decode()}\n"
        for key, signature in signatures
    ]
    return f"{text}\n{''.join(lines)}".encode()


def open_note(note: bytes, trusted: Sequence[Verifier]) -> tuple[str, tuple[Verifier, ...]]:
    """The text of a note and which of the `trusted` keys signed it (one at least).

    Signatures of unknown keys are ignored; a wrong one of a trusted key spoils the whole note.
    """
    text, found = signatures_of(note, trusted)
    return text, tuple(found)


def signatures_of(note: bytes, trusted: Sequence[Verifier]) -> tuple[str, dict[Verifier, bytes]]:
    """As `open_note`, with the signature of each."""
    body, lines = _parts(note)
    by = dict[Verifier, bytes]()
    for line in lines:
        name, signature = _signature_line(line)
        for key in trusted:
            if (key.name, key.key_id) != (name, signature[:4]) or key in by:
                continue
            if not key.signed(body, signature[4:]):
                raise NotSigned(f"the signature of {name} is not good")
            by[key] = signature[4:]
    if not by:
        raise NotSigned("signed by none of the keys that are trusted")
    try:
        return body.decode(), by
    except UnicodeDecodeError:
        raise NotSigned("not a note") from None


def _parts(note: bytes) -> tuple[bytes, list[bytes]]:
    """The bytes that are signed, and the lines of signatures."""
    head, blank, tail = note.rpartition(b"\n\n")
    lines = tail.split(b"\n")
    control = any(byte < 0x20 and byte != 0x0A for byte in note)
    if control or len(note) > _LARGEST or not blank or not head or lines.pop() != b"":
        raise NotSigned("not a note")
    if not 0 < len(lines) <= _MOST:
        raise NotSigned("no signature, or too many")
    return head + b"\n", lines


def is_name(name: str) -> bool:
    """Whether a key may sign under this name."""
    return bool(name) and "+" not in name and not any(c.isspace() or c < " " for c in name)


def _signature_line(line: bytes) -> tuple[str, bytes]:
    try:
        dash, name, coded = line.decode().split(" ")
    except ValueError:
        raise NotSigned("not a signature line") from None
    signature = _decoded(coded)
    if dash != "—" or not is_name(name) or len(signature) < 5:
        raise NotSigned("not a signature line")
    return name, signature


def _decoded(coded: str) -> bytes:
    """Standard base64, strictly: one way to write it, so that no two notes mean the same."""
    try:
        found = b64decode(coded, validate=True)
    except (NotBase64, ValueError):
        raise NotSigned("not base64") from None
    if b64encode(found).decode() != coded:
        raise NotSigned("not base64")
    return found
