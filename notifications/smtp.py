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
    deadline: float = 120.0
    context: ssl.SSLContext | None = None


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
        self._idle: list[SMTP] = []
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
            smtp = self._idle.pop()
            if not smtp.is_connected:
                continue
            try:
                return await self._over(smtp, sender, to, message)
            except Undelivered as refusal:
                # A connection the server closed while it was idle says nothing about this letter.
                if refusal.stage != "mail" or refusal.code not in (None, 421):
                    raise
        return await self._over(await self._connect(), sender, to, message)

    async def _connect(self) -> SMTP:
        """A new connection, logged in. Until one has succeeded, one at a time."""
        if self._proven:
            return await _enter(self._server)
        async with self._proving:
            if self._stopped is not None:
                raise self._stopped
            try:
                smtp = await _enter(self._server)
            except Undelivered as refusal:
                self._stopped = refusal if refusal.stop else None
                raise
            self._proven = True
            return smtp

    async def _over(self, smtp: SMTP, sender: str, to: str, message: bytes) -> str:
        exchange = _Exchange()
        try:
            async with asyncio.timeout(self._server.deadline):
                answer = await exchange.run(smtp, sender, to, message)
        except aiosmtplib.SMTPResponseException as error:
            await self._keep(smtp)
            if exchange.stage == "data" and 250 < error.code < 300:
                return error.message  # any 2yz is yes; a retry would be a second copy
            raise Undelivered.answered(exchange.stage, error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            smtp.close()
            raise Undelivered.broken(exchange.stage, error) from error
        except BaseException:
            smtp.close()
            raise
        self._idle.append(smtp)
        return answer

    async def _keep(self, smtp: SMTP) -> None:
        """Back to the idle ones after a refusal, if the server lets us begin anew."""
        try:
            await smtp.rset(timeout=self._server.timeout)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            smtp.close()
        else:
            self._idle.append(smtp)


class _Exchange:
    """One letter over one connection; `stage` says how far it came."""

    def __init__(self) -> None:
        self.stage: Stage = "mail"

    async def run(self, smtp: SMTP, sender: str, to: str, message: bytes) -> str:
        size = (f"SIZE={len(message)}",) if smtp.supports_extension("size") else ()
        await smtp.mail(sender, options=size)
        self.stage = "rcpt"
        await smtp.rcpt(to)
        self.stage = "data"
        return (await smtp.data(message)).message


async def _enter(server: Server) -> SMTP:
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
    return smtp


async def _quit(smtp: SMTP) -> None:
    try:
        await smtp.quit(timeout=GOODBYE)
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        smtp.close()
