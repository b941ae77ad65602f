"""A unit's link, from the letter to the receipt: no account, no script needed, on any phone."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from sqlalchemy import Engine

from duban.specimen_files import file_of
from office import review
from office.matters import find
from portal.here import Portal
from responsibilities.plan import Requirement
from responsibilities.tasks import FactKind, State
from storage.engine import reading
from tests.office.desk import SCHOOL, Desk, at
from tests.portal.conftest import Clock
from tests.portal.looks import looks_right
from tests.portal.signed import link_to
from tests.portal.unchanged import digest

CLASSES = [f"护理26{number:02}班" for number in range(1, 26)]
SCHOOL_OF_25 = "{护理学院: [" + ", ".join(CLASSES) + "], 药学院: [药学1班]}"
DUTIES = """\
duties:
  - id: drill
    title: 班级消防演练
    responsible: 护理学院
    every: 每周
    due: 周五前
    cover: 班级
    review: 办公室
    ladder: 常规
  - id: talk
    title: 开展反诈提醒
    responsible: 护理学院
    every: 每周
    due: 周五前
    review: 办公室
    ladder: 常规
    source: {clause: 五（二）, quote: 每周对学生进行一次反诈提醒}
    evidence: [{file: 现场照片, kinds: [jpg, png], min: 3}, {text: 情况说明}]
  - {id: zero, title: 报送火情, responsible: 护理学院, every: 每周, due: 周五前, zero_report: true,
     review: 办公室, ladder: 常规, evidence: [{number: 火情数, min: 0, max: 99}]}
