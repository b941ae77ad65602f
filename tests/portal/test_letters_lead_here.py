"""The link in a real letter: followed by its reader, and by every scanner before him."""

import asyncio
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, expect

from duban.specimen_files import file_of
from notifications.maildir import open_mail, read
from office import review
from office.handed_in import File, Papers
from office.handing_in import hand_in
from office.passing_on import ask_more_time, say_not_ours
from office.post import mail_round
from office.settings import Portal
from responsibilities.plan import Role
from responsibilities.tasks import State
from tests.office.desk import Desk, at
from tests.portal.conftest import Clock
from tests.portal.looks import apart
from tests.portal.unchanged import digest

CHECK = "fire/2026-W49/check/nursing"
BY = "护理学院联络员（张老师）"
PDF = file_of("pdf", "record")


def post(desk: Desk, address: str, wall: str) -> None:
    desk.reconcile(wall)
    links = Portal(url=address)
    apart(lambda: asyncio.run(mail_round(desk.db, lambda: at(wall), desk.mail, "zh", portal=links)))


def links_in(desk: Desk) -> Iterator[tuple[str, str, str]]:
    """(mailbox, subject, address) of every address in every letter, both of its versions."""
    for mail in read(desk.mail.maildir):
        message = open_mail(mail.path)
        for kind in ("plain", "html"):
            body = message.get_body((kind,))
            text = body.get_content() if body is not None else ""
            for found in dict.fromkeys(re.findall(r"https?://[^\s\"'<>，。）]+", text)):
                yield mail.to, mail.subject, found


@pytest.mark.browser
def test_the_link_in_the_letter_leads_a_contact_to_the_task_and_to_its_receipt(
    page: Page, address: str, desk: Desk, clock: Clock
) -> None:
    post(desk, address, "2026-12-04 08:00")
    clock.now = at("2026-12-04 09:00")
    [link] = {a for to, _, a in links_in(desk) if "<nursing@" in to and "/l/" in a}
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("开展宿舍消防检查")
    expect(page.locator("main")).to_contain_text("今日截止")
    page.get_by_role("link", name="报送材料").click()
    record: FilePayload = {"name": "检查记录.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.get_by_label("选择文件").set_input_files(record)
    page.get_by_label("办理人姓名").fill("张老师")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("材料齐全，已送审核")
    assert desk.task(CHECK).state is State.SUBMITTED
    post(desk, address, "2026-12-04 09:05")
    [receipt] = {a for to, s, a in links_in(desk) if "回执" in s and "/l/" in a}
    page.goto(receipt)
    expect(page.get_by_role("link", name="查看回执")).to_be_visible()


def _a_lively_fortnight(desk: Desk, address: str) -> None:
    """Letters of every kind that a unit, its reviewer, its leaders and the office get."""
    number = desk.task(CHECK).id

    def given(wall: str, record: str) -> None:
        papers = Papers([File("检查记录.pdf", file_of("pdf", record))])
        hand_in(desk.db, desk.blobs, number, papers, by=BY, role=Role.CONTACT, now=at(wall))

    post(desk, address, "2026-11-30 08:05")
    now = at("2026-12-01 09:00")
    later = at("2026-12-08 17:00").date()
    ask_more_time(desk.db, number, later, "停电", by=BY, role=Role.CONTACT, now=now)
    say_not_ours(desk.db, number, "由后勤处管理", by=BY, role=Role.CONTACT, now=now)
    post(desk, address, "2026-12-01 09:05")
    review.decline(desk.db, number, "可按期", by="办公室", now=at("2026-12-02 09:00"))
    given("2026-12-02 10:00", "first")
    post(desk, address, "2026-12-03 08:05")
    review.return_(desk.db, number, "照片模糊", by="办公室", now=at("2026-12-03 09:00"))
    post(desk, address, "2026-12-04 08:05")
    for wall in ("2026-12-07 08:05", "2026-12-09 08:05"):  # late: 催办单, 督办单
        post(desk, address, wall)
    given("2026-12-09 10:00", "second")
    review.accept(desk.db, number, by="办公室", now=at("2026-12-09 11:00"))
    post(desk, address, "2026-12-10 08:05")


@pytest.mark.browser
def test_a_scanner_that_follows_every_link_of_every_letter_changes_nothing(
    page: Page, address: str, desk: Desk, clock: Clock
) -> None:
    """Chromium with JavaScript opens every address in every letter, and every link behind it."""
    _a_lively_fortnight(desk, address)
    clock.now = at("2026-12-10 09:00")
    waiting = list(dict.fromkeys(link for _, _, link in links_in(desk)))
    subjects = "".join(mail.subject for mail in read(desk.mail.maildir))
    for kind in ("下达", "延期申请", "回执", "待审核", "退回补充", "催办单", "督办单"):
        assert kind in subjects, kind
    before, seen = digest(desk.db), set[str]()
    while waiting:
        where = waiting.pop()
        if where in seen or urlsplit(where).netloc != urlsplit(address).netloc:
            continue
        seen.add(where)
        page.goto(where)
        waiting += page.evaluate(
            "[...document.querySelectorAll('a[href]')].map(a => a.href.split('#')[0])"
        )
    assert len(seen) > 20
    assert digest(desk.db) == before
