"""VERP: a bounce is known by the address that it comes to, whatever words it has."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from office.bounce_tags import bounce_address
from office.inbox import settle, take_in
from office.ledger import letter_bytes, list_letters
from office.mailboxes import Trouble, troubled
from office.settings import Inbox
from storage import inbox
from storage.engine import reading
from storage.inbox import Envelope
from tests.notifications.servers import Envelope as Handed
from tests.notifications.servers import Took, taking
from tests.office.desk import WEEKLY, Desk, at

MONDAY, LATER = "2026-11-30 08:00", "2026-11-30 09:00"
NURSING = "nursing@school.example"
STRANGE = """\
From: <mailer@mx.strange.example>
To: <{to}>
Subject: Undelivered mail

550 No such user here.
"""
UNREADABLE = """\
From: <mx@strange.example>
To: <{to}>
Subject: Ilmoitus

Viesti ei mennyt perille.
"""
VACATION = """\
From: <nursing@school.example>
To: <{to}>
Subject: Poissa
Auto-Submitted: auto-replied

Palaan maanantaina.
"""


@pytest.fixture
def relay(desk: Desk) -> Iterator[Took]:
    """A relay that took Monday's letters to two colleges, each from an address of its own."""
    with taking() as took:
        server = took.server
        desk.mail = replace(desk.mail, host=server.host, port=server.port, tls="none", verp=True)
        desk.adopt(WEEKLY, "2026-11-29 09:00")
        desk.reconcile(MONDAY)
        desk.post(MONDAY)
        yield took


def to_nursing(relay: Took) -> Handed:
    return next(letter for letter in relay.letters if letter.recipients == [NURSING])


def gets(desk: Desk, mail: str, to: str, envelope: Envelope) -> str:
    """The verdict on a mail to this address."""
    raw = mail.format(to=to).encode()
    number = take_in(desk.db, desk.blobs, raw, now=at(LATER), envelope=envelope)
    settle(desk.db, desk.blobs, at(LATER), desk.mail, Inbox())
    with reading(desk.db) as connection:
        message = inbox.by_id(connection, number)
    assert message is not None
    return message.verdict


def in_trouble(desk: Desk) -> dict[str, Trouble]:
    with reading(desk.db) as connection:
        return troubled(connection, "fire", at(LATER))


def kinds_waiting(desk: Desk) -> list[tuple[str, str]]:
    return [(notice.kind, notice.role) for notice in desk.waiting()]


def test_each_letter_leaves_from_its_own_address_with_the_bytes_unchanged(
    desk: Desk, relay: Took
) -> None:
    letters = {letter.recipient: letter for letter in list_letters(desk.db)}
    senders = {handed.sender for handed in relay.letters}
    assert len(senders) == len(relay.letters) == 2
    for handed in relay.letters:
        letter = letters[handed.recipients[0]]
        assert handed.sender.startswith(f"duban+b-{letter.id}-")
        assert handed.sender.endswith("@school.example")
        assert handed.content == letter_bytes(desk.db, letter.id)
        assert handed.sender.encode() not in handed.content


@pytest.mark.parametrize(("verp", "delimiter"), [(False, "+"), (True, "")])
def test_without_the_option_or_a_delimiter_the_sender_is_plain(
    desk: Desk, verp: bool, delimiter: str
) -> None:
    with taking() as took:
        server = took.server
        mail = replace(desk.mail, host=server.host, port=server.port, tls="none")
        desk.mail = replace(mail, verp=verp, recipient_delimiter=delimiter)
        desk.adopt(WEEKLY, "2026-11-29 09:00")
        desk.reconcile(MONDAY)
        desk.post(MONDAY)
    assert [letter.sender for letter in took.letters] == ["duban@school.example"] * 2


def test_no_local_part_is_longer_than_smtp_allows() -> None:
    for length in range(1, 65):
        sender = "d" * length + "@school.example"
        made = bounce_address(sender, "+", 999_999_999, b"letter")
        assert len(made.partition("@")[0]) <= 64
        assert (made == sender) == (length > 64 - len("+b-999999999-") - 16)


def test_a_bounce_in_prose_that_names_no_letter_marks_the_right_mailbox(
    desk: Desk, relay: Took
) -> None:
    assert gets(desk, STRANGE, to_nursing(relay).sender, Envelope(None)) == "bounce"
    assert in_trouble(desk) == {NURSING: Trouble.FAILED}
    assert kinds_waiting(desk) == [("undelivered", "office"), ("opened", "deputy")]


def test_the_envelope_s_recipient_is_enough_and_its_case_does_not_matter(
    desk: Desk, relay: Took
) -> None:
    envelope = Envelope("", (to_nursing(relay).sender.upper(),))
    assert gets(desk, STRANGE, "undisclosed@school.example", envelope) == "bounce"
    assert in_trouble(desk) == {NURSING: Trouble.FAILED}


def test_a_null_sender_in_words_we_cannot_read_loses_the_letter_but_not_the_mailbox(
    desk: Desk, relay: Took
) -> None:
    assert gets(desk, UNREADABLE, to_nursing(relay).sender, Envelope("")) == "bounce"
    assert in_trouble(desk) == {}
    assert kinds_waiting(desk) == [("undelivered", "office"), ("opened", "deputy")]


def test_what_is_no_bounce_is_treated_as_any_other_mail(desk: Desk, relay: Took) -> None:
    tagged = to_nursing(relay).sender
    assert gets(desk, UNREADABLE, tagged, Envelope("mx@strange.example")) == gets(
        desk, UNREADABLE + "\n", "duban@school.example", Envelope("mx@strange.example")
    )
    assert gets(desk, VACATION, tagged, Envelope("")) == "auto_reply"
    assert in_trouble(desk) == {}
    assert "undelivered" not in {kind for kind, _ in kinds_waiting(desk)}


def test_a_forged_tag_does_nothing(desk: Desk, relay: Took) -> None:
    """Another number, a letter that there is not, a wrong digest."""
    local, number, digest = to_nursing(relay).sender.partition("@")[0].split("-")
    other = next(one for one in relay.letters if one.recipients != [NURSING])
    theirs = other.sender.partition("@")[0].split("-")[1]
    wrong = digest[:-1] + ("0" if digest[-1] != "0" else "1")
    for forged in (f"{theirs}-{digest}", f"999-{digest}", f"{number}-{wrong}", f"999-{'0' * 16}"):
        gets(desk, STRANGE, f"{local}-{forged}@school.example", Envelope(""))
    assert in_trouble(desk) == {}
    assert kinds_waiting(desk) == []
