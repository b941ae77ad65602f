"""How people answer letters: with their mail program, above what they got."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from tests.stories.letterbox import Mail

OURS = "mx.school.example"
"""The name under which the school's mail server writes Authentication-Results."""


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it is written; what is empty is as an honest one has it."""

    text: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    sender: str = ""
    to: str = ""
    subject: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    vouched: str | None = None
    """The Authentication-Results header; None: the own server vouches for the sender."""
    quoting: bool = True
    refers: bool = True
    """Whether In-Reply-To names the letter."""


def answer(letter: Mail, written: Written) -> bytes:
    """The bytes that the school's mail server hands over."""
    mail = EmailMessage()
    sender = written.sender or letter.address
    domain = sender.rpartition("@")[2]
    vouched = f"{OURS}; dmarc=pass header.from={domain}"
    if written.vouched != "":
        mail["Authentication-Results"] = vouched if written.vouched is None else written.vouched
    mail["From"] = sender
    mail["To"] = written.to or letter.reply_to
    mail["Subject"] = f"回复：{letter.subject}" if written.subject is None else written.subject
    mail["Message-ID"] = make_msgid(domain=domain)
    mail["Date"] = format_datetime(letter.date)
    if written.refers:
        mail["In-Reply-To"] = mail["References"] = letter.message_id
    for name, value in written.headers.items():
        del mail[name]
        mail[name] = value
    quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
    tail = f"\n\n在 2026-11-23 08:30，督办 写道：\n{quoted}\n" if written.quoting else "\n"
    mail.set_content(written.text + tail)
    for name, data in written.files.items():
        mail.add_attachment(data, "application", "octet-stream", filename=name)
    return mail.as_bytes()
