"""P37: what is past its term is gone within a day, and nothing of what is still open."""

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from duban.specimen_files import file_of
from inspections.inspection import Scope, Terms
from inspections.notes import Signer
from office import inbox, report_incident, review
from office.handed_in import File
from office.inspecting import open_inspection
from office.reads import read_incident
from office.receive import submit
from office.retention import keep_terms, overdue
from office.seal import check_record, seal
from office.settings import Inbox, Retention
from storage import facts
from storage.engine import reading
from tests.office.desk import Desk
from tests.office.test_erase import MORNING, PLAN, mail, name, phone, places

TERMS = Retention(incidents=60, letters=30, mails=20, reads=40, links=10)
KEY = Signer("school.example/duban", bytes(range(32)))


def report(desk: Desk, number: int, now: datetime) -> str:
    """An incident of one person, its task done, the incident read once; still open."""
    fields = {"过火面积": "1", "地点": f"{name(number)}的宿舍", "发现人": phone(number)}
    found = report_incident.report(
        desk.db, "fire", "火情", "护理学院", fields, None, now, now, "办公室"
    )
    (task,) = found.tasks
    paper = File("说明.pdf", file_of("pdf", phone(number)))
    submit(desk.db, desk.blobs, task.key, by=f"护理学院（{name(number)}）", now=now, files=[paper])
    review.accept(desk.db, task.key, by="办公室", now=now)
    read_incident(desk.db, found.event.id, by="督查员", now=now)
    return found.event.id


def close(desk: Desk, event: str, now: datetime) -> None:
    report_incident.mark(desk.db, event, "结案", now, "办公室", now)


def daily(desk: Desk, now: datetime, terms: Retention = TERMS) -> None:
    keep_terms(desk.db, places(desk), terms, now)


@pytest.fixture
def fires(desk: Desk) -> Desk:
    desk.adopt(PLAN, "2026-11-23 08:00")
    return desk


def test_through_a_year_nothing_is_kept_a_day_beyond_its_term(fires: Desk, full: bool) -> None:
    """P37: incidents come, are closed at any time, mails and readings come; a pass a day."""
    random, open_, number = Random(37), list[str](), 0
    for day in range(365 if full else 75):
        now = MORNING + timedelta(days=day, minutes=random.randrange(600))
        if random.random() < 0.3:
            open_.append(report(fires, number, now))
            inbox.take_in(fires.db, fires.blobs, mail(number), now=now)
            number += 1
        inbox.settle(fires.db, fires.blobs, now, fires.mail, Inbox())
        if open_ and random.random() < 0.25:
            close(fires, open_.pop(random.randrange(len(open_))), now)
        daily(fires, now)
        assert overdue(fires.db, TERMS, now).count == 0
    kept = [event for event in open_ if "（已删除）" in shown(fires, event, now)]
    assert kept == []
    assert number > 5
    signed = seal(fires.db, KEY, now)
    assert check_record(fires.db, signed.checkpoint).wrong == ()
    with reading(fires.db) as connection:
        passes = [fact for fact in facts.since(connection) if fact.kind.value == "erased"]
    assert passes
    assert {fact.body["reason"] for fact in passes} == {"保存期满"}


def shown(desk: Desk, event: str, now: datetime) -> str:
    return str(read_incident(desk.db, event, by="督查员", now=now))


def test_an_incident_goes_its_term_after_it_was_closed_and_not_before(fires: Desk) -> None:
    event = report(fires, 0, MORNING)
    close(fires, event, MORNING + timedelta(days=5))
    daily(fires, MORNING + timedelta(days=64))
    assert phone(0) in shown(fires, event, MORNING + timedelta(days=64))
    daily(fires, MORNING + timedelta(days=66))
    assert phone(0) not in shown(fires, event, MORNING + timedelta(days=66))
    assert not any(phone(0).encode() in path.read_bytes() for path in files(fires))


def files(desk: Desk) -> list[Path]:
    return [path for path in desk.blobs.folder.rglob("*") if path.is_file()]


def test_nothing_of_an_open_incident_goes_however_old(fires: Desk) -> None:
    event = report(fires, 0, MORNING)
    later = MORNING + timedelta(days=900)
    daily(fires, later)
    assert phone(0) in shown(fires, event, later)


def test_a_closed_incident_waits_for_its_open_task(fires: Desk) -> None:
    fields = {"过火面积": "1", "地点": "西门", "发现人": phone(0)}
    found = report_incident.report(
        fires.db, "fire", "火情", "护理学院", fields, None, MORNING, MORNING, "办公室"
    )
    close(fires, found.event.id, MORNING)
    later = MORNING + timedelta(days=100)
    daily(fires, later)
    assert phone(0) in shown(fires, found.event.id, later)
    review.waive(fires.db, found.tasks[0].key, "误报", by="办公室", now=later)
    daily(fires, later + timedelta(days=1))
    assert phone(0) not in shown(fires, found.event.id, later + timedelta(days=1))


def test_letters_are_emptied_and_stay_in_the_list(fires: Desk) -> None:
    report(fires, 0, MORNING)
    fires.post("2026-11-23 10:00")
    sent = len(fires.letters())
    assert sent
    daily(fires, MORNING + timedelta(days=40))
    assert fires.letters() == []
    assert overdue(fires.db, TERMS, MORNING + timedelta(days=40)).count == 0


def test_a_term_of_nought_days_is_for_ever(fires: Desk) -> None:
    event = report(fires, 0, MORNING)
    close(fires, event, MORNING)
    later = MORNING + timedelta(days=9000)
    daily(fires, later, Retention(0, 0, 0, 0, 0))
    assert phone(0) in shown(fires, event, later)
    assert overdue(fires.db, Retention(0, 0, 0, 0, 0), later).count == 0


def test_the_office_is_told_what_the_daily_pass_has_not_done(fires: Desk) -> None:
    close(fires, report(fires, 0, MORNING), MORNING)
    ripe = MORNING + timedelta(days=60)
    assert overdue(fires.db, TERMS, ripe + timedelta(hours=23)).incidents == ()
    assert overdue(fires.db, TERMS, ripe + timedelta(hours=25)).incidents == ("E2026-0001",)


def test_who_read_and_who_signed_in_is_forgotten_but_not_how_often(fires: Desk) -> None:
    event = report(fires, 0, MORNING)
    daily(fires, MORNING + timedelta(days=41))
    with reading(fires.db) as connection:
        reads = facts.without_task(connection, "fire/read/")
    assert [(fact.by, fact.body["event"]) for fact in reads] == [("（已删除）", event)]


def test_while_an_inspection_runs_nothing_of_an_incident_goes(fires: Desk) -> None:
    event, ripe = report(fires, 0, MORNING), MORNING + timedelta(days=61)
    close(fires, event, MORNING)
    opened = MORNING + timedelta(days=50)
    scope = Scope((), (), date(2026, 11, 23), date(2026, 12, 31))
    team, until = {"team@bureau.example": "督查组"}, MORNING + timedelta(days=70)
    terms = Terms("消防专项检查", scope, team, opened, until, 1)
    open_inspection(fires.db, "fire", terms, by="办公室", now=opened, secret="ab" * 32)
    daily(fires, ripe)
    assert phone(0) in shown(fires, event, ripe)
    assert overdue(fires.db, TERMS, ripe + timedelta(days=5)).incidents == ()
    daily(fires, MORNING + timedelta(days=72))
    assert phone(0) not in shown(fires, event, MORNING + timedelta(days=72))
