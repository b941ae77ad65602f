"""What the group robots of the units say: the same matters, once, and nothing about persons."""

import asyncio
from dataclasses import replace

import pytest

from notifications.bucket import Bucket, Limits
from office.ledger import letter_bytes, list_letters
from office.post import mail_round
from office.report_incident import report
from office.settings import Robot
from storage.outbox import LetterState, StoredLetter
from tests.notifications.test_robots import answering
from tests.office.desk import WEEKLY, Desk, at
from tests.office.test_post import DRILL, MONDAY

FIRE = (
    "  - {id: alarm, title: 报告火情, responsible: 事发单位, on: 火情, due: 知悉后1小时内, "
    "ladder: 紧急}\n"
)


@pytest.fixture
def monday(desk: Desk) -> Desk:
    desk.adopt(WEEKLY + DRILL + FIRE, "2026-11-29 09:00")
    desk.reconcile(MONDAY)
    return desk


def post(desk: Desk, wall: str, limits: Limits | None = None, **robots: Robot) -> None:
    now = at(wall)
    asyncio.run(mail_round(desk.db, lambda: now, desk.mail, "zh", robots=robots, limiter=limits))


def chats(desk: Desk) -> list[StoredLetter]:
    return [one for one in reversed(list_letters(desk.db)) if one.kind == "robot"]


def text(desk: Desk, chat: StoredLetter) -> str:
    return letter_bytes(desk.db, chat.id).decode().partition("\r\n\r\n")[2]


def test_a_group_reads_titles_units_dates_and_numbers_once(monday: Desk) -> None:
    with answering({"errcode": 0, "errmsg": "ok"}) as (url, server):
        robot = Robot("wecom", f"{url}/send?key=k", units="护理学院")
        for minute in range(3):
            post(monday, f"2026-11-30 08:0{minute}", 学工群=robot)
    [(_, body)] = server.took
    assert body["text"]["content"].splitlines() == [
        "督办事项2项，详见邮件：",
        "1. 开展宿舍消防检查｜护理学院｜12月4日17:00截止｜督办〔2026〕1号",
        "2. 演练｜护理学院｜12月4日17:00截止｜督办〔2026〕3号",
    ]
    [chat] = chats(monday)
    assert (chat.recipient, chat.state) == ("robot:学工群", LetterState.ACCEPTED)
    assert text(monday, chat) == body["text"]["content"]


def test_an_incident_is_said_without_what_is_known_of_it(monday: Desk) -> None:
    post(monday, MONDAY)
    now = at("2026-11-30 15:00")
    fields = {"过火面积": "2", "地点": "食堂后厨", "发现人": "值班员甲"}
    report(monday.db, "fire", "火情", "护理学院", fields, None, now, now, "值班")
    with answering({"code": 0, "msg": "success"}) as (url, server):
        post(monday, "2026-11-30 15:00", 全校=Robot("feishu", f"{url}/h"))
    [(_, body)] = server.took
    said = body["content"]["text"]
    assert "报告火情｜护理学院｜11月30日16:00截止" in said
    assert not any(word in said for word in ("食堂", "值班员", "过火"))


def test_other_units_and_posts_are_not_said_in_the_group(monday: Desk) -> None:
    with answering({"errcode": 0, "errmsg": "ok"}) as (url, server):
        post(monday, MONDAY, 保卫=Robot("wecom", f"{url}/h", units="保卫处、guard"))
    assert server.took == []
    assert chats(monday) == []


def test_a_robot_that_is_too_fast_waits_and_says_it_later(monday: Desk) -> None:
    slow = {"errcode": 45009, "errmsg": "api freq out of limit"}
    with answering(slow) as (url, _):
        post(monday, MONDAY, 群=Robot("wecom", f"{url}/h"))
    assert [one.state for one in chats(monday)] == [LetterState.DEFERRED]
    with answering({"errcode": 0, "errmsg": "ok"}) as (url, server):
        post(monday, "2026-11-30 08:01", 群=Robot("wecom", f"{url}/h"))
    assert len(server.took) == 1
    assert [one.state for one in chats(monday)] == [LetterState.ACCEPTED]


def test_a_robot_that_is_gone_is_told_to_the_office_without_its_address(monday: Desk) -> None:
    gone = {"errcode": 93000, "errmsg": "invalid webhook url"}
    with answering(gone) as (url, _):
        post(monday, MONDAY, 群=Robot("wecom", f"{url}/h?key=secret-key", "secret-sign"))
    [notice] = [n for n in monday.waiting() if n.kind == "undelivered"]
    assert notice.facts["收件邮箱"] == "robot:群"
    assert "secret" not in str(notice)
    assert "secret" not in str(monday.record())
    assert "secret" not in str(replace(Robot("wecom", "secret-key", "secret-sign")))


def test_twenty_a_minute_and_the_mail_does_not_wait_for_it() -> None:
    limits = Limits(Bucket(None, None))
    now = at(MONDAY)
    assert [limits.take("robot:群", now) for _ in range(21)] == [0.0] * 20 + [60.0]
    assert limits.take("school.example", now) == 0.0
