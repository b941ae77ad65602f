"""One letter as the bytes that go on the wire; fixed before the first attempt."""

from collections.abc import Iterator
from email.utils import format_datetime
from hashlib import sha256

from notifications import mime
from notifications.addresses import checked_address, checked_line, checked_message_id
from notifications.calendar_part import calendar_parts
from notifications.letters import KINDS, Letter
from notifications.rendering import render, topic
from responsibilities.words import Refused, Words

__all__ = ["compose"]

_FILE = {"PUBLISH": "duban.ics", "CANCEL": "duban-cancelled.ics"}
_LANGUAGE = {"zh": "zh-CN", "en": "en"}
# The first six octets of an Outlook conversation index are a time; only sameness matters to it.
_INDEX_TIME = bytes((0x01, 0xDC, 0, 0, 0, 0))


def compose(letter: Letter) -> bytes:
    """The mail: headers, text and HTML as alternatives, the calendar part, the attachments.

    The same letter always gives the same bytes. Raises Refused where a header field could smuggle
    in a line, an address or a part, and where the kind has no letter.
    """
    _check(letter)
    rendered = render(letter)
    alternative = mime.multipart(
        "alternative",
        letter.message_id,
        (mime.text_part("plain", rendered.text), mime.text_part("html", rendered.html)),
    )
    return mime.joined(
        _headers(letter, rendered.subject),
        mime.multipart("mixed", letter.message_id, (alternative, *_further_parts(letter))),
    )


def _check(letter: Letter) -> None:
    if letter.kind not in KINDS:
        raise Refused(
            Words(f"没有“{letter.kind}”这一类邮件", f"there is no letter of kind {letter.kind!a}")
        )
    checked_message_id(letter.message_id)
    if letter.thread:
        checked_message_id(letter.thread)
    for address in (letter.sender, letter.to, letter.reply_to):
        checked_address(address)


def _headers(letter: Letter, subject: str) -> Iterator[bytes]:
    yield f"Message-ID: {letter.message_id}\r\n".encode("ascii")
    yield f"Date: {format_datetime(letter.date)}\r\n".encode("ascii")
    yield mime.mailbox("From", letter.sender_name, letter.sender)
    yield mime.mailbox("To", letter.to_name, letter.to)
    yield mime.mailbox("Reply-To", "", letter.reply_to)
    yield mime.header("Subject", subject)
    if letter.thread and letter.thread != letter.message_id:
        yield f"In-Reply-To: {letter.thread}\r\n".encode("ascii")
        yield f"References: {letter.thread}\r\n".encode("ascii")
    if len(letter.items) == 1:
        yield mime.header("Thread-Topic", topic(letter.items[0]))
    yield b"Thread-Index: " + _thread_index(letter) + mime.CRLF
    yield b"Auto-Submitted: auto-generated\r\n"
    yield b"X-Auto-Response-Suppress: OOF, AutoReply\r\n"
    yield f"Content-Language: {_LANGUAGE[letter.language]}\r\n".encode("ascii")
    if letter.record:
        code = checked_line("Duban-Checkpoint", letter.record.code)
        folded = "\r\n ".join((code[:58], code[58:133], code[133:]))
        yield f"Duban-Checkpoint: {folded}\r\n".encode("ascii")
    if letter.urgent:
        yield b"Importance: high\r\nX-Priority: 1\r\n"


def _thread_index(letter: Letter) -> bytes:
    """Outlook groups by this and not by References: 22 octets of the root, 5 for each reply
    ([MS-OXOMSG] 2.2.1.3); Thread-Topic is the subject of the conversation ([MS-OXCMAIL]).
    """
    root = letter.thread or letter.message_id
    index = _INDEX_TIME + sha256(root.encode()).digest()[:16]
    if root != letter.message_id:
        index += sha256(letter.message_id.encode()).digest()[:5]
    return mime.base64_lines(index)[:-2]


def _further_parts(letter: Letter) -> Iterator[bytes]:
    parts = calendar_parts(letter.items, letter.date, letter.sender, letter.language)
    for method, calendar in parts.items():
        # `method` must equal the METHOD inside, or Outlook rejects the part.
        yield (
            f'Content-Type: text/calendar; charset="utf-8"; method={method}\r\n'
            "Content-Transfer-Encoding: base64\r\n"
            f'Content-Disposition: attachment; filename="{_FILE[method]}"\r\n\r\n'
        ).encode("ascii") + mime.base64_lines(calendar)
    for attached in letter.attachments:
        yield mime.attachment(attached.name, attached.media_type, attached.data)
