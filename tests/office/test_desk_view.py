"""The desk: everything that wants the office, and nothing that does not."""

from duban.specimen_files import file_of
from office import heartbeat
from office.desk_view import desk_view, next_to_review
from office.inbox import settle, take_in
from office.receive import File, submit
from office.review import ask_extension, decline
from office.settings import Inbox
from tests.office.desk import Desk, at

PLAN = """\
duties:
  - {id: check, title: 开展宿舍消防检查, responsible: 二级学院, every: 每周, due: 周五前,
     review: 办公室, ladder: 常规, question: 周末是否检查,
     assumed: {due: 方案未写日期，办公室核定为周五前}, evidence: [{file: 检查记录, kinds: [pdf]}]}
"""
KEY = "fire/2026-W49/check/"
PDF = File("检查记录.pdf", file_of("pdf", "1"), "检查记录", "application/pdf")


def opened(desk: Desk) -> Desk:
    desk.adopt(PLAN, "2026-11-29 09:00")
    desk.reconcile("2026-11-30 08:00")
    heartbeat.beat(desk.db, "reconcile", at("2026-11-30 08:00"))
    return desk


def test_what_is_late_and_what_waits_for_review_stand_apart(desk: Desk) -> None:
    opened(desk)
    submit(desk.db, desk.blobs, f"{KEY}nursing", by="护理学院", files=[PDF],
           now=at("2026-12-02 09:00"))  # fmt: skip
    found = desk_view(desk.db, None, at("2026-12-05 09:00"))
    assert [row.unit for row in found.late.rows] == ["药学院"]
    assert [row.unit for row in found.review.rows] == ["护理学院"]
    assert (found.late.count, found.review.count) == (1, 1)
    number = desk.task(f"{KEY}nursing").id
    assert next_to_review(desk.db, "fire") == number
    assert next_to_review(desk.db, "fire", number) is None


def test_a_request_for_more_time_stays_until_somebody_answers(desk: Desk) -> None:
    opened(desk)
    now = at("2026-12-01 09:00")
    ask_extension(desk.db, f"{KEY}nursing", at("2026-12-08 17:00"), "停电", by="护", now=now)
    assert [row.unit for row in desk_view(desk.db, None, now).asked.rows] == ["护理学院"]
    decline(desk.db, f"{KEY}nursing", "可先行检查", by="办公室", now=now)
    assert desk_view(desk.db, None, now).asked.count == 0


def test_open_questions_of_the_plan_come_before_what_the_office_chose(desk: Desk) -> None:
    found = desk_view(opened(desk).db, None, at("2026-11-30 09:00"))
    assert [(one.key, one.said) for one in found.questions] == [
        ("", "周末是否检查"), ("due", "方案未写日期，办公室核定为周五前"),
    ]  # fmt: skip


def test_a_mail_that_nobody_can_place_waits_on_the_desk(desk: Desk) -> None:
    opened(desk)
    raw = b"From: nursing@school.example\r\nSubject: report\r\n\r\ndone\r\n"
    now = at("2026-12-01 09:00")
    take_in(desk.db, desk.blobs, raw, now=now)
    settle(desk.db, desk.blobs, now, desk.mail, Inbox())
    [held] = desk_view(desk.db, None, now).held
    assert held.sender == "nursing@school.example"


def test_a_silent_loop_and_an_unsigned_record_are_signs_that_something_ails(desk: Desk) -> None:
    opened(desk)

    def ailing(wall: str) -> list[str]:
        return [sign.name.zh for sign in desk_view(desk.db, None, at(wall)).ailing]

    assert ailing("2026-11-30 08:05") == ["办理记录"]
    assert ailing("2026-11-30 09:00") == ["对账", "办理记录"]
