"""A unit's calendar to subscribe to: under an address that only it has."""

from datetime import UTC, datetime
from typing import Any

import icalendar
import pytest

from office import receive, review
from office.feed import Feed, feed, subscribe
from responsibilities.words import Refused
from tests.office.desk import WEEKLY, Desk, at
from tests.office.test_post import DRILL

NURSING = "fire/2026-W49/check/nursing"


@pytest.fixture
def monday(desk: Desk) -> Desk:
    desk.adopt(WEEKLY + DRILL, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    return desk


def token(path: str) -> str:
    return path.removeprefix("/calendar/").removesuffix(".ics")


def seen(desk: Desk, path: str, wall: str) -> Feed:
    found = feed(desk.db, token(path), "duban@school.example", at(wall))
    assert found is not None
    return found


def events(found: Feed) -> dict[str, Any]:
    calendar: Any = icalendar.Calendar.from_ical(found.body)
    return {str(event["SUMMARY"]): event for event in calendar.events}


def test_a_unit_sees_its_own_tasks_and_no_other_s(monday: Desk) -> None:
    path = subscribe(monday.db, None, "护理学院", at("2026-11-30 09:00"))
    found = events(seen(monday, path, "2026-11-30 09:00"))
    assert set(found) == {"【督办】开展宿舍消防检查", "【督办】演练"}
    check = found["【督办】开展宿舍消防检查"]
    assert check.end.astimezone(UTC) == datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
    assert "护理学院" in str(check["DESCRIPTION"])


def test_nothing_changes_until_something_does(monday: Desk) -> None:
    path = subscribe(monday.db, None, "nursing", at("2026-11-30 09:00"))
    first = seen(monday, path, "2026-11-30 09:00")
    assert seen(monday, path, "2026-12-03 09:00") == first
    until, now = at("2026-12-08 17:00"), at("2026-12-03 10:00")
    review.extend(monday.db, NURSING, until, by="办公室", now=now)
    second = seen(monday, path, "2026-12-03 10:00")
    assert second.etag != first.etag
    before, after = (events(one)["【督办】开展宿舍消防检查"] for one in (first, second))
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"]
    assert after.end > before.end


def test_what_is_done_is_cancelled_and_after_a_while_forgotten(monday: Desk) -> None:
    path = subscribe(monday.db, None, "nursing", at("2026-11-30 09:00"))
    now = at("2026-12-01 09:00")
    key = "fire/2026-W49/drill/nursing"
    receive.submit(monday.db, monday.blobs, key, by="联络员", now=now, text="已演练")
    review.accept(monday.db, key, by="办公室", now=now)
    assert events(seen(monday, path, "2026-12-01 10:00"))["【督办】演练"]["STATUS"] == "CANCELLED"
    assert "【督办】演练" not in events(seen(monday, path, "2027-03-10 10:00"))


def test_an_address_is_told_once_and_replaced_on_request(monday: Desk) -> None:
    now = at("2026-11-30 09:00")
    path = subscribe(monday.db, None, "nursing", now)
    with pytest.raises(Refused, match="只显示一次"):
        subscribe(monday.db, None, "nursing", now)
    other = subscribe(monday.db, None, "nursing", now, new=True)
    assert feed(monday.db, token(path), "duban@school.example", now) is None
    assert seen(monday, other, "2026-11-30 09:00").body
    assert feed(monday.db, "", "duban@school.example", now) is None
    with pytest.raises(Refused, match="护理学院"):
        subscribe(monday.db, None, "护理学", now)
