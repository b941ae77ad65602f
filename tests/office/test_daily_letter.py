"""One letter a mailbox and day; urgent ones alone; what cannot wait does not."""

from dataclasses import replace
from email import message_from_bytes

import pytest

from office import receive, review
from office.ledger import letter_bytes, list_letters
from office.report_incident import report
from tests.office.desk import Desk, at

FRIDAY = """\
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规}
  - {id: drill, title: 演练, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规}
  - {id: log, title: 报送值班记录, responsible: 保卫处, every: 每日, due: 当日18:00前,
     review: 办公室, ladder: 常规}
  - {id: alarm, title: 报告火情, responsible: 事发单位, on: 火情, due: 知悉后1小时内, ladder: 紧急}
"""
CHECK, DRILL = "fire/2026-W49/check/nursing", "fire/2026-W49/drill/nursing"


@pytest.fixture
def monday(desk: Desk) -> Desk:
    """The week has begun, and every unit has had its letter of the day."""
    desk.adopt(FRIDAY, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    desk.post("2026-11-30 08:00")
    return desk


def hand_in(desk: Desk, wall: str, *keys: str) -> None:
    for key in keys:
        receive.submit(desk.db, desk.blobs, key, by="联络员", now=at(wall), text="已办理")


def to(desk: Desk, mailbox: str) -> list[str]:
    """The kinds of letter to a mailbox, oldest first."""
    letters = reversed(list_letters(desk.db))
    return [one.kind for one in letters if one.recipient == f"{mailbox}@school.example"]


def test_the_office_gets_the_reviews_of_a_day_in_one_letter(monday: Desk) -> None:
    keys = [t.key for t in monday.tasks() if "W49" in t.key]
    for minute, key in enumerate(keys):
        hand_in(monday, f"2026-11-30 10:{minute:02}", key)
        monday.post(f"2026-11-30 10:{minute:02}")
    assert to(monday, "office") == ["review"], "the first at once, as nothing has been said today"
    monday.post("2026-12-01 07:59")
    assert to(monday, "office") == ["review"]
    monday.post("2026-12-01 08:10")
    assert to(monday, "office") == ["review", "digest"]
    newest = list_letters(monday.db)[0]
    subject = str(message_from_bytes(letter_bytes(monday.db, newest.id))["Subject"])
    assert newest.subject.startswith(f"【督办·待审核{len(keys) - 1}项】"), subject


def test_what_came_back_and_what_was_accepted_are_read_in_one_letter(monday: Desk) -> None:
    hand_in(monday, "2026-11-30 09:00", CHECK, DRILL)
    review.accept(monday.db, CHECK, by="办公室", now=at("2026-11-30 10:00"))
    review.return_(monday.db, DRILL, "缺照片", by="办公室", now=at("2026-11-30 11:00"))
    monday.post("2026-11-30 11:00")
    assert to(monday, "nursing") == ["digest"]
    monday.reconcile("2026-12-01 08:00")
    monday.post("2026-12-01 08:10")
    assert to(monday, "nursing") == ["digest", "digest"]
    assert "退回补充" in _text(monday)
    assert "已办结" in _text(monday)
    monday.post("2026-12-01 08:20")
    assert not [n for n in monday.waiting() if n.unit == "nursing"], "nothing is left behind"


def test_what_waited_leaves_with_the_morning_s_own_letter(monday: Desk) -> None:
    """The reminder of the last day, and the answer of the afternoon before."""
    hand_in(monday, "2026-12-03 10:00", CHECK)
    review.accept(monday.db, CHECK, by="办公室", now=at("2026-12-03 11:00"))
    monday.post("2026-12-03 11:00")
    until, now = at("2026-12-08 17:00"), at("2026-12-03 13:00")
    review.ask_extension(monday.db, DRILL, until, "外出实习", by="护理学院", now=now)
    review.decline(monday.db, DRILL, "可线上进行", by="办公室", now=now)
    monday.post("2026-12-03 13:00")
    assert to(monday, "nursing") == ["digest", "accepted"]
    monday.post("2026-12-04 08:01")  # the round of this morning is still at it
    assert to(monday, "nursing") == ["digest", "accepted"]
    monday.reconcile("2026-12-04 08:00")
    monday.post("2026-12-04 08:02")
    assert to(monday, "nursing") == ["digest", "accepted", "extension_declined"]
    assert "延期申请未获同意" in _text(monday)
    monday.post("2026-12-04 08:15")
    assert len(to(monday, "nursing")) == 3


def test_an_incident_does_not_wait(monday: Desk) -> None:
    now = at("2026-11-30 15:00")
    fields = {"过火面积": "2", "地点": "食堂"}
    report(monday.db, "fire", "火情", "护理学院", fields, None, now, now, "值班")
    monday.post("2026-11-30 15:00")
    assert to(monday, "nursing") == ["digest", "incident"]


def test_what_is_due_before_the_next_letter_does_not_wait(monday: Desk) -> None:
    key = "fire/2026-11-30/log/guard"
    hand_in(monday, "2026-11-30 15:00", key)
    review.return_(monday.db, key, "缺签名", by="办公室", now=at("2026-11-30 15:00"))
    monday.post("2026-11-30 15:00")
    assert to(monday, "guard") == ["digest", "returned"]


def test_a_site_may_have_a_letter_for_every_round(monday: Desk) -> None:
    monday.mail = replace(monday.mail, digest="round")
    hand_in(monday, "2026-11-30 10:00", CHECK)
    monday.post("2026-11-30 10:00")
    hand_in(monday, "2026-11-30 10:30", DRILL)
    monday.post("2026-11-30 10:30")
    assert to(monday, "office") == ["review", "review"]


def _text(desk: Desk) -> str:
    """The plain text of the newest letter to the nursing college."""
    mail = next(one for one in list_letters(desk.db) if one.recipient == "nursing@school.example")
    parsed = message_from_bytes(letter_bytes(desk.db, mail.id))
    part = next(p for p in parsed.walk() if p.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()
