"""A mailbox read by IMAP: which mails it has, their bytes, and that they have been taken.

Says who it is (RFC 2971) after the login: 163 and 126 refuse to open a mailbox to whom has not.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError

from responsibilities.words import Refused, Words

TIMEOUT = 60.0
"""Seconds for one answer of the server."""
NAME = {"name": "duban", "version": "1", "vendor": "duban"}


@dataclass(frozen=True, slots=True)
class Account:
    """A mailbox and how to get into it."""

    host: str
    port: int
    tls: Literal["none", "starttls", "tls"]
    login: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    @property
    def name(self) -> str:
        """What the record calls the mailbox."""
        return f"{self.login}@{self.host}/{self.folder}"


class Unreadable(Refused):
    """The mailbox cannot be read now: no connection, no login, no such folder."""


class Mailbox:
    """An open mailbox. Reading a mail changes nothing in it; only `mark_seen` does."""

    def __init__(self, client: IMAPClient, uidvalidity: int) -> None:
        self._client = client
        self.uidvalidity = uidvalidity
        """The numbering; when it changes, every UID known so far means nothing (RFC 3501)."""

    def uids(self, since: date | None = None) -> list[int]:
        """The mails there are, ascending; `since`: only those that arrived on that day or later."""
        criteria = ["SINCE", since] if since is not None else ["ALL"]
        return sorted(self._client.search(criteria))

    def unseen(self) -> set[int]:
        """Those that nobody has marked as seen."""
        return set(self._client.search(["UNSEEN"]))

    def fetch(self, uid: int) -> tuple[bytes, datetime] | None:
        """The bytes of one mail, and when the server got it; None where it is gone."""
        found = self._client.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE"]).get(uid, {})
        body, came = found.get(b"BODY[]"), found.get(b"INTERNALDATE")
        return (body, came) if isinstance(body, bytes) and isinstance(came, datetime) else None

    def holds(self, message_id: str) -> bool:
        """Whether a mail of this Message-ID is there."""
        return bool(self._client.search(["HEADER", "Message-ID", message_id]))

    def mark_seen(self, uid: int) -> None:
        """Tell the server, and whoever else reads the mailbox, that this mail has been taken."""
        self._client.add_flags([uid], [SEEN], silent=True)


@contextmanager
def open_mailbox(account: Account) -> Iterator[Mailbox]:
    """The mailbox of `account`; Unreadable where it does not open or breaks off."""
    if not (account.login + account.password).isascii():
        raise _not_ascii(account)
    try:
        with _connected(account) as client:
            client.login(account.login, account.password)
            if client.has_capability("ID"):
                client.id_(NAME)
            found = client.select_folder(account.folder)
            yield Mailbox(client, int(found[b"UIDVALIDITY"]))
    except (OSError, IMAPClientError, imaplib.IMAP4.error) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unreadable(
            Words(
                f"收信邮箱 {account.name} 无法读取：{reason}。请检查 inbox 各项设置和邮箱的"
                "授权码；未读的回信仍在邮箱中，恢复后自动收取。",
                f"The mailbox {account.name} cannot be read: {reason}. Check the settings under "
                "inbox; what has not been read is still there and is taken later.",
            )
        ) from error


def _not_ascii(account: Account) -> Unreadable:
    """LOGIN takes ASCII alone (RFC 3501, 9); what else there is was most likely mistyped."""
    return Unreadable(
        Words(
            f"收信邮箱 {account.name} 无法登录：登录名或口令含有中文或全角字符。请改用半角的"
            "英文字母、数字和符号，并核对邮箱的授权码。",
            f"Cannot log in to the mailbox {account.name}: its login or password has characters "
            "that are not ASCII. Please type them anew and check the mailbox's own code.",
        )
    )


def _connected(account: Account) -> IMAPClient:
    context = ssl.create_default_context()
    client = IMAPClient(
        account.host,
        account.port,
        ssl=account.tls == "tls",
        ssl_context=context if account.tls == "tls" else None,
        timeout=TIMEOUT,
    )
    client.normalise_times = False  # or it takes the zone away
    if account.tls == "starttls":
        client.starttls(context)
    return client
