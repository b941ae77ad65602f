"""A mail server that refuses at every stage, and what becomes of the letter (P6, P9)."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from responsibilities.tasks import FactKind
from storage.outbox import LetterState, StoredLetter
from tests.faults.relays import DROP, Place, ScriptedRelay, scripted_relay
from tests.stories.town import Town, plan_told

pytestmark = pytest.mark.fault

PLAN = """
duties:
  - id: report
    title: 报送情况
    source: {clause: 六, quote: 如实报送}
    responsible: 护理学院
    once: 2026-11-27前
    opens: 2026-11-16
    evidence: [{text: 情况}]
    ladder: 常规
"""
FOR_NOW: list[tuple[Place, str]] = [
    ("connect", "421 4.3.2 closing for maintenance"),
    ("connect", "554 5.7.1 listed"),
    ("connect", DROP),
    ("mail", "451 4.3.0 try later"),
    ("mail", DROP),
    ("rcpt", "450 4.2.1 greylisted"),
    ("rcpt", "550 5.7.1 too many messages, slow down"),
    ("rcpt", DROP),
    ("data", "451 4.3.0 try later"),
    ("data", DROP),
    ("content", "452 4.3.1 no room"),
]


@pytest.fixture
def relay() -> Iterator[ScriptedRelay]:
    with scripted_relay() as made:
        yield made


@pytest.fixture
def town(tmp_path: Path, sqlite_template: Path, relay: ScriptedRelay) -> Town:
    """A town whose letters leave by the scripted relay."""
    shutil.copy(sqlite_template, tmp_path / "duban.sqlite")
    made = Town(tmp_path, plan_told(PLAN))
    made.mail = replace(made.mail, host="127.0.0.1", port=relay.port, tls="none")
    return made


def first(town: Town) -> StoredLetter:
    return town.letters()[0]


@pytest.mark.parametrize(("place", "answer"), FOR_NOW)
def test_refused_for_now_it_is_tried_again_at_growing_distances_until_it_is_taken(
    town: Town, relay: ScriptedRelay, place: Place, answer: str
) -> None:
    relay.script[place] = [answer] * 4
    tried = []
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 08:00")
    while first(town).state is LetterState.DEFERRED:
        tried.append(town.wall(town.now)[-5:])
        town.pass_until(town.wall(first(town).next_at))

    assert tried == ["08:00", "08:01", "08:03", "08:08"]
    assert first(town).state is LetterState.ACCEPTED
    assert town.wall(town.now) == "2026-11-16 08:23"
    assert relay.message_ids() == [first(town).message_id]
    assert town.record("fanzha/undelivered", FactKind.UNDELIVERED) == []


def test_a_connection_that_breaks_after_the_letter_went_out_brings_the_same_letter_again(
    town: Town, relay: ScriptedRelay
) -> None:
    relay.script["content"] = [DROP]
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 08:10")
    assert first(town).state is LetterState.UNCERTAIN
    town.pass_until("2026-11-16 09:00")

    assert first(town).state is LetterState.ACCEPTED
    assert first(town).attempts == 2
    one, other = relay.taken
    assert one == other
    assert relay.message_ids() == [first(town).message_id] * 2


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("rcpt", "550 5.1.1 no such user"),
        ("rcpt", "552 5.2.2 mailbox full"),
        ("content", "554 5.7.1 refused for its content"),
    ],
)
def test_refused_for_good_it_is_not_tried_again_and_the_office_knows_the_same_day(
    town: Town, relay: ScriptedRelay, place: Place, answer: str
) -> None:
    relay.script[place] = [answer]
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 18:00")

    refused = first(town)
    assert (refused.state, refused.attempts) == (LetterState.REFUSED, 1)
    told = [letter for letter in town.letters() if letter.kind == "undelivered"]
    assert [(letter.to_name, letter.state.value) for letter in told] == [
        ("领导小组办公室", "accepted")
    ]
    assert town.wall(told[0].accepted_at)[:10] == "2026-11-16"
    [fact] = town.record("fanzha/undelivered", FactKind.UNDELIVERED)
    assert fact.body["what"] == refused.message_id
    assert answer.split(" ")[0] in fact.body["why"]
    assert refused.message_id not in relay.message_ids()


@pytest.mark.parametrize(
    ("place", "answer", "marked", "moved"),
    [
        ("rcpt", "550 5.1.1 no such user", True, True),
        ("rcpt", "550 User unknown", True, True),
        ("rcpt", "552 5.2.2 mailbox full", False, True),
        ("rcpt", "554 5.7.1 relay access denied", False, True),
        ("content", "554 5.7.1 refused for its content", False, False),
    ],
)
def test_a_refused_mailbox_brings_in_the_deputy_and_is_marked_only_if_it_does_not_exist(
    town: Town, relay: ScriptedRelay, place: Place, answer: str, marked: bool, moved: bool
) -> None:
    relay.script[place] = [answer]
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 18:00")
    failed = town.record("fanzha/mailbox", FactKind.MAILBOX_FAILED)
    assert [one.body["mailbox"] for one in failed] == [first(town).recipient] * marked
    opened = [one.to_name for one in town.letters() if one.kind == "opened"]
    assert opened == ["护理学院联络员", *["护理学院副联络员"] * moved]


def test_a_sender_that_the_relay_refuses_stops_all_mail_and_loses_none(
    town: Town, relay: ScriptedRelay
) -> None:
    relay.script["mail"] = ["550 5.7.1 sender not allowed"] * 3
    town.begins("2026-11-16 07:00")
    town.pass_until("2026-11-16 08:31")
    assert first(town).state is LetterState.DEFERRED
    assert relay.taken == []
    town.pass_until("2026-11-16 10:00")
    assert first(town).state is LetterState.ACCEPTED
    assert relay.message_ids() == [first(town).message_id]


def test_a_letter_is_not_sent_when_it_is_of_no_use_any_more(
    town: Town, relay: ScriptedRelay
) -> None:
    relay.always["rcpt"] = "450 4.2.1 greylisted"
    town.begins("2026-11-25 08:00")
    town.pass_until("2026-11-28 07:30")
    opened = first(town)
    assert opened.state is LetterState.DEFERRED
    town.pass_until("2026-11-28 09:00")  # overdue, and three days old: nothing left to announce
    given_up = first(town)
    assert (given_up.state, given_up.accepted_at) == (LetterState.REFUSED, None)
    [fact] = [
        fact
        for fact in town.record("fanzha/undelivered", FactKind.UNDELIVERED)
        if fact.body["what"] == opened.message_id
    ]
    assert "超过送达时限" in fact.body["why"]

    relay.always.clear()
    town.pass_until("2026-11-30 12:00")
    assert opened.message_id not in relay.message_ids()
    to_office = [x for x in town.letters() if x.kind == "undelivered" and x.accepted_at is not None]
    assert len(to_office) >= 1  # and once mail works again, the office reads about it
