"""Letters into a Maildir, where no relay is configured; any mail program can read it."""

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from hashlib import sha256
from pathlib import Path

from notifications.addresses import checked_message_id

_FOLDERS = ("tmp", "new", "cur")


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter in the folder, as a list shows it."""

    path: Path
    message_id: str
    date: datetime
    sender: str
    to: str
    subject: str
    seen: bool


def deliver(folder: Path, message_id: str, message: bytes) -> Path:
    """Put `message` into the Maildir once, for ever: a second call finds the first.

    The file is on the disk (fsync of file and directory) before this returns. A letter that a mail
    program has moved to `cur` counts as delivered. Raises OSError where the disk refuses.
    """
    name = _name(message_id)
    for part in _FOLDERS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    found = _find(folder, name)
    if found is not None:
        return found
    target = folder / "new" / name
    os.replace(_write(folder / "tmp", name, message), target)
    _sync(folder / "new")
    return target


def read(folder: Path) -> Iterator[Mail]:
    """Every letter of the Maildir, oldest first; empty where the folder is not there."""
    mails = [_summary(path) for part in ("new", "cur") for path in (folder / part).glob("*")]
    return iter(sorted(mails, key=lambda mail: (mail.date, mail.path.name)))


def open_mail(path: Path) -> EmailMessage:
    """The whole letter, parsed; `get_body(("plain",))` is what a terminal shows."""
    with path.open("rb") as file:
        return _parse(file.read())


def _name(message_id: str) -> str:
    digest = sha256(checked_message_id(message_id).encode("ascii")).hexdigest()
    return f"{digest[:40]}.duban"


def _write(folder: Path, name: str, message: bytes) -> str:
    """A file of `message` on the disk; none where the disk refuses."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=name, delete=False) as file:
        try:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            os.unlink(file.name)
            raise
    return file.name


def _find(folder: Path, name: str) -> Path | None:
    new = folder / "new" / name
    if new.exists():
        return new
    with os.scandir(folder / "cur") as entries:
        # A mail program appends its flags: `name:2,S`.
        found = next((e.name for e in entries if e.name.split(":", 1)[0] == name), None)
    return folder / "cur" / found if found else None


def _summary(path: Path) -> Mail:
    head = re.split(rb"\r?\n\r?\n", path.read_bytes(), maxsplit=1)[0] + b"\r\n\r\n"
    mail = _parse(head)
    return Mail(
        path=path,
        message_id=str(mail["Message-ID"]),
        date=mail["Date"].datetime,
        sender=str(mail["From"]),
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        seen="S" in path.name.partition(":2,")[2],
    )


def _parse(message: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(message)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
