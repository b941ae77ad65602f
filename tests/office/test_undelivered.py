"""What did not arrive is told to the office: which letter, about what, why; many in one letter."""

import asyncio
from email import message_from_bytes
from email.message import Message

import pytest

from notifications.refusals import Verdict
from office.ledger import letter_bytes, list_letters
from office.post import bind, send
from responsibilities.words import Language
from tests.office.desk import WEEKLY, Desk, at
from tests.office.test_post import DRILL, MONDAY, Scripted

DOWN = Verdict()
"""A relay that takes nothing now."""


@pytest.fixture
def monday(desk: Desk) -> Desk:
    desk.adopt(WEEKLY + DRILL, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    return desk


def go(desk: Desk, wall: str, carrier: Scripted, language: Language = "zh") -> None:
    bind(desk.db, at(wall), desk.mail, language)
    asyncio.run(send(desk.db, lambda: at(wall), carrier, connections=1))


def told(desk: Desk) -> list[str]:
    """The plain text of every letter about letters that did not arrive, newest first."""
    found = [one for one in list_letters(desk.db) if one.kind == "undelivered"]
    return [_text(message_from_bytes(letter_bytes(desk.db, one.id))) for one in found]


def _text(parsed: Message) -> str:
    part = next(p for p in parsed.walk() if p.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_the_letter_and_its_tasks_are_named(monday: Desk) -> None:
    go(monday, MONDAY, Scripted(Verdict(permanent=True)))
    bind(monday.db, at(MONDAY), monday.mail, "zh")
    [text] = told(monday)
    assert "原邮件：【督办·新下达2项】" in text
    assert "督办事项：督办〔2026〕" in text
    assert "开展宿舍消防检查" in text
    assert "演练" in text


def test_the_reason_is_in_the_letter_s_language(monday: Desk) -> None:
    go(monday, MONDAY, Scripted(Verdict(permanent=True)))
    bind(monday.db, at(MONDAY), monday.mail, "en")
    [text] = told(monday)
    assert "Reason: " in text
    reason = next(line for line in text.splitlines() if line.startswith("Reason: "))
    assert reason.isascii()


def test_after_a_long_outage_of_the_relay_what_expired_is_told_in_one_letter(
    monday: Desk,
) -> None:
    """Four mailboxes wait for their letters for a fortnight; then the relay is back."""
    carrier = Scripted(*[DOWN] * 10_000)
    for day in ("11-30", "12-04", "12-07", "12-10", "12-12", "12-13"):
        monday.reconcile(f"2026-{day} 08:00")
        go(monday, f"2026-{day} 08:00", carrier)
        go(monday, f"2026-{day} 20:00", carrier)
    carrier.verdicts.clear()
    for minute in range(20):
        go(monday, f"2026-12-13 21:{minute:02}", carrier)
    lost = [key for _, key, _ in monday.record() if "/undelivered/" in key]
    assert len(lost) > 4
    about = [message for to, message in carrier.took if b"Message-ID: <undelivered." in message]
    assert len(about) == 1
    text = _text(message_from_bytes(about[0]))
    assert "超过送达时限仍未送出" in text
    assert "1. " in text
