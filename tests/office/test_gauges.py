"""The figures of monitoring are those of the ledger."""

from collections import Counter
from datetime import timedelta

from duban.specimen_files import file_of
from office import review
from office.gauges import gauges
from office.heartbeat import beat
from office.ledger import list_tasks
from office.receive import File, submit
from responsibilities.tasks import Fact, FactKind, Standing
from storage import facts
from storage.engine import writing
from storage.outbox import LetterState
from tests.office.desk import WEEKLY, Desk, at

NURSING, PHARMACY = "fire/2026-W49/check/nursing", "fire/2026-W49/check/pharmacy"
RECORD = file_of("pdf", "1")


def hand_in(desk: Desk, task: str, wall: str) -> None:
    submit(desk.db, desk.blobs, task, by="联络员", now=at(wall), files=[File("记录.pdf", RECORD)])


def test_an_empty_installation_has_nothing_to_count(desk: Desk) -> None:
    found = gauges(desk.db, at("2026-11-30 12:00"))
    assert found.tasks == {}
    assert set(found.letters.values()) == {0}
    assert (found.held_mails, found.undeliverable, found.evidence_bytes) == (0, 0, 0)
    assert found.oldest_letter == timedelta(0)


def test_every_task_is_counted_once_as_it_stands(desk: Desk) -> None:
    """One college late, one in time, one waived, those of the week open: as the ledger has them."""
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    hand_in(desk, NURSING, "2026-12-01 09:00")
    review.accept(desk.db, NURSING, by="办公室", now=at("2026-12-02 09:00"))
    desk.reconcile("2026-12-07 08:00")
    hand_in(desk, PHARMACY, "2026-12-08 09:00")
    review.accept(desk.db, PHARMACY, by="办公室", now=at("2026-12-08 10:00"))
    third = "fire/2026-W50/check/nursing"
    review.waive(desk.db, third, "停课", by="办公室", now=at("2026-12-08 10:00"))
    now = at("2026-12-08 12:00")
    found = gauges(desk.db, now)
    listed = Counter(row.standing for row in list_tasks(desk.db, now, open_only=False))
    assert {one: n for (_, one), n in found.tasks.items() if n} == listed
    assert {plan for plan, _ in found.tasks} == {"fire"}
    assert listed[Standing.DONE] == listed[Standing.DONE_LATE] == listed[Standing.WAIVED] == 1
    assert found.evidence_bytes == len(RECORD)  # the same bytes twice are one file


def test_letters_that_wait_show_their_age(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    desk.post("2026-11-30 08:00")
    found = gauges(desk.db, at("2026-11-30 09:00"))
    assert found.letters[LetterState.ACCEPTED] == 2
    assert found.oldest_letter == timedelta(0)


def test_a_dead_mailbox_and_the_last_rounds_are_seen(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-29 09:00")
    beat(desk.db, "reconcile", at("2026-11-30 08:00"))
    key, failed = "fire/mailbox/nursing@school.example/000001", FactKind.MAILBOX_FAILED
    body = {"mailbox": "nursing@school.example", "reason": "不存在"}
    with writing(desk.db) as connection:
        facts.append(connection, [Fact(None, key, failed, at("2026-11-30 08:00"), "系统", body)])
    found = gauges(desk.db, at("2026-11-30 08:20"))
    assert found.undeliverable == 1
    assert found.rounds == {"reconcile": timedelta(minutes=20)}
