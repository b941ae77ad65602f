"""The door for a site with a mail server of its own: it hands each mail over by LMTP (RFC 2033).

On this machine only: whoever can speak here can also write Authentication-Results.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from threading import Thread

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from responsibilities.words import Refused, Words

LARGEST = 100 * 2**20
"""Bytes of one mail; the server in front has its own limit."""
LATER = "451 4.3.0 not stored, try again later"
Take = Callable[[bytes, str, tuple[str, ...]], object]
"""Gets the raw mail, the envelope's sender and recipients; returns when the mail is durable."""

logger = logging.getLogger("duban.lmtp")


class _Door:
    """Says 250 once for every recipient (RFC 2033, 4.2), and only to what is durable."""

    def __init__(self, take: Take) -> None:
        self._take = take

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw, recipients = envelope.content, tuple(envelope.rcpt_tos)
        assert isinstance(raw, bytes)
        try:
            sender = (envelope.mail_from or "").strip("<>")  # the null sender comes as `<>`
            await asyncio.to_thread(self._take, raw, sender, recipients)
        except Exception:  # the mail server keeps it and comes again
            logger.exception("a mail could not be stored")
            return "\r\n".join([LATER] * len(recipients))
        return "\r\n".join(["250 2.0.0 stored"] * len(recipients))


@contextmanager
def listening(where: str, take: Take) -> Iterator[int]:
    """Take mails at `where` (`127.0.0.1:2424`, or the path of a socket) in a thread of its own.

    Gives the port, 0 for a socket. Refused for an address that other machines can reach.
    """
    loop = asyncio.new_event_loop()
    try:
        server = loop.run_until_complete(_opened(loop, where, take))
    except OSError as error:
        loop.close()
        raise Refused(
            Words(
                f"无法在 {where} 监听（{error.strerror}）；请检查 inbox.lmtp。",
                f"Cannot listen at {where} ({error.strerror}); check inbox.lmtp.",
            )
        ) from error
    thread = Thread(target=loop.run_forever, name="lmtp", daemon=True)
    thread.start()
    name = server.sockets[0].getsockname()
    try:
        yield int(name[1]) if isinstance(name, tuple) else 0
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


async def _opened(loop: asyncio.AbstractEventLoop, where: str, take: Take) -> asyncio.Server:
    def session() -> LMTP:
        return LMTP(_Door(take), data_size_limit=LARGEST, enable_SMTPUTF8=True, loop=loop)

    if "/" in where:
        return await loop.create_unix_server(session, where)
    host, _, port = where.rpartition(":")
    return await loop.create_server(session, _near(host, where), int(port))


def _near(host: str, where: str) -> str:
    try:
        if ip_address(host.strip("[]")).is_loopback:
            return host.strip("[]")
    except ValueError:
        pass
    raise Refused(
        Words(
            f"inbox.lmtp 的“{where}”不对，应为本机地址（如 127.0.0.1:2424）或套接字文件的路径。",
            f"inbox.lmtp “{where}” must be on this machine: 127.0.0.1:2424, or the path of a "
            "socket.",
        )
    )
