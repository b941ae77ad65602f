"""`python -m benchmarks.slow_relay PORT MILLISECONDS [CERTIFICATE]`: each answer comes so late.

As a relay at the end of a long line: answers to commands that came together come together. With a
certificate (PEM, with its key) it speaks TLS from the first octet and asks for a login.
"""

import asyncio
import ssl
import sys


class SlowRelay(asyncio.Protocol):
    """Takes every letter, with PIPELINING, and forgets it."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._coming = b""
        self._in_letter = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._answer(b"220 slow")

    def data_received(self, data: bytes) -> None:
        self._coming += data
        while self._take():
            pass

    def _take(self) -> bool:
        end = b"\r\n.\r\n" if self._in_letter else b"\r\n"
        line, found, rest = self._coming.partition(end)
        if found:
            self._coming = rest
            self._answer(b"250 taken" if self._in_letter else self._reply(line[:4]))
            self._in_letter = not self._in_letter and line[:4] == b"DATA"
        return bool(found)

    @staticmethod
    def _reply(verb: bytes) -> bytes:
        known = {
            b"EHLO": b"250-slow\r\n250-AUTH PLAIN\r\n250 PIPELINING", b"AUTH": b"235 welcome",
            b"DATA": b"354 go on", b"QUIT": b"221 bye",
        }  # fmt: skip
        return known.get(verb, b"250 ok")

    def _answer(self, line: bytes) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(self._seconds, self._transport.write, line + b"\r\n")


async def main(port: int, milliseconds: int, certificate: str = "") -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    server = await loop.create_server(
        lambda: SlowRelay(milliseconds / 1000), "127.0.0.1", port, ssl=context
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
