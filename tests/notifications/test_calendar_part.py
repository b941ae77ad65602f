"""The calendar file, read back by the library that others use."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from notifications.calendar_part import DATED, Method, calendar_feed, calendar_parts
from notifications.letters import KINDS, Item
from notifications.specimen import DATE, DUE, specimen

SENDER = "duban@college.example"


def read_back(*items: Item, method: Method | None = None) -> Any:
    parts = calendar_parts(items, DATE, SENDER, "zh")
    body = parts[method] if method else next(iter(parts.values()))
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    return icalendar.Calendar.from_ical(body)


def the_item(kind: str) -> Item:
    return specimen(kind, "zh").items[0]


def test_a_task_is_half_an_hour_that_ends_when_it_is_due() -> None:
    calendar = read_back(the_item("opened"))
    (event,) = calendar.events
    assert calendar["METHOD"] == "PUBLISH"
    assert str(event["ORGANIZER"]) == f"mailto:{SENDER}"
    assert event.end.astimezone(UTC) == DUE.astimezone(UTC)
    assert event.start == event.end - timedelta(minutes=30)
    assert event["STATUS"] == "CONFIRMED"
    assert event["SEQUENCE"] == 0
    assert str(event["SUMMARY"]) == "【督办】主题班会全覆盖"
    (alarm,) = event.alarms.times
    assert alarm.trigger == event.start - timedelta(days=1)


def test_a_moved_date_is_the_same_entry_with_a_higher_sequence() -> None:
    before, after = (read_back(the_item(kind)).events[0] for kind in ("opened", "extended"))
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.end > before.end


def test_a_closed_task_leaves_the_agenda_and_rings_no_more() -> None:
    for kind in ("accepted", "waived", "lapsed"):
        calendar = read_back(the_item(kind))
        (event,) = calendar.events
        assert calendar["METHOD"] == "CANCEL"
        assert event["STATUS"] == "CANCELLED"
        assert event["UID"] == read_back(the_item("opened")).events[0]["UID"]
        assert not event.alarms.times


def test_two_tasks_are_two_entries() -> None:
    items = specimen("digest", "zh").items
    events = read_back(*items, method="PUBLISH").events
    gone = read_back(*items, method="CANCEL").events
    assert len({event["UID"] for event in [*events, *gone]}) == 10
    assert {event["STATUS"] for event in events} == {"CONFIRMED"}
    assert len(gone) == 1


def test_a_subscribed_calendar_is_the_same_bytes_until_something_changes() -> None:
    items = specimen("digest", "zh").items
    stamps = {item.key: DATE for item in items}
    body = calendar_feed(items, stamps, "督办：护理学院", SENDER, "zh")
    assert body == calendar_feed(items, stamps, "督办：护理学院", SENDER, "zh")
    calendar: Any = icalendar.Calendar.from_ical(body)
    assert "METHOD" not in calendar
    assert calendar["X-WR-CALNAME"] == "督办：护理学院"
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert len(calendar.events) == len(items)
    later = {**stamps, items[0].key: DATE + timedelta(days=1)}
    assert calendar_feed(items, later, "督办：护理学院", SENDER, "zh") != body


def test_the_agenda_of_a_reviewer_is_left_alone() -> None:
    undated = {"review", "extension_asked", "digest", "undelivered", "outage", "alarm"}
    assert set(KINDS) - DATED == undated | {
        "receipt", "confirm", "inbox", "acted", "link", "sign_in", "head",
    }  # fmt: skip
    assert calendar_parts((the_item("review"),), DATE, SENDER, "zh") == {}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_title_comes_back_as_it_was(title: str) -> None:
    (event,) = read_back(replace(the_item("opened"), title=title)).events
    plain = "".join(c if c == "\n" or (c >= " " and c != "\x7f") else " " for c in title)
    assert str(event["SUMMARY"]) == f"【督办】{plain}"
