"""P13: no header, no recipient, no part but ours, whatever a field holds."""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.compose import compose
from notifications.letters import Attachment, Letter
from notifications.smtp import Relay
from notifications.specimen import specimen
from responsibilities.words import Refused
from tests.notifications.servers import Took, taking

HEADERS = [
    "Message-ID", "Date", "From", "To", "Reply-To", "Subject", "Thread-Index", "Auto-Submitted",
    "X-Auto-Response-Suppress", "Content-Language", "Duban-Checkpoint", "MIME-Version",
    "Content-Type",
]  # fmt: skip
NASTY = (
    "\r\n", "\n", "\r", "\0", "\u2028", "\u2029", "\x85", "\x0b", "\x1b", "\t", "\u202e", "\ud800",
    "\r\nBcc: victim@c.example", "\r\n\r\n<b>", "=?UTF-8?B?", "?=", '"', "\\", "<", ">", ",", ";",
    "--=_", ".\r\n", "\r\n.\r\n", "@", "中", "𠮷", "é", "：", "{{ 7*7 }}", "{% raw %}", "<script>",
    "BEGIN:VEVENT", "END:VALARM", "a@c.example", "<x@y>", " ",
)  # fmt: skip
LETTER_FIELDS = (
    "message_id", "thread", "sender_name", "sender", "to_name", "to", "reply_to", "plan_title",
    "plan_number", "office", "ask", "instead_of",
)  # fmt: skip
ITEM_FIELDS = (
    "key", "number", "title", "unit", "period", "notice", "colour", "next_step", "reason",
)  # fmt: skip


def with_field(field: str, letter: Letter, text: str) -> Letter:
    changed: dict[str, Any] = {field: text}
    return replace(letter, **changed)


def with_item_field(field: str, letter: Letter, text: str) -> Letter:
    changed: dict[str, Any] = {field: text}
    return replace(letter, items=tuple(replace(item, **changed) for item in letter.items))


def with_attachment_name(letter: Letter, text: str) -> Letter:
    return replace(letter, attachments=(Attachment(text, "text/plain", b"x"),))


def with_media_type(letter: Letter, text: str) -> Letter:
    return replace(letter, attachments=(Attachment("a.txt", text, b"x"),))


FIELDS: dict[str, Callable[[Letter, str], Letter]] = {
    **{field: partial(with_field, field) for field in LETTER_FIELDS},
    **{f"item.{field}": partial(with_item_field, field) for field in ITEM_FIELDS},
    "attachment.name": with_attachment_name,
    "attachment.media_type": with_media_type,
}
BASES = [specimen(kind, "zh") for kind in ("opened", "overdue", "digest", "incident")]


def assert_nothing_was_smuggled_in(letter: Letter, message: bytes) -> None:
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0|[\x80-\xff]", message)
    mail: Any = message_from_bytes(message, policy=policy.default)
    expected = [header for header in HEADERS if header in mail]
    optional = {"In-Reply-To", "References", "Thread-Topic", "Importance", "X-Priority"}
    assert [header for header in mail if header not in optional] == expected == HEADERS
    assert len(mail.keys()) == len(set(mail.keys()))
    assert [address.addr_spec for address in mail["To"].addresses] == [letter.to]
    assert [address.addr_spec for address in mail["From"].addresses] == [letter.sender]
    types = [part.get_content_type() for part in mail.walk()]
    assert types[:4] == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"]
    dated = [item for item in letter.items if item.kind != "review"]
    methods = {item.closed for item in dated}  # what is over has a calendar of its own
    assert types[4 : 4 + len(methods)] == ["text/calendar"] * len(methods)
    assert len(types) == 4 + len(methods) + len(letter.attachments)
    bodies = b"".join(
        part.get_payload(decode=True)
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
    )
    assert len(re.findall(rb"^BEGIN:VEVENT", bodies, re.M)) == len(dated)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", bodies)


def compose_or_refuse(field: str, base: Letter, text: str) -> tuple[Letter, bytes] | None:
    letter = FIELDS[field](base, text)
    try:
        message = compose(letter)
    except Refused:
        return None
    assert_nothing_was_smuggled_in(letter, message)
    return letter, message


