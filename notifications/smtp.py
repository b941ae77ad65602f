"""Letters to a relay over SMTP: persistent connections, and what a refusal means for whom."""

import asyncio
import ssl
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Literal, Self

import aiosmtplib
from aiosmtplib import SMTP

from notifications.addresses import checked_address
from notifications.refusals import Stage, Undelivered
from notifications.wire import Said, Step, Wire
from responsibilities.words import Refused, Words

__all__ = ["Relay", "Server", "Stage", "Undelivered"]

GOODBYE = 5.0
"""Seconds that a QUIT may take; the letters are already away."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the relay is and how it is entered. Times are in seconds.

    `tls`: `starttls` and `tls` never fall back to plain text. `context` replaces the process's
    shared TLS context (a private authority, a test). `deadline` bounds one letter as a whole and
    must be shorter than the outbox lease.
    """

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"] = "starttls"
    username: str = ""
    password: str = ""
    name: str = ""
    """Ours, as said in EHLO; empty: the machine's."""
    timeout: float = 30.0
    deadline: float = 60.0
    context: ssl.SSLContext | None = None
    copy: str = ""
    """A mailbox that gets every letter too, in the same SMTP transaction (see `journal`)."""


@cache
def shared_context() -> ssl.SSLContext:
    """The process's one TLS context: building one takes longer than sending twenty letters."""
    return ssl.create_default_context()


class Relay:
    """Up to `connections` open connections to one relay, kept between letters.

    `async with Relay(server, 4) as relay:` then any number of concurrent `relay.send(…)`. The end
    of the block says QUIT on each. After a `stop` every later letter is refused the same way at
    once, so that a wrong password is tried once and not by every connection.
    """

    def __init__(self, server: Server, connections: int = 4) -> None:
        self._server = server
        self._free = asyncio.Semaphore(connections)
        self._idle: list[Wire] = []
        self._proving = asyncio.Lock()
        self._proven = False
        self._stopped: Undelivered | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        idle, self._idle = self._idle, []
        await asyncio.gather(*map(_quit, idle))

    async def send(self, sender: str, to: str, message: bytes) -> str:
        """Hand one letter to the relay; returns its answer, e.g. `2.0.0 Ok: queued as 4A1B`.

        Raises Undelivered where it was not accepted (or nobody knows: `uncertain`), Refused for
        an address or bytes that must not go on the wire.
        """
        checked_address(sender)
        checked_address(to)
        if message.count(b"\n") != message.count(b"\r\n") or b"\0" in message:
            raise Refused(Words("邮件含有裸换行或空字符", "the letter holds a bare LF or a NUL"))
        async with self._free:
            if self._stopped is not None:
                raise self._stopped
            try:
                return await self._deliver(sender, to, message)
            except Undelivered as refusal:
                if refusal.stop:
                    self._stopped = refusal
                raise

    async def _deliver(self, sender: str, to: str, message: bytes) -> str:
        while self._idle:
            wire = self._idle.pop()
            if not wire.is_open:
                continue
            try:
                return await self._over(wire, sender, to, message)
            except Undelivered as refusal:
                # A connection the server closed while it was idle says nothing about this letter.
                if refusal.stage != "mail" or refusal.code not in (None, 421):
                    raise
        return await self._over(await self._connect(), sender, to, message)

    async def _connect(self) -> Wire:
        """A new connection, logged in. Until one has succeeded, one at a time."""
        if not self._proven:
            async with self._proving:
                if not self._proven:
                    return await self._prove()
        return await _enter(self._server)

    async def _prove(self) -> Wire:
        """The first connection: it shows that address, certificate and password are right."""
        if self._stopped is not None:
            raise self._stopped
        try:
            wire = await _enter(self._server)
        except Undelivered as refusal:
            self._stopped = refusal if refusal.stop else None
            raise
        self._proven = True
        return wire

    async def _over(self, wire: Wire, sender: str, to: str, message: bytes) -> str:
        try:
            async with asyncio.timeout(self._server.deadline):
                answer = await wire.hand_over(sender, to, message, self._server.copy)
        except Said as no:
            await self._keep(wire, no)
            raise Undelivered.answered(_stage(wire.step), *no.reply) from no
        except (OSError, TimeoutError) as error:
            wire.close()
            sent = wire.step == "content"
            raise Undelivered.broken(_stage(wire.step), error, uncertain=sent) from error
        except BaseException:
            wire.close()
            raise
        self._idle.append(wire)
        return answer

    async def _keep(self, wire: Wire, no: Said) -> None:
        """Back to the idle ones after a refusal, if the server lets us begin anew."""
        if no.reply.code == 421:
            wire.close()
            return
        try:
            async with asyncio.timeout(self._server.timeout):
                await wire.reset()
        except (Said, OSError, TimeoutError):
            wire.close()
        else:
            self._idle.append(wire)


async def probe(server: Server) -> None:
    """Enter and leave again. Raises Undelivered where the relay does not let us in."""
    await _quit(await _enter(server))


def _stage(step: Step) -> Stage:
    return "data" if step == "content" else step


async def _enter(server: Server) -> Wire:
    """Connect, TLS, EHLO, log in. Raises Undelivered with stage connect or auth."""
    smtp = SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.tls == "tls",
        start_tls=server.tls == "starttls",
        tls_context=None if server.tls == "none" else server.context or shared_context(),
        local_hostname=server.name or None,
        timeout=server.timeout,
    )
    stage: Stage = "connect"
    try:
        async with asyncio.timeout(server.deadline):
            await smtp.connect()
            await smtp.ehlo()
            stage = "auth"
            if server.username:
                await smtp.login(server.username, server.password)
    except aiosmtplib.SMTPResponseException as error:
        smtp.close()
        raise Undelivered.answered(stage, error.code, error.message) from error
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        smtp.close()
        raise Undelivered.broken(stage, error) from error
    except BaseException:
        smtp.close()
        raise
    return Wire(smtp)


async def _quit(wire: Wire) -> None:
    try:
        async with asyncio.timeout(GOODBYE):
            await wire.quit()
    except TimeoutError:
        wire.close()
