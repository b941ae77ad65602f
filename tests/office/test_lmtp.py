"""The door for a site with its own mail server: 250 means that the mail is on the disk."""

from pathlib import Path
from smtplib import LMTP, SMTPDataError

import pytest

from notifications.lmtp import listening
from office import inbox
from responsibilities.words import Refused
from storage.engine import reading
from storage.inbox import Envelope, waiting
from tests.office.desk import Desk, at

RAW = b"From: a@school.example\r\nSubject: x\r\n\r\n\xcb\xb5\r\n.\r\n..\r\n"
NOON = at("2026-11-30 12:00")


def test_a_mail_is_stored_byte_for_byte_with_its_envelope(desk: Desk) -> None:
    def take(raw: bytes, sender: str, recipients: tuple[str, ...]) -> None:
        envelope = Envelope(sender, recipients)
        inbox.take_in(desk.db, desk.blobs, raw, now=NOON, envelope=envelope)

    to = ["duban+1@school.example", "duban+2@school.example"]
    with listening("127.0.0.1:0", take) as port, LMTP("127.0.0.1", port) as client:
        client.ehlo()
        client.mail("")
        for recipient in to:
            client.rcpt(recipient)
        client.docmd("DATA")
        client.send(RAW.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        assert [client.getreply()[0] for _ in to] == [250, 250]  # one for each, as RFC 2033 has it
        assert client.sendmail("a@school.example", to[:1], RAW) == {}
    with reading(desk.db) as connection:
        [stored] = waiting(connection)  # the same bytes are the same mail
    assert stored.envelope == Envelope("", tuple(to))
    assert desk.blobs.get(stored.sha256) == RAW


def test_a_mail_that_cannot_be_stored_stays_with_the_mail_server() -> None:
    def full(raw: bytes, sender: str, recipients: tuple[str, ...]) -> None:
        raise OSError("no space left")

    with listening("127.0.0.1:0", full) as port, LMTP("127.0.0.1", port) as client:
        with pytest.raises(SMTPDataError) as refusal:
            client.sendmail("a@school.example", ["duban@school.example"], RAW)
        assert refusal.value.smtp_code == 451


def test_a_socket_is_a_door_too(tmp_path: Path) -> None:
    taken: list[bytes] = []
    path = str(tmp_path / "lmtp")
    with (
        listening(path, lambda raw, sender, recipients: taken.append(raw)),
        LMTP(path) as client,
    ):
        client.sendmail("a@school.example", ["duban@school.example"], RAW)
    assert taken == [RAW]


@pytest.mark.parametrize("where", ["0.0.0.0:2424", "192.0.2.1:2424", "mail.school.example:24"])
def test_a_door_that_others_could_reach_is_not_opened(where: str) -> None:
    with pytest.raises(Refused, match=r"127\.0\.0\.1"), listening(where, lambda *_: None):
        pass
