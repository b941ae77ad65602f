"""An OpenID provider and a CAS server on loopback, as an institution has them."""

import json
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "duban", "s3cret"
CAS_NAMES = "http://www.yale.edu/tp/cas"


class Provider:
    """What a provider says: the user's claims, and how it signs."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "1", "use": "sig"})
        self.claims: dict[str, Any] = {}
        self.signing: RSAKey | OctKey = self.key
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "1"}
        self.codes: dict[str, dict[str, str]] = {}
        self.now = 0
        self.issuer = ""
        self.says: str | None = None

    def let_through(self, where: str) -> dict[str, str]:
        """The user signs in at the provider: what the browser brings back."""
        asked = {name: one[0] for name, one in parse_qs(urlsplit(where).query).items()}
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The token endpoint: a code works once, for its client and its verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        given = unquote(b64decode(authorization.removeprefix("Basic ")).decode())
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest())
        if asked is None or given != f"{CLIENT}:{SECRET}":
            return None
        if challenge.decode().rstrip("=") != asked["code_challenge"]:
            return None
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": "1", "nonce": asked["nonce"],
            "iat": self.now, "exp": self.now + 300, **self.claims,
        }  # fmt: skip
        signed = jwt.encode(self.header, claims, self.signing)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


class Cas:
    """What a CAS says of a ticket; each is good once, for its service."""

    def __init__(self) -> None:
        self.tickets: dict[str, str] = {}
        self.attributes = ""
        self.user = "zhang"
        self.before = ""
        self.protocol = 3

    def let_through(self, where: str) -> dict[str, str]:
        """The user signs in: what the browser brings back to the service."""
        service = parse_qs(urlsplit(where).query)["service"][0]
        ticket = f"ST-{len(self.tickets)}"
        self.tickets[ticket] = service
        state = parse_qs(urlsplit(service).query)["state"][0]
        return {"ticket": ticket, "state": state}

    def validated(self, service: str, ticket: str) -> str:
        """The answer of serviceValidate."""
        if self.tickets.pop(ticket, None) != service:
            inner = '<cas:authenticationFailure code="INVALID_TICKET"/>'
        else:
            attributes = f"<cas:attributes>{self.attributes}</cas:attributes>"
            inner = (
                f"<cas:authenticationSuccess><cas:user>{self.user}</cas:user>{attributes}"
                "</cas:authenticationSuccess>"
            )
        names = f'xmlns:cas="{CAS_NAMES}"'
        return f"{self.before}<cas:serviceResponse {names}>{inner}</cas:serviceResponse>"


@contextmanager
def served(provider: Provider, cas: Cas) -> Iterator[str]:
    """Both at one address on loopback."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: one[0] for name, one in parse_qs(parts.query).items()}
            home = provider.issuer
            if parts.path == "/.well-known/openid-configuration":
                said = {
                    "issuer": provider.says or home, "jwks_uri": f"{home}/keys",
                    "authorization_endpoint": f"{home}/authorize",
                    "token_endpoint": f"{home}/token",
                }  # fmt: skip
                self.answer(json.dumps(said))
            elif parts.path == "/keys":
                self.answer(json.dumps({"keys": [provider.key.as_dict(private=False)]}))
            elif parts.path in _VALIDATE[cas.protocol]:
                self.answer(cas.validated(asked["service"], asked["ticket"]))
            else:
                self.answer("", 404)

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = {n: v[0] for n, v in parse_qs(self.rfile.read(length).decode()).items()}
            found = provider.token(form, self.headers.get("Authorization", ""))
            wrong = '{"error": "invalid_grant"}'
            self.answer(json.dumps(found) if found else wrong, 200 if found else 400)

        def answer(self, body: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider.issuer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_VALIDATE = {3: ("/cas/p3/serviceValidate",), 2: ("/cas/serviceValidate",)}
