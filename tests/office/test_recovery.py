"""A letter that may have left is looked for in the journal before it is sent again (P7)."""

import asyncio
from datetime import timedelta

import pytest

from notifications.imap import Unreadable
from notifications.refusals import Verdict
from office.ledger import list_letters
from office.post import bind, send
from office.recovery import Journal
from office.sending import LEASE, Sent
from responsibilities.words import Words
from storage import outbox
from storage.engine import writing
from storage.outbox import LetterState
from tests.office.desk import WEEKLY, Desk, at
from tests.office.test_post import Scripted

MONDAY = "2026-11-30 08:00"


class Box:
    """A journal: what is in it, and whether it answers."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.answers = True

    async def holds(self, message_id: str) -> bool:
        if not self.answers:
            raise Unreadable(Words("连接被拒绝", "connection refused"))
        return message_id in self.ids


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def monday(desk: Desk) -> Desk:
    """Two letters wait to be sent."""
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    bind(desk.db, at(MONDAY), desk.mail, "zh")
    return desk


def go(desk: Desk, carrier: Scripted, wall: str, box: Box, minutes: int = 15) -> Sent:
    journal = Journal(box, timedelta(minutes=minutes))
    return asyncio.run(send(desk.db, lambda: at(wall), carrier, connections=1, journal=journal))


def die(desk: Desk) -> list[str]:
    """A process leases both letters and is gone; their Message-IDs."""
    with writing(desk.db) as connection:
        leased = outbox.lease(connection, at(MONDAY), "the dead", LEASE, 10)
    return [one.letter.message_id for one in leased]


def test_a_letter_found_in_the_journal_has_left(monday: Desk, box: Box) -> None:
    first, _ = die(monday)
    box.ids = {first}
    carrier = Scripted()
    sent = go(monday, carrier, "2026-11-30 08:05", box)
    assert (sent.accepted, sent.recovered, sent.deferred) == (1, 1, 1)
    assert carrier.took == []
    delivered = [body["letter"] for _, key, body in monday.record() if "/delivered/" in key]
    assert delivered == [first]


def test_one_that_is_not_there_is_sent_when_the_grace_is_over(monday: Desk, box: Box) -> None:
    die(monday)
    carrier = Scripted()
    assert go(monday, carrier, "2026-11-30 08:05", box).deferred == 2
    assert go(monday, carrier, "2026-11-30 08:14", box).accepted == 0
    assert go(monday, carrier, "2026-11-30 08:15", box).accepted == 2
    assert len(carrier.took) == 2


def test_a_copy_that_comes_within_the_grace_is_found(monday: Desk, box: Box) -> None:
    ids = die(monday)
    carrier = Scripted()
    go(monday, carrier, "2026-11-30 08:05", box)
    box.ids = set(ids)
    assert go(monday, carrier, "2026-11-30 08:15", box).recovered == 2
    assert carrier.took == []


def test_a_connection_that_broke_after_the_data_is_looked_up_too(monday: Desk, box: Box) -> None:
    carrier = Scripted(Verdict(uncertain=True))
    assert go(monday, carrier, MONDAY, box).deferred == 1
    [doubtful] = [x for x in list_letters(monday.db) if x.state is LetterState.UNCERTAIN]
    box.ids = {doubtful.message_id}
    assert go(monday, carrier, "2026-11-30 08:15", box).recovered == 1
    assert len(carrier.took) == 1


def test_a_journal_that_does_not_answer_holds_and_is_told_after_half_an_hour(
    monday: Desk, box: Box
) -> None:
    die(monday)
    box.answers = False
    carrier = Scripted()
    for minute in (5, 15, 20, 30):
        go(monday, carrier, f"2026-11-30 08:{minute:02}", box)
    assert not [n for n in monday.waiting() if n.kind == "alarm"]
    for minute in (35, 40, 50):
        go(monday, carrier, f"2026-11-30 08:{minute:02}", box)
    [notice] = [n for n in monday.waiting() if n.kind == "alarm"]
    assert "留底邮箱无法查询" in notice.facts["情况"][0]
    assert carrier.took == []
    box.answers = True
    assert go(monday, carrier, "2026-11-30 09:00", box).accepted == 2


def test_a_letter_that_was_only_put_off_is_not_looked_up(monday: Desk, box: Box) -> None:
    box.answers = False
    carrier = Scripted(Verdict(), Verdict())
    assert go(monday, carrier, MONDAY, box).deferred == 2
    assert go(monday, carrier, "2026-11-30 08:01", box).accepted == 2
