"""The letters of a story, read back from the Maildir they were put into."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

from notifications.maildir import open_mail

_BADGES = {"■": "蓝", "▲": "黄", "◆": "橙", "●": "红"}


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter as its reader sees it; `at` is what the clock on the wall showed."""

    at: str
    to: str
    """The post: 护理学院联络员."""
    address: str
    subject: str
    text: str
    """The plain text part."""
    html: str
    urgent: bool
    message_id: str
    reply_to: str
    date: datetime

    @property
    def colours(self) -> str:
        """The colours of its warnings, as the badges show them: 黄, or 黄橙 where it has both."""
        return "".join(_BADGES[mark] for mark in self.html if mark in _BADGES)

    def says(self, *words: str) -> bool:
        """Whether all these words stand in the subject or in the text."""
        whole = f"{self.subject}\n{self.text}"
        return all(word in whole for word in words)


class Letterbox:
    """Everything that has come into a Maildir, in the order in which it came."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        self.folder = folder
        self._zone = zone
        self._known: set[Path] = set()
        self._mails: list[Mail] = []

    def __iter__(self) -> Iterator[Mail]:
        fresh = set((self.folder / "new").glob("*")) - self._known
        self._known |= fresh
        read = [self._read(path) for path in fresh]
        self._mails += sorted(read, key=lambda mail: (mail.at, mail.to, mail.subject))
        return iter(self._mails)

    def _read(self, path: Path) -> Mail:
        mail = open_mail(path)
        date: datetime = mail["Date"].datetime
        name, address = parseaddr(str(mail["To"]))
        return Mail(
            f"{date.astimezone(self._zone):%Y-%m-%d %H:%M}",
            name,
            address,
            str(mail["Subject"]),
            _body(mail, "plain"),
            _body(mail, "html"),
            mail["Importance"] == "high",
            str(mail["Message-ID"]),
            parseaddr(str(mail["Reply-To"]))[1],
            date,
        )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return "" if part is None else str(part.get_content())
