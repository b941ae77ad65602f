"""A letter by `email.message`: the slow and trusted way, to compare with."""

from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from notifications.calendar_part import calendar_parts
from notifications.compose import compose
from notifications.letters import Letter
from notifications.rendering import render


def parsed(message: bytes) -> EmailMessage:
    return message_from_bytes(message, policy=policy.default)


def as_the_library_says(letter: Letter) -> bytes:
    """The bytes that the standard library makes of the same letter."""
    rendered = render(letter)
    mail = EmailMessage(policy=policy.SMTP)
    mail.set_content(rendered.text, cte="base64")
    mail.add_alternative(rendered.html, subtype="html", cte="base64")
    mail.make_mixed()
    parts = calendar_parts(letter.items, letter.date, letter.sender, letter.language)
    for method, calendar in parts.items():
        name = {"PUBLISH": "duban.ics", "CANCEL": "duban-cancelled.ics"}[method]
        params = {"method": str(method)}
        mail.add_attachment(
            calendar.decode(), "calendar", cte="base64", params=params, filename=name
        )
    for attached in letter.attachments:
        mail.add_attachment(attached.data, *attached.media_type.split("/"), filename=attached.name)
    for header, value in headers(letter, rendered.subject):
        mail[header] = value
    return mail.as_bytes()


def headers(letter: Letter, subject: str) -> list[tuple[str, object]]:
    thread = [("In-Reply-To", letter.thread), ("References", letter.thread)]
    urgent = [("Importance", "high"), ("X-Priority", "1")]
    return [
        ("Message-ID", letter.message_id),
        ("Date", format_datetime(letter.date)),
        ("From", Address(letter.sender_name, addr_spec=letter.sender)),
        ("To", Address(letter.to_name, addr_spec=letter.to)),
        ("Reply-To", Address(addr_spec=letter.reply_to)),
        ("Subject", subject),
        *(thread if letter.thread else []),
        *(
            [("Thread-Topic", parsed(compose(letter))["Thread-Topic"])]
            if len(letter.items) == 1
            else []
        ),
        ("Thread-Index", str(parsed(compose(letter))["Thread-Index"])),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Content-Language", {"zh": "zh-CN", "en": "en"}[letter.language]),
        *(
            [("Duban-Checkpoint", parsed(compose(letter))["Duban-Checkpoint"])]
            if letter.record
            else []
        ),
        *(urgent if letter.urgent else []),
    ]
