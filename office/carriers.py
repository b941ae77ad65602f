"""What carries a letter away: the relay by SMTP, or a Maildir where no relay is configured."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from notifications import maildir
from notifications.bucket import Bucket, Limits
from notifications.dkim import Signer, signer
from notifications.imap import Account, open_mailbox
from notifications.smtp import Relay, Server
from office.settings import Journal, Mail


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


class Copies(Protocol):
    """The journal: where a copy of every letter that left can be found."""

    async def holds(self, message_id: str) -> bool:
        """Whether a letter of this Message-ID is there; raises notifications.imap.Unreadable."""


class ByImap:
    """The journal in an IMAP mailbox; a connection for each question, as they are few."""

    def __init__(self, account: Account) -> None:
        self._account = account

    async def holds(self, message_id: str) -> bool:
        """Ask the mailbox, outside the event loop."""
        return await asyncio.to_thread(self._holds, message_id)

    def _holds(self, message_id: str) -> bool:
        with open_mailbox(self._account) as mailbox:
            return mailbox.holds(message_id)


def copies(journal: Journal) -> Copies | None:
    """The journal that the settings name."""
    if not journal.host:
        return None
    return ByImap(
        Account(
            journal.host, journal.imap_port, journal.tls, journal.login, journal.password,
            journal.folder,
        )
    )  # fmt: skip


@asynccontextmanager
async def open_carrier(mail: Mail, copy_to: str = "") -> AsyncIterator[Carrier]:
    """The carrier that the settings ask for, for as long as letters are sent.

    `copy_to` gets every letter as well, in the same SMTP transaction.
    """
    if not mail.host:
        yield ByMaildir(mail.maildir)
        return
    async with Relay(server_of(mail, copy_to), mail.connections) as relay:
        yield ByRelay(relay)


def server_of(mail: Mail, copy_to: str = "") -> Server:
    """The relay that the settings name."""
    return Server(
        host=mail.host,
        port=mail.relay_port,
        tls=mail.tls,
        username=mail.login,
        password=mail.password,
        copy=copy_to,
    )


def signer_of(mail: Mail) -> Signer | None:
    """Who signs our letters (DKIM); None where we do not. Refused for a key that is of no use."""
    if not (mail.dkim_selector and mail.dkim_key):
        return None
    return _signer(mail.sender.rpartition("@")[2].lower(), mail.dkim_selector, mail.dkim_key)


_signer = lru_cache(maxsize=1)(signer)
"""Reading an RSA key takes longer than many letters."""


def limits(mail: Mail) -> Limits:
    """How fast relay and robots may be fed; a Maildir takes any speed. One for a process's life."""
    if not mail.host:
        return Limits(Bucket(None, None))
    relay = Bucket(mail.per_minute or None, mail.per_hour or None)
    return Limits(relay, mail.domain_per_minute or None, mail.domain_per_hour or None)