@given(
    st.sampled_from(sorted(FIELDS)),
    st.sampled_from(BASES),
    st.lists(st.sampled_from(NASTY) | st.text(max_size=20), max_size=6).map("".join),
)
def test_no_field_smuggles_in_a_header_a_recipient_or_a_part(
    field: str, base: Letter, text: str
) -> None:
    compose_or_refuse(field, base, text)


def fuzzed(dice: random.Random) -> tuple[Letter, bytes] | None:
    text = "".join(dice.choices(NASTY, k=dice.randint(1, 5)))
    return compose_or_refuse(dice.choice(sorted(FIELDS)), dice.choice(BASES), text)


async def send_all(took: Took, rounds: int) -> int:
    dice, sent = random.Random(13), 0
    async with Relay(took.server) as relay:
        for _ in range(rounds):
            found = fuzzed(dice)
            if found is None:
                continue
            letter, message = found
            await relay.send(letter.sender, letter.to, message)
            (envelope,) = took.letters
            took.letters.clear()
            assert (envelope.sender, envelope.recipients) == (letter.sender, [letter.to])
            assert envelope.content == message
            sent += 1
    return sent


def test_fuzzed_letters_reach_the_wire_as_they_were_composed(full: bool) -> None:
    rounds = 100_000 if full else 300
    with taking() as took:
        sent = asyncio.run(send_all(took, rounds))
    assert rounds // 10 < sent < rounds


@pytest.mark.parametrize("field", ["sender_name", "to_name", "item.title", "item.number"])
@pytest.mark.parametrize(
    "character", ["\r", "\n", "\0", "\x7f", "\x85", "\u2028", "\u202e", "\ud800"]
)
def test_a_control_character_in_a_header_field_is_refused_and_named(
    field: str, character: str
) -> None:
    with pytest.raises(Refused, match=re.escape(ascii(character))):
        compose(FIELDS[field](specimen("opened", "zh"), f"护理{character}学院"))


BAD_ADDRESSES = [
    "", "a", "a@b", "a@b..example", "a b@c.example", "<a@c.example>", "a@c.example, b@c.example",
    "a@c.example\r\nRCPT TO:<b@c.example>", "a@c.example>", '"a b"@c.example', "a@[127.0.0.1]",
    "王@c.example", "a@学院.example", "a" * 65 + "@c.example", "a@" + "b." * 130 + "example",
    "a@-c.example", "a@c.example\n", ".a@c.example", "a..b@c.example", "a@c.example\x00",
]  # fmt: skip


@pytest.mark.parametrize("field", ["sender", "to", "reply_to"])
@pytest.mark.parametrize("bad", BAD_ADDRESSES)
def test_an_address_that_is_not_plainly_one_is_refused(field: str, bad: str) -> None:
    with pytest.raises(Refused):
        compose(with_field(field, specimen("opened", "zh"), bad))


@pytest.mark.parametrize("field", ["message_id", "thread"])
@pytest.mark.parametrize(
    "bad", ["x", "<a@b", "a@b>", "<a b@c>", "<a@b>\r\nX: y", "<a@b> <c@d>", "<@>"]
)
def test_a_message_id_that_is_not_plainly_one_is_refused(field: str, bad: str) -> None:
    with pytest.raises(Refused):
        compose(with_field(field, specimen("overdue", "zh"), bad))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Subject:", b"Bcc: victim@c.example\r\nSubject:"),
        (b" <nursing@college.example>", b" <nursing@college.example>, <victim@c.example>"),
        (b"\r\n", b"\n"),
        (b"Content-Language: zh-CN\r\n", b""),
        (b"Content-Type: text/calendar", b"Content-Type: text/x-evil"),
    ],
)
def test_the_watch_above_sees_what_it_watches_for(before: bytes, after: bytes) -> None:
    letter = specimen("opened", "zh")
    spoiled = compose(letter).replace(before, after, 1)
    assert spoiled != compose(letter)
    with pytest.raises(AssertionError):
        assert_nothing_was_smuggled_in(letter, spoiled)