"""
DRILL, TALK, ZERO = (f"fire/2026-W49/{duty}/nursing" for duty in ("drill", "talk", "zero"))


@pytest.fixture
def desk(db: Engine, tmp_path: Path) -> Desk:
    """Monday noon of a school with 25 classes; three tasks are open."""
    desk = Desk(db, tmp_path)
    school = re.sub(r"\{护理学院: \[护理1班.*\]\}", SCHOOL_OF_25, SCHOOL)
    assert "护理2625班" in school
    desk.adopt(DUTIES, "2026-11-29 09:00", school)
    desk.reconcile("2026-11-30 08:00")
    return desk


def task_address(portal: Portal, desk: Desk, key: str) -> str:
    number = desk.task(key).id
    return f"/l/{link_to(portal, task=number)}/tasks/{number}"


def photo(number: int) -> tuple[str, tuple[str, bytes, str]]:
    return "file-1", (f"照片{number}.jpg", file_of("jpg", f"photo {number}"), "image/jpeg")


def test_the_page_says_what_until_when_what_is_missing_and_what_comes_next(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    shown = client.get(task_address(portal, desk, TALK)).text
    for words in (
        "开展反诈提醒", "2026年12月4日（星期五）17:00", "剩4天", "尚缺：", "现场照片（不少于3份）",
        "每周对学生进行一次反诈提醒", "将于2026年12月7日", "报送材料", "护理学院联络员",
    ):  # fmt: skip
        assert words in shown, words
    english = client.get(task_address(portal, desk, TALK) + "?lang=en").text
    assert "Missing: " in english
    assert "4 days left" in english


def test_looking_changes_nothing_however_often_and_from_wherever(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    unit, task = f"/l/{link_to(portal)}", task_address(portal, desk, TALK)
    pages = ["", "/submit", "/receipt", "/more-time", "/hand-over", "/not-ours"]
    before = digest(desk.db)
    for address in (unit, f"{unit}/history", f"{unit}/links", *(task + page for page in pages)):
        for _ in range(2):
            assert client.get(address).status_code == 200, address
            assert client.head(address).status_code == 200, address
    assert digest(desk.db) == before


def test_the_link_of_one_task_leads_to_it_and_to_no_other(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    address = task_address(portal, desk, TALK)
    token, other = address.split("/")[2], desk.task(ZERO).id
    assert client.get(f"/l/{token}").headers["Location"] == address
    assert client.get(f"/l/{token}/tasks/{other}").status_code == 404
    assert client.post(f"/l/{token}/tasks/{other}/zero", data={"doer": "张三"}).status_code == 404
    assert desk.kinds(ZERO) == [FactKind.OPENED]


def test_three_photos_and_two_sentences_are_handed_in_and_the_receipt_has_their_fingerprints(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    address = task_address(portal, desk, TALK)
    lines = {r.name: r.id for r in _checklist(desk, TALK)}
    files = [(f"file-{lines['现场照片']}", photo(n)[1]) for n in (1, 2, 3)]
    words = "周一晚开展提醒。共286人参加。"
    sent = {f"value-{lines['情况说明']}": words, "doer": "张老师"}
    answer = client.post(f"{address}/submit", data=sent, files=files)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{address}/receipt")
    receipt = client.get(f"{address}/receipt").text
    assert "材料齐全，已送审核" in receipt
    assert words in receipt
    for number in (1, 2, 3):
        assert sha256(file_of("jpg", f"photo {number}")).hexdigest()[:16] in receipt
    assert "张老师" in desk.facts(TALK)[-1].by
    assert "张老师" in client.get(f"{address}/submit").text  # remembered in this browser
    client.cookies.clear()
    form = client.get(f"{address}/submit").text
    assert 'name="doer" type="text" value=""' in form
    again = client.post(f"{address}/submit", data={**sent, "doer": "李老师"}, files=files)
    assert again.status_code in (303, 409)


def _checklist(desk: Desk, key: str) -> tuple[Requirement, ...]:
    with reading(desk.db) as connection:
        return find(connection, key).promise.evidence


def test_nothing_typed_is_lost_on_an_error_nor_on_a_link_that_is_over(
    client: TestClient, portal: Portal, desk: Desk, clock: Clock
) -> None:
    address = task_address(portal, desk, ZERO)
    [line] = _checklist(desk, ZERO)
    sent = {f"value-{line.id}": "一百", "doer": "张老师"}
    answer = client.post(f"{address}/submit", data=sent)
    assert answer.status_code == 409
    assert "应为数字" in answer.text
    assert 'value="一百"' in answer.text
    assert 'value="张老师"' in answer.text
    assert 'role="alert"' in answer.text
    nameless = client.post(f"{address}/submit", data={f"value-{line.id}": "3"})
    assert "办理人姓名" in nameless.text
    assert 'value="3"' in nameless.text
    assert desk.kinds(ZERO) == [FactKind.OPENED]
    clock.now = at("2027-11-30 12:00")
    over = client.post(f"{address}/submit", data=sent)
    assert over.status_code == 404
    assert "一百" in over.text
    assert "发送新链接" in over.text


def test_a_wrong_file_is_refused_at_its_line(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    address = task_address(portal, desk, TALK)
    lines = {r.name: r.id for r in _checklist(desk, TALK)}
    files = [(f"file-{lines['现场照片']}", ("空.jpg", b"", "image/jpeg"))]
    answer = client.post(f"{address}/submit", data={"doer": "张老师"}, files=files)
    assert answer.status_code == 409
    assert "空.jpg" in answer.text


def test_a_form_of_another_site_and_a_link_that_only_shows_do_nothing(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    number = desk.task(ZERO).id
    shows = f"/l/{link_to(portal, task=number, acts=False)}/tasks/{number}"
    assert "报送材料" not in client.get(shows).text
    assert client.post(f"{shows}/zero", data={"doer": "张三"}).status_code == 409
    acts = f"/l/{link_to(portal, task=number)}/tasks/{number}"
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post(f"{acts}/zero", data={"doer": "张三"}, headers=elsewhere)
    assert answer.status_code == 403
    assert desk.kinds(ZERO) == [FactKind.OPENED]


def test_the_unit_gets_its_calendar_address_once(
    client: TestClient, portal: Portal, desk: Desk
) -> None:
    unit = f"/l/{link_to(portal)}"
    shown = client.post(f"{unit}/calendar").text
    path = re.search(r"https?://[^/]+(/calendar/[\w-]+\.ics)", shown)
    assert path
    assert "BEGIN:VCALENDAR" in client.get(path[1]).text
    assert path[1] not in client.get(unit).text


# ---- in Debian's Chromium ----


@pytest.mark.browser
def test_every_page_of_a_link_is_right_for_every_reader(
    page: Page, address: str, portal: Portal, desk: Desk
) -> None:
    unit = f"{address}/l/{link_to(portal)}"
    talk, drill = desk.task(TALK).id, desk.task(DRILL).id
    for where, name in (
        (unit, "unit"),
        (f"{unit}/tasks/{talk}", "task"),
        (f"{unit}/tasks/{talk}/submit", "submit"),
        (f"{unit}/tasks/{drill}/submit", "coverage"),
        (f"{unit}/tasks/{talk}/more-time", "more-time"),
        (f"{unit}/tasks/{talk}/hand-over", ""),
        (f"{unit}/tasks/{talk}/not-ours", ""),
        (f"{unit}/history", ""),
    ):
        page.goto(where)
        looks_right(page, name)


def _handed_in(page: Page, tapped: list[str], doer: str) -> None:
    page.get_by_role("link", name="报送材料").click()
    for name in tapped:
        page.get_by_label(name).uncheck()
    page.get_by_label("办理人姓名").fill(doer)
    page.get_by_role("button", name="提交", exact=True).click()


@pytest.fixture(params=[True, False], ids=["with script", "without"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Callable[[], Page]]:
    """Phones that know nothing of each other; with JavaScript, and without."""
    made: list[BrowserContext] = []

    def new() -> Page:
        made.append(
            browser.new_context(
                java_script_enabled=request.param,
                viewport={"width": 390, "height": 844},
                locale="zh-CN",
            )
        )
        return made[-1].new_page()

    yield new
    for context in made:
        context.close()


Phones = Callable[[], Page]


@pytest.mark.browser
def test_all_but_two_classes_is_two_taps_and_the_two_may_follow(
    phone: Phones, address: str, portal: Portal, desk: Desk
) -> None:
    page = phone()
    page.goto(f"{address}/l/{link_to(portal)}")
    page.get_by_role("link", name="班级消防演练").click()
    _handed_in(page, ["护理2607班", "护理2619班"], "张老师")
    expect(page.get_by_role("status")).to_contain_text("尚缺：护理2607班、护理2619班")
    expect(page.locator("main")).to_contain_text("23/25")
    page.get_by_role("link", name="补充材料").click()
    expect(page.get_by_label("办理人姓名")).to_have_value("张老师")
    for name in ("护理2607班", "护理2619班"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("材料齐全，已送审核")
    assert desk.task(DRILL).state is State.SUBMITTED


@pytest.mark.browser
def test_nothing_to_report_is_one_tap_once_the_name_is_known(
    phone: Phones, address: str, portal: Portal, desk: Desk
) -> None:
    page = phone()
    page.goto(f"{address}{task_address(portal, desk, ZERO)}/submit")
    page.get_by_role("button", name="报零报告").click()
    expect(page.get_by_role("alert")).to_contain_text("办理人姓名")
    page.get_by_label("办理人姓名").fill("张老师")
    page.get_by_role("button", name="报零报告").click()
    expect(page.get_by_role("status")).to_contain_text("材料齐全")
    assert desk.task(ZERO).state is State.SUBMITTED


@pytest.mark.browser
def test_more_time_another_post_and_then_three_photos_and_two_sentences(
    phone: Phones, address: str, portal: Portal, desk: Desk
) -> None:
    page = phone()
    page.goto(address + task_address(portal, desk, TALK))
    page.get_by_role("link", name="申请延期").click()
    page.get_by_label("申请延至").fill("2026-12-08")
    page.get_by_label("理由").fill("学生外出实习")
    page.get_by_label("办理人姓名").fill("张老师")
    page.get_by_role("button", name="提交延期申请").click()
    expect(page.get_by_role("status")).to_contain_text("已送审批")
    page.get_by_role("link", name="转交本单位其他岗位").click()
    page.get_by_label("副联络员").check()
    page.get_by_role("button", name="转交").click()
    expect(page.get_by_role("status")).to_contain_text("已转交")
    page.get_by_role("link", name="报送材料").click()
    photos: list[FilePayload] = [
        {"name": f"照片{n}.jpg", "mimeType": "image/jpeg", "buffer": file_of("jpg", f"photo {n}")}
        for n in (1, 2, 3)
    ]
    page.get_by_label("拍照或从相册选择").set_input_files(photos)
    page.get_by_label("情况说明").fill("周一晚开展提醒。共286人参加。")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("材料齐全，已送审核")
    assert {FactKind.EXTENSION_ASKED, FactKind.PASSED_ON} <= set(desk.kinds(TALK))


@pytest.mark.browser
def test_what_came_back_is_corrected_from_another_phone_by_the_same_link(
    phone: Phones, address: str, portal: Portal, desk: Desk, clock: Clock
) -> None:
    task, page = address + task_address(portal, desk, DRILL), phone()
    page.goto(task)
    _handed_in(page, [], "张老师")
    clock.now = at("2026-12-01 09:00")
    number = desk.task(DRILL).id
    review.return_(desk.db, number, "护理2607班未演练", by="办公室", now=clock.now)
    page = phone()
    page.goto(task)
    expect(page.locator("main")).to_contain_text("护理2607班未演练")
    _handed_in(page, ["护理2607班"], "李老师")
    expect(page.locator("main")).to_contain_text("24/25")
    assert [fact.body["attempt"] for fact in desk.facts(DRILL) if "attempt" in fact.body] == [1, 2]


@pytest.mark.browser
def test_a_receipt_and_a_task_that_came_back_are_right_for_every_reader(
    page: Page, address: str, portal: Portal, desk: Desk, clock: Clock
) -> None:
    task = address + task_address(portal, desk, DRILL)
    page.goto(task)
    _handed_in(page, ["护理2607班", "护理2619班"], "张老师")
    looks_right(page, "receipt")
    page.get_by_role("link", name="补充材料").click()
    page.get_by_label("办理人姓名").fill("")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("办理人姓名")
    looks_right(page)
