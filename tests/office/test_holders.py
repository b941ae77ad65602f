"""P28: what is on record today is held by three mailboxes tomorrow, one of them outside."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from inspections.checkpoint import Signed
from inspections.notes import Signer
from office.holders import PATIENCE, Cover, cover, send_heads
from office.pack import Scope, make_pack
from office.post import mail_round
from office.seal import seal
from office.settings import load
from responsibilities.words import Refused
from storage.engine import reading
from tests.office.desk import CHINA, WEEKLY, Desk, at
from tests.office.forging import taken_apart

KEY = Signer("school.example/duban", bytes(range(32)))
HOLDERS = ("archive@school.example", "head@school.example", "record@bureau.example")


def mailed(desk: Desk, now: datetime, holders: Sequence[str] = HOLDERS) -> None:
    """A round of the mailroom with the record signed."""

    def sealed(at: datetime) -> Signed:
        return seal(desk.db, KEY, at)

    asyncio.run(mail_round(desk.db, lambda: now, desk.mail, "zh", seal=sealed, holders=holders))


def covered(desk: Desk, holders: Sequence[str] = HOLDERS) -> Cover:
    with reading(desk.db) as connection:
        return cover(connection, desk.mail, holders)


def test_the_heads_go_out_on_quiet_days_too_and_once_a_day(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-28 08:00")
    for hour in range(0, 72, 6):
        mailed(desk, at("2026-11-28 08:30") + timedelta(hours=hour))
    sent = [to[9:-1] for to, subject in desk.letters() if "检查点" in subject]
    assert sorted(sent) == sorted(HOLDERS * 3)


def test_three_mailboxes_cover_what_was_signed_by_then(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    assert covered(desk).size == 0
    mailed(desk, at("2026-11-23 08:30"))
    found = covered(desk)
    assert found.mailboxes >= 3
    assert found.outside == 1
    assert 0 < found.size < len(desk.record())  # what the sending itself records comes after
    assert found.since == at("2026-11-23 08:30")


def test_nothing_is_covered_where_the_mailbox_outside_has_got_nothing(desk: Desk) -> None:
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    mailed(desk, at("2026-11-23 08:30"), HOLDERS[:2])
    assert covered(desk, HOLDERS[:2]).mailboxes >= 3  # with the units' own
    found = covered(desk, HOLDERS)
    assert (found.size, found.mailboxes) == (0, 0)
    assert not found.overdue(at("2026-11-24 08:00"))
    assert found.overdue(at("2026-11-24 08:01"))


def test_over_a_year_no_fact_waits_for_more_than_a_day(desk: Desk, full: bool) -> None:
    """A round every two hours for a year (three weeks in `make test`); seen before each round."""
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    longest = timedelta(0)
    began = at("2026-11-23 08:10")
    for number in range(365 * 12 if full else 21 * 12):
        now = began + timedelta(hours=2 * number)
        since = covered(desk).since
        longest = max(longest, now - since if since else timedelta(0))
        desk.reconcile(f"{now.astimezone(CHINA):%Y-%m-%d %H:%M}")
        mailed(desk, now)
    assert timedelta(0) < longest <= PATIENCE


def test_holders_that_get_nothing_for_a_day_are_an_alarm_to_the_office(desk: Desk) -> None:
    """The letters are made, and nobody takes them."""
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    for hour in range(0, 60, 6):
        now = at("2026-11-23 08:30") + timedelta(hours=hour)
        send_heads(desk.db, now, desk.mail, "zh", lambda at: seal(desk.db, KEY, at), HOLDERS)
    alarms = [key for _, key, _ in desk.record() if "/alarm/holders/" in key]
    assert alarms == ["fire/alarm/holders/2026-11-24", "fire/alarm/holders/2026-11-25"]


def test_a_pack_says_who_holds_its_checkpoints_and_no_more(desk: Desk, tmp_path: Path) -> None:
    desk.adopt(WEEKLY, "2026-11-23 08:00")
    desk.reconcile("2026-11-23 08:20")
    mailed(desk, at("2026-11-23 08:30"))
    seal(desk.db, KEY, at("2026-11-23 09:00"))
    target = tmp_path / "pack.zip"
    make_pack(desk.db, desk.blobs, Scope(), target, holding=(desk.mail, HOLDERS))
    size = covered(desk).size
    html = taken_apart(target)["data/index.html"].decode()
    assert f"前 {size} 条" in html
    assert "域外 1 个" in html
    assert "不能说明从未改动" in html


def test_without_holders_a_quiet_week_is_an_alarm(desk: Desk) -> None:
    """(The control: nobody writes on quiet days.)"""
    desk.adopt(WEEKLY, "2026-11-28 08:00")
    mailed(desk, at("2026-11-28 08:30"), ())
    assert covered(desk, ()).overdue(at("2026-11-30 08:00"))


@pytest.mark.parametrize("given", ["nobody", "a@b、c"])
def test_a_holder_that_is_no_mailbox_is_refused(given: str) -> None:
    with pytest.raises(Refused, match=r"record\.holders"):
        load(Path("/nowhere"), {"DUBAN_RECORD__HOLDERS": given})
