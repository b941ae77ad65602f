"""An inspector in the reading room: what is open, the log, the traces, the record; read only."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect

from duban.specimen_files import file_of
from inspections.notes import Signer
from office import sessions
from office.handed_in import File
from office.imprinting import imprint_waiting
from office.members import grant
from office.reads import reads_of
from office.receive import submit
from office.review import accept, return_
from office.seal import seal
from portal.here import Portal
from storage.engine import writing
from tests.office.desk import WEEKLY, Desk, at
from tests.portal.conftest import DESKTOP, NOON, PHONE, Clock
from tests.portal.looks import looks_right, sheets
from tests.portal.signed import OFFICE, csrf_in, sign_in
from tests.storage.scenes import jpeg, scene

INSPECTOR = "inspector@bureau.example"
KEY = Signer("school.example/duban", bytes(range(32)))


@pytest.fixture
def inspected(desk: Desk, portal: Portal) -> Portal:
    """Nursing was accepted, pharmacy handed in the same file; signed; an inspector for a month."""
    same = [File("检查记录.pdf", file_of("pdf", "same"))]
    for unit in ("nursing", "pharmacy"):
        key = f"fire/2026-W49/check/{unit}"
        submit(desk.db, desk.blobs, key, by=unit, now=at("2026-11-30 09:00"), files=same)
    accept(desk.db, "fire/2026-W49/check/nursing", by="办公室", now=at("2026-11-30 10:00"))
    seal(desk.db, KEY, at("2026-11-30 11:00"))
    return portal


@pytest.fixture
def photographed(inspected: Portal, desk: Desk, clock: Clock) -> Portal:
    """A week later: pharmacy sends on, smaller, what nursing took, then a photo of last spring."""
    desk.adopt(WEEKLY.replace("kinds: [pdf]", "kinds: [jpg]"), "2026-12-06 09:00")
    desk.reconcile("2026-12-07 08:00")
    mine, pharmacy = scene(1), "fire/2026-W50/check/pharmacy"
    taken, smaller = jpeg(mine, taken=datetime(2026, 12, 7, 10)), jpeg(mine.resize((600, 450)), 60)
    photo(desk, "fire/2026-W50/check/nursing", "12-08 09:00", taken)
    photo(desk, pharmacy, "12-09 09:00", smaller)
    return_(desk.db, pharmacy, "请补拍", by="办公室", now=at("2026-12-09 10:00"))
    photo(desk, pharmacy, "12-10 09:00", jpeg(scene(2), taken=datetime(2025, 5, 6, 9)))
    assert imprint_waiting(desk.db, desk.blobs) > 0
    clock.now = at("2026-12-11 23:40")
    return inspected


def photo(desk: Desk, key: str, wall: str, data: bytes) -> None:
    files = [File("检查现场.jpg", data)]
    submit(desk.db, desk.blobs, key, by="联络员", now=at(f"2026-{wall}"), files=files)


def let_in(portal: Portal, *units: str, until: timedelta = timedelta(days=30)) -> None:
    grant(
        portal.db, "fire", INSPECTOR, "inspector", name="督查员", since=NOON, until=NOON + until,
        by="办公室", now=NOON, units=units,
    )  # fmt: skip


def come_in(page: Page, portal: Portal, address: str) -> None:
    """By the link in the mail, in a browser."""
    with writing(portal.db) as connection:
        way = sessions.offer(connection, INSPECTOR, portal.clock())
    page.goto(f"{address}/sign-in/{way.token}")
    page.get_by_role("main").get_by_role("button").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


@pytest.fixture
def inspector(inspected: Portal, client: TestClient) -> TestClient:
    let_in(inspected)
    sign_in(client, inspected, INSPECTOR)
    return client


LINK = r'<a href="\?([^"]+)"[^>]*><span>[^<]*</span><span class="number">(\d+)'
VIEWS = ("/reading", "/reading/log", "/reading/tasks/1", "/reading/units/nursing",
         "/reading/signals", "/reading/record", "/reading/sample")  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_shown_in_both_languages(inspector: TestClient, view: str) -> None:
    for language in ("zh", "en"):
        answer = inspector.get(view, params={"lang": language})
        assert answer.status_code == 200, answer.text


def test_each_facet_leads_to_as_many_as_it_says(inspector: TestClient) -> None:
    html = inspector.get("/reading/log").text
    links = re.findall(
        r'<a href="\?([^"]+)"[^>]*><span>[^<]*</span><span class="number">(\d+)', html
    )
    assert links
    for address, count in links:
        shown = inspector.get(f"/reading/log?{address.replace('&amp;', '&')}").text
        assert f"共 {count} 项" in shown


@pytest.mark.parametrize(
    ("form", "start"), [("json", b"{"), ("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")]
)
def test_a_view_is_taken_away_as_a_file(inspector: TestClient, form: str, start: bytes) -> None:
    answer = inspector.get(f"/reading/log.{form}?unit=nursing")
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"].startswith("attachment")


def test_what_is_outside_the_remit_is_nowhere(inspected: Portal, client: TestClient) -> None:
    """(P21) An inspector of nursing asks for pharmacy by every address."""
    let_in(inspected, "nursing")
    sign_in(client, inspected, INSPECTOR)
    for view in ("/reading/tasks/2", "/reading/units/pharmacy", "/reading/tasks/2/proofs/2"):
        assert client.get(view).status_code == 404, view
    for view in (*VIEWS, "/reading/log.json", "/reading/log.csv", "/reading/log?unit=pharmacy"):
        assert "药学院" not in client.get(view).text, view
    assert client.post("/reading/pack", data={"csrf": csrf_in(client.get("/account").text)}
                       ).status_code == 403  # fmt: skip


def test_the_room_is_closed_when_the_time_is_over(
    inspected: Portal, client: TestClient, clock: object
) -> None:
    let_in(inspected, until=timedelta(minutes=10))
    sign_in(client, inspected, INSPECTOR)
    assert client.get("/reading").status_code == 200
    clock.now = NOON + timedelta(minutes=11)  # type: ignore[attr-defined]
    assert client.get("/reading/log").status_code != 200


def test_a_department_has_no_business_in_the_room(inspected: Portal, client: TestClient) -> None:
    assert client.get("/reading/log").status_code in (303, 401)
    sign_in(client, inspected, "nursing@school.example")
    assert client.get("/reading/log").status_code == 403


def test_one_button_reads_the_whole_record_again(inspector: TestClient) -> None:
    csrf = csrf_in(inspector.get("/reading/record").text)
    answer = inspector.post("/reading/record", data={"csrf": csrf})
    assert "核验通过" in answer.text
    proof = inspector.get("/reading/tasks/1/proofs/2").text
    assert proof.startswith("c2sp.org/tlog-proof@v1")


def test_a_signal_lays_its_files_side_by_side_and_opens_each(inspector: TestClient) -> None:
    shown = inspector.get("/reading/signals").text
    assert shown.count("检查记录.pdf") >= 2
    assert len(set(re.findall(r"/reading/tasks/\d+/files/\w{64}", shown))) == 2
    assert "护理学院" in shown


def test_photographs_that_look_alike_and_one_of_last_spring_are_shown_with_their_dates(
    photographed: Portal, client: TestClient
) -> None:
    let_in(photographed)
    sign_in(client, photographed, INSPECTOR)
    for language in ("zh", "en"):
        shown = client.get("/reading/signals", params={"lang": language}).text
    shown = client.get("/reading/signals", params={"lang": "zh"}).text
    for words in ("照片近似（1）", "文件自记日期不在本期内（1）", "同一份文件用于多个事项（1）"):
        assert words in shown
    assert "2025年5月6日" in shown
    assert "2026年12月7日" in shown
    assert shown.count("检查现场.jpg") >= 3


@pytest.mark.parametrize(("day", "status"), [("", 200), ("2026-12-12", 200), ("0001-01-01", 409),
                                             ("2026-02-30", 409)])  # fmt: skip
def test_the_day_of_the_inspection_is_a_day_or_is_left_out(
    inspector: TestClient, day: str, status: int
) -> None:
    answer = inspector.get("/reading/signals", params={"on": day})
    assert answer.status_code == status
    assert f'name="on" value="{day if status == 200 else ""}"' in answer.text or status != 200


def test_the_same_seed_draws_the_same_tasks(inspector: TestClient) -> None:
    first, again = (inspector.get("/reading/sample?seed=abc").text for _ in range(2))
    assert re.findall(r"/reading/tasks/\d+", first) == re.findall(r"/reading/tasks/\d+", again)


@pytest.mark.browser
def test_an_inspector_reads_the_log_on_a_phone_and_at_a_desk(
    inspected: Portal, address: str, page: Page
) -> None:
    let_in(inspected)
    come_in(page, inspected, address)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{address}/reading")
    looks_right(page, "reading-room")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    page.get_by_role("link", name="打开台账").click()
    looks_right(page, "reading-log")
    page.get_by_role("link", name="待审核 1").click()
    expect(page.get_by_text("共 1 项")).to_be_visible()
    page.get_by_role("link", name="开展宿舍消防检查").click()
    expect(page.get_by_text("在检查点").first).to_be_visible()
    looks_right(page, "reading-task")
    page.get_by_role("link", name="药学院").click()
    looks_right(page, "reading-trace")
    page.get_by_role("link", name="办理记录").click()
    page.get_by_role("button", name="一键核验").click()
    expect(page.get_by_text("核验通过")).to_be_visible()
    looks_right(page, "reading-record")


def test_each_page_that_shows_names_is_one_fact_for_an_inspector_and_none_for_the_office(
    inspector: TestClient, inspected: Portal
) -> None:
    pages = ("/reading/tasks/1", "/reading/units/nursing", "/reading/tasks/1")
    for path in pages:
        assert inspector.get(path).status_code == 200
    inspector.get("/reading/log")
    inspector.head("/reading/tasks/1")
    noted = reads_of(inspected.db, "fire", "督查员")
    assert [(fact.body["what"], fact.body["about"]) for fact in noted] == [
        ("task", "1"), ("unit", "nursing"), ("task", "1"),
    ]  # fmt: skip
    assert "事项 1" in inspector.get("/reading").text
    sign_in(inspector, inspected, OFFICE)
    assert inspector.get("/reading/tasks/1").status_code == 200
    assert len(reads_of(inspected.db, "fire")) == len(pages)


@pytest.mark.browser
def test_signals_are_laid_side_by_side_on_a_phone_and_at_a_desk(
    photographed: Portal, address: str, page: Page
) -> None:
    let_in(photographed)
    come_in(page, photographed, address)
    page.goto(f"{address}/reading/signals?on=2026-12-12")
    expect(page.get_by_text("2025年5月6日")).to_be_visible()
    looks_right(page, "reading-signals")


def test_the_dossier_stands_beside_the_trace(inspector: TestClient, inspected: Portal) -> None:
    seal(inspected.db, KEY, at("2026-11-30 11:00"))
    shown = inspector.get("/reading/units/nursing").text
    form = re.search(r'action="(/reading/dossier[^"]*)"', shown)
    assert form, shown
    taken = inspector.post(form[1], data={"csrf": csrf_in(shown)})
    assert (taken.status_code, taken.content[:2]) == (200, b"PK")
    assert b"data/letters.csv" in taken.content
    assert reads_of(inspected.db, "fire")[-1].body == {"about": "nursing", "what": "pack"}
    none = inspector.post("/reading/dossier", data={"csrf": csrf_in(shown)})
    assert none.status_code == 404
    refused = inspector.post(f"{form[1]}&as_of=2020-01-01", data={"csrf": csrf_in(shown)})
    assert (refused.status_code, "还没有签名的检查点" in refused.text) == (409, True)


def test_no_dossier_for_whom_part_of_the_record_is_kept_from(
    inspected: Portal, client: TestClient
) -> None:
    let_in(inspected, "pharmacy")
    csrf = sign_in(client, inspected, INSPECTOR)
    assert "/reading/dossier" not in client.get("/reading/units/pharmacy").text
    taken = client.post("/reading/dossier?unit=pharmacy", data={"csrf": csrf})
    assert taken.status_code == 403


@pytest.mark.browser
def test_on_paper_stand_the_rows_and_no_button(
    photographed: Portal, address: str, page: Page
) -> None:
    """台账横排，过程和倒查竖排；末行写明谁从哪里打印。"""
    let_in(photographed)
    come_in(page, photographed, address)
    for view, across, says in (
        ("/reading/log", True, "开展宿舍消防检查"),
        ("/reading/tasks/4", False, "退回补充"),
        ("/reading/units/pharmacy", False, "退回补充"),
    ):
        page.goto(f"{address}{view}")
        printed = sheets(page)
        text = "".join(said for _, said in printed)
        assert {lies for lies, _ in printed} == {across}, view
        assert says in text
        assert f"督查员 · {view}" in text
        assert not [word for word in ("预览", "打开", "查看", "English") if word in text], view


@pytest.fixture
def plain(photographed: Portal, address: str, browser: Browser) -> Iterator[Page]:
    """The inspector at a narrow phone that runs no script."""
    let_in(photographed)
    context = browser.new_context(
        locale="zh-CN", java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    come_in(page, photographed, address)
    yield page
    context.close()


@pytest.mark.browser
def test_the_log_needs_no_javascript(plain: Page, address: str) -> None:
    plain.goto(f"{address}/reading/log")
    plain.get_by_label("搜索").fill("药学")
    plain.get_by_role("button", name="查看").click()
    expect(plain.get_by_text("共 2 项")).to_be_visible()
    plain.get_by_role("link", name="2026年第50周").click()
    expect(plain.get_by_text("共 1 项")).to_be_visible()
    plain.get_by_role("link", name="开展宿舍消防检查").click()
    plain.get_by_role("button", name="预览").first.click()
    expect(plain.locator("img")).to_have_count(1)


@pytest.mark.browser
def test_traces_signals_and_verifying_need_no_javascript(plain: Page, address: str) -> None:
    plain.goto(f"{address}/reading/units/pharmacy")
    plain.get_by_label("截至").fill("2026-12-01")
    plain.get_by_role("button", name="查看").click()
    expect(plain.get_by_text("共 1 项")).to_be_visible()
    plain.get_by_role("link", name="信号").click()
    plain.get_by_label("检查日期").fill("2026-12-12")
    plain.get_by_role("button", name="查看").click()
    expect(plain.get_by_text("照片近似（1）")).to_be_visible()
    plain.goto(f"{address}/reading/record")
    plain.get_by_role("button", name="一键核验").click()
    expect(plain.get_by_text("核验通过")).to_be_visible()
