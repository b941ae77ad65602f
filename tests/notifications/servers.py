"""Real mail servers on loopback, in a thread of their own."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.smtp import Server

HOST = "127.0.0.1"
USER, PASSWORD = "duban", "授权码-1"


@dataclass(frozen=True, slots=True)
class Envelope:
    sender: str
    recipients: list[str]
    content: bytes


@dataclass
class Took:
    """What a server took, and how it was talked to."""

    server: Server
    letters: list[Envelope] = field(default_factory=list)
    connections: set[Any] = field(default_factory=set)
    """Those that carried a letter."""
    logins: int = 0
    goodbyes: int = 0
    pipelining: bool = True
    refusals: dict[str, list[str]] = field(default_factory=dict)
    """What MAIL, RCPT and the content are answered first."""

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["250-PIPELINING", *responses] if self.pipelining else responses

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._refusal("mail") or "250 2.1.0 ok"

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        refusal = self._refusal("rcpt")
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 2.1.5 ok"

    def _refusal(self, place: str) -> str | None:
        waiting = self.refusals.get(place)
        return waiting.pop(0) if waiting else None

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        refusal = self._refusal("content")
        if refusal is not None:
            return refusal
        self.connections.add(session.peer)
        self.letters.append(Envelope(envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return f"250 2.0.0 queued as {len(self.letters)}"

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:
        self.goodbyes += 1
        return "221 bye"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _how: str, data: Any
    ) -> Any:
        self.logins += 1
        good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=False)


@contextmanager
def taking(
    tls: Literal["none", "starttls", "tls"] = "none",
    context: ssl.SSLContext | None = None,
    login: bool = False,
) -> Iterator[Took]:
    """A server that takes every letter: over TLS by `context`, after a login where asked."""
    took = Took(Server(HOST, 0, tls="none"))
    options: dict[str, Any] = {"enable_SMTPUTF8": False}
    if tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if login:
        options |= {"authenticator": took.authenticate, "auth_required": True}
        options |= {"auth_require_tls": False}
    loop = asyncio.new_event_loop()
    made = loop.create_server(
        lambda: SMTP(took, loop=loop, **options), HOST, ssl=context if tls == "tls" else None
    )
    server = loop.run_until_complete(made)
    port = server.sockets[0].getsockname()[1]
    took.server = Server(HOST, port, tls="none", name="duban.example", timeout=5, deadline=10)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield took
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def self_signed(folder: Path, host: str = HOST) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(the server's context, a client's context that trusts it) for a certificate of `host`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "relay.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "relay.pem").write_bytes(secret + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "relay.pem")
    return server, ssl.create_default_context(cadata=pem.decode())
