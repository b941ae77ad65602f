"""What carries a letter away: the relay by SMTP, or a Maildir where no relay is configured."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from notifications import maildir
from notifications.bucket import Bucket
from notifications.smtp import Relay, Server
from office.settings import Mail


class Carrier(Protocol):
    """Takes one letter for good, or raises notifications.smtp.Undelivered."""

    async def send(self, sender: str, to: str, message_id: str, message: bytes) -> str:
        """Returns what the other side answered."""


class ByRelay:
    """Letters by SMTP over the relay's open connections."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def send(self, sender: str, to: str, message_id: str, message: bytes) -> str:
        """Hand one letter to the relay."""
        return await self._relay.send(sender, to, message)


class ByMaildir:
    """Letters as files; the name is made from the Message-ID, so a second copy cannot be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, sender: str, to: str, message_id: str, message: bytes) -> str:
        """Put one letter into the folder."""
        return maildir.deliver(self._folder, message_id, message).name


@asynccontextmanager
async def open_carrier(mail: Mail) -> AsyncIterator[Carrier]:
    """The carrier that the settings ask for, for as long as letters are sent."""
    if not mail.host:
        yield ByMaildir(mail.maildir)
        return
    server = Server(
        host=mail.host,
        port=mail.relay_port,
        tls=mail.tls,
        username=mail.login,
        password=mail.password,
    )
    async with Relay(server, mail.connections) as relay:
        yield ByRelay(relay)


def bucket(mail: Mail) -> Bucket | None:
    """How fast the relay may be fed; a Maildir takes any speed. One for the life of a process."""
    if not mail.host:
        return None
    return Bucket(mail.per_minute or None, mail.per_hour or None)
