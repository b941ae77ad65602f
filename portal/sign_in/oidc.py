"""Signing in by the institution's OpenID Connect provider: the code flow with PKCE.

Nothing is kept between the two ends of the flow but one secret in the browser's cookie, from which
state, nonce and verifier are made.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from office.settings import Oidc
from portal.sign_in.vouching import NOT_VOUCHED, TIMEOUT, Unvouched
from responsibilities.words import Words

_SIGNED_BY = ["RS256", "ES256", "PS256", "EdDSA"]
"""Never `none`, and never a key that both sides know."""
_LEEWAY = 60
_FAULTS = (httpx.HTTPError, JoseError, KeyError, ValueError, TypeError)


def start(chosen: Oidc, back: str, secret: str) -> str:
    """Where the browser goes to sign in; it comes back to `back` with a code."""
    try:
        where = _discovered(chosen)["authorization_endpoint"]
    except _FAULTS as error:
        raise _unreachable() from error
    challenge = _coded(sha256(_made(secret, "verifier").encode()).digest())
    asked = {
        "response_type": "code", "client_id": chosen.client_id, "redirect_uri": back,
        "scope": "openid email", "state": state_of(secret), "nonce": _made(secret, "nonce"),
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"


def finish(chosen: Oidc, back: str, secret: str, code: str, state: str, now: datetime) -> str:
    """The address that the provider has verified; Unvouched for anything else."""
    if not compare_digest(state.encode(), state_of(secret).encode()):
        raise Unvouched(NOT_VOUCHED)
    try:
        claims = _claims(chosen, back, secret, code, now)
    except _FAULTS as error:
        raise Unvouched(NOT_VOUCHED) from error
    address = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(address, str) or not address:
        raise Unvouched(
            Words(
                "统一身份认证没有给出经核实的邮箱，不能登录；请改用邮件登录。",
                "The provider gives no verified mailbox; sign in by mail.",
            )
        )
    return address


def state_of(secret: str) -> str:
    """What comes back from the provider, and shows that this browser set out."""
    return _made(secret, "state")


def _claims(chosen: Oidc, back: str, secret: str, code: str, now: datetime) -> Mapping[str, Any]:
    found = _discovered(chosen)
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": back,
        "code_verifier": _made(secret, "verifier"),
    }  # fmt: skip
    # RFC 6749, 2.3.1: both are coded as in a form before they are joined
    who = quote(chosen.client_id, safe=""), quote(chosen.client_secret, safe="")
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
        token = client.post(found["token_endpoint"], data=form, auth=who).raise_for_status().json()
        keys = KeySet.import_key_set(client.get(found["jwks_uri"]).raise_for_status().json())
    claims = jwt.decode(token["id_token"], keys, algorithms=_SIGNED_BY).claims
    jwt.JWTClaimsRegistry(
        now=int(now.timestamp()), leeway=_LEEWAY,
        iss={"essential": True, "value": chosen.issuer},
        aud={"essential": True, "value": chosen.client_id},
        nonce={"essential": True, "value": _made(secret, "nonce")},
        exp={"essential": True}, azp={"value": chosen.client_id},
    ).validate(claims)  # fmt: skip
    return claims


def _discovered(chosen: Oidc) -> Mapping[str, str]:
    """OpenID Connect Discovery 1.0, section 4; the issuer must be the one that was asked."""
    where = f"{chosen.issuer.rstrip('/')}/.well-known/openid-configuration"
    answer = httpx.get(where, timeout=TIMEOUT, trust_env=False).raise_for_status()
    found: Mapping[str, str] = answer.json()
    if found["issuer"] != chosen.issuer:
        raise ValueError("another issuer")
    return found


def _made(secret: str, purpose: str) -> str:
    return _coded(sha256(f"{purpose} {secret}".encode()).digest())


def _coded(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _unreachable() -> Unvouched:
    return Unvouched(
        Words(
            "统一身份认证暂时无法使用，请改用邮件登录。",
            "The identity provider cannot be reached; sign in by mail.",
        )
    )
