"""RFC 3161: a time stamp of some bytes, asked for over http and checked against the authority's
root certificates. `rfc3161-client` is an extra (`timestamps`): who stamps nothing need not have it.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha512
from typing import Any

import httpx
from cryptography.x509 import load_pem_x509_certificates

from responsibilities.words import Refused, Words

TIMEOUT = 10.0
"""Seconds for the whole answer."""
_LARGEST = 100_000
_SKEW = timedelta(hours=1)
"""How far an authority's clock may be from ours when it has just answered."""


def stamped(url: str, message: bytes, roots: bytes, now: datetime) -> tuple[bytes, datetime]:
    """The authority's answer (DER) and the time in it, checked. Refused where it does not answer,
    refuses, or answers something else."""
    client = _library()
    request = (
        client.TimestampRequestBuilder().data(message)
        .hash_algorithm(client.HashAlgorithm.SHA512).build()
    )  # fmt: skip
    answer = _asked(url, request.as_bytes())
    at = checked(answer, message, roots, request.nonce)
    if abs(at - now) > _SKEW:
        raise Refused(
            Words(
                f"时间戳的时刻 {at:%Y-%m-%d %H:%M}Z 与本机相差过多；请核对两边的时钟。",
                f"The stamp says {at:%Y-%m-%d %H:%M}Z, too far from our clock; check both.",
            )
        )
    return answer, at


def checked(answer: bytes, message: bytes, roots: bytes, nonce: int | None = None) -> datetime:
    """The time by which `message` existed, as an authority under `roots` (PEM) says; Refused where
    the answer does not say so."""
    client = _library()
    try:
        found = client.decode_timestamp_response(answer)
        builder = client.VerifierBuilder()
        for one in load_pem_x509_certificates(roots):
            builder = builder.add_root_certificate(one)
        builder = builder if nonce is None else builder.nonce(nonce)
        builder.build().verify(found, sha512(message).digest())
        at: datetime = found.tst_info.gen_time
    except (ValueError, client.VerificationError) as error:
        raise Refused(
            Words(f"时间戳不符：{error}。", f"The time stamp is not good: {error}.")
        ) from error
    return at.astimezone(UTC)


def _asked(url: str, request: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
            answer = client.post(url, content=request, headers=headers)
            answer.raise_for_status()
    except httpx.HTTPError as error:
        raise Refused(
            Words(
                f"时间戳服务没有给出答复（{type(error).__name__}）。",
                f"The time stamp authority did not answer ({type(error).__name__}).",
            )
        ) from error
    if len(answer.content) > _LARGEST:
        raise Refused(Words("时间戳服务的答复过大。", "The authority's answer is too large."))
    return answer.content


def _library() -> Any:
    try:
        import rfc3161_client
    except ImportError as error:
        raise Refused(
            Words(
                "没有安装时间戳组件；请安装 duban[timestamps]。",
                "The extra for time stamps is not installed: duban[timestamps].",
            )
        ) from error
    return rfc3161_client
