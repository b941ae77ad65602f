"""The portal's socket: what a browser never sends, and a proxy should not have to catch."""

import socket
from urllib.parse import urlsplit

import pytest


def said(address: str, request: bytes) -> bytes:
    """Everything that is answered to these bytes until the connection is closed."""
    parts = urlsplit(address)
    assert parts.port
    with socket.create_connection(("127.0.0.1", parts.port)) as line:
        line.sendall(request)
        found = b""
        while piece := line.recv(65536):
            found += piece
    return found


def test_of_two_lengths_of_a_message_none_hides_a_second_message(address: str) -> None:
    """RFC 9112, 6.3: Transfer-Encoding overrides Content-Length, or the message is refused."""
    hidden = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    body = b"0\r\n\r\n"
    heads = (
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % len(body + hidden),
        b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
    )
    for head in heads:
        sent = b"POST /code HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n" + body + hidden
        assert said(address, sent).count(b"HTTP/1.1 ") == 2  # the second was never a body


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 5\r\nContent-Length: 6\r\n", b"Transfer-Encoding: chunked, gzip\r\n",
     b"Content-Length: -1\r\n"],
)  # fmt: skip
def test_a_message_of_uncertain_length_is_refused(address: str, head: bytes) -> None:
    sent = b"POST /code HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n0\r\n\r\n"
    assert b" 400 " in said(address, sent).splitlines()[0]


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT"])
@pytest.mark.parametrize("path", ["/", "/sign-in", "/healthz"])
def test_nothing_is_echoed_or_put(address: str, method: str, path: str) -> None:
    sent = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-Secret: s3cret\r\n"
    answer = said(address, (sent + "Connection: close\r\n\r\n").encode())
    assert answer.split(b" ")[1] in (b"400", b"403", b"404", b"405")
    assert b"s3cret" not in answer


@pytest.mark.parametrize(
    "path", ["/static", "/static/", "/static/../site.py", "/static/%2e%2e/site.py", "/.git/config"]
)
def test_no_folder_is_listed_and_nothing_beside_it_is_served(address: str, path: str) -> None:
    sent = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert b" 404 " in said(address, sent.encode()).splitlines()[0]
