"""Signing our letters (DKIM, RFC 6376), where the relay does not do it itself.

relaxed/relaxed with rsa-sha256, which every receiver checks (few know Ed25519). The bytes of a
letter are fixed before its first attempt, and so is its signature.
"""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from responsibilities.words import Refused, Words

SIGNED = (
    "from", "to", "subject", "date", "message-id", "reply-to", "in-reply-to", "references",
    "mime-version", "content-type", "auto-submitted",
)  # fmt: skip
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+")
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LEAST_BITS = 1024


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: `selector._domainkey.domain` is where the DNS has the public key."""

    domain: str
    selector: str
    key: RSAPrivateKey = field(repr=False)

    @property
    def record(self) -> str:
        """What the TXT record has to say."""
        public = self.key.public_key()
        found = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={b64encode(found).decode('ascii')}"


def signer(domain: str, selector: str, pem: str) -> Signer:
    """A signer with a key in PEM; Refused (without a word of the key) where it is of no use."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_BITS:
        raise Refused(
            Words(
                "DKIM 私钥无法使用，应为未加密的 PEM 格式 RSA 私钥（1024位以上）。",
                "The DKIM key is of no use; it should be RSA of 1024 bits or more, as PEM without "
                "a passphrase.",
            )
        )
    if not (_DOMAIN.fullmatch(domain) and _SELECTOR.fullmatch(selector)):
        raise Refused(
            Words(
                f"DKIM 的域名 {domain!a} 或选择符 {selector!a} 不合规范。",
                f"The DKIM domain {domain!a} or selector {selector!a} is not a name of the DNS.",
            )
        )
    return Signer(domain, selector, key)


def signed(message: bytes, by: Signer, seconds: int) -> bytes:
    """`message` with the signature on top. `seconds`: the time since 1970 that it says."""
    head, _, body = message.partition(b"\r\n\r\n")
    fields = _fields(head)
    names = [name for name in SIGNED if name in fields]
    digest = b64encode(sha256(_body(body)).digest()).decode("ascii")
    tags = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={by.domain}; s={by.selector};\r\n"
        f" t={seconds}; h={':'.join(names)};\r\n"
        f" bh={digest};\r\n"
        " b="
    )
    unsigned = f"DKIM-Signature: {tags}".encode("ascii")
    hashed = b"".join(_relaxed(fields[name]) + b"\r\n" for name in names) + _relaxed(unsigned)
    signature = b64encode(by.key.sign(hashed, PKCS1v15(), SHA256())).decode("ascii")
    folded = "\r\n ".join(signature[at : at + 72] for at in range(0, len(signature), 72))
    return unsigned + folded.encode("ascii") + b"\r\n" + message


def _fields(head: bytes) -> dict[str, bytes]:
    """Each header field, unfolded as it stands, by its name in small letters."""
    found: dict[str, bytes] = {}
    for field_ in re.split(rb"\r\n(?![ \t])", head):
        name = field_.partition(b":")[0].strip().lower().decode("ascii", "replace")
        found[name] = field_
    return found


def _relaxed(field_: bytes) -> bytes:
    """RFC 6376, 3.4.2."""
    name, _, value = field_.partition(b":")
    value = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip()
    return name.strip().lower() + b":" + value


def _body(body: bytes) -> bytes:
    """RFC 6376, 3.4.4."""
    body = re.sub(rb"[ \t]+", b" ", body)
    body = body.replace(b" \r\n", b"\r\n").rstrip(b"\r\n")
    return body + b"\r\n" if body else b""
