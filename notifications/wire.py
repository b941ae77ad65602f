"""An SMTP connection once it is entered: one letter in two round trips.

aiosmtplib connects, negotiates TLS and logs in; it then waits for every answer before the next
command. Here MAIL, RCPT and DATA go out together where the relay offers PIPELINING (RFC 2920).
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal, NamedTuple

from aiosmtplib import SMTP

Step = Literal["mail", "rcpt", "data", "content"]
"""What is being answered; `content` is the letter itself, after which nothing can be taken back."""
_LONGEST = 65536
"""Octets of answer without an end that we are willing to hold."""


class Reply(NamedTuple):
    """An answer: its code and its lines without the codes."""

    code: int
    text: str


class Said(Exception):
    """The relay answered with another code than was hoped for."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.code} {reply.text}")
        self.reply = reply


class Wire(asyncio.Protocol):
    """Takes over the transport of an entered connection; `step` says how far the letter came."""

    def __init__(self, smtp: SMTP) -> None:
        transport = smtp.transport
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._pipelining = smtp.supports_extension("pipelining")
        self._size = smtp.supports_extension("size")
        self._replies: deque[Reply] = deque()
        self._coming = bytearray()
        self._lines: list[str] = []
        self._waiter: asyncio.Future[None] | None = None
        self._lost: Exception | None = None
        self.step: Step = "mail"
        transport.set_protocol(self)

    @property
    def is_open(self) -> bool:
        return self._lost is None and not self._transport.is_closing()

    async def hand_over(self, sender: str, to: str, message: bytes, copy: str = "") -> str:
        """One letter; returns the relay's last words about it.

        `copy` gets the same letter in the same transaction; that it is refused holds nothing up.
        Raises Said where it was refused, OSError where the connection broke; `step` says at what.
        """
        commands = self._commands(sender, to, len(message), copy)
        if self._pipelining:
            self._transport.write(b"".join(command for _, command, _ in commands))
        for number, (self.step, command, hoped) in enumerate(commands):
            if not self._pipelining:
                self._transport.write(command)
            reply = await self._reply()
            if hoped and reply.code not in hoped:
                if self._pipelining:
                    await self._call_off(len(commands) - number - 1)
                raise Said(reply)
        return await self._content(message)

    async def reset(self) -> None:
        """Ready for the next letter after a refusal; raises Said or OSError where it is not."""
        self._transport.write(b"RSET\r\n")
        reply = await self._reply()
        if reply.code != 250:
            raise Said(reply)

    async def quit(self) -> None:
        """Say QUIT, wait for the answer, close."""
        with suppress(OSError):
            self._transport.write(b"QUIT\r\n")
            await self._reply()
        self.close()

    def close(self) -> None:
        """Close without a word."""
        self._transport.close()

    def _commands(
        self, sender: str, to: str, size: int, copy: str
    ) -> list[tuple[Step, bytes, tuple[int, ...]]]:
        """Each with the codes hoped for; none: whatever the answer is."""
        declared = f" SIZE={size}" if self._size else ""
        found: list[tuple[Step, bytes, tuple[int, ...]]] = [
            ("mail", f"MAIL FROM:<{sender}>{declared}\r\n".encode("ascii"), (250,)),
            ("rcpt", f"RCPT TO:<{to}>\r\n".encode("ascii"), (250, 251)),
        ]
        if copy:
            found.append(("rcpt", f"RCPT TO:<{copy}>\r\n".encode("ascii"), ()))
        return [*found, ("data", b"DATA\r\n", (354,))]

    async def _content(self, message: bytes) -> str:
        stuffed = message.replace(b"\r\n.", b"\r\n..")
        dot = b".\r\n" if message.endswith(b"\r\n") else b"\r\n.\r\n"
        self.step = "content"
        self._transport.write((b"." if message.startswith(b".") else b"") + stuffed + dot)
        reply = await self._reply()
        if not 200 <= reply.code < 300:
            raise Said(reply)
        return reply.text

    async def _call_off(self, due: int) -> None:
        """Read the answers to what was sent after a refused command; take back a DATA."""
        with suppress(OSError):
            for _ in range(due):
                if (await self._reply()).code == 354:
                    self._transport.write(b".\r\n")
                    await self._reply()

    async def _reply(self) -> Reply:
        while not self._replies:
            if self._lost is not None:
                raise self._lost
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return self._replies.popleft()

    # ---- what the event loop calls ----

    def data_received(self, data: bytes) -> None:
        self._coming += data
        if len(self._coming) > _LONGEST:
            self.connection_lost(ConnectionError("an answer without an end"))
            self.close()
            return
        for line in self._whole_lines():
            if not (line[:3].isascii() and line[:3].isdigit()):
                self.connection_lost(ConnectionError(f"no SMTP answer: {line[:100]}"))
                self.close()
                return
            self._lines.append(line[4:].strip())
            if line[3:4] != "-":
                self._replies.append(Reply(int(line[:3]), "\n".join(self._lines)))
                self._lines = []
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._lost is None:
            self._lost = exc or ConnectionResetError("connection closed by the relay")
        self._wake()

    def _whole_lines(self) -> Iterator[str]:
        *whole, rest = bytes(self._coming).split(b"\n")
        self._coming = bytearray(rest)
        for line in whole:
            yield line.rstrip(b"\r").decode("utf-8", "replace")

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
