"""From notices to letters, and out of the house: once, bundled, and never silently lost."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes

import pytest

from notifications.bucket import Bucket, Limits
from notifications.refusals import Undelivered, Verdict
from office.adopt_plan import adopt
from office.ledger import letter_bytes, list_letters, show_task
from office.post import bind, send
from office.sending import Sent
from responsibilities.tasks import FactKind
from storage.engine import open_engine
from storage.outbox import LetterState
from tests.office.desk import SCHOOL, WEEKLY, Desk, at, compiled

DRILL = (
    "  - {id: drill, title: 演练, responsible: 二级学院, every: 每周, due: 周五前, ladder: 常规}\n"
)
TWO = WEEKLY + DRILL
NURSING = "fire/2026-W49/check/nursing"
MONDAY = "2026-11-30 08:00"


class Scripted:
    """A carrier that answers as told, then takes everything."""

    def __init__(self, *verdicts: Verdict) -> None:
        self.verdicts = list(verdicts)
        self.took: list[tuple[str, bytes]] = []

    async def send(self, sender: str, to: str, message_id: str, message: bytes) -> str:
        if self.verdicts:
            raise Undelivered("rcpt", 550, "said the relay", self.verdicts.pop(0))
        self.took.append((to, message))
        return "250 taken"


@pytest.fixture
def monday(desk: Desk) -> Desk:
    """Two duties for two colleges have opened."""
    desk.adopt(TWO, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    return desk


def go(desk: Desk, carrier: Scripted, wall: str, limits: Limits | None = None) -> Sent:
    return asyncio.run(send(desk.db, lambda: at(wall), carrier, limits=limits, connections=2))


def states(desk: Desk) -> list[LetterState]:
    return sorted(letter.state for letter in list_letters(desk.db))


def test_each_mailbox_gets_one_letter_a_round_with_all_its_tasks(monday: Desk) -> None:
    monday.post(MONDAY)
    assert [(letter.recipient, letter.kind) for letter in list_letters(monday.db)] == [
        ("pharmacy@school.example", "digest"),
        ("nursing@school.example", "digest"),
    ]
    assert monday.post("2026-11-30 08:05").bound.letters == 0


def test_several_steps_missed_come_as_one_item_the_gravest(monday: Desk) -> None:
    monday.post(MONDAY)
    monday.reconcile("2026-12-07 09:00")
    monday.post("2026-12-07 09:00")
    nursing = next(x for x in list_letters(monday.db) if x.recipient == "nursing@school.example")
    parsed = message_from_bytes(letter_bytes(monday.db, nursing.id))
    shown = next(p for p in parsed.walk() if p.get_content_type() == "text/plain")
    body = shown.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "请办理下列4项督办事项：逾期2项、新下达2项" in body.decode()
    assert body.decode().count("[催办单]") == 2
    assert "今日截止提醒" not in body.decode()


def test_the_bytes_are_the_same_whoever_makes_the_letter(monday: Desk) -> None:
    bind(monday.db, at(MONDAY), monday.mail, "zh")
    for letter in list_letters(monday.db):
        parsed = message_from_bytes(letter_bytes(monday.db, letter.id))
        assert parsed["Message-ID"] == letter.message_id
        assert letter.message_id.endswith("@school.example>")


def test_two_mailrooms_at_once_make_each_letter_once(monday: Desk) -> None:
    others = [open_engine(monday.db.url.render_as_string(False)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda db: bind(db, at(MONDAY), monday.mail, "zh"), others))
    for engine in others:
        engine.dispose()
    assert len(list_letters(monday.db)) == 2


def test_a_reminder_answers_the_first_letter_about_its_task(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    for wall in (MONDAY, "2026-12-04 08:00"):
        desk.reconcile(wall)
        desk.post(wall)
    letters = show_task(desk.db, NURSING, at("2026-12-04 08:00")).letters
    first, second = (message_from_bytes(letter_bytes(desk.db, x.id)) for x in letters)
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == first["Message-ID"]


def test_an_accepted_letter_is_on_the_record_with_its_digest(monday: Desk) -> None:
    bind(monday.db, at(MONDAY), monday.mail, "zh")
    carrier = Scripted()
    assert go(monday, carrier, MONDAY).accepted == 2
    delivered = [body for _, key, body in monday.record() if "/delivered/" in key]
    assert {body["to"] for body in delivered} == {to for to, _ in carrier.took}
    assert all(len(body["sha256"]) == 64 for body in delivered)


def test_what_is_refused_for_good_is_told_to_the_office_once(monday: Desk) -> None:
    bind(monday.db, at(MONDAY), monday.mail, "zh")
    sent = go(monday, Scripted(Verdict(permanent=True)), MONDAY)
    assert (sent.accepted, sent.refused) == (1, 1)
    [notice] = [n for n in monday.waiting() if n.kind == "undelivered"]
    assert str(notice.facts["收件邮箱"]).endswith("@school.example")
    bind(monday.db, at("2026-11-30 08:01"), monday.mail, "zh")
    again = go(monday, Scripted(Verdict(permanent=True)), "2026-11-30 08:01")
    assert again.refused == 1, "the office's own mailbox refuses too"
    roles = [notice.role for notice in monday.waiting()]
    assert roles == ["deputy_group_leader"], "the next post up hears it, not the same mailbox"
    undelivered = [key for _, key, _ in monday.record() if "/undelivered/" in key]
    assert len(undelivered) == 2


def test_a_refusal_for_what_it_says_holds_the_domain(monday: Desk) -> None:
    bind(monday.db, at(MONDAY), monday.mail, "zh")
    sent = asyncio.run(
        send(
            monday.db,
            lambda: at(MONDAY),
            Scripted(Verdict(permanent=True, hold=True)),
            connections=1,
        )
    )
    assert (sent.refused, sent.deferred) == (1, 1)


def test_a_login_that_fails_stops_everything_and_loses_nothing(monday: Desk) -> None:
    bind(monday.db, at(MONDAY), monday.mail, "zh")
    sent = go(monday, Scripted(Verdict(stop=True)), MONDAY)
    assert sent.stopped is not None
    assert states(monday) == [LetterState.DEFERRED, LetterState.DEFERRED]
    assert go(monday, Scripted(), "2026-11-30 09:30").accepted == 2


def test_a_letter_that_may_have_arrived_goes_again_unchanged(monday: Desk) -> None:
    bind(monday.db, at(MONDAY), monday.mail, "zh")
    carrier = Scripted(Verdict(uncertain=True))
    assert go(monday, carrier, MONDAY).deferred == 1
    assert LetterState.UNCERTAIN in states(monday)
    bodies = {letter_bytes(monday.db, letter.id) for letter in list_letters(monday.db)}
    assert go(monday, carrier, "2026-11-30 08:15").accepted == 1
    assert {body for _, body in carrier.took} == bodies


def test_a_relay_is_never_fed_faster_than_it_may_be(monday: Desk) -> None:
    bind(monday.db, at(MONDAY), monday.mail, "zh")
    limits = Limits(Bucket(per_minute=None, per_hour=1))
    assert go(monday, Scripted(), MONDAY, limits).accepted == 1
    assert go(monday, Scripted(), "2026-11-30 08:30", limits).accepted == 0
    assert go(monday, Scripted(), "2026-11-30 09:00", limits).accepted == 1


def test_a_vacant_post_sends_the_letter_up_and_says_so(desk: Desk) -> None:
    vacant = SCHOOL.replace(
        "name: 药学院, contact: pharmacy@school.example", "name: 药学院, contact: 空缺"
    )
    adopt(desk.db, compiled(WEEKLY, vacant), at("2026-11-29 09:00"), "办公室", leaving_out=True)
    desk.reconcile(MONDAY)
    desk.post(MONDAY)
    letter = next(x for x in list_letters(desk.db) if "ph-b" in x.recipient)
    parsed = message_from_bytes(letter_bytes(desk.db, letter.id))
    text = next(p for p in parsed.walk() if p.get_content_type() == "text/plain")
    payload = text.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert "联络员岗位空缺，改送副联络员" in payload.decode()


def test_one_letter_that_cannot_be_sent_holds_up_no_other(monday: Desk) -> None:
    bind(monday.db, at(MONDAY), monday.mail, "zh")

    class Broken(Scripted):
        async def send(self, sender: str, to: str, message_id: str, message: bytes) -> str:
            if to.startswith("nursing"):
                raise ZeroDivisionError("a bug")
            return await super().send(sender, to, message_id, message)

    with pytest.raises(ExceptionGroup, match="1 letters"):
        go(monday, Broken(), MONDAY)
    assert states(monday) == [LetterState.ACCEPTED, LetterState.SENDING]
    assert go(monday, Scripted(), "2026-11-30 08:05").accepted == 1


def test_what_has_been_said_stands_in_the_detail_of_the_task(monday: Desk) -> None:
    monday.post(MONDAY)
    detail = show_task(monday.db, NURSING, at(MONDAY))
    assert [letter.recipient for letter in detail.letters] == ["nursing@school.example"]
    assert [fact.kind for fact in detail.facts] == [FactKind.OPENED]
    assert detail.checklist == (("检查记录", False),)
    assert "催办单" in detail.next_step
